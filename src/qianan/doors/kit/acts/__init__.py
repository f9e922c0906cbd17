"""The acts on a hazard, for every door: what each asks, and which verb of the room it calls.

Who may do what and when is the room's (`hazards.access.acts_open_to`); a door shows a form for each act that is open to
the person and hands it on. Each form carries the version of the hazard that its reader saw.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from qianan.doors.kit.acts.forms import (
    About,
    ActForm,
    DecideForm,
    ExtensionForm,
    HandInForm,
    InterimForm,
    NoteForm,
    OrderForm,
    PhotoForm,
    PlanForm,
    RateForm,
    ReasonForm,
    ReassignForm,
    ReceiptForm,
    ReceiveTransferForm,
    ReportForm,
    ResumeForm,
    ReviewForm,
    ShowForm,
    SuperviseForm,
    SuspendForm,
    TransferForm,
    VerifyForm,
    end_of,
)
from qianan.field.hazards import actions, queries
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Conflict, Problem

Do = Callable[[About, dict[str, Any], Sequence[str], datetime], Any]


@dataclass(frozen=True)
class Act:
    """One act: what its button and page say, what it asks, whether it takes pictures, what it does."""

    name: str
    label: Any
    verb: Any
    done: Any
    form: type[ActForm]
    do: Do
    icon: str = "right"
    pictures: Any = ""
    needs_pictures: bool = False
    hint: Any = ""


def _uuid(text: str) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def _seen(said: dict[str, Any]) -> dict[str, Any]:
    return {"expected_version": said.get("version")}


ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        Act(
            "add_photos",
            _("Add photos"),
            _("Add them"),
            _("The photos are with the hazard."),
            PhotoForm,
            lambda about, said, photos, at: actions.add_photos(
                about.hazard, photos=photos, stage=said["stage"], by=about.actor, now=at, **_seen(said)
            ),
            icon="camera",
            pictures=_("Photos or papers"),
            needs_pictures=True,
        ),
        Act(
            "rate",
            _("Rate it"),
            _("Rate it"),
            _("Rated."),
            RateForm,
            lambda about, said, photos, at: actions.rate(
                about.hazard,
                level=said["level"],
                criterion=said["criterion"],
                reason=said["reason"],
                by=about.actor,
                now=at,
                **_seen(said),
            ),
            icon="flag",
            hint=_("A criterion is a suggestion of the codebook; a person rates."),
        ),
        Act(
            "reject",
            _("It is no hazard"),
            _("Reject it"),
            _("Rejected, with your reason on record."),
            ReasonForm,
            lambda about, said, photos, at: actions.reject(
                about.hazard, reason=said["reason"], by=about.actor, now=at, **_seen(said)
            ),
            icon="cross",
        ),
        Act(
            "order_rectification",
            _("Order the fix"),
            _("Order it"),
            _("Ordered. The fixer has been told, with the deadline."),
            OrderForm,
            lambda about, said, photos, at: actions.order_rectification(
                about.hazard,
                owner_post=_uuid(said["owner_post"]),
                accountable_post=_uuid(said["accountable_post"]),
                verifier_post=_uuid(said["verifier_post"]),
                due_at=end_of(said["due_on"]) if said["due_on"] else None,
                measures=said["measures"],
                by=about.actor,
                now=at,
                **_seen(said),
            ),
            icon="person",
        ),
        Act(
            "reassign",
            _("Give it to another post"),
            _("Give it on"),
            _("Done. Both have been told."),
            ReassignForm,
            lambda about, said, photos, at: actions.reassign(
                about.hazard, owner_post=uuid.UUID(said["owner_post"]), by=about.actor, now=at, **_seen(said)
            ),
            icon="people",
        ),
        Act(
            "set_interim",
            _("What holds until then"),
            _("Keep it"),
            _("Kept. It stands beside the deadline."),
            InterimForm,
            lambda about, said, photos, at: actions.set_interim(
                about.hazard, text=said["text"], by=about.actor, now=at, **_seen(said)
            ),
            icon="stop",
        ),
        Act(
            "ask_extension",
            _("Not done in time: ask for more"),
            _("Ask for it"),
            _("Asked. The deadline stands until it is decided; you will be told."),
            ExtensionForm,
            lambda about, said, photos, at: actions.ask_extension(
                about.hazard,
                until=end_of(said["until"]),
                reason=said["reason"],
                by=about.actor,
                now=at,
                **_seen(said),
            ),
            icon="clock",
        ),
        Act(
            "decide_extension",
            _("Decide on more time"),
            _("Decide"),
            _("Decided. Who asked has been told."),
            DecideForm,
            lambda about, said, photos, at: actions.decide_extension(
                about.hazard,
                grant=said["grant"] == "yes",
                note=said["note"],
                by=about.actor,
                now=at,
                **_seen(said),
            ),
            icon="clock",
        ),
        Act(
            "hand_in",
            _("Hand in the fix"),
            _("Hand it in"),
            _("Handed in. Who checks it has been told."),
            HandInForm,
            lambda about, said, photos, at: actions.hand_in(
                about.hazard, note=said["note"], photos=photos, by=about.actor, now=at, **_seen(said)
            ),
            icon="camera",
            pictures=_("Photos after the fix"),
            hint=_("The same angle as before is best."),
        ),
        Act(
            "verify",
            _("Check the fix"),
            _("Say it"),
            _("Said. The fixer has been told."),
            VerifyForm,
            lambda about, said, photos, at: actions.verify(
                about.hazard,
                accept=said["accept"] == "yes",
                note=said["note"],
                photos=photos,
                by=about.actor,
                now=at,
                **_seen(said),
            ),
            icon="eye",
            pictures=_("Photos of what you saw"),
        ),
        Act(
            "review",
            _("Review it on the spot"),
            _("Write it down"),
            _("The review is on record."),
            ReviewForm,
            lambda about, said, photos, at: actions.review(
                about.hazard,
                passed=said["passed"] == "yes",
                note=said["note"],
                officers=[uuid.UUID(each) for each in said["officers"]],
                photos=photos,
                by=about.actor,
                now=at,
                **_seen(said),
            ),
            icon="eye",
            pictures=_("Photos of what you saw"),
        ),
        Act(
            "close",
            _("Close it"),
            _("Close it"),
            _("Closed. It stays on record."),
            NoteForm,
            lambda about, said, photos, at: actions.close_hazard(
                about.hazard, note=said["note"], by=about.actor, now=at, **_seen(said)
            ),
            icon="check",
        ),
        Act(
            "reopen",
            _("Open it again"),
            _("Open it again"),
            _("Open again, with its deadline."),
            ReasonForm,
            lambda about, said, photos, at: actions.reopen(
                about.hazard, reason=said["reason"], by=about.actor, now=at, **_seen(said)
            ),
            icon="sync",
        ),
        Act(
            "show_result",
            _("Show the result to the staff"),
            _("It has been shown"),
            _("On record: the staff has been shown the result."),
            ShowForm,
            lambda about, said, photos, at: actions.show_result(
                about.hazard, how=said["how"], by=about.actor, now=at, **_seen(said)
            ),
            icon="people",
        ),
        Act(
            "send_double_report",
            _("Report the major hazard"),
            _("Send the report"),
            _("Sent, with its own time and receipt."),
            ReportForm,
            lambda about, said, photos, at: actions.send_double_report(
                about.hazard,
                side=said["side"],
                text=said["text"],
                how=said["how"],
                addressee=said["addressee"],
                photos=photos,
                by=about.actor,
                now=at,
                **_seen(said),
            ),
            icon="send",
            pictures=_("Papers and receipts"),
            hint=_("A major hazard is reported to both sides: the regulator and the workers' representatives."),
        ),
        Act(
            "receive_double_report",
            _("Acknowledge the report"),
            _("I have received it"),
            _("Received. The sender sees when, and by whom."),
            ReceiptForm,
            lambda about, said, photos, at: actions.receive_double_report(
                about.hazard, side=said["side"], by=about.actor, now=at, **_seen(said)
            ),
            icon="receipt",
        ),
        Act(
            "make_plan",
            _("Write the five-part plan"),
            _("Keep the plan"),
            _("The plan is kept; earlier ones stay on record."),
            PlanForm,
            lambda about, said, photos, at: actions.make_plan(
                about.hazard,
                responsibility=said["responsibility"],
                measures=said["measures"],
                funds=said["funds"],
                time_limit=said["time_limit"],
                contingency=said["contingency"],
                photos=photos,
                by=about.actor,
                now=at,
                **_seen(said),
            ),
            icon="doc",
            pictures=_("The plan as a paper"),
        ),
        Act(
            "supervise",
            _("Put it under special supervision"),
            _("Put it on the list"),
            _("On the list. The business and the offices below have been told."),
            SuperviseForm,
            lambda about, said, photos, at: actions.supervise(
                about.hazard,
                level=said["level"],
                reason=said["reason"],
                due_on=said["due_on"],
                by=about.actor,
                now=at,
                **_seen(said),
            ),
            icon="star",
        ),
        Act(
            "lift_supervision",
            _("Take it off the list"),
            _("Take it off"),
            _("Off the list."),
            ReasonForm,
            lambda about, said, photos, at: actions.lift_supervision(
                about.hazard, reason=said["reason"], by=about.actor, now=at, **_seen(said)
            ),
            icon="star",
        ),
        Act(
            "suspend_work",
            _("Stop the work"),
            _("Stop it"),
            _("Stopped. The order has its number."),
            SuspendForm,
            lambda about, said, photos, at: actions.suspend_work(
                about.hazard, scope=said["scope"], number=said["number"], by=about.actor, now=at, **_seen(said)
            ),
            icon="stop",
        ),
        Act(
            "resume_work",
            _("Let the work go on"),
            _("Let it go on"),
            _("Work may go on."),
            ResumeForm,
            lambda about, said, photos, at: actions.resume_work(
                about.hazard, consent=said["consent"], by=about.actor, now=at, **_seen(said)
            ),
            icon="right",
        ),
        Act(
            "transfer",
            _("Transfer it to another office"),
            _("Send it over"),
            _("Sent, with a receipt. You see when it is taken."),
            TransferForm,
            lambda about, said, photos, at: actions.transfer(
                about.hazard, to_body=said["to_body"], reason=said["reason"], by=about.actor, now=at, **_seen(said)
            ),
            icon="fork",
        ),
        Act(
            "receive_transfer",
            _("Answer the transfer"),
            _("Answer"),
            _("Answered. The sender has been told."),
            ReceiveTransferForm,
            lambda about, said, photos, at: actions.receive_transfer(
                about.facts.sent, accept=said["accept"] == "yes", answer=said["answer"], by=about.actor, now=at
            ),
            icon="receipt",
        ),
    )
}
"""Act → what it asks and does; the names are those of `hazards.access.MAY`."""

FIRST = (
    "hand_in",
    "verify",
    "rate",
    "order_rectification",
    "close",
    "send_double_report",
    "receive_double_report",
    "receive_transfer",
    "decide_extension",
    "review",
    "make_plan",
    "show_result",
)
"""Which of the open acts is the filled button of a page: the one that brings the hazard on."""


def main_of(open_acts: Sequence[str]) -> str:
    """The act that a page offers first, "" when none brings the hazard on."""
    return next((act for act in FIRST if act in open_acts), "")


def offered(open_acts: Sequence[str], actor: Actor, hazard: Any, facts: Any) -> tuple[Act | None, list[Act]]:
    """The main act and the others, in the order of a hazard's life. Nobody is urged to what is done already, nor to
    hand in for others: a manager may, but it is the fixer's to do."""
    fix = facts.rectification
    settled = {
        "hand_in": fix is None or fix.owner_post not in actor.posts(),
        "rate": hazard.level != "unrated",
        "make_plan": facts.plan is not None,
        "show_result": hazard.shown_at is not None,
    }
    first = main_of([act for act in open_acts if not settled.get(act)])
    return ACTS.get(first), [ACTS[act] for act in open_acts if act in ACTS and act != first]


def bound(chosen: Act, about: About, data: Any) -> ActForm:
    """The form of an act, filled from what was sent, or fresh."""
    return chosen.form(data, about=about)


def perform(chosen: Act, form: ActForm, about: About, pictures: Sequence[str], at: datetime) -> ActForm | None:
    """Do the act of a valid form. None when it is done; else the form to show again, with what is wrong and all that
    was typed. Somebody was quicker: the form then carries the hazard's new version, so that a second look may pass.
    """
    try:
        chosen.do(about, form.cleaned_data, pictures, at)
    except Conflict as conflict:
        typed: Any = form.data
        fresh = typed.copy()
        fresh["version"] = queries.hazard_for(about.actor, about.hazard.business_id, about.hazard.id).version
        form = chosen.form(fresh, about=about)
        form.is_valid()
        form.refuse(conflict)
    except Problem as problem:
        form.refuse(problem, {"due_at": "due_on", "to_post": "owner_post"})
    else:
        return None
    return form
