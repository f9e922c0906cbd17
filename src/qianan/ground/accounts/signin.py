"""Signing in: by name or mobile number, with a password or a code; lock-out; the second factor.

allauth carries the flow (stages, second factor, sessions), axes counts failures; what is ours is who is meant at the
door. The pages are in doors/kit.
"""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse

from qianan.ground.accounts import access, derived, identity, queries
from qianan.ground.accounts.actions.people import PASSWORD_LENGTH
from qianan.ground.accounts.models import Person, Seat
from qianan.kernel.actor import ADMIN_ROLES, OFFICER_ROLES, Actor

CODE = "code"
"""How a person came in, as allauth's session record names it, beside "password" and "mfa"."""

SESSION_SEAT = "seat"
"""The key under which the session keeps the chosen seat's id, as text."""


class NameOrMobileBackend(BaseBackend):
    """A login name or a mobile number, however written, with a password. Erased and inactive people stay outside."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Person | None:
        login = username if username is not None else kwargs.get("login")
        if not login or not password or len(password) > PASSWORD_LENGTH or not _is_text(password):
            return None
        person = queries.find_person(login)
        if person is None:
            make_password(password)  # as long as a real check takes, so that the door does not tell who exists
            return None
        return person if person.check_password(password) else None

    def get_user(self, user_id: uuid.UUID) -> Person | None:
        return Person.objects.filter(id=user_id, is_active=True, erased_at=None).first()


class AccountAdapter(DefaultAccountAdapter):
    """allauth's door as the house wants it: nobody signs up in the open, no letters of its own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Letters are the business of `notices`."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Letters are the business of `notices`."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say themselves what happened, in the house's words."""


class MFAAdapter(DefaultMFAAdapter):
    """The second factor: its secret is kept encrypted with the instance's key; an officer who needs one keeps it."""

    def encrypt(self, text: str) -> str:
        return derived.seal(text, purpose="accounts.totp")

    def decrypt(self, encrypted_text: str) -> str:
        """ "" for what another key wrote: such a factor proves nothing and has to be set up anew."""
        return derived.unseal(encrypted_text, purpose="accounts.totp")

    def get_totp_label(self, user: Any) -> str:
        return str(user.login)

    def get_totp_issuer(self) -> str:
        return "Qianan 企安安"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not settings.QIANAN_OFFICERS_NEED_TOTP:
            return True
        officers = Seat.objects.filter(person_id=authenticator.user_id, role__in=OFFICER_ROLES | ADMIN_ROLES)
        return not officers.filter(until=None).exists()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Letters are the business of `notices`."""


def _is_text(words: str) -> bool:
    """Whether it can be written as UTF-8 at all: a lone surrogate, as JSON may bring one, cannot."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True


def _printable(words: str) -> str:
    return "".join(sign for sign in words if identity.is_printable(sign))


def has_totp(person_id: uuid.UUID) -> bool:
    return Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.TOTP).exists()


def needs_totp(actor: Actor, person: Person) -> bool:
    """Whether this officer must first set up a second factor: the instance wants one, and there is none yet."""
    return settings.QIANAN_OFFICERS_NEED_TOTP and access.is_officer(actor) and not has_totp(person.id)


def sign_in(request: HttpRequest, person: Person, *, redirect_url: str | None = None) -> HttpResponse:
    """Let in who has proven a code (`actions.check_code`); a second factor, where there is one, is asked for next.

    Gives the answer to send: on to `redirect_url` (checked by the caller), to the second factor, or to "inactive".
    """
    record_authentication(request, person, method=CODE)
    return perform_login(request, Login(user=person, redirect_url=redirect_url))


def name_for_lockout(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Under which name axes counts failures: one for a person, however the login is written."""
    found = credentials or getattr(request, "POST", {})
    typed = str(found.get("username") or found.get("login") or "")[:200]
    kept = getattr(request, "_lockout_names", None)
    if kept is None:
        kept = request._lockout_names = {}  # type: ignore[attr-defined]
    if typed not in kept:
        person = queries.find_person(typed)
        kept[typed] = person.login if person else _printable(identity.fold(typed))[:60]
    return str(kept[typed])
