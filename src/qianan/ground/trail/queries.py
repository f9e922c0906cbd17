"""What is asked of the trail."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from qianan.ground.trail.models import Entry, Ticket, Unsealed
from qianan.kernel.ids import month_of
from qianan.kernel.ref import Ref


def entries_about(*refs: Ref) -> QuerySet[Entry]:
    """What happened to these objects (all of one business), newest first. The caller has fetched them for an actor."""
    return Entry.objects.filter(business_id=refs[0].business, about__in=[str(ref) for ref in refs]).order_by("-id")


def entries_of(business_id: uuid.UUID) -> QuerySet[Entry]:
    """Everything that happened within one business, newest first."""
    return Entry.objects.filter(business_id=business_id).order_by("-month", "-id")


def entry_of(business_id: uuid.UUID, id: uuid.UUID) -> Entry | None:
    """The entry of a client-made id: was this act done before?"""
    return Entry.objects.filter(business_id=business_id, month=month_of(id), id=id).first()


def news_since(at: datetime, names: Iterable[str] = ()) -> QuerySet[Entry]:
    found = Entry.objects.filter(at__gte=at).order_by("id")
    return found.filter(news__in=list(names)) if names else found


@dataclass(frozen=True)
class QueueHealth:
    """How the queue stands: tickets waiting, poisoned, the oldest due, entries not sealed yet."""

    waiting: int
    poisoned: int
    oldest: datetime | None
    unsealed: int


def queue_health() -> QueueHealth:
    waiting = Ticket.objects.filter(state=Ticket.WAITING)
    first = waiting.order_by("run_at").values_list("run_at", flat=True).first()
    return QueueHealth(
        waiting=waiting.count(),
        poisoned=Ticket.objects.filter(state=Ticket.POISONED).count(),
        oldest=first,
        unsealed=Unsealed.objects.count(),
    )


def poisoned() -> QuerySet[Ticket]:
    return Ticket.objects.filter(state=Ticket.POISONED).order_by("id")
