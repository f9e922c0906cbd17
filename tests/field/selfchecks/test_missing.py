"""What was not handed in."""

from datetime import date, timedelta

from qianan.field.selfchecks import actions
from qianan.field.selfchecks.actions import miss_overdue
from qianan.field.selfchecks.queries import standing_ref
from qianan.kernel.actor import Actor
from qianan.registry.duties.models import Duty
from tests.cast import MONDAY, Street
from tests.field.selfchecks.checks import (
    DAILY,
    SUNDAY,
    SUNDAY_EVENING,
    a_check,
    begin,
    let_it_be_missed,
    standing,
    states,
)

CLOCK = Actor.system("clock")
GRACE = timedelta(hours=24)


def test_within_the_grace_nothing_is_missed(street: Street) -> None:
    begin(street)

    assert miss_overdue(SUNDAY_EVENING + GRACE - timedelta(seconds=1)) == 0
    assert states(street.site) == [(SUNDAY, "due")]


def test_after_the_grace_it_is_missed_and_a_silence_begins(street: Street) -> None:
    now = let_it_be_missed(street)

    assert states(street.site) == [(SUNDAY, "missed")]
    assert (standing(street.site).missed, standing(street.site).missed_in_row) == (1, 1)
    (duty,) = Duty.objects.filter(kind="silence", state="open")
    assert (duty.about, duty.site_id) == (str(standing_ref(standing(street.site))), street.site.id)
    assert duty.owner_post == street.posts["worker"].id
    assert [
        (entry.news, entry.body.get("count"), entry.body.get("day"))
        for entry in street.trail_since(now)
        if entry.news.startswith("selfchecks.")
    ] == [("selfchecks.ChecksMissed", 1, "2026-11-08"), ("selfchecks.SilenceBegan", None, None)]


def test_to_be_silent_is_one_duty_however_many_weeks(street: Street) -> None:
    let_it_be_missed(street, times=3)

    assert [state for _, state in states(street.site)] == ["missed"] * 3
    assert standing(street.site).missed_in_row == 3
    assert Duty.objects.filter(kind="silence", state="open").count() == 1


def test_looking_twice_misses_once(street: Street) -> None:
    now = let_it_be_missed(street)
    before = len(street.trail_since(MONDAY))

    assert miss_overdue(now) == 0
    assert standing(street.site).missed == 1
    assert len(street.trail_since(MONDAY)) == before


def test_a_check_that_came_in_is_not_missed(street: Street) -> None:
    begin(street)
    actions.receive_submission(a_check(street), by=street.xiao_zhao, now=MONDAY)

    assert miss_overdue(SUNDAY_EVENING + GRACE) == 0
    assert states(street.site) == [(SUNDAY, "done")]


def test_a_site_that_was_shut_meanwhile_misses_but_does_not_fall_silent(street: Street) -> None:
    begin(street)
    actions.stop_checks([street.site], reason="停业", from_day=date(2026, 11, 20), by=CLOCK, now=MONDAY)

    assert miss_overdue(SUNDAY_EVENING + GRACE) == 1
    assert states(street.site, DAILY) == [(SUNDAY, "missed")]
    assert (standing(street.site).missed, standing(street.site).missed_in_row) == (1, 0)
    assert not Duty.objects.filter(kind="silence", state="open").exists()
