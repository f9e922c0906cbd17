"""What was not handed in: owed checks past their grace are missed, and at the first miss one silence begins."""

import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from qianan.field.selfchecks.actions.owing import CLOCK
from qianan.field.selfchecks.events import ChecksMissed, SilenceBegan
from qianan.field.selfchecks.models import Occurrence, Standing
from qianan.field.selfchecks.queries.standings import standing_id, standing_ref
from qianan.ground.trail.actions import record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL
from qianan.kernel.news import Event
from qianan.kernel.ref import Ref
from qianan.registry.duties import actions as duties
from qianan.registry.duties.actions import NewDuty
from qianan.tables import bulk

CHUNK = 5000


@dataclass(frozen=True, slots=True)
class _Missed:
    business_id: uuid.UUID
    site_id: uuid.UUID
    checklist: str
    due_day: date
    place_code: str
    post: uuid.UUID | None


def miss_overdue(now: datetime, by: Actor = CLOCK) -> int:
    """Every owed check whose grace is over at `now` is missed. Returns how many.

    A site that misses a list for the first time since its last check falls silent: one duty per site and list, which
    climbs as it ages and ends with the next check. Safe to do twice: a check that was answered meanwhile is not due.
    """
    total = 0
    while some := _miss_some(now, by):
        total += some
    return total


@transaction.atomic
def _miss_some(now: datetime, by: Actor) -> int:
    due = Occurrence.objects.filter(state="due", misses_at__lte=now).order_by("misses_at")
    if not due.exists():  # most minutes
        return 0
    limit = due.values_list("misses_at", flat=True)[CHUNK - 1 : CHUNK].first() or now
    missed = _take(limit, now)
    counts = Counter((each.business_id, standing_id(each.site_id, each.checklist)) for each in missed)
    states = {
        (owner, id): (active, in_row)
        for owner, id, active, in_row in Standing.objects.filter(
            business_id__in={owner for owner, _ in counts}, checklist__in={each.checklist for each in missed}
        ).values_list("business_id", "id", "active", "missed_in_row")
    }
    silent_now = {key for key in counts if key in states and states[key] == (True, 0)}
    fallen = [
        row
        for row in Standing.objects.filter(business_id__in={owner for owner, _ in silent_now})
        if (row.business_id, row.id) in silent_now
    ]
    posts = {(each.site_id, each.checklist): each.post for each in missed}
    bulk.run(  # a site that was shut meanwhile has missed this one, but is not silent
        "UPDATE selfchecks_standing SET missed = missed + %s,"
        " missed_in_row = CASE WHEN active THEN missed_in_row + %s ELSE 0 END WHERE business_id = %s AND id = %s",
        [(count, count, *key) for key, count in counts.items()],
    )
    _fall_silent(fallen, posts, by=by, now=now)
    record_many([*_misses(missed), *(_silence(each) for each in fallen)], by=by, now=now)
    return len(missed)


def _take(limit: datetime, now: datetime) -> list[_Missed]:
    """due → missed for all up to this grace. Says which rows it really changed: another hand may have been quicker."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE selfchecks_occurrence SET state = 'missed', closed_at = %s WHERE state = 'due' AND misses_at <= %s"
            " RETURNING business_id, site_id, checklist, due_day, place_code, post",
            [bulk.bound(now), bulk.bound(limit)],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [
        _Missed(
            bulk.unbound_uuid(business),
            bulk.unbound_uuid(site),
            checklist,
            bulk.unbound_day(day),
            place,
            bulk.unbound_uuid(post) if post else None,
        )
        for business, site, checklist, day, place, post in rows
    ]


def _fall_silent(
    standings: list[Standing], posts: dict[tuple[uuid.UUID, str], uuid.UUID | None], *, by: Actor, now: datetime
) -> None:
    duties.open_duties(
        [
            NewDuty(
                business_id=each.business_id,
                kind="silence",
                about=standing_ref(each),
                place_code=each.place_code,
                site_id=each.site_id,
                line=each.line,
                industry_code=each.industry_code,
                tier=each.tier,
                owner_post=posts.get((each.site_id, each.checklist)),
            )
            for each in standings
        ],
        by=by,
        now=now,
    )


def _silence(standing: Standing) -> Event:
    return SilenceBegan(about=standing_ref(standing), place_code=standing.place_code, checklist=standing.checklist)


def _misses(missed: list[_Missed]) -> list[Event]:
    counts: dict[tuple[str, str, date], int] = defaultdict(int)
    for each in missed:
        counts[each.place_code[:6], each.checklist, each.due_day] += 1
    return [
        ChecksMissed(
            about=Ref.of("places.place", NIL, district),
            place_code=district,
            checklist=checklist,
            day=day.isoformat(),
            count=count,
        )
        for (district, checklist, day), count in sorted(counts.items())
    ]
