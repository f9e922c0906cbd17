"""What every page knows: whose seat, which language, where the help is. Read only when a template asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from qianan.doors.kit.actor import actor_of, door_of
from qianan.doors.kit.now import now
from qianan.kernel.actor import BUSINESS_ROLES, Actor, SeatView
from qianan.kernel.ids import NIL


@dataclass
class House:
    """The frame of a page. Each line is fetched once, and only if the page shows it."""

    request: HttpRequest

    @cached_property
    def actor(self) -> Actor:
        return actor_of(self.request)

    @property
    def seat(self) -> SeatView | None:
        return self.actor.seat

    @cached_property
    def door(self) -> str:
        """The door this person works at: an address that belongs to no door follows the seat."""
        here = door_of(self.request)
        if here in {"phone", "desk"}:
            return here
        seat = self.seat
        return "desk" if seat is not None and seat.role not in BUSINESS_ROLES else "phone"

    @property
    def frame(self) -> str:
        """The frame for pages that all doors share: the phone's, or the desk's with its row of nouns."""
        return "kit/phone.html" if self.door == "phone" else "kit/page.html"

    @property
    def nav(self) -> list[str]:
        """The row of nouns of this person's door; nothing when the door has none."""
        return [f"{self.door}/nav.html", "kit/nothing.html"]

    @cached_property
    def seat_name(self) -> Any:
        """The business or body of the seat acted from, as a row with names; None without a seat."""
        from qianan.ground.accounts import queries as accounts
        from qianan.registry.businesses import queries as businesses

        seat = self.seat
        if seat is None:
            return None
        shown = getattr(self.request, "_seat_row", None)
        if shown is not None and shown.id == seat.business:
            return shown
        if seat.business != NIL:
            return businesses.business(seat.business)
        return accounts.body(seat.body_code) if seat.body_code else None

    @cached_property
    def unread(self) -> int:
        from qianan.ground.notices import queries as notices

        return notices.unread(self.actor.person) if self.actor.person else 0

    @property
    def now(self) -> datetime:
        """The doors' hour."""
        return now()

    @property
    def html_lang(self) -> str:
        return "en" if (get_language() or "").startswith("en") else "zh-CN"

    @property
    def here(self) -> str:
        """This page's address, for coming back to it."""
        return self.request.get_full_path()

    @property
    def help(self) -> str:
        """The name of this page's help: that of its URL, door first (`phone.home`)."""
        match = self.request.resolver_match
        if match is None:
            return ""
        return f"{match.namespace or 'kit'}.{match.url_name}"


def show_seat(request: HttpRequest, business: Any) -> None:
    """A page that has the business at hand spares the frame looking it up."""
    request._seat_row = business  # type: ignore[attr-defined]


def house(request: HttpRequest) -> dict[str, Any]:
    make: Callable[[], House] = lambda: House(request)  # noqa: E731  one lazy object a page
    return {"house": SimpleLazyObject(make)}
