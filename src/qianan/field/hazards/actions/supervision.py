"""A major hazard stands on a list (挂牌督办); work stops because of a hazard and goes on with consent."""

from datetime import date, datetime, time

from django.db import transaction

from qianan.field.hazards import access
from qianan.field.hazards.access import HEIGHTS, height_of
from qianan.field.hazards.actions.ordering import new_duty
from qianan.field.hazards.beside import beside
from qianan.field.hazards.events import HazardSupervised, SupervisionLifted, WorkResumed, WorkSuspended
from qianan.field.hazards.lifecycle import SUPERVISION
from qianan.field.hazards.models import Hazard, Supervision, Suspension
from qianan.field.hazards.words import for_the_trail, text_of
from qianan.field.hazards.writing import lock, paper_number, ref_of, side_ref, write
from qianan.ground.codebook import queries as codebook
from qianan.ground.trail.actions import record
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid, NotNow, NotYours
from qianan.registry.duties import access as duty_access
from qianan.registry.duties import actions as duties
from qianan.registry.duties.chairs import territory_code
from qianan.registry.duties.queries import chairs_and_offices, counter_of


@transaction.atomic
def supervise(
    hazard: Hazard,
    *,
    reason: str,
    level: str = "",
    due_on: date | None = None,
    body_code: str = "",
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Supervision:
    """Put a major hazard on the supervision list of one's office, once an office; the office owes it until `due_on`.

    `level` (street, district, city) and `body_code` choose among the officer's seats; without `due_on` the codebook
    gives the days. The house itself (a listener) names level and body. Raises NotNow("only_major"), NotYours,
    Conflict("already_listed"), Invalid("reason_needed" | "due_past" | "unknown_level").
    """
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    reason = text_of(reason, where="reason", limit=500, needed="reason_needed")
    if level and level not in HEIGHTS:
        raise Invalid("unknown_level", where="level", level=level)
    bodies = {row.body_code for row in facts.listed}
    over = [seat.body_code for seat in duty_access.offices_over(by, hazard, access.listers()) if seat.body_code]
    if body_code in bodies or (over and not body_code and set(over) <= bodies):
        raise Conflict("already_listed")
    access.check_may(by, hazard, "supervise", facts)
    if by.is_system:
        level = level or "district"
        body = body_code or territory_code(level, hazard.place_code)
        if body in bodies:
            raise Conflict("already_listed")
    else:
        seats = [
            seat
            for seat in access.listing_seats(by, hazard, facts)
            if level in {"", height_of(seat)} and body_code in {"", seat.body_code}
        ]
        if not seats:
            raise Invalid("unknown_level", where="level", level=level)
        own = by.seat if by.seat in seats else seats[0]
        assert own is not None  # noqa: S101  seats is not empty
        level, body = height_of(own), own.body_code
    due_at = (
        codebook.due_from("supervision", hazard.level, at=now).at
        if due_on is None
        else datetime.combine(due_on, time(23, 59, 59), tzinfo=codebook.instance_zone())
    )
    if due_at <= now:
        raise Invalid("due_past", where="due_on")
    row = Supervision(
        business_id=hazard.business_id,
        id=uuid7(now),
        hazard_id=hazard.id,
        level=level,
        body_code=body,
        reason=reason,
        due_on=codebook.local_day(due_at),
        state=SUPERVISION.start,
        listed_at=now,
    )
    row.save(force_insert=True)
    hazard.supervised = True
    write([hazard], "supervised")
    record(
        HazardSupervised(
            about=ref_of(hazard),
            place_code=hazard.place_code,
            level=level,
            body=body,
            until=row.due_on.isoformat(),
        ),
        by=by,
        now=now,
    )
    chairs, offices = chairs_and_offices([hazard.business_id], [body], on=codebook.local_day(now))
    desk = offices[body].first_occupied("head", "inspector") or counter_of(offices[body])
    chief = chairs[hazard.business_id].of("principal")
    duties.open_duty(
        new_duty(
            hazard,
            "supervision",
            level=hazard.level,
            about=side_ref(row),
            owner=desk.id if desk else None,
            accountable=chief.id if chief else None,
            due_at=due_at,
            by=by,
            now=now,
        ),
        by=by,
        now=now,
    )
    return row


@transaction.atomic
def lift_supervision(
    hazard: Hazard,
    *,
    reason: str,
    body_code: str = "",
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> list[Supervision]:
    """Take it off the list (摘牌): that of `body_code`, or every list at or below the officer's height, with a reason.

    Raises NotNow("not_listed"), NotYours("listed_above" | …), Invalid("reason_needed").
    """
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    if not facts.listed:
        raise NotNow("not_listed")
    access.check_may(by, hazard, "lift_supervision", facts)
    reason = text_of(reason, where="reason", limit=500, needed="reason_needed")
    asked = [row for row in facts.listed if body_code in {"", row.body_code}]
    rows = [row for row in access.within_reach(by, hazard, facts) if row in asked]
    if not asked:
        raise NotNow("not_listed")
    if not rows:
        raise NotYours("listed_above", act="lift_supervision")
    hazard.supervised = len(rows) < len(facts.listed)
    for row in rows:
        SUPERVISION.check(row.state, "lifted")
        row.state, row.lifted_at, row.lifted_why = "lifted", now, reason
        record(
            SupervisionLifted(about=ref_of(hazard), place_code=hazard.place_code, body=row.body_code), by=by, now=now
        )
    write(rows, "state", "lifted_at", "lifted_why")
    write([hazard], "supervised")
    duties.discharge_many([(side_ref(row), "supervision") for row in rows], by=by, now=now)
    return rows


@transaction.atomic
def suspend_work(
    hazard: Hazard,
    *,
    scope: str,
    number: str = "",
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Suspension:
    """Stop part or all of the work because of it: `scope` says what, `number` is the order's (made when empty).

    A business stops by itself; an officer orders it (Work Safety Law art. 65).
    Raises Invalid("words_needed" | "too_long"), NotNow, NotYours.
    """
    lock([hazard], expected=[expected_version])
    access.check_may(by, hazard, "suspend_work", beside(hazard))
    id = uuid7(now)
    row = Suspension(
        business_id=hazard.business_id,
        id=id,
        hazard_id=hazard.id,
        number=text_of(number, where="number", limit=40) or paper_number("TC", id, codebook.local_day(now)),
        scope=text_of(scope, where="scope", limit=300, needed="words_needed"),
        from_at=now,
        by_body=_body_of(by, hazard),
    )
    row.save(force_insert=True)
    write([hazard])
    record(
        WorkSuspended(
            about=ref_of(hazard), place_code=hazard.place_code, number=row.number, scope=for_the_trail(row.scope)
        ),
        by=by,
        now=now,
    )
    return row


def _body_of(by: Actor, hazard: Hazard) -> str:
    """The office that orders it, "" when the business stops by itself."""
    if by.is_system or access.manages(by, hazard):
        return ""
    seats = duty_access.offices_over(by, hazard)
    own = by.seat if by.seat in seats else seats[0]
    return own.body_code if own else ""


@transaction.atomic
def resume_work(
    hazard: Hazard, *, consent: str, expected_version: int | None = None, by: Actor, now: datetime
) -> list[Suspension]:
    """Let the work go on: after a passed review and with an officer's written consent (Work Safety Law art. 65).

    What a business stopped by itself for a general hazard it resumes itself, saying why.
    Raises NotNow("not_suspended" | "review_missing"), NotYours, Invalid("consent_needed" | "too_long").
    """
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    if not facts.stopped:
        raise NotNow("not_suspended")
    access.check_may(by, hazard, "resume_work", facts)
    consent = text_of(consent, where="consent", limit=300, needed="consent_needed")
    if hazard.level == "major" and not facts.reviewed:
        raise NotNow("review_missing")
    rows = list(facts.stopped)
    for row in rows:
        row.resumed_at, row.consent = now, consent
        record(WorkResumed(about=ref_of(hazard), place_code=hazard.place_code, number=row.number), by=by, now=now)
    write(rows, "resumed_at", "consent")
    write([hazard])
    return rows
