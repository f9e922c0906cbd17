"""What an officer may do to a hazard: each act a page of its own with its form, open only to whom it is open now.

The buttons of the hazard page are `access.acts_open_to`; the same guards stand in the actions.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from qianan.doors.desk import frame
from qianan.doors.kit import photos, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.forms import DayField, HouseForm, Line, TextArea
from qianan.doors.kit.now import now
from qianan.doors.kit.problems import status_of
from qianan.doors.kit.templatetags.kit import described, named
from qianan.field.hazards import access, actions, queries
from qianan.field.hazards.beside import beside
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotFound, Problem
from qianan.registry.businesses import queries as businesses
from qianan.registry.duties import queries as duties


@dataclass(frozen=True)
class At:
    """Where an act stands: the hazard with its facts, who acts, when."""

    hazard: Any
    facts: Any
    actor: Actor
    moment: datetime
    version: int | None = None


class ActForm(HouseForm):
    """A form of an act. `at` gives it its choices; `version` is the hazard's as the form was shown: somebody who was
    quicker makes it a conflict."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, at: At, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = at.hazard.version
        self.prepare(at)

    def prepare(self, at: At) -> None:
        """Room for an act to fill its choices in."""

    def choose(self, name: str, choices: Any, *, first: Any = None) -> None:
        field = self.fields[name]
        field.choices = list(choices)  # type: ignore[attr-defined]
        if first is not None:
            field.initial = first


class Rating(ActForm):
    level = forms.ChoiceField(label=gettext_lazy("How grave is it"), widget=forms.RadioSelect)
    criterion = forms.ChoiceField(
        label=gettext_lazy("By which clause"),
        required=False,
        help_text=gettext_lazy("Needed for a major hazard. The likeliest clauses stand first; each keeps its edition."),
    )
    reason = TextArea(label=gettext_lazy("Why"), longest=500, required=False)

    def prepare(self, at: At) -> None:
        on = frame.today()
        site = businesses.sites_by_ids([(at.hazard.business_id, at.hazard.site_id)]).get(
            (at.hazard.business_id, at.hazard.site_id)
        )
        likely = codebook.suggest_criteria(
            item_code=at.hazard.item_code,
            venue=site.venue if site else "",
            tags=site.tags if site else (),
            text=at.hazard.text,
            on=on,
        )
        others = [row for row in codebook.criteria_in_force(on) if row not in likely]

        def said(row: Any) -> tuple[str, str]:
            mark = "" if row.verified else f" · {_('not verified')}"
            return row.code, f"{row.standard} {row.clause} {described(row, 'text')[:70]}{mark}"

        self.choose(
            "level",
            [("general", words.label("hazard.level", "general")), ("major", words.label("hazard.level", "major"))],
            first=at.hazard.level if at.hazard.level != "unrated" else None,
        )
        self.choose(
            "criterion",
            [
                ("", "—"),
                (_("Likely"), [said(row) for row in likely]),
                (_("All in force"), [said(row) for row in others]),
            ],
            first=at.hazard.criterion,
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("level") == "major" and not given.get("criterion"):
            self.add_error("criterion", _("A major hazard is rated by a clause: choose the one that fits."))
        return given


class Reason(ActForm):
    reason = TextArea(label=gettext_lazy("Why"), longest=500)


class Note(ActForm):
    note = TextArea(label=gettext_lazy("Your words"), longest=1000, required=False)


class Chairs(ActForm):
    """The posts of the business, and of the street's office for who checks."""

    owner_post = forms.ChoiceField(label=gettext_lazy("Who fixes it"))

    def posts(self, at: At) -> list[tuple[str, str]]:
        return [
            (str(view.id), f"{named(view)} · {view.people[0].name if view.people else _('vacant')}")
            for view in duties.posts_of(at.hazard.business_id, on=frame.today())
        ]

    def prepare(self, at: At) -> None:
        fix = at.facts.rectification
        self.choose("owner_post", self.posts(at), first=str(fix.owner_post) if fix and fix.owner_post else None)


class Ordering(Chairs):
    accountable_post = forms.ChoiceField(label=gettext_lazy("Who answers for it"), required=False)
    verifier_post = forms.ChoiceField(
        label=gettext_lazy("Who checks the fix"), required=False, help_text=gettext_lazy("Never who fixes it.")
    )
    due_at = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text=gettext_lazy("Left empty, the deadline of the code table holds."),
    )
    measures = TextArea(label=gettext_lazy("What must be done"), longest=1000, required=False)

    def prepare(self, at: At) -> None:
        super().prepare(at)
        own = self.posts(at)
        body = f"street:{at.hazard.place_code[:9]}"
        office = duties.offices_of([body], on=frame.today()).get(body)
        street = [
            (str(view.id), f"{named(view)} · {view.people[0].name if view.people else _('vacant')}")
            for view in (office.views if office else ())
        ]
        usual = [("", _("the usual one"))]
        self.choose("accountable_post", [*usual, *own])
        self.choose("verifier_post", [*usual, *own, *street])


class Interim(ActForm):
    text = TextArea(
        label=gettext_lazy("What holds until it is fixed"),
        longest=500,
        help_text=gettext_lazy("A sign, a barrier, a shut valve: what keeps people safe today."),
    )

    def prepare(self, at: At) -> None:
        self.fields["text"].initial = at.hazard.interim


class Verdict(ActForm):
    accept = forms.ChoiceField(
        label=gettext_lazy("Is it fixed?"),
        choices=[("yes", gettext_lazy("Yes, it is fixed")), ("no", gettext_lazy("No: it goes back, with my words"))],
        widget=forms.RadioSelect,
    )
    note = TextArea(label=gettext_lazy("What you saw"), longest=1000, required=False)


class Reviewing(ActForm):
    passed = forms.ChoiceField(
        label=gettext_lazy("Does the fix hold?"),
        choices=[("yes", gettext_lazy("Yes, passed")), ("no", gettext_lazy("No, not passed"))],
        widget=forms.RadioSelect,
    )
    officers = forms.MultipleChoiceField(
        label=gettext_lazy("Who reviewed it"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Two officers, on the spot."),
    )
    note = TextArea(label=gettext_lazy("What you saw"), longest=1000)

    def prepare(self, at: At) -> None:
        on = frame.today()
        found = list(accounts.officers_over(at.hazard.place_code, on=on))
        if at.hazard.line:
            found += accounts.officers_over(at.hazard.place_code, line=at.hazard.line, on=on)
        people = {str(each.person): f"{each.name} · {words.label('role', each.role)}" for each in found}
        people[str(at.actor.person)] = at.actor.name
        self.choose("officers", people.items(), first=[str(at.actor.person)])


class Listing(ActForm):
    reason = TextArea(label=gettext_lazy("Why it goes on the list"), longest=500)
    due_on = DayField(label=gettext_lazy("To be dealt with until"))

    def prepare(self, at: At) -> None:
        self.fields["due_on"].initial = frame.today() + timedelta(days=30)


class Stopping(ActForm):
    scope = Line(
        label=gettext_lazy("What must stop"),
        longest=300,
        help_text=gettext_lazy("The whole site, a room, a machine: exactly what stands still from now on."),
    )
    number = Line(label=gettext_lazy("Number of the order"), longest=40, required=False)


class Resuming(ActForm):
    consent = TextArea(label=gettext_lazy("On what ground work may go on"), longest=300)


class Sending(ActForm):
    to_body = forms.ChoiceField(label=gettext_lazy("To which body"))
    reason = TextArea(label=gettext_lazy("Why it is theirs"), longest=500)

    def prepare(self, at: At) -> None:
        place = at.hazard.place_code
        codes = {place[:2], place[:6], place[:9]}
        own = set(access.bodies_of(at.actor))
        found = [
            body
            for code in sorted(codes, key=len, reverse=True)
            for body in accounts.bodies_within(code).filter(place_code=code)
            if body.code not in own
        ]
        self.choose("to_body", [(body.code, named(body)) for body in found])


class Receiving(ActForm):
    side = forms.ChoiceField(label=gettext_lazy("Which report"), widget=forms.RadioSelect)

    def prepare(self, at: At) -> None:
        self.choose(
            "side",
            [
                (side, words.label("double_report.side", side))
                for side in ("regulator", "workers")
                if access.can_receive_side(at.actor, at.hazard, at.facts, side)
            ],
        )
        if self.fields["side"].choices:  # type: ignore[attr-defined]
            self.fields["side"].initial = self.fields["side"].choices[0][0]  # type: ignore[attr-defined]


class Pictures(ActForm):
    stage = forms.ChoiceField(label=gettext_lazy("What they show"), widget=forms.RadioSelect)

    def prepare(self, at: At) -> None:
        self.choose(
            "stage",
            [(stage, words.label("photo.stage", stage)) for stage in ("before", "after", "proof")],
            first="before",
        )


def _post(value: str) -> uuid.UUID | None:
    return uuid.UUID(value) if value else None


Doing = Callable[[At, dict[str, Any], list[photos.Picture]], object]


@dataclass(frozen=True)
class Act:
    """An act: its form, what it does with what was given, and what is said when it is done."""

    form: type[ActForm]
    do: Doing
    done: Any
    pictures: bool = False


def _by(at: At) -> dict[str, Any]:
    return {"expected_version": at.version, "by": at.actor, "now": at.moment}


ACTS: Mapping[str, Act] = {
    "rate": Act(
        Rating,
        lambda at, given, _pictures: actions.rate(
            at.hazard,
            level=given["level"],
            criterion=given["criterion"] if given["level"] == "major" else "",
            reason=given["reason"],
            **_by(at),
        ),
        gettext_lazy("Rated. Who must know is told."),
    ),
    "reject": Act(
        Reason,
        lambda at, given, _pictures: actions.reject(at.hazard, reason=given["reason"], **_by(at)),
        gettext_lazy("Taken out as no hazard; the reason stays on record."),
    ),
    "order_rectification": Act(
        Ordering,
        lambda at, given, _pictures: actions.order_rectification(
            at.hazard,
            owner_post=_post(given["owner_post"]),
            accountable_post=_post(given["accountable_post"]),
            verifier_post=_post(given["verifier_post"]),
            due_at=given["due_at"],
            measures=given["measures"],
            **_by(at),
        ),
        gettext_lazy("Ordered. The post that owes it is told, and the clock runs."),
    ),
    "reassign": Act(
        Chairs,
        lambda at, given, _pictures: actions.reassign(at.hazard, owner_post=uuid.UUID(given["owner_post"]), **_by(at)),
        gettext_lazy("Handed to another post; both are told."),
    ),
    "set_interim": Act(
        Interim,
        lambda at, given, _pictures: actions.set_interim(at.hazard, text=given["text"], **_by(at)),
        gettext_lazy("Written down: it holds until the fix."),
    ),
    "verify": Act(
        Verdict,
        lambda at, given, _pictures: actions.verify(
            at.hazard, accept=given["accept"] == "yes", note=given["note"], **_by(at)
        ),
        gettext_lazy("Said. Who fixed it is told."),
    ),
    "review": Act(
        Reviewing,
        lambda at, given, _pictures: actions.review(
            at.hazard,
            passed=given["passed"] == "yes",
            note=given["note"],
            officers=[uuid.UUID(each) for each in given["officers"]],
            **_by(at),
        ),
        gettext_lazy("The review is on record."),
    ),
    "close": Act(
        Note,
        lambda at, given, _pictures: actions.close_hazard(at.hazard, note=given["note"], **_by(at)),
        gettext_lazy("Closed."),
    ),
    "reopen": Act(
        Reason,
        lambda at, given, _pictures: actions.reopen(at.hazard, reason=given["reason"], **_by(at)),
        gettext_lazy("Open again; a new clock runs."),
    ),
    "supervise": Act(
        Listing,
        lambda at, given, _pictures: actions.supervise(
            at.hazard,
            reason=given["reason"],
            due_on=given["due_on"],
            **_by(at),
        ),
        gettext_lazy("On the supervision list; the business is told."),
    ),
    "lift_supervision": Act(
        Reason,
        lambda at, given, _pictures: actions.lift_supervision(at.hazard, reason=given["reason"], **_by(at)),
        gettext_lazy("Off the supervision list."),
    ),
    "suspend_work": Act(
        Stopping,
        lambda at, given, _pictures: actions.suspend_work(
            at.hazard, scope=given["scope"], number=given["number"], **_by(at)
        ),
        gettext_lazy("Work is stopped; the business is told."),
    ),
    "resume_work": Act(
        Resuming,
        lambda at, given, _pictures: actions.resume_work(at.hazard, consent=given["consent"], **_by(at)),
        gettext_lazy("Work may go on; the business is told."),
    ),
    "transfer": Act(
        Sending,
        lambda at, given, _pictures: actions.transfer(
            at.hazard, to_body=given["to_body"], reason=given["reason"], **_by(at)
        ),
        gettext_lazy("Sent. Their receipt will stand here."),
    ),
    "receive_double_report": Act(
        Receiving,
        lambda at, given, _pictures: actions.receive_double_report(at.hazard, side=given["side"], **_by(at)),
        gettext_lazy("Received, with its time."),
    ),
    "add_photos": Act(
        Pictures,
        lambda at, given, pictures: actions.add_photos(
            at.hazard, photos=[picture.sha256 for picture in pictures], stage=given["stage"], **_by(at)
        ),
        gettext_lazy("The pictures are kept with it."),
        pictures=True,
    ),
}
"""The acts of the desk. What a business does (hand in, double report, plan, more time) it does on its phone."""


MAIN = (
    "receive_transfer",
    "decide_extension",
    "verify",
    "close",
    "rate",
    "order_rectification",
    "receive_double_report",
    "review",
    "supervise",
)
"""What comes first when several acts are open: the one filled button of the page."""


def open_acts(actor: Actor, hazard: Any, facts: Any) -> list[dict[str, Any]]:
    """The buttons of the hazard page, in the order of a hazard's life: label and address."""
    buttons: list[dict[str, Any]] = []
    for act in access.acts_open_to(actor, hazard, facts):
        if act == "decide_extension" and facts.asked is not None:
            url = reverse("desk:extension", args=[hazard.business_id, facts.asked.id])
        elif act == "receive_transfer" and facts.sent is not None:
            url = reverse("desk:transfer", args=[hazard.business_id, facts.sent.id])
        elif act in ACTS:
            url = reverse("desk:hazard_act", args=[hazard.business_id, hazard.id, act])
        else:
            continue
        buttons.append({"act": act, "label": words.label("hazard.act", act), "url": url, "do": False})
    order = ("review", *MAIN) if hazard.level == "major" and not facts.reviewed else MAIN
    main = next((each for name in order for each in buttons if each["act"] == name), None)
    if main is not None:
        main["do"] = True
    return buttons


@officers
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, act: str) -> HttpResponse:
    """One act: the form, or doing it. An act that is not open to this person now says why."""
    actor = actor_of(request)
    if act not in ACTS:
        raise NotFound("no_such_act")
    hazard = queries.hazard_for(actor, business, id)
    known = ACTS[act]
    facts = beside(hazard)
    access.check_may(actor, hazard, act, facts)
    at = At(hazard, facts, actor, now())
    form = known.form(request.POST if request.method == "POST" else None, at=at)
    pictures: list[photos.Picture] = []
    status = 422
    if request.method == "POST":
        valid = form.is_valid()
        if known.pictures:
            try:
                pictures = photos.take_in(request, "photos")
            except Problem as problem:
                if problem.family not in {"invalid", "too_large"}:
                    raise
                form.refuse(problem)
                valid = False
            if valid and not pictures:
                form.add_error(None, _("Choose at least one picture."))
                valid = False
        if valid:
            try:
                known.do(replace(at, version=form.cleaned_data["version"]), form.cleaned_data, pictures)
            except Problem as problem:
                if problem.family not in {"invalid", "not_now"}:
                    raise
                form.refuse(problem)
                status = status_of(problem)
            else:
                messages.success(request, str(known.done))
                return redirect("desk:hazard", hazard.business_id, hazard.id)
    owner = businesses.businesses_by_ids([hazard.business_id]).get(hazard.business_id)
    return frame.show(
        request,
        "desk/act.html",
        {
            "form": form,
            "act": act,
            "label": words.label("hazard.act", act),
            "hazard": hazard,
            "business": owner,
            "facts": facts,
            "pictures": pictures,
            "takes_pictures": known.pictures,
            "missing": [words.label("hazard.lacks", code) for code in facts.missing(hazard)]
            if act in {"close", "verify"}
            else [],
        },
        actor=actor,
        title=words.label("hazard.act", act),
        crumbs=frame.place_crumbs(
            actor,
            hazard.place_code,
            last=[
                *([Crumb(named(owner), reverse("desk:business", args=[owner.id]))] if owner else []),
                Crumb(hazard.number, reverse("desk:hazard", args=[hazard.business_id, hazard.id])),
                words.label("hazard.act", act),
            ],
        ),
        status=status if form.errors else 200,
    )
