"""Accepted, sent back, a conflict settled."""

from dataclasses import replace
from datetime import timedelta

import pytest

from qianan.field.selfchecks import actions
from qianan.field.selfchecks.models import ConflictingSubmission, Submission
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Invalid, NotNow, NotYours
from tests.cast import MONDAY, Street
from tests.field.selfchecks.checks import a_check, answers

LATER = MONDAY + timedelta(hours=1)


def handed_in(street: Street, who: str = "xiao_zhao") -> Submission:
    result = actions.receive_submission(a_check(street), by=getattr(street, who), now=MONDAY)
    assert result.submission is not None
    return result.submission


def a_conflict(street: Street) -> ConflictingSubmission:
    check = a_check(street)
    actions.receive_submission(check, by=street.xiao_zhao, now=MONDAY)
    other = replace(check, answers=answers(restaurant_05={"a": "f", "note": "软管过长"}))
    actions.receive_submission(other, by=street.xiao_zhao, now=MONDAY)
    return ConflictingSubmission.objects.get()


@pytest.mark.parametrize("who", ["sister_liu", "lao_wang", "officer_li", "chief_zhang", "director_sun", "ms_chen"])
def test_managers_and_officers_over_the_shop_read_and_accept(street: Street, who: str) -> None:
    submission = handed_in(street)

    actions.accept_submission(submission, by=getattr(street, who), now=LATER)

    assert Submission.objects.get(id=submission.id).state == "accepted"
    assert [entry.news for entry in street.trail_since(LATER)] == ["selfchecks.SubmissionAccepted"]


def test_an_officer_sends_it_back_with_the_reason(street: Street) -> None:
    submission = handed_in(street)

    actions.return_submission(submission, reason=" 照片看不清 ", by=street.officer_li, now=LATER)

    kept = Submission.objects.get(id=submission.id)
    assert (kept.state, kept.returned_why) == ("returned", "照片看不清")
    (entry,) = street.trail_since(LATER)
    assert (entry.news, entry.body) == ("selfchecks.SubmissionReturned", {"reason": "照片看不清"})


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("sister_liu", "own_submission"),
        ("xiao_zhao", "not_your_area"),
        ("officer_he", "not_your_area"),
        ("boss_qian", "not_your_area"),
        ("stranger", "not_your_area"),
    ],
)
def test_others_and_who_filled_it_in_do_not(street: Street, who: str, code: str) -> None:
    submission = handed_in(street, "sister_liu")

    with pytest.raises(NotYours, match=code):
        actions.accept_submission(submission, by=getattr(street, who), now=LATER)
    with pytest.raises(NotYours, match=code):
        actions.return_submission(submission, reason="不清楚", by=getattr(street, who), now=LATER)

    assert Submission.objects.get(id=submission.id).state == "complete"
    assert street.trail_since(LATER) == []


def test_what_was_accepted_is_not_sent_back(street: Street) -> None:
    submission = handed_in(street)
    actions.accept_submission(submission, by=street.officer_li, now=LATER)

    with pytest.raises(NotNow):
        actions.return_submission(submission, reason="不清楚", by=street.officer_li, now=LATER)

    assert Submission.objects.get(id=submission.id).state == "accepted"


@pytest.mark.parametrize(("reason", "code"), [(" ", "reason_missing"), ("长" * 501, "too_long")])
def test_sending_back_needs_a_reason_of_fair_length(street: Street, reason: str, code: str) -> None:
    submission = handed_in(street)

    with pytest.raises(Invalid, match=code):
        actions.return_submission(submission, reason=reason, by=street.officer_li, now=LATER)

    assert Submission.objects.get(id=submission.id).state == "complete"


def test_the_cook_says_that_the_first_stands(street: Street) -> None:
    conflict = a_conflict(street)

    stands = actions.settle_conflict(conflict, keep="first", by=street.xiao_zhao, now=LATER)

    assert stands.id == conflict.submission_id
    assert ConflictingSubmission.objects.get().settled_at == LATER
    assert Submission.objects.count() == 1
    (entry,) = street.trail_since(LATER)
    assert (entry.news, entry.body["kept"]) == ("selfchecks.ConflictSettled", "first")


def test_or_that_the_second_stands_which_then_corrects_the_first(street: Street) -> None:
    conflict = a_conflict(street)

    stands = actions.settle_conflict(conflict, keep="second", by=street.sister_liu, now=LATER, id=uuid7(LATER))

    assert (stands.replaces, stands.fails) == (conflict.submission_id, 1)
    assert Submission.objects.get(id=conflict.submission_id).replaced_by == stands.id


@pytest.mark.parametrize("who", ["officer_li", "boss_qian", "stranger"])
def test_a_conflict_is_settled_within_the_shop(street: Street, who: str) -> None:
    conflict = a_conflict(street)

    with pytest.raises(NotYours, match="not_your_conflict"):
        actions.settle_conflict(conflict, keep="first", by=getattr(street, who), now=LATER)

    assert ConflictingSubmission.objects.get().settled_at is None


def test_once_settled_it_stays_settled(street: Street) -> None:
    conflict = a_conflict(street)
    actions.settle_conflict(conflict, keep="first", by=street.xiao_zhao, now=LATER)

    with pytest.raises(NotNow, match="conflict_settled"):
        actions.settle_conflict(conflict, keep="second", by=street.xiao_zhao, now=LATER, id=uuid7(LATER))
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(("keep", "code"), [("third", "keep_unknown"), ("second", "id_missing")])
def test_it_must_be_said_which(street: Street, keep: str, code: str) -> None:
    conflict = a_conflict(street)

    with pytest.raises(Invalid, match=code):
        actions.settle_conflict(conflict, keep=keep, by=street.xiao_zhao, now=LATER)
