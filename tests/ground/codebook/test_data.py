"""The shipped tables say whence they are, and nothing that is only remembered stands there as law."""

import json
from collections import Counter
from datetime import date

import pytest

from qianan.ground.codebook.reading import TABLES, read_rows
from tests.basis import DATA, rows

LISTS = [json.loads(path.read_text()) for path in sorted((DATA / "checklists").glob("*.json"))]
ITEMS = [item for each in LISTS for section in each["sections"] for item in section["items"]]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_source_dates_and_a_mark(name: str) -> None:
    made, problems = read_rows(name, rows(name))

    assert problems == []
    for row in made:
        assert row.source, row.pk
        assert row.edition, row.pk
        assert row.since is not None, row.pk


@pytest.mark.parametrize("name", TABLES)
def test_what_is_remembered_proposed_or_set_by_the_demo_city_is_not_verified(name: str) -> None:
    doubtful = ("remembered", "not read", "demo city", "proposed", "not verified", "assumption", "not announced")

    for row in rows(name):
        if any(word in row["source"] for word in doubtful):
            assert row["verified"] == "no", row


def test_numbers_of_days_are_settings_and_say_so() -> None:
    for name in ("deadlines", "ladder", "frequencies"):
        for row in rows(name):
            assert row["verified"] == "no"
            assert "not" in row["basis_en"]
            assert "law" in row["basis_en"]
            assert "不是法律规定" in row["basis_zh"]


def test_the_old_fire_standard_ended_when_the_new_one_began() -> None:
    fire = [row for row in rows("criteria") if row["standard"] == "fire-2017"]

    assert {(row["until"], row["verified"]) for row in fire} == {("2025-11-01", "no")}
    assert Counter(row["verified"] for row in rows("criteria")) == {"no": 106, "yes": 35}


def test_criteria_name_items_and_tags_that_exist() -> None:
    codes = {item["code"] for item in ITEMS}
    tags = {row["code"].removeprefix("tag-") for row in rows("terms") if row["kind"] == "tag"}
    for row in rows("criteria"):
        assert {each for each in row["items"].split(";") if each} <= codes, row["code"]
        assert {each for each in row["tags"].split(";") if each} <= tags, row["code"]


def test_every_basis_of_an_item_is_an_article_or_a_criterion() -> None:
    clauses = {row["code"] for name in ("law_clauses", "criteria") for row in rows(name)}

    assert {code for item in ITEMS for code in item.get("basis_codes", [])} <= clauses


def test_an_article_stands_under_its_own_number() -> None:
    for row in rows("law_clauses"):
        assert row["code"].rpartition("-")[2] == row["article"]


def test_trades_as_the_standard_counts_them() -> None:
    levels = Counter(row["level"] for row in rows("industries"))

    assert (levels["1"], levels["2"]) == (20, 97)
    assert len({row["code"] for row in rows("industries")}) == len(rows("industries"))
    for row in rows("industries"):
        if row["level"] in "12":
            assert row["name_en"], row


def test_every_trade_has_a_department_by_its_section() -> None:
    sections = {row["code"] for row in rows("industries") if row["level"] == "1"}
    answered = {row["industry"] for row in rows("sector_departments") if row["duty_type"] == "industry"}

    assert sections - answered <= {"S", "T"}, "public administration and international bodies are left to officers"


def test_the_calendar_is_announced_to_the_end_of_2026() -> None:
    verified = {date.fromisoformat(row["day"]).year for row in rows("calendar") if row["verified"] == "yes"}

    assert verified == set(range(2015, 2027))
    assert all(not row["name_zh"].isascii() for row in rows("calendar"))
