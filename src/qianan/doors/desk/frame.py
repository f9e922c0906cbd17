"""What the pages of the desk share: whose area this is, the place trail above each page, the row of nouns.

Everything is asked for the acting seat: its place subtree is the root of every list, and a place outside it looks
like one that does not exist.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qianan.doors.kit.figures import Crumb, Tab
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import named
from qianan.ground.places import queries as places
from qianan.kernel.actor import ADMIN_ROLES, OFFICER_ROLES, Actor, SeatView
from qianan.kernel.problems import NotFound, NotYours

LEVELS = {2: "city", 6: "district", 9: "street", 12: "community"}
DEEPER = {"city": "district", "district": "street", "street": "community", "community": "business"}


def desk_seat(actor: Actor) -> SeatView:
    """The seat of a public body acted from: the chosen one, else the first. Raises NotYours("officers_only")."""
    if actor.seat is not None and actor.seat.role in OFFICER_ROLES | ADMIN_ROLES:
        return actor.seat
    found = actor.officer_seats(OFFICER_ROLES | ADMIN_ROLES)
    if not found:
        raise NotYours("officers_only")
    return found[0]


def root_of(actor: Actor) -> str:
    """The place of the acting seat: the whole of what its pages show."""
    return desk_seat(actor).place_code


def check_place(actor: Actor, code: str) -> str:
    """The code, if some seat of the actor reaches it. Raises NotFound("no_such_place") for others and unknown ones."""
    if may_see_place(actor, code) and places.place(code) is not None:
        return code
    raise NotFound("no_such_place", place=code)


def may_see_place(actor: Actor, code: str) -> bool:
    return any(seat.covers(code) for seat in actor.officer_seats(OFFICER_ROLES | ADMIN_ROLES))


def check_admin(actor: Actor) -> None:
    """Raises NotYours("admin_only") for everybody but the administrator."""
    if not actor.is_admin:
        raise NotYours("admin_only")


def level_of(code: str) -> str:
    """city, district, street or community, by the length of the code."""
    return LEVELS.get(len(code), "community")


def place_crumbs(actor: Actor, code: str, *, last: Iterable[Crumb | str] = ()) -> list[Crumb]:
    """City › district › street › …, each rung a link if the actor may open it; then what the page adds."""
    crumbs = [
        Crumb(named(place), reverse("desk:place", args=[place.code]) if may_see_place(actor, place.code) else "")
        for place in places.path_of(code)
    ]
    crumbs += [each if isinstance(each, Crumb) else Crumb(each) for each in last]
    return crumbs


def nav(actor: Actor, here: str) -> list[Tab]:
    """The nouns of the desk in one row; those for administration only for who administers."""
    items: list[tuple[str, str]] = [
        (_("Board"), "desk:home"),
        (_("Not checked"), "desk:selfchecks"),
        (_("Hazards"), "desk:hazards"),
        (_("Duties"), "desk:duties"),
        (_("Businesses"), "desk:businesses"),
        (_("Inspections"), "desk:inspections"),
        (_("Instructions"), "desk:instructions"),
        (_("Checklists"), "desk:checklists"),
        (_("Code tables"), "desk:codebook"),
        (_("Seats"), "desk:seats"),
    ]
    if actor.is_admin:
        items += [(_("Channels"), "desk:channels"), (_("Queue"), "desk:queue")]
    tabs = []
    for label, name in items:
        url = reverse(name)
        current = (here == url or here.startswith("/desk/places/")) if name == "desk:home" else here.startswith(url)
        tabs.append(Tab(label, url, current=current))
    return tabs


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    actor: Actor,
    title: str,
    crumbs: Iterable[Crumb] = (),
    status: int = 200,
) -> HttpResponse:
    """A page of the desk in its frame."""
    whole = {
        "title": title,
        "crumbs": list(crumbs),
        "asof": now(),
        **context,
    }
    return render(request, template, whole, status=status)


def offer(form: forms.Form, name: str, choices: Iterable[Any]) -> None:
    """Give a field of choices what there is to choose from here and now."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  the form says so
    field.choices = list(choices)


def today() -> Any:
    """The doors' day in the instance's zone."""
    return timezone.localdate(now())
