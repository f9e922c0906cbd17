"""Promises begin once, are kept or fall away, go to another chair of the same house."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid, NotFound, NotNow, NotYours
from qianan.kernel.ref import Ref
from qianan.registry.duties import queries
from qianan.registry.duties.actions import (
    NewDuty,
    cancel,
    discharge,
    discharge_many,
    open_duties,
    open_duty,
    reassign,
)
from qianan.registry.duties.models import Duty
from tests.cast import MONDAY, Street
from tests.registry.duties.test_ladder import a_duty

DAY = timedelta(days=1)


def new_duty(street: Street, **more: object) -> NewDuty:
    return replace(
        NewDuty(
            business_id=street.business.id,
            kind="rectification",
            about=Ref("hazards.hazard", street.business.id, str(uuid7(MONDAY))),
            place_code=street.site.place_code,
            level="general",
            owner_post=street.posts["production"].id,
        ),
        **more,
    )


def test_the_codebook_gives_the_days_and_says_which_row_it_was(street: Street) -> None:
    duty = open_duty(new_duty(street), by=street.lao_wang, now=MONDAY)

    assert duty.due_at.isoformat() == "2026-11-09T15:59:59+00:00"
    assert duty.basis == "rect-general"
    assert [(entry.news, entry.by) for entry in street.trail_since(MONDAY)] == [
        ("duties.DutyOpened", street.lao_wang.ref)
    ]


def test_the_same_promise_is_open_once(street: Street) -> None:
    new = new_duty(street)
    first = open_duty(new, by=street.lao_wang, now=MONDAY)

    again = open_duties([new, new, new_duty(street)], by=street.lao_wang, now=MONDAY + DAY)

    assert [duty.id == first.id for duty in again] == [True, True, False]
    assert Duty.objects.count() == 2
    assert len(street.trail_since(MONDAY + DAY)) == 1


def test_each_row_may_have_its_own_actor_and_hour(street: Street) -> None:
    rows = [
        new_duty(street, by=street.sister_liu, now=MONDAY - DAY),
        new_duty(street, by=street.officer_li, now=MONDAY - 2 * DAY),
        new_duty(street),
    ]
    duties = open_duties(rows, by=street.lao_wang, now=MONDAY)

    assert [duty.opened_at for duty in duties] == [MONDAY - DAY, MONDAY - 2 * DAY, MONDAY]
    assert {(entry.by, entry.at) for entry in street.trail_since(MONDAY - 3 * DAY)} == {
        (street.sister_liu.ref, MONDAY - DAY),
        (street.officer_li.ref, MONDAY - 2 * DAY),
        (street.lao_wang.ref, MONDAY),
    }


def test_a_set_costs_no_more_statements_than_one(street: Street) -> None:
    def cost(count: int) -> tuple[int, int]:
        rows = [new_duty(street) for _ in range(count)]
        with CaptureQueriesContext(connection) as opening:
            duties = open_duties(rows, by=street.lao_wang, now=MONDAY)
        with CaptureQueriesContext(connection) as ending:
            discharge_many([(row.about, "rectification") for row in rows], by=street.lao_wang, now=MONDAY)
        assert len(duties) == count
        return len(opening), len(ending)

    cost(1)  # the codebook is read once a process
    assert cost(1) == cost(40)


def test_an_unknown_kind_or_one_without_days_is_refused(street: Street) -> None:
    with pytest.raises(Invalid, match="unknown_kind"):
        open_duty(new_duty(street, kind="gardening"), by=street.lao_wang, now=MONDAY)
    with pytest.raises(NotFound, match="no_deadline"):
        open_duty(new_duty(street, level="unrated"), by=street.lao_wang, now=MONDAY)

    assert street.trail_since(MONDAY) == []


def test_a_kept_promise_says_whether_it_was_late(street: Street) -> None:
    early, late = new_duty(street), new_duty(street)
    open_duties([early, late], by=street.lao_wang, now=MONDAY)

    discharge(early.about, "rectification", by=street.xiao_zhao, now=MONDAY + DAY)
    discharge(late.about, "rectification", by=street.xiao_zhao, now=MONDAY + 9 * DAY)

    told = [entry.body["late"] for entry in street.trail_since(MONDAY + DAY)]
    assert told == [False, True]
    assert set(Duty.objects.values_list("state", "next_climb_at")) == {("discharged", None)}


def test_what_is_not_open_is_passed_over(street: Street) -> None:
    new = new_duty(street)
    open_duty(new, by=street.lao_wang, now=MONDAY)
    cancel(new.about, "rectification", reason="closed", by=street.lao_wang, now=MONDAY + DAY)

    assert discharge(new.about, "rectification", by=street.lao_wang, now=MONDAY + 2 * DAY) is None
    assert discharge_many([(new.about, "plan")], by=street.lao_wang, now=MONDAY + 2 * DAY) == []
    assert street.trail_since(MONDAY + 2 * DAY) == []


def test_a_promise_goes_to_another_chair_and_keeps_its_deadline(street: Street) -> None:
    duty = a_duty(street)
    due = duty.due_at

    reassign(duty, to_post=street.posts["worker"].id, by=street.sister_liu, now=MONDAY + DAY)

    duty.refresh_from_db()
    assert (duty.owner_post, duty.due_at) == (street.posts["worker"].id, due)
    assert [entry.news for entry in street.trail_since(MONDAY + DAY)] == ["duties.DutyReassigned"]


def test_who_may_hand_it_on_and_to_whom(street: Street) -> None:
    duty = a_duty(street)
    refusals = [
        (street.xiao_zhao, "worker", NotYours),
        (street.officer_he, "worker", NotYours),
        (street.lao_wang, "other/worker", Invalid),
        (street.lao_wang, "street:110105001/inspector", Invalid),
        (street.lao_wang, "production", Conflict),
    ]
    for who, post, problem in refusals:
        with pytest.raises(problem):
            reassign(duty, to_post=street.posts[post].id, by=who, now=MONDAY + DAY)

    assert street.trail_since(MONDAY + DAY) == []
    discharge(Ref.parse(duty.about), duty.kind, by=street.lao_wang, now=MONDAY + DAY)
    duty.refresh_from_db()
    with pytest.raises(NotNow):
        reassign(duty, to_post=street.posts["worker"].id, by=street.lao_wang, now=MONDAY + DAY)


def test_who_sees_a_promise(street: Street) -> None:
    duty = a_duty(street)
    seeing = [
        name
        for name, actor in street.actors.items()
        if queries.open_duties_for(actor, kind="rectification", place_code="1101").filter(id=duty.id).exists()
    ]
    assert seeing == [
        "lao_wang",
        "sister_liu",
        "xiao_zhao",
        "officer_li",
        "chief_zhang",
        "director_sun",
        "ms_chen",
        "admin",
    ]
    with pytest.raises(NotFound, match="no_such_duty"):
        queries.duty_for(street.officer_he, duty.business_id, duty.id)
    with pytest.raises(NotFound, match="no_such_duty"):
        queries.duty_for(street.lao_wang, duty.business_id, "rubbish")


def test_open_promises_are_asked_by_what_presses(street: Street) -> None:
    first = a_duty(street)
    second = open_duty(new_duty(street, kind="silence", level=""), by=street.lao_wang, now=MONDAY)

    assert list(queries.open_duties_for(street.officer_li)) == [second, first]
    assert list(queries.open_duties_for(street.officer_li, overdue_at=MONDAY + 2 * DAY)) == [second]
    assert list(queries.open_duties_for(street.officer_li, rung=1)) == []
    assert list(queries.silent_sites(street.officer_li, "110105", MONDAY)) == [second]
    assert list(queries.silent_sites(street.officer_li, "110108", MONDAY)) == []
    assert list(queries.owed_by(street.xiao_zhao)) == [second, first]
