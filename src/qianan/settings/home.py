"""Where an instance lives: its home folder, its key, its database. Plain functions, read once by base.py."""

import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

HOME = Path(os.environ.get("QIANAN_HOME", "var")).resolve()


def instance() -> dict[str, str]:
    """What this instance says of itself in HOME/instance.json: `time_zone` and `city` (a replayed registry's own)."""
    path = HOME / "instance.json"
    if not path.exists():
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def secret_key() -> str:
    """The instance's own secret, made at the first start and kept in HOME/keys, readable by its owner only."""
    if from_env := os.environ.get("QIANAN_SECRET_KEY"):
        return from_env
    path = HOME / "keys" / "secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process of the same home was quicker
            pass
        else:
            with os.fdopen(handle, "w") as out:
                out.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def database() -> dict[str, Any]:
    """Django's DATABASES entry: PostgreSQL when QIANAN_DATABASE_URL says so, else HOME/qianan.sqlite3.

    Raises ValueError for an address that is not postgres://user:password@host:port/name.
    """
    url = os.environ.get("QIANAN_DATABASE_URL", "")
    if not url:
        HOME.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "qianan.sqlite3",
            # One connection a thread is kept: closing the last one would checkpoint the WAL each time.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
                    "PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864;"
                    "PRAGMA foreign_keys=ON;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("QIANAN_DATABASE_URL must begin with postgres://")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
