"""What becomes of what came in: accepted, sent back, a conflict settled."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from qianan.field.selfchecks import access
from qianan.field.selfchecks.events import ConflictSettled, SubmissionAccepted, SubmissionReturned
from qianan.field.selfchecks.lifecycle import SUBMISSION
from qianan.field.selfchecks.models import ConflictingSubmission, Submission
from qianan.field.selfchecks.queries.submissions import submission_ref
from qianan.ground.trail.actions import record
from qianan.kernel.actor import Actor
from qianan.kernel.ids import month_of
from qianan.kernel.problems import Invalid, NotNow
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses

LONGEST_REASON = 500


@transaction.atomic
def return_submission(submission: Submission, *, reason: str, by: Actor, now: datetime) -> Submission:
    """Send it back with the reason, which reaches the phone; the answer is a correction that replaces it.

    Raises NotYours("own_submission" | "not_your_area"), NotNow, Invalid("reason_missing" | "too_long").
    """
    access.check_may_review(by, submission, businesses.business(submission.business_id))
    SUBMISSION.check(submission.state, "returned")
    reason = reason.strip()
    if not reason:
        raise Invalid("reason_missing", where="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid("too_long", where="reason", limit=LONGEST_REASON)
    submission.state, submission.returned_why = "returned", reason
    submission.save(update_fields=["state", "returned_why"])
    record(
        SubmissionReturned(about=submission_ref(submission), place_code=submission.place_code, reason=reason),
        by=by,
        now=now,
    )
    return submission


@transaction.atomic
def accept_submission(submission: Submission, *, by: Actor, now: datetime) -> Submission:
    """Read and found good by somebody other than who filled it in. Raises NotYours, NotNow."""
    access.check_may_review(by, submission, businesses.business(submission.business_id))
    SUBMISSION.check(submission.state, "accepted")
    submission.state = "accepted"
    submission.save(update_fields=["state"])
    record(SubmissionAccepted(about=submission_ref(submission), place_code=submission.place_code), by=by, now=now)
    return submission


@transaction.atomic
def settle_conflict(
    conflict: ConflictingSubmission, *, keep: str, by: Actor, now: datetime, id: uuid.UUID | None = None
) -> Submission:
    """Say which version stands: `first` (what was received first) or `second`, which then comes in anew.

    The second becomes a submission of its own under `id` (a new UUIDv7), a correction of the first; both stay.
    Raises NotYours("not_your_conflict"), NotNow("conflict_settled"), Invalid("keep_unknown" | "id_missing").
    """
    from qianan.field.selfchecks.actions.receiving import Handed, receive_submission

    access.check_may_settle(by, conflict)
    if conflict.settled_at is not None:
        raise NotNow("conflict_settled")
    if keep not in {"first", "second"}:
        raise Invalid("keep_unknown", where="keep", keep=keep)
    first = Submission.objects.get(
        business_id=conflict.business_id, month=month_of(conflict.submission_id), id=conflict.submission_id
    )
    stands = first
    if keep == "second":
        if id is None:
            raise Invalid("id_missing", where="id")
        body: dict[str, Any] = conflict.body
        result = receive_submission(Handed.of_body(body, id=id, replaces=first.id), by=by, now=now)
        if result.submission is None:
            raise result.problems[0]
        stands = result.submission
    conflict.settled_at = now
    conflict.save(update_fields=["settled_at"])
    record(
        ConflictSettled(
            about=Ref.of("selfchecks.conflict", conflict.business_id, conflict.id),
            place_code=first.place_code,
            kept=keep,
            submission=str(stands.id),
        ),
        by=by,
        now=now,
    )
    return stands
