"""The trail (轨迹) of an object or a business: as sentences in the reader's language, and as kept."""

import uuid
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from qianan.doors.api.entry import who
from qianan.doors.api.paging import Paging, page_of
from qianan.doors.api.shapes import Moment, Page
from qianan.doors.kit.trail import sentences
from qianan.field.hazards import queries as hazards
from qianan.field.hazards.beside import beside
from qianan.field.inspections import queries as inspections
from qianan.field.selfchecks import queries as selfchecks
from qianan.ground.trail import queries
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Invalid, NotYours
from qianan.kernel.ref import Ref
from qianan.registry.businesses import access
from qianan.registry.businesses import queries as businesses
from qianan.registry.duties import queries as duties

router = Router(tags=["trail"])


class EntryOut(Schema):
    """An act: `sentence` is for people; the rest is what was kept, with its hash. It holds refs and no names."""

    id: uuid.UUID
    at: Moment
    news: str
    sentence: str
    by_name: str
    about: str
    by: str
    seat: str
    via: str
    place: str
    body: dict[str, Any]
    hash: str


def _hazard(actor: Actor, business: uuid.UUID, id: str) -> list[Ref]:
    hazard = hazards.hazard_for(actor, business, id)
    facts = beside(hazard)
    promised = [Ref("duties.duty", business, str(duty.id)) for duty in duties.duties_about(*facts.refs(hazard))]
    return [*facts.refs(hazard), *promised]


def _one(noun: str, fetch: Callable[[Actor, uuid.UUID, str], Any]) -> Callable[[Actor, uuid.UUID, str], list[Ref]]:
    def refs(actor: Actor, business: uuid.UUID, id: str) -> list[Ref]:
        row = fetch(actor, business, id)
        return [Ref(noun, row.business_id, str(row.id))]

    return refs


FETCH: dict[str, Callable[[Actor, uuid.UUID, str], list[Ref]]] = {
    "hazards.hazard": _hazard,
    "selfchecks.submission": _one("selfchecks.submission", selfchecks.submission_for),
    "inspections.visit": _one("inspections.visit", inspections.visit_for),
    "businesses.site": _one("businesses.site", businesses.site_for),
    "businesses.claim": _one("businesses.claim", businesses.claim_for),
    "duties.duty": _one("duties.duty", duties.duty_for),
    "duties.order": _one("duties.order", duties.order_for),
}
"""Nouns whose trail can be asked for, and how one is fetched for an actor."""


def _entries(rows: Sequence[Any]) -> list[EntryOut]:
    return [
        EntryOut(
            id=row.id,
            at=row.at,
            news=row.news,
            sentence=said.text,
            by_name=said.by,
            about=row.about,
            by=row.by,
            seat=row.seat,
            via=row.via,
            place=row.place_code,
            body=row.body,
            hash=row.hash,
        )
        for row, said in zip(rows, sentences(rows), strict=True)
    ]


@router.get("/trail", response=Page[EntryOut], summary="What happened to an object, newest first")
def of_object(
    request: HttpRequest, paged: Paging, about: Annotated[str, Field(min_length=1, max_length=160)]
) -> Page[EntryOut]:
    """`about`: a ref such as `hazards.hazard:<business>:<id>`; what hangs on a hazard is told with it."""
    try:
        ref = Ref.parse(about)
    except ValueError as broken:
        raise Invalid("not_a_ref", where="about") from broken
    if ref.noun not in FETCH:
        raise Invalid("no_trail_of_this", where="about")
    refs = FETCH[ref.noun](who(request), ref.business, ref.id)
    return page_of(queries.entries_about(*refs), paged, order=("-id",), show=_entries)


@router.get("/businesses/{uuid:business}/trail", response=Page[EntryOut], summary="Everything within one business")
def of_business(request: HttpRequest, business: uuid.UUID, paged: Paging) -> Page[EntryOut]:
    """For its managers, and for officers over it."""
    actor = who(request)
    shop = businesses.business_for(actor, business)
    if not (access.can_manage(actor, shop) or access.can_oversee(actor, shop) or actor.is_admin):
        raise NotYours("not_your_trail")
    return page_of(queries.entries_of(shop.id), paged, order=("-month", "-id"), show=_entries)
