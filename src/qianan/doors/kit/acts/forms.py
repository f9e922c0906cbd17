"""What each act on a hazard asks: its form, with the choices that depend on the hazard and the reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qianan.doors.kit import dates, words
from qianan.doors.kit.forms import DayField, HouseForm, Line, TextArea
from qianan.doors.kit.templatetags.kit import described, named
from qianan.field.hazards import access, queries
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.kernel.actor import Actor
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


def end_of(day: date) -> datetime:
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
    mark = "" if row.verified else " · " + str(_("not verified"))
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
