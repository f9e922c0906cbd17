"""`./qianan load-places FILE`: load the places of a city from a CSV or XLSX file of the shape of data/places.csv."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from qianan.doors.console.command import HouseCommand
from qianan.doors.kit.now import now
from qianan.doors.kit.words import say_all
from qianan.formats.tables import read_table
from qianan.ground.places import actions
from qianan.kernel.actor import Actor
from qianan.kernel.problems import InvalidMany

SHOWN = 20


class Command(HouseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        try:
            done = actions.load_places(read_table(data).dicts(), by=Actor.system("setup"), now=now())
        except InvalidMany as problem:
            for where, words in say_all(problem)[:SHOWN]:
                self.stderr.write(f"{where}: {words}")
            raise CommandError(f"{len(problem.problems)} cells are not right; nothing was loaded") from problem
        words = (
            f"{done.added} new, {done.changed} changed, {done.ended} ended, {done.same} the same; "
            f"{done.absent} here that the file does not have"
        )
        self.answer(words, asdict(done))
