"""`./qianan load-codebook`: load places, code tables and shipped checklists from a folder; twice changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from qianan.doors.console.command import HouseCommand
from qianan.doors.kit.now import now
from qianan.formats.tables import read_table
from qianan.ground.codebook import actions as codebook
from qianan.ground.places import actions as places
from qianan.kernel.actor import Actor
from qianan.registry.checklists import actions as checklists


class Command(HouseCommand):
    help = __doc__ or ""
    prepares = False  # preparing a home calls this command

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--data", type=Path, default=Path(settings.QIANAN_DATA), help="a folder like data/")

    def handle(self, *args: Any, data: Path, **options: Any) -> None:
        if "trail_entry" not in connection.introspection.table_names():
            self.progress("Making the tables …")
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        by, at = Actor.system("setup"), now()
        done: dict[str, Any] = {}
        with transaction.atomic():
            path = data / "places.csv"
            rows = read_table(path.read_bytes()).dicts() if path.exists() else []
            # An instance of another city brings its own places by load-places (or by the replay that set its city).
            if any(row.get("code") == settings.QIANAN_CITY for row in rows):
                self.progress("places …")
                done["places"] = places.load_places(rows, by=by, now=at)
            self.progress("code tables …")
            done |= codebook.load_all(data, by=by, now=at)
            if (data / "checklists").is_dir():
                self.progress("checklists …")
                checklists.load_shipped(data / "checklists", by=by, now=at)
        if options.get("verbosity"):
            words = "\n".join(
                f"{name:<20} {each.added:>6} new {each.changed:>6} changed" for name, each in done.items()
            )
            self.answer(words, {name: {"added": each.added, "changed": each.changed} for name, each in done.items()})
