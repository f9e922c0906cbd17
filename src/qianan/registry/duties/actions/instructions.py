"""An officer tells many businesses at once, and each must acknowledge by a time (指令、催办、签收)."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from qianan.ground.codebook import queries as codebook
from qianan.ground.trail.actions import record, record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.problems import Invalid, NotYours
from qianan.kernel.ref import Ref
from qianan.registry.businesses.models import Business
from qianan.registry.duties import access, ladder, queries
from qianan.registry.duties.actions.promises import NewDuty, discharge, open_duties
from qianan.registry.duties.chairs import chairs_of
from qianan.registry.duties.events import InstructionAcknowledged, InstructionReceived, InstructionSent
from qianan.registry.duties.models import Instruction, Order
from qianan.tables import bulk

TEXT = 2000
"""Characters of an instruction."""


@transaction.atomic
def send_instruction(
    *,
    businesses: Sequence[Business],
    text: str,
    ack_by: datetime | None = None,
    urge: bool = False,
    about_kind: str = "",
    id: uuid.UUID | None = None,
    by: Actor,
    now: datetime,
) -> Instruction:
    """Send an instruction, or urge (催办), one or many businesses; each gets its copy and a duty to acknowledge it.

    Those that `queries.preview_instruction` skips (closed, out of the officer's reach, nobody there to read it) are
    left out. Without `ack_by` the codebook gives the days. `id` is the client's: the same id again gives the same row.
    Raises Invalid("words_needed" | "too_long" | "ack_by_past"), NotYours("nobody_reached") when none is left.
    """
    if id is not None and (sent := Instruction.objects.filter(id=id).first()):
        return sent
    text = text.strip()
    if not text:
        raise Invalid("words_needed", where="text")
    if len(text) > TEXT:
        raise Invalid("too_long", where="text", limit=TEXT)
    due = ack_by or codebook.due_from("instruction", "any", at=now).at
    if due <= now:
        raise Invalid("ack_by_past", where="ack_by")
    preview = queries.preview_instruction(by, businesses, on=ladder.day_of(now))
    reached = [each.business for each in preview.reached]
    if not reached:
        raise NotYours("nobody_reached")
    instruction = Instruction(
        id=id or uuid7(now),
        text=text,
        urge=urge,
        about_kind=about_kind,
        place_code=_common_place(reached),
        line=_line_of(by, reached),
        sent_at=now,
        ack_by=due,
        sent_by=by.person or NIL,
        body_code=by.seat.body_code if by.seat else "",
        count=len(reached),
    )
    instruction.save(force_insert=True)
    record(
        InstructionSent(
            about=Ref("duties.instruction", NIL, str(instruction.id)),
            place_code=instruction.place_code,
            count=len(reached),
            ack_by=due.isoformat(),
            urge=urge,
        ),
        by=by,
        now=now,
    )
    _hand_out(instruction, reached, by=by, now=now)
    return instruction


def _hand_out(instruction: Instruction, reached: Sequence[Business], *, by: Actor, now: datetime) -> None:
    orders = [
        Order(
            business_id=business.id,
            id=uuid7(now),
            instruction_id=instruction.id,
            text=instruction.text,
            urge=instruction.urge,
            sent_at=now,
            ack_by=instruction.ack_by,
        )
        for business in reached
    ]
    bulk.insert(orders)
    chairs = chairs_of([business.id for business in reached], on=ladder.day_of(now))
    duties = []
    for business, order in zip(reached, orders, strict=True):
        owner = chairs[business.id].first_occupied("principal", "safety_manager", "business_line")
        chief = chairs[business.id].of("principal")
        duties.append(
            NewDuty(
                business_id=business.id,
                kind="instruction",
                about=Ref("duties.order", business.id, str(order.id)),
                place_code=business.place_code,
                line=business.line,
                industry_code=business.industry_id or "",
                tier=business.tier,
                owner_post=owner.id if owner else None,
                accountable_post=chief.id if chief else None,
                due_at=instruction.ack_by,
                subject=instruction.text,
            )
        )
    open_duties(duties, by=by, now=now)
    record_many(
        [
            InstructionReceived(
                about=Ref("duties.order", business.id, str(order.id)),
                place_code=business.place_code,
                instruction=str(Ref("duties.instruction", NIL, str(instruction.id))),
                ack_by=instruction.ack_by.isoformat(),
                urge=instruction.urge,
            )
            for business, order in zip(reached, orders, strict=True)
        ],
        by=by,
        now=now,
    )


def _common_place(reached: Sequence[Business]) -> str:
    """The smallest place that holds all of them: nesting codes share a prefix, cut at a level."""
    codes = {business.place_code for business in reached}
    shared = ""
    for length in (2, 6, 9, 12):
        heads = {code[:length] for code in codes}
        if len(heads) != 1 or len(min(heads)) < length:
            break
        shared = min(heads)
    return shared


def _line_of(by: Actor, reached: Sequence[Business]) -> str:
    """The line it was sent along: that of the officer's seat; "" when the territory speaks."""
    return by.seat.line if by.seat else ""


@transaction.atomic
def acknowledge(order: Order, *, note: str = "", by: Actor, now: datetime) -> Order:
    """Say that it was read, for the business. Twice is once.

    Raises NotYours("not_your_business"), Invalid("too_long").
    """
    access.check(access.can_acknowledge(by, order), "not_your_business")
    if len(note) > 500:
        raise Invalid("too_long", where="note", limit=500)
    mine = Order.objects.filter(business_id=order.business_id, id=order.id, acked_at=None).update(
        acked_at=now, acked_by=by.ref, note=note.strip()
    )
    order.refresh_from_db()
    if not mine:
        return order
    about = Ref("duties.order", order.business_id, str(order.id))
    duty = discharge(about, "instruction", by=by, now=now)
    record(
        InstructionAcknowledged(
            about=about,
            place_code=duty.place_code if duty else "",
            instruction=str(Ref("duties.instruction", NIL, str(order.instruction_id))),
            late=now > order.ack_by,
        ),
        by=by,
        now=now,
    )
    return order
