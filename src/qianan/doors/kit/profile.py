"""A person's own page: name, language, quiet hours, number, password, tokens for programs."""

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from qianan.doors.kit.actor import actor_of, signed_in
from qianan.doors.kit.forms import HouseForm, Line, sent
from qianan.doors.kit.now import now
from qianan.doors.kit.signin import CodeForm
from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts import queries as people
from qianan.ground.accounts import signin
from qianan.kernel.ids import NIL
from qianan.kernel.problems import Problem
from qianan.registry.businesses import queries as businesses

NEW_NUMBER = "new_number"
"""Session key: the number that a code was sent to."""


class ProfileForm(HouseForm):
    name = Line(label=_("Name"), longest=60)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    language = forms.ChoiceField(
        label=_("Language of letters to you"), choices=[("zh-hans", "中文"), ("en", "English")]
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class NumberForm(HouseForm):
    mobile = Line(label=_("New mobile number"), longest=40)

    def dress(self, name: str, field: forms.Field) -> None:
        super().dress(name, field)
        field.widget.attrs.update({"autocomplete": "tel", "inputmode": "tel"})


class PasswordForm(HouseForm):
    """The old one is asked for only from who has one and did not come in by a code."""

    old = forms.CharField(
        label=_("Present password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters; a short sentence is easy to keep."),
    )

    def __init__(self, *args: object, ask_old: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not ask_old:
            del self.fields["old"]


class TokenForm(HouseForm):
    label = Line(label=_("What it is for"), longest=80)
    seat = forms.ChoiceField(label=_("May act from"), required=False)
    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
        initial=90,
    )

    def __init__(self, *args: object, seats: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = [("", _("all my seats")), *seats]  # type: ignore[attr-defined]


@signed_in
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    person = people.person(actor.person)  # type: ignore[arg-type]
    start = {name: getattr(person, name) for name in ("name", "email", "language", "quiet_from", "quiet_until")}
    form = ProfileForm(sent(request), initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.set_profile(person, by=actor, now=now(), **form.cleaned_data)
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _t("Kept."))
            return redirect("kit:profile")
    given = {"form": form, "person": person, "has_totp": signin.has_totp(person.id)}
    return render(request, "kit/profile.html", given, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def number(request: HttpRequest) -> HttpResponse:
    """A new mobile number, proven by a code to it."""
    actor = actor_of(request)
    person = people.person(actor.person)  # type: ignore[arg-type]
    asked = request.session.get(NEW_NUMBER, "")
    form: HouseForm = NumberForm(sent(request))
    if request.method == "POST" and "code" in request.POST and asked:
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                accounts.change_mobile(person, asked, form.cleaned_data["code"], by=actor, now=now())
            except Problem as problem:
                form.refuse(problem)
            else:
                del request.session[NEW_NUMBER]
                messages.success(request, _t("Your number is changed. Letters go there from now on."))
                return redirect("kit:profile")
    elif request.method == "POST" and form.is_valid():
        try:
            accounts.ask_mobile(person, form.cleaned_data["mobile"], by=actor, now=now())
        except Problem as problem:
            form.refuse(problem)
        else:
            request.session[NEW_NUMBER] = form.cleaned_data["mobile"]
            return redirect(f"{request.path}?code")
    elif asked and "code" in request.GET:
        form = CodeForm()
    given = {"form": form, "person": person, "asked": asked if isinstance(form, CodeForm) else ""}
    return render(request, "kit/number.html", given, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    person = people.person(actor.person)  # type: ignore[arg-type]
    by_code = any(
        each.get("method") == signin.CODE for each in request.session.get("account_authentication_methods", [])
    )
    form = PasswordForm(sent(request), ask_old=person.has_usable_password() and not by_code)
    if request.method == "POST" and form.is_valid():
        if "old" in form.fields and not person.check_password(form.cleaned_data["old"]):
            form.add_error("old", _t("That is not your present password."))
        else:
            try:
                accounts.set_password(person, form.cleaned_data["new"], by=actor, now=now())
            except Problem as problem:
                form.refuse(problem, {"password": "new"})
            else:
                update_session_auth_hash(request, person)
                messages.success(request, _t("Your password is set. Other devices have to sign in anew."))
                return redirect("kit:profile")
    return render(request, "kit/password.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Tokens for programs: shown once, named, revoked one by one."""
    from qianan.doors.kit import words
    from qianan.doors.kit.templatetags.kit import named

    actor = actor_of(request)
    person = people.person(actor.person)  # type: ignore[arg-type]
    homes = businesses.businesses_by_ids(seat.business for seat in actor.seats if seat.business != NIL)
    bodies = people.bodies(seat.body_code for seat in actor.seats if seat.body_code)
    seats = [
        (
            str(seat.id),
            f"{named(homes.get(seat.business) or bodies.get(seat.body_code) or '')} · {words.label('role', seat.role)}",
        )
        for seat in actor.seats
    ]
    form = TokenForm(sent(request), seats=seats)
    secret = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        seat = uuid.UUID(said["seat"]) if said["seat"] else None
        try:
            _row, secret = accounts.make_token(
                person, label=said["label"], seat=seat, days=said["days"], by=actor, now=now()
            )
        except Problem as problem:
            form.refuse(problem)
        else:
            form = TokenForm(seats=seats)
    given = {"form": form, "secret": secret, "tokens": people.tokens_of(person.id)[:50], "seat_names": dict(seats)}
    return render(request, "kit/tokens.html", given, status=422 if form.errors else 200)


@signed_in
@require_POST
def revoke(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    accounts.revoke_token(people.token_for(actor, id), by=actor, now=now())
    messages.success(request, _t("The token opens nothing any more."))
    return redirect("kit:tokens")
