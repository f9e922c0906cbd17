"""What came in: submissions, the occurrence each answered, conflicts."""

import uuid
from datetime import datetime

from django.db.models import QuerySet

from qianan.field.selfchecks import access
from qianan.field.selfchecks.models import ConflictingSubmission, Occurrence, Submission
from qianan.kernel.actor import Actor
from qianan.kernel.ids import month_of
from qianan.kernel.problems import NotFound
from qianan.kernel.ref import Ref
from qianan.tables.within import within

NOUN = "selfchecks.submission"


def submission_ref(submission: Submission) -> Ref:
    """`selfchecks.submission:<business>:<id>`: what a hazard's origin and a photo's object say."""
    return Ref.of(NOUN, submission.business_id, submission.id)


def _uuid(id: object, code: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(id))
    except ValueError:
        raise NotFound(code) from None


def submission_for(actor: Actor, business: object, id: object) -> Submission:
    """This submission, if the actor may see its business. Raises NotFound("no_such_submission")."""
    owner, wanted = _uuid(business, "no_such_submission"), _uuid(id, "no_such_submission")
    found = access.submissions_visible_to(actor).filter(business_id=owner, month=month_of(wanted), id=wanted).first()
    if found is None:
        raise NotFound("no_such_submission")
    return found


def submissions_for(
    actor: Actor,
    *,
    place_code: str = "",
    business: uuid.UUID | None = None,
    site: uuid.UUID | None = None,
    checklist: str = "",
    state: str = "",
    led: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Submission]:
    """What this actor may see of what came in, newest first. `since`/`until` go by the server's receipt time."""
    found = access.submissions_visible_to(actor).filter(within(place_code))
    if business is not None:
        found = found.filter(business_id=business)
    if site is not None:
        found = found.filter(site_id=site)
    if checklist:
        found = found.filter(checklist=checklist)
    if state:
        found = found.filter(state=state)
    if led is not None:
        found = found.filter(led=led)
    if since is not None:
        found = found.filter(received_at__gte=since)
    if until is not None:
        found = found.filter(received_at__lt=until)
    return found.order_by("-received_at", "-id")


def occurrence_of(submission: Submission) -> Occurrence | None:
    """The owed check that this submission answered, or None when it was a voluntary one."""
    return Occurrence.objects.filter(
        business_id=submission.business_id, site_id=submission.site_id, submission_id=submission.id
    ).first()


def conflicts_for(actor: Actor, *, settled: bool = False) -> QuerySet[ConflictingSubmission]:
    """Versions that came under an id already taken and wait for somebody to choose, newest first."""
    return access.conflicts_visible_to(actor).filter(settled_at__isnull=not settled).order_by("-received_at", "-id")


def conflict_for(actor: Actor, business: object, id: object) -> ConflictingSubmission:
    """This conflict, if it is of the actor's business. Raises NotFound("no_such_conflict")."""
    owner, wanted = _uuid(business, "no_such_conflict"), _uuid(id, "no_such_conflict")
    found = access.conflicts_visible_to(actor).filter(business_id=owner, id=wanted).first()
    if found is None:
        raise NotFound("no_such_conflict")
    return found
