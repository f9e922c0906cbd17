"""A market's list of shops is read, previewed, and taken in whole or not at all."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianan.ground.accounts.models import Person, Seat
from qianan.kernel.problems import Invalid, InvalidMany, NotFound, NotNow, NotYours, Problem, TooLarge
from qianan.registry.businesses.actions import forget_previews
from qianan.registry.businesses.importing import Counts, Preview, commit, preview, template
from qianan.registry.businesses.models import Business, Import, Site
from tests.cast import COMMUNITY, MONDAY, Street
from tests.formats.workbooks import cell, workbook
from tests.registry.businesses.shops import credit_code

FOLDER = Path(__file__).resolve().parents[2] / "samples" / "import"
LATER = MONDAY + timedelta(hours=1)
HEAD = "统一社会信用代码,单位名称,行业代码,所在地,从业人数,地址,风险标签,主要负责人,主要负责人手机"


def csv(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *rows]).encode()


def a_row(number: int = 1, **cells: str) -> str:
    row = {
        "code": credit_code(number),
        "name": f"第{number}铺",
        "industry": "6210",
        "place": "朝阳区建外街道永安里社区",
        "people": "5",
        "address": f"光华路 {number} 号",
        "tags": "燃气、液化气瓶",
        "principal": f"铺主{number}",
        "mobile": f"1380001{number:04d}",
    } | cells
    return ",".join(row.values())


def looked_at(street: Street, data: bytes, **more: Any) -> Preview:
    return preview(data, **({"name": "market.csv", "by": street.officer_li, "now": MONDAY} | more))


def taken_in(street: Street, data: bytes, **more: Any) -> Import:
    found = looked_at(street, data, **more)
    assert found.problems == ()
    return commit(found.id, by=more.get("by", street.officer_li), now=LATER)


def faults(found: Preview) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.code) for each in found.problems]


def everything() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Business, Site, Person, Seat))


def test_a_preview_changes_nothing(street: Street) -> None:
    before = everything()

    found = looked_at(street, csv(a_row(1), a_row(2)))

    assert (found.rows, found.ok, found.businesses, found.sites, found.people) == (
        2,
        True,
        Counts(added=2),
        Counts(added=2),
        Counts(added=2),
    )
    assert [(each.line, each.name, each.outcome) for each in found.sample] == [
        (2, "第1铺", "added"),
        (3, "第2铺", "added"),
    ]
    assert everything() == before
    assert street.trail_since(MONDAY) == []


def test_then_it_is_taken_in(street: Street) -> None:
    kept = taken_in(street, csv(a_row(1)))

    assert (kept.state, kept.added, kept.changed, kept.same, kept.content) == ("committed", 1, 0, 0, None)
    shop = Business.objects.get(credit_code=credit_code(1))
    assert (shop.name_zh, shop.place_code, shop.industry_id, shop.headcount, shop.line) == (
        "第1铺",
        COMMUNITY,
        "6210",
        5,
        "commerce",
    )
    site = Site.objects.get(business_id=shop.id)
    assert (site.name_zh, site.address, site.tags) == ("第1铺", "光华路 1 号", ["gas", "lpg"])
    seat = Seat.objects.get(business_id=shop.id)
    assert (seat.role, seat.person.name, seat.person.mobile) == ("principal", "铺主1", "+8613800010001")
    assert sorted(entry.news for entry in street.trail_since(LATER)) == [
        "accounts.PersonAdded",
        "accounts.SeatTaken",
        "businesses.BusinessRegistered",
        "businesses.RegistryImported",
    ]
    assert not any("1380001" in json.dumps(entry.body) for entry in street.trail_since(LATER))


def test_the_same_file_twice_changes_nothing(street: Street) -> None:
    data = csv(a_row(1), a_row(2))
    first = taken_in(street, data)
    before = everything()

    again = commit(first.id, by=street.officer_li, now=LATER)
    found = looked_at(street, data)
    second = commit(found.id, by=street.officer_li, now=LATER + timedelta(hours=1))

    assert again == first
    assert (found.businesses, found.sites, found.people) == (Counts(same=2), Counts(same=2), Counts(same=2))
    assert (second.added, second.changed, second.same) == (0, 0, 2)
    assert everything() == before
    assert [entry.news for entry in street.trail_since(LATER + timedelta(hours=1))] == ["businesses.RegistryImported"]


def test_changed_rows_change_and_empty_cells_say_nothing(street: Street) -> None:
    taken_in(street, csv(a_row(1), a_row(2)))

    found = looked_at(street, csv(a_row(1, people="9", tags=""), a_row(2, address="光华路 99 号", industry="")))
    commit(found.id, by=street.officer_li, now=LATER)

    assert (found.businesses, found.sites) == (Counts(changed=1, same=1), Counts(changed=1, same=1))
    first, second = (Business.objects.get(credit_code=credit_code(number)) for number in (1, 2))
    assert (first.headcount, second.industry_id) == (9, "6210")
    assert Site.objects.get(business_id=first.id).tags == ["gas", "lpg"]
    assert Site.objects.get(business_id=second.id).address == "光华路 99 号"


def test_two_rows_of_one_business_are_two_sites(street: Street) -> None:
    head = HEAD + ",场所名称"
    rows = (a_row(1) + ",一店", a_row(1, address="建国路 8 号") + ",二店")

    taken_in(street, csv(*rows, head=head))
    found = looked_at(street, csv(*rows, a_row(1, address="东大桥 1 号") + ",三店", head=head))
    commit(found.id, by=street.officer_li, now=LATER)

    assert (found.businesses, found.sites) == (Counts(same=1), Counts(added=1, same=2))
    shop = Business.objects.get(credit_code=credit_code(1))
    assert list(Site.objects.filter(business_id=shop.id).order_by("number").values_list("number", "name_zh")) == [
        (1, "一店"),
        (2, "二店"),
        (3, "三店"),
    ]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"code": "92110105MA0000001X"}, "统一社会信用代码", "bad_credit_code"),
        ({"code": ""}, "统一社会信用代码", "identity_needed"),
        ({"name": ""}, "单位名称", "name_needed"),
        ({"name": "长" * 121}, "单位名称", "too_long"),
        ({"industry": "9999999"}, "行业代码", "unknown_industry"),
        ({"place": ""}, "所在地", "place_needed"),
        ({"place": "火星"}, "所在地", "unknown_place"),
        ({"place": "110999"}, "所在地", "unknown_place"),
        ({"place": "海淀区万寿路街道"}, "所在地", "not_your_area"),
        ({"people": "许多"}, "从业人数", "bad_number"),
        ({"people": "-1"}, "从业人数", "bad_number"),
        ({"tags": "燃气、魔法"}, "风险标签", "unknown_tag"),
        ({"mobile": "010-12345678"}, "主要负责人手机", "not_a_mobile"),
        ({"mobile": ""}, "主要负责人手机", "not_a_mobile"),
        ({"principal": ""}, "主要负责人", "person_name_needed"),
        ({"mobile": "13800000000"}, "主要负责人手机", "mobile_is_anothers"),
    ],
)
def test_each_fault_has_its_line_and_column_and_nothing_is_taken_in(
    street: Street, cells: dict[str, str], column: str, code: str
) -> None:
    before = everything()

    found = looked_at(street, csv(a_row(1), a_row(2, **cells)))

    assert faults(found) == [(3, column, code)]
    with pytest.raises(NotNow) as refused:
        commit(found.id, by=street.officer_li, now=LATER)
    assert (refused.value.code, refused.value.params["count"]) == ("import_has_problems", 1)
    assert everything() == before
    assert street.trail_since(MONDAY) == []


def test_rows_that_disagree_about_one_business_are_named(street: Street) -> None:
    found = looked_at(street, csv(a_row(1), a_row(1, name="又名", people="7")))

    assert faults(found) == [(3, "单位名称", "rows_disagree"), (3, "从业人数", "rows_disagree")]
    assert found.problems[0].problem.params["line"] == 2


def test_one_number_for_two_people_is_named(street: Street) -> None:
    found = looked_at(street, csv(a_row(1), a_row(2, mobile="13800010001")))

    assert faults(found) == [(3, "主要负责人手机", "mobile_has_two_names")]


def test_one_person_may_keep_two_shops(street: Street) -> None:
    same = {"principal": "铺主1", "mobile": "13800010001"}

    found = looked_at(street, csv(a_row(1), a_row(2, **same)))
    commit(found.id, by=street.officer_li, now=LATER)

    assert found.people == Counts(added=1, changed=1)
    assert Person.objects.get(mobile="+8613800010001").seats.count() == 2


def test_what_looks_like_a_formula_stays_a_text(street: Street) -> None:
    name = '=HYPERLINK("http://x")'

    taken_in(street, csv(a_row(1, name='"=HYPERLINK(""http://x"")"', address="@SUM(A1)", principal="+铺主")))

    shop = Business.objects.get(credit_code=credit_code(1))
    assert shop.name_zh == name
    assert Site.objects.get(business_id=shop.id).address == "@SUM(A1)"
    assert Seat.objects.get(business_id=shop.id).person.name == "+铺主"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_files_come_in_the_encodings_people_use(street: Street, encoding: str) -> None:
    assert looked_at(street, csv(a_row(1)).decode().encode(encoding)).ok


def test_a_workbook_is_a_table_too(street: Street) -> None:
    heads = HEAD.split(",")
    values = a_row(1).split(",")
    rows = "".join(
        f'<row r="{line}">'
        + "".join(cell(f"{chr(65 + place)}{line}", text) for place, text in enumerate(each))
        + "</row>"
        for line, each in ((1, heads), (2, values))
    )

    found = looked_at(street, workbook(rows), name="market.xlsx")

    assert (found.ok, found.businesses) == (True, Counts(added=1))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (HEAD.encode(), "empty_file"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (csv(a_row(1)).replace(b"6210", b"62\x0010"), "not_a_table"),
        (b"PK\x03\x04 no zip at all", "broken_file"),
        (csv(a_row(1) + ",more"), "too_many_cells"),
        (b"name,name\r\na,b", "column_twice"),
    ],
)
def test_files_that_are_none_are_refused_with_a_name(street: Street, data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        looked_at(street, data)

    assert refused.value.code == code
    assert Import.objects.count() == 0


def test_too_many_rows_and_bytes_are_refused(street: Street) -> None:
    for data, code in ((b"a\n" + b"1\n" * 50_001, "too_many_rows"), (b"a" * (20 * 1024 * 1024 + 1), "file_too_large")):
        with pytest.raises(TooLarge) as refused:
            looked_at(street, data)
        assert refused.value.code == code


def test_a_bomb_in_a_workbook_is_refused(street: Street) -> None:
    far = f'<row r="1">{cell("A1", "a")}</row><row r="40000">{cell("XFD40000", "b")}</row>'

    with pytest.raises(TooLarge):
        looked_at(street, workbook(far))


@pytest.mark.parametrize("name", ["lao_wang", "ms_chen", "stranger", "boss_qian"])
def test_only_who_keeps_a_registry_imports(street: Street, name: str) -> None:
    with pytest.raises(NotYours) as refused:
        looked_at(street, csv(a_row(1)), by=street.actors[name])

    assert refused.value.code == "may_not_import"
    assert Import.objects.count() == 0


def test_another_officers_file_is_not_there(street: Street) -> None:
    found = looked_at(street, csv(a_row(1)))

    with pytest.raises(NotFound):
        commit(found.id, by=street.chief_zhang, now=LATER)


def test_a_shop_of_another_district_is_not_changed_by_its_code(street: Street) -> None:
    taken_in(street, csv(a_row(1, place="海淀区万寿路街道")), by=street.officer_he)

    found = looked_at(street, csv(a_row(1, name="改名")))

    assert faults(found) == [(2, "所在地", "not_your_area")]


def test_files_nobody_took_in_are_emptied(street: Street) -> None:
    found = looked_at(street, csv(a_row(1)))

    assert forget_previews(MONDAY + timedelta(days=1)) == 0
    assert forget_previews(MONDAY + timedelta(days=3)) == 1

    kept = Import.objects.get(id=found.id)
    assert (kept.state, kept.content, kept.errors) == ("forgotten", None, [])
    with pytest.raises(NotNow) as refused:
        commit(found.id, by=street.officer_li, now=LATER)
    assert refused.value.code == "import_forgotten"


def test_previewing_twice_keeps_one_file(street: Street) -> None:
    assert looked_at(street, csv(a_row(1))).id == looked_at(street, csv(a_row(1)), now=LATER).id


def test_a_city_registry_with_columns_of_its_own(street: Street) -> None:
    mapping = json.loads((FOLDER / "mapping.json").read_text())
    data = (FOLDER / "market.csv").read_bytes()

    found = preview(data, name="market.csv", mapping=mapping, by=street.director_sun, now=MONDAY)

    assert found.problems == ()
    assert (found.businesses, found.sites, found.people) == (Counts(added=4), Counts(added=5), Counts(added=5))
    commit(found.id, by=street.director_sun, now=LATER)
    stall = Business.objects.get(name_zh="永安里早点铺")
    assert (stall.credit_code, stall.venue, stall.tier, stall.place_code) == ("", "restaurant", "general", COMMUNITY)
    hotel = Business.objects.get(name_zh="建国门旅舍")
    assert (hotel.industry_id, hotel.tier, hotel.headcount) == ("6129", "district_key", 1200)
    site = Site.objects.filter(business_id=hotel.id).order_by("number")[0]
    assert (site.opened_on.isoformat(), site.lon, site.tags) == ("2019-05-01", 116.4391, ["crowd", "sleeping"])
    assert sorted(Seat.objects.filter(business_id=hotel.id).values_list("role", flat=True)) == [
        "principal",
        "safety_manager",
    ]
    again = preview(data, name="market.csv", mapping=mapping, by=street.director_sun, now=LATER)
    assert (again.businesses, again.sites, again.people) == (Counts(same=4), Counts(same=5), Counts(same=5))


def test_a_file_full_of_faults_says_each(street: Street) -> None:
    data = (FOLDER / "faulty.csv").read_bytes()

    found = preview(data, name="faulty.csv", by=street.director_sun, now=MONDAY)

    assert faults(found) == [
        (3, "统一社会信用代码", "bad_credit_code"),
        (4, "单位名称", "name_needed"),
        (5, "行业代码", "unknown_industry"),
        (5, "所在地", "unknown_place"),
        (6, "主要负责人手机", "not_a_mobile"),
        (7, "所在地", "ambiguous_place"),
        (8, "监管等级", "unknown_tier"),
        (8, "从业人数", "bad_number"),
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_reads_as_it_is(street: Street, language: str) -> None:
    found = preview(template(language), name="template.csv", by=street.director_sun, now=MONDAY)

    assert found.problems == ()
    assert (found.businesses, found.sites, found.people) == (Counts(added=2), Counts(added=3), Counts(added=3))


def test_a_column_that_is_not_there_is_named(street: Street) -> None:
    mapping = {"fields": {"name_zh": "名字", "place": "地方", "key": "号"}}

    with pytest.raises(InvalidMany) as refused:
        looked_at(street, b"\xe5\x90\x8d\xe5\xad\x97,x\r\n1,2", mapping=mapping)

    assert [(each.code, each.where, each.params["column"]) for each in refused.value.problems] == [
        ("no_such_column", "key", "号"),
        ("no_such_column", "place", "地方"),
    ]


def test_thousands_of_rows_are_read_by_sets(street: Street) -> None:
    small, large = csv(*[a_row(n) for n in range(1, 11)]), csv(*[a_row(n) for n in range(1, 1001)])
    looked_at(street, small)

    with CaptureQueriesContext(connection) as few:
        looked_at(street, small)
    with CaptureQueriesContext(connection) as many:
        found = looked_at(street, large)

    assert found.ok
    assert len(many) <= len(few) + 2
    commit(found.id, by=street.officer_li, now=LATER)
    with CaptureQueriesContext(connection) as again:
        same = looked_at(street, large)
    assert same.businesses == Counts(same=1000)
    assert len(again) <= len(few) + 4


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(max_size=8), min_size=9, max_size=9), min_size=1, max_size=4))
def test_any_cells_whatever_are_said_or_read(street: Street, rows: list[list[str]]) -> None:
    lines = [",".join('"' + text.replace('"', '""') + '"' for text in row) for row in rows]
    data = "\r\n".join([HEAD, *lines]).encode("utf-8", "surrogatepass")

    try:
        found = looked_at(street, data)
    except Problem as refused:
        assert refused.code  # noqa: PT017  a file may be refused whole, by name
        return

    assert found.count >= 1
    assert all(each.line >= 2 and each.code for each in found.problems)
