"""What offices do: lists, stops, transfers, double reports, and what boards count."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianan.field.hazards import queries
from qianan.field.hazards.actions import (
    NewHazard,
    hand_in,
    lift_supervision,
    make_plan,
    receive_double_report,
    receive_transfer,
    report_hazards,
    resume_work,
    review,
    send_double_report,
    supervise,
    suspend_work,
    transfer,
)
from qianan.field.hazards.models import DoubleReport, Hazard, Plan, Supervision, Suspension, Transfer
from qianan.kernel.actor import Actor, SeatView
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid, NotFound, NotNow, NotYours
from qianan.registry.duties.models import Duty
from tests.cast import MONDAY, Street
from tests.field.hazards.stages import HOUR, PLAN, bring_to, report

DAY = timedelta(days=1)


def fireman(street: Street) -> Actor:
    seat = SeatView(id=uuid7(MONDAY), role="industry", place_code="110105", line="fire", body_code="dept:fire:110105")
    return replace(street.stranger, seats=(seat,), seat=seat)


# -- lists ------------------------------------------------------------------------------


def test_a_district_lists_a_major_and_owes_the_follow_up(street: Street) -> None:
    hazard = bring_to("rectifying", street, level="major")

    row = supervise(hazard, reason="春节前必须消除", due_on=date(2026, 11, 20), by=street.chief_zhang, now=MONDAY)

    assert (row.level, row.body_code, row.due_on) == ("district", "district:110105", date(2026, 11, 20))
    duty = Duty.objects.get(kind="supervision")
    assert duty.owner_post == street.posts["district:110105/head"].id
    assert duty.due_at.isoformat() == "2026-11-20T15:59:59+00:00"
    with pytest.raises(Conflict, match="already_listed"):
        supervise(hazard, reason="再挂", by=street.chief_zhang, now=MONDAY)
    supervise(hazard, reason="市里也挂", by=street.director_sun, now=MONDAY)
    with pytest.raises(NotYours, match="listed_above"):
        lift_supervision(hazard, reason="好了", body_code="city:11", by=street.chief_zhang, now=MONDAY + DAY)

    lift_supervision(hazard, reason="好了", by=street.chief_zhang, now=MONDAY + DAY)
    assert hazard.supervised
    lift_supervision(hazard, reason="好了", by=street.director_sun, now=MONDAY + 2 * DAY)

    assert not hazard.supervised
    assert set(Supervision.objects.values_list("state", flat=True)) == {"lifted"}
    assert not Duty.objects.filter(kind="supervision", state="open").exists()
    with pytest.raises(NotNow, match="not_listed"):
        lift_supervision(hazard, reason="好了", by=street.chief_zhang, now=MONDAY + 2 * DAY)


def test_only_majors_only_by_a_lister_only_with_a_reason_and_a_day_ahead(street: Street, settings: Any) -> None:
    general, hazard = bring_to("rectifying", street), bring_to("rectifying", street, level="major")
    with pytest.raises(NotNow, match="only_major"):
        supervise(general, reason="x", by=street.chief_zhang, now=MONDAY + DAY)
    with pytest.raises(NotYours):
        supervise(hazard, reason="x", by=street.officer_li, now=MONDAY + DAY)
    with pytest.raises(NotYours):
        supervise(hazard, reason="x", by=street.lao_wang, now=MONDAY + DAY)
    for more, code in [
        ({"reason": ""}, "reason_needed"),
        ({"reason": "x", "due_on": MONDAY.date()}, "due_past"),
        ({"reason": "x", "level": "city"}, "unknown_level"),
        ({"reason": "x", "level": "galaxy"}, "unknown_level"),
    ]:
        with pytest.raises(Invalid, match=code):
            supervise(hazard, **more, by=street.chief_zhang, now=MONDAY + DAY)
    assert street.trail_since(MONDAY + DAY) == []

    settings.QIANAN_STREETS_SUPERVISE = True
    assert supervise(hazard, reason="街道挂牌", by=street.officer_li, now=MONDAY + DAY).level == "street"


# -- stops --------------------------------------------------------------------------------


def test_work_stops_by_order_and_goes_on_with_consent_after_a_review(street: Street) -> None:
    hazard = bring_to("rectifying", street, level="major")
    row = suspend_work(hazard, scope="后厨停用", by=street.officer_li, now=MONDAY)
    assert (row.by_body, row.number[:11]) == ("street:110105001", "TC20261102-")
    with pytest.raises(NotYours):
        resume_work(hazard, consent="我说行", by=street.lao_wang, now=MONDAY + DAY)
    with pytest.raises(Invalid, match="consent_needed"):
        resume_work(hazard, consent=" ", by=street.officer_li, now=MONDAY + DAY)
    with pytest.raises(NotNow, match="review_missing"):
        resume_work(hazard, consent="看过", by=street.officer_li, now=MONDAY + DAY)
    assert street.trail_since(MONDAY + DAY) == []

    hand_in(hazard, note="好了", by=street.xiao_zhao, now=MONDAY + DAY)
    review(hazard, passed=True, officers=[street.ms_chen.person], by=street.officer_li, now=MONDAY + DAY)
    resume_work(hazard, consent="复查通过,同意恢复", by=street.officer_li, now=MONDAY + DAY)

    assert Suspension.objects.get().consent == "复查通过,同意恢复"
    with pytest.raises(NotNow, match="not_suspended"):
        resume_work(hazard, consent="再来", by=street.officer_li, now=MONDAY + DAY)


def test_what_the_shop_stopped_itself_it_resumes_itself(street: Street) -> None:
    hazard = bring_to("rectifying", street)
    suspend_work(hazard, scope="3号灶", number="自停1号", by=street.lao_wang, now=MONDAY)

    resume_work(hazard, consent="已换管", by=street.sister_liu, now=MONDAY + DAY)

    assert Suspension.objects.get().resumed_at == MONDAY + DAY


# -- double report and plan ------------------------------------------------------------------


def test_each_side_has_its_own_time_and_receipt(street: Street) -> None:
    hazard = bring_to("rated", street, level="major")
    for who in ("xiao_zhao", "officer_li", "boss_qian"):
        with pytest.raises(NotYours):
            send_double_report(hazard, side="workers", text="现状", by=street.actors[who], now=MONDAY + HOUR)
    for more, code in [({"side": "press", "text": "x"}, "unknown_side"), ({"side": "workers", "text": ""}, "words_")]:
        with pytest.raises(Invalid, match=code):
            send_double_report(hazard, **more, by=street.lao_wang, now=MONDAY + HOUR)
    with pytest.raises(NotNow, match="not_reported"):
        receive_double_report(hazard, side="workers", by=street.xiao_zhao, now=MONDAY + HOUR)
    assert street.trail_since(MONDAY + HOUR) == []

    send_double_report(hazard, side="regulator", text="现状", by=street.sister_liu, now=MONDAY + HOUR)
    send_double_report(hazard, side="workers", text="现状", how="班前会", by=street.sister_liu, now=MONDAY + 2 * HOUR)

    with pytest.raises(Conflict, match="already_reported"):
        send_double_report(hazard, side="workers", text="再报", by=street.lao_wang, now=MONDAY + 2 * HOUR)
    with pytest.raises(NotYours, match="not_addressee"):
        receive_double_report(hazard, side="workers", by=street.sister_liu, now=MONDAY + 2 * HOUR)
    with pytest.raises(NotYours, match="not_addressee"):
        receive_double_report(hazard, side="regulator", by=street.lao_wang, now=MONDAY + 2 * HOUR)
    receive_double_report(hazard, side="regulator", by=street.ms_chen, now=MONDAY + 3 * HOUR)
    receive_double_report(hazard, side="workers", by=street.xiao_zhao, now=MONDAY + 4 * HOUR)
    with pytest.raises(Conflict, match="already_received"):
        receive_double_report(hazard, side="workers", by=street.xiao_zhao, now=MONDAY + 4 * HOUR)

    rows = DoubleReport.objects.order_by("sent_at")
    assert [(row.side, row.sent_at, row.received_at, row.received_by) for row in rows] == [
        ("regulator", MONDAY + HOUR, MONDAY + 3 * HOUR, street.ms_chen.ref),
        ("workers", MONDAY + 2 * HOUR, MONDAY + 4 * HOUR, street.xiao_zhao.ref),
    ]
    assert len({row.receipt for row in rows}) == 2
    key = (hazard.business_id, hazard.id)
    assert set(queries.double_reports_of([key])[key]) == {"regulator", "workers"}
    assert not Duty.objects.filter(kind="double_report", state="open").exists()


def test_a_general_hazard_has_no_double_report(street: Street) -> None:
    with pytest.raises(NotNow, match="only_major"):
        send_double_report(
            bring_to("rectifying", street), side="workers", text="x", by=street.lao_wang, now=MONDAY + DAY
        )


def test_the_plan_has_five_parts_and_earlier_ones_stay(street: Street) -> None:
    hazard = bring_to("rated", street, level="major")
    for part in PLAN:
        with pytest.raises(Invalid, match="words_needed") as refusal:
            make_plan(hazard, **{**PLAN, part: " "}, by=street.lao_wang, now=MONDAY + DAY)
        assert refusal.value.where == part

    make_plan(hazard, **PLAN, by=street.lao_wang, now=MONDAY + DAY)
    make_plan(hazard, **{**PLAN, "funds": "三千元"}, by=street.lao_wang, now=MONDAY + 2 * DAY)

    assert list(Plan.objects.order_by("version").values_list("version", "funds")) == [(1, "两千元"), (2, "三千元")]
    assert Duty.objects.get(kind="plan").state == "discharged"


# -- transfers -----------------------------------------------------------------------------------


def test_a_transfer_gives_a_receipt_and_the_other_line_answers_then(street: Street) -> None:
    hazard = bring_to("rectifying", street)
    row = transfer(hazard, to_body="dept:fire:110105", reason="属消防", by=street.officer_li, now=MONDAY)
    assert (hazard.state, row.from_body, row.receipt[:11]) == ("transferred", "street:110105001", "YS20261102-")
    duty = Duty.objects.get(kind="transfer")
    assert (duty.owner_post, duty.due_at.isoformat()) == (
        street.posts["dept:fire:110105/inspector"].id,
        "2026-11-09T15:59:59+00:00",
    )
    assert Duty.objects.get(kind="rectification").state == "open"
    assert list(queries.transfers_for(fireman(street))) == [row]
    assert list(queries.transfers_for(street.officer_li, direction="out")) == [row]
    with pytest.raises(NotYours):
        receive_transfer(row, accept=True, by=street.ms_chen, now=MONDAY + DAY)

    receive_transfer(row, accept=True, by=fireman(street), now=MONDAY + DAY)

    hazard.refresh_from_db()
    assert (hazard.state, hazard.line) == ("rectifying", "fire")
    assert (row.state, Duty.objects.get(kind="transfer").state) == ("received", "discharged")
    with pytest.raises(NotNow):
        receive_transfer(row, accept=True, by=fireman(street), now=MONDAY + DAY)


def test_a_declined_transfer_comes_back_as_it_was(street: Street) -> None:
    hazard = bring_to("rated", street)
    row = transfer(hazard, to_body="dept:fire:110105", reason="属消防", by=street.officer_li, now=MONDAY)
    with pytest.raises(Invalid, match="reason_needed"):
        receive_transfer(row, accept=False, by=fireman(street), now=MONDAY + DAY)

    receive_transfer(row, accept=False, answer="属燃气", by=fireman(street), now=MONDAY + DAY)

    hazard.refresh_from_db()
    assert (hazard.state, hazard.line, row.answer) == ("rated", "commerce", "属燃气")
    again = transfer(hazard, to_body="dept:commerce:110105", reason="属燃气", by=street.officer_li, now=MONDAY + DAY)
    assert queries.transfer_for(street.ms_chen, again.business_id, again.id) == again
    with pytest.raises(NotFound, match="no_such_transfer"):
        queries.transfer_for(street.officer_he, again.business_id, again.id)


def test_papers_between_offices_do_not_hold_up_the_owner(street: Street) -> None:
    hazard = bring_to("transferred", street)

    hand_in(hazard, note="好了", by=street.xiao_zhao, now=MONDAY + DAY)
    receive_transfer(Transfer.objects.get(), accept=True, by=fireman(street), now=MONDAY + 2 * DAY)

    hazard.refresh_from_db()
    assert (hazard.state, hazard.line) == ("handed_in", "fire")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("dept:nobody:110105", "no_such_body"),
        ("street:110105001", "own_body"),
        ("street:110108001", "other_place"),
    ],
)
def test_where_it_can_be_sent(street: Street, body: str, code: str) -> None:
    hazard = bring_to("rectifying", street)

    with pytest.raises(Invalid, match=code):
        transfer(hazard, to_body=body, reason="不归我管", by=street.officer_li, now=MONDAY + DAY)

    assert Hazard.objects.get().state == "rectifying"
    assert street.trail_since(MONDAY + DAY) == []


# -- what is asked ----------------------------------------------------------------------------------


def test_a_board_counts_by_level_state_place_age_and_rung(street: Street) -> None:
    bring_to("closed", street)
    bring_to("rectifying", street, level="major")
    report(street)
    old = NewHazard(site=street.site, text="旧", level="general", now=MONDAY - 40 * DAY)
    report_hazards([old], by=street.sister_liu, now=MONDAY)
    with CaptureQueriesContext(connection) as counted:
        counts = queries.counts_for(street.chief_zhang, "110105", at=MONDAY + HOUR)

    assert counts.by_state == {
        "general": {"closed": 1, "rectifying": 1},
        "major": {"rectifying": 1},
        "unrated": {"found": 1},
    }
    assert counts.by_place == {"110105001": {"general": 1, "major": 1, "unrated": 1}}
    assert counts.by_age == (2, 0, 0, 1, 0)
    assert (counts.total, counts.open, counts.macro("closed"), counts.macro("open", "major")) == (4, 3, 1, 1)
    assert (counts.overdue, counts.by_rung, counts.supervised) == (1, {0: 1}, 0)
    assert len(counted) == 4
    assert queries.counts_for(street.officer_he, "11", at=MONDAY).total == 0
    assert queries.macro_counts(street.lao_wang, business=street.business.id) == {"open": 3, "fixed": 0, "closed": 1}


def test_hazards_are_asked_by_every_axis(street: Street) -> None:
    major, general = bring_to("rectifying", street, level="major"), bring_to("handed_in", street)
    supervise(major, reason="逾期", by=street.chief_zhang, now=MONDAY)

    def asked(**how: Any) -> list[Hazard]:
        return sorted(queries.hazards_for(street.director_sun, **how), key=lambda row: row.level)

    assert asked() == [general, major]
    assert asked(level="major") == asked(supervised=True) == asked(macro="open") == [major]
    assert asked(state="handed_in") == asked(macro="fixed") == asked(supervised=False) == [general]
    assert asked(place_code="110105001", line="commerce", industry="62") == [general, major]
    assert asked(industry="H") == [general, major]
    assert asked(industry="C") == asked(place_code="110108") == asked(line="fire") == []
    assert asked(text=major.number[-4:]) == [major]
    assert asked(text="软管", site=street.site.id, business=street.business.id) == [general, major]


def test_the_next_promise_of_each_hazard_names_who_answers(street: Street) -> None:
    hazards = [bring_to(state, street) for state in ("found", "rectifying", "handed_in", "closed")]

    promises = queries.next_promises(hazards, on=MONDAY.date())

    found = [promises.get((row.business_id, row.id)) for row in hazards]
    assert [each and (each.kind, each.who and each.who.people[0].name) for each in found] == [
        ("rating", "刘芳"),
        ("rectification", "赵小明"),
        ("verification", "刘芳"),
        None,
    ]


def test_the_file_of_a_rich_hazard_is_bounded(street: Street) -> None:
    hazard = bring_to("handed_in", street, level="major")
    supervise(hazard, reason="逾期", by=street.chief_zhang, now=MONDAY + 2 * HOUR)
    suspend_work(hazard, scope="后厨", by=street.officer_li, now=MONDAY + 2 * HOUR)
    for _ in range(3):
        make_plan(hazard, **PLAN, by=street.lao_wang, now=MONDAY + 2 * HOUR)
    queries.file_of(hazard, on=MONDAY.date())

    with CaptureQueriesContext(connection) as counted:
        file = queries.file_of(hazard, on=MONDAY.date())

    assert len(counted) <= 18
    assert file.duty is not None
    assert file.duty.kind == "verification"
    assert file.names[hazard.found_by] == "赵小明"
    assert file.bodies["district:110105"].name_zh == "朝阳区应急管理局"
    assert file.lacks == ("review_missing",)
    assert file.criterion is not None
    numbers = queries.numbers_of(
        [(hazard.business_id, hazard.id), *((row.business_id, row.id) for row in (*file.facts.reports,))]
    )
    assert set(numbers.values()) == {hazard.number}
    assert len(numbers) == 3
