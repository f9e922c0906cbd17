"""What is asked of visits."""

import uuid
from datetime import datetime

from django.db.models import QuerySet

from qianan.field.hazards.models import Hazard
from qianan.field.inspections import access
from qianan.field.inspections.models import Visit
from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotFound
from qianan.kernel.ref import Ref
from qianan.tables.within import within

KINDS = ("routine", "special", "follow_up", "complaint", "joint", "opening", "other")
"""Why officers come: by plan, in a campaign, to look again, after a complaint, together with others, before opening."""

HANDLINGS = ("signed", "refused", "absent")


def visit_ref(visit: Visit) -> Ref:
    """`inspections.visit:<business>:<id>`."""
    return Ref.of("inspections.visit", visit.business_id, visit.id)


def visits_for(
    actor: Actor,
    *,
    place_code: str = "",
    business: uuid.UUID | None = None,
    site: uuid.UUID | None = None,
    kind: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Visit]:
    """The visits this actor may see, newest first."""
    found = access.visible_to(actor).filter(within(place_code))
    if business is not None:
        found = found.filter(business_id=business)
    if site is not None:
        found = found.filter(site_id=site)
    if kind:
        found = found.filter(kind=kind)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return found.order_by("-at", "-id")


def visit_for(actor: Actor, business: object, id: object) -> Visit:
    """This visit, if the actor may see it. Raises NotFound("no_such_visit")."""
    try:
        owner, wanted = uuid.UUID(str(business)), uuid.UUID(str(id))
    except ValueError:
        raise NotFound("no_such_visit") from None
    found = access.visible_to(actor).filter(business_id=owner, id=wanted).first()
    if found is None:
        raise NotFound("no_such_visit")
    return found


def found_at(visit: Visit) -> QuerySet[Hazard]:
    """The hazards that were found at a visit, in the order in which they were written down."""
    return Hazard.objects.filter(business_id=visit.business_id, origin=str(visit_ref(visit))).order_by("id")
