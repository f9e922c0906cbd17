"""Who is at the door: the actor of a request, the seat acted from, and the gates of the doors."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from qianan.doors.kit.now import now
from qianan.ground.accounts import queries as accounts
from qianan.ground.accounts import signin
from qianan.kernel.actor import ADMIN_ROLES, BUSINESS_ROLES, OFFICER_ROLES, Actor
from qianan.kernel.problems import NotYours

SEAT_KEY = signin.SESSION_SEAT
DOORS = (("/my/", "phone"), ("/desk/", "desk"), ("/api/", "api"))

View = Callable[..., HttpResponse]


def door_of(request: HttpRequest) -> str:
    """Which door the address belongs to; the pages that all doors share are the web's."""
    return next((door for prefix, door in DOORS if request.path.startswith(prefix)), "web")


def actor_of(request: HttpRequest) -> Actor:
    """Who acts, with all seats of today and the seat chosen in this session. One query a request.

    Nobody signed in: an actor without a person.
    """
    found: Actor | None = getattr(request, "_actor", None)
    if found is None:
        user = getattr(request, "user", None)
        door = door_of(request)
        if user is None or not user.is_authenticated:
            found = Actor(person=None, door=door)
        else:
            chosen = request.session.get(SEAT_KEY)
            found = accounts.actor_of(
                user.pk, door=door, on=timezone.localdate(now()), seat_id=uuid.UUID(chosen) if chosen else None
            )
        request._actor = found  # type: ignore[attr-defined]
    return found


def forget_actor(request: HttpRequest) -> None:
    """Look the seats up again: they changed within this request."""
    if hasattr(request, "_actor"):
        del request._actor


def choose_seat(request: HttpRequest, seat: uuid.UUID) -> None:
    """Act from this seat from now on. The caller has seen that it is one of the actor's."""
    request.session[SEAT_KEY] = str(seat)
    forget_actor(request)


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    back = request.get_full_path() if request.method == "GET" else request.path
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': back})}")


def signed_in(view: View) -> View:
    """Only for who is signed in; others sign in first and come back."""

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if settings.QIANAN_OFFICERS_NEED_TOTP and signin.needs_totp(actor_of(request), request.user):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return view(request, *args, **kwargs)

    return gate


def _with_seat(roles: frozenset[str], code: str) -> Callable[[View], View]:
    def gated(view: View) -> View:
        @wraps(view)
        def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(seat.role in roles for seat in actor_of(request).seats):
                raise NotYours(code)
            return view(request, *args, **kwargs)

        return signed_in(gate)

    return gated


officers = _with_seat(OFFICER_ROLES | ADMIN_ROLES, "officers_only")
"""Only for a person with a seat in a public body (or the administrator). Raises NotYours for others."""

businesspeople = _with_seat(BUSINESS_ROLES, "business_only")
"""Only for a person with a seat in some business. Raises NotYours for others."""
