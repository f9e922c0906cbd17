"""Seats are taken and left, by the day; who may give them."""

from datetime import date, timedelta

import pytest

from qianan.ground.accounts import access, actions, queries
from qianan.ground.accounts.models import Body, Seat
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL
from qianan.kernel.problems import Invalid, NotFound, NotYours
from tests.cast import COMMUNITY, DISTRICT, ELSEWHERE, MONDAY, STREET, Street

ON = date(2026, 11, 2)
HOUSE = Actor.system("setup")


@pytest.mark.parametrize(
    ("who", "role", "may"),
    [
        ("lao_wang", "principal", True),
        ("lao_wang", "safety_manager", True),
        ("lao_wang", "worker", True),
        ("lao_wang", "street", False),
        ("lao_wang", "admin", False),
        ("sister_liu", "principal", False),
        ("sister_liu", "safety_manager", True),
        ("sister_liu", "worker", True),
        ("xiao_zhao", "worker", False),
        ("boss_qian", "worker", False),
        ("stranger", "worker", False),
        ("officer_li", "principal", True),
        ("chief_zhang", "principal", True),
        ("director_sun", "principal", True),
        ("officer_he", "principal", False),
        ("ms_chen", "principal", False),
        ("officer_li", "street", False),
        ("director_sun", "district", False),
        ("admin", "principal", True),
        ("admin", "street", True),
        ("admin", "admin", True),
    ],
)
def test_who_may_give_which_seat(street: Street, who: str, role: str, may: bool) -> None:
    business = street.business.id if role in {"principal", "safety_manager", "worker"} else NIL

    assert access.can_seat(street.actors[who], role=role, business_id=business, place_code=COMMUNITY) is may


def test_an_officer_needs_the_place_of_the_business(street: Street) -> None:
    assert not access.can_seat(street.officer_li, role="principal", business_id=street.business.id)


def test_a_claim_approved_by_the_street_seats_its_principal(street: Street) -> None:
    seat = actions.take_seat(
        street.people["stranger"],
        role="principal",
        business_id=street.business.id,
        place_code=COMMUNITY,
        post=street.posts["principal"].id,
        by=street.officer_li,
        now=MONDAY,
    )

    assert (seat.role, seat.place_code, seat.since, seat.until) == ("principal", "", ON, None)
    entry = street.trail_since(MONDAY)[0]
    assert (entry.news, entry.business_id, entry.place_code) == (
        "accounts.SeatTaken",
        street.business.id,
        COMMUNITY,
    )
    assert entry.body == {
        "person": str(street.stranger.person),
        "role": "principal",
        "line": "",
        "post": str(street.posts["principal"].id),
    }


def test_another_streets_officer_seats_nobody(street: Street) -> None:
    with pytest.raises(NotYours, match="may_not_seat"):
        actions.take_seat(
            street.people["stranger"],
            role="principal",
            business_id=street.business.id,
            place_code=COMMUNITY,
            by=street.officer_he,
            now=MONDAY,
        )

    assert not Seat.objects.filter(person=street.people["stranger"]).exists()
    assert street.trail_since(MONDAY) == []


def test_the_same_seat_twice_is_one(street: Street) -> None:
    first = actions.take_seat(
        street.people["xiao_zhao"], role="worker", business_id=street.business.id, by=street.lao_wang, now=MONDAY
    )

    assert first.id == street.xiao_zhao.seat.id
    assert first.post == street.posts["production"].id
    assert street.trail_since(MONDAY) == []


def test_a_seat_without_a_chair_is_tied_to_one_later(street: Street) -> None:
    seat = actions.take_seat(
        street.people["stranger"], role="worker", business_id=street.business.id, by=street.lao_wang, now=MONDAY
    )

    tied = actions.assign_post(
        [(seat.id, street.posts["worker"].id), (street.xiao_zhao.seat.id, street.posts["worker"].id)],
        by=Actor.system("wiring"),
        now=MONDAY,
    )

    assert tied == 1
    seat.refresh_from_db()
    assert seat.post == street.posts["worker"].id
    assert Seat.objects.get(id=street.xiao_zhao.seat.id).post == street.posts["production"].id
    with pytest.raises(NotYours):
        actions.assign_post([(seat.id, street.posts["principal"].id)], by=street.stranger, now=MONDAY)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"role": "king", "place_code": STREET}, "unknown_role"),
        ({"role": "worker"}, "seat_incomplete"),
        ({"role": "street"}, "seat_incomplete"),
        ({"role": "industry", "place_code": DISTRICT}, "seat_incomplete"),
        ({"role": "street", "place_code": STREET, "line": "fire"}, "seat_incomplete"),
    ],
)
def test_half_a_seat_is_none(street: Street, facts: dict, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        actions.take_seat(street.people["stranger"], **facts, by=street.admin, now=MONDAY)

    assert street.trail_since(MONDAY) == []


def test_a_seat_of_an_unknown_body_or_person_is_refused(street: Street) -> None:
    with pytest.raises(NotFound, match="no_such_body"):
        actions.take_seat(street.people["stranger"], role="street", body_code="street:1", by=street.admin, now=MONDAY)
    with pytest.raises(NotFound, match="no_such_person"):
        actions.take_seat(NIL, role="street", body_code="street:110105001", by=street.admin, now=MONDAY)


def test_an_officers_seat_takes_its_place_from_the_body(street: Street) -> None:
    seat = actions.take_seat(
        street.people["stranger"], role="street", body_code="street:110105001", by=street.admin, now=MONDAY
    )

    assert (seat.place_code, seat.body_code) == (STREET, "street:110105001")


def test_xiao_zhao_leaves_and_his_rights_end_the_same_day(street: Street) -> None:
    seat = queries.seat(street.xiao_zhao.seat.id)

    actions.leave_seat(seat, by=street.xiao_zhao, now=MONDAY)
    actions.leave_seat(seat, by=street.xiao_zhao, now=MONDAY)

    assert queries.actor_of(street.xiao_zhao.person, door="test", on=ON).seats == ()
    assert queries.people_on([street.posts["production"].id], on=ON - timedelta(days=1)) != {}
    entries = street.trail_since(MONDAY)
    assert [(e.news, e.business_id) for e in entries] == [("accounts.SeatLeft", street.business.id)]
    assert entries[0].body == {
        "person": str(street.xiao_zhao.person),
        "role": "worker",
        "post": str(street.posts["production"].id),
    }


def test_a_seat_may_end_on_a_later_day(street: Street) -> None:
    seat = queries.seat(street.xiao_zhao.seat.id)

    actions.leave_seat(seat, until=date(2026, 11, 30), by=street.sister_liu, now=MONDAY)

    assert len(queries.seats_of(street.xiao_zhao.person, on=date(2026, 11, 29))) == 1
    assert queries.seats_of(street.xiao_zhao.person, on=date(2026, 11, 30)) == []
    with pytest.raises(Invalid, match="seat_ends_before_it_begins"):
        actions.leave_seat(
            queries.seat(street.lao_wang.seat.id), until=date(2025, 1, 1), by=street.lao_wang, now=MONDAY
        )


def test_a_boss_of_another_shop_ends_nobodys_seat(street: Street) -> None:
    seat = queries.seat(street.xiao_zhao.seat.id)

    with pytest.raises(NotYours):
        actions.leave_seat(seat, by=street.boss_qian, now=MONDAY)
    with pytest.raises(NotFound, match="no_such_seat"):
        queries.seat_for(street.boss_qian, seat.id)

    assert queries.seat(seat.id).until is None
    assert street.trail_since(MONDAY) == []


def test_lao_wang_hands_the_kitchen_over(street: Street) -> None:
    seat = queries.seat(street.xiao_zhao.seat.id)

    actions.hand_over(seat, to=street.people["stranger"], place_code=COMMUNITY, by=street.lao_wang, now=MONDAY)

    post = street.posts["production"].id
    assert [sitting.person for sitting in queries.people_on([post], on=ON)[post]] == [street.stranger.person]


def test_who_sits_where(street: Street, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    posts = [street.posts["production"].id, street.posts["business_line"].id]

    with django_assert_num_queries(1):
        found = queries.people_on(posts, on=ON)

    assert [(s.name, s.mobile, s.role, s.since) for s in found[posts[0]]] == [
        ("赵小明", "+8613800000002", "worker", date(2026, 1, 1))
    ]
    assert found[posts[1]] == []
    assert [seat.role for seat in queries.seats_on_business(street.business.id, ON)] == [
        "principal",
        "safety_manager",
        "worker",
    ]
    by_business = queries.people_of_businesses(
        [street.business.id, street.other_business.id], roles=["principal"], on=ON
    )
    assert [s.name for s in by_business[street.business.id]] == ["王建国"]
    assert [s.name for s in by_business[street.other_business.id]] == ["钱多多"]


def test_officers_over_a_place_come_nearest_first(street: Street) -> None:
    territory = queries.officers_over(COMMUNITY, on=ON)
    commerce = queries.officers_over(COMMUNITY, line="commerce", on=ON)

    assert [each.name for each in territory] == ["李敏", "张强", "孙丽"]
    assert [each.name for each in commerce] == ["陈静"]
    assert queries.officers_over(COMMUNITY, role="district", on=ON)[0].name == "张强"


def test_bodies_over_a_place_come_nearest_first(street: Street) -> None:
    assert [b.code for b in queries.bodies_over(COMMUNITY)] == ["street:110105001", "district:110105", "city:11"]
    assert [b.code for b in queries.bodies_over(COMMUNITY, line="fire")] == ["dept:fire:110105"]
    assert [b.code for b in queries.bodies_over(COMMUNITY, kind="city")] == ["city:11"]
    both = queries.bodies_over_many([COMMUNITY, ELSEWHERE])
    assert [b.code for b in both[ELSEWHERE]] == ["street:110108001", "city:11"]


def test_seats_within_an_officers_reach(street: Street) -> None:
    admins = queries.seats_for(street.admin, on=ON)
    chiefs = queries.seats_for(street.chief_zhang, on=ON)
    chens = queries.seats_for(street.ms_chen, on=ON)

    assert {seat.person.name for seat in admins} == {"李敏", "张强", "孙丽", "何平", "陈静", "管理员"}
    assert {seat.person.name for seat in chiefs} == {"李敏", "张强", "陈静"}
    assert {seat.person.name for seat in chens} == {"陈静"}
    assert list(queries.seats_for(street.lao_wang, on=ON)) == []
    assert [seat.person.name for seat in queries.seats_for(street.admin, text="13800000004", on=ON)] == ["李敏"]
    for odd in ("\0", "\ud800"):
        assert list(queries.seats_for(street.admin, text=odd, on=ON)) == []
        assert list(queries.seats_for(street.admin, place_code=odd, on=ON)) == []


def test_bodies_are_added_once_and_kept_up_to_date(street: Street) -> None:
    rows = [
        actions.NewBody(
            kind="street",
            name_zh="建外街道办事处",
            name_en="Jianwai Sub-district Office",
            place_code=STREET,
            phone="010-65080000",
        ),
        actions.NewBody(
            kind="department",
            name_zh="朝阳区教育委员会",
            name_en="Chaoyang Education Commission",
            place_code=DISTRICT,
            line="education",
        ),
    ]

    actions.add_bodies(rows, by=street.admin, now=MONDAY)
    actions.add_bodies(rows, by=street.admin, now=MONDAY)

    assert Body.objects.get(code="street:110105001").phone == "010-65080000"
    assert Body.objects.get(code="dept:education:110105").since == ON
    assert [(e.news, e.about) for e in street.trail_since(MONDAY)] == [
        ("accounts.BodyAdded", "accounts.body::dept:education:110105")
    ]
    with pytest.raises(NotYours, match="not_an_admin"):
        actions.add_bodies(rows, by=street.director_sun, now=MONDAY)
