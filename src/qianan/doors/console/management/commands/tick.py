"""`./qianan tick`: follow the timetable of clock.py until stopped; with --once, every line now."""

import threading
from argparse import ArgumentParser
from typing import Any

from qianan.doors.console.command import HouseCommand
from qianan.doors.console.running import Timetable, keep_time
from qianan.doors.kit.now import now


class Command(HouseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--once", action="store_true", help="do every line once, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            done = Timetable().strike(now())
            self.answer("\n".join(done), {"done": done})
            return
        self.progress("The clock runs; Ctrl-C ends it.")
        stop = threading.Event()
        try:
            keep_time(stop)
        finally:
            stop.set()
