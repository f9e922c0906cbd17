"""`./qianan bench NAME`: measure; sizes are planted once beneath the home and used again."""

import importlib
import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from qianan.doors.console.command import HouseCommand

REPO = Path(__file__).resolve().parents[6]
SIZES = {"demo": (2_000, 15), "district": (50_000, 6), "city": (490_000, 6)}
"""Sites and months of history."""


class Command(HouseCommand):
    help = __doc__ or ""
    prepares = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        names = sorted(path.stem for path in (REPO / "benchmarks").glob("[a-z]*.py"))
        parser.add_argument("name", choices=names)
        parser.add_argument("--size", choices=sorted(SIZES), default="demo")

    def handle(self, *args: Any, name: str, size: str, **options: Any) -> None:
        home = Path(settings.QIANAN_HOME)
        if home.name != f"bench-{size}":
            flags = ["--json"] if self.as_json else []
            inner = ["bench", name, "--size", size, *flags, "--home", str(home / f"bench-{size}")]
            os.environ.pop("QIANAN_HOME", None)
            os.execv(sys.executable, [sys.executable, "-m", "qianan", *inner])
        self.plant(home, size)
        sys.path.insert(0, str(REPO))
        figures = importlib.import_module(f"benchmarks.{name}").run(size, self.progress)
        if not figures:
            raise CommandError("nothing was measured")
        words = "\n".join(
            f"{'met ' if each['met'] else 'NOT ' if each['met'] is False else '    '}"
            f"{each['name']:<44} {each['value']:>10} {each['unit']:<8} target {each['target']}"
            for each in figures
        )
        self.answer(words, figures)

    def plant(self, home: Path, size: str) -> None:
        from qianan.doors.console.preparing import prepare

        prepare(self.progress)
        mark = home / "planted.json"
        if mark.exists():
            return
        sites, months = SIZES[size]
        self.progress(f"Planting {sites} sites, {months} months; kept in {home.name} and used again …")
        call_command("plant_city", sites=sites, months=months, seed=1, today=None, stderr=self.stderr)
        mark.write_text(json.dumps({"sites": sites, "months": months}))
