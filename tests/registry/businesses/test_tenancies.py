"""Who works in whose premises; the landlord sees its tenants because the tenant or an officer said so."""

from datetime import date, timedelta

import pytest

from qianan.kernel.problems import Conflict, Invalid, NotNow, NotYours
from qianan.registry.businesses import access, queries
from qianan.registry.businesses.actions import end_tenancy, record_tenancy
from qianan.registry.businesses.models import Business, Tenancy
from tests.cast import MONDAY, Street

TODAY = date(2026, 11, 2)


def rented(street: Street, **more: object) -> Tenancy:
    given: dict[str, object] = {
        "landlord": street.other_business,
        "role": "market",
        "by": street.lao_wang,
        "now": MONDAY,
    }
    return record_tenancy(street.business, **(given | more))  # type: ignore[arg-type]


def test_lao_wang_says_in_whose_market_he_works(street: Street) -> None:
    tenancy = rented(street)

    assert (tenancy.role, tenancy.since) == ("market", TODAY)
    assert Business.objects.get(id=street.other_business.id).is_landlord
    assert list(queries.tenants_of(street.boss_qian, street.other_business.id)) == [street.business]
    assert queries.landlords_of(street.business.id, on=TODAY) == [(tenancy, street.other_business)]
    assert list(queries.tenancies_of(street.other_business.id, on=TODAY)) == [tenancy]
    assert [(e.news, e.body) for e in street.trail_since(MONDAY)] == [
        ("businesses.TenancyRecorded", {"landlord": str(street.other_business.id), "role": "market"})
    ]


def test_saying_it_twice_is_saying_it_once(street: Street) -> None:
    assert rented(street).id == rented(street, now=MONDAY + timedelta(days=3)).id
    assert Tenancy.objects.count() == 1


@pytest.mark.parametrize("name", ["boss_qian", "xiao_zhao", "officer_he", "stranger"])
def test_a_landlord_does_not_help_itself_to_tenants(street: Street, name: str) -> None:
    with pytest.raises(NotYours):
        rented(street, by=street.actors[name])

    assert not access.can_see(street.boss_qian, street.business)
    assert street.trail_since(MONDAY) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [({"role": "uncle"}, "unknown_tenancy_role"), ({"since": TODAY + timedelta(days=1)}, "bad_since")],
)
def test_wrong_words_are_refused(street: Street, more: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        rented(street, **more)

    assert refused.value.code == code


def test_nobody_rents_from_himself(street: Street) -> None:
    with pytest.raises(Invalid) as refused:
        rented(street, landlord=street.business)

    assert refused.value.code == "own_landlord"


def test_when_the_tenant_leaves_the_landlord_sees_nothing_more(street: Street) -> None:
    tenancy = rented(street)
    later = MONDAY + timedelta(days=40)

    end_tenancy(tenancy, by=street.boss_qian, now=later)

    assert not access.can_see(street.boss_qian, street.business)
    assert queries.landlords_of(street.business.id, on=TODAY) == [(tenancy, street.other_business)]
    assert queries.landlords_of(street.business.id, on=TODAY + timedelta(days=40)) == []
    with pytest.raises(NotNow):
        end_tenancy(tenancy, by=street.boss_qian, now=later)


def test_ended_and_begun_on_one_day_is_refused(street: Street) -> None:
    end_tenancy(rented(street), by=street.lao_wang, now=MONDAY)

    with pytest.raises(Conflict) as refused:
        rented(street)

    assert refused.value.code == "tenancy_ended_today"


@pytest.mark.parametrize("name", ["xiao_zhao", "officer_he", "stranger"])
def test_others_end_nothing(street: Street, name: str) -> None:
    tenancy = rented(street)

    with pytest.raises(NotYours):
        end_tenancy(tenancy, by=street.actors[name], now=MONDAY)

    assert Tenancy.objects.filter(until=None).count() == 1
