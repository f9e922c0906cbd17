"""Phones resend, nets reorder: whatever order and however often the same checks come, the end is the same."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qianan.field.hazards.models import Hazard
from qianan.field.selfchecks import actions
from qianan.field.selfchecks.models import ConflictingSubmission, Occurrence, Standing, Submission
from qianan.kernel.ids import uuid7_of
from qianan.registry.duties.models import Duty
from tests.cast import MONDAY, Street
from tests.field.selfchecks.checks import DAILY, FULL, a_check, answers, let_it_be_missed

HOSE = {"a": "f", "note": "软管超过两米"}


class _Undone(Exception):
    pass


def the_checks(street: Street, now: Any) -> list[actions.Handed]:
    """A shop's morning: two lists, a correction, one more round, and the same id once with other answers."""
    ids = [uuid7_of(f"check {number}", now) for number in range(5)]
    same: dict[str, Any] = {"at": now}
    return [
        a_check(street, id=ids[0], answers=answers(restaurant_05=HOSE), **same),
        a_check(street, id=ids[1], code=FULL, answers=answers(FULL, restaurant_05=HOSE), **same),
        a_check(street, id=ids[2], replaces=ids[0], answers=answers(restaurant_05=HOSE), **same),
        a_check(street, id=ids[3], replaces=ids[0], answers=answers(restaurant_05=HOSE), **same),
        a_check(street, id=ids[4], code="common-daily", **same),
    ]


def end_state() -> dict[str, Any]:
    """All that must not depend on the order. (Which of two voluntary checks answered what may.)"""
    return {
        "submissions": sorted(Submission.objects.values_list("id", "digest", "letters", "replaced_by", "receipt")),
        "conflicts": ConflictingSubmission.objects.count(),
        "occurrences": sorted(Occurrence.objects.values_list("site_id", "checklist", "due_day", "state")),
        "standings": sorted(
            Standing.objects.values_list("checklist", "checks", "led_checks", "late_checks", "missed", "missed_in_row")
        ),
        "hazards": sorted(Hazard.objects.values_list("site_id", "item_code", "text")),
        "silences": sorted(Duty.objects.filter(kind="silence").values_list("state", flat=True)),
    }


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_any_repetition_come_to_the_same_end(street: Street, data: st.DataObject) -> None:
    now = let_it_be_missed(street, times=2) + timedelta(minutes=5) if not Occurrence.objects.exists() else None
    now = now or MONDAY + timedelta(days=14, hours=11, minutes=5)
    checks = the_checks(street, now)
    order = data.draw(st.permutations(list(range(5))))
    again = data.draw(st.lists(st.integers(0, 4), max_size=6))
    cuts = data.draw(st.lists(st.booleans(), min_size=11, max_size=11))

    def run(numbers: list[int], apart: list[bool]) -> dict[str, Any]:
        state: dict[str, Any] = {}
        try:
            with transaction.atomic():
                batch: list[actions.Handed] = []
                for number, cut in zip(numbers, apart, strict=False):
                    batch.append(checks[number])
                    if cut:
                        actions.receive_submissions(batch, by=street.xiao_zhao, now=now)
                        batch = []
                actions.receive_submissions(batch, by=street.xiao_zhao, now=now)
                state = end_state()
                raise _Undone
        except _Undone:
            return state

    plain = run([0, 1, 2, 3, 4], [True] * 5)
    shuffled = run([*order, *again], cuts)

    assert shuffled == plain
    assert {code: count for code, count, *_ in plain["standings"]} == {DAILY: 1, FULL: 1, "common-daily": 1}
