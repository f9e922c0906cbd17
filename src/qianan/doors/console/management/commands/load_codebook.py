"""`./qianan load-codebook`: load places, code tables and shipped checklists from a folder; twice changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from qianan.doors.console.command import HouseCommand
from qianan.doors.kit.now import now
from qianan.formats.tables import read_table
from qianan.ground.codebook import actions as codebook
from qianan.ground.places import actions as places
from qianan.kernel.actor import Actor


class Command(HouseCommand):
    help = __doc__ or ""
    prepares = False  # preparing a home calls this command

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--data", type=Path, default=Path(settings.QIANAN_DATA), help="a folder like data/")

    def handle(self, *args: Any, data: Path, **options: Any) -> None:
        by, at = Actor.system("setup"), now()
        done: dict[str, Any] = {}
        with transaction.atomic():
            path = data / "places.csv"
            if path.exists():
                self.progress("places …")
                done["places"] = places.load_places(read_table(path.read_bytes()).dicts(), by=by, now=at)
            self.progress("code tables …")
            done |= codebook.load_all(data, by=by, now=at)
        if options.get("verbosity"):
            words = "\n".join(
                f"{name:<20} {each.added:>6} new {each.changed:>6} changed" for name, each in done.items()
            )
            self.answer(words, {name: {"added": each.added, "changed": each.changed} for name, each in done.items()})
