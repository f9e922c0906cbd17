"""The code tables answer: by when, how often, who answers, what may be a major hazard."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from qianan.ground.codebook import queries
from qianan.ground.codebook.models import CalendarDay, Deadline, Frequency, Rung
from qianan.kernel.named import Named
from qianan.kernel.problems import NotFound
from tests.cast import MONDAY

TODAY = date(2026, 11, 2)

pytestmark = pytest.mark.usefixtures("codes")


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def test_a_general_hazard_found_on_monday_is_due_the_monday_after() -> None:
    due = queries.due_from("rectification", "general", at=MONDAY)

    assert due == queries.Due(
        at=local("2026-11-09T23:59:59"),
        code="rect-general",
        days=7,
        unit="calendar",
        verified=False,
        source="Qianan demo city settings; the law sets no number of days",
        edition="demo 2025",
        basis_zh="本市演示设定,不是法律规定的天数",
        basis_en="A setting of the demo city, not a number of days set by law",
        calendar_known=True,
    )


def test_working_days_skip_the_national_holiday_and_count_the_days_worked_for_it() -> None:
    # 1 to 7 October 2026 are free; 8 and 9 are worked, and so is Saturday the 10th.
    assert queries.due_from("verification", "any", at=local("2026-09-30T09:00:00")).at == local("2026-10-10T23:59:59")


def test_a_level_without_a_row_of_its_own_takes_the_one_for_any() -> None:
    assert queries.deadline_for("rating", "general", on=TODAY).code == "rate-any"
    assert queries.deadline_for("rectification", "major", on=TODAY).code == "rect-major"


def test_a_kind_that_nobody_gave_days_is_refused() -> None:
    with pytest.raises(NotFound) as refused:
        queries.due_from("holiday", "general", at=MONDAY)

    assert refused.value == NotFound("no_deadline", kind="holiday", level="general", day="2026-11-02")


def test_the_deadline_of_the_day_is_used_not_todays() -> None:
    Deadline.objects.filter(code="rect-general").update(until=date(2026, 11, 1))
    Deadline.objects.create(
        code="rect-general-2", applies_to="rectification", level="general", days=3, unit="calendar",
        basis_zh="新", basis_en="new", since=date(2026, 11, 1), source="test",
    )  # fmt: skip

    assert queries.due_from("rectification", "general", at=local("2026-10-31T09:00:00")).days == 7
    assert queries.due_from("rectification", "general", at=local("2026-11-01T00:00:00")).days == 3
    assert queries.deadline_row("rect-general").days == 7
    assert queries.deadline_row("nothing") is None


def test_working_days_through_a_year_not_announced_say_so() -> None:
    assert queries.calendar_is_announced(2026)
    assert not queries.calendar_is_announced(2027)
    assert not queries.due_from("rating", "any", at=local("2026-12-31T09:00:00")).calendar_known


def test_the_calendar_knows_holidays_and_worked_weekends() -> None:
    assert [queries.is_workday(date(2026, 10, day)) for day in (7, 8, 10, 11)] == [False, True, True, False]
    assert queries.calendar_day(date(2026, 10, 1)).name_zh == "国庆节"
    assert queries.calendar_day(TODAY) is None
    assert queries.add_workdays(date(2026, 9, 30), 3) == date(2026, 10, 10)


def test_the_ladder_climbs_in_order_and_levels_without_one_take_the_common_one() -> None:
    rungs = queries.rungs_for("rectification", "major", on=TODAY)

    assert [(rung.rung, rung.after_days, rung.tells_role) for rung in rungs] == [
        (0, -1, "principal"),
        (1, 0, "street"),
        (2, 1, "district"),
        (3, 3, "city"),
    ]
    assert [rung.code for rung in queries.rungs_for("silence", "general", on=TODAY)][1] == "silence-any-1"
    assert queries.rungs_for("holiday", "any", on=TODAY) == []


def test_a_rung_is_told_so_long_after_the_deadline_or_before_it() -> None:
    reminder, *_, city = queries.rungs_for("rectification", "general", on=TODAY)
    due = queries.due_from("rectification", "general", at=MONDAY).at

    assert queries.climb_at(reminder, due_at=due) == due - timedelta(days=1)
    assert queries.climb_at(city, due_at=due) == due + timedelta(days=7)


@pytest.mark.parametrize(
    ("checklist", "tier", "default", "row"),
    [
        ("restaurant-daily", "general", "daily", "daily-general"),
        ("restaurant-daily", "district_key", "daily", "daily-district_key"),
        ("restaurant-daily", "municipal_key", "daily", "daily-municipal_key"),
        ("restaurant-full", "general", "quarterly", "full-any"),
        ("restaurant-weekly", "general", "weekly", "any-weekly"),
    ],
)
def test_how_often_a_list_is_owed_goes_by_list_and_tier(checklist: str, tier: str, default: str, row: str) -> None:
    found = queries.frequency_for(
        checklist=checklist, venue="restaurant", tags=["gas"], tier=tier, default=default, on=TODAY
    )

    assert found.code == row


def test_the_most_specific_frequency_wins() -> None:
    common = {"frequency": "monthly", "due_time": "20:00", "source": "test", "since": date(2026, 1, 1)}
    Frequency.objects.create(code="pattern", checklist="*-daily", tags="gas", **common)
    Frequency.objects.create(code="named", checklist="hotel-daily", **common)

    def code(checklist: str, tags: list[str]) -> str:
        return queries.frequency_for(
            checklist=checklist, venue="hotel", tags=tags, tier="general", default="daily", on=TODAY
        ).code

    assert code("hotel-daily", ["gas"]) == "named"
    assert code("mall-daily", ["crowd", "gas"]) == "pattern"
    assert code("mall-daily", ["crowd"]) == "daily-general"


def test_a_list_whose_frequency_nobody_knows_is_refused() -> None:
    with pytest.raises(NotFound, match="no_frequency"):
        queries.frequency_for(checklist="x", venue="", tags=(), tier="", default="hourly", on=TODAY)


@pytest.mark.parametrize(
    ("industry", "venue", "answer"),
    [
        ("6210", "restaurant", ["H-commerce-industry"]),
        ("6110", "hotel", ["61-culture-industry"]),
        ("4610", "", ["46-water-industry"]),
        ("4411", "", ["D-urban-industry"]),
        ("3411", "factory", ["C-industry_it-industry", "C-emergency-comprehensive"]),
        ("5265", "petrol", ["petrol-commerce-industry"]),
        ("8111", "ebike", ["O-commerce-industry", "ebike-fire-special"]),
        ("", "", []),
        ("9999", "", []),
    ],
)
def test_the_nearest_department_answers(industry: str, venue: str, answer: list[str]) -> None:
    assert [row.code for row in queries.departments_for(industry=industry, venue=venue, on=TODAY)] == answer


def test_industries_nest_and_have_names_in_both_languages() -> None:
    assert queries.prefixes("6210") == ["6210", "621", "62", "H"]
    assert queries.section_of("6299") == "H"
    assert queries.section_of("") == ""
    assert queries.industry_names(["6210", "62", "H", "nothing"]) == {
        "6210": Named("正餐服务", "Catering (6210)"),
        "62": Named("餐饮业", "Catering"),
        "H": Named("住宿和餐饮业", "Accommodation and catering"),
    }
    assert len(queries.industries(level=1)) == 20
    assert len(queries.industries(level=2)) == 97
    assert [row.code for row in queries.industries(level=3, under="62")][:2] == ["621", "622"]
    with pytest.raises(NotFound, match="no_industry"):
        queries.industry("0000")


@pytest.mark.parametrize(
    ("found", "clauses"),
    [
        ({"item_code": "restaurant-03", "venue": "restaurant"}, ["gas-2023-9(1)"]),
        ({"basis_codes": ["gas-2023-9(3)"]}, ["gas-2023-9(3)"]),
        ({"text": "液化气瓶放在地下室厨房", "tags": ["gas"]}, ["gas-2023-9(1)"]),
        ({"text": "LPG cylinder in the basement kitchen", "tags": ["gas"]}, ["gas-2023-9(1)"]),
        ({"text": "粉尘积尘严重没有清扫", "venue": "factory", "tags": ["dust"]}, ["mem10-2023-11(10)"]),
        ({"text": "灭火器过期", "venue": "restaurant"}, []),
        ({"tags": ["confined_space"]}, ["mem10-2023-13(1)", "mem10-2023-13(2)"]),
        ({}, []),
    ],
)
def test_clauses_that_may_apply_are_suggested(found: dict[str, object], clauses: list[str]) -> None:
    assert [row.code for row in queries.suggest_criteria(on=TODAY, **found)] == clauses


def test_a_clause_that_is_no_longer_in_force_is_not_suggested() -> None:
    blocked = {"item_code": "petrol-15"}

    assert [row.code for row in queries.suggest_criteria(on=date(2025, 10, 31), **blocked)] == ["fire-2017-6.3"]
    assert queries.suggest_criteria(on=date(2025, 11, 1), **blocked) == []
    assert queries.criterion("fire-2017-6.3").superseded_by.startswith("GB 35181-2025")


def test_criteria_in_force_by_sector() -> None:
    assert len(queries.criteria_in_force(TODAY)) == 91
    assert [row.clause for row in queries.criteria_in_force(TODAY, sector="有限空间/confined space")] == [
        "13(1)",
        "13(2)",
    ]
    assert list(queries.criteria_of(["gas-2023-9(1)", "nothing"])) == ["gas-2023-9(1)"]


def test_every_view_says_whence_it_is_and_whether_it_was_read_there() -> None:
    mark = queries.provenance(queries.criterion("mem10-2023-13(1)"))

    assert mark == queries.Provenance(False, "remembered, not read", "mem10-2023", date(2023, 5, 15), None)


def test_law_clauses_come_in_the_order_asked_for() -> None:
    assert [row.code for row in queries.law_clauses(["wsl-41", "nothing", "wsl-3"])] == ["wsl-41", "wsl-3"]


def test_words_have_keys_and_an_order() -> None:
    assert [row.key for row in queries.terms("tier")] == ["municipal_key", "district_key", "general"]
    assert queries.term("venue", "restaurant").name_en == "Restaurant"
    with pytest.raises(NotFound, match="no_term"):
        queries.term("venue", "moon")


def test_the_scale_of_risk_comes_from_the_table() -> None:
    from qianan.methods import lec

    scale = queries.risk_scale("lec")

    assert scale == lec.PUBLIC
    assert lec.grade(Decimal(6), Decimal(6), Decimal(7), scale=scale).band.code == "lec-band-160"
    assert not queries.risk_scale("matrix").verified
    assert len(queries.risk_values("lec")) == 19
    with pytest.raises(NotFound, match="no_risk_scale"):
        queries.risk_scale("dice")


def test_a_table_is_listed_by_the_name_of_its_file() -> None:
    assert len(queries.rows_of("ladder")) == Rung.objects.count()
    with pytest.raises(NotFound, match="no_table"):
        queries.rows_of("places")


def test_departments_are_known_by_code() -> None:
    assert queries.department("fire").name_en == "Fire and rescue"
    assert len(queries.departments(on=TODAY)) == 23
    with pytest.raises(NotFound, match="no_department"):
        queries.department("moon")


def test_tables_are_read_once(django_assert_num_queries: object) -> None:
    queries.due_from("rating", "any", at=MONDAY)

    with django_assert_num_queries(0):  # type: ignore[operator]
        for day in range(60):
            queries.due_from("rating", "any", at=MONDAY + timedelta(days=day))


def test_rows_changed_by_another_process_are_seen_when_the_stamp_is_forgotten() -> None:
    from django.core.cache import cache

    assert queries.is_workday(TODAY)
    CalendarDay.objects.create(day=TODAY, is_workday=False, kind="holiday", name_zh="假", name_en="A day", source="t")
    assert queries.is_workday(TODAY)

    cache.clear()

    assert not queries.is_workday(TODAY)


def test_a_moment_belongs_to_the_instances_day() -> None:
    assert queries.local_day(datetime(2026, 11, 1, 17, tzinfo=UTC)) == TODAY
