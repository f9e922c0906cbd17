"""What is handed in, and everything that follows from it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from qianan.field.hazards.models import Hazard
from qianan.field.selfchecks import actions
from qianan.field.selfchecks.models import ConflictingSubmission, Standing, Submission
from qianan.kernel.ids import uuid7
from qianan.registry.checklists.models import Version
from qianan.registry.duties.models import Duty
from tests.cast import MONDAY, Street
from tests.field.selfchecks.checks import (
    DAILY,
    FULL,
    SUNDAY,
    SUNDAY_EVENING,
    a_check,
    answered_by,
    answers,
    begin,
    let_it_be_missed,
    standing,
    states,
)

HOSE = {"a": "f", "note": "软管超过两米"}
GAS = {"a": "f", "note": "报警器没通电"}


def test_the_cook_s_check_is_kept_and_answers_what_is_owed(street: Street) -> None:
    begin(street)
    check = a_check(street, sent_at=MONDAY + timedelta(seconds=20))

    result = actions.receive_submission(check, by=street.xiao_zhao, now=MONDAY)

    assert (result.status, result.hazards, result.known, result.problems) == ("received", [], [], [])
    row = Submission.objects.get(id=check.id)
    assert (row.letters, row.sparse, row.items, row.fails) == ("p" * 10, {}, 10, 0)
    assert (row.by, row.role, row.led) == (street.xiao_zhao.ref, "worker", False)
    assert (row.seconds, row.offset_s, row.received_at) == (180, 20, MONDAY)
    assert row.receipt == result.receipt
    assert row.receipt.startswith("ZC20261102-")
    assert (states(street.site), answered_by(street.site)) == ([(SUNDAY, "done")], check.id)
    kept = standing(street.site)
    assert (kept.checks, kept.led_checks, kept.late_checks, kept.last_at) == (1, 0, 0, MONDAY)
    assert kept.last_due_day == SUNDAY
    (entry,) = [e for e in street.trail_since(MONDAY) if e.news == "selfchecks.SubmissionReceived"]
    assert (entry.by, entry.place_code) == (street.xiao_zhao.ref, street.site.place_code)
    assert entry.body == {
        "site": str(street.site.id),
        "version": f"{DAILY}@1",
        "fails": 0,
        "hazards": 0,
        "led": False,
        "late": False,
        "seconds": 180,
    }


def test_what_fails_becomes_a_hazard(street: Street) -> None:
    check = a_check(street, answers=answers(restaurant_05=HOSE, restaurant_01=GAS))

    result = actions.receive_submission(check, by=street.xiao_zhao, now=MONDAY)

    gas, hose = result.hazards
    assert (gas.item_code, gas.text, gas.level, gas.suggested) == ("restaurant-01", GAS["note"], "unrated", "major")
    assert (hose.item_code, hose.text, hose.level) == ("restaurant-05", HOSE["note"], "general")
    origin = f"selfchecks.submission:{street.business.id}:{check.id}"
    assert (hose.origin, hose.origin_kind, hose.version_id) == (origin, "selfcheck", f"{DAILY}@1")
    assert (result.submission.fails, result.submission.hazards) == (2, 2)


def test_an_item_that_fails_again_names_the_hazard_that_is_open(street: Street) -> None:
    first = actions.receive_submission(
        a_check(street, answers=answers(restaurant_05=HOSE)), by=street.xiao_zhao, now=MONDAY
    )
    tuesday = MONDAY + timedelta(days=1)

    again = actions.receive_submission(
        a_check(street, tuesday, answers=answers(restaurant_05=HOSE)), by=street.xiao_zhao, now=tuesday
    )

    assert (again.hazards, [each.id for each in again.known]) == ([], [first.hazards[0].id])
    assert Hazard.objects.count() == 1


def test_a_principal_who_checks_himself_is_told_apart(street: Street) -> None:
    begin(street)

    result = actions.receive_submission(a_check(street), by=street.lao_wang, now=MONDAY)

    assert (result.submission.led, result.submission.role) == (True, "principal")
    kept = standing(street.site)
    assert (kept.checks, kept.led_checks, kept.last_led_at) == (1, 1, MONDAY)


# -- when it comes ------------------------------------------------------------------


def test_after_its_hour_it_is_late_and_after_its_grace_it_is_made_up(street: Street) -> None:
    begin(street)
    late = SUNDAY_EVENING + timedelta(hours=1)

    actions.receive_submission(a_check(street, late), by=street.xiao_zhao, now=late)

    assert states(street.site) == [(SUNDAY, "late")]
    assert standing(street.site).late_checks == 1


def test_a_check_ends_the_silence(street: Street) -> None:
    now = let_it_be_missed(street, times=2) + timedelta(days=1)

    actions.receive_submission(a_check(street, now), by=street.xiao_zhao, now=now)

    assert standing(street.site).missed_in_row == 0
    assert standing(street.site).missed == 2
    assert [duty.state for duty in Duty.objects.filter(kind="silence")] == ["discharged"]
    (entry,) = [e for e in street.trail_since(now) if e.news == "selfchecks.SilenceEnded"]
    assert entry.body == {"checklist": DAILY, "days": 15}


def test_the_last_one_missed_is_made_up_and_earlier_ones_stay_missed(street: Street) -> None:
    now = let_it_be_missed(street, times=2) + timedelta(minutes=5)

    actions.receive_submission(a_check(street, now), by=street.xiao_zhao, now=now)

    assert [state for _, state in states(street.site)] == ["missed", "late"]


def test_what_is_due_goes_before_what_was_missed(street: Street) -> None:
    now = let_it_be_missed(street)
    begin(street, now.date(), now)

    actions.receive_submission(a_check(street, now), by=street.xiao_zhao, now=now)

    assert [state for _, state in states(street.site)] == ["missed", "done"]


def test_who_names_the_day_answers_that_one(street: Street) -> None:
    now = let_it_be_missed(street)
    begin(street, now.date(), now)

    actions.receive_submission(a_check(street, now, day=SUNDAY), by=street.xiao_zhao, now=now)

    assert [state for _, state in states(street.site)] == ["late", "due"]


def test_of_two_that_are_due_the_nearer_one_is_answered(street: Street) -> None:
    begin(street)
    monday = MONDAY + timedelta(days=7)
    begin(street, monday.date(), monday)

    actions.receive_submission(a_check(street, monday), by=street.xiao_zhao, now=monday)

    assert [state for _, state in states(street.site)] == ["late", "due"]


@pytest.mark.parametrize("days", [-1, 1, 400, -4000])
def test_a_phone_whose_clock_is_wrong_moves_no_due_day(street: Street, days: int) -> None:
    begin(street)
    wrong = MONDAY + timedelta(days=days)
    check = a_check(street, wrong)

    result = actions.receive_submission(check, by=street.xiao_zhao, now=MONDAY)

    assert result.status == "received"
    assert (states(street.site), answered_by(street.site)) == ([(SUNDAY, "done")], check.id)
    assert result.submission.offset_s == days * 86_400
    assert result.submission.received_at == MONDAY


def test_a_second_check_of_the_week_is_a_voluntary_one(street: Street) -> None:
    begin(street)
    actions.receive_submission(a_check(street), by=street.xiao_zhao, now=MONDAY)

    extra = actions.receive_submission(a_check(street), by=street.lao_wang, now=MONDAY)

    assert (extra.status, extra.occurrence) == ("received", None)
    assert (standing(street.site).checks, standing(street.site).led_checks) == (2, 1)


def test_a_list_that_is_not_owed_may_be_filled_in(street: Street) -> None:
    check = a_check(street, code="common-daily")

    result = actions.receive_submission(check, by=street.xiao_zhao, now=MONDAY)

    assert result.status == "received"
    assert (standing(street.site, "common-daily").checks, standing(street.site, "common-daily").active) == (1, False)


def test_an_edition_that_was_retired_is_still_answered(street: Street) -> None:
    Version.objects.filter(id=f"{DAILY}@1").update(state="retired")

    assert actions.receive_submission(a_check(street), by=street.xiao_zhao, now=MONDAY).status == "received"


# -- twice ----------------------------------------------------------------------------


def test_the_same_again_is_answered_as_before(street: Street) -> None:
    begin(street)
    check = a_check(street, answers=answers(restaurant_05=HOSE))
    first = actions.receive_submission(check, by=street.xiao_zhao, now=MONDAY)
    told = len(street.trail_since(MONDAY))

    resent = replace(check, sent_at=MONDAY + timedelta(hours=3))
    again = actions.receive_submission(resent, by=street.xiao_zhao, now=MONDAY + timedelta(hours=3))

    assert again.status == "same"
    assert (again.receipt, again.occurrence) == (first.receipt, first.occurrence)
    assert [each.number for each in again.hazards] == [each.number for each in first.hazards]
    assert (Submission.objects.count(), Hazard.objects.count(), standing(street.site).checks) == (1, 1, 1)
    assert len(street.trail_since(MONDAY)) == told


def test_the_same_id_with_other_answers_is_kept_beside_the_first(street: Street) -> None:
    check = a_check(street)
    actions.receive_submission(check, by=street.xiao_zhao, now=MONDAY)
    other = replace(check, answers=answers(restaurant_05=HOSE))

    result = actions.receive_submission(other, by=street.xiao_zhao, now=MONDAY)
    actions.receive_submission(other, by=street.xiao_zhao, now=MONDAY)

    assert (result.status, [each.code for each in result.problems]) == ("conflict", ["same_id_other_bytes"])
    assert Submission.objects.get(id=check.id).letters == "p" * 10
    kept = ConflictingSubmission.objects.get()
    assert (kept.submission_id, kept.body["answers"]["restaurant-05"]) == (check.id, HOSE)
    assert [e.news for e in street.trail_since(MONDAY)].count("selfchecks.SubmissionConflicted") == 1
    assert not Hazard.objects.exists()


def test_twice_in_one_batch_is_once(street: Street) -> None:
    check = a_check(street)
    other = replace(check, answers=answers(restaurant_05=HOSE))

    results = actions.receive_submissions([check, check, other], by=street.xiao_zhao, now=MONDAY)

    assert [each.status for each in results] == ["received", "same", "conflict"]
    assert Submission.objects.count() == 1


# -- corrections -----------------------------------------------------------------------


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_correction_replaces_and_does_not_count_twice(street: Street, order: tuple[int, int]) -> None:
    begin(street)
    first = a_check(street)
    checks = [first, a_check(street, MONDAY + timedelta(minutes=5), replaces=first.id)]

    for number in order:
        assert actions.receive_submission(checks[number], by=street.xiao_zhao, now=MONDAY).status == "received"

    assert Submission.objects.get(id=first.id).replaced_by == checks[1].id
    assert (standing(street.site).checks, answered_by(street.site)) == (1, checks[1].id)


def test_a_check_cannot_replace_itself(street: Street) -> None:
    id = uuid7(MONDAY)

    result = actions.receive_submission(a_check(street, id=id, replaces=id), by=street.xiao_zhao, now=MONDAY)

    assert [(each.code, each.where) for each in result.problems] == [("replaces_itself", "replaces")]


# -- what is not right -------------------------------------------------------------------


def refusals() -> list[tuple[dict[str, object], str]]:
    deep: dict[str, object] = {}
    for _ in range(100_000):
        deep = {"a": deep}
    return [
        ({"id": uuid4()}, "not_uuid7"),
        ({"id": UUID("ffffffff-ffff-7fff-8fff-ffffffffffff")}, "not_uuid7"),
        ({"site_id": uuid4()}, "no_such_site"),
        ({"business_id": uuid4()}, "no_such_site"),
        ({"version_id": "restaurant-daily@9"}, "no_such_version"),
        ({"version_id": "x" * 5000}, "no_such_version"),
        ({"answers": {}}, "answer_needed"),
        ({"answers": []}, "not_an_object"),
        ({"facts": {"note": "a\x00b"}}, "bad_characters"),
        ({"facts": {"note": "\ud800"}}, "bad_characters"),
        ({"facts": {"lat": float("nan")}}, "bad_characters"),
        ({"facts": deep}, "bad_characters"),
        ({"facts": {"note": "长" * 300_000}}, "submission_too_large"),
        ({"started_at": MONDAY.replace(tzinfo=None)}, "bad_time"),
    ]


@pytest.mark.parametrize(("wrong", "code"), refusals(), ids=lambda each: each if isinstance(each, str) else "")
def test_a_wrong_one_is_refused_with_what_is_wrong(street: Street, wrong: dict[str, object], code: str) -> None:
    begin(street)
    before = len(street.trail_since(MONDAY))

    result = actions.receive_submission(a_check(street, **wrong), by=street.xiao_zhao, now=MONDAY)

    assert (result.status, result.submission) == ("refused", None)
    assert result.problems[0].code == code
    assert (Submission.objects.count(), states(street.site)) == (0, [(SUNDAY, "due")])
    assert len(street.trail_since(MONDAY)) == before


def test_an_unknown_photo_is_refused(street: Street) -> None:
    sha = "ab" * 32
    check = a_check(street, answers=answers(restaurant_05={"a": "f", "photos": [sha]}))

    result = actions.receive_submission(check, by=street.xiao_zhao, now=MONDAY)

    assert [(each.code, each.where) for each in result.problems] == [("unknown_photo", sha)]
    assert not Submission.objects.exists()


@pytest.mark.parametrize("who", ["boss_qian", "stranger", "officer_li", "ms_chen", "admin"])
def test_nobody_checks_for_a_shop_he_has_no_seat_in(street: Street, who: str) -> None:
    result = actions.receive_submission(a_check(street), by=getattr(street, who), now=MONDAY)

    assert [each.code for each in result.problems] == ["no_such_site"]
    assert not Submission.objects.exists()
    assert street.trail_since(MONDAY) == []


def test_a_wrong_one_spoils_none_of_its_neighbours(street: Street) -> None:
    begin(street)
    checks = [a_check(street), a_check(street, answers={}), a_check(street, code=FULL)]

    results = actions.receive_submissions(checks, by=street.xiao_zhao, now=MONDAY)

    assert [each.status for each in results] == ["received", "refused", "received"]
    assert Submission.objects.count() == 2


def test_an_error_of_the_database_spoils_only_its_own(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import DataError

    from qianan.field.selfchecks.actions import receiving

    checks = [a_check(street), a_check(street), a_check(street)]
    write = receiving.bulk.insert

    def fail(rows: list[object], *, ignore: bool = False) -> None:
        kept = list(rows)
        if any(getattr(row, "id", None) == checks[1].id for row in kept):
            raise DataError("something nobody foresaw")
        write(kept, ignore=ignore)

    monkeypatch.setattr(receiving.bulk, "insert", fail)
    results = actions.receive_submissions(checks, by=street.xiao_zhao, now=MONDAY)

    assert [each.status for each in results] == ["received", "refused", "received"]
    assert results[1].problems[0].code == "not_kept"
    assert set(Submission.objects.values_list("id", flat=True)) == {checks[0].id, checks[2].id}
    assert Standing.objects.get(checklist=DAILY).checks == 2


def test_rows_of_a_batch_carry_their_own_hand_and_hour(street: Street) -> None:
    later = MONDAY + timedelta(hours=2)
    checks = [
        replace(a_check(street), by=street.xiao_zhao, now=MONDAY),
        replace(a_check(street, later, code=FULL), by=street.lao_wang, now=later),
    ]

    actions.receive_submissions(checks, by=street.sister_liu, now=MONDAY + timedelta(days=9))

    assert [
        (entry.by, entry.at) for entry in street.trail_since(MONDAY) if entry.news == "selfchecks.SubmissionReceived"
    ] == [(street.xiao_zhao.ref, MONDAY), (street.lao_wang.ref, later)]
