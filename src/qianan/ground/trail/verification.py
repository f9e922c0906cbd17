"""Proving that nothing was altered: every link, every row, every signature.

What the seals say is laid into a sorter on disk, then every entry is held against it: memory stays the same however
long the trail is. The house may go on working meanwhile: what was sealed after the first walk is walked at the end.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from qianan.ground.trail import sealing
from qianan.ground.trail.models import Entry, Head, Seal, Unsealed
from qianan.kernel.ids import NIL

CHUNK = 2000
"""Entries held in memory at once."""

SEALS = 8
"""Seals held in memory at once (each up to 1.3 MB)."""

SHOWN = 1000
"""Faults listed in full; further ones are counted."""

Row = TypeVar("Row", Entry, Unsealed)


@dataclass(frozen=True)
class Fault:
    """What is wrong, and with which row.

    `kind`: altered, missing, added, unproven (its seal is lost), broken_link, lost_link, sealed_twice, broken_head,
    lost_head, bad_signature. `row` names it: `entry <business>:<id>`, `seal <chain>/<number>`, `head <chain>/<day>`.
    """

    kind: str
    row: str
    chain: str = ""


@dataclass
class Report:
    """What verify found. `unsealed` entries are not protected yet (some seconds' worth)."""

    entries: int = 0
    seals: int = 0
    chains: int = 0
    heads: int = 0
    unsealed: int = 0
    faulty: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return self.faulty == 0

    def say(self, kind: str, row: str, chain: str = "") -> None:
        self.faulty += 1
        if len(self.faults) < SHOWN:
            self.faults.append(Fault(kind, row, chain))

    def as_dict(self) -> dict[str, Any]:
        return {"good": self.good, **asdict(self)}


Progress = Callable[[int, int], None]


def verify(progress: Progress = lambda done, total: None) -> Report:
    """Walk every chain from its first link and hold every entry against what was sealed."""
    report = Report()
    with closing(_Book()) as book:
        walk = _Walk(report, book)
        walk.on()
        _hold(report, book, progress)
        waiting = _marks_of(book)
        walk.on()  # what was sealed meanwhile; whoever had no mark just now must be in it
        walk.check_heads()
        _settle(report, book, walk, waiting)
        _check_marks(report, book)
    return report


def _entry_name(business: UUID, id: UUID) -> str:
    return f"entry {business}:{id}" if business != NIL else f"entry {id}"


class _Stray(NamedTuple):
    """An entry that no seal spoke of when it was read; `good` when its hash is that of its content."""

    business: UUID
    id: UUID
    month: int
    hash: str
    good: bool
    chain: str


def _pages(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while some := list(islice(rows, size)):
        yield some


class _Book:
    """What the seals say of each entry, and the entries that no seal speaks of; a temporary file of SQLite's own."""

    def __init__(self) -> None:
        self.file = sqlite3.connect("", isolation_level=None)
        self.seen: list[tuple[bytes, bytes]] = []
        self.file.executescript(
            """
            PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;
            CREATE TABLE sealed (id BLOB, business BLOB, hash BLOB, chain TEXT, seen INT DEFAULT 0,
                PRIMARY KEY (id, business)) WITHOUT ROWID;
            CREATE TABLE stray (id BLOB, business BLOB, month INT, hash TEXT, good INT, chain TEXT);
            BEGIN;
            """
        )

    def close(self) -> None:
        self.file.close()

    def seal(self, rows: bytes, chain: str) -> int:
        """Note what one link says. Returns how many of its rows another link had said before."""
        packed = [rows[at : at + sealing.ROW] for at in range(0, len(rows), sealing.ROW)]
        before = self.file.total_changes
        self.file.executemany(
            "INSERT OR IGNORE INTO sealed (id, business, hash, chain) VALUES (?, ?, ?, ?)",
            ((row[16:32], row[:16], row[32:], chain) for row in packed if len(row) == sealing.ROW),
        )
        return len(packed) - (self.file.total_changes - before)

    def said_of(self, business: UUID, id: UUID) -> tuple[bytes, str, int] | None:
        """(hash, chain, seen) of one entry."""
        found = self.file.execute(
            "SELECT hash, chain, seen FROM sealed WHERE id = ? AND business = ?", (id.bytes, business.bytes)
        ).fetchone()
        return found and tuple(found)

    def said_of_many(self, ids: list[bytes]) -> dict[tuple[bytes, bytes], tuple[bytes, str, int]]:
        """(id, business) → (hash, chain, seen) of all that was sealed under these ids."""
        marks = ", ".join("?" * len(ids))
        rows = self.file.execute(f"SELECT id, business, hash, chain, seen FROM sealed WHERE id IN ({marks})", ids)  # noqa: S608
        return {(id, business): (digest, chain, seen) for id, business, digest, chain, seen in rows}

    def note_seen(self) -> None:
        self.file.executemany("UPDATE sealed SET seen = 1 WHERE id = ? AND business = ?", self.seen)
        self.seen.clear()

    def saw(self, business: UUID, id: UUID) -> None:
        self.file.execute("UPDATE sealed SET seen = 1 WHERE id = ? AND business = ?", (id.bytes, business.bytes))

    def stray(self, key: tuple[bytes, bytes], month: Any, digest: str, good: bool, chain: str) -> None:
        self.file.execute("INSERT INTO stray VALUES (?, ?, ?, ?, ?, ?)", (*key, month, digest, good, chain))

    def strays(self) -> Iterator[_Stray]:
        for business, id, month, digest, good, chain in self.file.execute(
            "SELECT business, id, month, hash, good, chain FROM stray ORDER BY rowid"
        ):
            yield _Stray(UUID(bytes=business), UUID(bytes=id), month, digest, bool(good), chain)

    def unseen_like(self, id: UUID) -> UUID | None:
        """The business under which an id was sealed that nothing was found for."""
        found = self.file.execute("SELECT business FROM sealed WHERE id = ? AND seen = 0", (id.bytes,)).fetchone()
        return found and UUID(bytes=found[0])

    def unseen(self) -> Iterator[tuple[UUID, UUID, bytes, str]]:
        for business, id, digest, chain in self.file.execute(
            "SELECT business, id, hash, chain FROM sealed WHERE seen = 0 ORDER BY id"
        ):
            yield UUID(bytes=business), UUID(bytes=id), digest, chain


class _Walk:
    """The chains, link by link; may be gone on with when more was sealed."""

    def __init__(self, report: Report, book: _Book) -> None:
        self.report, self.book = report, book
        self.at: dict[str, tuple[int, set[str]]] = {}
        self.ends: dict[tuple[str, str], tuple[int, str]] = {}
        self.lost: set[tuple[str, int]] = set()
        self.broken: set[tuple[str, int]] = set()

    def on(self) -> None:
        chains = Seal.objects.order_by("chain").values_list("chain", flat=True).distinct()
        for chain in list(chains):
            self._walk(chain)
        self.report.chains = len(self.at)

    def _walk(self, chain: str) -> None:
        number, previous = self.at.get(chain, (0, {sealing.GENESIS}))
        while True:
            seals = list(Seal.objects.filter(chain=chain, number__gt=number).order_by("number")[:SEALS])
            for seal in seals:
                for lost in range(number + 1, min(seal.number, number + 1 + SHOWN)):
                    self._lose(chain, lost)
                previous = self._check(seal, previous if seal.number == number + 1 else {seal.previous})
                number = seal.number
                self.ends[chain, sealing.day_of(seal.at)] = (seal.number, seal.digest)
            self.at[chain] = (number, previous)
            if len(seals) < SEALS:
                return

    def _lose(self, chain: str, number: int) -> None:
        self.lost.add((chain, number))
        self.report.say("lost_link", f"seal {chain}/{number}", chain)

    def _check(self, seal: Seal, previous: set[str]) -> set[str]:
        """Check one link; returns what the next may name as its previous (an altered link leaves a doubt)."""
        rows = bytes(seal.rows)
        expected = sealing.digest_of(seal.previous, seal.chain, seal.number, seal.at, rows)
        good = seal.digest == expected and seal.count * sealing.ROW == len(rows) and seal.previous in previous
        row = f"seal {seal.chain}/{seal.number}"
        if not good:
            self.broken.add((seal.chain, seal.number))
            self.report.say("broken_link", row, seal.chain)
        if self.book.seal(rows, seal.chain) and good:
            self.report.say("sealed_twice", row, seal.chain)
        self.report.seals += 1
        return {seal.digest, expected}

    def check_heads(self) -> None:
        """Every chain has one head for each day on which it was sealed, and no other; all are ours."""
        key = sealing.public_key()
        left = set(self.ends)
        for head in Head.objects.order_by("chain", "day"):
            self.report.heads += 1
            left.discard((head.chain, head.day.isoformat()))
            self._check_head(head, key)
        for chain, day in sorted(left & set(self.ends)):
            known = (chain, self.ends[chain, day][0]) in self.broken or Head.objects.filter(chain=chain, day=day)
            if not known:
                self.report.say("lost_head", f"head {chain}/{day}", chain)

    def _check_head(self, head: Head, key: str) -> None:
        row, place = f"head {head.chain}/{head.day.isoformat()}", (head.chain, head.day.isoformat())
        if not sealing.verify_signature(head, key):
            self.report.say("bad_signature", row, head.chain)
            return
        for _ in range(5):  # today's head moves on while the house works
            end = self.ends.get(place)
            if end == (head.number, head.digest):
                return
            if end is not None and head.number < end[0]:
                head = Head.objects.filter(pk=head.pk).first() or head
            else:
                self._walk(head.chain)
        marks = {(head.chain, head.number), (head.chain, end[0] if end else 0)}
        if marks & (self.broken | self.lost):
            return  # named already, by its link
        if head.number > self.at.get(head.chain, (0, set()))[0]:
            self._lose(head.chain, head.number)
        else:
            self.report.say("broken_head", row, head.chain)

    def has_lost(self, chain: str) -> bool:
        return any(each == chain for each, _ in self.lost)


def _by_key(model: type[Row]) -> Iterator[list[Row]]:
    """Every row in the order of its composite key, some at a time, each page found by the key."""
    fields = model._meta.pk_fields
    columns = [field.attname for field in fields]
    after: list[Any] = []
    while True:
        rows = model._default_manager.order_by(*columns)
        if after:
            beyond = f"({', '.join(columns)}) > (%s, %s, %s)"
            rows = rows.filter(RawSQL(beyond, after, output_field=BooleanField()))  # noqa: S611  our own words
        some = list(rows[:CHUNK])
        if some:
            yield some
        if len(some) < CHUNK:
            return
        after = [field.get_db_prep_value(getattr(some[-1], field.attname), connection) for field in fields]


COLUMNS = ("business_id", "month", "id", "news", "about", "place_code", "by", "seat", "via", "at", "body", "hash")


def _raw() -> Iterator[list[tuple[Any, ...]]]:
    """Every entry's columns in the order of its key, as the engine gives them: hundreds of thousands are read."""
    names = [connection.ops.quote_name(name) for name in COLUMNS]
    key = ", ".join(names[:3])
    head = f"SELECT {', '.join(names)} FROM trail_entry"  # noqa: S608  our own words
    tail = f"ORDER BY {key} LIMIT {CHUNK}"
    after: tuple[Any, ...] = ()
    while True:
        with connection.cursor() as cursor:
            where = f"WHERE ({key}) > (%s, %s, %s)" if after else ""
            cursor.execute(f"{head} {where} {tail}", after)
            some = cursor.fetchall()
        if some:
            yield some
        if len(some) < CHUNK:
            return
        after = tuple(some[-1][:3])


def _hex(value: Any) -> str:
    return value.hex if isinstance(value, UUID) else str(value)


def _stamp(value: datetime) -> str:
    """As `sealing.stamp`; SQLite gives a time without its zone, which is UTC."""
    return sealing.stamp(value if value.tzinfo else value.replace(tzinfo=UTC))


def _hold(report: Report, book: _Book, progress: Progress) -> None:
    """Hold every entry against what was sealed of it."""
    total = Entry.objects.count()
    for some in _raw():
        said = book.said_of_many([bytes.fromhex(_hex(row[2])) for row in some])
        for row in some:
            report.entries += 1
            business, month, id = _hex(row[0]), row[1], _hex(row[2])
            body = json.loads(row[10]) if isinstance(row[10], str) else row[10]
            own = sealing.hash_of([business, month, id, *row[3:9], _stamp(row[9]), body])
            key, chain = (bytes.fromhex(id), bytes.fromhex(business)), row[5][:6] or "city"
            known = said.pop(key, None)
            if known is None or known[2]:
                book.stray(key, month, row[11], own == row[11], chain)
                continue
            book.seen.append(key)
            if not own == row[11] == known[0].hex() or known[1] != chain:
                report.say("altered", _entry_name(UUID(business), UUID(id)), known[1])
        book.note_seen()
        progress(report.entries, max(total, report.entries))


def _marks_of(book: _Book) -> dict[tuple[UUID, UUID], str]:
    """The marks of those entries that no seal spoke of: they wait to be sealed."""
    found: dict[tuple[UUID, UUID], str] = {}
    for some in _pages(book.strays(), sealing.KEYS):
        keys = [(stray.business, stray.month, stray.id) for stray in some]
        found |= {(mark.business_id, mark.id): mark.hash for mark in Unsealed.objects.filter(pk__in=keys)}
    return found


def _settle(report: Report, book: _Book, walk: _Walk, waiting: dict[tuple[UUID, UUID], str]) -> None:
    """What was not in the first walk: sealed since, waiting to be sealed, or not ours."""
    for stray in book.strays():
        said = book.said_of(stray.business, stray.id)
        name = _entry_name(stray.business, stray.id)
        if said is not None and not said[2]:
            book.saw(stray.business, stray.id)
            if not stray.good or said[0].hex() != stray.hash:
                report.say("altered", name, stray.chain)
        elif said is None and (stray.business, stray.id) in waiting:
            if not stray.good or waiting[stray.business, stray.id] != stray.hash:
                report.say("altered", name, stray.chain)
        elif (was := book.unseen_like(stray.id)) is not None:
            book.saw(was, stray.id)  # the same act under another business's name
            report.say("altered", name, stray.chain)
        else:
            report.say("unproven" if walk.has_lost(stray.chain) else "added", name, stray.chain)
    for business, id, digest, chain in book.unseen():
        entry = Entry.objects.filter(business_id=business, id=id).first()  # written behind our back while we read
        if entry is None:
            report.say("missing", _entry_name(business, id), chain)
        elif not sealing.content_hash(entry) == entry.hash == digest.hex():
            report.say("altered", _entry_name(business, id), chain)


def _check_marks(report: Report, book: _Book) -> None:
    """What waits to be sealed: counted, and each with its entry."""
    for page in _by_key(Unsealed):
        for some in _pages(iter(page), sealing.KEYS):
            keys = [(mark.business_id, mark.month, mark.id) for mark in some]
            have = {(entry.business_id, entry.id): entry for entry in Entry.objects.filter(pk__in=keys)}
            for mark in some:
                report.unsealed += 1
                entry = have.get((mark.business_id, mark.id))
                name = _entry_name(mark.business_id, mark.id)
                if entry is None:
                    report.say("missing", name, mark.chain)
                elif book.said_of(mark.business_id, mark.id) is not None:
                    report.say("sealed_twice", name, mark.chain)
                elif mark.chain != sealing.chain_of(entry):
                    report.say("altered", name, mark.chain)
