"""Who may see, fill in, send back and waive self-checks.

A business's own people fill in; its managers and the officers over it read, accept and send back, never their own
work; officers waive. A landlord sees its tenants' (reads only).
"""

import uuid

from django.db.models import Q, QuerySet

from qianan.field.selfchecks.models import ConflictingSubmission, Occurrence, Standing, Submission
from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotYours
from qianan.registry.businesses import access as businesses
from qianan.registry.businesses.models import Business


def scope(actor: Actor, *, line: str = "") -> Q:
    """The rows (occurrences, submissions, standings) of the businesses that this actor may see."""
    return businesses.scope_q(actor, line=line)


def submissions_visible_to(actor: Actor) -> QuerySet[Submission]:
    return Submission.objects.filter(scope(actor))


def occurrences_visible_to(actor: Actor) -> QuerySet[Occurrence]:
    return Occurrence.objects.filter(scope(actor))


def standings_visible_to(actor: Actor) -> QuerySet[Standing]:
    return Standing.objects.filter(scope(actor, line="line"))


def conflicts_visible_to(actor: Actor) -> QuerySet[ConflictingSubmission]:
    """Conflicts are the business's own affair: its people see them."""
    if actor.is_system:
        return ConflictingSubmission.objects.all()
    return ConflictingSubmission.objects.filter(business_id__in={seat.business for seat in actor.seats})


def can_fill_in(actor: Actor, business_id: uuid.UUID) -> bool:
    """Whether this person checks for this business: anybody who holds a seat in it."""
    return actor.is_system or actor.at(business_id) is not None


def can_review(actor: Actor, submission: Submission, business: Business) -> bool:
    """Whether this person may accept it or send it back: a manager or an officer over it, not who filled it in."""
    if submission.by == actor.ref:
        return False
    return businesses.can_manage(actor, business) or businesses.can_oversee(actor, business)


def check_may_review(actor: Actor, submission: Submission, business: Business) -> None:
    """Raises NotYours("own_submission") for one's own, NotYours("not_your_area") else."""
    if submission.by == actor.ref:
        raise NotYours("own_submission")
    if not can_review(actor, submission, business):
        raise NotYours("not_your_area")


def can_waive(actor: Actor, business: Business) -> bool:
    """Whether this person may let a business off owed checks: an officer over it; never the business itself."""
    return businesses.can_oversee(actor, business)


def check_may_waive(actor: Actor, business: Business) -> None:
    """Raises NotYours("not_your_area")."""
    if not can_waive(actor, business):
        raise NotYours("not_your_area")


def can_settle(actor: Actor, conflict: ConflictingSubmission) -> bool:
    """Whether this person says which of two versions stands: who handed it in, or a manager of the business."""
    return (
        actor.is_system or conflict.by == actor.ref or bool(actor.roles_at(conflict.business_id) & businesses.MANAGERS)
    )


def check_may_settle(actor: Actor, conflict: ConflictingSubmission) -> None:
    """Raises NotYours("not_your_conflict")."""
    if not can_settle(actor, conflict):
        raise NotYours("not_your_conflict")
