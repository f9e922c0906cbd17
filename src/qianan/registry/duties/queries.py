"""What is asked of duties, chairs, instructions. `*_for(actor, …)` fetch for an actor; others are for rooms above."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from qianan.ground.accounts import queries as accounts
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL
from qianan.kernel.named import Named
from qianan.kernel.problems import NotFound
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.businesses.models import Business
from qianan.registry.duties import access
from qianan.registry.duties.chairs import (
    Chairs,
    Houses,
    PostView,
    Who,
    body_post_id,
    chairs_and_offices,
    chairs_of,
    codes_above,
    counter_of,
    offices_of,
    post_id,
    post_ref,
    who,
)
from qianan.registry.duties.models import Duty, Extension, Instruction, Order, Post
from qianan.registry.duties.musts import Musts, three_musts
from qianan.registry.duties.steps import Step, ladder_of, ladders_of, offices_on_ladders
from qianan.tables.within import within

__all__ = [
    "Chairs",
    "Houses",
    "Musts",
    "PostView",
    "Step",
    "Who",
    "body_post_id",
    "chairs_and_offices",
    "chairs_of",
    "codes_above",
    "counter_of",
    "ladder_of",
    "ladders_of",
    "offices_of",
    "offices_on_ladders",
    "post_id",
    "post_ref",
    "three_musts",
    "who",
]


def _uuid(id: object, code: str) -> uuid.UUID:
    if isinstance(id, uuid.UUID):
        return id
    try:
        return uuid.UUID(str(id))
    except ValueError:
        raise NotFound(code) from None


# -- duties ---------------------------------------------------------------------


def duty_for(actor: Actor, business: object, id: object) -> Duty:
    """This duty, if the actor may see it. Raises NotFound("no_such_duty")."""
    code = "no_such_duty"
    found = access.visible_to(actor).filter(business_id=_uuid(business, code), id=_uuid(id, code)).first()
    if found is None:
        raise NotFound(code)
    return found


def duties_about(*refs: Ref) -> QuerySet[Duty]:
    """All promises about these objects of one business, kept ones too, in the order they were made."""
    return Duty.objects.filter(
        business_id__in={ref.business for ref in refs}, about__in=[str(ref) for ref in refs]
    ).order_by("opened_at", "id")


def duties_about_many(abouts: Iterable[str]) -> list[Duty]:
    """All promises about these refs (as text), kept ones too, in the order they were made. One statement per 500."""
    texts = sorted(set(abouts))
    found: list[Duty] = []
    for start in range(0, len(texts), 500):
        some = texts[start : start + 500]
        owners = {Ref.parse(text).business for text in some}
        found += Duty.objects.filter(business_id__in=owners, about__in=some).order_by("opened_at", "id")
    return found


def open_about(refs: Iterable[Ref]) -> list[Duty]:
    """The open promises about these objects, whatever their kind. One statement per 500."""
    wanted = {str(ref): ref for ref in refs}
    found: list[Duty] = []
    texts = sorted(wanted)
    for start in range(0, len(texts), 500):
        some = texts[start : start + 500]
        found += Duty.objects.filter(
            business_id__in={wanted[text].business for text in some}, about__in=some, state="open"
        ).order_by("opened_at", "id")
    return found


def duties_by_ids(keys: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> dict[uuid.UUID, Duty]:
    """Duties by (business, id), without asking for whom."""
    wanted = set(keys)
    rows = Duty.objects.filter(business_id__in={key[0] for key in wanted}, id__in={key[1] for key in wanted})
    return {row.id: row for row in rows if (row.business_id, row.id) in wanted}


def open_duties_for(
    actor: Actor,
    *,
    kind: str = "",
    place_code: str = "",
    line: str = "",
    level: str = "",
    overdue_at: datetime | None = None,
    rung: int | None = None,
    business: uuid.UUID | None = None,
) -> QuerySet[Duty]:
    """The open promises this actor may see, most urgent first. `overdue_at`: those due before it; `rung`: at least."""
    found = access.visible_to(actor).filter(within(place_code), state="open")
    if kind:
        found = found.filter(kind=kind)
    if line:
        found = found.filter(line=line)
    if level:
        found = found.filter(level=level)
    if overdue_at is not None:
        found = found.filter(due_at__lt=overdue_at)
    if rung is not None:
        found = found.filter(rung__gte=rung)
    if business is not None:
        found = found.filter(business_id=business)
    return found.order_by("due_at", "id")


def silent_sites(actor: Actor, place_code: str, at: datetime) -> QuerySet[Duty]:
    """Who has not reported: one open duty per silent site and list, longest silent first (`site_id`, `about`)."""
    return open_duties_for(actor, kind="silence", place_code=place_code).filter(opened_at__lte=at).order_by("opened_at")


def owed_by(actor: Actor, *, on: date | None = None) -> QuerySet[Duty]:
    """What this person owes: what hangs on the own chairs and, given the day, what fell to them from vacant ones."""
    posts = actor.posts() if on is None else effective_posts(actor, on=on)
    return Duty.objects.filter(owner_post__in=posts, state="open").order_by("due_at", "id")


def _houses(actor: Actor) -> list[uuid.UUID]:
    return sorted({seat.business for seat in actor.seats if seat.business != NIL})


def effective_posts(actor: Actor, *, on: date) -> frozenset[uuid.UUID]:
    """The chairs this person answers for today: the own ones, and vacant ones of the same houses that fall to them."""
    own = actor.posts()
    houses = _houses(actor)
    bodies = {seat.body_code for seat in actor.seats if seat.body_code}
    chairs, offices = chairs_and_offices(houses, bodies, on=on)
    found = set(own)
    for house in (*chairs.values(), *offices.values()):
        for view in house.views:
            if view.vacant and (heir := house.above(view.id)) and heir.id in own:
                found.add(view.id)
    return frozenset(found)


def resolve(post: uuid.UUID, *, on: date) -> PostView | None:
    """The chair that must act for this one today: itself, or the next occupied; None when nobody is left."""
    found = who([post], on=on).get(post)
    if found is None:
        return None
    return PostView(found.post, found.people) if found.people else found.falls_to


def names_of_posts(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Named]:
    """Titles by id, in both languages; a chair of an office carries the office's name before it."""
    posts = list(Post.objects.filter(id__in=set(ids)))
    bodies = accounts.bodies({post.body_code for post in posts if post.body_code})
    names = {}
    for post in posts:
        body = bodies.get(post.body_code)
        names[post.id] = (
            Named(f"{body.name_zh}{post.title_zh}", f"{body.name_en}, {post.title_en.lower()}")
            if body
            else Named(post.title_zh, post.title_en)
        )
    return names


# -- more time --------------------------------------------------------------------


def extensions_of(duties: Iterable[Duty]) -> dict[uuid.UUID, list[Extension]]:
    """What was asked for these duties, by duty id, oldest first."""
    some = list(duties)
    found: dict[uuid.UUID, list[Extension]] = defaultdict(list)
    rows = Extension.objects.filter(
        business_id__in={duty.business_id for duty in some}, duty_id__in=[duty.id for duty in some]
    )
    for row in rows.order_by("asked_at", "id"):
        found[row.duty_id].append(row)
    return found


def extensions_for(actor: Actor, *, state: str = "asked") -> QuerySet[Extension]:
    """The requests for more time that this officer may decide (`state="asked"`), or that were decided; oldest first."""
    seen = access.overseen_by(actor).order_by()
    found = Extension.objects.filter(Exists(seen.filter(business_id=OuterRef("business_id"), id=OuterRef("duty_id"))))
    if state:
        found = found.filter(state=state)
    if not actor.is_system:
        found = found.exclude(asked_by=actor.ref)
    return found.order_by("asked_at", "id")


def extension_for(actor: Actor, business: object, id: object) -> Extension:
    """This request, if the actor may see its duty. Raises NotFound("no_such_extension")."""
    code = "no_such_extension"
    found = Extension.objects.filter(business_id=_uuid(business, code), id=_uuid(id, code)).first()
    if found is None or not access.visible_to(actor).filter(business_id=found.business_id, id=found.duty_id).exists():
        raise NotFound(code)
    return found


# -- chairs -----------------------------------------------------------------------


def posts_of(business_id: uuid.UUID, *, on: date) -> list[PostView]:
    """The chairs of a business with who sits there, the principal's first."""
    return list(chairs_of([business_id], on=on)[business_id].views)


def post_for(actor: Actor, business: object, id: object) -> Post:
    """This chair of a business the actor may see. Raises NotFound("no_such_post")."""
    code = "no_such_post"
    owner = businesses.business_for(actor, business)
    found = Post.objects.filter(business_id=owner.id, id=_uuid(id, code)).first()
    if found is None:
        raise NotFound(code)
    return found


# -- instructions -------------------------------------------------------------------


@dataclass(frozen=True)
class Reached:
    """A business that an instruction reaches, and how many people read it there."""

    business: Business
    people: tuple[uuid.UUID, ...]


@dataclass(frozen=True)
class Skipped:
    """A business that it does not reach, and why: `closed`, `not_yours`, `nobody`."""

    business: Business
    why: str


@dataclass(frozen=True)
class Preview:
    """Whom an instruction would reach, and who is left out and why."""

    reached: tuple[Reached, ...]
    skipped: tuple[Skipped, ...]

    @property
    def people(self) -> int:
        """How many letters' readers: one digest a person, however many shops."""
        return len({person for each in self.reached for person in each.people})


def preview_instruction(actor: Actor, wanted: Sequence[Business], *, on: date) -> Preview:
    """Whom `send_instruction` would reach with these businesses. The same one twice counts once."""
    some = list({business.id: business for business in wanted}.values())
    yours = access.instructable(actor, some)
    readers = recipients_of([business.id for business in some], on=on)
    reached, skipped = [], []
    for business in some:
        if business.id not in yours:
            skipped.append(Skipped(business, "not_yours"))
        elif business.state != "active":
            skipped.append(Skipped(business, "closed"))
        elif business.id not in readers:
            skipped.append(Skipped(business, "nobody"))
        else:
            reached.append(Reached(business, tuple(readers[business.id])))
    return Preview(tuple(reached), tuple(skipped))


def recipients_of(business_ids: Sequence[uuid.UUID], *, on: date) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Who reads an instruction in each business: its principals and safety managers; one without anybody is missing."""
    people = accounts.people_of_businesses(business_ids, roles=("principal", "safety_manager"), on=on)
    return {id: list(dict.fromkeys(each.person for each in some)) for id, some in people.items() if some}


def instructions_for(actor: Actor) -> QuerySet[Instruction]:
    """Instructions sent within the actor's area and line, and one's own; newest first."""
    found = Q(sent_by=actor.person) if actor.person else Q()
    if not actor.is_system:
        for seat in actor.officer_seats(access.DECIDERS):
            if seat.line:
                found |= within(seat.place_code) & Q(line=seat.line)
            elif seat.role != "industry":
                found |= within(seat.place_code)
        if not actor.officer_seats(access.DECIDERS):
            return Instruction.objects.none()
    return Instruction.objects.filter(found).order_by("-sent_at", "-id")


@dataclass(frozen=True)
class InstructionFile:
    """An instruction and how it fares: how many businesses got it, how many acknowledged, late, not yet."""

    instruction: Instruction
    sent: int
    acked: int
    late: int

    @property
    def waiting(self) -> int:
        return self.sent - self.acked


def instruction_for(actor: Actor, id: object) -> InstructionFile:
    """This instruction with its counts, for the sender and officers above. Raises NotFound("no_such_instruction")."""
    found = Instruction.objects.filter(id=_uuid(id, "no_such_instruction")).first()
    if found is None or not access.can_see_instruction(actor, found):
        raise NotFound("no_such_instruction")
    times = list(Order.objects.filter(instruction_id=found.id).values_list("acked_at", "ack_by"))
    acked = [(at, by) for at, by in times if at is not None]
    return InstructionFile(found, len(times), len(acked), sum(at > by for at, by in acked))


def acknowledged_of(instruction_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many businesses acknowledged each of these instructions."""
    ids = set(instruction_ids)
    rows = (
        Order.objects.filter(instruction_id__in=ids, acked_at__isnull=False)
        .values_list("instruction_id")
        .annotate(count=Count("id"))
    )
    return dict.fromkeys(ids, 0) | dict(rows)


def orders_of(actor: Actor, instruction: Instruction) -> QuerySet[Order]:
    """The copies of an instruction that the actor may see, those not acknowledged first."""
    found = Order.objects.filter(instruction_id=instruction.id)
    if not access.can_see_instruction(actor, instruction):
        found = found.filter(business_id__in=businesses.visible_to(actor).values("id"))
    return found.order_by("acked_at", "business_id")


def orders_for(actor: Actor, *, acknowledged: bool | None = None) -> QuerySet[Order]:
    """The instructions that the actor's own businesses were given, newest first."""
    found = Order.objects.filter(business_id__in=_houses(actor))
    if acknowledged is not None:
        found = found.filter(acked_at__isnull=not acknowledged)
    return found.order_by("-sent_at", "-id")


def order_for(actor: Actor, business: object, id: object) -> Order:
    """This copy, for the business's people and the officers over it. Raises NotFound("no_such_order")."""
    code = "no_such_order"
    owner = businesses.business_for(actor, business)
    found = Order.objects.filter(business_id=owner.id, id=_uuid(id, code)).first()
    if found is None:
        raise NotFound(code)
    return found


def last_orders(business_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Order]:
    """The newest instruction of each business, without asking for whom."""
    found: dict[uuid.UUID, Order] = {}
    for order in Order.objects.filter(business_id__in=set(business_ids)).order_by("sent_at", "id"):
        found[order.business_id] = order
    return found
