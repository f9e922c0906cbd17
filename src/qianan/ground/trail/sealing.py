"""The chain: content hashes, seals, signed heads. Writers never wait for it."""

import contextlib
import hashlib
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection, transaction

from qianan.ground.trail.models import Entry, Head, Seal, Unsealed
from qianan.tables import bulk

GENESIS = "0" * 64
ROW = 64
"""Bytes an entry in a seal: business id, entry id, content hash."""

LIMIT = 20_000
"""Entries taken up in one transaction of the sealer, so that nobody waits for long on the embedded database."""

KEYS = 200
"""Composite keys in one statement: SQLite's expressions may be a thousand deep."""


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def content_hash(entry: Entry) -> str:
    """SHA-256 (hex) over the canonical JSON of every column but the hash."""
    content = [
        entry.business_id.hex,
        entry.month,
        entry.id.hex,
        entry.news,
        entry.about,
        entry.place_code,
        entry.by,
        entry.seat,
        entry.via,
        stamp(entry.at),
        entry.body,
    ]
    return hash_of(content)


_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def hash_of(content: list[object]) -> str:
    """SHA-256 (hex) of an entry's columns but the hash, in their order, ids as hex and the time as `stamp` gives it."""
    return hashlib.sha256(_canonical(content).encode("utf-8", "surrogatepass")).hexdigest()


def chain_of(entry: Entry) -> str:
    """The district of the place, or the city's own chain."""
    return entry.place_code[:6] or "city"


def day_of(at: datetime) -> str:
    """The local day (ISO) to which a link belongs."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date().isoformat()


def digest_of(previous: str, chain: str, number: int, at: datetime, rows: bytes) -> str:
    head = f"{previous}|{chain}|{number}|{stamp(at)}|".encode()
    return hashlib.sha256(head + rows).hexdigest()


class Mark(NamedTuple):
    """An entry that waits for its seal, as `Unsealed` keeps it."""

    business_id: UUID
    month: int
    id: UUID
    chain: str
    hash: str


def pack(marks: Sequence[Mark]) -> bytes:
    return b"".join(mark.business_id.bytes + mark.id.bytes + bytes.fromhex(mark.hash) for mark in marks)


def _alone() -> bool:
    """Whether this transaction is the only sealer. On SQLite the write lock of the transaction says so already."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(7210012)")
        return bool(cursor.fetchone()[0])


def seal_some(now: datetime) -> int:
    """Seal up to LIMIT unsealed entries, one link per chain, each chain's head of the day signed anew.

    Returns how many entries; 0 when there are none or another sealer is at work.
    """
    if not Unsealed.objects.exists():  # most passes: nothing new, no write lock taken
        return 0
    with transaction.atomic():
        if not _alone():
            return 0
        rows = Unsealed.objects.order_by("business_id", "month", "id").values_list(*Mark._fields)
        marks = [Mark(*row) for row in rows[:LIMIT]]
        by_chain: dict[str, list[Mark]] = defaultdict(list)
        for mark in marks:
            by_chain[mark.chain].append(mark)
        for chain, some in sorted(by_chain.items()):
            _seal(chain, some, now)
        bulk.run(  # by the whole key: another business may have used the same id meanwhile
            "DELETE FROM trail_unsealed WHERE business_id = %s AND month = %s AND id = %s",
            [(mark.business_id, mark.month, mark.id) for mark in marks],
        )
    return len(marks)


def _seal(chain: str, marks: Sequence[Mark], now: datetime) -> None:
    last = Seal.objects.filter(chain=chain).order_by("-number").defer("rows").first()
    number, previous = (last.number + 1, last.digest) if last else (1, GENESIS)
    rows = pack(marks)
    digest = digest_of(previous, chain, number, now, rows)
    Seal.objects.create(
        chain=chain, number=number, at=now, previous=previous, digest=digest, count=len(marks), rows=rows
    )
    key, day = signing_key(), day_of(now)
    facts = {
        "number": number,
        "digest": digest,
        "signature": key.sign(head_words(chain, day, number, digest)).hex(),
        "key": public_hex(key.public_key()),
    }
    if not Head.objects.filter(chain=chain, day=day).update(**facts):
        Head.objects.create(chain=chain, day=day, **facts)


def seal_all(now: datetime) -> int:
    """Seal until nothing is left; planting and replay end with it."""
    total = 0
    while some := seal_some(now):
        total += some
    return total


def key_path() -> Path:
    return Path(settings.QIANAN_KEYS) / "trail-ed25519.pem"


def signing_key() -> Ed25519PrivateKey:
    """The instance's own key, made at set-up in HOME/keys, readable by its owner only.

    Raises ValueError when the file is there but holds no Ed25519 key.
    """
    path = key_path()
    if not path.exists():
        _make_key(path)
    return _read_key(path.read_bytes(), str(path))


def _make_key(path: Path) -> None:
    """Written whole beside its place, then linked: of two processes that start at once, both use the first's."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # mkstemp's files are 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)


@lru_cache(maxsize=8)
def _read_key(pem: bytes, where: str) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{where} is not an Ed25519 key")
    return key


def public_hex(key: Ed25519PublicKey) -> str:
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return raw.hex()


def public_key() -> str:
    """The instance's public key (hex), "" when it has none yet: looking makes no key."""
    return public_hex(signing_key().public_key()) if key_path().exists() else ""


def head_words(chain: str, day: str, number: int, digest: str) -> bytes:
    return f"qianan-trail|{chain}|{day}|{number}|{digest}".encode()


def verify_signature(head: Head, key: str) -> bool:
    """Whether the head was signed by this public key (hex), which is also the one it names."""
    words = head_words(head.chain, head.day.isoformat(), head.number, head.digest)
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(head.key)).verify(bytes.fromhex(head.signature), words)
    except (InvalidSignature, ValueError):
        return False
    return head.key == key
