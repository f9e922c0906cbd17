"""Duties: who owes what by when, how far lateness has climbed, more time; instructions and their receipts."""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from qianan.doors.api import names
from qianan.doors.api.entry import who
from qianan.doors.api.paging import Paging, page_of
from qianan.doors.api.shapes import Code, Coded, In, Moment, Name, Page, ShortWords, When
from qianan.doors.api.v1.businesses import ChairOut, show_chair
from qianan.doors.api.v1.hazard_file import ExtensionOut, StepOut, show_extensions, show_step
from qianan.doors.api.v1.hazards import Granting
from qianan.doors.api.v1.posts import ToPost
from qianan.doors.kit.now import now
from qianan.ground.accounts.days import day_of
from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotFound
from qianan.registry.businesses import queries as businesses
from qianan.registry.duties import actions, queries

router = Router(tags=["duties"])

Kind = Literal[
    "rating", "rectification", "verification", "silence", "instruction", "claim", "double_report", "plan",
    "supervision", "transfer", "",
]  # fmt: skip


class DutyOut(Schema):
    """A promise with a deadline (职责). `about` is a ref; `rung` how far it has climbed: 0 shop … 3 city."""

    id: uuid.UUID
    business: uuid.UUID
    business_name: Name | None
    kind: str
    about: str
    subject: str
    level: str
    place: Coded
    line: Coded | None
    owner_post: uuid.UUID | None
    opened_at: Moment
    due_at: Moment
    rung: int
    state: str
    ended_at: Moment | None
    extensions: int


class DutyFile(DutyOut):
    """A promise with its three chairs, its ladder and what was asked for it."""

    owner: ChairOut | None
    accountable: ChairOut | None
    verifier: ChairOut | None
    ladder: list[StepOut]
    asked: list[ExtensionOut]


class Asking(In):
    until: When
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Preview(In):
    """The businesses an instruction would go to."""

    businesses: Annotated[list[uuid.UUID], Field(min_length=1, max_length=5000)]


class SkippedOut(Schema):
    business: uuid.UUID
    why: str


class PreviewOut(Schema):
    """Whom it would reach: businesses, people, and who is left out and why."""

    reached: list[uuid.UUID]
    people: int
    skipped: list[SkippedOut]


class NewInstruction(Preview):
    """An instruction (通知) or, with `urge`, a reminder (催办); each business acknowledges it by `ack_by`."""

    id: uuid.UUID | None = None
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    ack_by: When | None = None
    urge: bool = False
    about_kind: Annotated[str, Field(max_length=20, pattern=r"^[a-z_]*$")] = ""


class InstructionOut(Schema):
    """What an officer told many businesses at once."""

    id: uuid.UUID
    text: str
    urge: bool
    place: Coded | None
    line: Coded | None
    sent_at: Moment
    ack_by: Moment
    count: int


class InstructionFile(InstructionOut):
    """An instruction with how many acknowledged it, and how many of these late."""

    sent: int
    acked: int
    late: int


class OrderOut(Schema):
    """One business's copy of an instruction (回执)."""

    id: uuid.UUID
    business: uuid.UUID
    business_name: Name
    instruction: uuid.UUID
    text: str
    urge: bool
    sent_at: Moment
    ack_by: Moment
    acked_at: Moment | None
    note: str


class Note(In):
    note: ShortWords = ""


def show_duties(rows: Sequence[Any]) -> list[DutyOut]:
    placed = names.coded_places(row.place_code for row in rows)
    shops = businesses.businesses_by_ids({row.business_id for row in rows})
    same = ("id", "kind", "about", "subject", "level", "owner_post", "opened_at", "due_at", "rung", "state", "ended_at")
    return [
        DutyOut(
            **{name: getattr(row, name) for name in same},
            extensions=row.extensions,
            business=row.business_id,
            business_name=Name.of(shops[row.business_id]) if row.business_id in shops else None,
            place=placed[row.place_code],
            line=names.coded_line(row.line),
        )
        for row in rows
    ]


def _file(duty: Any) -> DutyFile:
    on = day_of(now())
    parts = {part: getattr(duty, f"{part}_post") for part in ("owner", "accountable", "verifier")}
    chairs = queries.who([post for post in parts.values() if post], on=on)
    shown: dict[str, Any] = {part: show_chair(chairs[post]) if post in chairs else None for part, post in parts.items()}
    return DutyFile(
        **show_duties([duty])[0].dict(),
        **shown,
        ladder=[show_step(each) for each in queries.ladder_of(duty, on=on)],
        asked=show_extensions(queries.extensions_of([duty]).get(duty.id, [])),
    )


@router.get("/duties", response=Page[DutyOut], summary="Open promises that I may see, the most urgent first")
def list_duties(
    request: HttpRequest,
    paged: Paging,
    kind: Kind = "",
    place: Code = "",
    line: Code = "",
    level: Literal["unrated", "general", "major", ""] = "",
    overdue: bool = False,
    rung: Annotated[int, Field(ge=0, le=3)] | None = None,
    business: uuid.UUID | None = None,
    mine: bool = False,
) -> Page[DutyOut]:
    """`mine`: only what hangs on my own chairs today, and what fell to me from vacant ones."""
    actor = who(request)
    if mine:
        found = queries.owed_by(actor, on=day_of(now()))
        if kind:
            found = found.filter(kind=kind)
    else:
        found = queries.open_duties_for(
            actor,
            kind=kind,
            place_code=place,
            line=line,
            level=level,
            overdue_at=now() if overdue else None,
            rung=rung,
            business=business,
        )
    return page_of(found, paged, order=("due_at", "id"), show=show_duties)


@router.get("/duties/{uuid:business}/{uuid:id}", response=DutyFile, summary="One promise and its ladder")
def get_duty(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> DutyFile:
    return _file(queries.duty_for(who(request), business, id))


@router.post("/duties/{uuid:business}/{uuid:id}/reassign", response=DutyFile, summary="Hand it to another chair")
def reassign(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, data: ToPost) -> DutyFile:
    actor = who(request)
    duty = queries.duty_for(actor, business, id)
    return _file(actions.reassign(duty, to_post=data.to_post, by=actor, now=now()))


@router.post(
    "/duties/{uuid:business}/{uuid:id}/ask-extension", response={201: ExtensionOut}, summary="Ask for more time"
)
def ask_extension(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, data: Asking) -> Status[ExtensionOut]:
    actor = who(request)
    duty = queries.duty_for(actor, business, id)
    asked = actions.ask_extension(duty, until=data.until, reason=data.reason, by=actor, now=now())
    return Status(201, show_extensions([asked])[0])


@router.get("/extensions", response=Page[ExtensionOut], summary="Requests for more time that I decide")
def list_extensions(
    request: HttpRequest, paged: Paging, state: Literal["asked", "granted", "refused"] = "asked"
) -> Page[ExtensionOut]:
    found = queries.extensions_for(who(request), state=state)
    return page_of(found, paged, order=("asked_at", "id"), show=show_extensions)


@router.post("/extensions/{uuid:business}/{uuid:id}/decide", response=ExtensionOut, summary="Grant or refuse more time")
def decide_extension(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, data: Granting) -> ExtensionOut:
    actor = who(request)
    asked = queries.extension_for(actor, business, id)
    return show_extensions([actions.decide_extension(asked, grant=data.grant, note=data.note, by=actor, now=now())])[0]


# -- instructions ---------------------------------------------------------------------------


def _wanted(actor: Actor, ids: Sequence[uuid.UUID]) -> list[Any]:
    """These businesses, in order, all of them the actor's to see. Raises NotFound for one that is not."""
    found = {row.id: row for start in range(0, len(ids), 500) for row in _some(actor, ids[start : start + 500])}
    missing = next((id for id in ids if id not in found), None)
    if missing is not None:
        raise NotFound("no_such_business", where="businesses")
    return [found[id] for id in dict.fromkeys(ids)]


def _some(actor: Actor, ids: Sequence[uuid.UUID]) -> list[Any]:
    return list(businesses.businesses_for(actor, state="").filter(id__in=list(ids)))


def _instructions(rows: Sequence[Any]) -> list[InstructionOut]:
    placed = names.coded_places(row.place_code for row in rows if row.place_code)
    return [
        InstructionOut(
            id=row.id,
            text=row.text,
            urge=row.urge,
            place=placed.get(row.place_code),
            line=names.coded_line(row.line),
            sent_at=row.sent_at,
            ack_by=row.ack_by,
            count=row.count,
        )
        for row in rows
    ]


def _orders(rows: Sequence[Any]) -> list[OrderOut]:
    shops = businesses.businesses_by_ids({row.business_id for row in rows})
    same = ("id", "text", "urge", "sent_at", "ack_by", "acked_at", "note")
    return [
        OrderOut(
            **{name: getattr(row, name) for name in same},
            business=row.business_id,
            business_name=Name.of(shops[row.business_id]),
            instruction=row.instruction_id,
        )
        for row in rows
    ]


@router.post("/instructions/preview", response=PreviewOut, summary="Whom an instruction would reach; sends nothing")
def preview(request: HttpRequest, data: Preview) -> PreviewOut:
    actor = who(request)
    found = queries.preview_instruction(actor, _wanted(actor, data.businesses), on=day_of(now()))
    return PreviewOut(
        reached=[each.business.id for each in found.reached],
        people=found.people,
        skipped=[SkippedOut(business=each.business.id, why=each.why) for each in found.skipped],
    )


@router.post("/instructions", response={201: InstructionFile}, summary="Instruct or urge one or many businesses")
def send(request: HttpRequest, data: NewInstruction) -> Status[InstructionFile]:
    actor = who(request)
    facts = data.dict(exclude={"businesses"})
    sent = actions.send_instruction(businesses=_wanted(actor, data.businesses), by=actor, now=now(), **facts)
    return Status(201, _instruction(actor, sent.id))


def _instruction(actor: Actor, id: uuid.UUID) -> InstructionFile:
    found = queries.instruction_for(actor, id)
    shown = _instructions([found.instruction])[0]
    return InstructionFile(**shown.dict(), sent=found.sent, acked=found.acked, late=found.late)


@router.get("/instructions", response=Page[InstructionOut], summary="Instructions sent within my area, newest first")
def list_instructions(request: HttpRequest, paged: Paging) -> Page[InstructionOut]:
    return page_of(queries.instructions_for(who(request)), paged, order=("-sent_at", "-id"), show=_instructions)


@router.get("/instructions/{uuid:id}", response=InstructionFile, summary="An instruction and how many acknowledged it")
def get_instruction(request: HttpRequest, id: uuid.UUID) -> InstructionFile:
    return _instruction(who(request), id)


@router.get("/instructions/{uuid:id}/orders", response=Page[OrderOut], summary="Who acknowledged it, who has not")
def list_orders_of(request: HttpRequest, id: uuid.UUID, paged: Paging) -> Page[OrderOut]:
    actor = who(request)
    found = queries.orders_of(actor, queries.instruction_for(actor, id).instruction)
    return page_of(found, paged, order=("business_id", "id"), show=_orders)


@router.get("/orders", response=Page[OrderOut], summary="Instructions that my businesses were given, newest first")
def list_orders(request: HttpRequest, paged: Paging, acknowledged: bool | None = None) -> Page[OrderOut]:
    found = queries.orders_for(who(request), acknowledged=acknowledged)
    return page_of(found, paged, order=("-sent_at", "-id"), show=_orders)


@router.get("/orders/{uuid:business}/{uuid:id}", response=OrderOut, summary="One business's copy of an instruction")
def get_order(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> OrderOut:
    return _orders([queries.order_for(who(request), business, id)])[0]


@router.post("/orders/{uuid:business}/{uuid:id}/acknowledge", response=OrderOut, summary="Acknowledge an instruction")
def acknowledge(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, data: Note) -> OrderOut:
    actor = who(request)
    order = queries.order_for(actor, business, id)
    return _orders([actions.acknowledge(order, note=data.note, by=actor, now=now())])[0]
