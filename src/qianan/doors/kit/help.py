"""The help pages: one for every page of the house, and an index of all."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qianan.doors.kit import helping
from qianan.doors.kit.actor import actor_of
from qianan.kernel.actor import BUSINESS_ROLES


def index(request: HttpRequest) -> HttpResponse:
    """All help, the reader's own door first."""
    actor = actor_of(request)
    own = ["kit"]
    if any(seat.role in BUSINESS_ROLES for seat in actor.seats) or actor.person is None:
        own.insert(0, "phone")
    if any(seat.role not in BUSINESS_ROLES for seat in actor.seats):
        own.insert(0, "desk")
    doors = [(door, list(helping.pages(door).items())) for door in own]
    return render(request, "kit/help/index.html", {"doors": doors})


def page(request: HttpRequest, page: str) -> HttpResponse:
    """The help of one page (`phone.home`); the index when nobody has written it."""
    door, _, name = page.partition(".")
    found = helping.help_of(door, name)
    if found is None:
        return index(request)
    return render(request, "kit/help/page.html", {"help": found, "door": door})
