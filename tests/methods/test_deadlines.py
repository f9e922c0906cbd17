"""Days, working days and hours: worked examples, and what must hold for any day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianan.methods.deadlines import Workdays, due_after, end_of, shifted, start_of

BEIJING = ZoneInfo("Asia/Shanghai")
DETROIT = ZoneInfo("America/Detroit")
NATIONAL_DAY_2026 = Workdays.of(
    holidays=[date(2026, 10, day) for day in range(1, 8)],
    worked=[date(2026, 9, 20), date(2026, 10, 10)],
)
"""The seven days of 2026 and the two weekend days worked for them (State Council's notice, as in data/calendar.csv)."""

days = st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 12, 31))
moments = st.datetimes(min_value=datetime(2015, 1, 1), max_value=datetime(2035, 12, 31), timezones=st.just(UTC))
counts = st.integers(min_value=0, max_value=60)
units = st.sampled_from(["calendar", "working", "hours"])


@st.composite
def calendars(draw: st.DrawFn) -> Workdays:
    return Workdays(draw(st.dictionaries(days, st.booleans(), max_size=40)))


def local(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("began", "allowed", "unit", "due"),
    [
        (local(2026, 11, 2), 7, "calendar", "2026-11-09T23:59:59+08:00"),
        (local(2026, 11, 2), 0, "calendar", "2026-11-02T23:59:59+08:00"),
        (local(2026, 11, 2, 23), 1, "calendar", "2026-11-03T23:59:59+08:00"),
        (local(2026, 11, 6), 1, "working", "2026-11-09T23:59:59+08:00"),
        (local(2026, 11, 7), 1, "working", "2026-11-09T23:59:59+08:00"),
        # From the last day before the holiday: the 8th and 9th are worked, and so is Saturday the 10th.
        (local(2026, 9, 30), 2, "working", "2026-10-09T23:59:59+08:00"),
        (local(2026, 9, 30), 3, "working", "2026-10-10T23:59:59+08:00"),
        (local(2026, 9, 30), 4, "working", "2026-10-12T23:59:59+08:00"),
        (local(2026, 9, 18), 1, "working", "2026-09-20T23:59:59+08:00"),
        (local(2026, 11, 2), 36, "hours", "2026-11-03T21:00:00+08:00"),
        (local(2024, 2, 28), 1, "calendar", "2024-02-29T23:59:59+08:00"),
    ],
)
def test_worked_examples(began: datetime, allowed: int, unit: str, due: str) -> None:
    found = due_after(began, allowed, unit, zone=BEIJING, workdays=NATIONAL_DAY_2026)

    assert found == datetime.fromisoformat(due)
    assert found.tzinfo is UTC


def test_a_moment_belongs_to_the_day_of_the_zone_not_of_utc() -> None:
    late_on_monday_in_utc = datetime(2026, 11, 2, 20, tzinfo=UTC)

    due = due_after(late_on_monday_in_utc, 1, "calendar", zone=BEIJING)

    assert due == datetime.fromisoformat("2026-11-04T23:59:59+08:00")


def test_a_day_that_lost_an_hour_still_ends_at_its_last_second() -> None:
    before_the_change = datetime(2026, 3, 7, 12, tzinfo=DETROIT)

    assert due_after(before_the_change, 1, "calendar", zone=DETROIT) == datetime.fromisoformat(
        "2026-03-08T23:59:59-04:00"
    )
    assert end_of(date(2026, 3, 8), DETROIT) - start_of(date(2026, 3, 8), DETROIT) == timedelta(
        hours=22, minutes=59, seconds=59
    )


@pytest.mark.parametrize(
    ("after", "unit", "told"),
    [
        (0, "calendar", "2026-11-09T23:59:59+08:00"),
        (-1, "calendar", "2026-11-08T23:59:59+08:00"),
        (3, "calendar", "2026-11-12T23:59:59+08:00"),
        (-1, "working", "2026-11-06T23:59:59+08:00"),
        (1, "working", "2026-11-10T23:59:59+08:00"),
        (-12, "hours", "2026-11-09T11:59:59+08:00"),
    ],
)
def test_a_rung_is_told_so_long_after_or_before(after: int, unit: str, told: str) -> None:
    due = datetime.fromisoformat("2026-11-09T23:59:59+08:00")

    assert shifted(due, after, unit, zone=BEIJING) == datetime.fromisoformat(told)


@pytest.mark.parametrize(("allowed", "unit"), [(-1, "calendar"), (-1, "working"), (1, "weeks"), (40_000, "hours")])
def test_nonsense_is_refused(allowed: int, unit: str) -> None:
    with pytest.raises(ValueError):
        due_after(local(2026, 11, 2), allowed, unit, zone=BEIJING)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due_after(datetime(2026, 11, 2), 1, "calendar", zone=BEIJING)


def test_a_year_not_announced_is_known_as_such() -> None:
    calendar = Workdays.of(holidays=[date(2026, 1, 1)], years=[2026])

    assert calendar.is_known(date(2026, 3, 1), date(2026, 12, 31))
    assert not calendar.is_known(date(2026, 12, 30), date(2027, 1, 4))


@given(moments, counts, counts, units, calendars())
def test_more_days_are_never_due_earlier(at: datetime, few: int, more: int, unit: str, calendar: Workdays) -> None:
    few, more = sorted((few, more))

    assert due_after(at, few, unit, zone=BEIJING, workdays=calendar) <= due_after(
        at, more, unit, zone=BEIJING, workdays=calendar
    )


@given(moments, moments, counts, units, calendars())
def test_what_began_later_is_never_due_earlier(
    one: datetime, other: datetime, allowed: int, unit: str, calendar: Workdays
) -> None:
    first, second = sorted((one, other))

    assert due_after(first, allowed, unit, zone=BEIJING, workdays=calendar) <= due_after(
        second, allowed, unit, zone=BEIJING, workdays=calendar
    )


@given(moments, counts, units, calendars())
def test_nothing_is_due_before_it_began(at: datetime, allowed: int, unit: str, calendar: Workdays) -> None:
    assert due_after(at, allowed, unit, zone=BEIJING, workdays=calendar) >= at.replace(microsecond=0) - timedelta(
        seconds=1
    )


@given(days, st.integers(min_value=1, max_value=60), calendars())
def test_working_days_end_on_a_working_day_and_skip_the_others(day: date, count: int, calendar: Workdays) -> None:
    last = calendar.add(day, count)

    assert calendar.is_workday(last)
    assert calendar.between(day, last) == count


@given(days, counts, counts, calendars())
def test_working_days_add_up(day: date, one: int, other: int, calendar: Workdays) -> None:
    assert calendar.add(calendar.add(day, one), other) == calendar.add(day, one + other)
