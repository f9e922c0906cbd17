"""`./qianan demo`: set up, plant a demo city, serve web, worker and clock in one process, print who can sign in."""

import json
import shutil
import socket
from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from qianan.doors.console.command import HouseCommand
from qianan.doors.console.planting import demo_people
from qianan.doors.console.preparing import prepare
from qianan.doors.console.running import Company, keep_time, keep_working, serve_web
from qianan.doors.kit import now as hour

OURS = (
    "qianan.sqlite3",
    "qianan.sqlite3-wal",
    "qianan.sqlite3-shm",
    "prepared",
    "prepare.lock",
    "demo.json",
    "planting",
)
OUR_FOLDERS = ("media", "log", "static")


class Command(HouseCommand):
    help = __doc__ or ""
    prepares = False
    speaks_json = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--reset", action="store_true", help="begin again with an empty home")
        parser.add_argument(
            "--today", type=date.fromisoformat, help="the demo's day, e.g. 2026-11-02; its clock starts there"
        )
        parser.add_argument("--sites", type=int, default=2000)
        parser.add_argument("--months", type=int, default=15)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--plant-only", action="store_true", help="plant, then end")

    def handle(self, *args: Any, port: int, host: str, reset: bool, today: date | None, **options: Any) -> None:
        home = Path(settings.QIANAN_HOME)
        self.refuse_taken(host, port)
        if reset or (home / "planting").exists():  # a planting that was cut off is begun again
            self.empty(home)
        planted = self.planted(home)
        zone = ZoneInfo(settings.TIME_ZONE)
        fixed = today or (date.fromisoformat(planted["today"]) if planted.get("fixed") else None)
        if fixed:
            hour.turn_to(datetime.combine(fixed, hour.now().astimezone(zone).time(), zone))
        prepare(self.progress)
        if not planted:
            self.plant(home, fixed is not None, **options)
        if options["plant_only"]:
            return
        with Company(keep_working, keep_time):
            try:
                serve_web(host, port, ready=lambda: self.welcome(host, port))
            except OSError as taken:
                raise CommandError(f"{host}:{port} cannot be used: {taken.strerror}. Try --port.") from taken
            self.progress("Stopping …")
        self.progress("Stopped.")

    def refuse_taken(self, host: str, port: int) -> None:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except (OSError, OverflowError) as taken:
                raise CommandError(f"{host}:{port} cannot be used ({taken}). Choose another with --port.") from taken

    def planted(self, home: Path) -> dict[str, Any]:
        mark = home / "demo.json"
        found: dict[str, Any] = json.loads(mark.read_text()) if mark.exists() else {}
        return found

    def empty(self, home: Path) -> None:
        """Take away what is ours in this home, and nothing else."""
        if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
            raise CommandError("--reset empties the embedded database only; empty the PostgreSQL database yourself.")
        self.progress(f"Emptying {home.name} …")
        for name in OURS:
            (home / name).unlink(missing_ok=True)
        for name in OUR_FOLDERS:
            shutil.rmtree(home / name, ignore_errors=True)

    def plant(self, home: Path, fixed: bool, **options: Any) -> None:
        today = hour.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        (home / "planting").touch()
        call_command(
            "plant_city",
            sites=options["sites"],
            months=options["months"],
            seed=options["seed"],
            today=today,
            stderr=self.stderr,
        )
        (home / "demo.json").write_text(json.dumps({"today": today.isoformat(), "fixed": fixed}))
        (home / "planting").unlink()

    def welcome(self, host: str, port: int) -> None:
        lines = [
            "",
            f"  企安安 Qianan is open:  http://{host}:{port}/",
            "",
            "  Sign in as (name or mobile number, password):",
            "",
        ]
        for person in demo_people():
            lines.append(f"    {person.login:<12} {person.mobile:<15} {person.password:<20} {person.who}")
        lines += [
            "",
            "  One-time codes and letters appear here and in the home's log/outbox.jsonl. Ctrl-C ends it.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
