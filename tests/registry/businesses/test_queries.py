"""Finding businesses and sites, for an actor."""

from typing import Any

import pytest

from qianan.kernel.ids import uuid7
from qianan.kernel.problems import NotFound
from qianan.registry.businesses import queries
from qianan.registry.businesses.actions import register_businesses
from tests.cast import MONDAY, Street
from tests.registry.businesses.shops import a_shop, credit_code


def names(found: Any) -> list[str]:
    return [business.name_zh for business in found]


def test_out_of_reach_looks_like_not_there(street: Street) -> None:
    assert queries.business_for(street.officer_li, street.business.id) == street.business
    for id in (street.other_business.id, uuid7(MONDAY), "nonsense"):
        with pytest.raises(NotFound) as refused:
            queries.business_for(street.officer_li, id)
        assert refused.value.code == "no_such_business"


def test_a_site_of_another_business_is_not_found_under_this_one(street: Street) -> None:
    found = queries.site_for(street.xiao_zhao, street.business.id, street.site.id)
    assert (found, found.business) == (street.site, street.business)

    for business, site in (
        (street.business.id, street.other_site.id),
        (street.other_business.id, street.other_site.id),
        (street.business.id, "x"),
        (street.other_business, street.other_site.id),
    ):
        with pytest.raises(NotFound):
            queries.site_for(street.xiao_zhao, business, site)


@pytest.fixture
def shops(street: Street) -> Street:
    register_businesses(
        [
            a_shop(1, name_zh="重庆小面", name_en="Chongqing Noodles"),
            a_shop(2, name_zh="重庆火锅城", name_en="Hotpot City", venue="restaurant", tier="district_key"),
            a_shop(3, name_zh="建外五金店", name_en="Jianwai Hardware", industry="5174", place_code="110105002"),
        ],
        by=street.chief_zhang,
        now=MONDAY,
    )
    return street


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("重庆", ["重庆小面", "重庆火锅城"]),
        ("火锅", ["重庆火锅城"]),
        ("cqxm", ["重庆小面"]),
        ("chongqing", ["重庆小面", "重庆火锅城"]),
        ("HOTPOT", ["重庆火锅城"]),
        ("重庆 锅", ["重庆火锅城"]),
        (credit_code(3).lower(), ["建外五金店"]),
        ("%", []),
        ("_", []),
        ("' OR 1=1", []),
        ("火锅\x00", []),
    ],
)
def test_people_find_a_shop_by_what_they_remember(shops: Street, text: str, found: list[str]) -> None:
    assert sorted(names(queries.businesses_for(shops.chief_zhang, text=text))) == sorted(found)


def test_lists_are_cut_by_place_trade_and_tier(shops: Street) -> None:
    chief = shops.chief_zhang

    assert len(names(queries.businesses_for(chief))) == 4
    assert names(queries.businesses_for(chief, place_code="110105002")) == ["建外五金店"]
    assert names(queries.businesses_for(chief, tier="district_key")) == ["重庆火锅城"]
    assert names(queries.businesses_for(chief, industry="51")) == ["建外五金店"]
    assert len(names(queries.businesses_for(chief, venue="restaurant"))) == 3
    assert len(names(queries.businesses_for(chief, line="commerce"))) == 4
    assert names(queries.businesses_for(chief, state="closed")) == []
    assert names(queries.businesses_for(shops.officer_li, place_code="110105002")) == []
    assert names(queries.businesses_for(shops.stranger, text="重庆")) == []


def test_sites_for_an_officer(shops: Street) -> None:
    assert queries.sites_for(shops.officer_li, state="open").count() == 3
    assert [site.name_zh for site in queries.sites_for(shops.chief_zhang, place_code="110105002")] == ["建外五金店"]
    assert queries.sites_for(shops.xiao_zhao).count() == 1


def test_rooms_above_take_many_at_once(street: Street) -> None:
    key = (street.business.id, street.site.id)
    wrong = (street.business.id, street.other_site.id)

    found = queries.sites_by_ids([key, wrong])

    assert list(found) == [key]
    assert found[key].business == street.business
    assert set(queries.businesses_by_ids([street.business.id, uuid7(MONDAY)])) == {street.business.id}
    assert queries.business_by_code(street.business.credit_code) == street.business
    assert queries.business_by_code("nothing") is None


@pytest.mark.parametrize("odd", ["\x00", "a\x00", "\ud800", "¿"])
def test_codes_that_are_none_find_nothing_on_any_engine(shops: Street, odd: str) -> None:
    chief = shops.chief_zhang

    for field in ("place_code", "line", "industry", "venue", "tier", "state"):
        assert names(queries.businesses_for(chief, **{field: odd})) == []
    assert names(queries.businesses_for(chief, text=f"重庆{odd}")) == []
    assert list(queries.sites_for(chief, place_code=odd)) == []
    assert queries.business_by_code(odd) is None
    with pytest.raises(NotFound):
        queries.business_for(chief, odd)
