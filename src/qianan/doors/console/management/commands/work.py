"""`./qianan work`: hand news to those who listen, until stopped; with --once, what is due now."""

import threading
from argparse import ArgumentParser
from typing import Any

from qianan.doors.console.command import HouseCommand
from qianan.doors.console.running import keep_working
from qianan.doors.kit.now import now
from qianan.ground.trail import delivery


class Command(HouseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--once", action="store_true", help="serve what is due, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            served = delivery.work_all(now())
            self.answer(f"{served} tickets served", {"served": served})
            return
        self.progress("Working; Ctrl-C ends it.")
        stop = threading.Event()
        try:
            keep_working(stop)
        finally:
            stop.set()
