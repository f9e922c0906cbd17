"""Ids that carry their own time: UUIDv7 (RFC 9562 §5.7), made by us or by a phone that is offline.

The month of a partitioned row is read from its id, so a resend can never cross a month.
"""

import os
import uuid
from datetime import UTC, datetime, timedelta

NIL = uuid.UUID(int=0)
"""The business id of what concerns no business: a moved street, a published list."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

_SPACE = uuid.UUID("7a1f0c52-6f5e-5d53-8d0a-5149414e414e")


class _Turn:
    """The last millisecond an id was made for, and how many ids it has had: ids of one act keep their order."""

    millis = -1
    count = 0


def uuid7(at: datetime | None = None) -> uuid.UUID:
    """A new UUIDv7. `at` (aware) sets its time; without it the machine's clock is used.

    Doors and actions pass `at=now`, so that planting and replay give rows their own month. Ids made one after
    another for the same moment sort in that order (the first 4,096 of them), so that a trail reads as it was told.
    """
    moment = datetime.now(UTC) if at is None else at
    millis = (moment - EPOCH) // MILLISECOND & ((1 << 48) - 1)
    _Turn.count = _Turn.count + 1 if millis == _Turn.millis else 0
    _Turn.millis = millis
    turn = min(_Turn.count, 0xFFF)
    chance = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return uuid.UUID(int=(millis << 80) | (0x7 << 76) | (turn << 64) | (0b10 << 62) | chance)


def uuid7_of(seed: bytes | str, at: datetime) -> uuid.UUID:
    """The UUIDv7 that belongs to this seed at this time: the same words give the same id.

    For rows that must come out alike however often they are made (owed checks, planted rows).
    """
    import hashlib

    raw = seed.encode() if isinstance(seed, str) else seed
    rand = int.from_bytes(hashlib.sha256(raw).digest()[:10], "big")
    millis = (at - EPOCH) // MILLISECOND & ((1 << 48) - 1)
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
        return EPOCH + timedelta(milliseconds=value.int >> 80)
    except OverflowError:  # beyond the year 9999
        return None


def month_of(value: uuid.UUID) -> int:
    """The partition month of an id as yyyymm in UTC, e.g. 202611; 0 (the default partition) without a time."""
    at = time_of(value)
    return 0 if at is None else at.year * 100 + at.month
