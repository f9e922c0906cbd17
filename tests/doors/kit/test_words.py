"""Days, figures and codes as people read them, in both languages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from qianan.doors.kit import dates, words
from qianan.kernel.named import Named
from tests.cast import MONDAY


@pytest.fixture(autouse=True)
def _monday(turn_the_clock) -> None:
    turn_the_clock(to=MONDAY)


@pytest.mark.parametrize(
    ("say", "value", "zh", "en"),
    [
        (dates.when, MONDAY, "11月2日 09:00", "2 Nov 09:00"),
        (dates.when, datetime(2025, 3, 4, 16, 30, tzinfo=UTC), "2025年3月5日 00:30", "5 Mar 2025 00:30"),
        (dates.day, date(2026, 12, 31), "12月31日", "31 Dec"),
        (dates.day, date(2027, 1, 1), "2027年1月1日", "1 Jan 2027"),
        (dates.by, MONDAY + timedelta(hours=3), "今天 12:00", "today 12:00"),
        (dates.by, MONDAY + timedelta(days=1), "明天 09:00", "tomorrow 09:00"),
        (dates.by, MONDAY + timedelta(days=3), "周四 11月5日 09:00", "Thu, 5 Nov 09:00"),
        (dates.by, datetime(2026, 11, 9, 15, 59, 59, tzinfo=UTC), "11月9日", "9 Nov"),
        (dates.by, datetime(2026, 11, 2, 15, 59, 59, tzinfo=UTC), "今天 24:00", "today"),
        (dates.until, datetime(2026, 11, 9, 15, 59, 59, tzinfo=UTC), "11月9日", "9 Nov"),
        (dates.until, "2026-11-09T08:00:00+00:00", "11月9日 16:00", "9 Nov 16:00"),
        (dates.ago, MONDAY - timedelta(days=2), "2 天前", "2 days ago"),
        (dates.ago, MONDAY + timedelta(hours=1, seconds=30), "1 小时后", "in 1 hour"),
        (dates.ago, MONDAY, "刚刚", "just now"),
        (dates.num, 1234567, "1,234,567", "1,234,567"),
        (dates.num, None, "—", "—"),
        (dates.when, None, "—", "—"),
    ],
)
def test_days_and_figures(say, value, zh: str, en: str) -> None:
    with translation.override("zh-hans"):
        assert say(value) == zh
    with translation.override("en"):
        assert say(value) == en


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_named_takes_the_readers_language_and_falls_back_to_chinese() -> None:
    row = {"name_zh": "面馆", "name_en": "Noodles"}
    with translation.override("en"):
        assert render("{{ row|named }}", row=row) == "Noodles"
        assert render("{{ row|named }}", row={"title_zh": "只有中文", "title_en": ""}) == "只有中文"
        assert render("{{ row|named }}", row=Named("区", "District")) == "District"
        assert render("{{ row|named }}", row=None) == "—"
    with translation.override("zh-hans"):
        assert render("{{ row|named }}", row=row) == "面馆"


def test_a_label_that_nobody_wrote_is_the_code_in_words() -> None:
    assert words.label("nothing.state.handed_in") == "handed in"
    assert words.label("role", "principal") in {"principal", "主要负责人"}


def test_icons_are_silent_unless_they_have_a_title() -> None:
    assert render('{% icon "clock" %}') == '<svg class="i" aria-hidden="true"><use href="#i-clock"/></svg>'
    assert 'role="img" aria-label="time &lt;left&gt;"' in render('{% icon "clock" title %}', title="time <left>")


@pytest.mark.parametrize(
    ("due", "figure", "late"),
    [
        (MONDAY + timedelta(days=2, hours=1), ">2<", False),
        (MONDAY + timedelta(hours=5, minutes=1), ">5<", False),
        (MONDAY - timedelta(days=3), ">+3<", True),
    ],
)
def test_the_clock_counts_days_then_hours_then_over(due: datetime, figure: str, late: bool) -> None:
    with translation.override("en"):
        drawn = render("{% clock due allowed=7 basis='the rule' interim='valve shut' %}", due=due)

    assert figure in drawn
    assert ("late" in drawn) is late
    assert "the rule" in drawn
    assert "Until it is fixed: valve shut" in drawn


def test_a_level_and_a_state_have_word_and_shape() -> None:
    with translation.override("en"):
        assert "#r-red" in render("{% level 'major' %}")
        assert "#r-red" not in render("{% level 'general' %}")
        late = render("{% state 'rectifying' days_late=2 %}")
    assert "#m-late" in late
    assert "2 days late" in late


def test_every_state_of_every_lifecycle_has_its_moon() -> None:
    from qianan.doors.kit.templatetags.kit import MOONS
    from qianan.field.hazards import lifecycle as hazards
    from qianan.field.selfchecks import lifecycle as selfchecks
    from qianan.registry.duties import lifecycle as duties

    for table in (
        hazards.HAZARD,
        hazards.RECTIFICATION,
        selfchecks.OCCURRENCE,
        selfchecks.SUBMISSION,
        duties.DUTY,
        duties.EXTENSION,
    ):
        assert set(table.states) <= set(MOONS), table.noun


def test_a_vacant_post_is_shown_not_left_out() -> None:
    with translation.override("en"):
        drawn = render(
            "{% who post part='Checks it' since=day %}", post=Named("岗", "Kitchen lead"), day=date(2026, 10, 1)
        )

    assert "face--none" in drawn
    assert "vacant since 1 Oct" in drawn


def test_a_qr_code_has_its_words_beside_it() -> None:
    drawn = render("{% qr 'https://example.test/x' code='ZC-1' %}")

    assert "<path" in drawn
    assert "ZC-1" in drawn
