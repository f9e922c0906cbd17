"""The acts on a hazard, for every door: what each asks, and which verb of the room it calls.

Who may do what and when is the room's (`hazards.access.acts_open_to`); a door shows a form for each act that is open to
the person and hands it on. Each form carries the version of the hazard that its reader saw.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qianan.doors.kit import dates, words
from qianan.doors.kit.forms import DayField, HouseForm, Line, TextArea
from qianan.doors.kit.templatetags.kit import described, named
from qianan.field.hazards import access, actions, queries
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Conflict, Problem
from qianan.registry.duties import queries as chairs


@dataclass
class About:
    """What a form needs to know: who is at the door, the hazard, and the facts beside its state (hazards.beside)."""

    actor: Actor
    hazard: Any
    facts: Any
    on: date


class ActForm(HouseForm):
    """A form of one act; `about` gives it its choices. `version` is that of the hazard as the reader saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, about: About, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        self.fields["version"].initial = about.hazard.version
        self.choose(about)

    def choose(self, about: About) -> None:
        """Fill in choices that depend on the hazard."""


def _end_of(day: date) -> datetime:
    """A day's last second, in the instance's zone: a deadline named by its day ends with it."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def _chairs(views: Sequence[Any]) -> list[tuple[str, str]]:
    """Chairs to choose from, each with who sits there."""
    comma = "、" if dates.in_chinese() else ", "
    return [
        (str(view.id), f"{named(view)} · {comma.join(each.name for each in view.people) or VACANT}") for view in views
    ]


def _posts(about: About) -> list[tuple[str, str]]:
    return _chairs(chairs.posts_of(about.hazard.business_id, on=about.on))


def _street(about: About) -> list[tuple[str, str]]:
    """The chairs of the street's office, which checks what the house cannot check by itself."""
    body = f"street:{about.hazard.place_code[:9]}"
    office = chairs.offices_of([body], on=about.on).get(body)
    return _chairs(office.views if office else ())


VACANT = _("vacant")


class PhotoForm(ActForm):
    stage = forms.ChoiceField(
        label=_("These show it"),
        choices=[("before", _("as it was found")), ("after", _("after the fix")), ("proof", _("as proof"))],
        widget=forms.RadioSelect,
        initial="before",
    )


def _clause(row: Any) -> tuple[str, str]:
    """A criterion in a list: standard, clause, its words; a source that nobody has read is marked."""
    mark = "" if row.verified else f" · {_('not verified')}"
    return row.code, f"{row.standard} {row.clause} {described(row, 'text')[:70]}{mark}"


class RateForm(ActForm):
    level = forms.ChoiceField(
        label=_("How grave it is"),
        choices=[
            ("general", _("General: easy to fix, fixed at once or within days")),
            ("major", _("Major: grave harm or hard to fix; work must stop in whole or part")),
        ],
        widget=forms.RadioSelect,
    )
    criterion = forms.ChoiceField(label=_("By which criterion"), required=False)
    reason = TextArea(label=_("Why"), required=False, longest=500, help_text=_("Needed when a rating is changed."))

    def choose(self, about: About) -> None:
        likely = queries.suggestions_for(about.hazard, on=about.on)
        known = {row.code for row in likely}
        others = [row for row in codebook.criteria_in_force(about.on) if row.code not in known]
        self.fields["criterion"].choices = [  # type: ignore[attr-defined]
            ("", str(_("none of these"))),
            (str(_("Likely")), [_clause(row) for row in likely]),
            (str(_("All in force")), [_clause(row) for row in others]),
        ]
        self.fields["level"].initial = about.hazard.level if about.hazard.level != "unrated" else None
        if about.hazard.suggested == "major" and about.hazard.level == "unrated":
            self.fields["level"].help_text = _("The list suggests: major. Look closely.")
        self.fields["criterion"].initial = about.hazard.criterion


class ReasonForm(ActForm):
    reason = TextArea(label=_("Why"), longest=500)


class OrderForm(ActForm):
    owner_post = forms.ChoiceField(label=_("Who fixes it"))
    accountable_post = forms.ChoiceField(label=_("Who answers for it"), required=False)
    verifier_post = forms.ChoiceField(
        label=_("Who checks it"), required=False, help_text=_("Never the one who fixes; left open, the house chooses.")
    )
    due_on = DayField(label=_("Fixed by"), required=False, help_text=_("Left open: the days allowed for its level."))
    measures = TextArea(label=_("What is to be done"), required=False, longest=1000)

    def choose(self, about: About) -> None:
        own = _posts(about)
        usual = ("", str(_("the usual one")))
        self.fields["owner_post"].choices = [("", str(_("choose"))), *own]  # type: ignore[attr-defined]
        self.fields["accountable_post"].choices = [usual, *own]  # type: ignore[attr-defined]
        self.fields["verifier_post"].choices = [usual, *own, *_street(about)]  # type: ignore[attr-defined]


class ReassignForm(ActForm):
    owner_post = forms.ChoiceField(label=_("Who fixes it from now on"))

    def choose(self, about: About) -> None:
        self.fields["owner_post"].choices = [("", str(_("choose"))), *_posts(about)]  # type: ignore[attr-defined]


class InterimForm(ActForm):
    text = TextArea(
        label=_("What holds until it is fixed"),
        longest=500,
        help_text=_("A shut valve, a barrier, a machine switched off, a person who watches."),
    )

    def choose(self, about: About) -> None:
        self.fields["text"].initial = about.hazard.interim


class ExtensionForm(ActForm):
    until = DayField(label=_("How long you need"), help_text=_("The present deadline stands until it is decided."))
    reason = TextArea(label=_("Why it cannot be done in time"), longest=500)

    def choose(self, about: About) -> None:
        due = about.facts.duty.due_at if about.facts.duty else about.hazard.due_at
        if due:
            self.fields["until"].initial = timezone.localtime(due).date() + timedelta(days=7)


class DecideForm(ActForm):
    grant = forms.ChoiceField(
        label=_("The request"), choices=[("yes", _("granted")), ("no", _("refused"))], widget=forms.RadioSelect
    )
    note = TextArea(label=_("Note"), required=False, longest=500)


class HandInForm(ActForm):
    note = TextArea(label=_("What was done"), longest=1000)


class VerifyForm(ActForm):
    accept = forms.ChoiceField(
        label=_("The fix"),
        choices=[("yes", _("in order: I have seen it")), ("no", _("not in order: back to the fixer"))],
        widget=forms.RadioSelect,
    )
    note = TextArea(label=_("What you saw"), required=False, longest=1000, help_text=_("Needed when it goes back."))


class NoteForm(ActForm):
    note = TextArea(label=_("Note"), required=False, longest=500)


class ShowForm(ActForm):
    how = forms.ChoiceField(
        label=_("How the staff is told"),
        choices=[
            ("board", _("on the notice board")),
            ("meeting", _("at a meeting")),
            ("message", _("by message to all")),
        ],
        widget=forms.RadioSelect,
        initial="board",
    )


class ReportForm(ActForm):
    side = forms.ChoiceField(label=_("To whom"), widget=forms.RadioSelect)
    addressee = Line(label=_("Name of the addressee"), required=False, longest=120)
    how = forms.ChoiceField(
        label=_("How"),
        choices=[("system", _("through this system")), ("paper", _("on paper")), ("meeting", _("at a meeting"))],
        initial="system",
    )
    text = TextArea(label=_("What it is, what is done, by when"), longest=2000)

    def choose(self, about: About) -> None:
        sides = [each for each in ("regulator", "workers") if about.facts.report(each) is None]
        self.fields["side"].choices = [(each, SIDES[each]) for each in sides]  # type: ignore[attr-defined]
        if len(sides) == 1:
            self.fields["side"].initial = sides[0]
        self.fields["text"].initial = about.hazard.text


SIDES = {"regulator": _("to the regulator"), "workers": _("to the workers' representatives")}


class ReceiptForm(ActForm):
    side = forms.ChoiceField(label=_("Which report"), widget=forms.RadioSelect)

    def choose(self, about: About) -> None:
        sides = [each for each in SIDES if access.can_receive_side(about.actor, about.hazard, about.facts, each)]
        self.fields["side"].choices = [(each, SIDES[each]) for each in sides]  # type: ignore[attr-defined]
        if len(sides) == 1:
            self.fields["side"].initial = sides[0]


class PlanForm(ActForm):
    """The five parts (五定): who, what, with which money, by when, and what if."""

    responsibility = TextArea(label=_("Who is responsible"), longest=500)
    measures = TextArea(label=_("Goal and measures"), longest=2000)
    funds = TextArea(label=_("Money and material"), longest=500)
    time_limit = TextArea(label=_("Time and milestones"), longest=500)
    contingency = TextArea(label=_("What holds meanwhile, and what if it goes wrong"), longest=2000)

    def choose(self, about: About) -> None:
        if plan := about.facts.plan:
            for name in ("responsibility", "measures", "funds", "time_limit", "contingency"):
                self.fields[name].initial = getattr(plan, name)


class ReviewForm(ActForm):
    passed = forms.ChoiceField(
        label=_("On the spot"),
        choices=[("yes", _("passed")), ("no", _("not passed"))],
        widget=forms.RadioSelect,
    )
    note = TextArea(label=_("What was seen"), longest=1000)
    officers = forms.MultipleChoiceField(
        label=_("Officers on the spot"), widget=forms.CheckboxSelectMultiple, help_text=_("Two at least.")
    )

    def choose(self, about: About) -> None:
        people: dict[str, str] = {str(about.actor.person): about.actor.name}
        for line in {"", about.hazard.line}:
            for sitting in accounts.officers_over(about.hazard.place_code, line=line, on=about.on):
                people.setdefault(str(sitting.person), f"{sitting.name} · {words.label('role', sitting.role)}")
        self.fields["officers"].choices = list(people.items())  # type: ignore[attr-defined]
        self.fields["officers"].initial = [str(about.actor.person)]


class SuperviseForm(ActForm):
    level = forms.ChoiceField(label=_("On whose list"))
    reason = TextArea(label=_("Why"), longest=500)
    due_on = DayField(label=_("To be done by"))

    def choose(self, about: About) -> None:
        found = {access.height_of(seat): seat for seat in access.listing_seats(about.actor, about.hazard, about.facts)}
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (each, words.label("supervision.level", each)) for each in found
        ]
        self.fields["due_on"].initial = about.on + timedelta(days=30)


class SuspendForm(ActForm):
    scope = Line(label=_("What stops"), longest=300, help_text=_("All work, one room, one machine."))
    number = Line(label=_("Number of the order"), required=False, longest=40)


class ResumeForm(ActForm):
    consent = Line(label=_("By whose consent"), longest=300)


class TransferForm(ActForm):
    to_body = forms.ChoiceField(label=_("To which office"))
    reason = TextArea(label=_("Why it is theirs"), longest=500)

    def choose(self, about: About) -> None:
        place, own = about.hazard.place_code, set(access.bodies_of(about.actor))
        found = [
            (body.code, named(body))
            for code in (place[:9], place[:6], place[:2])
            for body in accounts.bodies_within(code).filter(place_code=code)
            if body.code not in own
        ]
        self.fields["to_body"].choices = [("", str(_("choose"))), *found]  # type: ignore[attr-defined]


class ReceiveTransferForm(ActForm):
    accept = forms.ChoiceField(
        label=_("The transfer"),
        choices=[("yes", _("we take it")), ("no", _("it is not ours"))],
        widget=forms.RadioSelect,
    )
    answer = TextArea(label=_("Answer to the sender"), required=False, longest=500)


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
                due_at=_end_of(said["due_on"]) if said["due_on"] else None,
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
                until=_end_of(said["until"]),
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
