"""Proving that nothing was altered: every link, every row, every signature."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from qianan.ground.trail import sealing
from qianan.ground.trail.models import Entry, Head, Seal, Unsealed

CHUNK = 400


@dataclass(frozen=True)
class Fault:
    """What is wrong, and with which row. `kind`: altered, missing, added, broken_link, truncated, bad_signature."""

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
    faults: list[Fault] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.faults


def verify(progress: Callable[[int], None] = lambda done: None) -> Report:
    """Walk every chain from its first link and compare every sealed row with what the table holds."""
    report = Report(unsealed=Unsealed.objects.count())
    chains = list(Seal.objects.order_by("chain").values_list("chain", flat=True).distinct())
    report.chains = len(chains)
    sealed: set[bytes] = set()
    for chain in chains:
        last_number, previous = 0, sealing.GENESIS
        digests: dict[int, str] = {}
        for seal in Seal.objects.filter(chain=chain).order_by("number").iterator(chunk_size=200):
            rows = bytes(seal.rows)
            expected = sealing.digest_of(seal.previous, seal.chain, seal.number, seal.at, rows)
            if seal.number != last_number + 1:
                report.faults.append(Fault("broken_link", f"{chain} {last_number + 1}", chain))
            if seal.previous != previous and seal.number == last_number + 1:
                report.faults.append(Fault("broken_link", f"{chain} {seal.number}", chain))
            if seal.digest != expected or seal.count * sealing.ROW != len(rows):
                report.faults.append(Fault("broken_link", f"{chain} {seal.number}", chain))
            last_number, previous = seal.number, seal.digest
            digests[seal.number] = seal.digest
            report.faults += _compare(rows, chain, sealed)
            report.seals += 1
            report.entries += seal.count
            progress(report.entries)
        report.faults += _check_heads(chain, digests, report)
    report.faults += list(_added(sealed))
    return report


def _compare(rows: bytes, chain: str, sealed: set[bytes]) -> list[Fault]:
    faults = []
    packed = [rows[at : at + sealing.ROW] for at in range(0, len(rows), sealing.ROW)]
    for start in range(0, len(packed), CHUNK):
        some = packed[start : start + CHUNK]
        found = {e.id: e for e in Entry.objects.filter(id__in=[UUID(bytes=row[16:32]) for row in some])}
        for row in some:
            business, id, expected = UUID(bytes=row[:16]), UUID(bytes=row[16:32]), row[32:].hex()
            entry = found.get(id)
            sealed.add(id.bytes)
            if entry is None:
                faults.append(Fault("missing", str(id), chain))
            elif entry.business_id != business or entry.hash != expected or sealing.content_hash(entry) != expected:
                faults.append(Fault("altered", str(id), chain))
    return faults


def _check_heads(chain: str, digests: dict[int, str], report: Report) -> list[Fault]:
    faults = []
    for head in Head.objects.filter(chain=chain).order_by("day"):
        report.heads += 1
        row = f"{chain} {head.day.isoformat()}"
        if not sealing.verify_signature(head):
            faults.append(Fault("bad_signature", row, chain))
        elif head.number not in digests:
            faults.append(Fault("truncated", f"{chain} {head.number}", chain))
        elif digests[head.number] != head.digest:
            faults.append(Fault("broken_link", f"{chain} {head.number}", chain))
    return faults


def _added(sealed: set[bytes]) -> Iterator[Fault]:
    waiting = {id.bytes for id in Unsealed.objects.values_list("id", flat=True).iterator(chunk_size=5000)}
    for id in Entry.objects.values_list("id", flat=True).iterator(chunk_size=5000):
        if id.bytes not in sealed and id.bytes not in waiting:
            yield Fault("added", str(id))
