"""Coming in: by name or mobile number with a password, by a one-time code to the phone, with a second step."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, LogoutView, ReauthenticateView
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qianan.doors.kit.actor import actor_of
from qianan.doors.kit.forms import HouseForm, Line, sent
from qianan.doors.kit.now import now
from qianan.doors.kit.problems import answer
from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts import signin
from qianan.kernel.problems import NotYours, Problem

CODE_LOGIN = "code_login"
"""Session key: whom a code was sent to."""
DIGITS = 6


REFUSED = {
    "username_password_mismatch": _(
        "The name or number and the password do not fit together. Look for a typing mistake, or sign in with a code."
    ),
    "too_many_login_attempts": _("Too many wrong tries. Wait ten minutes, or sign in with a code to your phone."),
    "account_inactive": _("This account is not in use any more. Ask who gave you the seat."),
    "incorrect_code": _("This code is not right. It changes every 30 seconds: take the one shown now."),
    "rate_limited": _("A little too fast. Wait a minute, then try again."),
    "incorrect_password": _("That is not your present password."),
}
"""allauth's refusals by their code."""


class SignInForm(LoginForm):
    """allauth's form in our words: one field takes a sign-in name or a mobile number, however it is written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("Name or mobile number")
        login.max_length = 60
        login.widget.attrs.update({"class": "input", "autocomplete": "username", "autocapitalize": "none"})
        login.widget.attrs.pop("placeholder", None)
        password.label = _("Password")
        password.help_text = ""
        password.widget.attrs.update({"class": "input"})
        password.widget.attrs.pop("placeholder", None)
        for field in (login, password):
            field.error_messages["required"] = _("This is needed.")

    def clean(self) -> dict[str, Any]:
        """What allauth refuses, said in our words."""
        try:
            return super().clean()
        except forms.ValidationError as refused:
            code = getattr(refused, "code", "")
            raise forms.ValidationError(
                REFUSED.get(code or "", REFUSED["username_password_mismatch"]), code=code
            ) from refused


class SignIn(LoginView):
    """The first page for who is not signed in."""

    template_name = "kit/signin/password.html"
    form_class = SignInForm

    def get_form_class(self) -> type[SignInForm]:
        return SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "next": get_next_redirect_url(self.request) or ""}


class SignOut(LogoutView):
    template_name = "kit/signin/sign_out.html"


class AskAgain(ReauthenticateView):
    """Before something grave: the password once more."""

    template_name = "kit/signin/again.html"

    def get_form_class(self) -> type[ReauthenticateForm]:
        return DressedReauthenticateForm


class DressedReauthenticateForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        field.label = _("Password")
        field.widget.attrs.update({"class": "input"})
        field.widget.attrs.pop("placeholder", None)

    def clean_password(self) -> str:
        try:
            return super().clean_password()
        except forms.ValidationError as refused:
            raise forms.ValidationError(REFUSED["incorrect_password"]) from refused


def _dress_code(form: forms.Form) -> forms.Form:
    field = form.fields["code"]
    field.label = _("One-time code")
    field.widget.attrs.update({"class": "input", "inputmode": "numeric", "autocomplete": "one-time-code"})
    field.widget.attrs.pop("placeholder", None)
    return form


class SecondStep(mfa.AuthenticateView):
    """The code of the authenticator app (or a spare code), after the password."""

    template_name = "kit/signin/second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        _dress_code(found["form"])
        return found


class SecondStepAgain(mfa.ReauthenticateView):
    template_name = "kit/signin/second_again.html"

    def get_form(self, form_class: Any = None) -> Any:
        return _dress_code(super().get_form(form_class))


class TotpOn(totp.ActivateTOTPView):
    template_name = "kit/signin/totp_on.html"

    def get_form(self, form_class: Any = None) -> Any:
        return _dress_code(super().get_form(form_class))


class TotpOff(totp.DeactivateTOTPView):
    template_name = "kit/signin/totp_off.html"


second_factors = mfa.IndexView.as_view(template_name="kit/signin/factors.html")
spare_codes = recovery.ViewRecoveryCodesView.as_view(template_name="kit/signin/spare_codes.html")
new_spare_codes = recovery.GenerateRecoveryCodesView.as_view(template_name="kit/signin/new_spare_codes.html")


# -- by a code to the phone ----------------------------------------------------------


class AskCodeForm(HouseForm):
    login = Line(label=_("Name or mobile number"), longest=60)

    def dress(self, name: str, field: forms.Field) -> None:
        super().dress(name, field)
        field.widget.attrs.update({"autocomplete": "username", "autocapitalize": "none"})


class CodeForm(HouseForm):
    """Six digits; a code that is too short or too long says by how much."""

    code = Line(label=_("One-time code"), longest=20)

    def dress(self, name: str, field: forms.Field) -> None:
        super().dress(name, field)
        field.widget.attrs.update({"inputmode": "numeric", "autocomplete": "one-time-code"})

    def clean_code(self) -> str:
        digits = "".join(sign for sign in self.cleaned_data["code"] if sign.isdigit())
        lacking = DIGITS - len(digits)
        if lacking > 0:
            raise forms.ValidationError(
                ngettext(
                    "%(count)d digit short. The code has 6 digits and lasts 10 minutes.",
                    "%(count)d digits short. The code has 6 digits and lasts 10 minutes.",
                    lacking,
                )
                % {"count": lacking}
            )
        if lacking < 0:
            raise forms.ValidationError(_t("Too many digits. The code has 6 digits and lasts 10 minutes."))
        return digits


@never_cache
@require_http_methods(["GET", "POST"])
def ask_code(request: HttpRequest) -> HttpResponse:
    """Send a one-time code. The answer is the same whether the name is known or not."""
    form = AskCodeForm(sent(request))
    back = get_next_redirect_url(request) or ""
    if request.method == "POST" and form.is_valid():
        try:
            accounts.send_code(form.cleaned_data["login"], by=actor_of(request), now=now())
        except Problem as problem:
            form.refuse(problem)
        else:
            request.session[CODE_LOGIN] = form.cleaned_data["login"]
            return HttpResponseRedirect(reverse("account_code") + (f"?{urlencode({'next': back})}" if back else ""))
    return render(request, "kit/signin/ask_code.html", {"form": form, "next": back}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Take the code; then the second step for who has one, then in."""
    login = request.session.get(CODE_LOGIN)
    if not login:
        return redirect("account_ask_code")
    back = get_next_redirect_url(request) or ""
    form = CodeForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            person = accounts.check_code(login, form.cleaned_data["code"], now=now())
        except Problem as problem:
            form.refuse(problem)
        else:
            if person is not None:
                del request.session[CODE_LOGIN]
                return signin.sign_in(request, person, redirect_url=back or None)
            form.add_error("code", _t("This code is not right, or has run out. Look again, or have a new one sent."))
    return render(
        request,
        "kit/signin/code.html",
        {"form": form, "login": login, "next": back},
        status=422 if form.errors else 200,
    )


def inactive(request: HttpRequest) -> HttpResponse:
    return answer(request, NotYours("account_not_in_use"))
