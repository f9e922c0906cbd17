"""Evidence: photos and papers by their SHA-256; kept once, tied by the acts that name them, read by signed links."""

import uuid
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from qianan.doors.api.entry import by_itself, who
from qianan.doors.api.shapes import Moment, Sha256
from qianan.doors.kit.now import now
from qianan.field.hazards import queries as hazards
from qianan.field.inspections import queries as inspections
from qianan.field.selfchecks import queries as selfchecks
from qianan.ground.evidence import actions, links, queries
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Invalid, NotFound, Problem
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses

router = Router(tags=["evidence"])

SEEN: dict[str, Callable[[Actor, uuid.UUID, str], Any]] = {
    "hazards.hazard": hazards.hazard_for,
    "selfchecks.submission": selfchecks.submission_for,
    "inspections.visit": inspections.visit_for,
    "businesses.claim": businesses.claim_for,
    "businesses.site": businesses.site_for,
}
"""Nouns that carry files, and how one is fetched for an actor; a file of another noun goes by its business."""


class FileOut(Schema):
    """A kept file. `sha256` names it from now on, in every act that takes photos or proof."""

    sha256: str
    original_sha256: str
    kind: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    taken_at: Moment | None
    lat: float | None
    lon: float | None


class PhotoOut(Schema):
    """A file tied to an object: at which stage, when, and links that only this person can use for some minutes."""

    sha256: str
    stage: str
    at: Moment
    taken_at: Moment | None
    lat: float | None
    lon: float | None
    media_type: str
    reused_from: str
    link: str
    thumb: str


class LinkOut(Schema):
    """Short-lived addresses of a file."""

    link: str
    thumb: str


BODY = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf")
        }
        | {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            }
        },
    }
}


def _link(sha256: str, actor: Actor, size: str) -> str:
    token = links.sign(sha256, person=actor.person, now=now())
    return f"/api/v1/evidence/{sha256}/content?{urlencode({'t': token, 'size': size})}"


def show_photos(kept: Iterable[Any], actor: Actor) -> list[PhotoOut]:
    """`evidence.queries.Kept` of an object that this actor has been given."""
    return [
        PhotoOut(
            sha256=each.sha256,
            stage=each.stage,
            at=each.at,
            taken_at=each.taken_at,
            lat=each.lat,
            lon=each.lon,
            media_type=each.media_type,
            reused_from=each.reused_from,
            link=_link(each.sha256, actor, "full"),
            thumb=_link(each.sha256, actor, "thumb"),
        )
        for each in kept
    ]


@router.post("/evidence", response={201: FileOut}, openapi_extra=BODY, summary="Keep a photo or paper")
@by_itself
def keep(request: HttpRequest) -> Status[FileOut]:
    """The bytes as the body, or one file named `file` in a form. The same bytes again give the same answer."""
    if request.content_type == "multipart/form-data":
        upload = request.FILES.get("file")
        if upload is None:
            raise Invalid("field_missing", where="file")
        data, name = upload.read(), upload.name or ""
    else:
        data, name = request.body, ""
    file = actions.keep(data, name=name[:120], by=who(request), now=now())
    return Status(201, FileOut.from_orm(file))


def _may_see(actor: Actor, ref: Ref) -> bool:
    try:
        if ref.noun in SEEN:
            SEEN[ref.noun](actor, ref.business, ref.id)
        else:
            businesses.business_for(actor, ref.business)
    except Problem:
        return False
    return True


@router.get("/evidence/{sha256}/link", response=LinkOut, summary="Links to a file of an object that I may see")
def link(request: HttpRequest, sha256: Sha256) -> LinkOut:
    actor = who(request)
    if not any(_may_see(actor, ref) for ref in queries.refs_of(sha256)):
        raise NotFound("no_file")
    return LinkOut(link=_link(sha256, actor, "full"), thumb=_link(sha256, actor, "thumb"))


@router.get(
    "/evidence/{sha256}/content",
    response={200: None},
    summary="The bytes of a file, by a link of mine",
    openapi_extra={
        "responses": {
            "200": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
        }
    },
)
def content(
    request: HttpRequest,
    sha256: Sha256,
    t: Annotated[str, Field(max_length=200)],
    size: Literal["full", "thumb"] = "full",
) -> HttpResponse:
    actor = who(request)
    if not links.check(sha256, t, person=actor.person, now=now()):
        raise NotFound("no_file")
    data, kind = queries.bytes_of(sha256, size=size)
    return HttpResponse(data, content_type=kind, headers={"Cache-Control": "private, max-age=300"})
