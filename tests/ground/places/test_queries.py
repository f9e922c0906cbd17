"""Where is it, what lies beneath it, and what was it on that day."""

from datetime import date

import pytest

from qianan.ground.places import queries
from qianan.kernel.named import Named

TODAY = date(2026, 11, 2)

pytestmark = pytest.mark.usefixtures("codes")


def codes(rows: list[object]) -> list[str]:
    return [row.code for row in rows]  # type: ignore[attr-defined]


def test_the_city_has_sixteen_districts_and_the_development_area() -> None:
    assert len(queries.districts(TODAY)) == 17
    assert codes(queries.districts(TODAY))[-1] == "1101A1"
    assert len(queries.districts(date(2022, 12, 31))) == 16
    assert queries.city().name_en == "Beijing"


def test_the_city_has_349_streets_on_any_day() -> None:
    for day in (date(2022, 12, 31), TODAY):
        assert sum(len(queries.streets_of(each.code, day)) for each in queries.districts(day)) == 349


def test_the_development_area_moved_and_its_history_stays() -> None:
    assert queries.is_valid("110115403", date(2022, 12, 31))
    assert not queries.is_valid("110115403", date(2023, 1, 1))
    assert codes(queries.successors_of("110115403")) == ["1101A1403"]
    assert "110115403" not in codes(queries.streets_of("110115", TODAY))
    assert "110115403" in codes(queries.streets_of("110115", date(2022, 12, 31)))


def test_a_path_runs_from_the_city_down() -> None:
    assert codes(queries.path_of("110105001026")) == ["11", "110105", "110105001", "110105001026"]
    assert queries.path_of("999") == []
    assert queries.district_of("110105001026") == "110105"
    assert queries.district_of("11") == ""


def test_children_are_those_of_the_day() -> None:
    assert len(queries.children_of("110105001", on=TODAY)) == 12
    assert queries.children_of("110105001", on=date(2020, 1, 1)) == []
    assert codes(queries.children_of("11", on=TODAY))[:2] == ["110101", "110102"]
    assert queries.children_of("110105001026", on=TODAY) == []


def test_names_come_in_both_languages_with_one_query(django_assert_num_queries: object) -> None:
    queries.place("11")

    with django_assert_num_queries(1):  # type: ignore[operator]
        found = queries.names_of(["110105", "110105001026", "110105001024", "nothing", ""])
    with django_assert_num_queries(0):  # type: ignore[operator]
        queries.names_of(["110105001026", "nothing"])

    assert found == {
        "110105": Named("朝阳区", "Chaoyang District"),
        "110105001024": Named("南郎家园社区居委会", "Nanlangjiayuan Community"),
        "110105001026": Named("永安里社区居委会", "Yong'anli Community"),
    }
    assert queries.name_of("nothing") == Named("nothing", "nothing")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("朝阳区", "110105"),
        ("chaoyangqu", "110105"),
        ("cyq", "110105"),
        ("Chaoyang", "110105"),
        ("建外", "110105001"),
        ("jwjd", "110105001"),
        ("Jian Wai", "110105001"),
        ("永安里", "110105001026"),
        ("110105001026", "110105001026"),
        ("什刹海", "110102012"),
        ("shichahai", "110102012"),
        ("大栅栏", "110102013"),
        ("dashilan", "110102013"),
    ],
)
def test_a_place_is_found_by_name_pinyin_initials_or_code(text: str, first: str) -> None:
    assert codes(queries.find(text, on=TODAY))[:1] == [first]


def test_finding_keeps_to_a_subtree_a_level_and_a_day() -> None:
    assert codes(queries.find("八里庄", on=TODAY)) == ["110105015", "110108005"]
    assert codes(queries.find("八里庄", on=TODAY, within="110108")) == ["110108005"]
    assert queries.find("八里庄", on=TODAY, levels=["district"]) == []
    assert queries.find("八里庄", on=date(2020, 1, 1)) == []
    assert len(queries.find("街道", most=5)) == 5


@pytest.mark.parametrize(
    "text", ["", "   ", "火星", "%", "_", "'; DROP TABLE places_place; --", "x" * 500, "a\x00b", "\ud800"]
)
def test_nothing_is_found_for_nothing(text: str) -> None:
    assert queries.find(text, on=TODAY) == []
    assert queries.place(text) is None
    assert queries.path_of(text) == []
