"""Who may see a duty, hand it on, ask for time, grant it, instruct a business, acknowledge."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db.models import Q, QuerySet

from qianan.kernel.actor import OFFICER_ROLES, Actor, SeatView
from qianan.kernel.problems import NotYours
from qianan.registry.businesses import access as businesses
from qianan.registry.businesses.access import MANAGERS
from qianan.registry.businesses.models import Business, Oversight
from qianan.registry.duties.models import Duty, Extension, Instruction, Order

DECIDERS = OFFICER_ROLES - {"community"}
"""Officers who decide: a community worker sees and urges by word, but orders nothing."""


class Placed(Protocol):
    """A row that stands somewhere: its business, its place, its line."""

    business_id: uuid.UUID
    place_code: str
    line: str


def offices_over(actor: Actor, row: Placed, roles: Iterable[str] = DECIDERS) -> tuple[SeatView, ...]:
    """The actor's seats that reach this row: territorial ones by place, those with a line by place and line."""
    wanted = set(roles)
    found, others = [], []
    for seat in actor.seats:
        if seat.role not in wanted or not seat.covers(row.place_code):
            continue
        if seat.line == row.line if seat.line else seat.role != "industry":
            found.append(seat)
        elif seat.line:
            others.append(seat)
    if others and not found:
        lines = set(
            Oversight.objects.filter(
                business_id=row.business_id, line__in={seat.line for seat in others}, until=None
            ).values_list("line", flat=True)
        )
        found = [seat for seat in others if seat.line in lines]
    return tuple(found)


def oversees(actor: Actor, row: Placed, roles: Iterable[str] = DECIDERS) -> bool:
    """Whether this is an officer over the row's place and line, or the house itself."""
    return actor.is_system or bool(offices_over(actor, row, roles))


def manages(actor: Actor, business_id: uuid.UUID) -> bool:
    """Whether this is the principal or a safety manager of the business, or the house itself."""
    return actor.is_system or bool(actor.roles_at(business_id) & MANAGERS)


def works_at(actor: Actor, business_id: uuid.UUID) -> bool:
    return actor.is_system or bool(actor.roles_at(business_id))


def sits_on(actor: Actor, post: uuid.UUID | None) -> bool:
    return actor.is_system or (post is not None and post in actor.posts())


def visible_to(actor: Actor) -> QuerySet[Duty]:
    """The duties this actor may see: own business, area, line, tenants."""
    if actor.is_system:  # Q() | Q(…) is the second alone
        return Duty.objects.all()
    return Duty.objects.filter(businesses.scope_q(actor) | Q(owner_post__in=actor.posts()))


def overseen_by(actor: Actor) -> QuerySet[Duty]:
    """The duties over which this officer decides: his area and line, not his own shop."""
    if actor.is_system:
        return Duty.objects.all()
    offices = Actor(person=actor.person, seats=actor.officer_seats(DECIDERS), door=actor.door)
    return Duty.objects.filter(businesses.scope_q(offices))


def can_reassign(actor: Actor, duty: Duty) -> bool:
    """Managers hand on what their business owes; officers over it may too."""
    return manages(actor, duty.business_id) or oversees(actor, duty)


def can_ask_extension(actor: Actor, duty: Duty) -> bool:
    """Who owes it asks: those on the chair, and the managers of the business."""
    return manages(actor, duty.business_id) or sits_on(actor, duty.owner_post)


def can_decide_extension(actor: Actor, duty: Duty, extension: Extension) -> bool:
    """An officer over the business decides, never the one who asked."""
    return oversees(actor, duty) and (actor.is_system or extension.asked_by != actor.ref)


def can_instruct(actor: Actor, business: Business) -> bool:
    """Street, district, city and industry officers instruct the businesses of their area and line."""
    return actor.is_system or bool(offices_over(actor, _Where(business)))


def instructable(actor: Actor, some: Sequence[Business]) -> set[uuid.UUID]:
    """Which of these businesses the actor may instruct; one statement at most, for lines besides the chief one."""
    if actor.is_system:
        return {business.id for business in some}
    seats = actor.officer_seats(DECIDERS)
    found: set[uuid.UUID] = set()
    open_question: dict[uuid.UUID, set[str]] = {}
    for business in some:
        over = [seat for seat in seats if seat.covers(business.place_code)]
        if any(seat.line == business.line if seat.line else seat.role != "industry" for seat in over):
            found.add(business.id)
        elif lines := {seat.line for seat in over if seat.line}:
            open_question[business.id] = lines
    if open_question:
        rows = Oversight.objects.filter(business_id__in=open_question, until=None).values_list("business_id", "line")
        found |= {id for id, line in rows if line in open_question[id]}
    return found


def can_acknowledge(actor: Actor, order: Order) -> bool:
    """The managers of the business acknowledge for it."""
    return manages(actor, order.business_id)


def can_see_instruction(actor: Actor, instruction: Instruction) -> bool:
    """The sender, and officers whose seat holds the whole area it went to."""
    if actor.is_system or instruction.sent_by == actor.person:
        return True
    return any(
        seat.covers(instruction.place_code) and seat.line in {"", instruction.line}
        for seat in actor.officer_seats(DECIDERS)
        if seat.line or seat.role != "industry"
    )


def can_keep_posts(actor: Actor, business_id: uuid.UUID) -> bool:
    """The managers keep the chairs of their business."""
    return manages(actor, business_id)


class _Where:
    """A business as a placed row."""

    def __init__(self, business: Business) -> None:
        self.business_id = business.id
        self.place_code = business.place_code
        self.line = business.line


def check(allowed: bool, code: str = "not_yours") -> None:
    """Raises NotYours(code) unless allowed."""
    if not allowed:
        raise NotYours(code)
