"""`./qianan succeed-place NEW OLD … --since DAY`: record a move, split or merger; records keep the code they have."""

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from typing import Any

from qianan.doors.console.command import HouseCommand
from qianan.doors.kit.now import now
from qianan.ground.places import actions
from qianan.kernel.actor import Actor


class Command(HouseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("new", help="the code that takes over; loaded before by load-places")
        parser.add_argument("old", nargs="+", help="the codes it takes over from")
        parser.add_argument("--since", type=date.fromisoformat, required=True, help="its first day, YYYY-MM-DD")
        parser.add_argument("--part", action="store_true", help="only a part was split off: the old ones go on")

    def handle(self, *args: Any, new: str, old: Sequence[str], since: date, part: bool = False, **options: Any) -> None:
        by = Actor.system("setup")
        place = actions.succeed(new, succeeds=old, since=since, ends=not part, by=by, now=now())
        words = f"{place.name_zh} ({place.code}) takes over from {', '.join(old)} on {since.isoformat()}"
        self.answer(words, {"code": place.code, "succeeds": place.succeeds, "since": since.isoformat()})
