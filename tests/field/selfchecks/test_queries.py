"""What is asked: what is owed, what came in, who has not reported, how far an area is covered."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianan.field.selfchecks import actions, queries
from qianan.kernel.problems import NotFound
from tests.cast import MONDAY, Street
from tests.field.selfchecks.checks import DAILY, FULL, SUNDAY, TODAY, a_check, begin, let_it_be_missed, standing

EVERYBODY = ["lao_wang", "sister_liu", "xiao_zhao", "officer_li", "chief_zhang", "director_sun", "ms_chen", "admin"]
OUTSIDERS = ["boss_qian", "officer_he", "stranger"]


def test_the_cook_sees_the_list_for_the_staff_and_the_principal_every_list(street: Street) -> None:
    begin(street)

    def seen(who: str) -> list[tuple[str, str]]:
        return [(each.checklist.code, each.state) for each in queries.owed_for(getattr(street, who), on=TODAY)]

    assert seen("xiao_zhao") == [(DAILY, "due")]
    assert seen("sister_liu") == seen("lao_wang") == [(DAILY, "due"), (FULL, "due")]
    assert seen("officer_li") == seen("boss_qian") == seen("stranger") == []


def test_what_is_owed_comes_ready_to_be_filled_in(street: Street) -> None:
    let_it_be_missed(street)
    begin(street, date(2026, 11, 9), MONDAY + timedelta(days=7))

    owed = queries.owed_for(street.xiao_zhao, on=date(2026, 11, 9))[0]

    assert (owed.site, owed.edition.version_id) == (street.site, f"{DAILY}@1")
    assert owed.standing is not None
    assert owed.standing.missed_in_row == 1


def test_it_takes_as_many_statements_for_one_as_for_many(street: Street) -> None:
    begin(street)
    queries.owed_for(street.lao_wang, on=TODAY)

    with CaptureQueriesContext(connection) as many:
        queries.owed_for(street.lao_wang, on=TODAY)

    assert len(many) == 4


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_may_see_the_shop_sees_its_checks(street: Street, who: str) -> None:
    begin(street)
    check = a_check(street)
    result = actions.receive_submission(check, by=street.xiao_zhao, now=MONDAY)
    actor = getattr(street, who)

    assert queries.submission_for(actor, street.business.id, check.id).id == check.id
    assert queries.occurrence_for(actor, street.business.id, result.occurrence).state == "done"
    assert [each.id for each in queries.submissions_for(actor, place_code="110105")] == [check.id]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_for_others_it_is_not_there(street: Street, who: str) -> None:
    begin(street)
    check = a_check(street)
    result = actions.receive_submission(check, by=street.xiao_zhao, now=MONDAY)
    actor = getattr(street, who)

    with pytest.raises(NotFound, match="no_such_submission"):
        queries.submission_for(actor, street.business.id, check.id)
    with pytest.raises(NotFound, match="no_such_check"):
        queries.occurrence_for(actor, street.business.id, result.occurrence)
    assert list(queries.submissions_for(actor)) == []
    assert list(queries.standings_for(actor)) == []


@pytest.mark.parametrize("id", ["", "x", "0", "8b7cba10-c2b4-4f0e-b839-8941266b5b6d"])
def test_an_id_that_is_none_is_not_found(street: Street, id: str) -> None:
    with pytest.raises(NotFound):
        queries.submission_for(street.director_sun, street.business.id, id)
    with pytest.raises(NotFound):
        queries.occurrence_for(street.director_sun, id, id)
    with pytest.raises(NotFound):
        queries.conflict_for(street.lao_wang, id, id)


def test_submissions_are_sifted(street: Street) -> None:
    day = timedelta(days=1)
    first = actions.receive_submission(a_check(street), by=street.xiao_zhao, now=MONDAY)
    second = actions.receive_submission(a_check(street, code=FULL), by=street.lao_wang, now=MONDAY + day)

    def ids(**wanted: Any) -> list[object]:
        return [each.id for each in queries.submissions_for(street.officer_li, **wanted)]

    assert ids() == [second.id, first.id]
    assert ids(checklist=FULL) == ids(led=True) == ids(since=MONDAY + day) == [second.id]
    assert ids(until=MONDAY + day) == ids(led=False) == [first.id]
    assert ids(business=street.other_business.id) == ids(state="returned") == []
    assert ids(site=street.site.id, business=street.business.id) == [second.id, first.id]


def test_the_strip_shows_the_worst_of_each_day(street: Street) -> None:
    now = let_it_be_missed(street)
    begin(street, date(2026, 11, 9), now)

    days = queries.calendar_of(street.business.id, street.site.id, date(2026, 11, 7), date(2026, 11, 9))

    assert [(each.day.day, each.state, [mark.state for mark in each.marks]) for each in days] == [
        (7, "", []),
        (8, "missed", ["missed"]),
        (9, "", []),
    ]


def test_the_occurrence_of_a_submission(street: Street) -> None:
    begin(street)
    answered = actions.receive_submission(a_check(street), by=street.xiao_zhao, now=MONDAY)
    extra = actions.receive_submission(a_check(street), by=street.xiao_zhao, now=MONDAY)

    assert queries.occurrence_of(answered.submission).due_day == SUNDAY
    assert queries.occurrence_of(extra.submission) is None


# -- who has not reported ---------------------------------------------------------------


def test_the_silent_come_first(street: Street) -> None:
    now = let_it_be_missed(street, times=2)
    actions.make_occurrences(now.date(), now=now)

    (silent,) = queries.silent_for(street.officer_li, place_code="110105001")

    assert (silent.site_id, silent.checklist, silent.missed_in_row) == (street.site.id, DAILY, 2)
    assert list(queries.silent_for(street.officer_li, place_code="110108")) == []
    assert list(queries.silent_for(street.officer_he)) == []
    assert queries.standings_for(street.director_sun, silent=False).count() == 3


def test_coverage_counts_sites_by_place(street: Street) -> None:
    actions.make_occurrences(TODAY, now=MONDAY)
    actions.receive_submission(a_check(street), by=street.lao_wang, now=MONDAY)

    rows = queries.coverage(street.director_sun, place_code="11", since=MONDAY - timedelta(days=30), on=TODAY)

    assert [
        (each.code, each.name_zh, each.sites, each.checked, each.silent, each.led, each.never) for each in rows
    ] == [
        ("110105", "朝阳区", 1, 1, 0, 1, 0),
        ("110108", "海淀区", 1, 0, 0, 0, 1),
    ]


@pytest.mark.parametrize(
    ("who", "place", "shown"),
    [
        ("chief_zhang", "110105", ["110105001"]),
        ("officer_li", "110105001", ["110105001026"]),
        ("ms_chen", "110105", ["110105001"]),
        ("officer_he", "110105", []),
    ],
)
def test_one_drills_down_as_far_as_one_s_seat_reaches(street: Street, who: str, place: str, shown: list[str]) -> None:
    actions.make_occurrences(TODAY, now=MONDAY)

    rows = queries.coverage(getattr(street, who), place_code=place, since=MONDAY, on=TODAY)

    assert [each.code for each in rows] == shown


def test_coverage_by_trade_folds_into_sections(street: Street) -> None:
    now = let_it_be_missed(street)
    actions.make_occurrences(now.date(), now=now)

    (row,) = queries.coverage(street.director_sun, by="trade", since=MONDAY, on=now.date())

    assert (row.code, row.name_zh, row.sites, row.silent) == ("H", "住宿和餐饮业", 2, 1)


@pytest.mark.parametrize("by", ["place", "trade"])
def test_the_board_asks_little_however_many_rows(street: Street, by: str) -> None:
    actions.make_occurrences(TODAY, now=MONDAY)
    queries.coverage(street.director_sun, place_code="11", by=by, since=MONDAY, on=TODAY)

    with CaptureQueriesContext(connection) as asked:
        queries.coverage(street.director_sun, place_code="11", by=by, since=MONDAY, on=TODAY)

    assert len(asked) <= 2


def test_checks_that_principals_led(street: Street) -> None:
    actions.make_occurrences(TODAY, now=MONDAY)
    actions.receive_submission(a_check(street), by=street.lao_wang, now=MONDAY)
    actions.receive_submission(a_check(street), by=street.xiao_zhao, now=MONDAY)

    rows = queries.principal_led_counts(street.director_sun, place_code="11", since=MONDAY, on=TODAY)

    assert [(each.code, each.sites, each.led_sites, each.checks, each.led_checks) for each in rows] == [
        ("110105", 1, 1, 2, 1),
        ("110108", 1, 0, 0, 0),
    ]


def test_the_trend_goes_week_by_week(street: Street) -> None:
    now = let_it_be_missed(street, times=2)
    begin(street, date(2026, 11, 16), now)
    actions.receive_submission(a_check(street, now, day=date(2026, 11, 22)), by=street.lao_wang, now=now)

    weeks = queries.weekly(street.chief_zhang, place_code="110105", weeks=3, on=date(2026, 11, 18))

    assert [(each.monday.day, each.owed, each.done, each.late, each.missed, each.led) for each in weeks] == [
        (2, 1, 0, 0, 1, 0),
        (9, 1, 0, 0, 1, 0),
        (16, 1, 1, 0, 0, 1),
    ]
    assert [each.owed for each in queries.weekly(street.officer_he, weeks=3, on=date(2026, 11, 18))] == [0, 0, 0]


def test_standings_are_found_by_what_a_silence_is_about(street: Street) -> None:
    begin(street)
    row = standing(street.site)
    ref = queries.standing_ref(row)

    assert queries.standings_by_ref([ref, street.business.ref]) == {str(ref): row}
    assert [each.checklist for each in queries.standing_of(street.site)] == [DAILY, FULL]


def test_missed_checks_of_one_s_own(street: Street) -> None:
    let_it_be_missed(street, times=2)

    assert [each.due_day.day for each in queries.missed_for(street.lao_wang, since=TODAY)] == [15, 8]
    assert [each.due_day.day for each in queries.missed_for(street.lao_wang, since=date(2026, 11, 9))] == [15]
    assert not queries.missed_for(street.boss_qian, since=TODAY).exists()
