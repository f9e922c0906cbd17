"""`./qianan serve`: the web server alone (production runs `work` and `tick` beside it)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from qianan.doors.console.command import HouseCommand
from qianan.doors.console.running import serve_web


class Command(HouseCommand):
    help = __doc__ or ""
    speaks_json = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--threads", type=int, default=8)

    def handle(self, *args: Any, host: str, port: int, threads: int, **options: Any) -> None:
        try:
            serve_web(host, port, threads, ready=lambda: self.progress(f"Serving on http://{host}:{port}/"))
        except OSError as taken:
            raise CommandError(
                f"{host}:{port} cannot be used: {taken.strerror}. Choose another with --port."
            ) from taken
