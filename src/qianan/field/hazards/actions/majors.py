"""What a major hazard asks besides: reports to the regulator and to the workers, and the five-part plan."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from qianan.field.hazards import access
from qianan.field.hazards.beside import SIDES, beside, report_about, report_id
from qianan.field.hazards.events import DoubleReportReceived, DoubleReportSent, PlanMade
from qianan.field.hazards.models import DoubleReport, Hazard, Plan
from qianan.field.hazards.words import text_of
from qianan.field.hazards.writing import lock, paper_number, ref_of, write
from qianan.ground.codebook import queries as codebook
from qianan.ground.evidence import actions as evidence
from qianan.ground.trail.actions import record
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid, NotNow, NotYours
from qianan.registry.duties import actions as duties

PARTS = ("responsibility", "measures", "funds", "time_limit", "contingency")
"""五定: who is responsible, what is done, with what money, until when, and what if it goes wrong meanwhile."""


@transaction.atomic
def send_double_report(
    hazard: Hazard,
    *,
    side: str,
    text: str,
    how: str = "",
    addressee: str = "",
    photos: Sequence[str] = (),
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> DoubleReport:
    """Report a major hazard to one side, `regulator` or `workers`; each has its own time and receipt number.

    `text` says status and cause, harm and difficulty, and what is planned (SAWS Order 16).
    Raises Invalid("unknown_side" | "words_needed" | "too_long"), Conflict("already_reported"), NotNow("only_major"),
    NotYours.
    """
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    if side not in SIDES:
        raise Invalid("unknown_side", where="side", side=side)
    if hazard.level == "major" and facts.report(side) is not None and access.manages(by, hazard):
        raise Conflict("already_reported", side=side)
    access.check_may(by, hazard, "send_double_report", facts)
    id = report_id(hazard, side)
    report = DoubleReport(
        business_id=hazard.business_id,
        id=id,
        hazard_id=hazard.id,
        side=side,
        receipt=paper_number("BG", id, codebook.local_day(now)),
        addressee=text_of(addressee, where="addressee", limit=120),
        how=text_of(how, where="how", limit=40),
        text=text_of(text, where="text", needed="words_needed"),
        sent_at=now,
        sent_by=by.ref,
    )
    report.save(force_insert=True)
    if photos:
        evidence.attach(photos, about=ref_of(hazard), place_code=hazard.place_code, stage="receipt", by=by, now=now)
    write([hazard])
    record(
        DoubleReportSent(about=ref_of(hazard), place_code=hazard.place_code, side=side, receipt=report.receipt),
        by=by,
        now=now,
    )
    duties.discharge(report_about(hazard, side), "double_report", by=by, now=now)
    return report


@transaction.atomic
def receive_double_report(
    hazard: Hazard, *, side: str, expected_version: int | None = None, by: Actor, now: datetime
) -> DoubleReport:
    """Give the receipt: the regulator's by an officer, the workers' by somebody who works there and did not send it.

    Raises NotNow("not_reported" | "only_major"), Conflict("already_received"), NotYours("not_addressee").
    """
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    if side not in SIDES:
        raise Invalid("unknown_side", where="side", side=side)
    report = facts.report(side)
    if report is None:
        raise NotNow("not_reported", side=side)
    if report.received_at is not None:
        raise Conflict("already_received", side=side)
    access.check_may(by, hazard, "receive_double_report", facts)
    if not access.can_receive_side(by, hazard, facts, side):
        raise NotYours("not_addressee", act="receive_double_report")
    report.received_at, report.received_by = now, by.ref
    report.save(update_fields=["received_at", "received_by"])
    write([hazard])
    record(
        DoubleReportReceived(about=ref_of(hazard), place_code=hazard.place_code, side=side, receipt=report.receipt),
        by=by,
        now=now,
    )
    return report


@transaction.atomic
def make_plan(
    hazard: Hazard,
    *,
    responsibility: str,
    measures: str,
    funds: str,
    time_limit: str,
    contingency: str,
    photos: Sequence[str] = (),
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Plan:
    """Make the five-part plan (治理方案); made again it is a further version, the earlier stays.

    Raises Invalid("words_needed" | "too_long") with `where` naming the part, NotNow, NotYours.
    """
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    access.check_may(by, hazard, "make_plan", facts)
    said = (responsibility, measures, funds, time_limit, contingency)
    parts = {name: text_of(text, where=name, needed="words_needed") for name, text in zip(PARTS, said, strict=True)}
    plan = Plan(
        business_id=hazard.business_id,
        id=uuid7(now),
        hazard_id=hazard.id,
        made_at=now,
        version=(facts.plan.version if facts.plan else 0) + 1,
        **parts,
    )
    plan.save(force_insert=True)
    if photos:
        evidence.attach(photos, about=ref_of(hazard), place_code=hazard.place_code, stage="plan", by=by, now=now)
    write([hazard])
    record(PlanMade(about=ref_of(hazard), place_code=hazard.place_code), by=by, now=now)
    duties.discharge(ref_of(hazard), "plan", by=by, now=now)
    return plan
