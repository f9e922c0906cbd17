"""What a newcomer to the registry says of itself, and all that may be wrong with it."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from stdnum.cn import uscc

from qianan.ground.codebook import queries as codebook
from qianan.ground.places import queries as places
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Conflict, Invalid, NotYours, Problem
from qianan.registry.businesses import access
from qianan.registry.businesses.models import CreditCode
from qianan.registry.businesses.names import has_control, is_code, plain

IN_ONE = 2000
"""How many values one statement may ask for (SQLite takes 32,766 variables, we stay far below)."""


@dataclass(frozen=True, kw_only=True)
class NewSite:
    """A site to be opened. Empty name, place, venue, tier: those of its business. `tags=None`: usual for its venue.

    Coordinates are WGS-84 degrees; `area_m2` square metres; `opened_on` defaults to the day of registration.
    """

    id: uuid.UUID | None = None
    name_zh: str = ""
    name_en: str = ""
    address: str = ""
    place_code: str = ""
    industry_code: str = ""
    venue: str = ""
    tags: tuple[str, ...] | None = None
    tier: str = ""
    lon: float | None = None
    lat: float | None = None
    area_m2: int | None = None
    opened_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class NewBusiness:
    """A business to be registered, with its sites (without one, it gets a site of its own name and place).

    A replayed registry may have no credit code; one that is given must be right. `how` says whence it came
    (officer, import, replay, plant). `by` and `now` may differ row by row.
    """

    name_zh: str
    place_code: str
    id: uuid.UUID | None = None
    name_en: str = ""
    credit_code: str = ""
    industry: str = ""
    venue: str = ""
    tier: str = "general"
    headcount: int | None = None
    contact: str = ""
    is_landlord: bool = False
    sites: tuple[NewSite, ...] = field(default=())
    how: str = ""
    by: Actor | None = None
    now: datetime | None = None


def chunks(values: Iterable[Any], size: int = IN_ONE) -> Iterator[list[Any]]:
    rest = list(values)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]


def venue_facts() -> dict[str, tuple[str, ...]]:
    """The venues, each with the hazard tags usual there."""
    return {term.code.removeprefix("venue-"): tuple(term.facts.get("tags", ())) for term in codebook.terms("venue")}


def known_tags() -> frozenset[str]:
    return frozenset(term.code.removeprefix("tag-") for term in codebook.terms("tag"))


def venue_of(industry: str) -> str:
    """The venue usual for a trade, by its division (62 → restaurant, 13-43 → factory); "common" when none is."""
    division = industry[:2]
    if not division.isdigit():
        return "common"
    for term in codebook.terms("venue"):
        low, _, high = str(term.facts.get("industries", "")).partition("-")
        if low and int(low) <= int(division) <= int(high or low):
            return term.code.removeprefix("venue-")
    return "common"


def tiers() -> frozenset[str]:
    """The codes of the supervision tiers."""
    return frozenset(term.key for term in codebook.terms("tier"))


def words_for(codes: Iterable[str]) -> "Words":
    """The codes that rows may use, these places among them as far as they are known."""
    return Words(known_place_codes(codes), frozenset(venue_facts()), known_tags(), tiers())


def problems_in(
    news: Sequence[NewBusiness], *, by: Actor, skip: Iterable[uuid.UUID] = (), named: Sequence[str] | None = None
) -> list[Problem]:
    """All that is wrong with these rows, `where` = "<row>.<field>" (`named` gives the row's own name); few queries."""
    skipped = set(skip)
    todo = [
        (named[number] if named else str(number), new)
        for number, new in enumerate(news)
        if new.id is None or new.id not in skipped
    ]
    codes = {new.credit_code.strip().upper() for _, new in todo if new.credit_code}
    taken: set[str] = set()
    for some in chunks(code for code in codes if is_code(code)):
        taken |= set(CreditCode.objects.filter(code__in=some).values_list("code", flat=True))
    words = words_for({new.place_code for _, new in todo} | {site.place_code for _, new in todo for site in new.sites})
    problems: list[Problem] = []
    seen: set[str] = set()
    allowed: dict[tuple[int, str], bool] = {}
    for where, new in todo:
        problems += words.of_business(new, where)
        code = new.credit_code.strip().upper()
        if code:
            if not uscc.is_valid(code):
                problems.append(Invalid("bad_credit_code", where=f"{where}.credit_code", value=code[:40]))
            elif code in taken or code in seen:
                problems.append(Conflict("credit_code_taken", where=f"{where}.credit_code", value=code))
            seen.add(code)
        actor = new.by or by
        key = (id(actor), new.place_code)
        if key not in allowed:
            allowed[key] = access.can_register(actor, new.place_code)
        if not allowed[key]:
            problems.append(NotYours("not_your_area", where=f"{where}.place_code"))
    return problems


def known_place_codes(codes: Iterable[str]) -> frozenset[str]:
    """Those of these codes that are places, of today or of some time."""
    found: set[str] = set()
    for some in chunks({code for code in codes if code and len(code) <= 24 and is_code(code)}):
        found |= set(places.places(some))
    return frozenset(found)


@dataclass(frozen=True)
class Words:
    """The codes that rows may use."""

    places: frozenset[str]
    venues: frozenset[str]
    tags: frozenset[str]
    tiers: frozenset[str]

    def of_business(self, new: NewBusiness, where: str) -> Iterator[Problem]:
        if not plain(new.name_zh):
            yield Invalid("name_needed", where=f"{where}.name_zh")
        yield from texts(where, name_zh=(new.name_zh, 120), name_en=(new.name_en, 200), contact=(new.contact, 30))
        if new.place_code not in self.places:
            yield Invalid("unknown_place", where=f"{where}.place_code", value=new.place_code[:40])
        if new.industry and not codebook.industry_names([new.industry]):
            yield Invalid("unknown_industry", where=f"{where}.industry", value=new.industry[:20])
        if new.venue and new.venue not in self.venues:
            yield Invalid("unknown_venue", where=f"{where}.venue", value=new.venue[:40])
        if new.tier not in self.tiers:
            yield Invalid("unknown_tier", where=f"{where}.tier", value=new.tier[:40])
        yield from numbers(where, headcount=(new.headcount, 0, 1_000_000))
        for number, site in enumerate(new.sites):
            yield from self.of_site(site, f"{where}.sites.{number}")

    def of_site(self, new: NewSite, where: str) -> Iterator[Problem]:
        yield from texts(where, name_zh=(new.name_zh, 120), name_en=(new.name_en, 200), address=(new.address, 200))
        if new.place_code and new.place_code not in self.places:
            yield Invalid("unknown_place", where=f"{where}.place_code", value=new.place_code[:40])
        if new.venue and new.venue not in self.venues:
            yield Invalid("unknown_venue", where=f"{where}.venue", value=new.venue[:40])
        if new.industry_code and not codebook.industry_names([new.industry_code]):
            yield Invalid("unknown_industry", where=f"{where}.industry_code", value=new.industry_code[:20])
        if new.tier and new.tier not in self.tiers:
            yield Invalid("unknown_tier", where=f"{where}.tier", value=new.tier[:40])
        for tag in new.tags or ():
            if tag not in self.tags:
                yield Invalid("unknown_tag", where=f"{where}.tags", value=tag[:40])
        yield from numbers(
            where, lon=(new.lon, -180, 180), lat=(new.lat, -90, 90), area_m2=(new.area_m2, 0, 100_000_000)
        )


def texts(where: str, **fields: tuple[str, int]) -> Iterator[Problem]:
    """What is wrong with these texts: too long, or holding characters nobody types."""
    for name, (text, limit) in fields.items():
        if len(plain(text)) > limit:
            yield Invalid("too_long", where=f"{where}.{name}".lstrip("."), limit=limit)
        elif has_control(text):
            yield Invalid("control_characters", where=f"{where}.{name}".lstrip("."))


def numbers(where: str, **fields: tuple[float | None, float, float]) -> Iterator[Problem]:
    """Which of these numbers lie outside their bounds (not-a-number lies outside all)."""
    for name, (value, low, high) in fields.items():
        if value is not None and not low <= value <= high:
            yield Invalid("bad_number", where=f"{where}.{name}".lstrip("."), low=low, high=high)
