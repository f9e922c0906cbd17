"""A site pauses, closes, moves, opens again: said with proof, on a day; its checks stop or go on with the news."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from qianan.ground.codebook import queries as codebook
from qianan.ground.codebook.queries import local_day
from qianan.ground.evidence import actions as evidence
from qianan.ground.trail.actions import record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid, InvalidMany, NotFound, NotYours, Problem
from qianan.registry.businesses import access
from qianan.registry.businesses.actions.oversight import oversee_anew
from qianan.registry.businesses.actions.registering import open_sites
from qianan.registry.businesses.events import BusinessChanged, SiteStateChanged
from qianan.registry.businesses.lifecycle import BUSINESS, SITE
from qianan.registry.businesses.models import Business, Site, SiteChange
from qianan.registry.businesses.names import has_control, plain
from qianan.registry.businesses.newcomers import (
    NewSite,
    chunks,
    known_place_codes,
    known_tags,
    numbers,
    texts,
    venue_facts,
)
from qianan.tables import bulk

BACK_DAYS, AHEAD_DAYS, PAUSE_DAYS = 7, 60, 366
"""A business tells of a change at most a week late (missed checks are not undone by a later word) and two months
ahead; a pause has an end within a year, after which the checks go on by themselves."""


@transaction.atomic
def change_site(
    site: Site,
    *,
    state: str,
    reason: str,
    from_day: date,
    until_day: date | None = None,
    proof: Sequence[str] = (),
    moved_to: NewSite | None = None,
    by: Actor,
    now: datetime,
) -> SiteChange:
    """停业、歇业、搬迁、复业: say that a site is paused, closed, moved or open again from a day on.

    A business proves it with files already kept (`proof`: SHA-256s); an officer of its area may say it by himself.
    A pause has an end (`until_day`: the day it is open again). A move opens the next site at `moved_to`, and takes
    the business's own place along when it was there. A day ahead stays pending until the clock carries it out;
    only one change of a site waits at a time.
    Raises NotYours("not_your_business"); NotNow("not_now"); Conflict("change_pending"); Invalid("proof_needed",
    "reason_needed", "from_day_too_early", "from_day_too_late", "until_day_needed", "bad_until_day",
    "moved_to_needed", "unknown_photo", …).
    """
    business = _lock(site)
    site = Site.objects.get(business_id=business.id, id=site.id)
    site.business = business
    if not access.can_change_site(by, business):
        raise NotYours("not_your_business")
    SITE.check(site.state, state)
    _check_words(state, reason, from_day, until_day, proof, moved_to, by=by, business=business, now=now)
    if SiteChange.objects.filter(business_id=business.id, site_id=site.id, pending=True).exists():
        raise Conflict("change_pending")
    change = SiteChange(
        business_id=business.id,
        id=uuid7(now),
        site_id=site.id,
        was=site.state,
        now=state,
        reason=plain(reason),
        from_day=from_day,
        until_day=until_day if state == "paused" else None,
        at=now,
        pending=from_day > local_day(now),
    )
    change.save()
    if proof:
        evidence.attach(list(proof), about=change.ref, place_code=site.place_code, stage="proof", by=by, now=now)
    if moved_to is not None and state == "moved":
        opened = open_sites([(business, _filled(moved_to, site, from_day))], by=by, now=now, succeeds=site.id)[0]
        if change.pending:  # it opens on the day the old one is left
            opened.state, opened.state_until = "paused", from_day
            opened.save(update_fields=["state", "state_until"])
    if not change.pending:
        _carry_out([(change, site)], by=by, now=now)
    return change


def _lock(site: Site) -> Business:
    """The business, held until the act is over: two changes of one site come one after the other."""
    business = Business.objects.select_for_update().filter(id=site.business_id).first()
    if business is None:
        raise NotFound("no_such_business")
    return business


def _filled(new: NewSite, old: Site, day: date) -> NewSite:
    """The new site takes over from the old one what was not said."""
    from dataclasses import replace

    return replace(
        new,
        name_zh=new.name_zh or old.name_zh,
        name_en=new.name_en or old.name_en,
        place_code=new.place_code or old.place_code,
        venue=new.venue or old.venue,
        tags=tuple(old.tags) if new.tags is None else new.tags,
        tier=new.tier or old.tier,
        industry_code=new.industry_code or old.industry_code,
        opened_on=new.opened_on or day,
    )


def _check_words(
    state: str,
    reason: str,
    from_day: date,
    until_day: date | None,
    proof: Sequence[str],
    moved_to: NewSite | None,
    *,
    by: Actor,
    business: Business,
    now: datetime,
) -> None:
    today = local_day(now)
    officer = access.can_register(by, business.place_code)
    problems: list[Problem] = []
    said = plain(reason)
    if len(said) < 2:
        problems.append(Invalid("reason_needed", where="reason"))
    elif len(said) > 300:
        problems.append(Invalid("too_long", where="reason", limit=300))
    elif has_control(reason):
        problems.append(Invalid("control_characters", where="reason"))
    if not officer and from_day < today - timedelta(days=BACK_DAYS):
        problems.append(Invalid("from_day_too_early", where="from_day", days=BACK_DAYS))
    if from_day > today + timedelta(days=AHEAD_DAYS):
        problems.append(Invalid("from_day_too_late", where="from_day", days=AHEAD_DAYS))
    if state == "paused":
        if until_day is None:
            problems.append(Invalid("until_day_needed", where="until_day"))
        elif not max(from_day, today) < until_day <= from_day + timedelta(days=PAUSE_DAYS):
            problems.append(Invalid("bad_until_day", where="until_day", days=PAUSE_DAYS))
    if state == "moved" and (moved_to is None or not (moved_to.place_code or moved_to.address)):
        problems.append(Invalid("moved_to_needed", where="moved_to"))
    if state in {"paused", "closed", "moved"} and not proof and not officer:
        problems.append(Invalid("proof_needed", where="proof"))
    if problems:
        raise InvalidMany(problems) if len(problems) > 1 else problems[0]


def _carry_out(pairs: Sequence[tuple[SiteChange, Site]], *, by: Actor, now: datetime) -> None:
    """Each change becomes the state of its site, is told, and closes or reopens the business with its last site."""
    events = []
    for change, site in pairs:
        site.state, site.state_until = change.now, change.until_day
        change.pending = False
        events.append(
            SiteStateChanged(
                about=site.ref,
                place_code=site.place_code,
                was=change.was,
                now=change.now,
                reason=change.reason,
                from_day=change.from_day.isoformat(),
                until_day=change.until_day.isoformat() if change.until_day else "",
            )
        )
    bulk.update([site for _, site in pairs], ["state", "state_until"])
    bulk.update([change for change, _ in pairs], ["pending"])
    record_many(events, by=by, now=now)
    moved = {site.id: site for change, site in pairs if change.now == "moved"}
    _follow({site.business_id for _, site in pairs}, moved, by=by, now=now)


def _follow(ids: set[uuid.UUID], moved: dict[uuid.UUID, Site], *, by: Actor, now: datetime) -> None:
    """The business follows its sites: to another place, closed with the last one, active with the first again."""
    businesses = Business.objects.in_bulk(sorted(ids))
    sites: dict[uuid.UUID, list[Site]] = {}
    for site in Site.objects.filter(business_id__in=sorted(ids)).order_by("number"):
        sites.setdefault(site.business_id, []).append(site)
    events = []
    anew = []
    for business in businesses.values():
        fields = []
        own = sites.get(business.id, [])
        state = "active" if any(site.state in {"open", "paused"} for site in own) else "closed"
        if state != business.state and BUSINESS.allows(business.state, state):
            business.state = state
            fields.append("state")
        for site in own:
            left = moved.get(site.succeeds) if site.succeeds else None
            if left and business.place_code == left.place_code != site.place_code and not _works_in(own, left):
                business.place_code = site.place_code
                fields.append("place_code")
                anew.append(business)
        if fields:
            events.append(
                BusinessChanged(about=business.ref, place_code=business.place_code, fields=tuple(sorted(fields)))
            )
    oversee_anew(anew, now=now)
    bulk.update(list(businesses.values()), ["state", "place_code", "line"])
    record_many(events, by=by, now=now)


def _works_in(sites: Sequence[Site], left: Site) -> bool:
    return any(site.state in {"open", "paused"} and site.place_code == left.place_code for site in sites)


def change_due_sites(now: datetime) -> int:
    """The clock's: changes whose day has come are carried out, pauses that end are ended. Safe to run twice.

    Returns how many sites changed. Each district's businesses in the house's own name (door "clock").
    """
    by = Actor.system("clock")
    today = local_day(now)
    done = 0
    with transaction.atomic():
        due = list(SiteChange.objects.filter(pending=True, from_day__lte=today).order_by("from_day", "id")[:5000])
        sites = _sites_of((change.business_id, change.site_id) for change in due)
        pairs = []
        for change in due:
            site = sites[change.business_id, change.site_id]
            if SITE.allows(site.state, change.now):
                change.was = site.state
                pairs.append((change, site))
            else:  # somebody changed it otherwise meanwhile
                SiteChange.objects.filter(business_id=change.business_id, id=change.id).update(pending=False)
        _carry_out(pairs, by=by, now=now)
        done += len(pairs)
    with transaction.atomic():
        rested = list(Site.objects.filter(state="paused", state_until__lte=today).order_by("state_until")[:5000])
        changes = [
            SiteChange(
                business_id=site.business_id,
                id=uuid7(now),
                site_id=site.id,
                was="paused",
                now="open",
                reason="暂停期满 / the pause has ended",
                from_day=site.state_until or today,
                at=now,
            )
            for site in rested
        ]
        bulk.insert(changes)
        _carry_out(list(zip(changes, rested, strict=True)), by=by, now=now)
        done += len(rested)
    return done


def _sites_of(keys: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> dict[tuple[uuid.UUID, uuid.UUID], Site]:
    wanted = set(keys)
    found: dict[tuple[uuid.UUID, uuid.UUID], Site] = {}
    for some in chunks(wanted):
        rows = Site.objects.filter(business_id__in={b for b, _ in some}, id__in={i for _, i in some})
        found |= {(site.business_id, site.id): site for site in rows}
    return found


SITE_FACTS = frozenset(
    {"name_zh", "name_en", "address", "place_code", "venue", "tags", "lon", "lat", "area_m2", "industry_code"}
)
MANAGERS_OWN = frozenset({"name_en", "address", "lon", "lat", "area_m2", "tags"})
"""What a manager corrects by himself: hazard tags may be added by him, taken away only by an officer."""


def describe_site(site: Site, *, by: Actor, now: datetime, **facts: Any) -> Site:
    """Correct the facts of one site; see `describe_sites`."""
    return describe_sites([(site, facts)], by=by, now=now)[0]


@transaction.atomic
def describe_sites(changes: Sequence[tuple[Site, Mapping[str, Any]]], *, by: Actor, now: datetime) -> list[Site]:
    """Correct facts of sites ({field: value} each); tags choose lists. The trail keeps the fields' names.

    What is so already changes nothing. Raises NotYours("not_your_business"); Invalid/InvalidMany ("unknown_field",
    "unknown_place", "unknown_venue", "unknown_tag", …), `where` = the field, or "<row>.<field>" for several.
    """
    ids = sorted({site.business_id for site, _ in changes})
    businesses: dict[uuid.UUID, Business] = {}
    for some in chunks(ids):
        businesses |= {row.id: row for row in Business.objects.select_for_update().filter(id__in=some)}
    fresh = _sites_of((site.business_id, site.id) for site, _ in changes)
    places = known_place_codes(str(facts["place_code"]) for _, facts in changes if "place_code" in facts)
    problems: list[Problem] = []
    touched: dict[uuid.UUID, tuple[Site, set[str]]] = {}
    answer = []
    for number, (given, facts) in enumerate(changes):
        if (given.business_id, given.id) not in fresh:
            raise NotFound("no_such_site")
        site = fresh[given.business_id, given.id]
        site.business = businesses[site.business_id]
        answer.append(site)
        changed = {
            name: value
            for name, value in facts.items()
            if name not in SITE_FACTS or getattr(site, name) != _cleaned(name, value)
        }
        if not _may_describe(by, site, changed):
            raise NotYours("not_your_business")
        wrong = list(_wrong_facts(changed, places, f"{number}." if len(changes) > 1 else ""))
        if wrong or not changed:
            problems += wrong
            continue
        for name, value in changed.items():
            setattr(site, name, _cleaned(name, value))
        touched.setdefault(site.id, (site, set()))[1].update(changed)
    if problems:
        raise InvalidMany(problems) if len(problems) > 1 else problems[0]
    bulk.update([site for site, _ in touched.values()], sorted(SITE_FACTS))
    record_many(
        [
            BusinessChanged(about=site.ref, place_code=site.place_code, fields=tuple(sorted(names)))
            for site, names in touched.values()
        ],
        by=by,
        now=now,
    )
    return answer


def _may_describe(by: Actor, site: Site, changed: Mapping[str, Any]) -> bool:
    if access.can_register(by, site.business.place_code):
        return True
    fewer = "tags" in changed and not set(site.tags) <= set(changed["tags"])
    return access.can_manage(by, site.business) and set(changed) <= MANAGERS_OWN and not fewer


def _cleaned(name: str, value: Any) -> Any:
    if name == "tags":
        return sorted(set(value))
    return plain(value) if isinstance(value, str) else value


def _wrong_facts(changed: Mapping[str, Any], places: frozenset[str], row: str) -> Iterator[Problem]:
    limits = {"name_zh": 120, "name_en": 200, "address": 200}
    for name, value in changed.items():
        where = f"{row}{name}"
        if name not in SITE_FACTS:
            yield Invalid("unknown_field", where=where)
        elif name in limits:
            yield from texts(row.rstrip("."), **{name: (value, limits[name])})
            if name == "name_zh" and not plain(value):
                yield Invalid("name_needed", where=where)
        elif name == "place_code" and value not in places:
            yield Invalid("unknown_place", where=where, value=str(value)[:40])
        elif name == "venue" and value not in venue_facts():
            yield Invalid("unknown_venue", where=where, value=str(value)[:40])
        elif name == "industry_code" and value and not codebook.industry_names([value]):
            yield Invalid("unknown_industry", where=where, value=str(value)[:20])
        elif name == "tags" and not set(value) <= known_tags():
            yield Invalid("unknown_tag", where=where, value=", ".join(sorted(set(value) - known_tags()))[:80])
    yield from numbers(
        row.rstrip("."),
        lon=(changed.get("lon"), -180, 180),
        lat=(changed.get("lat"), -90, 90),
        area_m2=(changed.get("area_m2"), 0, 100_000_000),
    )
