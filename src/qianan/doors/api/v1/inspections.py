"""Inspections: visits of officers and what they found."""

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
from qianan.doors.api.shapes import Code, Coded, In, Moment, Name, Page, PersonOut, Photos, When
from qianan.doors.api.v1.evidence import PhotoOut, show_photos
from qianan.doors.api.v1.hazard_file import HazardOut, show_hazards
from qianan.doors.api.v1.hazards import Level
from qianan.doors.kit.now import now
from qianan.field.hazards.actions import NewHazard
from qianan.field.inspections import actions, queries
from qianan.ground.evidence import queries as evidence
from qianan.registry.businesses import queries as businesses

router = Router(tags=["inspections"])

Kind = Literal["routine", "special", "follow_up", "complaint", "joint", "opening", "other"]


class VisitOut(Schema):
    """A visit (检查记录)."""

    id: uuid.UUID
    business: uuid.UUID
    business_name: Name
    site: uuid.UUID
    number: str
    kind: str
    state: str
    body: str
    officers: list[PersonOut]
    at: Moment
    content: str
    handling: str
    outcome: str
    signed: str
    place: Coded
    hazards: int


class VisitFile(VisitOut):
    """A visit with the hazards it found and its photos."""

    found: list[HazardOut]
    photos: list[PhotoOut]


class Finding(In):
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    where: Annotated[str, Field(max_length=120)] = ""
    level: Level = "unrated"
    criterion: Code = ""
    category: Code = ""
    photos: Photos = []


class NewVisit(In):
    """A visit: two officers at least, the writer among them; a refusal to sign is noted in `handling`."""

    id: uuid.UUID | None = None
    site: uuid.UUID
    kind: Kind
    at: When
    officers: Annotated[list[uuid.UUID], Field(max_length=20)]
    content: Annotated[str, Field(max_length=4000)] = ""
    handling: Annotated[str, Field(max_length=4000)] = ""
    signed: Literal["signed", "refused", "absent"] = "signed"
    findings: Annotated[list[Finding], Field(max_length=100)] = []
    photos: Photos = []


def _visits(rows: Sequence[Any]) -> list[VisitOut]:
    placed = names.coded_places(row.place_code for row in rows)
    shops = businesses.businesses_by_ids({row.business_id for row in rows})
    people = names.people_of_refs(each for row in rows for each in row.officers)
    same = ("id", "number", "kind", "state", "at", "content", "handling", "outcome", "signed", "hazards")
    return [
        VisitOut(
            **{name: getattr(row, name) for name in same},
            business=row.business_id,
            business_name=Name.of(shops[row.business_id]),
            site=row.site_id,
            body=row.body_code,
            officers=[people[each] for each in row.officers if each in people],
            place=placed[row.place_code],
        )
        for row in rows
    ]


def _file(request: HttpRequest, visit: Any) -> VisitFile:
    return VisitFile(
        **_visits([visit])[0].dict(),
        found=show_hazards(list(queries.found_at(visit))),
        photos=show_photos(evidence.files_of(queries.visit_ref(visit)), who(request)),
    )


@router.get("/visits", response=Page[VisitOut], summary="Visits that I may see, newest first")
def list_visits(
    request: HttpRequest,
    paged: Paging,
    place: Code = "",
    business: uuid.UUID | None = None,
    site: uuid.UUID | None = None,
    kind: Kind | Literal[""] = "",
    since: When | None = None,
    until: When | None = None,
) -> Page[VisitOut]:
    found = queries.visits_for(
        who(request), place_code=place, business=business, site=site, kind=kind, since=since, until=until
    )
    return page_of(found, paged, order=("-at", "-id"), show=_visits)


@router.get("/visits/{uuid:business}/{uuid:id}", response=VisitFile, summary="A visit and what it found")
def get(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> VisitFile:
    return _file(request, queries.visit_for(who(request), business, id))


@router.post("/businesses/{uuid:business}/visits", response={201: VisitFile}, summary="Write a visit down")
def record(request: HttpRequest, business: uuid.UUID, data: NewVisit) -> Status[VisitFile]:
    actor = who(request)
    site = businesses.site_for(actor, business, data.site)
    findings = [NewHazard(site=site, **each.dict()) for each in data.findings]
    facts = data.dict(exclude={"site", "findings"})
    body = next((seat.body_code for seat in actor.officer_seats() if seat.covers(site.place_code)), "")
    visit = actions.record_visit(
        actions.NewVisit(site=site, findings=findings, body_code=body, **facts), by=actor, now=now()
    )
    return Status(201, _file(request, visit))
