"""Ordering, handing on, handing in, returning, closing, opening again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianan.field.hazards import queries
from qianan.field.hazards.actions import (
    Closing,
    HandIn,
    NewHazard,
    Verdict,
    ask_extension,
    close_hazard,
    close_many,
    decide_extension,
    hand_in,
    hand_in_many,
    order_rectification,
    rate,
    reassign,
    reopen,
    report_hazards,
    review,
    set_interim,
    show_result,
    supervise,
    verify,
    verify_many,
)
from qianan.field.hazards.models import Hazard, Rectification, Supervision
from qianan.kernel.problems import Conflict, Invalid, NotFound, NotNow, NotYours
from qianan.registry.duties.actions import escalate_overdue
from qianan.registry.duties.models import Duty
from tests.cast import MONDAY, Street
from tests.field.hazards.stages import HOUR, bring_to, report
from tests.registry.duties.test_ladder import leave

DAY = timedelta(days=1)


def rated(street: Street) -> Hazard:
    return bring_to("rated", street)


def fix_of(hazard: Hazard) -> Rectification:
    found = queries.facts_of(hazard).rectification
    assert found is not None
    return found


def test_the_usual_posts_are_three_different_people(street: Street) -> None:
    hazard = rated(street)
    row = order_rectification(hazard, measures="换管", by=street.sister_liu, now=MONDAY)

    people = queries.file_of(hazard, on=MONDAY.date()).people
    assert people.owner is not None
    assert people.accountable is not None
    assert people.verifier is not None
    assert [people.owner.people[0].name, people.accountable.people[0].name, people.verifier.people[0].name] == [
        "赵小明",
        "王建国",
        "刘芳",
    ]
    assert (row.measures, row.state) == ("换管", "ordered")


def test_when_the_shop_is_one_man_the_street_checks(street: Street) -> None:
    hazard = rated(street)
    leave(street, "xiao_zhao", "sister_liu")

    row = order_rectification(hazard, by=street.lao_wang, now=MONDAY)

    assert row.owner_post == street.posts["principal"].id
    assert row.verifier_post == street.posts["street:110105001/inspector"].id


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"owner_post": "other/production"}, "no_such_post"),
        ({"owner_post": "production", "verifier_post": "production"}, "verifier_is_owner"),
        ({"verifier_post": "district:110105/head"}, "no_such_post"),
    ],
)
def test_posts_are_of_the_house_and_the_checker_is_another(street: Street, more: dict[str, str], code: str) -> None:
    hazard = rated(street)

    with pytest.raises(Invalid, match=code):
        order_rectification(
            hazard, **{name: street.posts[post].id for name, post in more.items()}, by=street.lao_wang, now=MONDAY + DAY
        )

    assert Rectification.objects.count() == 0
    assert street.trail_since(MONDAY + DAY) == []


def test_a_deadline_is_ahead(street: Street) -> None:
    hazard = rated(street)

    with pytest.raises(Invalid, match="due_past"):
        order_rectification(hazard, due_at=MONDAY, by=street.lao_wang, now=MONDAY)

    assert order_rectification(hazard, due_at=MONDAY + DAY, by=street.lao_wang, now=MONDAY).due_at == MONDAY + DAY


def test_the_fix_goes_to_another_chair_and_the_checker_stays_another(street: Street) -> None:
    hazard = bring_to("rectifying", street)
    due = hazard.due_at

    row = reassign(hazard, owner_post=street.posts["safety_manager"].id, by=street.lao_wang, now=MONDAY + DAY)

    assert row.owner_post == street.posts["safety_manager"].id
    assert row.verifier_post == street.posts["principal"].id
    assert Duty.objects.get(kind="rectification", state="open").owner_post == row.owner_post
    assert hazard.due_at == due
    assert [entry.news for entry in street.trail_since(MONDAY + DAY)] == [
        "duties.DutyReassigned",
        "hazards.RectificationReassigned",
    ]


def test_more_time_reaches_the_hazard_in_the_same_breath(street: Street) -> None:
    hazard = bring_to("rectifying", street)
    until = MONDAY + 20 * DAY
    ask_extension(hazard, until=until, reason="等配件", by=street.xiao_zhao, now=MONDAY + DAY)
    with pytest.raises(NotYours, match="extension_asked"):
        ask_extension(hazard, until=until, reason="等配件", by=street.lao_wang, now=MONDAY + DAY)

    decide_extension(hazard, grant=True, by=street.officer_li, now=MONDAY + DAY)

    assert (hazard.due_at, fix_of(hazard).due_at) == (until, until)
    assert [row.state for row in queries.file_of(hazard, on=MONDAY.date()).extensions] == ["granted"]


def test_no_fix_without_something_to_show(street: Street) -> None:
    hazard = bring_to("rectifying", street)

    with pytest.raises(Invalid, match="evidence_needed"):
        hand_in(hazard, note="  ", by=street.xiao_zhao, now=MONDAY + 2 * HOUR)
    with pytest.raises(Invalid, match="unknown_photo"):
        hand_in(hazard, photos=["f" * 64], by=street.xiao_zhao, now=MONDAY + 2 * HOUR)
    with pytest.raises(NotYours):
        hand_in(hazard, note="好了", by=street.officer_li, now=MONDAY + 2 * HOUR)

    assert Hazard.objects.get().state == "rectifying"
    assert street.trail_since(MONDAY + 2 * HOUR) == []


def test_a_late_fix_says_so_to_the_end(street: Street) -> None:
    hazard = bring_to("rectifying", street)
    late = MONDAY + 9 * DAY

    hand_in(hazard, note="好了", by=street.xiao_zhao, now=late)
    verify(hazard, accept=True, by=street.sister_liu, now=late)
    close_hazard(hazard, note="已复看", by=street.lao_wang, now=late)

    assert (hazard.late, hazard.closing_note) == (True, "已复看")
    told = {entry.news: entry.body for entry in street.trail_since(late)}
    assert told["hazards.FixHandedIn"]["late"] is True
    assert told["hazards.HazardClosed"]["late"] is True


def test_a_returned_fix_goes_back_with_its_deadline(street: Street) -> None:
    hazard = bring_to("handed_in", street)
    due = hazard.due_at
    with pytest.raises(Invalid, match="reason_needed"):
        verify(hazard, accept=False, by=street.sister_liu, now=MONDAY + DAY)

    verify(hazard, accept=False, note="接口还漏", by=street.sister_liu, now=MONDAY + DAY)

    row = fix_of(hazard)
    assert (hazard.state, hazard.fixed_by, hazard.due_at) == ("rectifying", "", due)
    assert (row.state, row.returns, row.verdict) == ("returned", 1, "接口还漏")
    duty = Duty.objects.get(state="open")
    assert (duty.kind, duty.due_at, duty.id) == ("rectification", due, row.duty_id)
    hand_in(hazard, note="再换", by=street.xiao_zhao, now=MONDAY + 2 * DAY)
    assert hazard.state == "handed_in"


def test_the_manager_who_fixed_it_needs_another_to_look(street: Street) -> None:
    hazard = bring_to("rectifying", street)
    hand_in(hazard, note="我来换的", by=street.sister_liu, now=MONDAY)

    for who in (street.sister_liu, street.xiao_zhao):
        with pytest.raises(NotYours, match="own_fix"):
            verify(hazard, accept=True, by=who, now=MONDAY + HOUR)
    verify(hazard, accept=True, by=street.lao_wang, now=MONDAY + HOUR)
    with pytest.raises(NotYours, match="own_fix"):
        close_hazard(hazard, by=street.sister_liu, now=MONDAY + HOUR)

    close_hazard(hazard, by=street.lao_wang, now=MONDAY + HOUR)
    assert hazard.closed_by != hazard.fixed_by


def test_a_closed_one_that_leaks_again_is_ordered_anew(street: Street) -> None:
    hazard = bring_to("closed", street)
    show_result(hazard, how="board", by=street.sister_liu, now=MONDAY + DAY)
    with pytest.raises(Invalid, match="reason_needed"):
        reopen(hazard, reason="", by=street.officer_li, now=MONDAY + DAY)

    reopen(hazard, reason="又漏了", by=street.officer_li, now=MONDAY + 2 * DAY)

    facts = queries.facts_of(hazard)
    assert (hazard.state, hazard.closed_by, hazard.fixed_by, hazard.shown_at) == ("rectifying", "", "", None)
    assert [row.state for row in facts.rectifications] == ["accepted", "ordered"]
    assert [duty.kind for duty in facts.duties if duty.state == "open"] == ["rectification"]


@pytest.mark.parametrize(
    ("skip", "code"),
    [
        ("regulator", "report_regulator_missing"),
        ("workers", "report_workers_missing"),
        ("interim", "interim_missing"),
        ("plan", "plan_missing"),
    ],
)
def test_a_major_is_not_closed_while_something_is_missing(street: Street, skip: str, code: str) -> None:
    hazard = bring_to("accepted", street, level="major")
    if skip == "interim":
        Hazard.objects.update(interim="")
    elif skip == "plan":
        from qianan.field.hazards.models import Plan

        Plan.objects.all().delete()
    else:
        from qianan.field.hazards.models import DoubleReport

        DoubleReport.objects.filter(side=skip).delete()

    with pytest.raises(NotNow, match=code):
        close_hazard(hazard, by=street.officer_li, now=MONDAY + DAY)

    hazard.refresh_from_db()
    assert hazard.state == "accepted"
    assert code in queries.file_of(hazard, on=MONDAY.date()).lacks
    assert street.trail_since(MONDAY + DAY) == []


def test_a_review_is_two_officers_over_the_place_and_not_the_fixers(street: Street) -> None:
    hazard = bring_to("handed_in", street, level="major")
    for officers, code in [
        ([], "two_officers_needed"),
        ([street.officer_li.person], "two_officers_needed"),
        ([street.officer_he.person], "not_an_officer"),
        ([street.lao_wang.person], "not_an_officer"),
        ([street.stranger.person], "not_an_officer"),
    ]:
        with pytest.raises(Invalid, match=code):
            review(hazard, passed=True, officers=officers, by=street.officer_li, now=MONDAY + DAY)
    assert street.trail_since(MONDAY + DAY) == []


def test_a_failed_review_sends_the_fix_back_and_the_next_one_counts_anew(street: Street) -> None:
    hazard = bring_to("handed_in", street, level="major")
    with pytest.raises(Invalid, match="reason_needed"):
        review(hazard, passed=False, officers=[street.ms_chen.person], by=street.officer_li, now=MONDAY + 2 * HOUR)

    review(
        hazard,
        passed=False,
        note="没换阀",
        officers=[street.ms_chen.person],
        by=street.officer_li,
        now=MONDAY + 2 * HOUR,
    )
    assert (hazard.state, fix_of(hazard).verdict) == ("rectifying", "没换阀")
    hand_in(hazard, note="换了阀", by=street.xiao_zhao, now=MONDAY + 3 * HOUR)
    assert not queries.facts_of(hazard).reviewed
    review(hazard, passed=True, officers=[street.ms_chen.person], by=street.officer_li, now=MONDAY + 4 * HOUR)
    verify(hazard, accept=True, by=street.ms_chen, now=MONDAY + 4 * HOUR)
    review(
        hazard,
        passed=False,
        note="夜里又漏",
        officers=[street.chief_zhang.person],
        by=street.officer_li,
        now=MONDAY + 5 * HOUR,
    )

    assert hazard.state == "rectifying"
    assert [row.state for row in queries.facts_of(hazard).rectifications] == ["accepted", "ordered"]


def test_closing_takes_it_off_every_list(street: Street) -> None:
    hazard = bring_to("accepted", street, level="major")
    supervise(hazard, reason="逾期", by=street.chief_zhang, now=MONDAY + 3 * HOUR)
    assert hazard.supervised
    with pytest.raises(NotYours, match="listed_above"):
        close_hazard(hazard, by=street.officer_li, now=MONDAY + 4 * HOUR)

    close_hazard(hazard, by=street.chief_zhang, now=MONDAY + 4 * HOUR)

    assert not Hazard.objects.get().supervised
    assert list(Supervision.objects.values_list("state", "lifted_why")) == [("lifted", "closed")]
    assert set(Duty.objects.values_list("state", flat=True)) == {"discharged"}
    assert [entry.news for entry in street.trail_since(MONDAY + 4 * HOUR)] == [
        "hazards.SupervisionLifted",
        "duties.DutyDischarged",
        "duties.DutyDischarged",
        "hazards.HazardClosed",
    ]


def test_the_staff_is_shown_the_result_once_it_is_closed(street: Street) -> None:
    hazard = bring_to("accepted", street)
    with pytest.raises(NotNow):
        show_result(hazard, how="board", by=street.lao_wang, now=MONDAY + DAY)
    close_hazard(hazard, by=street.lao_wang, now=MONDAY + DAY)

    show_result(hazard, how="meeting", by=street.sister_liu, now=MONDAY + 2 * DAY)

    assert (hazard.shown_how, hazard.shown_at) == ("meeting", MONDAY + 2 * DAY)


def test_a_late_fix_climbs_until_it_is_handed_in(street: Street) -> None:
    hazard = bring_to("rectifying", street)
    escalate_overdue(MONDAY + 11 * DAY)
    assert list(queries.hazards_for(street.chief_zhang, rung=2)) == [hazard]
    assert list(queries.hazards_for(street.chief_zhang, overdue_at=MONDAY + 11 * DAY)) == [hazard]

    hand_in(hazard, note="好了", by=street.xiao_zhao, now=MONDAY + 11 * DAY)

    assert list(queries.hazards_for(street.chief_zhang, rung=1)) == []
    escalate_overdue(MONDAY + 12 * DAY)
    assert Duty.objects.get(kind="verification").rung == 0


def test_sets_are_all_or_none_and_cost_no_more_than_one(street: Street) -> None:
    def some(count: int) -> list[Hazard]:
        rows = [NewHazard(site=street.site, text=f"隐患{n}", level="general") for n in range(count)]
        return report_hazards(rows, by=street.sister_liu, now=MONDAY)

    def cost(count: int) -> list[int]:
        hazards, costs = some(count), []
        for act in (
            lambda: hand_in_many([HandIn(h, "好了") for h in hazards], by=street.xiao_zhao, now=MONDAY),
            lambda: verify_many([Verdict(h, True) for h in hazards], by=street.sister_liu, now=MONDAY),
            lambda: close_many([Closing(h) for h in hazards], by=street.lao_wang, now=MONDAY),
        ):
            with CaptureQueriesContext(connection) as counted:
                act()
            costs.append(len(counted))
        assert set(Hazard.objects.values_list("state", flat=True)) == {"closed"}
        return costs

    cost(1)
    assert cost(1) == cost(30)
    two = some(2)
    hand_in(two[0], note="好了", by=street.xiao_zhao, now=MONDAY)
    with pytest.raises(NotNow):
        hand_in_many([HandIn(two[1], "好了"), HandIn(two[0], "好了")], by=street.xiao_zhao, now=MONDAY + DAY)
    two[1].refresh_from_db()
    assert two[1].state == "rectifying"
    assert street.trail_since(MONDAY + DAY) == []


def test_interim_control_is_words(street: Street) -> None:
    hazard = report(street)
    for text, code in [("", "words_needed"), ("长" * 501, "too_long")]:
        with pytest.raises(Invalid, match=code):
            set_interim(hazard, text=text, by=street.lao_wang, now=MONDAY + DAY)

    assert set_interim(hazard, text="挂牌停用", by=street.lao_wang, now=MONDAY + DAY).interim == "挂牌停用"


def test_a_hazard_that_is_not_there_is_not_found(street: Street) -> None:
    ghost = Hazard(business_id=street.business.id)

    with pytest.raises(NotFound, match="no_such_hazard"):
        rate(ghost, level="general", by=street.lao_wang, now=MONDAY)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        hand_in(bring_to("rectifying", street), note="好", expected_version=0, by=street.xiao_zhao, now=MONDAY)
