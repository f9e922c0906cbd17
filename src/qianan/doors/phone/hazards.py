"""Hazards of the business: the list, the page of one with what this person may do now, its trail."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qianan.doors.kit import acts, dates, links, words
from qianan.doors.kit.actor import actor_of, signed_in
from qianan.doors.kit.context import show_seat
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import named
from qianan.doors.kit.trail import QUIET, Known, sentences
from qianan.doors.phone.home import seat_of
from qianan.doors.phone.receipts import what_next
from qianan.field.hazards import access, queries
from qianan.ground.codebook import queries as codebook
from qianan.ground.places import queries as places
from qianan.ground.trail import queries as trail_queries
from qianan.kernel.ref import Ref
from qianan.registry.duties import queries as duties

ROWS = 20
TABS = ("open", "fixed", "closed")


@signed_in
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The hazards of the business acted from: open by deadline, then those waiting, then closed ones."""
    actor = actor_of(request)
    seat = seat_of(actor)
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    rows: Any = []
    counts: dict[str, int] = {}
    if seat is not None:
        rows = queries.hazards_for(actor, business=seat.business, macro=tab)
        rows = rows.order_by("-closed_at", "-id") if tab == "closed" else rows.order_by("due_at", "id")
        counts = queries.macro_counts(actor, business=seat.business)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    given = {
        "page": page,
        "rows": what_next(list(page.object_list)),
        "tab": tab,
        "tabs": [(each, words.label("hazard.macro", each), counts.get(each, 0)) for each in TABS],
    }
    return render(request, "phone/hazards.html", given)


@signed_in
@require_safe
def page(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """What happened, what to do, by when, whom to call; the acts open to this person at the bottom."""
    actor, on = actor_of(request), dates.today()
    hazard = queries.hazard_for(actor, business, id)
    file = queries.file_of(hazard, on=on)
    open_acts = access.acts_open_to(actor, hazard, file.facts)
    main, others = acts.offered(open_acts, actor, hazard, file.facts)
    show_seat(request, file.business)
    ref = links.ref_of(hazard)
    entries = list(trail_queries.entries_about(ref, *_duty_refs(file)).exclude(news__in=QUIET)[:ROWS])
    comma = "、" if dates.in_chinese() else ", "
    given = {
        "hazard": hazard,
        "file": file,
        "facts": file.facts,
        "duty": file.duty,
        "clock": _clock(hazard, file),
        "people": _people(file, actor),
        "steps": _steps(file),
        "due": _due(file),
        "sentences": sentences(entries, actor, known=_known(hazard, file)),
        "main": main,
        "others": others,
        "place": places.path_of(hazard.place_code),
        "site": file.site,
        "origin": links.link_to(hazard.origin, "phone"),
        "criterion": file.criterion,
        "lacks": comma.join(words.label("hazard.lacks", each) for each in file.lacks),
    }
    return render(request, "phone/hazard.html", given)


def _known(hazard: Any, file: Any) -> Known:
    """The names that the file of the hazard has at hand."""
    people = {Ref.parse(ref).uuid: name for ref, name in file.names.items()}
    for who in file.posts.values():
        people |= {each.person: each.name for each in who.people}
    return Known(people=people, posts=file.posts, hazards={hazard.id: hazard.number})


def _duty_refs(file: Any) -> list[Any]:
    return [links.ref_of(each) for each in file.duties]


def _clock(hazard: Any, file: Any) -> dict[str, Any] | None:
    """The deadline that runs now: of the fix, or of the next duty."""
    duty = file.duty
    if duty is None or duty.state != "open":
        return None
    rung = ""
    if duty.rung:
        reached = next((step for step in reversed(file.ladder) if step.reached), None)
        if reached is not None:
            rung = _("reached: %(body)s, %(day)s") % {"body": named(reached), "day": dates.day(reached.reached)}
    row = codebook.deadline_row(duty.basis) if duty.basis else None
    basis = ""
    if row is not None:
        basis = f"{named(row)}" + ("" if row.verified else " · " + _("source not verified"))
    titles = {
        "rectification": _("Fix by %(due)s"),
        "verification": _("Check the fix by %(due)s"),
        "rating": _("Rate it by %(due)s"),
        "double_report": _("Report it by %(due)s"),
        "plan": _("Make the plan by %(due)s"),
    }
    title = titles.get(duty.kind, _("Due by %(due)s")) % {"due": dates.by(duty.due_at)}
    behind = now() - duty.due_at
    return {
        "late": behind.total_seconds() > 0,
        "days_late": max(1, behind.days),
        "due_at": duty.due_at,
        "began_at": duty.opened_at,
        "basis": basis,
        "interim": hazard.interim,
        "rung": rung,
        "title": title,
    }


def _people(file: Any, actor: Any) -> list[dict[str, Any]]:
    """Who fixes, who answers, who checks: always together; a vacancy is a place, not left out."""
    parts = (("owner", _("Fixes it")), ("accountable", _("Answers for it")), ("verifier", _("Checks it")))
    rows = []
    for part, label in parts:
        who = getattr(file.people, part)
        person = who.people[0] if who is not None and who.people else None
        rows.append(
            {
                "part": label,
                "post": who,
                "person": person.name if person else "",
                "contact": person.mobile if person and person.person != actor.person else "",
                "since": who.vacant_since if who is not None else None,
                "tag": _("you") if person and person.person == actor.person else "",
                "falls_to": named(who.falls_to) if who is not None and not who.people and who.falls_to else "",
            }
        )
    return rows


def _steps(file: Any) -> list[dict[str, Any]]:
    """The ladder with the dates to come, so that nobody is surprised."""
    rows: list[dict[str, Any]] = []
    at = file.duty.rung if file.duty is not None else 0
    for step in file.ladder:
        if step.rung == 0:
            rows.append(
                {
                    "number": 1,
                    "name": {"zh": "店里", "en": "The business"},
                    "note": _("it is here now") if at == 0 else "",
                    "day": dates.by(file.duty.due_at),
                    "here": at == 0,
                }
            )
            continue
        people = ", ".join(each.name for each in step.people[:2])
        rows.append(
            {
                "number": step.rung + 1,
                "name": step,
                "note": people,
                "day": dates.day(step.reached) if step.reached else dates.day(step.at),
                "here": at == step.rung,
            }
        )
    return rows


def _due(file: Any) -> list[dict[str, Any]]:
    """What is expected next, for the top of the timeline."""
    titles = {
        "rectification": _("the fix is to be handed in"),
        "verification": _("the fix is to be checked"),
        "rating": _("it is to be rated"),
        "double_report": _("it is to be reported"),
        "plan": _("the plan is to be made"),
        "supervision": _("it is to be done under special supervision"),
    }
    return [{"text": _title(titles, each), "at": each.due_at} for each in file.duties if each.state == "open"]


def _title(titles: dict[str, str], duty: Any) -> str:
    title = titles.get(duty.kind, words.label("duty.kind", duty.kind))
    return f"{title} · {words.label('double_report.side', duty.level)}" if duty.kind == "double_report" else title


@signed_in
@require_safe
def trail(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """Everything that happened to it, as sentences, newest first."""
    actor = actor_of(request)
    hazard = queries.hazard_for(actor, business, id)
    refs = [links.ref_of(hazard), *(links.ref_of(each) for each in duties.duties_about(links.ref_of(hazard)))]
    page = Paginator(trail_queries.entries_about(*refs), 50).get_page(request.GET.get("page"))
    given = {
        "hazard": hazard,
        "page": page,
        "sentences": sentences(page.object_list, actor),
        "back": links.link_to(hazard, "phone"),
    }
    return render(request, "phone/trail.html", given)


@signed_in
@require_safe
def duty(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """A duty has no page of its own here: to that of what it is about."""
    actor = actor_of(request)
    row = duties.duty_for(actor, business, id)
    target = links.link_to(row.about, "phone")
    if not target:
        target = reverse("phone:business", args=[row.business_id]) if actor.at(row.business_id) else "/"
    return HttpResponseRedirect(target)
