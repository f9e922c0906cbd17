"""Health of the house, for administrators: news that waits or was set aside, letters that failed, the chains."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from qianan.doors.api.entry import who
from qianan.doors.api.paging import Paging, page_of, whole
from qianan.doors.api.shapes import Done, Moment, Page, none_if_nil
from qianan.doors.kit.now import now
from qianan.ground.notices import actions as letters
from qianan.ground.notices import queries as notices
from qianan.ground.trail import actions, queries
from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotYours

router = Router(tags=["queue"])


class Health(Schema):
    """How the queue stands. `oldest`: since when the first waiting news is due."""

    waiting: int
    poisoned: int
    oldest: Moment | None
    unsealed: int
    letters_waiting: int
    letters_failed: int
    letters_given_up: int


class TicketOut(Schema):
    """News that failed too often and was set aside."""

    id: uuid.UUID
    business: uuid.UUID | None
    news: str
    todo: list[str]
    attempts: int
    last_failure: str
    run_at: Moment


class ChainOut(Schema):
    """A district's chain of seals. `signed`: its newest head is ours and names the last link."""

    chain: str
    seals: int
    entries: int
    last_at: Moment
    head_day: date | None
    signed: bool


class AttemptOut(Schema):
    """A letter that did not arrive."""

    id: uuid.UUID
    person: uuid.UUID
    channel: str
    address: str
    state: str
    tries: int
    run_at: Moment
    failure: str


def _admin(request: HttpRequest) -> Actor:
    actor = who(request)
    if not actor.is_admin:
        raise NotYours("admins_only")
    return actor


@router.get("/queue", response=Health, summary="How the queue stands")
def health(request: HttpRequest) -> Health:
    _admin(request)
    found, waiting = queries.queue_health(), notices.queue()
    return Health(
        waiting=found.waiting,
        poisoned=found.poisoned,
        oldest=found.oldest,
        unsealed=found.unsealed,
        letters_waiting=waiting.waiting,
        letters_failed=waiting.failed,
        letters_given_up=waiting.given_up,
    )


def _tickets(rows: Sequence[Any]) -> list[TicketOut]:
    same = ("id", "news", "todo", "attempts", "last_failure", "run_at")
    return [
        TicketOut(**{name: getattr(row, name) for name in same}, business=none_if_nil(row.business_id)) for row in rows
    ]


@router.get("/queue/poisoned", response=Page[TicketOut], summary="News that was set aside")
def list_poisoned(request: HttpRequest, paged: Paging) -> Page[TicketOut]:
    _admin(request)
    return page_of(queries.poisoned(), paged, order=("id",), show=_tickets)


@router.post("/queue/{uuid:business}/{uuid:id}/retry", response=Done, summary="Put news back into the queue")
def retry(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> Done:
    """The city's own news has the nil id as its business."""
    actions.retry_ticket(business, id, by=_admin(request), now=now())
    return Done()


@router.get("/queue/chains", response=Page[ChainOut], summary="The chains that protect the trail")
def list_chains(request: HttpRequest) -> Page[ChainOut]:
    _admin(request)
    return whole([ChainOut.from_orm(each) for each in queries.chains()])


@router.get("/queue/letters", response=Page[AttemptOut], summary="Letters that did not arrive, newest first")
def list_failed(request: HttpRequest, paged: Paging) -> Page[AttemptOut]:
    found = notices.attempts_failed(_admin(request))
    return page_of(found, paged, order=("-run_at", "-id"), show=lambda rows: [AttemptOut.from_orm(row) for row in rows])


@router.post("/queue/letters/{uuid:id}/resend", response=Done, summary="Send a letter again")
def resend(request: HttpRequest, id: uuid.UUID) -> Done:
    actor = _admin(request)
    letters.resend(notices.attempt_for(actor, id), by=actor, now=now())
    return Done()
