"""Today: what is owed by this person, in the order in which it falls due, and how long it will take."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from qianan.doors.kit import dates, links, words
from qianan.doors.kit.actor import actor_of, signed_in
from qianan.doors.kit.context import show_seat
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import named
from qianan.doors.kit.trail import list_title
from qianan.field.selfchecks import queries as selfchecks
from qianan.ground.accounts import queries as accounts
from qianan.kernel.actor import ADMIN_ROLES, BUSINESS_ROLES, OFFICER_ROLES, Actor, SeatView
from qianan.registry.businesses import queries as businesses
from qianan.registry.checklists import queries as checklists
from qianan.registry.duties import queries as duties

NUMBER = re.compile(r"^YH\d{8}-\w{6}\s+")
"""A hazard's number before its words: the line has room for the words only."""

MANAGERS = frozenset({"principal", "safety_manager"})

MAKE_UP_DAYS = 7
"""How long a missed check is still offered here; it can be made up later from the business's page."""


@dataclass(frozen=True)
class Task:
    """One line of today: what, until when, where it is done."""

    icon: str
    title: str
    note: str
    url: str
    verb: str
    due_at: datetime | None = None
    late: bool = False
    main: bool = False


@dataclass(frozen=True)
class Day:
    """A day of the week's strip: d done, l late, m missed, n owed now, "" nothing."""

    label: str
    mark: str
    words: str
    today: bool


def seat_of(actor: Actor) -> SeatView | None:
    """The business seat acted from; an officer who also works in a shop gets that seat here."""
    if actor.seat is not None and actor.seat.role in BUSINESS_ROLES:
        return actor.seat
    return next((seat for seat in actor.seats if seat.role in BUSINESS_ROLES), None)


@signed_in
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What is owed today, first what falls due first; how many minutes it takes; how the week has gone."""
    actor = actor_of(request)
    seat = seat_of(actor)
    if seat is None:
        return render(request, "phone/nobody.html", {"asked": claims_of(actor)})
    on = dates.today()
    business = businesses.business(seat.business)
    owed = selfchecks.owed_for(actor, on=on, business=business.id)
    sites = list(businesses.sites_of(business.id))
    tasks = [
        *(_check(each, several=len(sites) > 1) for each in owed),
        *_missed(actor, sites, on),
        *_promises(actor, business.id, on),
        *_orders(actor, business.id),
    ]
    tasks.sort(key=lambda each: (each.due_at is None, each.due_at or now()))
    open_site = next((each for each in sites if each.state == "open"), None)
    given = {
        "business": business,
        "seat": seat,
        "tasks": [replace(each, main=number == 0) for number, each in enumerate(tasks)],
        "minutes": round(sum(float(each.checklist.minutes) for each in owed)),
        "on": on,
        "sites": sites,
        "week": week(business.id, open_site.id, on) if open_site else None,
        "helper": helper(business, on),
        "manages": seat.role in MANAGERS,
        "lists": _lists(open_site, seat.role in MANAGERS) if open_site else [],
        "site": open_site,
    }
    show_seat(request, business)
    return render(request, "phone/home.html", given)


def _lists(site: Any, manages: bool) -> list[Any]:
    """What may be filled in at any time: staff those for staff, managers all."""
    return [each for each in checklists.lists_for_sites([site])[site.id] if manages or each.for_role == "worker"]


def _check(owed: Any, *, several: bool) -> Task:
    items = len(owed.edition.items)
    minutes = max(1, round(float(owed.checklist.minutes)))
    note = [
        ngettext("%(count)d item", "%(count)d items", items) % {"count": items},
        ngettext("about %(count)d minute", "about %(count)d minutes", minutes) % {"count": minutes},
    ]
    if several:
        note.append(named(owed.site))
    return Task(
        icon="list",
        title=named(owed.checklist),
        note=" · ".join(note),
        url=links.link_to(owed.occurrence, "phone"),
        verb=_("Start"),
        due_at=owed.occurrence.due_at,
        late=owed.state == "late",
    )


def _missed(actor: Actor, sites: Iterable[Any], on: date) -> list[Task]:
    """Checks that passed their time but can still be made up."""
    own = {site.id: site for site in sites}
    since = on - timedelta(days=MAKE_UP_DAYS)
    rows = [each for each in selfchecks.missed_for(actor, since=since)[:40] if each.site_id in own]
    newest: dict[tuple[uuid.UUID, str], Any] = {}
    for row in rows:
        newest.setdefault((row.site_id, row.checklist), row)
    return [
        Task(
            icon="list",
            title=list_title(row.checklist),
            note=_("missed on %(day)s, can be made up") % {"day": dates.day(row.due_day)},
            url=links.link_to(row, "phone"),
            verb=_("Make up"),
            due_at=row.due_at,
            late=True,
        )
        for row in list(newest.values())[:3]
    ]


def _promises(actor: Actor, business: uuid.UUID, on: date) -> list[Task]:
    """Duties on the person's own chairs that are done on the page of a hazard."""
    verbs = {
        "rectification": (_("Fix: %(subject)s"), _("Hand in"), "camera"),
        "verification": (_("Check the fix: %(subject)s"), _("Look"), "eye"),
        "rating": (_("Rate: %(subject)s"), _("Rate"), "flag"),
        "double_report": (_("Report the major hazard: %(subject)s"), _("Report"), "send"),
        "plan": (_("Make the plan: %(subject)s"), _("Write"), "doc"),
        "supervision": (_("On the supervision list: %(subject)s"), _("Open"), "star"),
    }
    found = []
    for duty in duties.owed_by(actor, on=on)[:40]:
        if duty.business_id != business or duty.kind not in verbs:
            continue
        title, verb, icon = verbs[duty.kind]
        subject = NUMBER.sub("", duty.subject) or words.label("duty.kind", duty.kind)
        found.append(
            Task(
                icon=icon,
                title=title % {"subject": subject},
                note="",
                url=links.link_to(duty, "phone"),
                verb=verb,
                due_at=duty.due_at,
                late=duty.due_at < now(),
            )
        )
    return found


def _orders(actor: Actor, business: uuid.UUID) -> list[Task]:
    rows = [each for each in duties.orders_for(actor, acknowledged=False)[:20] if each.business_id == business]
    return [
        Task(
            icon="bell",
            title=each.text[:60],
            note=_("an urging from an officer") if each.urge else _("an instruction from an officer"),
            url=links.link_to(each, "phone"),
            verb=_("Read"),
            due_at=each.ack_by,
            late=each.ack_by < now(),
        )
        for each in rows
    ]


def week(business: uuid.UUID, site: uuid.UUID, on: date) -> dict[str, Any]:
    """This week's strip of one site, Monday to Sunday, with its totals in words beside it."""
    monday = on - timedelta(days=on.weekday())
    marks = {"done": "d", "late": "l", "missed": "m", "due": "n", "waived": "", "": ""}
    days = [
        Day(
            label=_("today") if each.day == on else dates.weekday(each.day),
            mark=marks[each.state] if each.state != "due" or each.day <= on else "",
            words=words.label("occurrence.state", each.state) if each.state else _("nothing due"),
            today=each.day == on,
        )
        for each in selfchecks.calendar_of(business, site, monday, monday + timedelta(days=6))
    ]
    return {
        "days": days,
        "owed": sum(1 for each in days if each.mark),
        "done": sum(1 for each in days if each.mark in {"d", "l"}),
        "missed": sum(1 for each in days if each.mark == "m"),
    }


def helper(business: Any, on: date) -> dict[str, Any] | None:
    """Whom to ask: the street's officer over this place, with the office's number."""
    people = accounts.officers_over(business.place_code, role="street", on=on)
    bodies = accounts.bodies_over(business.place_code, kind="street")
    if not people and not bodies:
        return None
    office = bodies[0] if bodies else None
    person = people[0] if people else None
    return {
        "name": person.name if person else "",
        "office": office,
        "phone": (office.phone if office else "") or (person.mobile if person else ""),
    }


def claims_of(actor: Actor) -> list[tuple[Any, Any]]:
    """What somebody without a seat has claimed, with the business's row."""
    claims = list(businesses.my_claims(actor)[:10])
    rows = businesses.businesses_by_ids(each.business_id for each in claims)
    return [(each, rows.get(each.business_id)) for each in claims]


@signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """My own page: the seat acted from, my business, letters, profile, signing out."""
    actor = actor_of(request)
    seat = seat_of(actor)
    business = businesses.business(seat.business) if seat else None
    given = {
        "seat": seat,
        "business": business,
        "manages": seat is not None and seat.role in MANAGERS,
        "officer": bool(actor.officer_seats(OFFICER_ROLES | ADMIN_ROLES)),
    }
    return render(request, "phone/me.html", given)
