"""A hazard from the cook's report to its closing, and the tales of what may not happen."""

from datetime import timedelta

import pytest

from qianan.field.hazards import queries
from qianan.field.hazards.access import acts_open_to
from qianan.field.hazards.actions import (
    NewHazard,
    close_hazard,
    hand_in,
    make_plan,
    order_rectification,
    rate,
    report_hazard,
    review,
    send_double_report,
    set_interim,
    verify,
)
from qianan.field.hazards.models import Hazard
from qianan.kernel.problems import NotNow, NotYours
from qianan.registry.duties.models import Duty
from tests.cast import MONDAY, Street

HOUR = timedelta(hours=1)
PLAN = {
    "responsibility": "老王",
    "measures": "换管",
    "funds": "两千元",
    "time_limit": "十日内",
    "contingency": "关阀停气",
}


def a_hazard(street: Street, **more: object) -> Hazard:
    fields = {"site": street.site, "text": "灶台软管老化", "item_code": "restaurant-02", "level": "general"}
    return report_hazard(NewHazard(**{**fields, "origin_kind": "selfcheck", **more}), by=street.xiao_zhao, now=MONDAY)


def open_duties(hazard: Hazard) -> list[str]:
    return sorted(Duty.objects.filter(business_id=hazard.business_id, state="open").values_list("kind", flat=True))


def test_a_general_hazard_runs_from_the_cook_to_the_closing(street: Street) -> None:
    hazard = a_hazard(street)
    assert (hazard.state, hazard.level, open_duties(hazard)) == ("rectifying", "general", ["rectification"])
    fix = queries.facts_of(hazard).rectification
    assert fix is not None
    assert fix.owner_post == street.posts["production"].id
    assert fix.accountable_post == street.posts["principal"].id
    assert fix.verifier_post == street.posts["safety_manager"].id

    hand_in(hazard, note="换了新管", by=street.xiao_zhao, now=MONDAY + HOUR)
    assert open_duties(hazard) == ["verification"]
    verify(hazard, accept=True, by=street.sister_liu, now=MONDAY + 2 * HOUR)
    close_hazard(hazard, by=street.lao_wang, now=MONDAY + 3 * HOUR)

    assert Hazard.objects.get(id=hazard.id).state == "closed"
    assert open_duties(hazard) == []
    assert [entry.news for entry in street.trail_since(MONDAY)] == [
        "hazards.HazardReported",
        "duties.DutyOpened",
        "hazards.RectificationOrdered",
        "hazards.FixHandedIn",
        "duties.DutyDischarged",
        "duties.DutyOpened",
        "hazards.FixAccepted",
        "duties.DutyDischarged",
        "hazards.HazardClosed",
    ]


def test_the_cook_cannot_verify_or_close_what_he_rectified(street: Street) -> None:
    hazard = a_hazard(street)
    hand_in(hazard, note="换了新管", by=street.xiao_zhao, now=MONDAY)
    before = len(street.trail_since(MONDAY))

    with pytest.raises(NotYours) as refusal:
        verify(hazard, accept=True, by=street.xiao_zhao, now=MONDAY)

    assert refusal.value.code == "own_fix"
    assert Hazard.objects.get(id=hazard.id).state == "handed_in"
    assert len(street.trail_since(MONDAY)) == before


def test_a_major_hazard_needs_both_reports_plan_control_and_two_officers(street: Street) -> None:
    hazard = a_hazard(street, level="unrated", suggested="major", item_code="restaurant-03")
    assert hazard.suggested == "major"
    assert hazard.criterion
    rate(hazard, level="major", criterion=hazard.criterion, by=street.sister_liu, now=MONDAY)
    assert open_duties(hazard) == ["double_report", "double_report", "plan", "rating"]
    order_rectification(hazard, by=street.sister_liu, now=MONDAY)
    assert open_duties(hazard) == ["double_report", "double_report", "plan", "rectification"]
    for side in ("regulator", "workers"):
        send_double_report(hazard, side=side, text="现状、成因、危害", by=street.sister_liu, now=MONDAY)
    set_interim(hazard, text="关阀", by=street.lao_wang, now=MONDAY)
    make_plan(hazard, **PLAN, by=street.lao_wang, now=MONDAY)
    hand_in(hazard, note="已换", by=street.xiao_zhao, now=MONDAY + HOUR)

    with pytest.raises(NotYours, match="officer_needed"):
        verify(hazard, accept=True, by=street.sister_liu, now=MONDAY + HOUR)
    with pytest.raises(NotNow, match="review_missing"):
        verify(hazard, accept=True, by=street.officer_li, now=MONDAY + HOUR)

    review(
        hazard,
        passed=True,
        officers=[street.chief_zhang.person],
        by=street.officer_li,
        now=MONDAY + 2 * HOUR,
    )
    verify(hazard, accept=True, by=street.officer_li, now=MONDAY + 2 * HOUR)
    assert "close" not in acts_open_to(street.sister_liu, hazard)
    assert "close" in acts_open_to(street.officer_li, hazard)
    close_hazard(hazard, by=street.officer_li, now=MONDAY + 3 * HOUR)

    assert open_duties(hazard) == []
    file = queries.file_of(hazard, on=MONDAY.date())
    assert file.lacks == ()
    assert file.duty is None
