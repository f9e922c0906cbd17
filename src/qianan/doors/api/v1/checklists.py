"""Checklists: which a site owes, and the very edition that is answered, by version id or content hash."""

import uuid
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from qianan.doors.api.entry import who
from qianan.doors.api.paging import Paging, page_of, whole
from qianan.doors.api.shapes import Code, In, Moment, Name, Page
from qianan.doors.kit.now import now
from qianan.registry.businesses import queries as businesses
from qianan.registry.checklists import access, actions, queries

router = Router(tags=["checklists"])

VersionId = Annotated[str, Field(max_length=80, pattern=r"^[\w.-]+@\d{1,9}$")]


class ChecklistOut(Schema):
    """A list that somebody owes now and then (检查清单). `version` is the edition that is answered now."""

    code: str
    title: Name
    venue: str
    tags: list[str]
    frequency: str
    minutes: float
    for_role: str
    version: str | None


class VersionOut(Schema):
    """An edition of a list: its canonical document, and the SHA-256 of its meaning."""

    id: str
    checklist: str
    number: int
    state: str
    edition: str
    content_hash: str
    published_at: Moment | None
    retired_at: Moment | None


class EditionOut(VersionOut):
    document: dict[str, Any]


class Document(In):
    """A list's document, as `GET /checklists/versions/{id}` gives it."""

    document: dict[str, Any]


class Move(In):
    to: Literal["draft", "testing", "published", "retired", "discarded"]


def _lists(rows: Iterable[Any]) -> list[ChecklistOut]:
    lists = list(rows)
    current = queries.currents(each.code for each in lists)
    return [
        ChecklistOut(
            code=each.code,
            title=Name.of(each),
            venue=each.venue,
            tags=each.tags,
            frequency=each.frequency,
            minutes=float(each.minutes),
            for_role=each.for_role,
            version=current[each.code].version_id if each.code in current else None,
        )
        for each in lists
    ]


def _version(row: Any) -> VersionOut:
    return VersionOut(
        id=row.id,
        checklist=row.checklist_id,
        number=row.number,
        state=row.state,
        edition=row.edition,
        content_hash=row.content_hash,
        published_at=row.published_at,
        retired_at=row.retired_at,
    )


@router.get("/checklists", response=Page[ChecklistOut], summary="All lists, or those of a venue with hazard tags")
def list_checklists(request: HttpRequest, venue: Code = "", tags: Annotated[str, Field(max_length=300)] = "") -> Any:
    """`tags`: hazard tags, separated by commas."""
    if venue:
        return whole(_lists(queries.lists_for(venue=venue, tags=[tag for tag in tags.split(",") if tag])))
    return whole(_lists(row for _, row in sorted(queries.checklists().items())))


@router.get(
    "/businesses/{uuid:business}/sites/{uuid:site}/checklists", response=Page[ChecklistOut], summary="What a site owes"
)
def of_site(request: HttpRequest, business: uuid.UUID, site: uuid.UUID) -> Page[ChecklistOut]:
    row = businesses.site_for(who(request), business, site)
    return whole(_lists(queries.lists_for_sites([row])[row.id]))


@router.get("/checklists/{code}/versions", response=Page[VersionOut], summary="All published editions of a list")
def list_versions(request: HttpRequest, code: Code, paged: Paging) -> Page[VersionOut]:
    queries.checklist(code)
    found = queries.versions_of(code)
    if not access.can_draft(who(request)):
        found = found.filter(state__in=["published", "retired"])
    return page_of(found, paged, order=("-number",), show=lambda rows: [_version(row) for row in rows])


@router.get("/checklists/versions/{id}", response=EditionOut, summary="An edition with its document")
def get_version(request: HttpRequest, id: VersionId) -> EditionOut:
    row = queries.version_for(who(request), id)
    return EditionOut(**_version(row).dict(), document=row.document)


@router.post("/checklists/versions", response={201: EditionOut}, summary="Draft the next version of a list")
def draft(request: HttpRequest, data: Document) -> Status[EditionOut]:
    row = actions.draft_version(data.document, by=who(request), now=now())
    return Status(201, EditionOut(**_version(row).dict(), document=row.document))


@router.post(
    "/checklists/versions/{id}/move", response=EditionOut, summary="Test, publish, retire or discard a version"
)
def move(request: HttpRequest, id: VersionId, data: Move) -> EditionOut:
    actor = who(request)
    queries.version_for(actor, id)
    row = actions.move_version(id, data.to, by=actor, now=now())
    return EditionOut(**_version(row).dict(), document=row.document)
