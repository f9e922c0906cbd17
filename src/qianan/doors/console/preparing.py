"""Making a home ready: the tables, the code tables, the signing key. Quick when nothing is new."""

import fcntl
import hashlib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

PACKAGE = Path(__file__).resolve().parents[2]


def _stamp() -> str:
    """Changes when a migration or a code table does, or when the home speaks to another database."""
    found = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("migrations/0*.py")):
        found.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    for path in sorted(Path(settings.QIANAN_DATA).rglob("*")):
        if path.suffix in {".csv", ".json", ".geojson"} and "replay" not in path.parts:
            found.update(path.name.encode() + path.read_bytes())
    base = settings.DATABASES["default"]
    found.update(f"{base.get('HOST', '')}:{base.get('PORT', '')}/{base['NAME']}".encode())
    return found.hexdigest()


def is_ready(stamp: str) -> bool:
    mark = Path(settings.QIANAN_HOME) / "prepared"
    if not mark.exists() or mark.read_text() != stamp:
        return False
    return "trail_entry" in connection.introspection.table_names()


def prepare(say: Callable[[str], None] = lambda text: None) -> bool:
    """Make the home ready; returns whether anything was done. Two starts at once: the second waits for the first."""
    home = Path(settings.QIANAN_HOME)
    home.mkdir(parents=True, exist_ok=True)
    stamp = _stamp()
    if is_ready(stamp):
        return False
    with (home / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_ready(stamp):
            return False
        say("Making the tables …")
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        say("Loading the code tables …")
        call_command("load_codebook", verbosity=0)
        from qianan.ground.trail.sealing import signing_key

        signing_key()
        (home / "prepared").write_text(stamp)
    return True
