"""Claims (认领): this business is mine, says a person; its street decides."""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from qianan.doors.api import names
from qianan.doors.api.entry import who
from qianan.doors.api.paging import Paging, page_of
from qianan.doors.api.shapes import Coded, In, Moment, Name, Page, PersonOut, Photos
from qianan.doors.kit.now import now
from qianan.ground.accounts.days import day_of
from qianan.registry.businesses import actions, queries
from qianan.registry.duties import queries as duties

router = Router(tags=["businesses"])

CreditCode = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[0-9A-Za-z -]*$")]


class Claim(In):
    """This business is mine: its credit code, and proof."""

    credit_code: CreditCode
    role: Literal["principal", "safety_manager", "worker"] = "principal"
    note: Annotated[str, Field(max_length=300)] = ""
    proof: Photos = []


class ClaimOut(Schema):
    """A claim (认领), decided by the street of the business."""

    id: uuid.UUID
    business: uuid.UUID
    business_name: Name
    person: PersonOut
    role: str
    state: str
    note: str
    place: Coded
    asked_at: Moment
    decided_at: Moment | None
    reason: str


class Decision(In):
    approve: bool
    reason: Annotated[str, Field(max_length=300)] = ""


def _claims(rows: Sequence[Any]) -> list[ClaimOut]:
    shops = queries.businesses_by_ids({row.business_id for row in rows})
    people = names.people(row.person for row in rows)
    placed = names.coded_places(row.place_code for row in rows)
    return [
        ClaimOut(
            id=row.id,
            business=row.business_id,
            business_name=Name.of(shops[row.business_id]),
            person=people[row.person],
            role=row.role,
            state=row.state,
            note=row.note,
            place=placed[row.place_code],
            asked_at=row.asked_at,
            decided_at=row.decided_at,
            reason=row.reason,
        )
        for row in rows
    ]


@router.get("/claims", response=Page[ClaimOut], summary="Claims that I decide, or my own")
def list_claims(
    request: HttpRequest,
    paged: Paging,
    mine: bool = False,
    state: Literal["asked", "approved", "refused", ""] = "asked",
) -> Page[ClaimOut]:
    actor = who(request)
    found = queries.my_claims(actor) if mine else queries.claims_for(actor, state=state)
    if mine and state:
        found = found.filter(state=state)
    return page_of(found, paged, order=("asked_at", "id"), show=_claims)


@router.post("/claims", response={201: ClaimOut}, summary="Claim a business by its credit code")
def ask_claim(request: HttpRequest, data: Claim) -> Status[ClaimOut]:
    claim = actions.ask_claim(
        data.credit_code, role=data.role, note=data.note, proof=data.proof, by=who(request), now=now()
    )
    return Status(201, _claims([claim])[0])


@router.get("/claims/{uuid:business}/{uuid:id}", response=ClaimOut, summary="One claim")
def get_claim(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> ClaimOut:
    return _claims([queries.claim_for(who(request), business, id)])[0]


@router.post("/claims/{uuid:business}/{uuid:id}/decide", response=ClaimOut, summary="Approve or refuse a claim")
def decide_claim(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, data: Decision) -> ClaimOut:
    actor = who(request)
    claim = queries.claim_for(actor, business, id)
    chairs = {post.kind: post.id for post in duties.posts_of(claim.business_id, on=day_of(now()))}
    decided = actions.decide_claim(
        claim, approve=data.approve, reason=data.reason, post=chairs.get(claim.role), by=actor, now=now()
    )
    return _claims([decided])[0]
