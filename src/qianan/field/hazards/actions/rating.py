"""A hazard is graded against a criterion of an edition, graded anew, or found to be none."""

from datetime import datetime

from django.db import transaction

from qianan.field.hazards import access
from qianan.field.hazards.actions.ending import end_beside
from qianan.field.hazards.actions.ordering import House, houses_of, major_promises, rating_promise
from qianan.field.hazards.beside import SIDES, Beside, beside, report_about
from qianan.field.hazards.events import HazardRated, HazardRejected
from qianan.field.hazards.lifecycle import HAZARD, RECTIFICATION
from qianan.field.hazards.models import Hazard
from qianan.field.hazards.words import for_the_trail, text_of
from qianan.field.hazards.writing import lock, ref_of, write
from qianan.ground.codebook import queries as codebook
from qianan.ground.trail.actions import record
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Conflict, Invalid, NotNow, NotYours
from qianan.registry.duties import actions as duties


@transaction.atomic
def rate(
    hazard: Hazard,
    *,
    level: str,
    criterion: str = "",
    reason: str = "",
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Hazard:
    """Grade it general or major. The rating duty runs on until the fix is ordered, so that a clock always runs.

    Major names the criterion in force (or a reason), and opens the double report and the plan. Setting a major lower,
    or a suggestion of one aside, needs a reason and a second person; a rated major is set lower by an officer only.
    While a fix is under way a changed rating withdraws it: it is ordered anew at the new level.
    Raises NotNow, NotYours("officer_needed" | "second_person_needed" | "listed_above"), Invalid("unknown_level" |
    "no_criterion" | "criterion_or_reason_needed" | "reason_needed"), Conflict("same_rating" | "changed_meanwhile").
    """
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    access.check_may(by, hazard, "rate", facts)
    if level not in {"general", "major"}:
        raise Invalid("unknown_level", where="level", level=level)
    reason = text_of(reason, where="reason", limit=500)
    found = codebook.criteria_of([criterion]).get(criterion) if criterion else None
    if criterion and (found is None or not codebook.is_in_force(found, codebook.local_day(now))):
        raise Invalid("no_criterion", where="criterion", code=criterion)
    if level == hazard.level and (level == "general" or criterion == hazard.criterion):
        raise Conflict("same_rating")
    if level == "major" and not found and not reason:
        raise Invalid("criterion_or_reason_needed", where="criterion")
    if level == "general":
        _check_lower(hazard, facts, by, reason)
    was = hazard.level
    _withdraw_fix(hazard, facts, by=by, now=now)
    HAZARD.check(hazard.state, "rated")
    hazard.state, hazard.level, hazard.rated_by, hazard.due_at = "rated", level, by.ref, None
    if found is not None:
        hazard.criterion, hazard.criterion_edition = found.code, found.edition
    elif level == "general":
        hazard.criterion, hazard.criterion_edition = "", ""
    write([hazard], "state", "level", "rated_by", "due_at", "criterion", "criterion_edition")
    record(
        HazardRated(
            about=ref_of(hazard),
            place_code=hazard.place_code,
            was=was,
            level=level,
            criterion=hazard.criterion,
            edition=hazard.criterion_edition,
            reason=for_the_trail(reason),
        ),
        by=by,
        now=now,
    )
    _owe(hazard, houses_of([(hazard, by, now)])[hazard.id], was, by=by, now=now)
    return hazard


def _check_lower(hazard: Hazard, facts: Beside, by: Actor, reason: str) -> None:
    """Setting lower: a reason, and never who found it grave alone."""
    if hazard.level != "major" and hazard.suggested != "major":
        return
    if not reason:
        raise Invalid("reason_needed", where="reason")
    first = hazard.rated_by if hazard.level == "major" else hazard.found_by
    if access.is_same(by, first):
        raise NotYours("second_person_needed", act="rate")
    if facts.listed:
        raise NotNow("still_listed")


def _withdraw_fix(hazard: Hazard, facts: Beside, *, by: Actor, now: datetime) -> None:
    row = facts.rectification
    if hazard.state != "rectifying" or row is None:
        return
    RECTIFICATION.check(row.state, "withdrawn")
    row.state = "withdrawn"
    write([row], "state")
    duties.cancel(ref_of(hazard), "rectification", reason="rated_anew", by=by, now=now)


def _owe(hazard: Hazard, house: House, was: str, *, by: Actor, now: datetime) -> None:
    """The promises that a rating brings, and those it takes away."""
    owed = [rating_promise(hazard, house, by=by, now=now)]
    if hazard.level == "major" and was != "major":
        owed += major_promises(hazard, house, by=by, now=now)
    duties.open_duties(owed, by=by, now=now)
    if was == "major" and hazard.level == "general":
        fallen = [(report_about(hazard, side), "double_report") for side in SIDES]
        duties.cancel_many([*fallen, (ref_of(hazard), "plan")], reason="rated_lower", by=by, now=now)


@transaction.atomic
def reject(hazard: Hazard, *, reason: str, expected_version: int | None = None, by: Actor, now: datetime) -> Hazard:
    """It was no hazard (不属实): with a reason, by somebody other than the finder; the regulator's by an officer.

    Raises NotNow, NotYours("second_person_needed" | "officer_needed" | "listed_above"), Invalid("reason_needed").
    """
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    access.check_may(by, hazard, "reject", facts)
    reason = text_of(reason, where="reason", limit=500, needed="reason_needed")
    if facts.stopped:
        raise NotNow("still_suspended", number=facts.stopped[0].number)
    HAZARD.check(hazard.state, "rejected")
    hazard.state, hazard.closed_at, hazard.closed_by, hazard.closing_note = "rejected", now, by.ref, reason
    end_beside([(hazard, facts)], why="rejected", by=[by], now=[now])
    write([hazard], "state", "closed_at", "closed_by", "closing_note", "supervised")
    record(
        HazardRejected(about=ref_of(hazard), place_code=hazard.place_code, reason=for_the_trail(reason)), by=by, now=now
    )
    return hazard
