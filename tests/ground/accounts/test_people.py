"""People come, change and are erased."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.contrib.auth.hashers import make_password

from qianan.ground.accounts import actions, identity, queries
from qianan.ground.accounts.models import Person, Seat, Token
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Invalid, InvalidMany, NotFound, NotYours
from tests.cast import MONDAY, PASSWORD, Street

ON = date(2026, 11, 2)
DOOR = Actor(person=None, door="kit")


def test_lao_wang_adds_a_cook_who_will_come_in_by_a_code(street: Street) -> None:
    cook = actions.add_person(name=" 小孙 ", mobile="139 1111 2222", by=street.lao_wang, now=MONDAY)

    assert (cook.login, cook.mobile, cook.name) == ("+8613911112222", "+8613911112222", "小孙")
    assert not cook.has_usable_password()
    assert [(e.news, e.about, e.body) for e in street.trail_since(MONDAY)] == [
        ("accounts.PersonAdded", f"accounts.person::{cook.id}", {})
    ]


def test_lao_wang_gives_nobody_a_password(street: Street) -> None:
    with pytest.raises(NotYours, match="password_is_theirs"):
        actions.add_person(name="小孙", login="xiao_sun", password="soup-of-the-day", by=street.lao_wang, now=MONDAY)

    assert not Person.objects.filter(name="小孙").exists()
    assert street.trail_since(MONDAY) == []


@pytest.mark.parametrize("who", ["xiao_zhao", "stranger"])
def test_cooks_and_strangers_add_nobody(street: Street, who: str) -> None:
    with pytest.raises(NotYours, match="may_not_add_people"):
        actions.add_person(name="小孙", mobile="13911112222", by=street.actors[who], now=MONDAY)

    assert street.trail_since(MONDAY) == []


@pytest.mark.parametrize(
    "written",
    [
        "13800000000",
        "138 0000 0000",
        "+86 138-0000-0000",
        "008613800000000",
        "１３８００００００００",
        "lao_wang",
        "LAO_WANG",
    ],
)
def test_lao_wang_is_meant_however_he_is_written(street: Street, written: str) -> None:
    found = queries.find_person(written)

    assert found == street.people["lao_wang"]


@pytest.mark.parametrize(
    "written", ["", " ", "\0", "\ud800", "lao_wang\0", "老王", "1380000000", "x" * 5000, "'; DROP TABLE", "+", "٣"]
)
def test_nobody_is_meant_by_other_words(street: Street, written: str) -> None:
    assert queries.find_person(written) is None


def test_words_that_fit_two_people_mean_nobody(street: Street) -> None:
    """It cannot come about by our actions; a row loaded past them must not open another's door."""
    Person.objects.filter(login="stranger").update(login="+8613800000000", mobile=None)

    assert queries.find_person("13800000000") is None


@pytest.mark.parametrize(
    ("facts", "code", "where"),
    [
        ({"name": ""}, "missing", "name"),
        ({"name": "王" * 61}, "too_long", "name"),
        ({"name": "王" * 100_000}, "too_long", "name"),
        ({"name": "老\x00王"}, "control_characters", "name"),
        ({"name": "老\u202e王"}, "control_characters", "name"),
        ({"name": "老\ud800王"}, "control_characters", "name"),
        ({"mobile": "12"}, "not_a_mobile", "mobile"),
        ({"mobile": "010-65551234"}, "not_a_mobile", "mobile"),
        ({"login": "13900000001"}, "login_is_a_number", "login"),
        ({"login": "a b"}, "bad_login", "login"),
        ({"login": "<script>"}, "bad_login", "login"),
        ({"login": "x"}, "bad_login", "login"),
        ({"login": "lao_wang"}, "login_taken", "login"),
        ({"login": "Lao_Wang"}, "login_taken", "login"),
        ({"mobile": "13800000000"}, "mobile_taken", "mobile"),
        ({"email": "nobody"}, "not_an_email", "email"),
        ({"language": "tlh"}, "unknown_language", "language"),
        ({"password": "short"}, "weak_password", "password"),
        ({"password": "a-long-\ud800-evening"}, "control_characters", "password"),
        ({"password": "xiao_sun_2026"}, "weak_password", "password"),
        ({"password": "p" * 100_000}, "too_long", "password"),
    ],
)
def test_wrong_facts_are_named_and_nothing_is_kept(street: Street, facts: dict, code: str, where: str) -> None:
    before = Person.objects.count()

    with pytest.raises(Invalid) as refused:
        actions.add_person(**({"name": "小孙", "login": "xiao_sun"} | facts), by=street.admin, now=MONDAY)

    assert (refused.value.code, refused.value.where) == (code, where)
    assert Person.objects.count() == before
    assert street.trail_since(MONDAY) == []


def test_a_list_of_people_is_added_whole_or_not_at_all(street: Street) -> None:
    rows = [
        actions.NewPerson(name="甲", mobile="13911110001"),
        actions.NewPerson(name="乙", mobile="13911110001"),
        actions.NewPerson(name="丙", login="lao_wang"),
        actions.NewPerson(name="丁", login="ding_ding"),
    ]

    with pytest.raises(InvalidMany) as refused:
        actions.add_people(rows, by=street.admin, now=MONDAY)

    assert [(p.code, p.where) for p in refused.value.problems] == [
        ("mobile_taken", "0.mobile"),
        ("mobile_taken", "1.mobile"),
        ("login_taken", "2.login"),
    ]
    assert street.trail_since(MONDAY) == []


def test_a_thousand_people_are_planted_with_one_hash(street: Street, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    ready = make_password(PASSWORD)
    rows = [
        actions.NewPerson(name=f"人{n}", login=f"planted_{n}", mobile=f"+86139{n:08}", password_hash=ready)
        for n in range(1000)
    ]

    with django_assert_max_num_queries(30):
        people = actions.add_people(rows, by=Actor.system("plant"), now=MONDAY)

    assert [person.login for person in people[:2]] == ["planted_0", "planted_1"]
    assert Person.objects.get(login="planted_999").check_password(PASSWORD)


def test_signing_up_with_a_known_number_gives_that_account_unchanged(street: Street) -> None:
    found = actions.sign_up(mobile="138 0000 0000", name="强盗", by=DOOR, now=MONDAY)

    assert found == street.people["lao_wang"]
    assert Person.objects.get(id=found.id).name == "王建国"
    assert street.trail_since(MONDAY) == []


def test_a_newcomer_signs_up_without_a_password(street: Street) -> None:
    found = actions.sign_up(mobile="13911112222", name="新店主", by=DOOR, now=MONDAY)

    assert (found.login, found.name, found.has_usable_password()) == ("+8613911112222", "新店主", False)
    assert [(e.news, e.by) for e in street.trail_since(MONDAY)] == [("accounts.PersonAdded", "system:kit")]


def test_a_profile_is_ones_own(street: Street) -> None:
    wang = street.people["lao_wang"]

    actions.set_profile(
        wang,
        name="王建国（老王）",
        language="en",
        quiet_from=time(21),
        quiet_until=time(7),
        by=street.lao_wang,
        now=MONDAY,
    )
    with pytest.raises(NotYours, match="not_your_account"):
        actions.set_profile(wang, name="假", by=street.boss_qian, now=MONDAY)

    wang.refresh_from_db()
    assert (wang.name, wang.language, wang.quiet_from) == ("王建国（老王）", "en", time(21))
    assert [e.body for e in street.trail_since(MONDAY)] == [
        {"fields": ["language", "name", "quiet_from", "quiet_until"]}
    ]


def test_a_profile_that_stays_as_it_was_is_no_news(street: Street) -> None:
    actions.set_profile(street.people["lao_wang"], name="王建国", by=street.lao_wang, now=MONDAY)

    assert street.trail_since(MONDAY) == []


def test_nobody_takes_a_number_without_proving_it(street: Street) -> None:
    with pytest.raises(NotYours, match="prove_the_number"):
        actions.set_profile(street.people["stranger"], mobile="13911112222", by=street.stranger, now=MONDAY)


def test_nobody_takes_anothers_login(street: Street) -> None:
    with pytest.raises(Invalid, match="login_taken"):
        actions.set_profile(street.people["stranger"], login="lao_wang", by=street.stranger, now=MONDAY)
    with pytest.raises(Invalid, match="login_is_a_number"):
        actions.set_profile(street.people["stranger"], login="13800000000", by=street.stranger, now=MONDAY)


def test_a_password_is_ones_own_and_strong(street: Street) -> None:
    wang = street.people["lao_wang"]

    with pytest.raises(Invalid, match="weak_password"):
        actions.set_password(wang, "password12", by=street.lao_wang, now=MONDAY)
    with pytest.raises(NotYours):
        actions.set_password(wang, "a-long-evening-meal", by=street.sister_liu, now=MONDAY)
    actions.set_password(wang, "a-long-evening-meal", by=street.lao_wang, now=MONDAY)

    assert Person.objects.get(id=wang.id).check_password("a-long-evening-meal")


def test_erasing_takes_name_and_number_and_keeps_the_row(street: Street) -> None:
    zhao = street.people["xiao_zhao"]
    token, secret = actions.make_token(zhao, label="脚本", by=street.xiao_zhao, now=MONDAY)
    later = MONDAY + timedelta(hours=1)

    actions.erase_person(zhao, by=street.xiao_zhao, now=later)
    actions.erase_person(zhao, by=street.admin, now=later)

    zhao = Person.objects.get(id=zhao.id)
    assert (zhao.name, zhao.mobile, zhao.email, zhao.login) == ("", None, "", f"erased:{zhao.id}")
    assert (zhao.is_active, zhao.erased_at, zhao.has_usable_password()) == (False, later, False)
    assert queries.names_of_people([zhao.id]) == {zhao.id: "—"}
    assert queries.find_person("xiao_zhao") is None
    assert queries.person_by_token(secret, now=later) is None
    assert Token.objects.get(id=token.id).revoked_at == later
    assert Seat.objects.get(person=zhao).until == ON
    assert queries.people_on([street.posts["production"].id], on=ON) == {street.posts["production"].id: []}
    with pytest.raises(NotFound, match="no_such_person"):
        queries.actor_of(zhao.id, door="phone", on=ON)
    assert sorted(e.news for e in street.trail_since(later)) == ["accounts.PersonErased", "accounts.SeatLeft"]
    assert all(word not in str(e.body) for e in street.trail_since(MONDAY) for word in ("赵小明", "13800000002"))


def test_nobody_erases_somebody_else(street: Street) -> None:
    with pytest.raises(NotYours, match="not_your_account"):
        actions.erase_person(street.people["xiao_zhao"], by=street.lao_wang, now=MONDAY)

    assert street.trail_since(MONDAY) == []


def test_a_number_of_an_erased_person_is_free_again(street: Street) -> None:
    actions.erase_person(street.people["xiao_zhao"], by=street.admin, now=MONDAY)

    again = actions.sign_up(mobile="13800000002", name="新人", by=DOOR, now=MONDAY)

    assert again.id != street.people["xiao_zhao"].id


@pytest.mark.parametrize(
    ("address", "shown"),
    [("+8613800000001", "+86138****0001"), ("li@example.cn", "l***@example.cn"), ("", ""), ("12345", "****")],
)
def test_addresses_are_masked(address: str, shown: str) -> None:
    assert identity.masked(address) == shown


def test_an_actor_is_made_in_one_query(street: Street, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        actor = queries.actor_of(street.lao_wang.person, door="test", on=ON)

    assert actor == street.lao_wang
    assert actor.name == "王建国"


def test_a_person_without_a_seat_is_still_somebody(street: Street) -> None:
    assert queries.actor_of(street.stranger.person, door="test", on=ON) == street.stranger


def test_a_person_changes_between_seats_without_signing_in_again(street: Street) -> None:
    second = actions.take_seat(
        street.people["lao_wang"],
        role="principal",
        business_id=street.other_business.id,
        by=Actor.system("setup"),
        now=MONDAY,
    )

    first = queries.actor_of(street.lao_wang.person, door="test", on=ON)
    chosen = queries.actor_of(street.lao_wang.person, door="test", on=ON, seat_id=second.id)

    assert first.seat == street.lao_wang.seat
    assert chosen.seat is not None
    assert chosen.seat.business == street.other_business.id
    assert {seat.business for seat in chosen.seats} == {street.business.id, street.other_business.id}
    assert queries.choose_seat(first, second.id) == replace(chosen)
    with pytest.raises(NotFound, match="no_such_seat"):
        queries.choose_seat(first, street.boss_qian.seat.id)


def test_a_session_that_remembers_a_lost_seat_falls_back(street: Street) -> None:
    actor = queries.actor_of(street.lao_wang.person, door="test", on=ON, seat_id=street.boss_qian.seat.id)

    assert actor.seat == street.lao_wang.seat
