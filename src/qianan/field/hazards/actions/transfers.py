"""Not ours to handle: sent to the competent office with a record; it gives its receipt (移送; Law art. 69)."""

from datetime import datetime

from django.db import transaction

from qianan.field.hazards import access
from qianan.field.hazards.actions.ordering import new_duty
from qianan.field.hazards.beside import beside
from qianan.field.hazards.events import HazardTransferred, TransferReceived
from qianan.field.hazards.lifecycle import HAZARD, TRANSFER
from qianan.field.hazards.models import Hazard, Transfer
from qianan.field.hazards.words import for_the_trail, text_of
from qianan.field.hazards.writing import lock, paper_number, ref_of, side_ref, write
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.ground.trail.actions import record
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Invalid, NotNow
from qianan.registry.duties import access as duty_access
from qianan.registry.duties import actions as duties
from qianan.registry.duties.queries import counter_of, offices_of


@transaction.atomic
def transfer(
    hazard: Hazard,
    *,
    to_body: str,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Transfer:
    """Send it to the office that is competent; it owes a receipt by the codebook's days.

    What the business owes runs on meanwhile. Raises NotNow, NotYours, Conflict,
    Invalid("no_such_body" | "own_body" | "other_place" | "reason_needed").
    """
    lock([hazard], expected=[expected_version])
    access.check_may(by, hazard, "transfer", beside(hazard))
    reason = text_of(reason, where="reason", limit=500, needed="reason_needed")
    body = accounts.bodies([to_body]).get(to_body)
    if body is None or (body.until is not None and body.until <= codebook.local_day(now)):
        raise Invalid("no_such_body", where="to_body")
    seats = duty_access.offices_over(by, hazard)
    own = by.seat if by.seat in seats else next(iter(seats), None)
    if to_body in access.bodies_of(by):
        raise Invalid("own_body", where="to_body")
    if not hazard.place_code.startswith(body.place_code):
        raise Invalid("other_place", where="to_body")
    id = uuid7(now)
    row = Transfer(
        business_id=hazard.business_id,
        id=id,
        hazard_id=hazard.id,
        from_body=own.body_code if own else "",
        to_body=to_body,
        reason=reason,
        receipt=paper_number("YS", id, codebook.local_day(now)),
        state=TRANSFER.start,
        sent_at=now,
        was=hazard.state,
    )
    HAZARD.check(hazard.state, "transferred")
    hazard.state = "transferred"
    row.save(force_insert=True)
    write([hazard], "state")
    counter = counter_of(offices_of([to_body], on=codebook.local_day(now)).get(to_body))
    record(
        HazardTransferred(
            about=ref_of(hazard),
            place_code=hazard.place_code,
            to_body=to_body,
            receipt=row.receipt,
            reason=for_the_trail(reason),
        ),
        by=by,
        now=now,
    )
    duties.open_duty(
        new_duty(
            hazard,
            "transfer",
            level=hazard.level,
            about=side_ref(row),
            owner=counter.id if counter else None,
            by=by,
            now=now,
        ),
        by=by,
        now=now,
    )
    return row


@transaction.atomic
def receive_transfer(
    sent: Transfer, *, accept: bool, answer: str = "", expected_version: int | None = None, by: Actor, now: datetime
) -> Transfer:
    """The office accepts it (its line then answers for the hazard) or declines with a reason.

    Either way the hazard goes on as it was.
    Raises NotNow("transfer_over"), NotYours, Invalid("reason_needed" | "too_long").
    """
    hazard = Hazard(business_id=sent.business_id, id=sent.hazard_id)
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    row = facts.sent
    if row is None or row.id != sent.id:
        raise NotNow("transfer_over")
    access.check_may(by, hazard, "receive_transfer", facts)
    then = "received" if accept else "declined"
    TRANSFER.check(row.state, then)
    row.answer = text_of(answer, where="answer", limit=500, needed="" if accept else "reason_needed")
    row.state, row.received_at, row.received_by = then, now, by.ref
    write([row], "state", "received_at", "received_by", "answer")
    if hazard.state == "transferred":
        HAZARD.check(hazard.state, row.was)
        hazard.state = row.was
    body = accounts.bodies([row.to_body]).get(row.to_body)
    if accept and body is not None and body.line:
        hazard.line = body.line
    write([hazard], "state", "line")
    record(
        TransferReceived(
            about=ref_of(hazard),
            place_code=hazard.place_code,
            to_body=row.to_body,
            receipt=row.receipt,
            accepted=accept,
        ),
        by=by,
        now=now,
    )
    duties.discharge(side_ref(row), "transfer", by=by, now=now)
    sent.state, sent.answer, sent.received_at, sent.received_by = row.state, row.answer, now, by.ref
    return sent
