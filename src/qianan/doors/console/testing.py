"""`./qianan test`: the legs of the tests. A leg that could not run is said, and with --strict it is a failure."""

import argparse
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from qianan.doors.console.browsing import chromium

REPO = Path(__file__).resolve().parents[4]
PYTEST = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]


class NotRun(Exception):
    """A leg could not run here; the text says why."""


def run(command: list[str], **env: str) -> bool:
    found = subprocess.run(command, cwd=REPO, env=os.environ | env, check=False)
    return found.returncode == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def postgres_bin() -> Path:
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    if found:
        return Path(found[-1]).parent
    raise NotRun("no PostgreSQL on this machine (Debian: apt-get install postgresql)")


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL of our own in a temporary folder; gives its address. Root may not run it: then `postgres` does."""
    bin = postgres_bin()
    folder = Path(tempfile.mkdtemp(prefix="qianan-pg-"))
    prefix: list[str] = []
    if os.geteuid() == 0:
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError as missing:
            raise NotRun("no user `postgres` to run the server as") from missing
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        prefix = ["runuser", "-u", "postgres", "--"]
    port = free_port()
    data = folder / "data"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    try:
        init = [
            *prefix,
            str(bin / "initdb"),
            "-D",
            str(data),
            "-U",
            "qianan",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        if subprocess.run(init, check=False, **quiet).returncode:  # type: ignore[call-overload]
            raise NotRun("initdb failed")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60"
        start = [
            *prefix,
            str(bin / "pg_ctl"),
            "-D",
            str(data),
            "-w",
            "-t",
            "60",
            "-o",
            options,
            "-l",
            f"{folder}/log",
            "start",
        ]
        if subprocess.run(start, check=False, **quiet).returncode:  # type: ignore[call-overload]
            raise NotRun("the PostgreSQL server did not start")
        try:
            yield f"postgres://qianan@127.0.0.1:{port}/postgres"
        finally:
            stop = [*prefix, str(bin / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]
            subprocess.run(stop, check=False, **quiet)  # type: ignore[call-overload]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def leg_sqlite(marks: str, rest: list[str]) -> bool:
    return run([*PYTEST, "-n", "2", "-m", marks, *rest])


def leg_postgres(marks: str, rest: list[str]) -> bool:
    with postgres() as address:
        return run([*PYTEST, "-n", "2", "-m", marks, *rest], QIANAN_DATABASE_URL=address)


def leg_browser(marks: str, rest: list[str]) -> bool:
    if not chromium():
        raise NotRun("no Chromium on this machine (Debian: apt-get install chromium)")
    # A file, since the live server's threads need their own connections; Playwright's loop runs in the test's thread.
    return run([*PYTEST, "-m", "browser", *rest], QIANAN_TEST_FILE="1", DJANGO_ALLOW_ASYNC_UNSAFE="1")


def leg_other_python(marks: str, rest: list[str]) -> bool:
    """The fast tests on Python 3.13, in an environment of their own made from the same locks."""
    found = [*glob.glob(os.path.expanduser("~/.pyenv/versions/3.13*/bin/python3.13")), shutil.which("python3.13") or ""]
    python = next((path for path in found if path and os.path.exists(path)), "")
    if not python:
        raise NotRun("no Python 3.13 on this machine")
    venv = REPO / ".venv-3.13"
    env = {"QIANAN_VENV": str(venv), "PATH": f"{Path(python).parent}:{os.environ['PATH']}"}
    if os.environ.get("QIANAN_INNER"):
        return True
    return run([python, str(REPO / "qianan"), "test", "--fast", *rest], QIANAN_INNER="1", **env)


def main(args: Sequence[str]) -> int:
    """Run the legs that were asked for; prints a line for each at the end. Other words go to pytest."""
    parser = argparse.ArgumentParser(prog="qianan test", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="units and house rules on SQLite, no browser")
    parser.add_argument("--all", action="store_true", help="also the long runs and Python 3.13")
    parser.add_argument("--strict", action="store_true", help="a leg that could not run is a failure")
    parser.add_argument("--leg", action="append", choices=["sqlite", "postgres", "browser", "python3.13"])
    known, rest = parser.parse_known_args(list(args))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    marks = "not browser" + ("" if known.all else " and not long") + (" and not slow" if known.fast else "")
    legs = {"sqlite": leg_sqlite}
    if not known.fast:
        legs |= {"postgres": leg_postgres, "browser": leg_browser}
    if known.all:
        legs["python3.13"] = leg_other_python
    if known.leg:
        every = {"sqlite": leg_sqlite, "postgres": leg_postgres, "browser": leg_browser, "python3.13": leg_other_python}
        legs = {name: every[name] for name in known.leg}
    results = {}
    for name, leg in legs.items():
        began = time.monotonic()
        print(f"── {name} ──", flush=True)
        try:
            outcome = "passed" if leg(marks, rest) else "FAILED"
        except NotRun as why:
            outcome = f"not run: {why}"
        results[name] = outcome
        print(f"── {name}: {outcome}, {time.monotonic() - began:.0f} s ──", flush=True)
    print()
    for name, outcome in results.items():
        print(f"{name:<12} {outcome}")
    bad = [name for name, outcome in results.items() if outcome == "FAILED" or (known.strict and outcome != "passed")]
    return 1 if bad else 0
