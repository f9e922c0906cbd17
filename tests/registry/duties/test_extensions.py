"""More time is an event, not an edit; the clock goes on until somebody else decides."""

from datetime import timedelta

import pytest

from qianan.kernel.problems import Conflict, Invalid, NotFound, NotNow, NotYours
from qianan.registry.duties import queries
from qianan.registry.duties.actions import (
    ask_extension,
    decide_extension,
    discharge,
    escalate_overdue,
    open_duty,
)
from qianan.registry.duties.models import Climb, Extension
from tests.cast import MONDAY, Street
from tests.registry.duties.test_ladder import a_duty
from tests.registry.duties.test_promises import new_duty

DAY = timedelta(days=1)
UNTIL = MONDAY + 20 * DAY


def test_granted_time_resets_the_ladder_and_keeps_the_old_deadline(street: Street) -> None:
    duty = a_duty(street)
    was = duty.due_at
    escalate_overdue(MONDAY + 8 * DAY)
    asked = ask_extension(duty, until=UNTIL, reason="等配件", by=street.xiao_zhao, now=MONDAY + 8 * DAY)
    duty.refresh_from_db()
    assert (duty.rung, duty.due_at) == (1, was)

    decide_extension(asked, grant=True, by=street.officer_li, now=MONDAY + 9 * DAY)

    duty.refresh_from_db()
    assert (duty.rung, duty.due_at, duty.extensions) == (0, UNTIL, 1)
    assert duty.next_climb_at == UNTIL - DAY
    row = Extension.objects.get()
    assert (row.state, row.was, row.until, row.decided_by) == ("granted", was, UNTIL, street.officer_li.ref)
    escalate_overdue(UNTIL + DAY)
    assert list(Climb.objects.filter(rung=1).order_by("at").values_list("due_at", flat=True)) == [was, UNTIL]


def test_asking_does_not_stop_the_clock(street: Street) -> None:
    duty = a_duty(street)
    ask_extension(duty, until=UNTIL, reason="等配件", by=street.xiao_zhao, now=MONDAY)

    escalate_overdue(MONDAY + 8 * DAY)

    duty.refresh_from_db()
    assert duty.rung == 1


def test_refused_time_needs_a_word_and_changes_nothing(street: Street) -> None:
    duty = a_duty(street)
    asked = ask_extension(duty, until=UNTIL, reason="等配件", by=street.xiao_zhao, now=MONDAY)
    with pytest.raises(Invalid, match="reason_needed"):
        decide_extension(asked, grant=False, by=street.officer_li, now=MONDAY + DAY)
    assert street.trail_since(MONDAY + DAY) == []

    decide_extension(asked, grant=False, note="本周有货", by=street.officer_li, now=MONDAY + DAY)

    before = duty.due_at
    duty.refresh_from_db()
    assert (duty.due_at, duty.extensions) == (before, 0)
    told = street.trail_since(MONDAY + DAY)
    assert [(entry.news, entry.body["granted"]) for entry in told] == [("duties.ExtensionDecided", False)]
    with pytest.raises(NotNow):
        decide_extension(asked, grant=True, by=street.officer_li, now=MONDAY + DAY)


@pytest.mark.parametrize("who", ["xiao_zhao", "lao_wang", "sister_liu", "officer_he", "boss_qian", "stranger", "admin"])
def test_nobody_but_an_officer_over_the_shop_decides(street: Street, who: str) -> None:
    asked = ask_extension(a_duty(street), until=UNTIL, reason="等配件", by=street.xiao_zhao, now=MONDAY)

    with pytest.raises(NotYours, match="not_your_area"):
        decide_extension(asked, grant=True, by=street.actors[who], now=MONDAY + DAY)

    assert street.trail_since(MONDAY + DAY) == []
    assert list(queries.extensions_for(street.actors[who])) == []


@pytest.mark.parametrize("who", ["officer_li", "chief_zhang", "director_sun", "ms_chen"])
def test_officers_over_it_find_the_request(street: Street, who: str) -> None:
    asked = ask_extension(a_duty(street), until=UNTIL, reason="等配件", by=street.xiao_zhao, now=MONDAY)

    assert list(queries.extensions_for(street.actors[who])) == [asked]
    assert queries.extension_for(street.actors[who], asked.business_id, asked.id) == asked
    with pytest.raises(NotFound, match="no_such_extension"):
        queries.extension_for(street.officer_he, asked.business_id, asked.id)


def test_what_is_asked_must_make_sense(street: Street) -> None:
    duty = a_duty(street)
    for until, reason, code in [
        (duty.due_at, "等", "not_later"),
        (MONDAY - DAY, "等", "not_later"),
        (UNTIL, "  ", "reason_needed"),
        (UNTIL, "长" * 501, "too_long"),
    ]:
        with pytest.raises(Invalid, match=code):
            ask_extension(duty, until=until, reason=reason, by=street.xiao_zhao, now=MONDAY + DAY)
    with pytest.raises(NotYours):
        ask_extension(duty, until=UNTIL, reason="等", by=street.boss_qian, now=MONDAY + DAY)
    assert street.trail_since(MONDAY + DAY) == []

    ask_extension(duty, until=UNTIL, reason="等", by=street.xiao_zhao, now=MONDAY + DAY)
    with pytest.raises(Conflict, match="extension_asked"):
        ask_extension(duty, until=UNTIL, reason="等", by=street.lao_wang, now=MONDAY + DAY)


def test_silence_ends_by_checking_not_by_waiting(street: Street) -> None:
    duty = open_duty(new_duty(street, kind="silence", level=""), by=street.lao_wang, now=MONDAY)

    with pytest.raises(NotNow, match="no_extension"):
        ask_extension(duty, until=UNTIL, reason="忙", by=street.lao_wang, now=MONDAY)


def test_no_time_for_what_has_ended(street: Street) -> None:
    duty = a_duty(street)
    asked = ask_extension(duty, until=UNTIL, reason="等", by=street.xiao_zhao, now=MONDAY)
    discharge(queries.Ref.parse(duty.about), duty.kind, by=street.xiao_zhao, now=MONDAY)

    with pytest.raises(NotNow, match="duty_over"):
        decide_extension(asked, grant=True, by=street.officer_li, now=MONDAY + DAY)

    decide_extension(asked, grant=False, note="已经改好", by=street.officer_li, now=MONDAY + DAY)
    assert Extension.objects.get().state == "refused"
