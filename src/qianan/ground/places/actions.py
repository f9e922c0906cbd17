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

    def take(name: str, kind: type, *, needed: bool = False) -> Any:
        text = row.get(name, "").strip()
        if not text:
            if needed:
                wrong.append(Invalid("wrong_value", where=f"places:{number}:{name}", value="", wanted="empty"))
            return None
        try:
            return date.fromisoformat(text) if kind is date else kind(text)
        except ValueError:
            wanted = {date: "date", float: "float", int: "integer"}[kind]
            wrong.append(Invalid("wrong_value", where=f"places:{number}:{name}", value=text[:80], wanted=wanted))
            return None

    code, name_zh = row["code"].strip(), row["name_zh"].strip()
    for name in ("code", "name_zh", "source"):
        longest = Place._meta.get_field(name).max_length or 0
        if not row[name].strip() or len(row[name].strip()) > longest:
            wanted = "empty" if not row[name].strip() else f"char({longest})"
            wrong.append(Invalid("wrong_value", where=f"places:{number}:{name}", value=row[name][:80], wanted=wanted))
    if row["level"] not in Place.LEVELS:
        wanted = " ".join(Place.LEVELS)
        wrong.append(Invalid("wrong_value", where=f"places:{number}:level", value=row["level"][:80], wanted=wanted))
    since, until = take("since", date, needed=True), take("until", date)
    if since and until and until <= since:
        wrong.append(Invalid("ends_before_it_begins", where=f"places:{number}:until"))
    lon, lat = take("lon", float), take("lat", float)
    if (lon is not None and not -180 <= lon <= 180) or (lat is not None and not -90 <= lat <= 90):
        wrong.append(Invalid("wrong_value", where=f"places:{number}:lat", value=f"{lat}, {lon}", wanted="degrees"))
    verified = row.get("verified", "no")
    if verified not in ("yes", "no"):
        wrong.append(Invalid("wrong_value", where=f"places:{number}:verified", value=verified[:80], wanted="yes_or_no"))
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
    if place.parent_id not in levels:
        return [Invalid("unknown_place", where=where, code=place.parent_id or "")]
    above = Place.LEVELS[Place.LEVELS.index(place.level) - 1]
    if not place.code.startswith(place.parent_id) or place.code == place.parent_id or levels[place.parent_id] != above:
        return [Invalid("does_not_nest", where=where, code=place.code, parent=place.parent_id)]
    unknown = [code for code in place.succeeds if code not in levels]
    return [Invalid("unknown_place", where=f"places:{number}:succeeds", code=code) for code in unknown]


@transaction.atomic
def succeed(
    new_code: str, *, succeeds: Sequence[str], since: date, ends: bool = True, by: Actor, now: datetime
) -> Place:
    """A place takes over from others on a day: a move, a merger, or a split (one call for each part).

    The new place is there already (`load_places`); it begins on `since`, the others and all within them end on it
    unless `ends` is False (a part was split off, the rest goes on). Rows written under the old codes stay as they
    are. The same twice changes nothing. Raises Invalid: `unknown_place`, `succeeds_itself`,
    `ends_before_it_begins`; Conflict("place_has_ended") when an old one ended on another day.
    """
    rows = Place.objects.in_bulk([new_code, *succeeds])
    for code in (new_code, *succeeds):
        if code not in rows:
            raise Invalid("unknown_place", where="succeeds" if code != new_code else "new_code", code=code)
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
