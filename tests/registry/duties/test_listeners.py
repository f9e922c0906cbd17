"""Chairs follow the people, claims are owed an answer, instructions reach the managers."""

from collections.abc import Callable
from datetime import timedelta

from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts.models import Seat
from qianan.ground.notices.models import Notice
from qianan.registry.businesses import actions as businesses
from qianan.registry.duties import queries
from qianan.registry.duties.actions import send_instruction, vacate_ended
from qianan.registry.duties.models import Duty, Post
from tests.cast import COMMUNITY, MONDAY, Street
from tests.registry.duties.test_ladder import a_duty

Travel = Callable[..., int]
DAY = timedelta(days=1)


def test_a_new_business_gets_its_five_chairs_once(street: Street, let_news_travel: Travel) -> None:
    shop = businesses.register_business(
        businesses.NewBusiness(name_zh="李记饼铺", place_code=COMMUNITY, venue="restaurant", industry="6210"),
        by=street.officer_li,
        now=MONDAY,
    )
    let_news_travel(MONDAY)
    let_news_travel(MONDAY)

    assert [view.kind for view in queries.posts_of(shop.id, on=MONDAY.date())] == [
        "principal",
        "safety_manager",
        "business_line",
        "production",
        "worker",
    ]


def test_a_seat_without_a_chair_is_put_to_the_one_of_its_role(street: Street, let_news_travel: Travel) -> None:
    seat = accounts.take_seat(
        street.people["stranger"].id,
        role="worker",
        business_id=street.business.id,
        place_code=COMMUNITY,
        by=street.lao_wang,
        now=MONDAY,
    )
    let_news_travel(MONDAY)

    assert Seat.objects.get(id=seat.id).post == street.posts["worker"].id


def test_a_new_office_has_a_head_and_an_inspector(street: Street, let_news_travel: Travel) -> None:
    accounts.add_bodies(
        [
            accounts.NewBody(
                kind="department", name_zh="朝阳区教委", name_en="Education", place_code="110105", line="education"
            )
        ],
        by=street.admin,
        now=MONDAY,
    )
    let_news_travel(MONDAY)

    assert sorted(Post.objects.filter(body_code="dept:education:110105").values_list("kind", flat=True)) == [
        "head",
        "inspector",
    ]


def test_what_a_leaver_owed_falls_visibly_to_the_next(street: Street, let_news_travel: Travel) -> None:
    duty = a_duty(street)
    seat = Seat.objects.get(person=street.people["xiao_zhao"], business_id=street.business.id)
    accounts.leave_seat(seat, place_code=COMMUNITY, by=street.lao_wang, now=MONDAY + DAY)

    let_news_travel(MONDAY + DAY)
    let_news_travel(MONDAY + DAY)

    fallen = [entry for entry in street.trail_since(MONDAY + DAY) if entry.news.startswith("duties.")]
    heir = str(queries.post_ref(street.posts["safety_manager"].id))
    assert sorted((entry.news, entry.body["to_post"]) for entry in fallen) == [
        ("duties.DutyFell", heir),
        ("duties.PostVacated", heir),
    ]
    duty.refresh_from_db()
    assert duty.owner_post == street.posts["production"].id
    who = queries.who([duty.owner_post], on=(MONDAY + DAY).date())[duty.owner_post]
    assert who.vacant
    assert who.vacant_since == (MONDAY + DAY).date()
    assert who.falls_to is not None
    assert who.falls_to.id == street.posts["safety_manager"].id
    assert list(queries.owed_by(street.sister_liu, on=(MONDAY + DAY).date())) == [duty]
    assert [(row.kind, row.person) for row in Notice.objects.filter(kind="seat_left")] == [
        ("seat_left", street.people["sister_liu"].id)
    ]


def test_a_seat_that_ends_on_a_day_set_before_empties_its_chair_that_day(
    street: Street, let_news_travel: Travel
) -> None:
    seat = Seat.objects.get(person=street.people["xiao_zhao"])
    day = (MONDAY + 5 * DAY).date()
    accounts.leave_seat(seat, until=day, place_code=COMMUNITY, by=street.lao_wang, now=MONDAY)
    let_news_travel(MONDAY)

    told = [vacate_ended(MONDAY + number * DAY) for number in range(9)]

    assert told == [0, 0, 0, 0, 0, 1, 0, 0, 0]
    vacated = [entry for entry in street.trail_since(MONDAY) if entry.news == "duties.PostVacated"]
    assert [(entry.at, entry.body["person"]) for entry in vacated] == [(MONDAY + 5 * DAY, street.xiao_zhao.ref)]


def test_a_seat_that_ended_at_once_is_told_once(street: Street, let_news_travel: Travel) -> None:
    seat = Seat.objects.get(person=street.people["xiao_zhao"])
    accounts.leave_seat(seat, place_code=COMMUNITY, by=street.lao_wang, now=MONDAY + DAY)
    let_news_travel(MONDAY + DAY)

    assert [vacate_ended(MONDAY + number * DAY) for number in range(1, 4)] == [0, 0, 0]


def test_a_claim_is_owed_an_answer_by_the_street(street: Street, let_news_travel: Travel) -> None:
    claim = businesses.ask_claim(
        street.other_business.credit_code,
        role="safety_manager",
        note="我是安全员",
        by=street.stranger,
        now=MONDAY,
    )
    let_news_travel(MONDAY)
    duty = Duty.objects.get(kind="claim")
    assert duty.owner_post == street.posts["street:110108001/inspector"].id
    assert duty.state == "open"

    businesses.decide_claim(claim, approve=True, reason="材料齐全", by=street.officer_he, now=MONDAY + DAY)
    let_news_travel(MONDAY + DAY)

    duty.refresh_from_db()
    assert duty.state == "discharged"
    seat = Seat.objects.get(person=street.people["stranger"])
    assert seat.post == street.posts["other/safety_manager"].id
    assert Notice.objects.filter(kind="claim_decided", person=street.people["stranger"].id).count() == 1


def test_an_instruction_reaches_the_managers_with_a_time(street: Street, let_news_travel: Travel) -> None:
    send_instruction(businesses=[street.business], text="今晚大风,收好招牌", by=street.officer_li, now=MONDAY)
    let_news_travel(MONDAY)
    let_news_travel(MONDAY)

    rows = list(Notice.objects.order_by("kind", "person"))
    assert {(row.kind, row.params["text"], row.params["body_zh"]) for row in rows} == {
        ("instruction", "今晚大风,收好招牌", "建外街道办事处")
    }
    assert {row.person for row in rows} == {street.people["lao_wang"].id, street.people["sister_liu"].id}
    assert all(row.ack_by is not None for row in rows)
