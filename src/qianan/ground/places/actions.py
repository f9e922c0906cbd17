"""Loading places, and one place taking over from another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from qianan.ground.places import queries, romanising
from qianan.ground.places.events import PlacesLoaded, PlaceSucceeded
from qianan.ground.places.models import Place
from qianan.ground.trail import actions as trail
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL
from qianan.kernel.problems import Conflict, Invalid, InvalidMany, Problem
from qianan.kernel.ref import Ref

BATCH = 500
_LONGEST = {"code": 24, "name_zh": 80, "source": 200}
NEEDED = ("code", "level", "parent", "name_zh", "since", "source")
OPTIONAL = (
    "name_en", "kind", "pinyin", "initials", "lon", "lat", "population", "until", "succeeds", "verified",
)  # fmt: skip
COLUMNS = (*NEEDED, *OPTIONAL)
_KEPT = [
    "level", "parent_id", "name_zh", "name_en", "kind", "pinyin", "initials", "lon", "lat", "population", "since",
    "until", "succeeds", "source", "verified",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlacesDone:
    """What a loading did: rows new, changed, the same, newly ended; `absent` stand in the table, not in the file."""

    added: int
    changed: int
    same: int
    ended: int
    absent: int


def ref_of(code: str) -> Ref:
    return Ref("places.place", NIL, code)


@transaction.atomic
def load_places(rows: Iterable[Mapping[str, str]], *, by: Actor, now: datetime) -> PlacesDone:
    """Load places from rows of text, as a CSV file gives them (the shape of `data/places.csv`).

    Columns: `code` (nests by prefix), `level` (city, district, street, community), `parent` (a code, "" for the
    city), `name_zh`, `since` (YYYY-MM-DD), `source`; and, where known, `name_en`, `kind`, `pinyin`, `initials`,
    `lon`, `lat` (degrees, WGS-84), `population` (persons), `until`, `succeeds` (codes, semicolons between),
    `verified` (yes or no). Pinyin, initials and an English name are made when they are not given.

    Places are added or changed by their code, never taken away: a place that ended has an `until`. The same rows
    twice change nothing and say nothing. Raises InvalidMany with one problem a cell; nothing is loaded then.
    """
    have = Place.objects.in_bulk()
    made, problems = _read(list(rows), have)
    if problems:
        raise InvalidMany(problems)
    new = [row for row in made if row.code not in have]
    changed = [row for row in made if row.code in have and _differ(row, have[row.code])]
    ended = [row for row in changed if row.until is not None and have[row.code].until is None]
    rank = {level: number for number, level in enumerate(Place.LEVELS)}
    new.sort(key=lambda row: (rank[row.level], row.code))
    Place.objects.bulk_create(new, batch_size=BATCH)
    if changed:
        Place.objects.bulk_update(changed, [name.removesuffix("_id") for name in _KEPT], batch_size=BATCH)
    absent = len(have.keys() - {row.code for row in made})
    done = PlacesDone(len(new), len(changed), len(made) - len(new) - len(changed), len(ended), absent)
    if new or changed:
        root = next((row.code for row in made if row.level == Place.CITY), "")
        queries.forget()
        event = PlacesLoaded(
            about=ref_of(root or made[0].code), place_code=root, added=len(new), changed=len(changed), ended=len(ended)
        )
        trail.record(event, by=by, now=now)
    return done


def _differ(row: Place, old: Place) -> bool:
    return any(getattr(row, name) != getattr(old, name) for name in _KEPT)


def _read(rows: Sequence[Mapping[str, str]], have: Mapping[str, Place]) -> tuple[list[Place], list[Problem]]:
    problems: list[Problem] = []
    first = rows[0] if rows else {}
    problems += [Invalid("missing_column", where="places:1", column=name) for name in NEEDED if name not in first]
    problems += [Invalid("unknown_column", where="places:1", column=name) for name in first if name not in COLUMNS]
    if not rows:
        problems.append(Invalid("empty_file"))
    if problems:
        return [], problems
    made: dict[str, Place] = {}
    for number, row in enumerate(rows, start=2):
        found, wrong = _read_one(row, number, have)
        if found.code in made:
            wrong.append(Invalid("code_twice", where=f"places:{number}:code", code=found.code))
        problems += wrong
        made[found.code] = found
    levels = {code: each.level for code, each in have.items()} | {code: each.level for code, each in made.items()}
    for number, place in enumerate(made.values(), start=2):
        problems += _check_nesting(place, number, levels)
    return list(made.values()), problems


def _read_one(row: Mapping[str, str], number: int, have: Mapping[str, Place]) -> tuple[Place, list[Problem]]:
    wrong: list[Problem] = []

    def refuse(code: str, name: str, **params: Any) -> None:
        wrong.append(Invalid(code, where=f"places:{number}:{name}", **params))

    def take(name: str, kind: type, *, needed: bool = False) -> Any:
        text = row.get(name, "").strip()
        if not text:
            if needed:
                refuse("cell_empty", name)
            return None
        try:
            return date.fromisoformat(text) if kind is date else kind(text)
        except ValueError:
            refuse("not_a_day" if kind is date else "not_a_number", name, value=text[:80])
            return None

    code, name_zh = row["code"].strip(), row["name_zh"].strip()
    for name, longest in _LONGEST.items():
        if not row[name].strip():
            refuse("cell_empty", name)
        elif len(row[name].strip()) > longest:
            refuse("text_too_long", name, limit=longest)
    if row["level"] not in Place.LEVELS:
        refuse("not_one_of", "level", value=row["level"][:80], wanted=", ".join(Place.LEVELS))
    since, until = take("since", date, needed=True), take("until", date)
    if since and until and until <= since:
        refuse("ends_before_it_begins", "until")
    lon, lat = take("lon", float), take("lat", float)
    if not (lon is None or -180 <= lon <= 180) or not (lat is None or -90 <= lat <= 90):
        refuse("not_on_earth", "lat", value=f"{lat}, {lon}")
    verified = row.get("verified", "no")
    if verified not in ("yes", "no"):
        refuse("not_yes_or_no", "verified", value=verified[:80])
    old = have.get(code)
    known = old is not None and old.name_zh == name_zh
    pinyin = row.get("pinyin") or (old.pinyin if known and old else romanising.pinyin_of(name_zh))
    initials = row.get("initials") or (old.initials if known and old else romanising.initials_of(name_zh))
    place = Place(
        code=code,
        level=row["level"],
        parent_id=row["parent"].strip() or None,
        name_zh=name_zh,
        name_en=(row.get("name_en") or romanising.english_of(name_zh))[:120],
        kind=row.get("kind", "")[:20],
        pinyin=pinyin[:160],
        initials=initials[:40],
        lon=lon,
        lat=lat,
        population=take("population", int),
        since=since,
        until=until,
        succeeds=[each for each in row.get("succeeds", "").split(";") if each],
        source=row["source"].strip(),
        verified=verified == "yes",
    )
    return place, wrong


def _check_nesting(place: Place, number: int, levels: Mapping[str, str]) -> list[Problem]:
    """A code begins with its parent's, and the parent is of the level above: "within" is a prefix everywhere."""
    where = f"places:{number}:parent"
    if place.level not in Place.LEVELS:
        return []
    if place.level == Place.CITY:
        return [Invalid("city_has_a_parent", where=where)] if place.parent_id else []
    parent = place.parent_id or ""
    if parent not in levels:
        return [Invalid("place_unknown", where=where, code=parent)]
    above = Place.LEVELS[Place.LEVELS.index(place.level) - 1]
    if not place.code.startswith(parent) or place.code == parent or levels[parent] != above:
        return [Invalid("does_not_nest", where=where, code=place.code, parent=parent)]
    unknown = [code for code in place.succeeds if code not in levels]
    return [Invalid("place_unknown", where=f"places:{number}:succeeds", code=code) for code in unknown]


@transaction.atomic
def succeed(
    new_code: str, *, succeeds: Sequence[str], since: date, ends: bool = True, by: Actor, now: datetime
) -> Place:
    """A place takes over from others on a day: a move, a merger, or a split (one call for each part).

    The new place is there already (`load_places`); it begins on `since`, the others and all within them end on it
    unless `ends` is False (a part was split off, the rest goes on). Rows written under the old codes stay as they
    are. The same twice changes nothing. Raises Invalid: `place_unknown`, `succeeds_itself`,
    `ends_before_it_begins`; Conflict("place_has_ended") when an old one ended on another day.
    """
    rows = Place.objects.in_bulk([new_code, *succeeds])
    for code in (new_code, *succeeds):
        if code not in rows:
            raise Invalid("place_unknown", where="succeeds" if code != new_code else "new_code", code=code)
    if new_code in succeeds or not succeeds:
        raise Invalid("succeeds_itself", where="succeeds", code=new_code)
    new, old = rows[new_code], [rows[code] for code in succeeds]
    if all(place.code in new.succeeds for place in old) and new.since == since:
        return new
    for place in old:
        if place.since >= since:
            raise Invalid("ends_before_it_begins", where="since", code=place.code)
        if place.until is not None and place.until != since:
            raise Conflict("place_has_ended", where="succeeds", code=place.code, until=place.until.isoformat())
    if ends:
        for place in old:
            Place.objects.filter(code__startswith=place.code, until=None, since__lt=since).update(until=since)
    new.since, new.succeeds = since, sorted({*new.succeeds, *succeeds})
    new.save(update_fields=["since", "succeeds"])
    queries.forget()
    event = PlaceSucceeded(
        about=ref_of(new_code), place_code=new_code, succeeds=tuple(succeeds), since=since.isoformat()
    )
    trail.record(event, by=by, now=now)
    return new
