"""Rating: a second person sets lower, an officer a rated major; a changed rating begins the promise anew."""

from datetime import timedelta

import pytest

from qianan.field.hazards import queries
from qianan.field.hazards.actions import order_rectification, rate, reject, reopen, suspend_work
from qianan.field.hazards.models import Rectification
from qianan.kernel.problems import Conflict, Invalid, NotNow, NotYours
from qianan.registry.duties.models import Duty
from tests.cast import MONDAY, Street
from tests.field.hazards.stages import HOUR, bring_to, prepare_major, report

DAY = timedelta(days=1)


def open_kinds() -> list[str]:
    return sorted(Duty.objects.filter(state="open").values_list("kind", flat=True))


def test_until_the_fix_is_ordered_the_rating_clock_runs(street: Street) -> None:
    hazard = report(street, item_code="", text="地滑")
    assert open_kinds() == ["rating"]
    rate(hazard, level="general", reason="小事", by=street.sister_liu, now=MONDAY)
    assert open_kinds() == ["rating"]

    order_rectification(hazard, by=street.sister_liu, now=MONDAY)

    assert open_kinds() == ["rectification"]


def test_a_suggested_major_is_set_aside_by_another_person_with_a_reason(street: Street) -> None:
    hazard = report(street)
    hazard.found_by = street.sister_liu.ref
    hazard.save(update_fields=["found_by"])
    with pytest.raises(NotYours, match="second_person_needed"):
        rate(hazard, level="general", reason="没事", by=street.sister_liu, now=MONDAY + HOUR)
    with pytest.raises(Invalid, match="reason_needed"):
        rate(hazard, level="general", by=street.lao_wang, now=MONDAY + HOUR)
    assert street.trail_since(MONDAY + HOUR) == []

    rate(hazard, level="general", reason="管子是新的,只是脏", by=street.lao_wang, now=MONDAY + HOUR)

    assert (hazard.level, hazard.criterion) == ("general", "")


def test_a_rated_major_is_set_lower_by_an_officer_other_than_the_rater(street: Street) -> None:
    hazard = bring_to("rectifying", street, level="major")
    with pytest.raises(NotYours, match="officer_needed"):
        rate(hazard, level="general", reason="没那么严重", by=street.lao_wang, now=MONDAY + HOUR)

    rate(hazard, level="general", reason="现场看过,够不上", by=street.officer_li, now=MONDAY + HOUR)

    assert (hazard.state, hazard.level) == ("rated", "general")
    assert open_kinds() == ["rating"]
    assert list(Rectification.objects.values_list("state", flat=True)) == ["withdrawn"]
    with pytest.raises(Conflict, match="same_rating"):
        rate(hazard, level="general", reason="x", by=street.officer_li, now=MONDAY + HOUR)


def test_the_officer_who_rated_it_major_does_not_lower_it_alone(street: Street) -> None:
    hazard = report(street)
    rate(hazard, level="major", reason="危险", by=street.officer_li, now=MONDAY)

    with pytest.raises(NotYours, match="second_person_needed"):
        rate(hazard, level="general", reason="算了", by=street.officer_li, now=MONDAY + HOUR)

    assert rate(hazard, level="general", reason="复核过", by=street.chief_zhang, now=MONDAY + HOUR).level == "general"


def test_what_turns_out_worse_is_ordered_anew_at_its_level(street: Street) -> None:
    hazard = bring_to("rectifying", street)
    first_due = hazard.due_at

    rate(hazard, level="major", reason="裂了", by=street.sister_liu, now=MONDAY + DAY)
    assert (hazard.state, hazard.due_at) == ("rated", None)
    assert open_kinds() == ["double_report", "double_report", "plan", "rating"]
    order_rectification(hazard, by=street.sister_liu, now=MONDAY + DAY)

    assert hazard.due_at is not None
    assert first_due is not None
    assert hazard.due_at > first_due
    assert [row.state for row in queries.facts_of(hazard).rectifications] == ["withdrawn", "ordered"]


def test_a_rating_names_a_clause_in_force_or_says_why(street: Street) -> None:
    hazard = report(street)
    for more, code in [
        ({"level": "huge"}, "unknown_level"),
        ({"level": "major"}, "criterion_or_reason_needed"),
        ({"level": "major", "criterion": "nothing"}, "no_criterion"),
        ({"level": "major", "reason": "长" * 501}, "too_long"),
    ]:
        with pytest.raises(Invalid, match=code):
            rate(hazard, **more, by=street.sister_liu, now=MONDAY + HOUR)
    assert street.trail_since(MONDAY + HOUR) == []


def test_the_trail_keeps_no_phone_numbers(street: Street) -> None:
    hazard = report(street)

    rate(hazard, level="major", reason="找老李 138 0000 1234 看过", by=street.sister_liu, now=MONDAY + HOUR)

    assert street.trail_since(MONDAY + HOUR)[0].body["reason"] == "找老李 … 看过"


def test_no_hazard_needs_a_second_person_and_a_reason(street: Street) -> None:
    hazard = report(street, origin_kind="worker")
    with pytest.raises(Invalid, match="reason_needed"):
        reject(hazard, reason=" ", by=street.sister_liu, now=MONDAY + HOUR)
    with pytest.raises(NotYours):
        reject(hazard, reason="看错了", by=street.xiao_zhao, now=MONDAY + HOUR)

    reject(hazard, reason="看错了", by=street.sister_liu, now=MONDAY + HOUR)

    assert (hazard.state, hazard.closed_by, hazard.closing_note) == ("rejected", street.sister_liu.ref, "看错了")
    assert open_kinds() == []
    reopen(hazard, reason="没看错", by=street.officer_li, now=MONDAY + 2 * HOUR)
    assert (hazard.state, hazard.closed_at) == ("found", None)
    assert open_kinds() == ["rating"]


def test_what_an_officer_found_the_shop_cannot_reject(street: Street) -> None:
    from qianan.field.hazards.actions import NewHazard, report_hazard

    hazard = report_hazard(NewHazard(site=street.site, text="油污"), by=street.officer_li, now=MONDAY)
    assert hazard.origin_kind == "officer"

    with pytest.raises(NotYours, match="officer_needed"):
        reject(hazard, reason="没有", by=street.lao_wang, now=MONDAY + HOUR)
    with pytest.raises(NotYours, match="second_person_needed"):
        reject(hazard, reason="没有", by=street.officer_li, now=MONDAY + HOUR)
    assert reject(hazard, reason="看过,干净", by=street.ms_chen, now=MONDAY + HOUR).state == "rejected"


def test_while_work_is_stopped_it_is_not_rejected(street: Street) -> None:
    hazard = report(street)
    suspend_work(hazard, scope="后厨", by=street.officer_li, now=MONDAY)

    with pytest.raises(NotNow, match="still_suspended"):
        reject(hazard, reason="看错了", by=street.lao_wang, now=MONDAY + HOUR)


def test_somebody_who_looked_at_an_old_page_is_told(street: Street) -> None:
    hazard = report(street)
    seen = hazard.version
    rate(hazard, level="major", reason="危险", expected_version=seen, by=street.sister_liu, now=MONDAY)
    assert hazard.version == seen + 1

    with pytest.raises(Conflict, match="changed_meanwhile") as refusal:
        order_rectification(hazard, expected_version=seen, by=street.lao_wang, now=MONDAY + HOUR)

    assert refusal.value.params == {"expected": seen, "version": seen + 1}
    assert street.trail_since(MONDAY + HOUR) == []
    prepare_major(hazard, street, now=MONDAY + HOUR)
    assert hazard.version == seen + 5
