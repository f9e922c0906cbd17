"""Figures: numbers carry their whole, lines say themselves in words, a strip of days begins on Monday."""

from datetime import date

import pytest
from django.utils import translation

from qianan.doors.kit import figures


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (93058, "93,058"), (1.5, "1.5"), (2.0, "2"), (None, "—"), (-1200, "-1,200")]
)
def test_numbers_mark_their_thousands(value: float | None, said: str) -> None:
    assert figures.number(value) == said


def test_a_share_of_nothing_is_no_number() -> None:
    assert figures.percent(1, 4) == "25.0%"
    assert figures.percent(0, 0) == "—"


def test_a_bar_is_never_empty_for_something() -> None:
    assert figures.width(1, 10_000) == "w1"
    assert figures.width(0, 10) == "w0"
    assert figures.width(12, 10) == "w100"
    assert figures.width(3, 0) == "w0"


def test_one_point_makes_no_line() -> None:
    assert figures.spark([]) is None
    assert figures.spark([None, 4]) is None
    flat = figures.spark([3, 3, 3])
    assert flat is not None
    assert flat.d == "M0.0 14.0L44.0 14.0L88.0 14.0"


def test_a_sparkline_ends_at_its_last_point() -> None:
    drawn = figures.spark([0, None, 10])

    assert drawn == figures.Spark(d="M0.0 26.0L88.0 4.0", x=88.0, y=4.0)


def test_a_chart_says_itself_in_words_and_has_its_table() -> None:
    with translation.override("en"):
        chart = figures.lines(
            [("2026", [0.5, 0.6, 0.7]), ("a year before", [0.4, None, 0.45])],
            ["1 Nov", "8 Nov", "15 Nov"],
            what="Checks",
        )

    assert chart is not None
    assert chart.alt == "Checks: first 50.0%, last 70.0%; lowest 50.0% in 1 Nov, highest 70.0% in 15 Nov"
    assert chart.rows[0] == ("15 Nov", ("70.0%", "45.0%"))
    assert chart.rows[1] == ("8 Nov", ("60.0%", "—"))
    assert [line.now for line in chart.lines] == [True, False]
    assert figures.lines([("2026", [None, 0.5])], ["a", "b"], what="Checks") is None


def test_the_strip_of_days_begins_on_monday_and_marks_each_day() -> None:
    with translation.override("en"):
        strip = figures.heat(
            {date(2026, 11, 4): "d", date(2026, 11, 5): "m"},
            since=date(2026, 11, 3),
            until=date(2026, 11, 12),
            says="two weeks",
            alt="two weeks",
            words={"d": "in time", "m": "not done"},
        )

    assert len(strip.cells) == 14
    assert [cell.mark for cell in strip.cells] == ["e", "x", "d", "m", "x", "x", "x", "x", "x", "x", "x", "e", "e", "e"]
    assert strip.cells[2].title.endswith("in time")
    assert [month.span for month in strip.months] == ["c2"]


def test_a_stacked_bar_leaves_nothing_out_and_draws_no_zero() -> None:
    assert figures.stacked(("o", 1), ("s2", 0), ("hatch", 3)) == (
        figures.Part("o", "w25"),
        figures.Part("hatch", "w75"),
    )
    assert figures.stacked(("o", 0)) == ()
