"""Ids that carry their own time: UUIDv7 (RFC 9562 §5.7), made by us or by a phone that is offline.

The month of a partitioned row is read from its id, so a resend can never cross a month.
"""

import os
import uuid
from datetime import UTC, datetime

NIL = uuid.UUID(int=0)
"""The business id of what concerns no business: a moved street, a published list."""

_SPACE = uuid.UUID("7a1f0c52-6f5e-5d53-8d0a-5149414e414e")


def uuid7(at: datetime | None = None) -> uuid.UUID:
    """A new UUIDv7. `at` (aware) sets its time; without it the machine's clock is used.

    Doors and actions pass `at=now`, so that planting and replay give rows their own month.
    """
    moment = datetime.now(UTC) if at is None else at
    millis = int(moment.timestamp() * 1000) & ((1 << 48) - 1)
    rand = int.from_bytes(os.urandom(10), "big")
    value = (millis << 80) | (0x7 << 76) | ((rand >> 68) << 64) | (0b10 << 62) | (rand & ((1 << 62) - 1))
    return uuid.UUID(int=value)


def uuid7_of(seed: bytes | str, at: datetime) -> uuid.UUID:
    """The UUIDv7 that belongs to this seed at this time: the same words give the same id.

    For rows that must come out alike however often they are made (owed checks, planted rows).
    """
    import hashlib

    raw = seed.encode() if isinstance(seed, str) else seed
    rand = int.from_bytes(hashlib.sha256(raw).digest()[:10], "big")
    millis = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    value = (millis << 80) | (0x7 << 76) | ((rand >> 68) << 64) | (0b10 << 62) | (rand & ((1 << 62) - 1))
    return uuid.UUID(int=value)


def uuid_of(*words: object) -> uuid.UUID:
    """A UUIDv5 of these words: an API's Idempotency-Key that is no UUID, a replayed registry's own numbers."""
    return uuid.uuid5(_SPACE, "\x1f".join(str(word) for word in words))


def time_of(value: uuid.UUID) -> datetime | None:
    """The UTC time within a UUIDv7, or None if the id carries none."""
    if value.version != 7:
        return None
    try:
        return datetime.fromtimestamp((value.int >> 80) / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def month_of(value: uuid.UUID) -> int:
    """The partition month of an id as yyyymm in UTC, e.g. 202611; 0 (the default partition) without a time."""
    at = time_of(value)
    return 0 if at is None else at.year * 100 + at.month
