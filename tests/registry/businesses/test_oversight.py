"""三管三必须: who answers from outside, and the queue of those for whom nobody does."""

from datetime import date, timedelta
from typing import Any

import pytest

from qianan.kernel.problems import Invalid, NotFound, NotNow, NotYours
from qianan.registry.businesses import queries
from qianan.registry.businesses.actions import assign_oversight, end_oversight, register_business, set_tier
from qianan.registry.businesses.models import Business, Oversight, Site
from tests.cast import MONDAY, Street
from tests.registry.businesses.shops import a_shop

TODAY = date(2026, 11, 2)


def a_new_trade(street: Street) -> Business:
    """A script-murder parlour: no trade of the table, so nobody answers for it yet."""
    return register_business(
        a_shop(7, name_zh="迷雾剧本馆", industry="", venue="common"), by=street.officer_li, now=MONDAY
    )


def assigned(street: Street, shop: Business, **more: Any) -> Oversight:
    given: dict[str, Any] = {
        "duty_type": "industry",
        "body_code": "dept:commerce:110105",
        "basis": "区政府专题会议纪要 2026-17",
        "by": street.chief_zhang,
        "now": MONDAY + timedelta(days=1),
    }
    return assign_oversight(shop, **(given | more))


def test_it_stands_in_the_queue_of_everybody_above_it(street: Street) -> None:
    shop = a_new_trade(street)

    for name in ("officer_li", "chief_zhang", "director_sun"):
        assert list(queries.unassigned_for(street.actors[name])) == [shop]
    assert list(queries.unassigned_for(street.ms_chen)) == []
    assert list(queries.unassigned_for(street.officer_he)) == []


def test_the_district_assigns_a_department_on_a_recorded_ground(street: Street) -> None:
    shop = a_new_trade(street)

    row = assigned(street, shop)

    assert (row.line, row.basis, row.since) == ("commerce", "区政府专题会议纪要 2026-17", date(2026, 11, 3))
    shop.refresh_from_db()
    assert shop.line == "commerce"
    assert list(queries.unassigned_for(street.chief_zhang)) == []
    assert queries.business_for(street.ms_chen, shop.id) == shop
    entry = street.trail_since(MONDAY + timedelta(days=1))[0]
    assert (entry.news, entry.body) == (
        "businesses.OversightAssigned",
        {"duty_type": "industry", "body": "dept:commerce:110105", "basis": "区政府专题会议纪要 2026-17"},
    )


def test_assigning_twice_is_assigning_once(street: Street) -> None:
    shop = a_new_trade(street)

    assert assigned(street, shop).id == assigned(street, shop, basis="又一次").id
    assert Oversight.objects.filter(business_id=shop.id, duty_type="industry").count() == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"basis": " "}, "basis_needed"),
        ({"basis": "会" * 301}, "basis_needed"),
        ({"body_code": "dept:magic:110105"}, "unknown_body"),
        ({"duty_type": "friendly"}, "unknown_duty_type"),
        ({"body_code": "street:110105001"}, "line_needed"),
    ],
)
def test_what_is_missing_is_said(street: Street, more: dict[str, Any], code: str) -> None:
    shop = a_new_trade(street)

    with pytest.raises(Invalid) as refused:
        assigned(street, shop, **more)

    assert refused.value.code == code
    assert not Oversight.objects.filter(business_id=shop.id, duty_type="industry").exists()


@pytest.mark.parametrize("name", ["officer_li", "ms_chen", "lao_wang", "officer_he", "admin"])
def test_others_assign_nobody(street: Street, name: str) -> None:
    shop = a_new_trade(street)

    with pytest.raises(NotYours):
        assigned(street, shop, by=street.actors[name])

    shop.refresh_from_db()
    assert shop.line == ""


def test_when_the_department_steps_back_the_business_stands_in_the_queue_again(street: Street) -> None:
    shop = a_new_trade(street)
    assigned(street, shop)
    later = MONDAY + timedelta(days=9)

    end_oversight(shop, duty_type="industry", body_code="dept:commerce:110105", by=street.chief_zhang, now=later)

    assert list(queries.unassigned_for(street.chief_zhang)) == [shop]
    assert Oversight.objects.get(business_id=shop.id, duty_type="industry").until == date(2026, 11, 11)
    with pytest.raises(NotFound):
        end_oversight(shop, duty_type="industry", body_code="dept:commerce:110105", by=street.chief_zhang, now=later)
    assigned(street, shop, now=later)
    assert Oversight.objects.filter(business_id=shop.id, duty_type="industry", until=None).count() == 1


def test_the_street_cannot_step_back(street: Street) -> None:
    with pytest.raises(NotNow) as refused:
        end_oversight(
            street.business, duty_type="territory", body_code="street:110105001", by=street.chief_zhang, now=MONDAY
        )

    assert refused.value.code == "territory_stays"


def test_the_three_musts_by_name_with_dates(street: Street) -> None:
    shop = register_business(a_shop(7), by=street.officer_li, now=MONDAY)
    assigned(street, shop, duty_type="special", body_code="dept:fire:110105", basis="燃气专项整治")

    musts = queries.three_musts(shop.id, on=TODAY + timedelta(days=1))

    (territory,) = musts.territory
    assert (territory.name_zh, territory.since) == ("建外街道办事处", TODAY)
    assert [(person.name, person.role) for person in territory.people] == [("李敏", "street")]
    assert "第9条" in territory.basis_zh
    assert "art. 9" in territory.basis_en
    assert territory.verified
    (industry,) = musts.industry
    assert (industry.name_en, [person.name for person in industry.people]) == ("Chaoyang Commerce Bureau", ["陈静"])
    assert industry.basis_zh == "按业务相近原则拟定,待官方职责分工替换"
    assert not industry.verified
    (comprehensive,) = musts.comprehensive
    assert [person.name for person in comprehensive.people] == ["张强"]
    (special,) = musts.special
    assert (special.name_zh, special.people, special.basis_en) == ("朝阳区消防救援支队", (), "燃气专项整治")


def test_yesterdays_musts_are_yesterdays(street: Street) -> None:
    shop = register_business(a_shop(7), by=street.officer_li, now=MONDAY)

    assert queries.three_musts(shop.id, on=TODAY - timedelta(days=1)) == queries.ThreeMusts((), (), (), ())


def test_an_office_that_is_not_set_up_is_named_by_its_code(street: Street) -> None:
    shop = register_business(a_shop(7, place_code="110105002"), by=street.chief_zhang, now=MONDAY)

    (territory,) = queries.three_musts(shop.id, on=TODAY).territory
    assert (territory.body, territory.name_zh, territory.people) == (None, "street:110105002", ())


def test_the_district_sets_a_tier_with_a_reason(street: Street) -> None:
    set_tier(street.business, tier="district_key", reason="地下空间,使用液化气", by=street.chief_zhang, now=MONDAY)

    assert Business.objects.get(id=street.business.id).tier == "district_key"
    assert Site.objects.get(id=street.site.id).tier == "district_key"
    assert [(e.news, e.body["was"], e.body["now"]) for e in street.trail_since(MONDAY)] == [
        ("businesses.TierSet", "general", "district_key")
    ]


@pytest.mark.parametrize(("tier", "reason", "code"), [("vip", "好", "unknown_tier"), ("general", "", "reason_needed")])
def test_a_tier_needs_a_name_and_a_reason(street: Street, tier: str, reason: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_tier(street.business, tier=tier, reason=reason, by=street.chief_zhang, now=MONDAY)

    assert refused.value.code == code
    assert street.trail_since(MONDAY) == []
