"""The one way to write an act down."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from qianan.ground.trail import delivery, sealing
from qianan.ground.trail.events import TicketRetried
from qianan.ground.trail.models import Entry, Ticket, Unsealed
from qianan.kernel.actor import Actor
from qianan.kernel.ids import month_of, uuid7
from qianan.kernel.news import Event
from qianan.kernel.problems import NotFound, NotYours
from qianan.kernel.ref import Ref
from qianan.tables import bulk


def record(event: Event, *, by: Actor, now: datetime, id: uuid.UUID | None = None) -> Entry:
    """Write one act down, in the transaction of the act itself.

    `id` is the client's UUIDv7 when the act has no row of its own, so that a resend is known.
    Raises RuntimeError outside a transaction: an act and its entry stand or fall together.
    """
    return record_many([event], by=by, now=now, ids=[id])[0]


def record_many(
    events: Iterable[Event],
    *,
    by: Actor | Sequence[Actor],
    now: datetime | Sequence[datetime],
    ids: Sequence[uuid.UUID | None] | None = None,
) -> list[Entry]:
    """Write many acts down by sets. `by` and `now` are one for all, or one for each (planting, replay).

    Raises TypeError for facts that are not text, whole numbers, yes/no or lists of these: what is hashed must come back
    from either database as it went in.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of its act")
    entries: list[Entry] = []
    hands: dict[int, tuple[Actor, str, str]] = {}
    for number, event in enumerate(events):
        at = now if isinstance(now, datetime) else now[number]
        actor = by if isinstance(by, Actor) else by[number]
        hand = hands.get(id(actor))
        if hand is None:  # the actor is kept beside its refs, so that no other can come to stand at the same address
            hand = hands[id(actor)] = (actor, actor.ref, actor.seat_ref)
        key = (ids[number] if ids else None) or uuid7(at)
        entry = Entry(
            business_id=event.business,
            month=month_of(key),
            id=key,
            news=event.name,
            about=str(event.about),
            place_code=event.place_code,
            by=hand[1],
            seat=hand[2],
            via=actor.door,
            at=at,
            body=_plain(event),
        )
        entry.hash = sealing.content_hash(entry)
        entries.append(entry)
    bulk.insert(entries)
    bulk.insert_values(
        Unsealed,
        ("business_id", "month", "id", "chain", "hash"),
        [(e.business_id, e.month, e.id, sealing.chain_of(e), e.hash) for e in entries],
    )
    bulk.insert(
        Ticket(business_id=e.business_id, month=e.month, id=e.id, news=e.news, todo=todo, run_at=e.at)
        for e in entries
        if (todo := delivery.listeners_of(e.news))
    )
    return entries


def _plain(event: Event) -> dict[str, object]:
    facts = event.facts()
    for name, value in facts.items():
        if isinstance(value, str | int):
            continue
        for each in value if isinstance(value, list) else [value]:
            if each is not None and not isinstance(each, str | int):
                raise TypeError(f"{event.name}.{name}: {each!r} does not belong into the trail")
    return facts


@transaction.atomic
def retry_ticket(business_id: uuid.UUID, id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Put a poisoned ticket back into the queue. Raises NotYours for all but administrators, NotFound without one."""
    if not by.is_admin:
        raise NotYours("admins_only")
    if not delivery.retry(business_id, id, now=now):
        raise NotFound("ticket_not_found")
    record(TicketRetried(about=Ref.of("trail.entry", business_id, id)), by=by, now=now)
