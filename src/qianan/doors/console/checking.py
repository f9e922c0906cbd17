"""`./qianan check`: format, lint, types, the house contract, templates, migrations, messages, docs. Every step runs."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

REPO = Path(__file__).resolve().parents[4]
BIN = Path(sys.executable).parent


def steps(fix: bool) -> list[tuple[str, list[str]]]:
    """What is checked, in order: a name and a command each."""
    py = sys.executable
    ruff = str(BIN / "ruff")
    return [
        ("format", [ruff, "format", *([] if fix else ["--check"]), "src", "tests", "benchmarks", "qianan"]),
        ("lint", [ruff, "check", *(["--fix"] if fix else []), "src", "tests", "benchmarks", "qianan"]),
        ("types", [str(BIN / "mypy")]),
        ("contract", [str(BIN / "lint-imports"), "--no-cache"]),
        ("templates", [str(BIN / "djlint"), "src", "--lint", "--quiet"]),
        ("system", [py, "-m", "django", "check"]),
        ("migrations", [py, "-m", "django", "makemigrations", "--check", "--dry-run"]),
        ("messages", [py, "-m", "qianan", "messages", *([] if fix else ["--check"])]),
        ("docs", [py, "-m", "qianan", "draw-docs", *([] if fix else ["--check"])]),
        ("openapi", [py, "-m", "qianan", "openapi", *([] if fix else ["--check"])]),
    ]


def main(args: Sequence[str]) -> int:
    """Run every step and print a line for each; returns 1 if one failed."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "qianan.settings.test",
        "PYTHONPATH": str(REPO / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    failed = []
    for name, command in steps("--fix" in args):
        began = time.monotonic()
        found = subprocess.run(command, cwd=REPO, env=env, capture_output=True, text=True, check=False)
        good = found.returncode == 0
        print(f"{'ok  ' if good else 'FAIL'} {name:<11} {time.monotonic() - began:5.1f} s", flush=True)
        if not good:
            failed.append(name)
            print((found.stdout + found.stderr)[-6000:], flush=True)
    print("All is well." if not failed else f"Not well: {', '.join(failed)}")
    return 1 if failed else 0
