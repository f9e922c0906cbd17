"""Today: what is owed, by whom, and what a person without a seat is told."""

from django.urls import reverse

from qianan.field.hazards import actions as hazards
from qianan.field.selfchecks import actions as selfchecks
from qianan.ground.accounts import actions as accounts
from qianan.kernel.actor import Actor
from qianan.registry.duties import actions as duties
from tests.cast import MONDAY, Street
from tests.doors.doorstep import EN, ZH, both, come_in, get, text_of

HOME = "/my/"


def test_the_cook_sees_the_check_of_the_day_with_its_minutes(monday: Street) -> None:
    zh, en = both(monday, "xiao_zhao", HOME)

    assert "餐饮每日自查" in zh
    assert "Restaurant: daily check" in en
    assert "10 items" in en
    assert "10 项" in zh
    assert "today" in text_of(en)
    assert "The board of the business" not in en


def test_the_list_for_managers_is_not_shown_to_the_cook(monday: Street) -> None:
    assert "Restaurant: full check" not in get(come_in(monday, "xiao_zhao"), HOME)
    assert "Restaurant: full check" in get(come_in(monday, "sister_liu"), HOME)


def test_what_hangs_on_ones_own_post_stands_in_the_list(monday: Street) -> None:
    new = hazards.NewHazard(site=monday.site, text="hose too long", origin_kind="manager", level="general")
    hazards.report_hazards([new], by=monday.sister_liu, now=MONDAY)

    cook = get(come_in(monday, "xiao_zhao"), HOME)
    manager = get(come_in(monday, "sister_liu"), HOME)

    assert "Fix: hose too long" in cook
    assert "Fix: hose too long" not in manager


def test_an_instruction_is_a_task_until_it_is_acknowledged(monday: Street) -> None:
    duties.send_instruction(
        businesses=[monday.business], text="Check the hoses today", by=monday.officer_li, now=MONDAY
    )
    client = come_in(monday, "lao_wang")

    assert "Check the hoses today" in get(client, HOME)


def test_a_missed_check_can_be_made_up(monday: Street, turn_the_clock) -> None:
    later = turn_the_clock(days=9)
    selfchecks.miss_overdue(later)

    page = get(come_in(monday, "lao_wang"), HOME)

    assert "can be made up" in page
    assert "Make up" in page


def test_somebody_without_a_seat_is_told_how_to_get_one(street: Street) -> None:
    zh, en = both(street, "stranger", HOME)

    assert "You have no seat in a business yet" in en
    assert "你在单位里还没有席位" in zh
    assert reverse("kit:claim") in en


def test_the_first_page_sends_each_to_his_own_door(street: Street) -> None:
    assert come_in(street, "lao_wang").get("/").headers["Location"] == "/my/"
    assert come_in(street, "officer_li").get("/").headers["Location"] == "/desk/"
    assert come_in(street, "stranger").get("/").headers["Location"] == "/my/"


def test_who_is_not_signed_in_signs_in_and_comes_back(street: Street, client) -> None:
    response = client.get("/my/hazards/?tab=closed")

    assert response.status_code == 302
    assert response.headers["Location"] == "/accounts/login/?next=%2Fmy%2Fhazards%2F%3Ftab%3Dclosed"


def test_a_person_with_two_shops_changes_between_them(monday: Street) -> None:
    accounts.take_seat(
        monday.people["lao_wang"],
        role="principal",
        business_id=monday.other_business.id,
        by=Actor.system("setup"),
        now=MONDAY,
    )
    client = come_in(monday, "lao_wang")
    assert "Lao Wang" in get(client, HOME)
    seats = get(client, reverse("kit:seats"))
    other = next(seat for seat in monday.people["lao_wang"].seats.all() if seat.business_id == monday.other_business.id)
    assert str(other.id) in seats

    answer = client.post(reverse("kit:seat_take", args=[other.id]), {"next": HOME})

    assert answer.headers["Location"] == HOME
    assert "Qian" in get(client, HOME)


def test_a_seat_that_is_not_mine_cannot_be_taken(monday: Street) -> None:
    other = monday.people["boss_qian"].seats.get()
    answer = come_in(monday, "lao_wang").post(reverse("kit:seat_take", args=[other.id]))

    assert answer.status_code == 404


def test_the_number_of_questions_does_not_grow_with_the_rows(monday: Street, django_assert_max_num_queries) -> None:
    new = [
        hazards.NewHazard(site=monday.site, text=f"number {number}", origin_kind="manager", level="general")
        for number in range(25)
    ]
    hazards.report_hazards(new, by=monday.sister_liu, now=MONDAY)
    for who, url in (
        ("xiao_zhao", HOME),
        ("lao_wang", HOME),
        ("lao_wang", reverse("phone:business", args=[monday.business.id])),
        ("lao_wang", reverse("phone:hazards")),
        ("lao_wang", reverse("phone:receipts")),
        ("lao_wang", reverse("phone:business_people", args=[monday.business.id])),
        ("lao_wang", reverse("phone:business_musts", args=[monday.business.id])),
        ("lao_wang", reverse("phone:business_trail", args=[monday.business.id])),
    ):
        client = come_in(monday, who, ZH if who == "lao_wang" else EN)
        with django_assert_max_num_queries(20):
            get(client, url)
