"""Who may visit a business, and who may see what was written of a visit."""

from django.db.models import Q, QuerySet

from qianan.field.inspections.models import Visit
from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotYours
from qianan.registry.businesses import access as businesses
from qianan.registry.businesses.models import Business


def scope(actor: Actor) -> Q:
    """The visits to businesses that this actor may see: its own people and the officers over it; not its landlord."""
    return businesses.scope_q(actor, line="", tenants=False)


def visible_to(actor: Actor) -> QuerySet[Visit]:
    return Visit.objects.filter(scope(actor))


def can_visit(actor: Actor, business: Business) -> bool:
    """Whether this is an officer whose place and line reach the business (or the house itself)."""
    return businesses.can_oversee(actor, business)


def check_may_visit(actor: Actor, business: Business) -> None:
    """Raises NotYours("not_your_area")."""
    if not can_visit(actor, business):
        raise NotYours("not_your_area")
