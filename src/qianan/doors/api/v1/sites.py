"""Sites of businesses: where they work, and that they pause, close, move or open again."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from qianan.doors.api import names
from qianan.doors.api.entry import who
from qianan.doors.api.paging import Paging, page_of
from qianan.doors.api.shapes import Code, Coded, In, Moment, Name, Page, Photos
from qianan.doors.kit.now import now
from qianan.registry.businesses import actions, queries
from qianan.registry.businesses.actions import NewSite as SiteToMake

router = Router(tags=["businesses"])

Text = Annotated[str, Field(max_length=200)]


class SiteOut(Schema):
    """A place where a business works (场所). Coordinates are WGS-84."""

    id: uuid.UUID
    business: uuid.UUID
    number: int
    name: Name
    address: str
    place: Coded
    venue: Coded | None
    tags: list[str]
    tier: Coded | None
    lon: float | None
    lat: float | None
    area_m2: int | None
    state: str
    state_until: date | None
    opened_on: date


class NewSite(In):
    """A site. What is left out is taken from its business; `tags` left out are those usual for the venue."""

    id: uuid.UUID | None = None
    name_zh: Text = ""
    name_en: Text = ""
    address: Text = ""
    place: Code = ""
    industry: Code = ""
    venue: Code = ""
    tags: Annotated[list[Code], Field(max_length=30)] | None = None
    tier: Code = ""
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    area_m2: Annotated[int, Field(ge=0, le=100_000_000)] | None = None
    opened_on: date | None = None


class SiteChange(In):
    """Facts of a site to correct; what is left out stays."""

    name_zh: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    name_en: Text | None = None
    address: Text | None = None
    industry: Code | None = None
    venue: Code | None = None
    tags: Annotated[list[Code], Field(max_length=30)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    area_m2: Annotated[int, Field(ge=0, le=100_000_000)] | None = None


class SiteState(In):
    """停业、歇业、搬迁、复业: from which day, why, with what proof (hashes of kept evidence)."""

    state: Literal["open", "paused", "closed", "moved"]
    reason: Annotated[str, Field(min_length=1, max_length=300)]
    from_day: date
    until_day: date | None = None
    proof: Photos = []
    moved_to: NewSite | None = None


class SiteChangeOut(Schema):
    """What was said about a site."""

    id: uuid.UUID
    site: uuid.UUID
    was: str
    now: str
    reason: str
    from_day: date
    until_day: date | None
    at: Moment


def show_sites(rows: Sequence[Any]) -> list[SiteOut]:
    placed = names.coded_places(row.place_code for row in rows)
    return [
        SiteOut(
            id=row.id,
            business=row.business_id,
            number=row.number,
            name=Name.of(row),
            address=row.address,
            place=placed[row.place_code],
            venue=names.coded_term("venue", row.venue),
            tags=row.tags,
            tier=names.coded_term("tier", row.tier),
            lon=row.lon,
            lat=row.lat,
            area_m2=row.area_m2,
            state=row.state,
            state_until=row.state_until,
            opened_on=row.opened_on,
        )
        for row in rows
    ]


def site_to_make(data: NewSite) -> SiteToMake:
    facts = data.dict(exclude={"place", "industry", "tags"})
    return SiteToMake(
        **facts,
        place_code=data.place,
        industry_code=data.industry,
        tags=None if data.tags is None else tuple(data.tags),
    )


@router.get("/sites", response=Page[SiteOut], summary="Sites I may see, by their own place")
def list_sites(
    request: HttpRequest,
    paged: Paging,
    place: Code = "",
    state: Literal["open", "paused", "closed", "moved", ""] = "",
    venue: Code = "",
) -> Page[SiteOut]:
    found = queries.sites_for(who(request), place_code=place, state=state, venue=venue)
    return page_of(found, paged, order=("place_code", "id"), show=show_sites)


@router.post("/businesses/{uuid:business}/sites", response={201: SiteOut}, summary="Open a further site")
def open_site(request: HttpRequest, business: uuid.UUID, data: NewSite) -> Status[SiteOut]:
    actor = who(request)
    site = actions.open_site(queries.business_for(actor, business), site_to_make(data), by=actor, now=now())
    return Status(201, show_sites([site])[0])


@router.get("/businesses/{uuid:business}/sites/{uuid:site}", response=SiteOut, summary="One site")
def get_site(request: HttpRequest, business: uuid.UUID, site: uuid.UUID) -> SiteOut:
    return show_sites([queries.site_for(who(request), business, site)])[0]


@router.patch("/businesses/{uuid:business}/sites/{uuid:site}", response=SiteOut, summary="Correct facts of a site")
def change_site_facts(request: HttpRequest, business: uuid.UUID, site: uuid.UUID, data: SiteChange) -> SiteOut:
    actor = who(request)
    row = queries.site_for(actor, business, site)
    facts = {name: value for name, value in data.dict(exclude_unset=True).items() if value is not None}
    if "industry" in facts:
        facts["industry_code"] = facts.pop("industry")
    if facts:
        row = actions.describe_site(row, by=actor, now=now(), **facts)
    return show_sites([row])[0]


@router.post(
    "/businesses/{uuid:business}/sites/{uuid:site}/state",
    response={201: SiteChangeOut},
    summary="Say that a site pauses, closes, moves or opens again",
)
def change_site(request: HttpRequest, business: uuid.UUID, site: uuid.UUID, data: SiteState) -> Status[SiteChangeOut]:
    actor = who(request)
    changed = actions.change_site(
        queries.site_for(actor, business, site),
        state=data.state,
        reason=data.reason,
        from_day=data.from_day,
        until_day=data.until_day,
        proof=data.proof,
        moved_to=site_to_make(data.moved_to) if data.moved_to else None,
        by=actor,
        now=now(),
    )
    return Status(201, _changes([changed])[0])


@router.get(
    "/businesses/{uuid:business}/changes", response=Page[SiteChangeOut], summary="What was said about its sites"
)
def list_changes(request: HttpRequest, business: uuid.UUID, paged: Paging) -> Page[SiteChangeOut]:
    shop = queries.business_for(who(request), business)
    return page_of(queries.changes_of(shop.id), paged, order=("-at", "-id"), show=_changes)


def _changes(rows: Sequence[Any]) -> list[SiteChangeOut]:
    return [
        SiteChangeOut(
            id=row.id,
            site=row.site_id,
            was=row.was,
            now=row.now,
            reason=row.reason,
            from_day=row.from_day,
            until_day=row.until_day,
            at=row.at,
        )
        for row in rows
    ]
