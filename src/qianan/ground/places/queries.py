"""What is asked of places. The city, its districts and streets are held in the process; communities as they are met."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from qianan.ground.places.models import Place
from qianan.kernel.named import Named
from qianan.tables.shelf import Shelf

__all__ = [
    "Named",
    "children_of",
    "city",
    "district_of",
    "districts",
    "find",
    "forget",
    "is_valid",
    "name_of",
    "names_of",
    "path_of",
    "place",
    "places",
    "streets_of",
    "successors_of",
    "valid_on",
]

_SHELF = Shelf("places")
_ORDER = {level: rank for rank, level in enumerate(Place.LEVELS)}


def forget() -> None:
    """After places were loaded or moved: everybody reads them anew."""
    _SHELF.clear()


def _upper() -> dict[str, Place]:
    """City, districts and streets by code, in the order of their codes."""
    return _SHELF.take(
        "upper", lambda: {row.code: row for row in Place.objects.exclude(level=Place.COMMUNITY).order_by("code")}
    )


def _met() -> dict[str, Place | None]:
    """Communities met so far, and codes that turned out to be nothing."""
    return _SHELF.take("met", dict)


def places(codes: Iterable[str]) -> dict[str, Place]:
    """Places by code, at most one query; codes that are not known are left out."""
    upper, met = _upper(), _met()
    wanted = {code for code in codes if _is_code(code)}
    missing = [code for code in wanted if code not in upper and code not in met]
    if missing:
        found = Place.objects.in_bulk(missing)
        met.update({code: found.get(code) for code in missing})
    return {code: row for code in wanted if (row := upper.get(code) or met.get(code)) is not None}


def _is_code(text: str) -> bool:
    """Whether it may be a code at all: what an engine cannot hold (NUL, halves of characters) is never asked for."""
    return 0 < len(text) <= 24 and text.isascii() and text.isprintable()


def place(code: str) -> Place | None:
    """One place by its code, valid or ended; None when there is none."""
    return places([code]).get(code)


def city() -> Place | None:
    """The place at the root of this instance (a setting)."""
    return place(settings.QIANAN_CITY)


def path_of(code: str) -> list[Place]:
    """From the city down to the place itself; empty when the code is not known."""
    found: list[Place] = []
    here = place(code)
    while here is not None:
        found.append(here)
        here = place(here.parent_id) if here.parent_id else None
    return found[::-1]


def district_of(code: str) -> str:
    """The code of the district (or area of that level) that a code lies in; "" for the city's own."""
    return next((row.code for row in path_of(code) if row.level == Place.DISTRICT), "")


def valid_on(row: Place, on: date) -> bool:
    """Valid from `since` to the day before `until`."""
    return row.since <= on and (row.until is None or on < row.until)


def is_valid(code: str, on: date) -> bool:
    """Whether the code stands for a place on this day."""
    row = place(code)
    return row is not None and valid_on(row, on)


def children_of(code: str, *, on: date) -> list[Place]:
    """The places directly beneath, as they were on this day, in the order of their codes."""
    upper = _upper()
    here = upper.get(code)
    if here is not None and here.level == Place.STREET:
        return list(_on(Place.objects.filter(parent_id=code), on).order_by("code"))
    return [row for row in upper.values() if row.parent_id == code and valid_on(row, on)]


def districts(on: date) -> list[Place]:
    """The districts of the city on this day, the development area among them."""
    return [row for row in _upper().values() if row.level == Place.DISTRICT and valid_on(row, on)]


def streets_of(district: str, on: date) -> list[Place]:
    """Streets, towns and townships of a district on this day."""
    return [row for row in children_of(district, on=on) if row.level == Place.STREET]


def names_of(codes: Iterable[str]) -> dict[str, Named]:
    """Names in both languages by code, at most one query; codes that are not known are left out."""
    return {code: Named(row.name_zh, row.name_en) for code, row in places(codes).items()}


def name_of(code: str) -> Named:
    """The name of one place; the code itself when it is not known."""
    return names_of([code]).get(code) or Named(code, code)


def successors_of(code: str) -> list[Place]:
    """The places that took over from this one (a move, a split, a merger), oldest first."""
    heirs = _SHELF.take("heirs", lambda: list(Place.objects.exclude(succeeds=[]).order_by("since", "code")))
    return [row for row in heirs if code in row.succeeds]


def find(
    text: str, *, on: date | None = None, within: str = "", levels: Sequence[str] = (), most: int = 20
) -> list[Place]:
    """Places by name in either language, by pinyin, by initials (`jw` finds 建外) or by code; wider places first.

    Within a level those that begin so come before those that hold it somewhere. `within` keeps to one place's
    subtree, `levels` to some levels; `on` leaves out what is not valid that day. Empty for an empty text.
    """
    text = text.strip()[:40]
    if not text or not text.isprintable():
        return []
    plain = "".join(text.lower().split())
    begins = Q(name_zh__startswith=text) | Q(name_en__istartswith=text) | Q(code=text)
    if plain.isascii():
        begins |= Q(pinyin__startswith=plain) | Q(initials__startswith=plain)
    rows = Place.objects.filter(begins | Q(name_zh__contains=text) | Q(name_en__icontains=text))
    if within:
        rows = rows.filter(code__startswith=within)
    if levels:
        rows = rows.filter(level__in=list(levels))
    if on is not None:
        rows = _on(rows, on)
    rank = Case(*(When(level=level, then=Value(n)) for level, n in _ORDER.items()), output_field=IntegerField())
    nearness = Case(When(begins, then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(rows.order_by(rank, nearness, "code")[:most])


def _on(rows: "QuerySet[Place]", on: date) -> "QuerySet[Place]":
    return rows.filter(Q(until=None) | Q(until__gt=on), since__lte=on)
