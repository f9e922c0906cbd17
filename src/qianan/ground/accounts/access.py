"""Who may add people, seat them, invite them, see them."""

import uuid

from qianan.ground.accounts.models import Seat, Token
from qianan.kernel.actor import ADMIN_ROLES, BUSINESS_ROLES, OFFICER_ROLES, Actor
from qianan.kernel.ids import NIL
from qianan.kernel.problems import NotYours

TERRITORIAL = frozenset({"street", "district", "city"})
"""Officers who hand a business to its people after a claim: the territory's, never a line's, never a community's."""

MAY_SEAT = {"principal": BUSINESS_ROLES, "safety_manager": frozenset({"safety_manager", "worker"})}
"""In one's own business: a safety manager makes no principals."""


def can_seat(actor: Actor, *, role: str, business_id: uuid.UUID = NIL, place_code: str = "") -> bool:
    """Whether this actor may give somebody such a seat.

    The house and admins any; principals and safety managers within their own business; officers of the territory a
    business's seats, when `place_code` (the business's own place) lies within theirs.
    """
    if actor.is_system or actor.is_admin:
        return True
    if role not in BUSINESS_ROLES or business_id == NIL:
        return False
    own = actor.at(business_id)
    if own is not None:
        return role in MAY_SEAT.get(own.role, ())
    return bool(place_code) and any(seat.covers(place_code) for seat in actor.officer_seats(TERRITORIAL))


def check_may_seat(actor: Actor, *, role: str, business_id: uuid.UUID = NIL, place_code: str = "") -> None:
    if not can_seat(actor, role=role, business_id=business_id, place_code=place_code):
        raise NotYours("may_not_seat", role=role)


def can_end_seat(actor: Actor, seat: Seat, *, place_code: str = "") -> bool:
    """One's own seat, or one that the actor could have given."""
    return actor.person == seat.person_id or can_seat(
        actor, role=seat.role, business_id=seat.business_id, place_code=place_code
    )


def can_add_people(actor: Actor) -> bool:
    """The house, admins, officers, and who runs a business. Everybody else signs up with a number of their own."""
    return (
        actor.is_system
        or actor.is_admin
        or any(seat.role in OFFICER_ROLES | {"principal", "safety_manager"} for seat in actor.seats)
    )


def can_change_person(actor: Actor, person_id: uuid.UUID) -> bool:
    """Oneself, the house, an admin."""
    return actor.is_system or actor.is_admin or actor.person == person_id


def check_may_change_person(actor: Actor, person_id: uuid.UUID) -> None:
    if not can_change_person(actor, person_id):
        raise NotYours("not_your_account")


def can_revoke(actor: Actor, token: Token) -> bool:
    return can_change_person(actor, token.person_id)


def can_see_seats(actor: Actor, business_id: uuid.UUID, *, place_code: str = "") -> bool:
    """Who sits where in a business: its own people, and officers over its place."""
    if actor.is_system or actor.is_admin or actor.at(business_id) is not None:
        return True
    return bool(place_code) and any(seat.covers(place_code) for seat in actor.officer_seats())


def is_officer(actor: Actor) -> bool:
    return any(seat.role in OFFICER_ROLES | ADMIN_ROLES for seat in actor.seats)
