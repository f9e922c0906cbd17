"""The pages that belong to no door: the first page, the language switch, the seats, the photographs."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qianan.doors.kit import dates
from qianan.doors.kit.actor import actor_of, choose_seat, forget_actor, signed_in
from qianan.doors.kit.now import now
from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts import queries as people
from qianan.kernel.actor import BUSINESS_ROLES
from qianan.kernel.ids import NIL
from qianan.kernel.problems import NotFound
from qianan.registry.businesses import queries as businesses

YEAR = 60 * 60 * 24 * 365


def safe_next(request: HttpRequest, fallback: str = "/") -> str:
    """Where to go back to: an address of this house, never of another."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    good = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if good and wanted.startswith("/") else fallback


def home(request: HttpRequest) -> HttpResponse:
    """Each to his own first page: officers to the desk, everybody else to the phone."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    seat = actor_of(request).seat
    return redirect("desk:home" if seat is not None and seat.role not in BUSINESS_ROLES else "phone:home")


@require_POST
def lang(request: HttpRequest) -> HttpResponse:
    """Change the language, keep the page, remember the choice: on this device and in the person's profile."""
    wanted = request.POST.get("language", "")
    response = HttpResponseRedirect(safe_next(request))
    if wanted in dict(settings.LANGUAGES):
        translation.activate(wanted)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
        actor = actor_of(request)
        if actor.person is not None:
            accounts.set_profile(people.person(actor.person), language=wanted, by=actor, now=now())
    return response


@signed_in
@require_safe
def seats(request: HttpRequest) -> HttpResponse:
    """All seats of today, to change between them without signing in again."""
    actor = actor_of(request)
    names = businesses.businesses_by_ids([seat.business for seat in actor.seats if seat.business != NIL])
    bodies = people.bodies([seat.body_code for seat in actor.seats if seat.body_code])
    rows = [
        {
            "seat": seat,
            "place": names.get(seat.business) if seat.business != NIL else bodies.get(seat.body_code),
            "current": actor.seat is not None and seat.id == actor.seat.id,
        }
        for seat in actor.seats
    ]
    return render(request, "kit/seats.html", {"rows": rows})


@signed_in
@require_POST
def take_seat(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Act from this seat from now on."""
    if id not in {seat.id for seat in actor_of(request).seats}:
        raise NotFound("no_such_seat")
    choose_seat(request, id)
    return HttpResponseRedirect(safe_next(request))


@signed_in
def leave_seat(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Leave a seat of one's own: what is owed on its post goes to the next one; asked once before."""
    actor = actor_of(request)
    if id not in {seat.id for seat in actor.seats}:
        raise NotFound("no_such_seat")
    view = next(seat for seat in actor.seats if seat.id == id)
    if request.method == "POST":
        accounts.leave_seat(people.seat(id), by=actor, now=now())
        request.session.pop("seat", None)
        forget_actor(request)
        messages.success(request, _("You have left the seat. What was owed there has gone to the next person."))
        return redirect("kit:seats")
    from qianan.registry.duties import queries as duties

    owed = [
        duty for duty in duties.owed_by(actor) if view.post and view.post in {duty.owner_post, duty.accountable_post}
    ]
    place = businesses.business(view.business) if view.business != NIL else people.body(view.body_code)
    return render(request, "kit/leave_seat.html", {"seat": view, "place": place, "owed": owed, "today": dates.today()})


def about_link(request: HttpRequest) -> str:
    return reverse("kit:help_index")
