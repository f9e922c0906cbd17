"""What is asked of the trail."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, QuerySet, Sum

from qianan.ground.trail import sealing
from qianan.ground.trail.models import Entry, Head, Seal, Ticket, Unsealed
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


@dataclass(frozen=True)
class ChainState:
    """How a district's chain stands: links, entries, its last link (UTC), the day of its newest head, and whether that
    head is signed by this instance and names the last link."""

    chain: str
    seals: int
    entries: int
    last_at: datetime
    head_day: date | None
    signed: bool


def chains() -> list[ChainState]:
    """Every chain as it stands, by its code; four queries. The proof itself is `verification.verify`."""
    rows = list(
        Seal.objects.values("chain")
        .order_by("chain")
        .annotate(seals=Count("number"), entries=Sum("count"), last_at=Max("at"), last=Max("number"))
    )
    newest = Head.objects.values("chain").annotate(day=Max("day")).values_list("chain", "day")
    heads = {head.chain: head for head in Head.objects.filter(pk__in=list(newest))} if newest else {}
    ends = [(row["chain"], row["last"]) for row in rows]
    digests = dict(Seal.objects.filter(pk__in=ends).values_list("chain", "digest")) if ends else {}
    key = sealing.public_key()
    found = []
    for row in rows:
        head = heads.get(row["chain"])
        good = head is not None and (head.number, head.digest) == (row["last"], digests[row["chain"]])
        found.append(
            ChainState(
                chain=row["chain"],
                seals=row["seals"],
                entries=row["entries"],
                last_at=row["last_at"],
                head_day=head.day if head else None,
                signed=good and head is not None and sealing.verify_signature(head, key),
            )
        )
    return found
