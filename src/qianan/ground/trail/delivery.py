"""The queue: tickets are leased by the hundred and handed to the listeners that wiring.py names."""

import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django.db import connection, transaction
from django.db.models import F, Q

from qianan.ground.trail.models import Entry, Ticket
from qianan.kernel.news import Event
from qianan.tables.shard import is_citus

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""How long a worker may hold tickets; one that died loses them after this."""

TRIES = 8
"""After so many failures a ticket is set aside as poisoned and shown."""


class Listener(Protocol):
    """Takes entries of one kind of news; safe to run twice, since what it writes is unique per source."""

    __module__: str
    __qualname__: str

    def __call__(self, entries: Sequence[Entry], *, now: datetime) -> None: ...


Key = tuple[uuid.UUID, int, uuid.UUID]
_wired: dict[str, dict[str, Listener]] = {}


def use(wiring: Mapping[type[Event], Sequence[Callable[..., None]]]) -> None:
    """Hang the table of wiring.py on the wall. Called once when the house opens, and by tests."""
    _wired.clear()
    for event, listeners in wiring.items():
        _wired[event.name] = {f"{each.__module__}.{each.__qualname__}": each for each in listeners}  # type: ignore[misc]


def listeners_of(news: str) -> list[str]:
    return list(_wired.get(news, ()))


def back_off(attempts: int) -> timedelta:
    """How long a ticket rests after its n-th failure: 10 s, 20 s, 40 s … at most an hour."""
    return timedelta(seconds=min(5 * 2 ** min(attempts, 20), 3600))


def _key(ticket: Ticket) -> Key:
    return (ticket.business_id, ticket.month, ticket.id)


def _lease(now: datetime, limit: int) -> list[Ticket]:
    """Take up to `limit` due tickets: compare and set, so a row that another worker took meanwhile is not ours.

    PostgreSQL's workers step round each other's rows (SKIP LOCKED); SQLite has one writer, Citus refuses to skip.
    """
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    due = Ticket.objects.filter(free, state=Ticket.WAITING, run_at__lte=now)
    if not due.exists():  # most passes: nothing to do, no write lock taken
        return []
    me = uuid.uuid4().hex
    with transaction.atomic():
        rows = due.order_by("run_at", "id")
        if connection.vendor == "postgresql" and not is_citus(connection):
            rows = rows.select_for_update(skip_locked=True)
        found = list(rows[:limit])
        worn = [_key(ticket) for ticket in found if ticket.attempts >= TRIES]
        if worn:  # each time its worker died over it
            Ticket.objects.filter(free, pk__in=worn, state=Ticket.WAITING).update(
                state=Ticket.POISONED, leased_until=None, leased_by="", last_failure="its worker died each time"
            )
        keys = [_key(ticket) for ticket in found if ticket.attempts < TRIES]
        if keys:
            Ticket.objects.filter(free, pk__in=keys, state=Ticket.WAITING).update(
                leased_until=now + LEASE, leased_by=me, attempts=F("attempts") + 1
            )
    return list(Ticket.objects.filter(pk__in=keys, leased_by=me).order_by("run_at", "id")) if keys else []


def work(now: datetime, limit: int = 100) -> int:
    """One pass: lease, hand over, delete what is served. Returns how many tickets were taken (0 = nothing due)."""
    tickets = _lease(now, limit)
    if not tickets:
        return 0
    me = tickets[0].leased_by
    entries = {
        (entry.business_id, entry.month, entry.id): entry
        for entry in Entry.objects.filter(pk__in=[_key(ticket) for ticket in tickets])
    }
    groups: dict[tuple[str, str], list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        for name in ticket.todo:
            groups[ticket.news, name].append(ticket)
    for (news, name), some in groups.items():
        _serve(news, name, some, entries, now)
    served = [_key(ticket) for ticket in tickets if not ticket.todo]
    with transaction.atomic():
        for ticket in tickets:
            if ticket.todo:
                _put_back(ticket, me, now)
        if served:  # only while the lease is still ours: who took it over will serve it again, and that is harmless
            Ticket.objects.filter(pk__in=served, leased_by=me).delete()
    return len(tickets)


def _serve(news: str, name: str, tickets: list[Ticket], entries: dict[Key, Entry], now: datetime) -> None:
    listener = _wired.get(news, {}).get(name)
    if listener is None:  # a listener that is no longer wired: nothing is owed to it
        for ticket in tickets:
            ticket.todo = [each for each in ticket.todo if each != name]
        return
    if len(tickets) > 1 and _call(listener, tickets, entries, now, quiet=True):
        return
    for ticket in tickets:
        _call(listener, [ticket], entries, now)


def _call(
    listener: Listener, tickets: list[Ticket], entries: dict[Key, Entry], now: datetime, quiet: bool = False
) -> bool:
    name = f"{listener.__module__}.{listener.__qualname__}"
    try:
        with transaction.atomic():
            listener([entries[_key(ticket)] for ticket in tickets if _key(ticket) in entries], now=now)
    except Exception as failure:
        if not quiet:
            log.exception("%s failed on %s", name, tickets[0].id)
            for ticket in tickets:
                ticket.last_failure = f"{name}: {type(failure).__name__}: {failure}"[:2000]
        return False
    for ticket in tickets:
        ticket.todo = [each for each in ticket.todo if each != name]
    return True


def _put_back(ticket: Ticket, me: str, now: datetime) -> None:
    poisoned = ticket.attempts >= TRIES
    Ticket.objects.filter(pk=_key(ticket), leased_by=me).update(
        todo=ticket.todo,
        state=Ticket.POISONED if poisoned else Ticket.WAITING,
        run_at=now + back_off(ticket.attempts),
        leased_until=None,
        leased_by="",
        last_failure=ticket.last_failure.replace("\x00", ""),
    )


def work_all(now: datetime, passes: int = 10_000) -> int:
    """Serve until nothing is due at `now`; news that listeners cause is served as well."""
    total = 0
    for _ in range(passes):
        taken = work(now)
        if not taken:
            break
        total += taken
    return total


def retry(business_id: uuid.UUID, id: uuid.UUID, *, now: datetime) -> bool:
    """Put a poisoned ticket back into the queue, with a clean count. Returns whether there was one."""
    return bool(
        Ticket.objects.filter(business_id=business_id, id=id, state=Ticket.POISONED).update(
            state=Ticket.WAITING, attempts=0, run_at=now, leased_until=None, leased_by=""
        )
    )
