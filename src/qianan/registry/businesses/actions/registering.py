"""A business enters the registry, opens a site, changes its facts. One form for one and for many."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from stdnum.cn import uscc

from qianan.ground.codebook import queries as codebook
from qianan.ground.places import queries as places
from qianan.ground.trail.actions import record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid, InvalidMany, NotYours, Problem
from qianan.registry.businesses import access
from qianan.registry.businesses.actions.oversight import line_of, oversee_anew, rows_for, tiers, wanted_for
from qianan.registry.businesses.events import BusinessChanged, BusinessRegistered, SiteOpened
from qianan.registry.businesses.models import Business, CreditCode, Oversight, Site
from qianan.registry.businesses.names import has_control, is_code, plain, spelled
from qianan.tables import bulk

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


def register_business(new: NewBusiness, *, by: Actor, now: datetime) -> Business:
    """One business; see `register_businesses`."""
    try:
        return register_businesses([new], by=by, now=now)[0]
    except InvalidMany as many:
        if len(many.problems) == 1:
            raise many.problems[0] from None
        raise


@transaction.atomic
def register_businesses(news: Sequence[NewBusiness], *, by: Actor, now: datetime) -> list[Business]:
    """Register many businesses with their sites, by sets; all or none. A given id that is there already: that row.

    Territory, industry and comprehensive oversight follow from the code tables; a trade that nobody answers for
    stands in the queue (`line=""`). One entry a business says that it was registered, with its first sites.
    Raises InvalidMany of Invalid with `where` = "<row>.<field>" ("bad_credit_code", "unknown_place",
    "unknown_industry", "unknown_venue", "unknown_tier", "unknown_tag", "name_needed", "too_long",
    "control_characters", "bad_number"), Conflict("credit_code_taken"), NotYours("not_your_area").
    """
    known = _already_there(news)
    problems = problems_in(news, by=by, skip=known)
    if problems:
        raise InvalidMany(problems) if len(problems) > 1 else problems[0]
    venues = venue_facts()
    answer: list[Business] = []
    codes: list[CreditCode] = []
    rows: list[Business] = []
    sites: list[Site] = []
    overseers: list[Oversight] = []
    told: list[tuple[BusinessRegistered, Actor, datetime]] = []
    for new in news:
        if new.id in known:
            answer.append(known[new.id])
            continue
        at, actor = new.now or now, new.by or by
        business = _business(new, at)
        known[business.id] = business  # the same id twice in one list is one business
        wanted = wanted_for(business, on=codebook.local_day(at))
        business.line = line_of(wanted)
        rows.append(business)
        answer.append(business)
        overseers += rows_for(business, wanted, on=codebook.local_day(at), at=at)
        if business.credit_code:
            codes.append(CreditCode(code=business.credit_code, business_id=business.id))
        own = new.sites or (NewSite(),)
        sites += [_site(each, business, number, venues, at) for number, each in enumerate(own, start=1)]
        told.append(
            (
                BusinessRegistered(
                    about=business.ref,
                    place_code=business.place_code,
                    industry=business.industry_id or "",
                    tier=business.tier,
                    how=new.how,
                ),
                actor,
                at,
            )
        )
    try:
        with transaction.atomic():
            bulk.insert(codes)  # written first: whoever comes second finds it taken
    except IntegrityError:
        raise Conflict("credit_code_taken", where="credit_code") from None
    bulk.insert(rows)
    bulk.insert(sites)
    bulk.insert(overseers)
    record_many([event for event, _, _ in told], by=[a for _, a, _ in told], now=[at for _, _, at in told])
    return answer


def _already_there(news: Sequence[NewBusiness]) -> dict[uuid.UUID, Business]:
    found: dict[uuid.UUID, Business] = {}
    for ids in chunks(new.id for new in news if new.id):
        found |= Business.objects.in_bulk(ids)
    return found


def _business(new: NewBusiness, at: datetime) -> Business:
    name = plain(new.name_zh)
    pinyin, initials = spelled(name)
    return Business(
        id=new.id or uuid7(at),
        credit_code=new.credit_code.strip().upper(),
        name_zh=name,
        name_en=plain(new.name_en),
        pinyin=pinyin,
        initials=initials,
        industry_id=new.industry or None,
        venue=new.venue or venue_of(new.industry),
        place_code=new.place_code,
        tier=new.tier,
        headcount=new.headcount,
        contact=plain(new.contact),
        is_landlord=new.is_landlord,
        registered_at=at,
    )


def _site(new: NewSite, business: Business, number: int, venues: Mapping[str, tuple[str, ...]], at: datetime) -> Site:
    venue = new.venue or business.venue
    tags = venues.get(venue, ()) if new.tags is None else new.tags
    return Site(
        business_id=business.id,
        id=new.id or uuid7(at),
        number=number,
        name_zh=plain(new.name_zh) or business.name_zh,
        name_en=plain(new.name_en) or ("" if new.name_zh else business.name_en),
        address=plain(new.address),
        place_code=new.place_code or business.place_code,
        industry_code=new.industry_code or business.industry_id or "",
        venue=venue,
        tags=sorted(set(tags)),
        tier=new.tier or business.tier,
        lon=new.lon,
        lat=new.lat,
        area_m2=new.area_m2,
        opened_on=new.opened_on or codebook.local_day(at),
    )


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


# -- what must be right before anything is written ---------------------------------


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
    known_places = known_place_codes(
        {new.place_code for _, new in todo} | {site.place_code for _, new in todo for site in new.sites}
    )
    words = _Words(known_places, frozenset(venue_facts()), known_tags(), tiers())
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
class _Words:
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


# -- sites ---------------------------------------------------------------------------


def open_site(business: Business, new: NewSite, *, by: Actor, now: datetime) -> Site:
    """One more site; see `open_sites`."""
    return open_sites([(business, new)], by=by, now=now)[0]


@transaction.atomic
def open_sites(
    news: Sequence[tuple[Business, NewSite]], *, by: Actor, now: datetime, succeeds: uuid.UUID | None = None
) -> list[Site]:
    """Businesses open further sites; each is told. `succeeds` is the site a moved one follows.

    Raises NotYours("not_your_business") unless the manager of the business or an officer who keeps its registry;
    InvalidMany as for registering.
    """
    words = _Words(
        known_place_codes({new.place_code for _, new in news}), frozenset(venue_facts()), known_tags(), tiers()
    )
    problems: list[Problem] = []
    for number, (business, new) in enumerate(news):
        if not access.can_change_site(by, business):
            raise NotYours("not_your_business")
        problems += words.of_site(new, str(number))
    if problems:
        raise InvalidMany(problems) if len(problems) > 1 else problems[0]
    venues = venue_facts()
    last: dict[uuid.UUID, int] = {}
    for some in chunks({business.id for business, _ in news}):
        rows = Site.objects.filter(business_id__in=some).values("business_id").annotate(last=Max("number"))
        last |= {row["business_id"]: row["last"] for row in rows}
    sites = []
    for business, new in news:
        last[business.id] = last.get(business.id, 0) + 1
        site = _site(new, business, last[business.id], venues, now)
        site.business, site.succeeds = business, succeeds
        sites.append(site)
    bulk.insert(sites)
    record_many(
        [SiteOpened(about=site.ref, place_code=site.place_code, venue=site.venue) for site in sites], by=by, now=now
    )
    return sites


# -- changes ---------------------------------------------------------------------------

OWN = frozenset({"name_en", "headcount", "contact"})
"""What a business changes by itself; the rest is the registry's."""

CHANGEABLE = OWN | {"name_zh", "industry", "venue", "place_code", "is_landlord", "credit_code"}


def change_business(business: Business, *, by: Actor, now: datetime, **fields: Any) -> Business:
    """Change facts of one business; see `change_businesses`."""
    return change_businesses([(business, fields)], by=by, now=now)[0]


@transaction.atomic
def change_businesses(
    changes: Sequence[tuple[Business, Mapping[str, Any]]], *, by: Actor, now: datetime
) -> list[Business]:
    """Change facts of businesses: {field: value} each; the trail keeps the names of the fields, not their values.

    A new place or trade brings new outside owners (`oversee_anew`). A credit code may be filled in, never replaced.
    Its manager may change contact, English name and headcount; the rest is for officers of the registry.
    Values that are already so change nothing and are not told.
    """
    words = _Words(
        known_place_codes({str(fields["place_code"]) for _, fields in changes if "place_code" in fields}),
        frozenset(venue_facts()),
        known_tags(),
        tiers(),
    )
    problems: list[Problem] = []
    touched: list[tuple[Business, Mapping[str, Any], tuple[str, ...]]] = []
    for number, (business, fields) in enumerate(changes):
        names = tuple(sorted(name for name, value in fields.items() if _differs(business, name, value)))
        if not names:
            continue
        problems += _may_change(business, fields, names, words, str(number), by)
        touched.append((business, fields, names))
    if problems:
        raise InvalidMany(problems) if len(problems) > 1 else problems[0]
    codes = []
    anew = []
    for business, fields, names in touched:
        for name in names:
            _set(business, name, fields[name])
        if "credit_code" in names:
            codes.append(CreditCode(code=business.credit_code, business_id=business.id))
        if {"place_code", "industry", "venue"} & set(names):
            anew.append(business)
    try:
        with transaction.atomic():
            bulk.insert(codes)
    except IntegrityError:
        raise Conflict("credit_code_taken", where="credit_code") from None
    oversee_anew(anew, now=now)
    bulk.update(
        [business for business, _, _ in touched],
        [
            "credit_code", "name_zh", "name_en", "pinyin", "initials", "industry", "venue", "place_code", "line",
            "headcount", "contact", "is_landlord",
        ],
    )  # fmt: skip
    record_many(
        [
            BusinessChanged(about=business.ref, place_code=business.place_code, fields=names)
            for business, _, names in touched
        ],
        by=by,
        now=now,
    )
    return [business for business, _ in changes]


def _clean(name: str, value: Any) -> Any:
    if name == "credit_code":
        return str(value).strip().upper()
    return plain(value) if isinstance(value, str) else value


def _differs(business: Business, name: str, value: Any) -> bool:
    if name not in CHANGEABLE:
        raise Invalid("unknown_field", where=name)
    held = (business.industry_id or "") if name == "industry" else getattr(business, name)
    return bool(held != _clean(name, value))


def _set(business: Business, name: str, value: Any) -> None:
    value = _clean(name, value)
    if name == "industry":
        business.industry_id = value or None
        return
    setattr(business, name, value)
    if name == "name_zh":
        business.pinyin, business.initials = spelled(value)


def _may_change(
    business: Business, fields: Mapping[str, Any], names: Sequence[str], words: _Words, where: str, by: Actor
) -> Iterator[Problem]:
    officer = access.can_register(by, business.place_code)
    if not officer and not (access.can_manage(by, business) and set(names) <= OWN):
        yield NotYours("not_your_business", where=where)
        return
    if "place_code" in names and not access.can_register(by, str(fields["place_code"])):
        yield NotYours("not_your_area", where=f"{where}.place_code")
    changed = {name: fields[name] for name in names}
    probe = NewBusiness(
        name_zh=str(changed.get("name_zh", "-")),
        place_code=str(changed.get("place_code", "")) or business.place_code,
        name_en=str(changed.get("name_en", "")),
        industry=str(changed.get("industry", "")),
        venue=str(changed.get("venue", "")),
        headcount=changed.get("headcount"),
        contact=str(changed.get("contact", "")),
    )
    known = _Words(words.places | {business.place_code}, words.venues, words.tags, words.tiers)
    yield from known.of_business(probe, where)
    if "credit_code" in changed:
        code = str(changed["credit_code"]).strip().upper()
        if business.credit_code:
            yield Conflict("credit_code_fixed", where=f"{where}.credit_code", value=business.credit_code)
        elif not uscc.is_valid(code):
            yield Invalid("bad_credit_code", where=f"{where}.credit_code", value=code[:40])
        elif CreditCode.objects.filter(code=code).exists():
            yield Conflict("credit_code_taken", where=f"{where}.credit_code", value=code)
