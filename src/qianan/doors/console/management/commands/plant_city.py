"""`./qianan plant-city`: plant a city that does not exist, with its history up to yesterday, in an empty home."""

import time
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from qianan.doors.console.command import HouseCommand
from qianan.doors.console.history import unhurried_disk
from qianan.doors.console.planting import Story
from qianan.doors.kit import now as hour
from qianan.ground.places import queries as places
from qianan.kernel.actor import Actor
from qianan.registry.businesses import queries as businesses

MOST_SITES, MOST_MONTHS = 1_000_000, 120


class Command(HouseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--sites", type=int, default=2000, help="how many sites (default 2000)")
        parser.add_argument("--months", type=int, default=15, help="how many months of history (default 15)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed and day give the same city")
        parser.add_argument("--today", type=date.fromisoformat, help="the day after the last planted one (YYYY-MM-DD)")

    def handle(self, *args: Any, sites: int, months: int, seed: int, today: date | None, **options: Any) -> None:
        if not 10 <= sites <= MOST_SITES:
            raise CommandError(f"--sites is a number from 10 to {MOST_SITES:,}")
        if not 1 <= months <= MOST_MONTHS:
            raise CommandError(f"--months is a number from 1 to {MOST_MONTHS}")
        if businesses.businesses_for(Actor.system("plant"), state="").exists():
            raise CommandError("There are businesses here already. Plant into an empty home: --home DIR")
        if places.city() is None:
            raise CommandError(f"There is no city {settings.QIANAN_CITY} here; load its places first (load-places).")
        day = today or hour.now().astimezone(timezone.get_default_timezone()).date()
        began = time.monotonic()
        with unhurried_disk():
            done = Story(sites=sites, months=months, seed=seed, today=day, say=self.progress).tell()
        seconds = time.monotonic() - began
        words = (
            f"Planted up to {day}: {done.businesses:,} businesses, {done.sites:,} sites, {done.people:,} people; "
            f"{done.owed:,} owed checks, {done.checks:,} done, {done.missed:,} missed; {done.hazards:,} hazards, "
            f"{done.visits:,} visits, {done.climbs:,} rungs climbed; {done.entries:,} entries sealed. {seconds:.0f} s."
        )
        self.answer(words, asdict(done) | {"today": day.isoformat(), "seconds": round(seconds, 1)})
