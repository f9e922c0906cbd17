"""The code tables as they are held in the process: each read whole, once, until a table is loaded anew."""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from qianan.ground.codebook.models import CodeRow
from qianan.tables.shelf import Shelf

T = TypeVar("T")
R = TypeVar("R", bound=CodeRow)

_SHELF = Shelf("codebook")


def held(key: Hashable, read: Callable[[], T]) -> T:
    return _SHELF.take(key, read)


def forget() -> None:
    """After a table was loaded: everybody reads it anew."""
    _SHELF.clear()


def table(model: type[R]) -> list[R]:
    """All rows of a code table in its own order."""
    return held(model, lambda: list(model._default_manager.all()))


def by_code(model: type[R]) -> dict[Any, R]:
    return held((model, "by code"), lambda: {row.pk: row for row in table(model)})


def is_in_force(row: CodeRow, on: date) -> bool:
    """Valid from `since` to the day before `until`; no date is no limit."""
    return (row.since is None or row.since <= on) and (row.until is None or on < row.until)


def in_force(rows: Iterable[R], on: date) -> list[R]:
    return [row for row in rows if is_in_force(row, on)]


def stretch(model: type[CodeRow], on: date) -> int:
    """Which stretch of days between two changes of the table a day lies in: what is in force is the same all through.

    Answers are held by stretch, not by day, so that fifteen months of history hold a handful of them.
    """
    return bisect_right(held((model, "changes"), lambda: _changes(model)), on)


def _changes(model: type[CodeRow]) -> list[date]:
    return sorted({day for row in table(model) for day in (row.since, row.until) if day})


def newest(rows: Iterable[R]) -> R | None:
    """Of several rows in force, the one that came last."""
    return max(rows, key=lambda row: (row.since or date.min, str(row.pk)), default=None)


@dataclass(frozen=True, slots=True)
class Provenance:
    """A row's birth certificate, for the mark beside it: unverified rows are marked wherever they are shown."""

    verified: bool
    source: str
    edition: str
    since: date | None
    until: date | None


def provenance(row: CodeRow) -> Provenance:
    return Provenance(row.verified, row.source, row.edition, row.since, row.until)
