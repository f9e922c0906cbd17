"""At the door: names, numbers, passwords, codes, lock-out, the second factor."""

from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import authenticate, get_user
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

from qianan.ground.accounts import actions, signin
from qianan.ground.accounts.models import Person
from qianan.settings import base
from tests.cast import MONDAY, PASSWORD, Street

pytestmark = pytest.mark.urls(__name__)
urlpatterns = [
    path(address, lambda request: HttpResponse(), name=name)
    for address, name in [("2fa/", "mfa_authenticate"), ("inactive/", "account_inactive"), ("in/", "account_login")]
]
"""Addresses to be sent on to; the pages themselves are the doors' affair."""


def at_the_door(address: str = "127.0.0.1") -> HttpRequest:
    request = RequestFactory().post("/accounts/login/", REMOTE_ADDR=address)
    request.session = SessionStore()
    request.axes_locked_out = False
    request.user = AnonymousUser()
    return request


def by_a_code(request: HttpRequest, person: Person, **facts: str) -> HttpResponse:
    with context.request_context(request):
        return signin.sign_in(request, person, **facts)


def come_in(login: str, password: str = PASSWORD, request: HttpRequest | None = None) -> Any:
    return authenticate(request or at_the_door(), username=login, password=password)


@pytest.mark.parametrize("login", ["lao_wang", "Lao_Wang", "13800000000", "+86 138 0000 0000"])
def test_lao_wang_comes_in_by_name_or_number(street: Street, login: str) -> None:
    assert come_in(login) == street.people["lao_wang"]


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("lao_wang", "wrong"),
        ("lao_wang", ""),
        ("", PASSWORD),
        ("nobody", PASSWORD),
        ("lao_wang\0", PASSWORD),
        ("\ud800", PASSWORD),
        ("lao_wang", PASSWORD + "x" * 100_000),
        ("lao_wang", "\ud800"),
        ("x" * 100_000, PASSWORD),
    ],
)
def test_others_stay_outside(street: Street, login: str, password: str) -> None:
    assert come_in(login, password) is None


def test_inactive_and_erased_people_stay_outside(street: Street) -> None:
    Person.objects.filter(login="lao_wang").update(is_active=False)
    actions.erase_person(street.people["xiao_zhao"], by=street.admin, now=MONDAY)

    assert come_in("lao_wang") is None
    assert come_in(f"erased:{street.people['xiao_zhao'].id}") is None


def test_a_session_of_an_erased_person_is_over(street: Street) -> None:
    backend = signin.NameOrMobileBackend()
    zhao = street.people["xiao_zhao"]
    assert backend.get_user(zhao.id) == zhao

    actions.erase_person(zhao, by=street.xiao_zhao, now=MONDAY)

    assert backend.get_user(zhao.id) is None


def test_somebody_without_a_password_comes_in_by_no_password(street: Street) -> None:
    cook = actions.add_person(name="小孙", mobile="13911112222", by=street.lao_wang, now=MONDAY)

    assert come_in("13911112222", cook.password) is None
    assert come_in("13911112222", "!") is None


def test_who_guesses_too_often_is_locked_out_however_he_writes_it(street: Street, settings: Any) -> None:
    for number, login in enumerate(["lao_wang", "LAO_WANG", "13800000000", "+86 138 0000 0000", "lao_wang"], 1):
        request = at_the_door()
        assert come_in(login, "wrong", request) is None
        assert request.axes_locked_out is (number == settings.AXES_FAILURE_LIMIT)

    request = at_the_door()
    assert come_in("lao_wang", PASSWORD, request) is None
    assert request.axes_locked_out is True
    assert come_in("lao_wang", PASSWORD, at_the_door("10.0.0.9")) == street.people["lao_wang"]
    assert come_in("boss_qian") == street.people["boss_qian"]


def test_the_limits_are_settings() -> None:
    assert (base.AXES_FAILURE_LIMIT, base.AXES_COOLOFF_TIME.total_seconds()) == (5, 900)
    assert base.PASSWORD_HASHERS[0].endswith(Argon2PasswordHasher.__name__)


def test_an_argon2_password_is_known(street: Street, settings: Any) -> None:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    wang = street.people["lao_wang"]

    actions.set_password(wang, "a-long-evening-meal", by=street.lao_wang, now=MONDAY)

    assert Person.objects.get(id=wang.id).password.startswith("argon2$argon2id$")
    assert come_in("lao_wang", "a-long-evening-meal") == wang


def test_a_proven_code_lets_in(street: Street) -> None:
    request = at_the_door()

    answer = by_a_code(request, street.people["lao_wang"], redirect_url="/my/")

    assert (answer.status_code, answer["Location"]) == (302, "/my/")
    assert get_user(request) == street.people["lao_wang"]
    assert [step["method"] for step in request.session[AUTHENTICATION_METHODS_SESSION_KEY]] == ["code"]


def test_a_code_alone_does_not_pass_the_second_factor(street: Street) -> None:
    request = at_the_door()
    TOTP.activate(street.people["officer_li"], "A" * 32)

    answer = by_a_code(request, street.people["officer_li"], redirect_url="/desk/")

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/2fa/")
    assert get_user(request).is_anonymous


def test_nobody_inactive_is_let_in_by_a_code(street: Street) -> None:
    Person.objects.filter(login="lao_wang").update(is_active=False)
    request = at_the_door()

    answer = by_a_code(request, Person.objects.get(login="lao_wang"))

    assert answer["Location"] == "/inactive/"
    assert get_user(request).is_anonymous


def test_the_key_of_a_second_factor_is_kept_encrypted(street: Street, settings: Any) -> None:
    li = street.people["officer_li"]
    TOTP.activate(li, "JBSWY3DPEHPK3PXP")

    kept = Authenticator.objects.get(user=li).data["secret"]
    adapter = signin.MFAAdapter()

    assert "JBSWY3DPEHPK3PXP" not in kept
    assert adapter.decrypt(kept) == "JBSWY3DPEHPK3PXP"
    settings.SECRET_KEY = "another key"
    assert adapter.decrypt(kept) == ""


@pytest.mark.parametrize(
    ("who", "needs"),
    [("officer_li", True), ("ms_chen", True), ("admin", True), ("lao_wang", False), ("stranger", False)],
)
def test_officers_need_a_second_factor_where_the_instance_says_so(
    street: Street, settings: Any, who: str, needs: bool
) -> None:
    assert not signin.needs_totp(street.actors[who], street.people[who])
    settings.QIANAN_OFFICERS_NEED_TOTP = True
    assert signin.needs_totp(street.actors[who], street.people[who]) is needs

    TOTP.activate(street.people[who], "A" * 32)

    assert not signin.needs_totp(street.actors[who], street.people[who])
    assert signin.MFAAdapter().can_delete_authenticator(Authenticator.objects.get(user=street.people[who])) is not needs


def test_nobody_signs_up_in_the_open() -> None:
    assert not signin.AccountAdapter().is_open_for_signup(at_the_door())
