"""Letters to oneself: the inbox, in words of the reader's language; reading and acknowledging."""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import translation
from ninja import Router, Schema
from pydantic import Field

from qianan.doors.api.entry import person_of, who
from qianan.doors.api.paging import Paging, page_of
from qianan.doors.api.shapes import Done, In, Moment, Page, none_if_nil
from qianan.doors.kit.now import now
from qianan.ground.notices import actions, queries, words

router = Router(tags=["notices"])


class LetterOut(Schema):
    """A letter (通知): what happened, what to do, by when, whom to call. `ack_by`: it asks to be acknowledged."""

    id: uuid.UUID
    kind: str
    about: str
    business: uuid.UUID | None
    subject: str
    lines: list[str]
    urgent: bool
    at: Moment
    ack_by: Moment | None
    read_at: Moment | None
    acked_at: Moment | None


class Read(In):
    """Which of my letters I have read; all of them when null."""

    letters: Annotated[list[uuid.UUID], Field(max_length=500)] | None = None


def _letters(rows: Sequence[Any]) -> list[LetterOut]:
    said = words.say_all(rows, language=translation.get_language() or "zh-hans")
    return [
        LetterOut(
            id=each.notice.id,
            kind=each.notice.kind,
            about=each.notice.about,
            business=none_if_nil(each.notice.business_id),
            subject=each.subject,
            lines=list(each.lines),
            urgent=each.notice.urgent,
            at=each.notice.at,
            ack_by=each.notice.ack_by,
            read_at=each.notice.read_at,
            acked_at=each.notice.acked_at,
        )
        for each in said
    ]


@router.get("/notices", response=Page[LetterOut], summary="My letters, newest first")
def inbox(
    request: HttpRequest,
    paged: Paging,
    unread: bool = False,
    kind: Annotated[str, Field(max_length=40, pattern=r"^[a-z_]*$")] = "",
    business: uuid.UUID | None = None,
) -> Page[LetterOut]:
    found = queries.inbox_of(person_of(who(request)), unread=unread, kind=kind, business_id=business)
    return page_of(found, paged, order=("-at", "-id"), show=_letters)


@router.get("/notices/{uuid:id}", response=LetterOut, summary="One letter of mine")
def get(request: HttpRequest, id: uuid.UUID) -> LetterOut:
    return _letters([queries.notice_for(who(request), id)])[0]


@router.post("/notices/read", response=Done, summary="I have read these letters, or all")
def mark_read(request: HttpRequest, data: Read) -> Done:
    actor = who(request)
    if data.letters is None:
        actions.mark_all_read(by=actor, now=now())
    else:
        actions.mark_read([queries.notice_for(actor, id) for id in data.letters], by=actor, now=now())
    return Done()


@router.post("/notices/{uuid:id}/acknowledge", response=LetterOut, summary="Acknowledge a letter (签收)")
def acknowledge(request: HttpRequest, id: uuid.UUID) -> LetterOut:
    actor = who(request)
    return _letters([actions.acknowledge(queries.notice_for(actor, id), by=actor, now=now())])[0]
