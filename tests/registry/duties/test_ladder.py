"""The ladder: shop, street, district, city; once per rung, whoever runs the clock."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from qianan.ground.accounts.models import Seat
from qianan.ground.codebook import queries as codebook
from qianan.ground.codebook.models import Rung
from qianan.kernel.ids import uuid7
from qianan.kernel.ref import Ref
from qianan.registry.duties import queries
from qianan.registry.duties.actions import NewDuty, climbing, escalate_overdue, open_duties, open_duty
from qianan.registry.duties.models import Climb, Duty
from tests.cast import MONDAY, Street

DAY = timedelta(days=1)


def a_duty(street: Street, kind: str = "rectification", level: str = "general", now: datetime = MONDAY) -> Duty:
    return open_duty(
        NewDuty(
            business_id=street.business.id,
            kind=kind,
            about=Ref("hazards.hazard", street.business.id, str(uuid7(now))),
            place_code=street.site.place_code,
            level=level,
            line="commerce",
            owner_post=street.posts["production"].id,
            accountable_post=street.posts["principal"].id,
        ),
        by=street.lao_wang,
        now=now,
    )


def leave(street: Street, *names: str, on: datetime = MONDAY) -> None:
    """These people leave their seats today."""
    people = [street.people[name].id for name in names]
    Seat.objects.filter(person__in=people).update(until=on.date())


def news(street: Street, since: datetime) -> list[str]:
    return [entry.news.partition(".")[2] for entry in street.trail_since(since)]


def test_a_late_duty_climbs_from_the_shop_to_the_city(street: Street) -> None:
    duty = a_duty(street)

    for day in range(20):
        escalate_overdue(MONDAY + day * DAY)

    climbs = list(Climb.objects.filter(duty_id=duty.id).order_by("rung").values_list("rung", "body_code", "at"))
    assert climbs == [
        (0, "", MONDAY + 7 * DAY),
        (1, "street:110105001", MONDAY + 8 * DAY),
        (2, "district:110105", MONDAY + 11 * DAY),
        (3, "city:11", MONDAY + 15 * DAY),
    ]
    duty.refresh_from_db()
    assert (duty.rung, duty.next_climb_at) == (3, None)
    assert news(street, MONDAY + DAY) == ["DutyReminded", "DutyEscalated", "DutyEscalated", "DutyEscalated"]
    steps = queries.ladder_of(duty, on=MONDAY.date())
    assert [(step.rung, step.name_en, [each.name for each in step.people], bool(step.reached)) for step in steps] == [
        (0, "", ["王建国"], True),
        (1, "Jianwai Sub-district Office", ["李敏"], True),
        (2, "Chaoyang Emergency Bureau", ["张强"], True),
        (3, "Beijing Work Safety Committee Office", ["孙丽"], True),
    ]


def test_running_the_clock_again_changes_nothing(street: Street) -> None:
    a_duty(street)
    late = MONDAY + 8 * DAY
    assert escalate_overdue(late) == 2
    before = len(street.trail_since(MONDAY))

    assert escalate_overdue(late) == 0
    assert escalate_overdue(late) == 0

    assert len(street.trail_since(MONDAY)) == before


def test_after_a_long_night_every_rung_is_climbed_in_order(street: Street) -> None:
    a_duty(street)

    escalate_overdue(MONDAY + 90 * DAY)

    told = [(entry.news.partition(".")[2], entry.body.get("rung")) for entry in street.trail_since(MONDAY + DAY)]
    assert told == [("DutyReminded", None), ("DutyEscalated", 1), ("DutyEscalated", 2), ("DutyEscalated", 3)]
    assert [entry.body["days_late"] for entry in street.trail_since(MONDAY + DAY)[1:]] == [83, 83, 83]


def test_a_duty_that_was_kept_does_not_climb(street: Street) -> None:
    from qianan.registry.duties.actions import discharge

    duty = a_duty(street)
    discharge(Ref.parse(duty.about), duty.kind, by=street.xiao_zhao, now=MONDAY + DAY)

    assert escalate_overdue(MONDAY + 90 * DAY) == 0


def test_a_short_promise_has_no_reminder_in_its_past(street: Street) -> None:
    duty = a_duty(street, kind="double_report", level="regulator")

    steps = queries.ladder_of(duty, on=MONDAY.date())

    assert duty.next_climb_at == duty.due_at - DAY
    assert [step.at for step in steps][:2] == [duty.due_at - DAY, duty.due_at]
    silent = a_duty(street, kind="silence", level="")
    assert silent.next_climb_at == silent.due_at + DAY


def test_a_vacant_head_is_stood_in_for_by_the_inspector(street: Street) -> None:
    a_duty(street)
    leave(street, "chief_zhang")
    Seat.objects.filter(person=street.people["officer_he"]).update(post=street.posts["district:110105/inspector"].id)

    escalate_overdue(MONDAY + 11 * DAY)

    climb = Climb.objects.get(rung=2)
    assert climb.post == street.posts["district:110105/inspector"].id
    assert "DutyFell" not in news(street, MONDAY)


def test_an_empty_office_is_passed_visibly_and_at_once(street: Street) -> None:
    duty = a_duty(street)
    leave(street, "officer_li")

    escalate_overdue(MONDAY + 8 * DAY)

    assert list(Climb.objects.order_by("rung").values_list("rung", "post")) == [
        (0, street.posts["principal"].id),
        (1, None),
        (2, street.posts["district:110105/head"].id),
    ]
    fell = [entry for entry in street.trail_since(MONDAY) if entry.news == "duties.DutyFell"]
    assert [(entry.body["rung"], entry.body["body"], entry.body["to_post"]) for entry in fell] == [
        (1, "street:110105001", queries.post_ref(street.posts["district:110105/head"].id))
    ]
    steps = queries.ladder_of(duty, on=MONDAY.date())
    assert [step.fell for step in steps] == [False, True, False, False]
    duty.refresh_from_db()
    assert duty.rung == 2
    assert duty.next_climb_at == duty.due_at + 7 * DAY


def test_when_nobody_sits_anywhere_it_still_stands_on_the_citys_rung(street: Street) -> None:
    duty = a_duty(street)
    leave(street, "officer_li", "chief_zhang", "director_sun", "lao_wang", "sister_liu", "xiao_zhao")

    escalate_overdue(MONDAY + 8 * DAY)

    duty.refresh_from_db()
    assert (duty.rung, duty.next_climb_at) == (3, None)
    assert news(street, MONDAY + DAY) == ["DutyFell", "DutyFell", "DutyEscalated"]
    assert street.trail_since(MONDAY + DAY)[-1].body["post"] == ""


def test_a_vacant_principal_is_reminded_through_the_safety_manager(street: Street) -> None:
    a_duty(street)
    leave(street, "lao_wang")

    escalate_overdue(MONDAY + 7 * DAY)

    assert Climb.objects.get(rung=0).post == street.posts["safety_manager"].id


def test_a_row_may_send_a_rung_along_the_line_of_the_trade(street: Street, settings: Any) -> None:
    Rung.objects.filter(code="rectification-general-2").update(line="industry")
    codebook.forget()
    a_duty(street)
    try:
        escalate_overdue(MONDAY + 11 * DAY)
    finally:
        Rung.objects.filter(code="rectification-general-2").update(line="territory")
        codebook.forget()

    assert list(Climb.objects.order_by("rung").values_list("rung", "body_code")) == [
        (0, ""),
        (1, "street:110105001"),
        (2, "dept:commerce:110105"),
    ]


def test_two_clocks_at_once_tell_each_rung_once(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second clock runs between the first one's look and its pen."""
    duties = open_duties(
        [
            NewDuty(
                business_id=street.business.id,
                kind="rectification",
                about=Ref("hazards.hazard", street.business.id, str(uuid7(MONDAY))),
                place_code=street.site.place_code,
                level="general",
            )
            for _ in range(5)
        ],
        by=street.lao_wang,
        now=MONDAY,
    )
    late, insert, ran = MONDAY + 30 * DAY, climbing.bulk.insert, list[int]()
    waiting = [True]

    def race(rows: Any, *, ignore: bool = False) -> None:
        if waiting and waiting.pop():
            ran.append(escalate_overdue(late))
        insert(rows, ignore=ignore)

    monkeypatch.setattr(climbing.bulk, "insert", race)
    mine = escalate_overdue(late)

    assert (mine, ran) == (0, [20])
    told = Counter((entry.about, entry.body.get("rung", 0)) for entry in street.trail_since(MONDAY + DAY))
    assert set(told.values()) == {1}
    assert len(told) == 4 * len(duties)


def test_the_limit_holds(street: Street) -> None:
    for _ in range(5):
        a_duty(street)

    assert escalate_overdue(MONDAY + 8 * DAY, limit=3) == 3
    assert escalate_overdue(MONDAY + 8 * DAY) == 7
