"""A business enters the registry, opens a site. One form for one and for many."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from qianan.ground.codebook import queries as codebook
from qianan.ground.trail.actions import record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, InvalidMany, NotYours, Problem
from qianan.registry.businesses import access
from qianan.registry.businesses.actions.oversight import line_of, rows_for, wanted_for
from qianan.registry.businesses.events import BusinessRegistered, SiteOpened
from qianan.registry.businesses.models import Business, CreditCode, Oversight, Site
from qianan.registry.businesses.names import plain, spelled
from qianan.registry.businesses.newcomers import (
    NewBusiness,
    NewSite,
    chunks,
    problems_in,
    venue_facts,
    venue_of,
    words_for,
)
from qianan.tables import bulk


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
    words = words_for(new.place_code for _, new in news)
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
