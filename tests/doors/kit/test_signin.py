"""Coming in: by password, by a code, with a second step; wrong tries; the way back."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from qianan.ground.accounts import derived
from qianan.ground.accounts.models import OneTimeCode
from tests.cast import PASSWORD, Street
from tests.doors.doorstep import EN, ZH, get, look_over, text_of

LOGIN = "/accounts/login/"


@pytest.fixture
def browser() -> Client:
    client = Client(raise_request_exception=False)
    client.cookies["django_language"] = EN
    return client


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": login, "password": password, **more})


def last_code() -> str:
    return derived.code_of(OneTimeCode.objects.order_by("-made_at", "-id")[0].id)


def totp(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.parametrize("login", ["lao_wang", "LAO_WANG", "13800000000", "138 0000 0000", "+86 138-0000-0000"])
def test_by_name_or_number_however_written(street: Street, browser: Client, login: str) -> None:
    answer = sign_in(browser, login)

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"
    assert "Lao Wang" in get(browser, "/my/")


def test_the_page_is_whole_in_both_languages(db: None, browser: Client) -> None:
    assert "Cannot get in?" in get(browser, LOGIN)
    browser.cookies["django_language"] = ZH
    assert "登不上？" in get(browser, LOGIN)


def test_back_to_where_one_came_from_but_never_out_of_the_house(street: Street, browser: Client) -> None:
    assert sign_in(browser, "lao_wang", next="/my/hazards/").headers["Location"] == "/my/hazards/"
    for elsewhere in ("https://evil.example/", "//evil.example"):
        other = Client()
        assert sign_in(other, "lao_wang", next=elsewhere).headers["Location"] == "/"


@pytest.mark.parametrize(("login", "password"), [("lao_wang", "wrong"), ("nobody", PASSWORD), ("lao_wang\x00", "x")])
def test_wrong_words_are_answered_alike_and_the_name_is_kept(street: Street, browser: Client, login, password) -> None:
    answer = sign_in(browser, login, password)
    html = answer.content.decode()

    assert answer.status_code == 200
    assert "do not fit together" in html or "Null characters" in html
    assert password not in re.sub(r"<label.*", "", html) or password == "x"


def test_after_five_wrong_tries_it_rests_and_says_so(street: Street, browser: Client) -> None:
    for _try in range(5):
        answer = sign_in(browser, "lao_wang", "wrong")
    assert answer.status_code == 429
    assert "rests for a while" in answer.content.decode()

    assert sign_in(browser, "lao_wang").status_code == 429, "the right password rests, too"
    assert sign_in(browser, "sister_liu").status_code == 302, "others come in"


def test_by_a_code_to_the_phone(street: Street, browser: Client) -> None:
    get(browser, reverse("account_ask_code"))
    asked = browser.post(reverse("account_ask_code"), {"login": "xiao_zhao", "next": "/my/hazards/"})
    assert asked.status_code == 302
    page = get(browser, asked.headers["Location"])
    assert "10 minutes" in page

    short = browser.post(asked.headers["Location"], {"code": "4071"})
    assert short.status_code == 422
    assert "2 digits short" in short.content.decode()
    look_over(short.content.decode())

    answer = browser.post(asked.headers["Location"], {"code": last_code(), "next": "/my/hazards/"})
    assert answer.headers["Location"] == "/my/hazards/"
    assert "赵小明" in get(browser, "/my/me/")


def test_a_wrong_code_a_used_code_an_unknown_name(street: Street, browser: Client) -> None:
    browser.post(reverse("account_ask_code"), {"login": "xiao_zhao"})
    code = last_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert "is not right" in browser.post(reverse("account_code"), {"code": wrong}).content.decode()
    assert browser.post(reverse("account_code"), {"code": code}).status_code == 302

    other = Client()
    other.cookies["django_language"] = EN
    answer = other.post(reverse("account_ask_code"), {"login": "nobody-at-all"})
    assert answer.status_code == 302, "the door does not tell who has an account"
    assert other.post(reverse("account_code"), {"code": "123456"}).status_code == 422


def test_too_many_codes_are_too_many(street: Street, browser: Client) -> None:
    browser.post(reverse("account_ask_code"), {"login": "xiao_zhao"})
    again = browser.post(reverse("account_ask_code"), {"login": "xiao_zhao"})

    assert again.status_code == 422
    assert OneTimeCode.objects.count() == 1


def test_the_code_page_without_a_code_goes_back(db: None, browser: Client) -> None:
    assert browser.get(reverse("account_code")).headers["Location"] == reverse("account_ask_code")


def test_signing_out_is_a_button_not_a_link(street: Street, browser: Client) -> None:
    sign_in(browser, "lao_wang")
    assert "Sign out?" in get(browser, reverse("account_logout"))
    assert browser.get("/my/").status_code == 200

    browser.post(reverse("account_logout"))

    assert browser.get("/my/").status_code == 302


def test_the_second_step_is_set_up_and_asked_for(street: Street, browser: Client) -> None:
    sign_in(browser, "officer_li")
    again = browser.get(reverse("mfa_activate_totp"))
    if again.status_code == 302:  # before something grave: the password once more
        back = again.headers["Location"]
        get(browser, back)
        again = browser.post(back, {"password": PASSWORD})
        assert again.status_code == 302
    page = get(browser, reverse("mfa_activate_totp"))
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert secret
    wrong = browser.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert wrong.status_code == 200
    done = browser.post(reverse("mfa_activate_totp"), {"code": totp(secret[1])})
    assert done.headers["Location"] == reverse("mfa_view_recovery_codes")
    codes = re.findall(r"<li>([0-9a-f]{8})</li>", get(browser, reverse("mfa_view_recovery_codes")))
    assert len(codes) == 10
    assert "Switched on" in get(browser, reverse("mfa_index"))
    get(browser, reverse("mfa_deactivate_totp"))
    get(browser, reverse("mfa_generate_recovery_codes"))

    fresh = Client()
    fresh.cookies["django_language"] = EN
    first = sign_in(fresh, "officer_li")
    assert first.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert "six digits" in get(fresh, reverse("mfa_authenticate"))
    assert fresh.get("/desk/").status_code == 302, "the password alone opens nothing"
    assert fresh.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
    assert "_auth_user_id" in fresh.session


def test_a_code_to_the_phone_does_not_go_round_the_second_step(street: Street, browser: Client) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(street.people["officer_li"], generate_totp_secret())

    browser.post(reverse("account_ask_code"), {"login": "officer_li"})
    answer = browser.post(reverse("account_code"), {"code": last_code()})

    assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in browser.session


def test_where_the_city_demands_it_officers_set_it_up_first(street: Street, browser: Client, settings) -> None:
    settings.QIANAN_OFFICERS_NEED_TOTP = True
    sign_in(browser, "officer_li")
    assert browser.get("/my/").headers["Location"] == reverse("mfa_activate_totp")

    cook = Client()
    sign_in(cook, "xiao_zhao")
    assert cook.get("/my/").status_code == 200


def test_an_erased_person_stays_outside(street: Street, browser: Client) -> None:
    from qianan.ground.accounts import actions as accounts
    from tests.cast import MONDAY

    sign_in(browser, "lao_wang")
    accounts.erase_person(street.people["lao_wang"], by=street.lao_wang, now=MONDAY)

    assert browser.get("/my/").status_code == 302
    assert "do not fit together" in text_of(
        sign_in(Client(headers={"accept-language": "en"}), "lao_wang").content.decode()
    )


def test_nobody_signs_up_in_the_open(db: None, browser: Client) -> None:
    for path in ("/accounts/signup/", "/accounts/email/", "/accounts/password/reset/"):
        assert browser.get(path).status_code == 404
