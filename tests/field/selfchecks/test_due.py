"""When an owed check falls due."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianan.field.selfchecks.due import FREQUENCIES, due_on, period, too_soon

BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("frequency", "first", "last"),
    [
        ("daily", date(2026, 11, 4), date(2026, 11, 4)),
        ("weekly", date(2026, 11, 2), date(2026, 11, 8)),
        ("monthly", date(2026, 11, 1), date(2026, 11, 30)),
        ("quarterly", date(2026, 10, 1), date(2026, 12, 31)),
        ("half_yearly", date(2026, 7, 1), date(2026, 12, 31)),
        ("yearly", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_the_period_of_a_wednesday(frequency: str, first: date, last: date) -> None:
    assert period(frequency, date(2026, 11, 4)) == (first, last)


def test_february_of_a_leap_year_ends_on_the_29th() -> None:
    assert period("monthly", date(2028, 2, 3))[1] == date(2028, 2, 29)


def test_an_unknown_rhythm_is_refused() -> None:
    with pytest.raises(ValueError, match="fortnightly"):
        period("fortnightly", date(2026, 11, 4))


@given(st.sampled_from(FREQUENCIES), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_periods_tile_the_calendar(frequency: str, day: date) -> None:
    first, last = period(frequency, day)

    assert first <= day <= last
    assert period(frequency, first) == period(frequency, last) == (first, last)
    assert period(frequency, last + timedelta(days=1))[0] == last + timedelta(days=1)


def test_it_is_due_at_its_hour_and_missed_after_the_grace() -> None:
    due = due_on("weekly", date(2026, 11, 4), due_time=time(20), grace_hours=24, zone=BEIJING)

    assert due.day == date(2026, 11, 8)
    assert due.at == datetime(2026, 11, 8, 12, tzinfo=UTC)
    assert due.misses_at == datetime(2026, 11, 9, 12, tzinfo=UTC)


def test_who_joins_in_the_last_week_of_a_quarter_is_spared_its_long_list() -> None:
    assert too_soon("quarterly", date(2026, 12, 31), date(2026, 12, 26))
    assert not too_soon("quarterly", date(2026, 12, 31), date(2026, 12, 24))
    assert not too_soon("weekly", date(2026, 11, 8), date(2026, 11, 8))
