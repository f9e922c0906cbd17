"""Claiming a registered business by its credit code: the street decides; a newcomer proves his number first."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from qianan.doors.kit.actor import actor_of
from qianan.doors.kit.forms import HouseForm, Line, TextArea, sent
from qianan.doors.kit.joining import WhoForm, send_to_code
from qianan.doors.kit.now import now
from qianan.doors.kit.photos import Picture, take_in
from qianan.ground.accounts import actions as accounts
from qianan.kernel.problems import InvalidMany, NotFound, Problem
from qianan.registry.businesses import actions as registry
from qianan.registry.businesses import queries as businesses

PENDING = "pending_claim"
"""Session key: what a newcomer asked for before he proved his number."""


class ClaimForm(HouseForm):
    """The business by its unified social credit code, and what one is there."""

    credit_code = Line(
        label=_("Unified social credit code"),
        longest=40,
        help_text=_("18 letters and figures, on the business licence. The last one is a check sign."),
    )
    role = forms.ChoiceField(
        label=_("What you are there"),
        choices=[
            ("principal", _("Principal: I answer for the business")),
            ("safety_manager", _("Safety manager")),
            ("worker", _("Staff")),
        ],
        initial="principal",
        widget=forms.RadioSelect,
    )
    note = TextArea(label=_("Anything the sub-district should know"), required=False, longest=300)

    def dress(self, name: str, field: forms.Field) -> None:
        super().dress(name, field)
        if name == "credit_code":
            field.widget.attrs.update({"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"})

    def clean_credit_code(self) -> str:
        code = "".join(self.cleaned_data["credit_code"].split()).upper()
        if len(code) != 18:
            raise forms.ValidationError(
                _t("The code has 18 signs; here are %(count)d.") % {"count": len(code)}, code="length"
            )
        from stdnum.cn import uscc

        if not uscc.is_valid(code):
            raise forms.ValidationError(_t("The check sign does not fit: look for a typing mistake."), code="check")
        return code


class NewcomerClaimForm(ClaimForm, WhoForm):
    field_order = ["credit_code", "role", "name", "mobile", "note"]


@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """Ask for a business: signed in at once; a newcomer by a code to his number first."""
    actor = actor_of(request)
    if actor.person is None:
        return _of_newcomer(request)
    form = ClaimForm(sent(request), initial=request.session.get(PENDING))
    proof: list[Picture] = []
    if request.method == "POST":
        try:
            proof = take_in(request, "proof")
            if form.is_valid():
                _ask(request, form.cleaned_data, [each.sha256 for each in proof])
                return redirect("phone:home")
        except Problem as problem:
            form.is_valid()
            form.refuse(problem, {"proof": "note"})
    given = {"form": form, "proof": proof, "asked": _mine(request), "wanted": _wanted(form)}
    return render(request, "kit/claim.html", given, status=422 if form.errors else 200)


def _ask(request: HttpRequest, said: dict[str, Any], proof: list[str]) -> None:
    registry.ask_claim(
        said["credit_code"], role=said["role"], note=said["note"], proof=proof, by=actor_of(request), now=now()
    )
    request.session.pop(PENDING, None)
    messages.success(
        request, _t("Your claim has gone to the sub-district office. You are told as soon as it has decided.")
    )


def _of_newcomer(request: HttpRequest) -> HttpResponse:
    form = NewcomerClaimForm(sent(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            if businesses.business_by_code(said["credit_code"]) is None:
                raise NotFound("no_such_business", where="credit_code")
            person = accounts.sign_up(
                mobile=said["mobile"],
                name=said["name"],
                language=get_language() or "zh-hans",
                by=actor_of(request),
                now=now(),
            )
            accounts.send_code(person.mobile or "", by=actor_of(request), now=now())
        except (Problem, InvalidMany) as problem:
            form.refuse(problem, {"login": "mobile"})
        else:
            request.session[PENDING] = {key: said[key] for key in ("credit_code", "role", "note")}
            return send_to_code(request, person.mobile or "", reverse("kit:claim"))
    return render(request, "kit/claim.html", {"form": form, "newcomer": True}, status=422 if form.errors else 200)


def _wanted(form: ClaimForm) -> Any:
    code = form["credit_code"].value() or ""
    return businesses.business_by_code(str(code)) if len(str(code)) == 18 else None


def _mine(request: HttpRequest) -> list[tuple[Any, Any]]:
    claims = list(businesses.my_claims(actor_of(request))[:10])
    rows = businesses.businesses_by_ids(each.business_id for each in claims)
    return [(each, rows.get(each.business_id)) for each in claims]
