"""Who acts, by which seat."""

import uuid

from qianan.kernel.actor import ADMIN_ROLES, BUSINESS_ROLES, OFFICER_ROLES, Actor, SeatView
from qianan.kernel.ids import NIL

SHOP, CAFE, WANG, CHAIR = (uuid.UUID(int=each) for each in range(1, 5))


def seat(role: str, **more: object) -> SeatView:
    return SeatView(id=uuid.uuid4(), role=role, **more)  # type: ignore[arg-type]


def test_an_officer_covers_what_lies_within_and_a_cook_covers_nothing() -> None:
    street = seat("street", place_code="110105001")

    assert street.covers("110105001")
    assert street.covers("110105001003")
    assert not street.covers("110105002")
    assert not street.covers("110105")
    assert seat("city", place_code="11").covers("110105001")
    assert not seat("principal", business=SHOP).covers("")


def test_the_strongest_seat_in_a_business_counts() -> None:
    worker, principal = seat("worker", business=SHOP), seat("principal", business=SHOP, post=CHAIR)
    wang = Actor(person=WANG, seats=(worker, principal, seat("worker", business=CAFE)), seat=worker)

    assert wang.at(SHOP) == principal
    assert wang.at(CAFE).role == "worker"
    assert wang.at(NIL) is None
    assert wang.roles_at(SHOP) == {"worker", "principal"}
    assert wang.posts() == {CHAIR}
    assert wang.officer_seats() == ()


def test_an_officers_seat_is_not_a_seat_in_a_business() -> None:
    li = Actor(person=WANG, seats=(seat("street", place_code="110105001"),))

    assert li.at(NIL) is None
    assert len(li.officer_seats()) == 1
    assert li.officer_seats({"district"}) == ()


def test_the_trail_gets_refs_and_never_a_name() -> None:
    wang = Actor(person=WANG, seats=(), name="王建国")

    assert wang.ref == f"accounts.person::{WANG}"
    assert wang.seat_ref == ""
    assert "王" not in wang.ref
    assert Actor.system().ref == "system:clock"


def test_the_house_itself_acts_only_by_its_own_doors() -> None:
    assert Actor.system("plant").is_system
    assert not Actor(person=None, door="api").is_system
    assert not Actor(person=WANG, door="clock").is_system


def test_an_administrator_is_known_by_the_seat() -> None:
    assert Actor(person=WANG, seats=(seat("admin", place_code="11"),)).is_admin
    assert not Actor(person=WANG, seats=(seat("city", place_code="11"),)).is_admin


def test_no_role_is_of_two_kinds() -> None:
    assert not BUSINESS_ROLES & OFFICER_ROLES
    assert not (BUSINESS_ROLES | OFFICER_ROLES) & ADMIN_ROLES
