"""What every console command shares: it prepares its home, says its progress on stderr and its result on stdout."""

import contextlib
import json
import signal
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qianan.doors.console.preparing import prepare
from qianan.kernel.problems import Problem


class HouseCommand(BaseCommand):
    """A command of the house. `answer` prints words, or with --json nothing but JSON. TERM ends it like Ctrl-C.

    `prepares`: an empty home is migrated and given the code tables before the command runs.
    """

    prepares = True
    speaks_json = True
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser("qianan", subcommand.replace("_", "-"), **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        if self.speaks_json:
            parser.add_argument("--json", action="store_true", help="print the result as JSON and nothing else")

    def execute(self, *args: Any, **options: Any) -> str | None:
        with contextlib.suppress(ValueError):  # not in the main thread: a test calls us
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.as_json = bool(options.get("json"))
        try:
            if self.prepares:
                prepare(self.progress)
            return super().execute(*args, **options)
        except Problem as problem:
            from qianan.doors.kit.words import say_problem

            raise CommandError(f"{say_problem(problem)} ({problem})") from problem
        except KeyboardInterrupt:
            self.progress("stopped")
            sys.exit(130)

    def progress(self, text: str) -> None:
        """A line for whoever waits."""
        self.stderr.write(text)
        self.stderr.flush()

    def answer(self, words: str, data: Any = None) -> None:
        """The result: words for people, or `data` as JSON."""
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1, default=str) if self.as_json else words)
