"""What is owed: made once, stopped with the site, taken up again, waived with a reason."""

from datetime import date, timedelta

import pytest

from qianan.field.selfchecks import actions
from qianan.field.selfchecks.models import Occurrence, Standing
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Invalid, NotYours
from qianan.registry.duties.models import Duty
from tests.cast import MONDAY, Street
from tests.field.selfchecks.checks import (
    DAILY,
    FULL,
    SUNDAY,
    SUNDAY_EVENING,
    TODAY,
    begin,
    let_it_be_missed,
    standing,
    states,
)

CLOCK = Actor.system("clock")


def test_a_general_shop_owes_its_short_list_by_the_week_and_its_long_one_by_the_month(street: Street) -> None:
    made = begin(street)

    assert made == 2
    assert states(street.site, DAILY) == [(SUNDAY, "due")]
    assert states(street.site, FULL) == [(date(2026, 11, 30), "due")]
    short = Occurrence.objects.get(site_id=street.site.id, checklist=DAILY)
    assert (short.due_at, short.misses_at) == (SUNDAY_EVENING, SUNDAY_EVENING + timedelta(hours=24))
    assert (short.place_code, short.industry_code) == (street.site.place_code, "6210")
    assert short.post == street.posts["worker"].id
    assert Occurrence.objects.get(site_id=street.site.id, checklist=FULL).post == street.posts["safety_manager"].id


def test_a_key_unit_owes_its_short_list_every_day(street: Street) -> None:
    street.site.tier = "district_key"
    street.site.save(update_fields=["tier"])

    begin(street)
    begin(street, TODAY + timedelta(days=1), MONDAY + timedelta(days=1))

    assert states(street.site) == [(TODAY, "due"), (TODAY + timedelta(days=1), "due")]


def test_however_often_and_by_whomever_it_is_made_there_is_one(street: Street) -> None:
    begin(street)
    entries = len(street.trail_since(MONDAY))

    again = actions.make_occurrences(TODAY, now=MONDAY + timedelta(hours=1))
    later = actions.make_occurrences(TODAY + timedelta(days=3), now=MONDAY + timedelta(days=3))

    assert again == 2  # the other shop, which nobody had enrolled yet
    assert later == 0
    assert len(states(street.site)) == 1
    assert len(street.trail_since(MONDAY)) == entries + 2


def test_even_when_its_standing_was_forgotten(street: Street) -> None:
    begin(street)
    Standing.objects.all().delete()

    assert begin(street) == 0
    assert states(street.site) == [(SUNDAY, "due")]


def test_one_entry_a_district_and_list_says_how_many(street: Street) -> None:
    actions.make_occurrences(TODAY, now=MONDAY)

    news = [(e.about, e.place_code, e.body) for e in street.trail_since(MONDAY) if e.news == "selfchecks.ChecksFellDue"]
    assert [(about, body["checklist"], body["day"], body["count"]) for about, _, body in news] == [
        ("places.place::110105", DAILY, "2026-11-08", 1),
        ("places.place::110105", FULL, "2026-11-30", 1),
        ("places.place::110108", DAILY, "2026-11-08", 1),
        ("places.place::110108", FULL, "2026-11-30", 1),
    ]


def test_days_on_which_the_clock_stood_still_are_not_owed_afterwards(street: Street) -> None:
    street.site.tier = "district_key"
    street.site.save(update_fields=["tier"])
    begin(street)

    begin(street, TODAY + timedelta(days=5), MONDAY + timedelta(days=5))

    assert [day for day, _ in states(street.site)] == [TODAY, TODAY + timedelta(days=5)]


def test_a_shop_that_joins_in_the_last_days_of_the_month_owes_the_long_list_in_the_next(street: Street) -> None:
    late = date(2026, 11, 27)
    begin(street, late, MONDAY + timedelta(days=25))
    begin(street, date(2026, 12, 1), MONDAY + timedelta(days=29))

    assert states(street.site, FULL) == [(date(2026, 12, 31), "due")]


def test_a_shut_site_owes_nothing_and_is_not_silent(street: Street) -> None:
    now = let_it_be_missed(street)
    begin(street, date(2026, 11, 9), now)

    street.site.state = "paused"
    street.site.save(update_fields=["state"])
    waived = actions.stop_checks([street.site], reason="装修", from_day=date(2026, 11, 10), by=CLOCK, now=now)

    assert waived == 2
    assert states(street.site) == [(SUNDAY, "missed"), (date(2026, 11, 15), "waived")]
    assert (standing(street.site).active, standing(street.site).missed_in_row) == (False, 0)
    assert not Duty.objects.filter(kind="silence", state="open").exists()
    assert begin(street, date(2026, 11, 16), now + timedelta(days=7)) == 0


def test_it_owes_its_checks_again_when_it_opens_and_the_waived_one_comes_back(street: Street) -> None:
    begin(street)
    street.site.state = "paused"
    street.site.save(update_fields=["state"])
    actions.stop_checks([street.site], reason="装修", from_day=TODAY, by=CLOCK, now=MONDAY)
    street.site.state = "open"
    street.site.save(update_fields=["state"])

    thursday = MONDAY + timedelta(days=3)
    back = actions.resume_checks([street.site], from_day=thursday.date(), by=CLOCK, now=thursday)

    assert back == 2
    assert states(street.site) == [(SUNDAY, "due")]
    assert standing(street.site).owed_since == date(2026, 11, 5)
    assert street.trail_since(thursday)[0].news == "selfchecks.ChecksResumed"


def test_an_officer_waives_missed_checks_and_the_silence_ends(street: Street) -> None:
    now = let_it_be_missed(street, times=2)

    count = actions.waive(
        street.site,
        since=TODAY,
        until=date(2026, 11, 15),
        reason="封路",
        by=street.officer_li,
        now=now,
        checklist=DAILY,
    )

    assert count == 2
    assert [state for _, state in states(street.site)] == ["waived", "waived"]
    assert (standing(street.site).missed, standing(street.site).missed_in_row) == (0, 0)
    assert not Duty.objects.filter(kind="silence", state="open").exists()


def test_waiving_one_of_two_misses_leaves_it_silent(street: Street) -> None:
    now = let_it_be_missed(street, times=2)

    actions.waive(street.site, since=TODAY, until=SUNDAY, reason="封路", by=street.officer_li, now=now)

    assert standing(street.site).missed_in_row == 1
    assert Duty.objects.filter(kind="silence", state="open").count() == 1


@pytest.mark.parametrize("who", ["lao_wang", "officer_he", "stranger", "boss_qian"])
def test_nobody_waives_his_own_checks_or_those_of_another_area(street: Street, who: str) -> None:
    begin(street)
    before = len(street.trail_since(MONDAY))

    with pytest.raises(NotYours, match="not_your_area"):
        actions.waive(street.site, since=TODAY, until=SUNDAY, reason="封路", by=getattr(street, who), now=MONDAY)

    assert states(street.site) == [(SUNDAY, "due")]
    assert len(street.trail_since(MONDAY)) == before


@pytest.mark.parametrize(
    ("since", "until", "reason", "code"),
    [(TODAY, SUNDAY, "  ", "reason_missing"), (SUNDAY, TODAY, "封路", "days_reversed")],
)
def test_waiving_needs_a_reason_and_days_in_order(
    street: Street, since: date, until: date, reason: str, code: str
) -> None:
    begin(street)

    with pytest.raises(Invalid, match=code):
        actions.waive(street.site, since=since, until=until, reason=reason, by=street.officer_li, now=MONDAY)

    assert states(street.site) == [(SUNDAY, "due")]
