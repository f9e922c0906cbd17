"""The chain: content hashes, seals, signed heads. Writers never wait for it."""

import hashlib
import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection, transaction

from qianan.ground.trail.models import Entry, Head, Seal, Unsealed

GENESIS = "0" * 64
ROW = 64
"""Bytes an entry in a seal: business id, entry id, content hash."""

LIMIT = 20_000
"""Entries taken up in one transaction of the sealer, so that nobody waits for long on the embedded database."""


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
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def chain_of(entry: Entry) -> str:
    """The district of the place, or the city's own chain."""
    return entry.place_code[:6] or "city"


def digest_of(previous: str, chain: str, number: int, at: datetime, rows: bytes) -> str:
    head = f"{previous}|{chain}|{number}|{stamp(at)}|".encode()
    return hashlib.sha256(head + rows).hexdigest()


def pack(marks: list[Unsealed]) -> bytes:
    return b"".join(mark.business_id.bytes + mark.id.bytes + bytes.fromhex(mark.hash) for mark in marks)


@transaction.atomic
def seal_some(now: datetime) -> int:
    """Seal up to LIMIT unsealed entries, one link per chain. Returns how many; one sealer at a time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(7210012)")
            if not cursor.fetchone()[0]:
                return 0
    marks = list(Unsealed.objects.order_by("id")[:LIMIT])
    by_chain: dict[str, list[Unsealed]] = defaultdict(list)
    for mark in marks:
        by_chain[mark.chain].append(mark)
    for chain, some in sorted(by_chain.items()):
        last = Seal.objects.filter(chain=chain).order_by("-number").only("number", "digest").first()
        number, previous = (last.number + 1, last.digest) if last else (1, GENESIS)
        rows = pack(some)
        Seal.objects.create(
            chain=chain,
            number=number,
            at=now,
            previous=previous,
            digest=digest_of(previous, chain, number, now, rows),
            count=len(some),
            rows=rows,
        )
    ids = [mark.id for mark in marks]
    for start in range(0, len(ids), 500):
        Unsealed.objects.filter(id__in=ids[start : start + 500]).delete()
    return len(marks)


def seal_all(now: datetime) -> int:
    """Seal until nothing is left; planting and replay end with it."""
    total = 0
    while some := seal_some(now):
        total += some
    return total


def key_path() -> Path:
    return Path(settings.QIANAN_KEYS) / "trail-ed25519.pem"


def signing_key() -> Ed25519PrivateKey:
    """The instance's own key, made at set-up in HOME/keys, readable by its owner only."""
    path = key_path()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.touch(mode=0o600)
        path.write_bytes(pem)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} is not an Ed25519 key")
    return key


def public_hex(key: Ed25519PrivateKey) -> str:
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return raw.hex()


def head_words(chain: str, day: str, number: int, digest: str) -> bytes:
    return f"qianan-trail|{chain}|{day}|{number}|{digest}".encode()


def sign_heads(now: datetime) -> int:
    """Sign each chain's last link for today (in the instance's zone), once a day. Returns how many were signed."""
    day = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    key, signed = signing_key(), 0
    for chain in Seal.objects.order_by("chain").values_list("chain", flat=True).distinct():
        last = Seal.objects.filter(chain=chain).order_by("-number").only("number", "digest").first()
        if last is None or Head.objects.filter(chain=chain, day=day).exists():
            continue
        words = head_words(chain, day.isoformat(), last.number, last.digest)
        with transaction.atomic():
            Head.objects.create(
                chain=chain,
                day=day,
                number=last.number,
                digest=last.digest,
                signature=key.sign(words).hex(),
                key=public_hex(key),
            )
        signed += 1
    return signed


def verify_signature(head: Head) -> bool:
    from cryptography.exceptions import InvalidSignature

    words = head_words(head.chain, head.day.isoformat(), head.number, head.digest)
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(head.key)).verify(bytes.fromhex(head.signature), words)
    except (InvalidSignature, ValueError):
        return False
    return head.key == public_hex(signing_key())
