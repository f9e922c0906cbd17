"""`./qianan doctor`: look after this instance: database, codes, queue, trail, disk. Fails when something is bad."""

import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from qianan.doors.console.command import HouseCommand
from qianan.doors.kit.now import now
from qianan.ground.codebook import queries as codebook
from qianan.ground.places import queries as places
from qianan.ground.trail import queries as trail
from qianan.ground.trail import sealing

GIB = 1 << 30


class Finding(NamedTuple):
    """What was looked at; `state` ok, warn or bad; what was found."""

    what: str
    state: str
    found: str


class Command(HouseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        findings = [*self.house(), *self.queue(), *self.codes()]
        words = "\n".join(f"{each.state:<5} {each.what:<16} {each.found}" for each in findings)
        self.answer(words, [each._asdict() for each in findings])
        if any(each.state == "bad" for each in findings):
            raise CommandError("something needs a hand")

    def house(self) -> Iterator[Finding]:
        home = Path(settings.QIANAN_HOME)
        with connection.cursor() as cursor:
            cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
            version = cursor.fetchone()[0]
        old = connection.vendor == "postgresql" and int(str(version).split(".")[0]) < 15
        yield Finding("database", "bad" if old else "ok", f"{connection.vendor} {version}")
        free = shutil.disk_usage(home).free
        yield Finding("disk", "bad" if free < GIB else "ok", f"{free / GIB:.1f} GiB free at the home")
        keys = [path for path in Path(settings.QIANAN_KEYS).glob("*") if path.is_file()]
        open_keys = [path.name for path in keys if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
        found = f"others may read: {', '.join(open_keys)}" if open_keys else f"{len(keys)} files, owner only"
        yield Finding("keys", "bad" if open_keys else "ok", found)
        strict = settings.QIANAN_OFFICERS_NEED_TOTP
        yield Finding(
            "second factor", "ok" if strict else "warn", "officers need it" if strict else "officers may go without"
        )
        yield Finding(
            "wire", "ok" if settings.QIANAN_WIRE == "http" else "warn", f"letters go to {settings.QIANAN_WIRE}"
        )

    def queue(self) -> Iterator[Finding]:
        health = trail.queue_health()
        lag = now() - health.oldest if health.oldest else timedelta(0)
        slow = lag > timedelta(minutes=10)
        oldest = f", the oldest since {lag}" if slow else ""
        yield Finding("queue", "bad" if slow else "ok", f"{health.waiting} tickets wait{oldest}")
        yield Finding("poisoned", "warn" if health.poisoned else "ok", f"{health.poisoned} tickets set aside")
        yield Finding(
            "unsealed", "warn" if health.unsealed > sealing.LIMIT else "ok", f"{health.unsealed} entries not sealed yet"
        )
        yield Finding("trail key", "ok", sealing.public_hex(sealing.signing_key().public_key()))

    def codes(self) -> Iterator[Finding]:
        city = places.place(settings.QIANAN_CITY)
        yield Finding("places", "ok" if city else "bad", city.name_en if city else f"no place {settings.QIANAN_CITY}")
        year = now().astimezone(ZoneInfo(settings.TIME_ZONE)).year
        announced = codebook.calendar_is_announced(year)
        yield Finding(
            "calendar", "ok" if announced else "warn", f"{year} {'announced' if announced else 'not announced yet'}"
        )
