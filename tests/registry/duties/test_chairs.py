"""Chairs: set up once, renamed, taken, handed over; who answers when one stands empty."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianan.ground.accounts.models import Seat
from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.problems import Conflict, Invalid, NotFound, NotYours
from qianan.registry.duties import queries
from qianan.registry.duties.actions import (
    NewPost,
    assign,
    end_post,
    equip_bodies,
    equip_businesses,
    hand_over,
    make_posts,
    rename,
)
from qianan.registry.duties.models import Duty, Post
from tests.cast import FIRST, MONDAY, Street
from tests.registry.duties.test_ladder import a_duty, leave

DAY = timedelta(days=1)
TODAY = MONDAY.date()


def a_post(street: Street, **more: object) -> Post:
    new = NewPost(**{"business_id": street.business.id, "kind": "production", "title_zh": "面点班长", **more})
    return make_posts([new], by=street.lao_wang, now=MONDAY)[0]


def test_equipping_twice_equips_once(street: Street) -> None:
    shop, since = uuid7(MONDAY), FIRST
    made = equip_businesses([(shop, since), (street.business.id, since)], by=street.admin, now=MONDAY)
    assert {post.business_id for post in made} == {shop}
    assert [post.id for post in made] == [queries.post_id(shop, post.kind) for post in made]

    assert equip_businesses([(shop, since)], by=street.admin, now=MONDAY + DAY) == []
    assert equip_bodies([("street:110105001", since)], by=street.admin, now=MONDAY + DAY) == []
    offices = equip_bodies([("street:110105002", since)], by=street.admin, now=MONDAY)

    assert [(post.business_id, post.kind) for post in offices] == [(NIL, "head"), (NIL, "inspector")]
    assert street.trail_since(MONDAY + DAY) == []


def test_a_business_names_its_chairs_in_its_own_words(street: Street) -> None:
    post = a_post(street)
    assert (post.title_zh, post.title_en, post.position) == ("面点班长", "面点班长", 3)

    rename(post, title_zh="面点主管", title_en="Pastry lead", by=street.sister_liu, now=MONDAY + DAY)

    post.refresh_from_db()
    assert (post.title_zh, post.title_en) == ("面点主管", "Pastry lead")
    assert "面点" not in str([entry.body for entry in street.trail_since(MONDAY)])


def test_only_the_managers_keep_the_chairs(street: Street) -> None:
    post = street.posts["worker"]
    for who in ("xiao_zhao", "officer_li", "boss_qian", "stranger"):
        actor = street.actors[who]
        with pytest.raises(NotYours, match="not_your_business"):
            rename(post, title_zh="我的", by=actor, now=MONDAY + DAY)
        with pytest.raises(NotYours, match="not_your_business"):
            make_posts([NewPost(street.business.id, "worker", "我的")], by=actor, now=MONDAY + DAY)
        with pytest.raises(NotYours, match="not_your_business"):
            hand_over(post, to_post=street.posts["production"].id, by=actor, now=MONDAY + DAY)
    for title in ("", "  ", "长" * 61):
        with pytest.raises(Invalid):
            rename(post, title_zh=title, by=street.lao_wang, now=MONDAY + DAY)
    with pytest.raises(Invalid, match="unknown_kind"):
        a_post(street, kind="head")

    assert street.trail_since(MONDAY + DAY) == []


def test_somebody_is_put_to_another_chair_from_today(street: Street) -> None:
    seat = Seat.objects.get(person=street.people["xiao_zhao"])

    new = assign(seat, to_post=street.posts["business_line"].id, by=street.lao_wang, now=MONDAY + DAY)

    assert (new.post, new.since) == (street.posts["business_line"].id, (MONDAY + DAY).date())
    seat.refresh_from_db()
    assert seat.until == (MONDAY + DAY).date()
    with pytest.raises(Conflict, match="same_post"):
        assign(new, to_post=street.posts["business_line"].id, by=street.lao_wang, now=MONDAY + DAY)
    with pytest.raises(Invalid, match="no_such_post"):
        assign(new, to_post=street.posts["other/worker"].id, by=street.lao_wang, now=MONDAY + DAY)


def test_what_a_chair_owes_is_handed_over_whole(street: Street) -> None:
    first, second = a_duty(street), a_duty(street)

    moved = hand_over(
        street.posts["production"], to_post=street.posts["worker"].id, by=street.lao_wang, now=MONDAY + DAY
    )

    assert sorted(duty.id for duty in moved) == sorted([first.id, second.id])
    assert set(Duty.objects.values_list("owner_post", flat=True)) == {street.posts["worker"].id}
    assert [entry.news for entry in street.trail_since(MONDAY + DAY)] == ["duties.DutyReassigned"] * 2
    with pytest.raises(Conflict, match="same_post"):
        hand_over(street.posts["worker"], to_post=street.posts["worker"].id, by=street.lao_wang, now=MONDAY)
    with pytest.raises(Invalid, match="no_such_post"):
        hand_over(street.posts["worker"], to_post=street.posts["other/worker"].id, by=street.lao_wang, now=MONDAY)


def test_a_chair_taken_away_leaves_nothing_behind(street: Street) -> None:
    post = a_post(street)
    duty = a_duty(street)
    Duty.objects.filter(id=duty.id).update(owner_post=post.id)

    end_post(post, to_post=street.posts["production"].id, by=street.lao_wang, now=MONDAY + DAY)

    duty.refresh_from_db()
    assert duty.owner_post == street.posts["production"].id
    assert post.id not in {view.id for view in queries.posts_of(street.business.id, on=(MONDAY + DAY).date())}
    with pytest.raises(Conflict, match="last_of_its_kind"):
        end_post(street.posts["production"], to_post=street.posts["worker"].id, by=street.lao_wang, now=MONDAY)


def test_a_vacant_chair_falls_upward_then_to_the_street_then_to_the_district(street: Street) -> None:
    chair = street.posts["production"].id

    def answering() -> list[str]:
        return [each.name for each in queries.who([chair], on=TODAY)[chair].answering]

    assert answering() == ["赵小明"]
    leave(street, "xiao_zhao")
    assert answering() == ["刘芳"]
    leave(street, "sister_liu", "lao_wang")
    assert answering() == ["李敏"]
    leave(street, "officer_li")
    assert answering() == ["张强"]
    leave(street, "chief_zhang", "director_sun")
    assert answering() == []
    found = queries.who([chair], on=TODAY)[chair]
    assert (found.vacant, found.vacant_since, found.falls_to) == (True, TODAY, None)
    assert queries.resolve(chair, on=TODAY) is None


def test_a_bureau_without_people_falls_to_the_territory(street: Street) -> None:
    chair = street.posts["dept:fire:110105/head"].id

    heir = queries.resolve(chair, on=TODAY)

    assert heir is not None
    assert heir.id == street.posts["district:110105/head"].id
    assert queries.who([chair], on=TODAY)[chair].vacant_since == FIRST


@pytest.mark.parametrize("extra", [0, 25])
def test_who_costs_the_same_for_one_and_for_many(street: Street, extra: int) -> None:
    posts = [a_post(street, title_zh=f"岗位{n}").id for n in range(extra)]
    with CaptureQueriesContext(connection) as counted:
        found = queries.who([street.posts["worker"].id, street.posts["production"].id, *posts], on=TODAY)

    assert len(found) == extra + 2
    assert len(counted) == 4


def test_titles_of_offices_carry_the_offices_name(street: Street) -> None:
    head, cook = street.posts["street:110105001/head"].id, street.posts["production"].id

    names = queries.names_of_posts([head, cook])

    assert (names[head].zh, names[head].en) == ("建外街道办事处负责人", "Jianwai Sub-district Office, head")
    assert (names[cook].zh, names[cook].en) == ("后厨班长", "Kitchen lead")


def test_the_three_musts_by_name_with_dates_and_vacancies(street: Street) -> None:
    leave(street, "xiao_zhao")

    musts = queries.three_musts(street.business, TODAY)

    assert [(each.name_zh, each.since, [one.name for one in each.people]) for each in musts.territory] == [
        ("建外街道办事处", FIRST, ["李敏"])
    ]
    assert [(each.name_zh, [one.name for one in each.people]) for each in musts.industry] == [
        ("朝阳区商务局", ["陈静"])
    ]
    assert [[one.name for one in each.people] for each in (*musts.principal, *musts.safety_manager)] == [
        ["王建国"],
        ["刘芳"],
    ]
    inside = [(each.post.kind, each.vacant, each.falls_to and each.falls_to.kind) for each in musts.vacancies]
    assert inside == [
        ("business_line", True, "safety_manager"),
        ("production", True, "safety_manager"),
        ("worker", True, "safety_manager"),
    ]
    assert not musts.unassigned
    assert queries.three_musts(street.other_business, TODAY).unassigned


def test_a_chair_is_found_for_those_who_see_the_business(street: Street) -> None:
    post = street.posts["worker"]

    assert queries.post_for(street.officer_li, post.business_id, post.id) == post
    with pytest.raises(NotFound):
        queries.post_for(street.officer_he, post.business_id, post.id)
    with pytest.raises(NotFound, match="no_such_post"):
        queries.post_for(street.lao_wang, post.business_id, street.posts["other/worker"].id)
