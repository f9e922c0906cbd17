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
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("ANALYZE")
