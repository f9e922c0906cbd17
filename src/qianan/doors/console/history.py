"""What is written long afterwards: nobody is told of it, and the embedded database need not wait for the disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from qianan.ground.trail import delivery
from qianan.wiring import WIRING

LETTERS_OR_DONE = ("tell_", "send_", "hand_out_", "equip_", "seat_", "enrol_", "put_")
"""How listeners begin that write letters, or do what planting and replay do themselves (chairs, checks, lists)."""


@contextmanager
def quietly() -> Iterator[None]:
    """`WIRING` without those: nobody is written to about last year."""
    quiet = {
        event: tuple(each for each in some if not each.__name__.startswith(LETTERS_OR_DONE))
        for event, some in WIRING.items()
    }
    delivery.use(quiet)
    try:
        yield
    finally:
        delivery.use(WIRING)


@contextmanager
def unhurried_disk() -> Iterator[None]:
    """SQLite without waiting at each commit: a planting or replay that was cut off is begun again, never mended."""
    if connection.vendor != "sqlite":
        yield
        return
    _say(BEFORE)
    try:
        yield
    finally:
        _say(AFTER)


BEFORE = ("synchronous=OFF", "cache_size=-262144", "wal_autocheckpoint=16000")
AFTER = ("synchronous=FULL", "cache_size=-20000", "wal_autocheckpoint=1000", "wal_checkpoint(TRUNCATE)")


def _say(pragmas: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        if pragmas is AFTER:
            cursor.execute("ANALYZE")
