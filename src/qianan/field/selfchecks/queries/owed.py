"""What is owed: today's list for the people of a business, one owed check, the strip of the last weeks."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from qianan.field.selfchecks import access
from qianan.field.selfchecks.models import Occurrence, Standing
from qianan.kernel.actor import Actor
from qianan.kernel.ids import month_of
from qianan.kernel.problems import NotFound
from qianan.registry.businesses.models import Site
from qianan.registry.businesses.queries import sites_by_ids
from qianan.registry.checklists import queries as checklists
from qianan.registry.checklists.models import Checklist
from qianan.registry.checklists.queries import Edition

WORST = {"missed": 0, "late": 1, "due": 2, "waived": 3, "done": 4}
"""Which state stands for a day with several checks: the worst."""


@dataclass(frozen=True)
class Owed:
    """One owed check, ready for a page. `state`: due, or late when its due day has passed and it can still come in.

    `standing.missed_in_row` says how often in a row it was missed before.
    """

    occurrence: Occurrence
    site: Site
    checklist: Checklist
    edition: Edition
    standing: Standing | None
    state: str


def _lists_for_roles(actor: Actor) -> dict[uuid.UUID, bool]:
    """By business of the actor's seats: whether he sees every list (managers) or only those for the staff."""
    roles: dict[uuid.UUID, bool] = {}
    for seat in actor.seats:
        if seat.role in {"principal", "safety_manager"}:
            roles[seat.business] = True
        elif seat.role == "worker":
            roles.setdefault(seat.business, False)
    return roles


def owed_for(actor: Actor, *, on: date, business: uuid.UUID | None = None) -> list[Owed]:
    """The checks this person's businesses owe on this local day, the earliest due first, ready to be filled in.

    Staff see the lists for staff, managers all. Five statements, however many are owed.
    """
    roles = _lists_for_roles(actor)
    if business is not None:
        roles = {id: every for id, every in roles.items() if id == business}
    rows = list(
        Occurrence.objects.filter(business_id__in=roles, state="due").order_by("due_at", "site_id", "checklist")
    )
    return [each for each in _ready(rows, on) if roles[each.site.business_id] or each.checklist.for_role == "worker"]


def owed_in(businesses: Iterable[uuid.UUID], *, on: date) -> list[Owed]:
    """The checks these businesses owe on this day, without asking for whom."""
    rows = Occurrence.objects.filter(business_id__in=list(businesses), state="due")
    return _ready(list(rows.order_by("due_at", "site_id", "checklist")), on)


def _ready(rows: list[Occurrence], on: date) -> list[Owed]:
    sites = sites_by_ids((row.business_id, row.site_id) for row in rows)
    lists = Checklist.objects.in_bulk({row.checklist for row in rows})
    standings = {
        (each.site_id, each.checklist): each
        for each in Standing.objects.filter(business_id__in={row.business_id for row in rows})
    }
    return [
        Owed(
            occurrence=row,
            site=sites[row.business_id, row.site_id],
            checklist=lists[row.checklist],
            edition=checklists.current(row.checklist),
            standing=standings.get((row.site_id, row.checklist)),
            state="late" if row.due_day < on else "due",
        )
        for row in rows
        if (row.business_id, row.site_id) in sites and row.checklist in lists
    ]


def occurrence_for(actor: Actor, business: object, id: object) -> Occurrence:
    """This owed check, if the actor may see its business. Raises NotFound("no_such_check")."""
    try:
        wanted, owner = uuid.UUID(str(id)), uuid.UUID(str(business))
    except ValueError:
        raise NotFound("no_such_check") from None
    found = access.occurrences_visible_to(actor).filter(business_id=owner, month=month_of(wanted), id=wanted).first()
    if found is None:
        raise NotFound("no_such_check")
    return found


@dataclass(frozen=True)
class Mark:
    """One owed check on the strip: its list, its state, the submission that answered it."""

    checklist: str
    state: str
    submission: uuid.UUID | None


@dataclass(frozen=True)
class CalendarDay:
    """One due day of a site: the worst state of its checks ("" when none was due), and each of them."""

    day: date
    state: str
    marks: tuple[Mark, ...]


def calendar_of(business_id: uuid.UUID, site_id: uuid.UUID, since: date, until: date) -> list[CalendarDay]:
    """Every day from `since` to `until` (both included) with what was due then. One statement."""
    rows = (
        Occurrence.objects.filter(business_id=business_id, site_id=site_id, due_day__gte=since, due_day__lte=until)
        .order_by("due_day", "checklist")
        .values_list("due_day", "checklist", "state", "submission_id")
    )
    by_day: dict[date, list[Mark]] = {}
    for day, checklist, state, submission in rows:
        by_day.setdefault(day, []).append(Mark(checklist, state, submission))
    days = [date.fromordinal(number) for number in range(since.toordinal(), until.toordinal() + 1)]
    return [
        CalendarDay(
            day,
            min((mark.state for mark in by_day.get(day, ())), key=WORST.__getitem__, default=""),
            tuple(by_day.get(day, ())),
        )
        for day in days
    ]


def missed_for(actor: Actor, *, since: date) -> QuerySet[Occurrence]:
    """The checks that this actor's businesses have missed since a day and not made up, newest first."""
    return access.occurrences_visible_to(actor).filter(state="missed", due_day__gte=since).order_by("-due_at", "id")
