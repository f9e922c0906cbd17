"""The board of a business, its people, its site, its instructions."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from qianan.field.selfchecks import actions as selfchecks
from qianan.ground.accounts.models import Invitation, Seat
from qianan.kernel.actor import Actor
from qianan.registry.businesses import actions as registry
from qianan.registry.businesses.models import Site, SiteChange
from qianan.registry.duties import actions as duties
from qianan.registry.duties.models import Order
from tests.cast import MONDAY, Street
from tests.doors.doorstep import both, come_in, get, look_over, picture, text_of


def url(name: str, street: Street, *more: object) -> str:
    return reverse(f"phone:{name}", args=[street.business.id, *more])


# -- who may -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["business", "business_checks", "business_people", "business_tenants", "business_trail"]
)
def test_the_board_is_for_who_runs_the_business(monday: Street, name: str) -> None:
    assert come_in(monday, "lao_wang").get(url(name, monday)).status_code == 200
    assert come_in(monday, "sister_liu").get(url(name, monday)).status_code == 200
    assert come_in(monday, "xiao_zhao").get(url(name, monday)).status_code == 403
    assert come_in(monday, "boss_qian").get(url(name, monday)).status_code == 404
    assert come_in(monday, "stranger").get(url(name, monday)).status_code == 404


def test_who_is_silent_comes_first(monday: Street, turn_the_clock) -> None:
    later = turn_the_clock(days=9)
    selfchecks.miss_overdue(later)

    zh, en = both(monday, "lao_wang", url("business", monday))

    assert re.search(r"<b>1</b><span>missed in 30 days", en)
    assert re.search(r"<b>1</b><span>30 天内漏查", zh)
    assert "Missed, can be made up" in get(come_in(monday, "lao_wang"), url("business_checks", monday))


def test_the_cook_sees_who_answers_for_safety(monday: Street) -> None:
    zh, en = both(monday, "xiao_zhao", url("business_musts", monday))

    for said in ("Chaoyang Commerce Bureau", "Jianwai Sub-district Office", "刘芳", "Business-line manager: vacant"):
        assert said in text_of(en), said
    assert "朝阳区商务局" in zh


def test_a_landlord_sees_what_each_tenant_owes(monday: Street, turn_the_clock) -> None:
    client = come_in(monday, "lao_wang")
    assert "No tenants are recorded" in get(client, url("business_tenants", monday))

    registry.record_tenancy(monday.other_business, landlord=monday.business, by=Actor.system("setup"), now=MONDAY)
    selfchecks.miss_overdue(turn_the_clock(days=9))

    words = text_of(get(client, url("business_tenants", monday)))
    assert "Qian" in words
    assert "no self-check on 1 list" in words


# -- people ----------------------------------------------------------------------------


def test_posts_and_people_with_vacancies(monday: Street) -> None:
    words = text_of(get(come_in(monday, "lao_wang"), url("business_people", monday)))

    assert "赵小明" in words
    assert "vacant" in words
    assert "its duties fall to: Safety manager" in words


def test_an_invitation_by_link(monday: Street) -> None:
    client = come_in(monday, "lao_wang")

    answer = client.post(url("business_invite", monday), {"role": "worker", "post": "", "mobile": ""})

    html = answer.content.decode()
    look_over(html)
    link = re.search(r"http://testserver(/join/[^<]+/)", html)
    assert link
    assert Invitation.objects.get().role == "worker"
    assert "Invited, not there yet" in get(client, url("business_people", monday))
    invitation = Invitation.objects.get()
    assert client.post(url("business_withdraw", monday, invitation.id)).status_code == 302
    assert "Invited, not there yet" not in get(client, url("business_people", monday))


def test_a_safety_manager_makes_no_principals(monday: Street) -> None:
    answer = come_in(monday, "sister_liu").post(url("business_invite", monday), {"role": "principal"})

    assert answer.status_code == 422
    assert Invitation.objects.count() == 0


def test_a_wrong_number_is_said(monday: Street) -> None:
    answer = come_in(monday, "lao_wang").post(url("business_invite", monday), {"role": "worker", "mobile": "12"})

    assert answer.status_code == 422
    assert Invitation.objects.count() == 0


def test_somebody_leaves_and_the_post_falls_vacant(monday: Street) -> None:
    seat = monday.people["xiao_zhao"].seats.get()
    client = come_in(monday, "lao_wang")
    assert "赵小明 leaves?" in get(client, url("business_leave", monday, seat.id))

    assert client.post(url("business_leave", monday, seat.id)).status_code == 302

    seat.refresh_from_db()
    assert seat.until is not None
    assert "赵小明" not in get(client, url("business_people", monday))


def test_a_seat_of_another_business_cannot_be_ended(monday: Street) -> None:
    seat = monday.people["boss_qian"].seats.get()

    assert come_in(monday, "lao_wang").post(url("business_leave", monday, seat.id)).status_code == 404
    seat.refresh_from_db()
    assert seat.until is None


def test_somebody_goes_to_another_post(monday: Street) -> None:
    seat = monday.people["xiao_zhao"].seats.get()
    client = come_in(monday, "lao_wang")
    get(client, url("business_move", monday, seat.id))

    answer = client.post(url("business_move", monday, seat.id), {"post": str(monday.posts["worker"].id)})

    assert answer.status_code == 302, text_of(answer.content.decode())
    current = Seat.objects.filter(person=monday.people["xiao_zhao"], until=None).get()
    assert current.post == monday.posts["worker"].id


# -- the site ------------------------------------------------------------------------------


def change(street: Street, **said: object) -> dict[str, object]:
    return {
        "state": "paused",
        "from_day": "2026-11-02",
        "until_day": "2026-11-20",
        "place_code": "",
        "address": "",
        "reason": "new floor",
        "proof": picture(9),
        **said,
    }


def test_a_pause_with_proof_stops_the_checks(monday: Street, let_news_travel) -> None:
    client = come_in(monday, "lao_wang")
    get(client, url("site_state", monday, monday.site.id))

    answer = client.post(url("site_state", monday, monday.site.id), change(monday))

    assert answer.status_code == 302, text_of(answer.content.decode())
    assert Site.objects.get(id=monday.site.id).state == "paused"
    shown = text_of(get(client, url("site", monday, monday.site.id)))
    assert "new floor" in shown


def test_without_proof_nothing_changes_and_the_words_are_kept(monday: Street) -> None:
    said = change(monday)
    del said["proof"]

    answer = come_in(monday, "lao_wang").post(url("site_state", monday, monday.site.id), said)

    html = answer.content.decode()
    look_over(html)
    assert answer.status_code == 422
    assert "new floor" in html
    assert SiteChange.objects.count() == 0
    assert Site.objects.get(id=monday.site.id).state == "open"


def test_a_move_opens_the_next_site(monday: Street) -> None:
    said = change(monday, state="moved", place_code="110105002", address="Road 2")

    answer = come_in(monday, "lao_wang").post(url("site_state", monday, monday.site.id), said)

    assert answer.status_code == 302, text_of(answer.content.decode())
    assert Site.objects.filter(business=monday.business, place_code__startswith="110105002", state="open").exists()


def test_the_cook_cannot_close_the_shop(monday: Street) -> None:
    answer = come_in(monday, "xiao_zhao").post(url("site_state", monday, monday.site.id), change(monday))

    assert answer.status_code == 403
    assert Site.objects.get(id=monday.site.id).state == "open"


# -- instructions -----------------------------------------------------------------------------


def test_an_instruction_is_read_and_acknowledged(monday: Street) -> None:
    duties.send_instruction(businesses=[monday.business], text="Check the hoses", by=monday.officer_li, now=MONDAY)
    order = Order.objects.get()
    address = url("order", monday, order.id)
    client = come_in(monday, "lao_wang")
    assert "Acknowledge by" in get(client, address)

    assert client.post(address, {"note": "will do"}).status_code == 302

    order.refresh_from_db()
    assert order.acked_at is not None
    assert "will do" in get(client, address)
    assert client.post(address, {}).status_code in {302, 422}
    assert come_in(monday, "boss_qian").get(address).status_code == 404


def test_the_trail_is_told_in_the_readers_language(monday: Street) -> None:
    from qianan.field.hazards import actions as hazards

    new = hazards.NewHazard(site=monday.site, text="hose", origin_kind="manager", level="general")
    hazards.report_hazards([new], by=monday.sister_liu, now=MONDAY + timedelta(minutes=1))

    zh, en = both(monday, "lao_wang", url("business_trail", monday))

    assert "刘芳" in zh
    assert "刘芳" in en
    assert "%(" not in zh + en
