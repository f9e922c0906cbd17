"""The timetable: every line at its hour, none forgotten, a failing one does not stop the others."""

from datetime import UTC, datetime, time, timedelta

from qianan.clock import Line
from qianan.doors.console.running import Timetable

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)  # twelve in Beijing


def test_every_line_runs_at_the_start() -> None:
    struck: list[str] = []
    table = Timetable(
        (Line("a", lambda at: struck.append("a"), every=60), Line("b", lambda at: struck.append("b"), at=time(3)))
    )

    assert table.strike(NOON) == ["a", "b"]
    assert struck == ["a", "b"]


def test_a_line_waits_its_seconds() -> None:
    table = Timetable((Line("a", lambda at: None, every=60),))
    table.strike(NOON)

    assert table.strike(NOON + timedelta(seconds=59)) == []
    assert table.strike(NOON + timedelta(seconds=60)) == ["a"]


def test_a_daily_line_strikes_once_after_its_local_hour() -> None:
    table = Timetable((Line("a", lambda at: None, at=time(0, 5)),))
    table.strike(NOON)

    midnight = datetime(2026, 11, 2, 16, 0, tzinfo=UTC)
    assert table.strike(midnight + timedelta(minutes=4)) == []
    assert table.strike(midnight + timedelta(minutes=5)) == ["a"]
    assert table.strike(midnight + timedelta(minutes=6)) == []


def test_a_night_without_power_is_made_up_for() -> None:
    table = Timetable((Line("a", lambda at: None, at=time(0, 5)),))
    table.strike(NOON)

    assert table.strike(NOON + timedelta(days=3)) == ["a"]


def test_a_line_that_fails_leaves_the_others_running() -> None:
    struck: list[str] = []

    def fail(at: datetime) -> None:
        raise ValueError("no")

    table = Timetable((Line("bad", fail, every=1), Line("good", lambda at: struck.append("good"), every=1)))

    table.strike(NOON)
    table.strike(NOON + timedelta(seconds=1))

    assert struck == ["good", "good"]
