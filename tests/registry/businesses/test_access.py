"""Who sees, manages and oversees whom: a list never shows more than a page."""

import pytest
from django.db.models import Q

from qianan.kernel.actor import Actor, SeatView
from qianan.kernel.ids import uuid7
from qianan.registry.businesses import access
from qianan.registry.businesses.models import Business, Oversight, Site, Tenancy
from tests.cast import DISTRICT, FIRST, MONDAY, Street

#               sees noodles, manages, oversees | sees teahouse, manages, oversees
TRUTH = {
    "lao_wang": (True, True, False, False, False, False),
    "sister_liu": (True, True, False, False, False, False),
    "xiao_zhao": (True, False, False, False, False, False),
    "boss_qian": (False, False, False, True, True, False),
    "officer_li": (True, False, True, False, False, False),
    "chief_zhang": (True, False, True, False, False, False),
    "director_sun": (True, False, True, True, False, True),
    "officer_he": (False, False, False, True, False, True),
    "ms_chen": (True, False, True, False, False, False),
    "stranger": (False, False, False, False, False, False),
    "admin": (True, False, False, True, False, False),
}


@pytest.mark.parametrize("name", TRUTH)
def test_everybody_sees_what_is_theirs(street: Street, name: str) -> None:
    actor = street.actors[name]
    ours, theirs = street.business, street.other_business

    found = tuple(
        may(actor, business)
        for business in (ours, theirs)
        for may in (access.can_see, access.can_manage, access.can_oversee)
    )

    assert found == TRUTH[name]
    wanted = {business.id for business, sees in ((ours, found[0]), (theirs, found[3])) if sees}
    assert set(access.visible_to(actor).values_list("id", flat=True)) == wanted


@pytest.mark.parametrize("name", TRUTH)
def test_the_rows_of_any_table_follow_the_business(street: Street, name: str) -> None:
    actor = street.actors[name]

    sites = Site.objects.filter(access.scope_q(actor, line=""))
    rows = Oversight.objects.filter(access.scope_q(actor, place="body_code", line="line"))

    seen = set(access.visible_to(actor).values_list("id", flat=True))
    assert {site.business_id for site in sites} == seen
    if name in {"lao_wang", "xiao_zhao", "boss_qian", "stranger"}:
        assert {row.business_id for row in rows} == seen


def test_the_house_sees_everything(street: Street) -> None:
    assert access.scope_q(Actor.system("clock")) == Q()
    assert access.visible_to(Actor.system("clock")).count() == 2


def test_a_forged_system_without_a_known_door_sees_nothing(street: Street) -> None:
    assert access.visible_to(Actor(person=None, door="api")).count() == 0


def seat_of_a_line(line: str, role: str = "industry", place: str = DISTRICT) -> Actor:
    seat = SeatView(id=uuid7(MONDAY), role=role, place_code=place, line=line, body_code=f"dept:{line}:{place}")
    return Actor(person=uuid7(MONDAY), seats=(seat,), seat=seat, door="test")


def test_a_department_sees_the_businesses_of_its_line_and_those_it_was_assigned(street: Street) -> None:
    fire = seat_of_a_line("fire")
    assert not access.can_see(fire, street.business)

    Oversight.objects.create(
        business_id=street.business.id,
        duty_type="special",
        body_code="dept:fire:110105",
        line="fire",
        basis="区政府专项整治方案",
        since=FIRST,
    )

    assert access.can_see(fire, street.business)
    assert access.can_oversee(fire, street.business)
    assert list(access.visible_to(fire)) == [street.business]
    assert list(Site.objects.filter(access.scope_q(fire, line=""))) == [street.site]


def test_an_assignment_that_ended_shows_nothing_any_more(street: Street) -> None:
    fire = seat_of_a_line("fire")
    Oversight.objects.create(
        business_id=street.business.id,
        duty_type="special",
        body_code="dept:fire:110105",
        line="fire",
        basis="已结束",
        since=FIRST,
        until=FIRST,
    )

    assert not access.can_see(fire, street.business)
    assert list(access.visible_to(fire)) == []


def test_a_department_of_another_district_does_not_see_its_line_here(street: Street) -> None:
    elsewhere = seat_of_a_line("commerce", place="110108")

    assert list(access.visible_to(elsewhere)) == [street.other_business]
    assert not access.can_see(elsewhere, street.business)


def test_an_industry_seat_without_a_line_sees_nothing(street: Street) -> None:
    nobody = seat_of_a_line("")

    assert list(access.visible_to(nobody)) == []
    assert not access.can_see(nobody, street.business)


def test_a_street_officer_of_one_line_sees_only_that_line(street: Street) -> None:
    gas = seat_of_a_line("urban", role="street")
    commerce = seat_of_a_line("commerce", role="street")

    assert list(access.visible_to(gas)) == []
    assert list(access.visible_to(commerce)) == [street.business]
    assert not access.can_register(commerce, street.business.place_code)


def test_a_landlord_reads_its_tenants_and_manages_nothing_there(street: Street) -> None:
    Tenancy.objects.create(business_id=street.business.id, landlord=street.other_business.id, since=FIRST)

    assert access.can_see(street.boss_qian, street.business)
    assert not access.can_manage(street.boss_qian, street.business)
    assert not access.can_oversee(street.boss_qian, street.business)
    assert not access.can_see(street.lao_wang, street.other_business)
    assert set(access.visible_to(street.boss_qian)) == {street.business, street.other_business}
    assert list(Site.objects.filter(access.scope_q(street.boss_qian, line="", tenants=False))) == [street.other_site]


def test_a_landlords_cook_does_not_see_the_tenants(street: Street) -> None:
    Tenancy.objects.create(business_id=street.other_business.id, landlord=street.business.id, since=FIRST)

    assert not access.can_see(street.xiao_zhao, street.other_business)
    assert access.can_see(street.lao_wang, street.other_business)


@pytest.mark.parametrize(
    ("name", "registers", "assigns", "decides"),
    [
        ("officer_li", True, False, True),
        ("officer_he", False, False, False),
        ("chief_zhang", True, True, True),
        ("director_sun", True, True, False),
        ("ms_chen", False, False, False),
        ("admin", True, False, False),
        ("lao_wang", False, False, False),
        ("stranger", False, False, False),
    ],
)
def test_who_keeps_the_registry(street: Street, name: str, registers: bool, assigns: bool, decides: bool) -> None:
    actor, place = street.actors[name], street.business.place_code

    assert (
        access.can_register(actor, place),
        access.can_assign(actor, street.business),
        access.can_decide_claims(actor, place),
    ) == (registers, assigns, decides)


def test_sight_costs_one_statement(street: Street, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        list(access.visible_to(street.boss_qian))
    with django_assert_num_queries(0):  # type: ignore[operator]
        access.can_see(street.officer_li, street.business)
        access.can_oversee(street.ms_chen, street.business)
    assert Business.objects.count() == 2
