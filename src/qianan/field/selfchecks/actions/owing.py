"""What is owed: the day's checks are made, once, however many workers run; a shut site owes none."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q

from qianan.field.selfchecks import access
from qianan.field.selfchecks.due import Due, due_on, too_soon
from qianan.field.selfchecks.events import ChecksFellDue, ChecksResumed, ChecksStopped, ChecksWaived
from qianan.field.selfchecks.lifecycle import OCCURRENCE, OWED
from qianan.field.selfchecks.models import Occurrence, Standing
from qianan.field.selfchecks.queries.stale import Stale, stale_standings
from qianan.field.selfchecks.queries.standings import lists_published, standing_id, standing_ref
from qianan.ground.codebook import queries as codebook
from qianan.ground.trail.actions import record, record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL, month_of, uuid7, uuid7_of
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
    owners = None if sites is None else {site.business_id for site in sites}
    made, seen = 0, -1
    while seen:
        with transaction.atomic():
            _wait_our_turn(MAKE_KEY)
            some = stale_standings(day, owners, limit=CHUNK)
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


@dataclass(frozen=True, slots=True)
class _Rule:
    """A list's rhythm for sites alike, and the check it makes due for the day."""

    frequency: str
    due: Due
    month: int


class _Rules:
    """The rhythm by list, venue, tags and tier, asked of the codebook once for all sites alike."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.zone = codebook.instance_zone()
        self.found: dict[tuple[str, str, str, str], _Rule | None] = {}

    def of(self, stale: Stale) -> _Rule | None:
        """None when the site no longer owes the list."""
        if not stale.owes:
            return None
        key = (stale.checklist, stale.venue, stale.tags, stale.tier)
        if key not in self.found:
            self.found[key] = self._ask(*key)
        return self.found[key]

    def _ask(self, code: str, venue: str, tags: str, tier: str) -> _Rule | None:
        some: list[str] = json.loads(tags)
        checklist = next((each for each in checklists.lists_for(venue=venue, tags=some) if each.code == code), None)
        if checklist is None:
            return None
        row = codebook.frequency_for(
            checklist=code, venue=venue, tags=some, tier=tier, default=checklist.frequency, on=self.day
        )
        due = due_on(row.frequency, self.day, due_time=row.due_time, grace_hours=row.grace_hours, zone=self.zone)
        return _Rule(row.frequency, due, month_of(uuid7(due.at)))


def occurrence_id(site_id: uuid.UUID, checklist: str, due_day: date, due_at: datetime) -> uuid.UUID:
    """The id of an owed check, the same whoever makes it; it carries the month of its due time."""
    return uuid7_of(f"{site_id.hex}/{checklist}/{due_day.isoformat()}", due_at)


COLUMNS = (
    "business_id", "month", "id", "site_id", "checklist", "due_day", "due_at", "misses_at", "state", "post",
    "place_code", "industry_code", "led", "reason",
)  # fmt: skip


def _renew(some: Sequence[Stale], day: date, *, now: datetime, by: Actor) -> int:
    """Make the next check of each standing; put those aside that owe nothing any more."""
    rules = _Rules(day)
    moved: list[tuple[Any, ...]] = []
    rested: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    first: list[tuple[uuid.UUID, int, uuid.UUID]] = []
    counts: Counter[tuple[str, str, date]] = Counter()
    for each in some:
        rule = rules.of(each)
        if rule is None:
            rested.append((False, each.business_id, each.id))
            continue
        due = rule.due
        moved.append((due.day, each.business_id, each.id))
        if each.next_due_day is None and too_soon(rule.frequency, due.day, each.owed_since):
            continue
        id = occurrence_id(each.site_id, each.checklist, due.day, due.at)
        if each.next_due_day is None:
            first.append((each.business_id, rule.month, id))
        place = (each.place_code, each.industry_code)
        key = (each.business_id, rule.month, id)
        rows.append(
            (*key, each.site_id, each.checklist, due.day, due.at, due.misses_at, "due", each.post, *place, False, "")
        )
        counts[each.place_code[:6], each.checklist, due.day] += 1
    there = bulk.existing(Occurrence, ("business_id", "month", "id"), first) if first else set()
    if there:  # a standing that was made anew: its check of this period stands already
        for row in rows:
            if row[:3] in there:
                counts[row[10][:6], row[4], row[5]] -= 1
        rows = [row for row in rows if row[:3] not in there]
    bulk.insert_values(Occurrence, COLUMNS, rows, ignore=True)
    bulk.run("UPDATE selfchecks_standing SET next_due_day = %s WHERE business_id = %s AND id = %s", moved)
    bulk.run(
        "UPDATE selfchecks_standing SET place_code = %s, industry_code = %s, line = %s, tier = %s"
        " WHERE business_id = %s AND id = %s",
        [(*each.facts, each.business_id, each.id) for each in some if each.changed and each.owes],
    )
    bulk.run("UPDATE selfchecks_standing SET active = %s WHERE business_id = %s AND id = %s", rested)
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
            if count
        ],
        by=by,
        now=now,
    )
    return len(rows)


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
            owed = [checklist.code for checklist in _lists_of(site)]
            resting = list(
                Standing.objects.filter(business_id=site.business_id, site_id=site.id, active=False, checklist__in=owed)
            )
            if not resting:
                continue
            OCCURRENCE.check("waived", "due")
            mine = Occurrence.objects.filter(
                business_id=site.business_id, site_id=site.id, checklist__in=owed, due_day__gte=from_day
            )
            back += mine.filter(state="waived", due_at__gt=now).update(state="due", reason="", closed_at=None)
            made = dict(mine.values("checklist").annotate(last=Max("due_day")).values_list("checklist", "last"))
            for standing in resting:
                standing.active, standing.owed_since = True, from_day
                standing.next_due_day = made.get(standing.checklist, from_day - timedelta(days=1))
                standing.save(update_fields=["active", "owed_since", "next_due_day"])
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
