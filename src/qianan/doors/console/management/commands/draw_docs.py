"""`./qianan draw-docs`: draw the reference pages from the code; --check says which are stale."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from qianan.doors.console import drawing
from qianan.doors.console.command import HouseCommand


class Command(HouseCommand):
    help = __doc__ or ""
    prepares = False
    speaks_json = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check:
            if names := drawing.stale():
                raise CommandError(f"stale: {', '.join(names)}; ./qianan draw-docs draws them again")
            self.stdout.write("docs are fresh")
            return
        self.stdout.write(f"drawn: {', '.join(drawing.draw_all()) or 'nothing'}")
