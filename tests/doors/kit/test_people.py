"""Invitations, claims, the profile, letters: what a person does for himself."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts import derived
from qianan.ground.accounts.models import OneTimeCode, Person, Seat, Token
from qianan.ground.notices import actions as notices
from qianan.ground.notices.models import Notice
from qianan.kernel.actor import Actor
from qianan.kernel.ref import Ref
from qianan.registry.businesses.models import Business, Claim, CreditCode
from tests.cast import MONDAY, PASSWORD, Street
from tests.doors.doorstep import EN, both, come_in, get, look_over, picture, text_of

CODE = "91110105MA0000000X"


@pytest.fixture
def clock(turn_the_clock) -> None:
    turn_the_clock(to=MONDAY)


@pytest.fixture
def outsider() -> Client:
    client = Client(raise_request_exception=False)
    client.cookies["django_language"] = EN
    return client


def last_code() -> str:
    return derived.code_of(OneTimeCode.objects.order_by("-made_at", "-id")[0].id)


def valid_code() -> str:
    from stdnum.cn import uscc

    return "9111010500000000" + "1" + uscc.calc_check_digit("91110105000000001")


# -- invitations -----------------------------------------------------------------------


def invited(street: Street, **more: object) -> str:
    _row, secret = accounts.invite(
        role="worker", business_id=street.business.id, by=street.lao_wang, now=MONDAY, **more
    )
    return reverse("kit:join", args=[secret])


def test_a_newcomer_proves_his_number_and_has_the_seat(street: Street, clock: None, outsider: Client) -> None:
    link = invited(street)
    page = get(outsider, link)
    assert "王建国" in page
    assert "Lao Wang" in page

    asked = outsider.post(link, {"name": "孙二", "mobile": "139 1111 2222"})
    assert asked.status_code == 302
    inside = outsider.post(asked.headers["Location"], {"code": last_code(), "next": link})
    assert inside.headers["Location"] == link
    assert "Signed in as 孙二" in get(outsider, link)

    taken = outsider.post(link)

    seat = Seat.objects.get(person__mobile="+8613911112222")
    assert (seat.role, seat.business_id) == ("worker", street.business.id)
    assert taken.headers["Location"] == reverse("kit:password")
    set_it = outsider.post(reverse("kit:password"), {"new": "a long sentence of mine"})
    assert set_it.status_code == 302, text_of(set_it.content.decode())
    assert Person.objects.get(mobile="+8613911112222").check_password("a long sentence of mine")


def test_who_has_an_account_takes_it_at_once_and_only_once(street: Street, clock: None) -> None:
    link = invited(street)
    client = come_in(street, "stranger")
    assert "Take this seat" in get(client, link)

    assert client.post(link).headers["Location"] == "/"
    again = client.post(link)

    assert again.status_code == 409
    assert Seat.objects.filter(person=street.people["stranger"]).count() == 1


def test_a_link_that_is_none_and_one_that_ran_out(
    street: Street, clock: None, outsider: Client, turn_the_clock
) -> None:
    assert outsider.get(reverse("kit:join", args=["made-up"])).status_code == 404
    link = invited(street)
    turn_the_clock(days=30)

    assert come_in(street, "stranger").post(link).status_code == 409
    assert Seat.objects.filter(person=street.people["stranger"]).count() == 0


def test_a_link_for_one_number_is_for_that_number_only(street: Street, clock: None) -> None:
    link = invited(street, mobile="13911112222")

    assert come_in(street, "stranger").post(link).status_code == 403


def test_the_link_of_a_letter_leads_to_the_same_page(street: Street, clock: None, outsider: Client) -> None:
    link = invited(street)
    secret = link.rstrip("/").rsplit("/", 1)[1]

    get(outsider, f"/accounts/invitations/{secret}/")


def test_a_wrong_number_comes_back_with_the_name(street: Street, clock: None, outsider: Client) -> None:
    link = invited(street)
    answer = outsider.post(link, {"name": "孙二", "mobile": "12"})

    html = answer.content.decode()
    look_over(html)
    assert answer.status_code == 422
    assert 'value="孙二"' in html
    assert OneTimeCode.objects.count() == 0


# -- claims ------------------------------------------------------------------------------


@pytest.fixture
def unclaimed(street: Street) -> Business:
    code = valid_code()
    Business.objects.filter(id=street.business.id).update(credit_code=code)
    CreditCode.objects.create(code=code, business_id=street.business.id)
    return street.business


def test_a_claim_goes_to_the_street(street: Street, clock: None, unclaimed: Business) -> None:
    client = come_in(street, "stranger")
    get(client, reverse("kit:claim"))

    sent = {"credit_code": valid_code().lower(), "role": "principal", "note": "bought it", "proof": picture(3)}
    answer = client.post(reverse("kit:claim"), sent)

    claim = Claim.objects.get()
    assert (claim.state, claim.role, claim.business_id) == ("asked", "principal", unclaimed.id)
    assert answer.headers["Location"] == "/my/"
    assert "Lao Wang" in get(client, "/my/")


def test_a_newcomer_claims_by_a_code_to_his_phone(street: Street, clock: None, unclaimed, outsider: Client) -> None:
    said = {"credit_code": valid_code(), "role": "principal", "note": ""}
    asked = outsider.post(reverse("kit:claim"), {**said, "name": "孙二", "mobile": "13911112222"})
    assert asked.status_code == 302, text_of(asked.content.decode())
    outsider.post(asked.headers["Location"], {"code": last_code(), "next": reverse("kit:claim")})

    page = get(outsider, reverse("kit:claim"))

    assert valid_code() in page, "what was typed before is there"
    assert outsider.post(reverse("kit:claim"), said).status_code == 302
    assert Claim.objects.get().person == Person.objects.get(mobile="+8613911112222").id


@pytest.mark.parametrize(
    ("code", "says"),
    [("123", "has 18 signs; here are 3"), (valid_code()[:-1] + "Z", "check sign does not fit"), ("", "needed")],
)
def test_a_wrong_code_says_what_is_wrong(street: Street, clock: None, code: str, says: str) -> None:
    answer = come_in(street, "stranger").post(reverse("kit:claim"), {"credit_code": code, "role": "worker"})

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert Claim.objects.count() == 0


def test_a_code_of_nobody(street: Street, clock: None, outsider: Client) -> None:
    said = {"credit_code": valid_code(), "role": "principal"}
    assert come_in(street, "stranger").post(reverse("kit:claim"), said).status_code == 422
    answer = outsider.post(reverse("kit:claim"), {**said, "name": "孙二", "mobile": "13911112222"})

    assert answer.status_code == 422
    assert Person.objects.filter(mobile="+8613911112222").count() == 0


# -- the profile ---------------------------------------------------------------------------


def test_the_profile_keeps_name_mail_language_and_quiet_hours(street: Street) -> None:
    client = come_in(street, "lao_wang")
    both(street, "lao_wang", "/profile/")

    sent = {"name": "王建国", "email": "w@example.cn", "language": "en", "quiet_from": "22:00", "quiet_until": "07:00"}
    assert client.post("/profile/", sent).status_code == 302

    person = Person.objects.get(login="lao_wang")
    assert (person.email, person.language, person.quiet_from.isoformat()) == ("w@example.cn", "en", "22:00:00")
    wrong = client.post("/profile/", {**sent, "email": "no mail", "name": ""})
    assert wrong.status_code == 422
    look_over(wrong.content.decode())


def test_a_new_password_needs_the_old_one(street: Street) -> None:
    client = come_in(street, "lao_wang")
    url = reverse("kit:password")

    assert client.post(url, {"old": "wrong", "new": "a long sentence of mine"}).status_code == 422
    assert client.post(url, {"old": PASSWORD, "new": "short"}).status_code == 422
    assert client.post(url, {"old": PASSWORD, "new": "a long sentence of mine"}).status_code == 302
    assert client.get("/my/").status_code == 200, "this device stays signed in"
    assert Person.objects.get(login="lao_wang").check_password("a long sentence of mine")


def test_a_new_number_is_proven(street: Street, clock: None) -> None:
    client = come_in(street, "lao_wang")
    url = reverse("kit:number")

    assert client.post(url, {"mobile": "nonsense"}).status_code == 422
    asked = client.post(url, {"mobile": "13911112222"})
    get(client, asked.headers["Location"])
    assert client.post(url, {"code": "12"}).status_code == 422
    assert client.post(url, {"code": last_code()}).status_code == 302
    assert Person.objects.get(login="lao_wang").mobile == "+8613911112222"


def test_a_token_is_shown_once_and_revoked(street: Street) -> None:
    client = come_in(street, "lao_wang")
    url = reverse("kit:tokens")
    seat = street.people["lao_wang"].seats.get()

    made = client.post(url, {"label": "till", "seat": str(seat.id), "days": "30"})

    html = made.content.decode()
    look_over(html)
    secret = re.search(r'class="secret">([^<]+)<', html)
    assert secret
    assert secret[1] not in get(client, url)
    token = Token.objects.get()
    assert client.post(reverse("kit:token_revoke", args=[token.id])).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert come_in(street, "boss_qian").post(reverse("kit:token_revoke", args=[token.id])).status_code == 404
    assert client.post(url, {"label": "", "days": "9"}).status_code == 422
    assert Token.objects.count() == 1


# -- seats and letters -----------------------------------------------------------------------


def test_leaving_a_seat_is_asked_once(street: Street) -> None:
    seat = street.people["xiao_zhao"].seats.get()
    client = come_in(street, "xiao_zhao")
    assert "Leave this seat?" in get(client, reverse("kit:seat_leave", args=[seat.id]))

    assert client.post(reverse("kit:seat_leave", args=[seat.id])).status_code == 302

    seat.refresh_from_db()
    assert seat.until is not None
    assert "You have no seat yet" in get(client, reverse("kit:seats"))
    other = street.people["boss_qian"].seats.get()
    assert client.post(reverse("kit:seat_leave", args=[other.id])).status_code == 404


def test_letters_are_read_and_acknowledged(street: Street, clock: None) -> None:
    from datetime import timedelta

    letter = notices.Letter(
        person=street.lao_wang.person,
        kind="instruction",
        about=Ref.of("businesses.business", street.business.id, street.business.id),
        source="test",
        params={"text": "Check the hoses", "body_zh": "街道", "body_en": "Street office", "phone": ""},
        place_code=street.business.place_code,
        business_id=street.business.id,
        ack_by=MONDAY + timedelta(days=1),
    )
    notices.write([letter], by=Actor.system("wiring"), now=MONDAY)
    notice = Notice.objects.get()
    client = come_in(street, "lao_wang")

    inbox = get(client, reverse("kit:inbox"))
    assert "acknowledge by" in inbox
    assert "1 letter not read yet" in inbox
    get(client, reverse("kit:letter", args=[notice.id]))
    assert "0 letters not read yet" in get(client, reverse("kit:inbox"))
    assert client.post(reverse("kit:letter", args=[notice.id])).status_code == 302
    notice.refresh_from_db()
    assert notice.acked_at is not None
    assert come_in(street, "boss_qian").get(reverse("kit:letter", args=[notice.id])).status_code == 404


def test_an_empty_inbox_says_what_will_be_there(street: Street) -> None:
    zh, en = both(street, "stranger", reverse("kit:inbox"))
    assert "No letters" in en
    assert "没有通知" in zh
