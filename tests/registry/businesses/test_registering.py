"""A business enters the registry, one or two thousand."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7, uuid_of
from qianan.kernel.problems import Conflict, Invalid, InvalidMany, NotYours
from qianan.registry.businesses.actions import (
    NewSite,
    change_business,
    open_site,
    register_business,
    register_businesses,
)
from qianan.registry.businesses.models import Business, CreditCode, Oversight, Site
from tests.cast import COMMUNITY, MONDAY, Street
from tests.registry.businesses.shops import a_shop, credit_code

SETUP = Actor.system("setup")


def test_the_street_registers_a_dumpling_shop(street: Street) -> None:
    shop = register_business(a_shop(7, headcount=5), by=street.officer_li, now=MONDAY)

    shop.refresh_from_db()
    assert (shop.name_zh, shop.pinyin, shop.initials) == ("第7饺子馆", "di7jiaoziguan", "d7jzg")
    assert (shop.venue, shop.line, shop.state, shop.registered_at) == ("restaurant", "commerce", "active", MONDAY)
    assert CreditCode.objects.get(code=credit_code(7)).business_id == shop.id
    site = Site.objects.get(business_id=shop.id)
    assert (site.number, site.name_zh, site.place_code, site.venue) == (1, "第7饺子馆", COMMUNITY, "restaurant")
    assert (site.tags, site.state, site.opened_on) == (["gas"], "open", date(2026, 11, 2))
    assert [(entry.news, entry.body) for entry in street.trail_since(MONDAY)] == [
        ("businesses.BusinessRegistered", {"industry": "6210", "tier": "general", "how": ""})
    ]


def test_who_answers_from_outside_follows_from_place_and_trade(street: Street) -> None:
    shop = register_business(a_shop(7), by=street.officer_li, now=MONDAY)

    rows = Oversight.objects.filter(business_id=shop.id).order_by("duty_type")
    assert [(row.duty_type, row.body_code, row.line, row.basis, row.since) for row in rows] == [
        ("comprehensive", "district:110105", "", "wsl-10", date(2026, 11, 2)),
        ("industry", "dept:commerce:110105", "commerce", "H-commerce-industry", date(2026, 11, 2)),
        ("territory", "street:110105001", "", "wsl-9", date(2026, 11, 2)),
    ]


def test_a_trade_that_no_department_answers_for_stands_in_the_queue(street: Street) -> None:
    shop = register_business(a_shop(7, industry="9600"[:2]), by=street.officer_li, now=MONDAY)

    assert shop.line == ""
    assert not Oversight.objects.filter(business_id=shop.id, duty_type="industry").exists()


def test_sites_of_ones_own(street: Street) -> None:
    shop = register_business(
        a_shop(
            7,
            sites=(
                NewSite(name_zh="饺子馆一店", address="建国路 2 号", lon=116.46, lat=39.91, area_m2=80),
                NewSite(name_zh="饺子馆仓库", venue="warehouse", tags=(), industry_code="5990"),
            ),
        ),
        by=street.officer_li,
        now=MONDAY,
    )

    assert list(
        Site.objects.filter(business_id=shop.id)
        .order_by("number")
        .values_list("number", "name_zh", "venue", "tags", "industry_code")
    ) == [(1, "饺子馆一店", "restaurant", ["gas"], "6210"), (2, "饺子馆仓库", "warehouse", [], "5990")]


@pytest.mark.parametrize(
    ("facts", "code", "where"),
    [
        ({"credit_code": "92110105MA0000007X"}, "bad_credit_code", "0.credit_code"),
        ({"credit_code": "7"}, "bad_credit_code", "0.credit_code"),
        ({"name_zh": "   "}, "name_needed", "0.name_zh"),
        ({"name_zh": "饺" * 121}, "too_long", "0.name_zh"),
        ({"name_zh": "饺\x00子"}, "control_characters", "0.name_zh"),
        ({"name_zh": "饺\u202e子"}, "control_characters", "0.name_zh"),
        ({"name_zh": "饺\ud800子"}, "control_characters", "0.name_zh"),
        ({"industry": "6219999"}, "unknown_industry", "0.industry"),
        ({"venue": "moon"}, "unknown_venue", "0.venue"),
        ({"tier": "vip"}, "unknown_tier", "0.tier"),
        ({"headcount": -1}, "bad_number", "0.headcount"),
        ({"sites": (NewSite(lat=91.0),)}, "bad_number", "0.sites.0.lat"),
        ({"sites": (NewSite(lon=float("nan")),)}, "bad_number", "0.sites.0.lon"),
        ({"sites": (NewSite(tags=("gas", "magic")),)}, "unknown_tag", "0.sites.0.tags"),
        ({"sites": (NewSite(place_code="999999"),)}, "unknown_place", "0.sites.0.place_code"),
    ],
)
def test_what_is_wrong_is_said_with_its_field_and_nothing_is_kept(
    street: Street, facts: dict[str, object], code: str, where: str
) -> None:
    with pytest.raises(Invalid) as refused:
        register_business(a_shop(7, **facts), by=street.officer_li, now=MONDAY)

    assert (refused.value.code, refused.value.where) == (code, where)
    assert (Business.objects.count(), CreditCode.objects.count()) == (2, 2)
    assert street.trail_since(MONDAY) == []


def test_several_faults_of_several_rows_are_said_together(street: Street) -> None:
    with pytest.raises(InvalidMany) as refused:
        register_businesses(
            [a_shop(1), a_shop(2, venue="moon"), a_shop(1, tier="vip")], by=street.officer_li, now=MONDAY
        )

    assert [(each.code, each.where) for each in refused.value.problems] == [
        ("unknown_venue", "1.venue"),
        ("unknown_tier", "2.tier"),
        ("credit_code_taken", "2.credit_code"),
    ]
    assert Business.objects.count() == 2


def test_an_unknown_place_is_nobodys_area(street: Street) -> None:
    with pytest.raises(InvalidMany) as refused:
        register_business(a_shop(7, place_code="99"), by=street.officer_li, now=MONDAY)

    assert [each.code for each in refused.value.problems] == ["unknown_place", "not_your_area"]


def test_a_credit_code_is_one_business_in_the_whole_city(street: Street) -> None:
    register_business(a_shop(7), by=street.officer_li, now=MONDAY)

    with pytest.raises(Conflict) as refused:
        register_business(a_shop(7, name_zh="冒名饺子馆", place_code="110108001"), by=street.officer_he, now=MONDAY)

    assert refused.value.code == "credit_code_taken"
    assert Business.objects.count() == 3


@pytest.mark.parametrize("name", ["officer_he", "ms_chen", "lao_wang", "stranger"])
def test_others_do_not_register_here(street: Street, name: str) -> None:
    with pytest.raises(NotYours):
        register_business(a_shop(7), by=street.actors[name], now=MONDAY)

    assert Business.objects.count() == 2
    assert street.trail_since(MONDAY) == []


def test_two_thousand_come_by_sets(street: Street) -> None:
    shops = [a_shop(number, id=uuid_of("shop", number)) for number in range(1000, 3000)]
    register_businesses(shops[:2], by=SETUP, now=MONDAY)

    with CaptureQueriesContext(
        connection,
    ) as small:
        register_businesses(shops[2:4], by=SETUP, now=MONDAY)
    with CaptureQueriesContext(connection) as large:
        registered = register_businesses(shops[4:], by=SETUP, now=MONDAY)

    assert len(registered) == 1996
    assert Site.objects.count() == 2002
    if connection.vendor == "sqlite":
        assert len(large) < len(small) + 150  # the trail writes by batches; nothing by rows
    with CaptureQueriesContext(connection) as again:
        same = register_businesses(shops, by=SETUP, now=MONDAY + timedelta(days=1))
    assert [each.id for each in same] == [shop.id for shop in shops]
    assert len(again) <= 8
    assert Business.objects.count() == 2002


def test_a_replayed_registry_may_have_no_codes_and_days_of_its_own(street: Street) -> None:
    replay = Actor.system("replay")
    first = MONDAY - timedelta(days=900)

    shop = register_business(
        a_shop(1, credit_code="", id=uuid_of("detroit", 1), now=first, by=replay, how="replay"), by=SETUP, now=MONDAY
    )

    assert (shop.credit_code, shop.registered_at) == ("", first)
    assert Oversight.objects.filter(business_id=shop.id, duty_type="territory").get().since == first.date()
    entry = street.trail_since(first)[0]
    assert (entry.at, entry.via, entry.body["how"]) == (first, "replay", "replay")


def test_lao_wang_opens_a_second_shop(street: Street) -> None:
    site = open_site(
        street.business, NewSite(name_zh="老王面馆二店", tags=("gas", "lpg")), by=street.lao_wang, now=MONDAY
    )

    assert (site.number, site.venue, site.tags, site.state) == (2, "restaurant", ["gas", "lpg"], "open")
    assert [(entry.news, entry.about) for entry in street.trail_since(MONDAY)] == [
        ("businesses.SiteOpened", str(site.ref))
    ]


@pytest.mark.parametrize("name", ["xiao_zhao", "boss_qian", "officer_he", "ms_chen", "stranger"])
def test_others_open_nothing_for_him(street: Street, name: str) -> None:
    with pytest.raises(NotYours):
        open_site(street.business, NewSite(), by=street.actors[name], now=MONDAY)

    assert Site.objects.filter(business_id=street.business.id).count() == 1


def test_lao_wang_changes_his_number_and_the_trail_keeps_no_number(street: Street) -> None:
    change_business(street.business, contact="13900000000", headcount=8, by=street.lao_wang, now=MONDAY)

    street.business.refresh_from_db()
    assert (street.business.contact, street.business.headcount) == ("13900000000", 8)
    (entry,) = street.trail_since(MONDAY)
    assert (entry.news, entry.body) == ("businesses.BusinessChanged", {"fields": ["contact", "headcount"]})


def test_what_is_so_already_is_not_told(street: Street) -> None:
    change_business(street.business, headcount=6, by=street.lao_wang, now=MONDAY)

    assert street.trail_since(MONDAY) == []


def test_lao_wang_does_not_rename_himself(street: Street) -> None:
    with pytest.raises(NotYours):
        change_business(street.business, name_zh="老王大酒店", by=street.lao_wang, now=MONDAY)

    assert Business.objects.get(id=street.business.id).name_zh == "老王面馆"


def test_a_new_trade_brings_a_new_department(street: Street) -> None:
    shop = register_business(a_shop(7), by=street.officer_li, now=MONDAY)
    later = MONDAY + timedelta(days=30)

    change_business(shop, industry="6110", venue="hotel", by=street.chief_zhang, now=later)

    shop.refresh_from_db()
    assert (shop.line, shop.venue) == ("culture", "hotel")
    assert list(
        Oversight.objects.filter(business_id=shop.id, duty_type="industry")
        .order_by("since")
        .values_list("body_code", "since", "until")
    ) == [
        ("dept:commerce:110105", date(2026, 11, 2), date(2026, 12, 2)),
        ("dept:culture:110105", date(2026, 12, 2), None),
    ]


def test_there_and_back_on_one_day_is_one_row(street: Street) -> None:
    shop = register_business(a_shop(7), by=street.officer_li, now=MONDAY)

    change_business(shop, industry="6110", by=street.chief_zhang, now=MONDAY)
    change_business(shop, industry="6210", by=street.chief_zhang, now=MONDAY)

    assert shop.line == "commerce"
    assert list(
        Oversight.objects.filter(business_id=shop.id, duty_type="industry", until=None).values_list("body_code")
    ) == [("dept:commerce:110105",)]


def test_a_missing_code_is_filled_in_and_a_known_one_stays(street: Street) -> None:
    shop = register_business(a_shop(1, credit_code=""), by=street.officer_li, now=MONDAY)

    change_business(shop, credit_code=credit_code(9), by=street.officer_li, now=MONDAY)
    with pytest.raises(Conflict) as refused:
        change_business(shop, credit_code=credit_code(10), by=street.officer_li, now=MONDAY)

    assert refused.value.code == "credit_code_fixed"
    assert Business.objects.get(id=shop.id).credit_code == credit_code(9)
    assert CreditCode.objects.filter(business_id=shop.id).count() == 1


def test_an_unknown_field_is_refused(street: Street) -> None:
    with pytest.raises(Invalid) as refused:
        change_business(street.business, state="merged", by=street.chief_zhang, now=MONDAY)

    assert (refused.value.code, refused.value.where) == ("unknown_field", "state")


def test_the_same_id_twice_in_one_list_is_one_business(street: Street) -> None:
    id = uuid7(MONDAY)

    first, second = register_businesses([a_shop(1, id=id), a_shop(1, id=id, credit_code="")], by=SETUP, now=MONDAY)

    assert first is second
    assert Business.objects.filter(id=id).count() == 1
