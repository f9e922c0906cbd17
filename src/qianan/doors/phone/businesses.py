"""The board of a business for its principal and safety manager: what is owed, late, missed; what is open; who is in."""

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from qianan.doors.kit import dates
from qianan.doors.kit.actor import actor_of, signed_in
from qianan.doors.kit.context import show_seat
from qianan.doors.kit.now import now
from qianan.doors.kit.trail import sentences
from qianan.doors.phone.home import MANAGERS, seat_of, week
from qianan.doors.phone.receipts import what_next
from qianan.field.hazards import queries as hazards
from qianan.field.hazards.lifecycle import MACRO, OPEN
from qianan.field.selfchecks import queries as selfchecks
from qianan.ground.trail import queries as trail_queries
from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotFound, NotYours
from qianan.registry.businesses import queries as registry
from qianan.registry.checklists import queries as checklists
from qianan.registry.duties import musts as three
from qianan.registry.duties import queries as duties

ROWS = 30
MONTH = 30


def managed(actor: Actor, id: uuid.UUID) -> Any:
    """The business, for who runs it. Staff see it but may not open its board: NotYours("managers_only")."""
    business = registry.business_for(actor, id)
    seat = actor.at(business.id)
    if seat is None:
        raise NotFound("no_such_business")
    if seat.role not in MANAGERS:
        raise NotYours("managers_only")
    return business


@signed_in
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """To the board of the business acted from."""
    seat = seat_of(actor_of(request))
    return redirect("phone:business", seat.business) if seat else redirect("phone:home")


@signed_in
@require_safe
def board(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Who is silent first: missed, then late, then due; open hazards by their clocks; the principal's own checks."""
    actor, on = actor_of(request), dates.today()
    business = managed(actor, id)
    sites = list(registry.sites_of(business.id))
    owed = selfchecks.owed_for(actor, on=on, business=business.id)
    missed = list(selfchecks.missed_for(actor, since=on - timedelta(days=MONTH)).filter(business_id=business.id)[:200])
    every = list(
        hazards.hazards_for(actor, business=business.id).filter(state__in=OPEN).order_by("due_at", "id")[: 2 * ROWS]
    )
    cards = what_next(every)
    rows = [each for each in every if MACRO[each.state] == "open"]
    chairs = duties.posts_of(business.id, on=on)
    at = now()
    led = led_counts(actor, business.id)
    given = {
        "business": business,
        "sites": sites,
        "owed": owed,
        "late": [each for each in owed if each.state == "late"],
        "missed": missed,
        "missed_by_list": Counter(each.checklist for each in missed).most_common(5),
        "lists": titles((each.checklist for each in missed), (each.checklist for each in owed)),
        "open": [each for each in cards if MACRO[each["hazard"].state] == "open"],
        "handed": [each for each in cards if MACRO[each["hazard"].state] == "fixed"],
        "overdue": sum(1 for each in rows if each.due_at and each.due_at < at),
        "major": sum(1 for each in rows if each.level == "major"),
        "led": led,
        "month": MONTH,
        "week": week(business.id, sites[0].id, on) if sites else None,
        "tenants": business.is_landlord,
        "orders": duties.orders_for(actor, acknowledged=False).filter(business_id=business.id)[:10],
        "vacant": sum(1 for each in chairs if each.vacant),
    }
    show_seat(request, business)
    return render(request, "phone/board.html", given)


def titles(codes: Iterable[str], known: Iterable[Any] = ()) -> dict[str, Any]:
    """The lists by their codes, retired ones too: what was handed in long ago still has its name."""
    found = {each.code: each for each in known}
    missing = set(codes) - set(found)
    return found | (checklists.checklists(missing) if missing else {})


@signed_in
@require_safe
def checks(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """All checks of the business: to be made up, and what came in; the principal's own are marked and counted."""
    actor, on = actor_of(request), dates.today()
    business = managed(actor, id)
    led = {"1": True, "0": False}.get(request.GET.get("led", ""))
    rows = selfchecks.submissions_for(actor, business=business.id, led=led)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    missed = list(selfchecks.missed_for(actor, since=on - timedelta(days=MONTH)).filter(business_id=business.id)[:ROWS])
    given = {
        "business": business,
        "page": page,
        "lists": titles([*(each.checklist for each in page.object_list), *(each.checklist for each in missed)]),
        "missed": missed,
        "led": led,
        "counts": led_counts(actor, business.id),
        "month": MONTH,
        "sites": {site.id: site for site in registry.sites_of(business.id)},
    }
    return render(request, "phone/business_checks.html", given)


@signed_in
@require_safe
def musts(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """三管三必须 for one business: by name, with dates; a vacancy says since when and to whom it falls."""
    actor = actor_of(request)
    business = registry.business_for(actor, id)
    found = three.three_musts(business, dates.today())
    landlords = registry.landlords_of(business.id, on=dates.today())
    given = {"business": business, "musts": found, "landlords": landlords, "manages": _manages(actor, business.id)}
    return render(request, "phone/musts.html", given)


@signed_in
@require_safe
def tenants(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """A landlord's, park's or market's tenants and what each owes: missed checks, open and late hazards."""
    actor = actor_of(request)
    business = managed(actor, id)
    page = Paginator(registry.tenants_of(actor, business.id), ROWS).get_page(request.GET.get("page"))
    ids = [each.id for each in page.object_list]
    silent = Counter(
        duty.business_id for duty in duties.open_duties_for(actor, kind="silence").filter(business_id__in=ids)
    )
    at = now()
    open_rows = list(hazards.hazards_for(actor, macro="open").filter(business_id__in=ids))
    given = {
        "business": business,
        "page": page,
        "rows": [
            {
                "business": each,
                "silent": silent[each.id],
                "open": sum(1 for row in open_rows if row.business_id == each.id),
                "late": sum(1 for row in open_rows if row.business_id == each.id and row.due_at and row.due_at < at),
                "major": sum(1 for row in open_rows if row.business_id == each.id and row.level == "major"),
            }
            for each in page.object_list
        ],
    }
    return render(request, "phone/tenants.html", given)


@signed_in
@require_safe
def trail(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Everything that happened in the business, as sentences, newest first."""
    actor = actor_of(request)
    business = managed(actor, id)
    page = Paginator(trail_queries.entries_of(business.id), ROWS).get_page(request.GET.get("page"))
    given = {"business": business, "page": page, "sentences": sentences(page.object_list, actor)}
    return render(request, "phone/trail.html", given)


def led_counts(actor: Actor, business: uuid.UUID) -> dict[str, int]:
    """How many of the month's checks the principal filled in himself (负责人带头), and of how many."""
    rows = selfchecks.submissions_for(actor, business=business, since=now() - timedelta(days=MONTH))
    return rows.aggregate(all=Count("id"), led=Count("id", filter=Q(led=True)))


def _manages(actor: Actor, business: uuid.UUID) -> bool:
    seat = actor.at(business)
    return seat is not None and seat.role in MANAGERS
