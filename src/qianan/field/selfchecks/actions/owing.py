"""What is owed: the day's checks are made, once, however many workers run; a shut site owes none."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from qianan.field.selfchecks import access
from qianan.field.selfchecks.due import Due, due_on, too_soon
from qianan.field.selfchecks.events import ChecksFellDue, ChecksResumed, ChecksStopped, ChecksWaived
from qianan.field.selfchecks.lifecycle import OCCURRENCE, OWED
from qianan.field.selfchecks.models import Occurrence, Standing
from qianan.field.selfchecks.queries.standings import lists_published, owner_posts, standing_id, standing_ref
from qianan.ground.codebook import queries as codebook
from qianan.ground.trail.actions import record, record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL, month_of, uuid7_of
from qianan.kernel.problems import Invalid
from qianan.kernel.ref import Ref
from qianan.registry.businesses.lifecycle import OWES_CHECKS
from qianan.registry.businesses.models import Site
from qianan.registry.checklists import queries as checklists
from qianan.registry.checklists.models import Checklist
from qianan.registry.duties import actions as duties
from qianan.tables import bulk

CLOCK = Actor.system("clock")
CHUNK = 5000
"""Standings renewed in one transaction, so that nobody waits for long on the embedded database."""

ENROL_KEY, MAKE_KEY = 7210021, 7210022


def _wait_our_turn(key: int) -> None:
    """One maker of owed checks at a time, so that the counts in the trail are true; the unique key is the guard.

    On SQLite the write lock of the transaction says so already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def make_occurrences(day: date, *, now: datetime, by: Actor = CLOCK, sites: Sequence[Site] | None = None) -> int:
    """Make the checks owed for the periods that hold this local day. Returns how many are new.

    Safe to do twice and by many workers: an occurrence's id is made from site, list and due day. `sites` limits it to
    those that have just joined or opened again. Sites and lists that are new are enrolled on the way; days on which
    the clock stood still are not owed afterwards, nobody could have seen them.
    """
    _enrol(_newcomers(now) if sites is None else sites, day)
    mine = Q() if sites is None else Q(business_id__in={site.business_id for site in sites})
    stale = Standing.objects.filter(Q(next_due_day__lt=day) | Q(next_due_day=None), mine, active=True)
    made, seen = 0, -1
    while seen:
        with transaction.atomic():
            _wait_our_turn(MAKE_KEY)
            some = list(stale.order_by("business_id", "id")[:CHUNK])
            seen = len(some)
            made += _renew(some, day, now=now, by=by) if some else 0
    return made


def begin_day(now: datetime) -> int:
    """The clock's line: make the checks owed for today, the instance's day at `now`."""
    return make_occurrences(codebook.local_day(now), now=now)


def _newcomers(now: datetime) -> list[Site]:
    """Open sites that nobody has enrolled yet, and those for which a list was published lately."""
    enrolled = Standing.objects.filter(business_id=OuterRef("business_id"), site_id=OuterRef("id"))
    owing = Site.objects.filter(state__in=OWES_CHECKS, business__state="active").select_related("business")
    found = list(owing.filter(~Exists(enrolled)))
    for checklist in lists_published(now - timedelta(days=3), now):
        venues = Q() if checklist.venue == "common" else Q(venue=checklist.venue)
        found += owing.filter(venues, Exists(enrolled), ~Exists(enrolled.filter(checklist=checklist.code)))
    return found


def _lists_of(site: Site) -> list[Checklist]:
    return checklists.lists_for(venue=site.venue, tags=site.tags)


def _enrol(sites: Iterable[Site], day: date) -> None:
    rows = [
        Standing(
            business_id=site.business_id,
            id=standing_id(site.id, checklist.code),
            site_id=site.id,
            checklist=checklist.code,
            owed_since=max(day, site.opened_on),
            **_facts_of(site),
        )
        for site in sites
        for checklist in _lists_of(site)
    ]
    for start in range(0, len(rows), CHUNK):
        with transaction.atomic():
            bulk.insert(rows[start : start + CHUNK], ignore=True)


def _facts_of(site: Site) -> dict[str, str]:
    return {
        "place_code": site.place_code,
        "industry_code": site.industry_code,
        "line": site.business.line,
        "tier": site.tier,
    }


@dataclass(slots=True)
class _Rule:
    """A list's rhythm for sites alike: how often, and the check it makes due for the day."""

    frequency: str
    due: Due


class _Rules:
    """The rhythm by list, venue, tags and tier, asked of the codebook once for all sites alike."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.zone = codebook.instance_zone()
        self.found: dict[tuple[Any, ...], _Rule | None] = {}

    def of(self, site: Site, code: str) -> _Rule | None:
        """None when this site no longer owes the list."""
        key = (code, site.venue, tuple(site.tags), site.tier)
        if key not in self.found:
            self.found[key] = self._ask(site, code)
        return self.found[key]

    def _ask(self, site: Site, code: str) -> _Rule | None:
        checklist = next((each for each in _lists_of(site) if each.code == code), None)
        if checklist is None:
            return None
        row = codebook.frequency_for(
            checklist=code, venue=site.venue, tags=site.tags, tier=site.tier, default=checklist.frequency, on=self.day
        )
        due = due_on(row.frequency, self.day, due_time=row.due_time, grace_hours=row.grace_hours, zone=self.zone)
        return _Rule(row.frequency, due)


def occurrence_id(site_id: uuid.UUID, checklist: str, due_day: date, due_at: datetime) -> uuid.UUID:
    """The id of an owed check, the same whoever makes it; it carries the month of its due time."""
    return uuid7_of(f"{site_id}/{checklist}/{due_day.isoformat()}", due_at)


def _renew(standings: Sequence[Standing], day: date, *, now: datetime, by: Actor) -> int:
    """Make the next check of each standing; put those aside that owe nothing any more."""
    businesses = {each.business_id for each in standings}
    sites = {
        (site.business_id, site.id): site
        for site in Site.objects.filter(business_id__in=businesses).select_related("business")
    }
    posts = owner_posts(businesses, on=day)
    rules = _Rules(day)
    moved: list[tuple[Any, ...]] = []
    rested: list[tuple[Any, ...]] = []
    rows: list[Occurrence] = []
    for standing in standings:
        site = sites.get((standing.business_id, standing.site_id))
        owes = site is not None and site.state in OWES_CHECKS and site.business.state == "active"
        rule = rules.of(site, standing.checklist) if site is not None and owes else None
        if site is None or rule is None:
            rested.append((False, standing.business_id, standing.id))
            continue
        due = rule.due
        facts = _facts_of(site)
        moved.append((due.day, *facts.values(), standing.business_id, standing.id))
        if standing.next_due_day is None and too_soon(rule.frequency, due.day, standing.owed_since):
            continue
        id = occurrence_id(site.id, standing.checklist, due.day, due.at)
        rows.append(
            Occurrence(
                business_id=site.business_id,
                month=month_of(id),
                id=id,
                site_id=site.id,
                checklist=standing.checklist,
                due_day=due.day,
                due_at=due.at,
                misses_at=due.misses_at,
                post=posts.get((site.business_id, standing.checklist)),
                place_code=site.place_code,
                industry_code=site.industry_code,
            )
        )
    there = bulk.existing(Occurrence, ("business_id", "month", "id"), [(r.business_id, r.month, r.id) for r in rows])
    new = [row for row in rows if (row.business_id, row.month, row.id) not in there]
    bulk.insert(new, ignore=True)
    bulk.run(
        "UPDATE selfchecks_standing SET next_due_day = %s, place_code = %s, industry_code = %s, line = %s, tier = %s"
        " WHERE business_id = %s AND id = %s",
        moved,
    )
    bulk.run("UPDATE selfchecks_standing SET active = %s WHERE business_id = %s AND id = %s", rested)
    counts = Counter((row.place_code[:6], row.checklist, row.due_day) for row in new)
    record_many(
        [
            ChecksFellDue(
                about=Ref.of("places.place", NIL, district),
                place_code=district,
                checklist=code,
                day=due_day.isoformat(),
                count=count,
            )
            for (district, code, due_day), count in sorted(counts.items())
        ],
        by=by,
        now=now,
    )
    return len(new)


@transaction.atomic
def stop_checks(sites: Sequence[Site], *, reason: str, from_day: date, by: Actor, now: datetime) -> int:
    """A shut site owes no checks: open ones due from this day on are waived, its silence ends. How many were waived.

    The word "shut" and its proof are the registry's; this is what follows from it.
    """
    waived = 0
    for site in sites:
        standings = list(Standing.objects.filter(business_id=site.business_id, site_id=site.id, active=True))
        if not standings:
            continue
        open_ones = Occurrence.objects.filter(
            business_id=site.business_id, site_id=site.id, state="due", due_day__gte=from_day
        )
        count = open_ones.update(state="waived", reason=reason[:200], closed_at=now)
        _rest(standings, reason=reason, by=by, now=now)
        record(
            ChecksStopped(about=_site_ref(site), place_code=site.place_code, waived=count, reason=reason[:200]),
            by=by,
            now=now,
        )
        waived += count
    return waived


def _rest(standings: Sequence[Standing], *, reason: str, by: Actor, now: datetime) -> None:
    for standing in standings:
        silent, standing.active, standing.missed_in_row = standing.missed_in_row > 0, False, 0
        standing.save(update_fields=["active", "missed_in_row"])
        if silent:
            duties.cancel(standing_ref(standing), "silence", reason=reason, by=by, now=now)


def _site_ref(site: Site) -> Ref:
    return Ref.of("businesses.site", site.business_id, site.id)


def resume_checks(sites: Sequence[Site], *, from_day: date, by: Actor, now: datetime) -> int:
    """A site that opened again owes its checks from this day on. Returns how many were made or taken back."""
    back = 0
    for site in sites:
        with transaction.atomic():
            resting = Standing.objects.filter(business_id=site.business_id, site_id=site.id, active=False)
            owed = [checklist.code for checklist in _lists_of(site)]
            count = resting.filter(checklist__in=owed).update(
                active=True, owed_since=from_day, next_due_day=from_day - timedelta(days=1)
            )
            if not count:
                continue
            OCCURRENCE.check("waived", "due")
            back += Occurrence.objects.filter(
                business_id=site.business_id,
                site_id=site.id,
                checklist__in=owed,
                state="waived",
                due_at__gt=now,
                due_day__gte=from_day,
            ).update(state="due", reason="", closed_at=None)
            record(ChecksResumed(about=_site_ref(site), place_code=site.place_code), by=by, now=now)
    return back + make_occurrences(max(from_day, codebook.local_day(now)), now=now, by=by, sites=sites)


@transaction.atomic
def waive(site: Site, *, since: date, until: date, reason: str, by: Actor, now: datetime, checklist: str = "") -> int:
    """Let a site off the checks due from `since` to `until` (both included), with the reason. How many were waived.

    Missed ones count as waived too; when none of a list's misses is left, its silence is cancelled.
    Raises NotYours("not_your_area"), Invalid("reason_missing" | "days_reversed").
    """
    access.check_may_waive(by, site.business)
    if not reason.strip():
        raise Invalid("reason_missing", where="reason")
    if until < since:
        raise Invalid("days_reversed", where="until", since=since.isoformat(), until=until.isoformat())
    owed = Occurrence.objects.filter(
        business_id=site.business_id, site_id=site.id, state__in=OWED, due_day__gte=since, due_day__lte=until
    )
    if checklist:
        owed = owed.filter(checklist=checklist)
    rows = list(owed)
    missed = Counter(row.checklist for row in rows if row.state == "missed")
    for row in rows:
        OCCURRENCE.check(row.state, "waived")
    owed.update(state="waived", reason=reason[:200], closed_at=now)
    for standing in Standing.objects.filter(business_id=site.business_id, site_id=site.id, checklist__in=missed):
        was = standing.missed_in_row
        standing.missed -= missed[standing.checklist]
        standing.missed_in_row = max(0, was - missed[standing.checklist])
        standing.save(update_fields=["missed", "missed_in_row"])
        if was and not standing.missed_in_row:
            duties.cancel(standing_ref(standing), "silence", reason=reason, by=by, now=now)
    if rows:
        record(
            ChecksWaived(about=_site_ref(site), place_code=site.place_code, count=len(rows), reason=reason[:200]),
            by=by,
            now=now,
        )
    return len(rows)


__all__ = ["CLOCK", "begin_day", "make_occurrences", "occurrence_id", "resume_checks", "stop_checks", "waive"]
