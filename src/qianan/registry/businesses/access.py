"""Who may see, manage and oversee a business: yes or no, and the same as a queryset.

Two axes: an officer's territory (place subtree) and line (department); a business's own people; and landlords, parks,
markets and property managers, who see their tenants but change nothing there. A list never shows more than a page.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from qianan.kernel.actor import ADMIN_ROLES, OFFICER_ROLES, Actor, SeatView
from qianan.kernel.problems import NotYours
from qianan.registry.businesses.models import Business, Claim, Oversight, Tenancy
from qianan.tables.within import within

MANAGERS = frozenset({"principal", "safety_manager"})
"""Who manages a business: its principal 主要负责人 and its safety managers 安全管理人员."""

DECIDERS = frozenset({"street", "district"})
"""Who decides that a person may act for a business: its street, or the district above it."""

REGISTRARS = frozenset({"street", "district", "city"})
"""Territorial officers, who keep the registry of their area."""

ASSIGNERS = frozenset({"district", "city"})
"""Who assigns an industry department: the district (or city) government decides it (Beijing ordinance art. 8)."""


def _own(actor: Actor) -> list[uuid.UUID]:
    return sorted({seat.business for seat in actor.seats if seat.role not in OFFICER_ROLES | ADMIN_ROLES})


def _managed(actor: Actor) -> list[uuid.UUID]:
    return sorted({seat.business for seat in actor.seats if seat.role in MANAGERS})


def _offices(actor: Actor) -> tuple[SeatView, ...]:
    return actor.officer_seats(OFFICER_ROLES | ADMIN_ROLES)


def _overseen_by_line(line: str) -> QuerySet[Oversight, Any]:
    return Oversight.objects.filter(line=line, until=None).values("business_id")


def _tenants(landlords: Iterable[uuid.UUID]) -> QuerySet[Tenancy, Any]:
    return Tenancy.objects.filter(landlord__in=list(landlords), until=None).values("business_id")


def scope_q(
    actor: Actor, *, place: str = "place_code", business: str = "business_id", line: str = "line", tenants: bool = True
) -> Q:
    """The rows of any table that this actor may see, by the table's columns for place, business and line.

    A table without a line column passes `line=""`: the business's own line is asked then. `tenants=False` leaves out
    what a landlord sees of others. Territorial seats see their subtree; an industry seat, and any seat with a line,
    sees within its subtree the businesses of its line and those it was assigned (三管三必须). No seat: nothing.
    """
    if actor.is_system:
        return Q()
    found = Q(**{f"{business}__in": _own(actor)})
    for seat in _offices(actor):
        part = within(seat.place_code, place)
        if seat.line:
            own_line = (
                Q(**{line: seat.line})
                if line
                else Q(**{f"{business}__in": Business.objects.filter(line=seat.line).values("id")})
            )
            part &= own_line | Q(**{f"{business}__in": _overseen_by_line(seat.line)})
        elif seat.role == "industry":
            continue
        found |= part
    if tenants and (landlords := _managed(actor)):
        found |= Q(**{f"{business}__in": _tenants(landlords)})
    return found


def visible_to(actor: Actor) -> QuerySet[Business]:
    """The businesses this actor may see, tenants of one's own premises included. One statement, whatever the seats."""
    return Business.objects.filter(scope_q(actor, business="id"))


def can_see(actor: Actor, business: Business) -> bool:
    """Whether the business is among `visible_to(actor)`."""
    return (
        actor.is_system
        or bool(actor.roles_at(business.id))
        or _covered(actor, business, OFFICER_ROLES | ADMIN_ROLES)
        or is_landlord_of(actor, business.id)
    )


def can_manage(actor: Actor, business: Business) -> bool:
    """Whether this is the business's principal or safety manager (or the house itself)."""
    return actor.is_system or bool(actor.roles_at(business.id) & MANAGERS)


def can_oversee(actor: Actor, business: Business) -> bool:
    """Whether this is an officer whose seat covers the business's place and line (or the house itself)."""
    return actor.is_system or _covered(actor, business, OFFICER_ROLES)


def can_register(actor: Actor, place_code: str) -> bool:
    """Whether this officer keeps the registry of this place: street, district or city office, of no line; or admin."""
    return actor.is_system or any(
        seat.covers(place_code) and not seat.line for seat in actor.officer_seats(REGISTRARS | ADMIN_ROLES)
    )


def can_assign(actor: Actor, business: Business) -> bool:
    """Whether this officer may say which department answers for the business."""
    return actor.is_system or any(
        seat.covers(business.place_code) and not seat.line for seat in actor.officer_seats(ASSIGNERS)
    )


def can_decide_claims(actor: Actor, place_code: str) -> bool:
    """Whether this officer decides who may act for a business of this place."""
    return actor.is_system or any(seat.covers(place_code) and not seat.line for seat in actor.officer_seats(DECIDERS))


def can_decide_claim(actor: Actor, claim: Claim) -> bool:
    """Whether this officer decides this claim: of that area, and not his own."""
    return can_decide_claims(actor, claim.place_code) and claim.person != actor.person


def can_change_site(actor: Actor, business: Business) -> bool:
    """Whether this actor may say that a site is paused, closed, moved or open again."""
    return can_manage(actor, business) or can_register(actor, business.place_code)


def is_landlord_of(actor: Actor, business_id: uuid.UUID) -> bool:
    """Whether the actor manages premises in which this business works today (reads only)."""
    managed = _managed(actor)
    return bool(managed) and Tenancy.objects.filter(business_id=business_id, landlord__in=managed, until=None).exists()


def _covered(actor: Actor, business: Business, roles: Iterable[str]) -> bool:
    lines = set()
    for seat in actor.officer_seats(roles):
        if not seat.covers(business.place_code):
            continue
        if seat.line == business.line and seat.line:
            return True
        if not seat.line and seat.role != "industry":
            return True
        if seat.line:
            lines.add(seat.line)
    return (
        bool(lines) and Oversight.objects.filter(business_id=business.id, line__in=sorted(lines), until=None).exists()
    )


def check_manages(actor: Actor, business: Business) -> None:
    """Raises NotYours unless `can_manage`."""
    if not can_manage(actor, business):
        raise NotYours("not_your_business")


def check_oversees(actor: Actor, business: Business) -> None:
    """Raises NotYours unless `can_oversee`."""
    if not can_oversee(actor, business):
        raise NotYours("not_your_area")
