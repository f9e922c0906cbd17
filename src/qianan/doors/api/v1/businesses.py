"""Businesses and their sites: the registry, who answers for whom, claims, tenancies, chairs."""

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
from qianan.doors.api.shapes import (
    Code,
    Coded,
    In,
    Moment,
    Name,
    Page,
    PersonOut,
    ShortWords,
)
from qianan.doors.api.v1.sites import NewSite, SiteOut, Text, show_sites, site_to_make
from qianan.doors.kit.now import now
from qianan.ground.accounts.days import day_of
from qianan.kernel.problems import Invalid, NotFound
from qianan.registry.businesses import access, actions, queries
from qianan.registry.businesses.actions import NewBusiness as BusinessToMake
from qianan.registry.duties import queries as duties

router = Router(tags=["businesses"])

CreditCode = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[0-9A-Za-z -]*$")]


class BusinessOut(Schema):
    """A business (单位). `line` is its chief department, null while none is assigned."""

    id: uuid.UUID
    name: Name
    credit_code: str
    place: Coded
    industry: Coded | None
    venue: Coded | None
    tier: Coded | None
    line: Coded | None
    state: str
    is_landlord: bool
    headcount: int | None
    contact: str
    registered_at: Moment


class OwnerOut(Schema):
    """A body that answers for the business from outside, on which ground, since when, and its people."""

    duty_type: str
    body: Coded
    since: date
    until: date | None
    basis: Name
    verified: bool
    people: list[PersonOut]


class ChairOut(Schema):
    """A chair (岗位) and who sits on it; a vacant one says since when and who stands in."""

    id: uuid.UUID
    kind: str
    title: Name
    people: list[PersonOut]
    vacant_since: date | None
    falls_to: list[PersonOut]


class MustsOut(Schema):
    """三管三必须: who must answer for its safety, outside and inside."""

    territory: list[OwnerOut]
    industry: list[OwnerOut]
    comprehensive: list[OwnerOut]
    special: list[OwnerOut]
    principal: list[ChairOut]
    safety_manager: list[ChairOut]
    business_line: list[ChairOut]
    production: list[ChairOut]


class BusinessFile(BusinessOut):
    """A business with its sites, its three musts, its landlords, and what this actor may do to it."""

    sites: list[SiteOut]
    musts: MustsOut
    landlords: list["TenancyOut"]
    may: list[str]


class TenancyOut(Schema):
    """A business works in the premises of another (租赁)."""

    id: uuid.UUID
    business: uuid.UUID
    landlord: uuid.UUID
    landlord_name: Name
    role: str
    site: uuid.UUID | None
    since: date
    until: date | None


class NewBusiness(In):
    """A business to register; without sites it gets one of its own name and place."""

    id: uuid.UUID | None = None
    name_zh: Annotated[str, Field(min_length=1, max_length=120)]
    name_en: Text = ""
    credit_code: Annotated[str, Field(max_length=30)] = ""
    place: Code
    industry: Code = ""
    venue: Code = ""
    tier: Code = "general"
    headcount: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    contact: Annotated[str, Field(max_length=30)] = ""
    is_landlord: bool = False
    sites: Annotated[list[NewSite], Field(max_length=200)] = []


class BusinessChange(In):
    """Facts to change; what is left out stays."""

    name_zh: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    name_en: Text | None = None
    credit_code: CreditCode | None = None
    industry: Code | None = None
    venue: Code | None = None
    place: Code | None = None
    headcount: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    contact: Annotated[str, Field(max_length=30)] | None = None
    is_landlord: bool | None = None


class NewOversight(In):
    """A body is made to answer for the business, on a recorded ground."""

    duty_type: Literal["territory", "industry", "comprehensive", "special"]
    body: Code
    line: Code = ""
    basis: Annotated[str, Field(min_length=1, max_length=300)]


class EndOversight(In):
    duty_type: Literal["territory", "industry", "comprehensive", "special"]
    body: Code


class Tier(In):
    tier: Code
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class NewTenancy(In):
    landlord: uuid.UUID
    role: Literal["landlord", "park", "market", "property"] = "landlord"
    site: uuid.UUID | None = None
    since: date | None = None


def show_businesses(rows: Sequence[Any]) -> list[BusinessOut]:
    """Rows of a page as shapes; names are looked up once for all."""
    placed = names.coded_places(row.place_code for row in rows)
    trades = names.coded_trades(row.industry_id or "" for row in rows)
    return [
        BusinessOut(
            id=row.id,
            name=Name.of(row),
            credit_code=row.credit_code,
            place=placed[row.place_code],
            industry=trades.get(row.industry_id or ""),
            venue=names.coded_term("venue", row.venue),
            tier=names.coded_term("tier", row.tier),
            line=names.coded_line(row.line),
            state=row.state,
            is_landlord=row.is_landlord,
            headcount=row.headcount,
            contact=row.contact,
            registered_at=row.registered_at,
        )
        for row in rows
    ]


def _owner(owner: Any) -> OwnerOut:
    row = owner.row
    return OwnerOut(
        duty_type=row.duty_type,
        body=Coded(code=row.body_code, name=Name.of(owner)),
        since=row.since,
        until=row.until,
        basis=Name(zh=owner.basis_zh, en=owner.basis_en),
        verified=owner.verified,
        people=[PersonOut(id=each.person, name=each.name) for each in owner.people],
    )


def show_chair(chair: Any) -> ChairOut:
    """A `duties.queries.Who`."""
    return ChairOut(
        id=chair.post.id,
        kind=chair.post.kind,
        title=Name.of(chair),
        people=[PersonOut(id=each.person, name=each.name) for each in chair.people],
        vacant_since=chair.vacant_since,
        falls_to=[
            PersonOut(id=each.person, name=each.name) for each in (chair.falls_to.people if chair.falls_to else ())
        ],
    )


def _musts(shop: Any) -> MustsOut:
    found = duties.three_musts(shop, day_of(now()))
    outside: dict[str, Any] = {
        kind: [_owner(each) for each in getattr(found, kind)]
        for kind in ("territory", "industry", "comprehensive", "special")
    }
    inside: dict[str, Any] = {
        kind: [show_chair(each) for each in getattr(found, kind)]
        for kind in ("principal", "safety_manager", "business_line", "production")
    }
    return MustsOut(**outside, **inside)


def _tenancy(row: Any, landlord: Any) -> TenancyOut:
    return TenancyOut(
        id=row.id,
        business=row.business_id,
        landlord=row.landlord,
        landlord_name=Name.of(landlord),
        role=row.role,
        site=row.site_id,
        since=row.since,
        until=row.until,
    )


def _file(actor: Any, shop: Any) -> BusinessFile:
    on = day_of(now())
    may = {
        "manage": access.can_manage(actor, shop),
        "oversee": access.can_oversee(actor, shop),
        "assign_oversight": access.can_assign(actor, shop),
        "change_site": access.can_change_site(actor, shop),
        "register": access.can_register(actor, shop.place_code),
    }
    return BusinessFile(
        **show_businesses([shop])[0].dict(),
        sites=show_sites(list(queries.sites_of(shop.id))),
        musts=_musts(shop),
        landlords=[_tenancy(row, landlord) for row, landlord in queries.landlords_of(shop.id, on=on)],
        may=[name for name, allowed in may.items() if allowed],
    )


@router.get("/businesses", response=Page[BusinessOut], summary="Businesses I may see, by place and name")
def list_businesses(
    request: HttpRequest,
    paged: Paging,
    place: Code = "",
    line: Code = "",
    industry: Code = "",
    venue: Code = "",
    tier: Code = "",
    state: Literal["active", "closed", "merged", ""] = "active",
    text: ShortWords = "",
    landlord: uuid.UUID | None = None,
    unassigned: bool = False,
) -> Page[BusinessOut]:
    """`unassigned`: only those for whose trade no industry department answers yet."""
    actor = who(request)
    found = queries.businesses_for(
        actor,
        place_code=place,
        line=line,
        industry=industry,
        venue=venue,
        tier=tier,
        state=state,
        text=text,
        landlord=landlord,
    )
    if unassigned:
        found = found.filter(line="")
    return page_of(found, paged, order=("place_code", "name_zh", "id"), show=show_businesses)


@router.post("/businesses", response={201: BusinessFile}, summary="Register a business with its sites")
def register(request: HttpRequest, data: NewBusiness) -> Status[BusinessFile]:
    actor = who(request)
    facts = data.dict(exclude={"place", "sites"})
    shop = actions.register_business(
        BusinessToMake(
            **facts, place_code=data.place, sites=tuple(site_to_make(each) for each in data.sites), how="api"
        ),
        by=actor,
        now=now(),
    )
    return Status(201, _file(actor, shop))


@router.get("/businesses/{uuid:business}", response=BusinessFile, summary="A business, its sites, who answers for it")
def get(request: HttpRequest, business: uuid.UUID) -> BusinessFile:
    actor = who(request)
    return _file(actor, queries.business_for(actor, business))


@router.patch("/businesses/{uuid:business}", response=BusinessFile, summary="Change facts of a business")
def change(request: HttpRequest, business: uuid.UUID, data: BusinessChange) -> BusinessFile:
    actor = who(request)
    shop = queries.business_for(actor, business)
    facts = {
        name: value for name, value in data.dict(exclude_unset=True).items() if value is not None or name == "headcount"
    }
    if "place" in facts:
        facts["place_code"] = facts.pop("place")
    if facts:
        shop = actions.change_business(shop, by=actor, now=now(), **facts)
    return _file(actor, shop)


@router.put(
    "/businesses/{uuid:business}/tier", response=BusinessFile, summary="Set the supervision tier, with a reason"
)
def set_tier(request: HttpRequest, business: uuid.UUID, data: Tier) -> BusinessFile:
    actor = who(request)
    shop = actions.set_tier(
        queries.business_for(actor, business), tier=data.tier, reason=data.reason, by=actor, now=now()
    )
    return _file(actor, shop)


# -- who answers ---------------------------------------------------------------------


@router.post(
    "/businesses/{uuid:business}/oversight", response={201: BusinessFile}, summary="Make a body answer for a business"
)
def assign_oversight(request: HttpRequest, business: uuid.UUID, data: NewOversight) -> Status[BusinessFile]:
    actor = who(request)
    shop = queries.business_for(actor, business)
    actions.assign_oversight(
        shop,
        duty_type=data.duty_type,
        body_code=data.body,
        line=data.line,
        basis=data.basis,
        by=actor,
        now=now(),
    )
    return Status(201, _file(actor, queries.business_for(actor, business)))


@router.post("/businesses/{uuid:business}/oversight/end", response=BusinessFile, summary="A body answers no longer")
def end_oversight(request: HttpRequest, business: uuid.UUID, data: EndOversight) -> BusinessFile:
    actor = who(request)
    shop = queries.business_for(actor, business)
    actions.end_oversight(shop, duty_type=data.duty_type, body_code=data.body, by=actor, now=now())
    return _file(actor, queries.business_for(actor, business))


# -- tenants -----------------------------------------------------------------------------


@router.get("/businesses/{uuid:business}/tenants", response=Page[BusinessOut], summary="Who works in its premises")
def list_tenants(request: HttpRequest, business: uuid.UUID, paged: Paging) -> Page[BusinessOut]:
    actor = who(request)
    shop = queries.business_for(actor, business)
    found = queries.tenants_of(actor, shop.id)
    return page_of(found, paged, order=("place_code", "name_zh", "id"), show=show_businesses)


@router.post(
    "/businesses/{uuid:business}/tenancies", response={201: TenancyOut}, summary="Say in whose premises it works"
)
def record_tenancy(request: HttpRequest, business: uuid.UUID, data: NewTenancy) -> Status[TenancyOut]:
    actor = who(request)
    shop = queries.business_for(actor, business)
    try:
        landlord = queries.business(data.landlord)
    except NotFound as missing:
        raise Invalid("no_such_business", where="landlord") from missing
    row = actions.record_tenancy(
        shop, landlord=landlord, role=data.role, site_id=data.site, since=data.since, by=actor, now=now()
    )
    return Status(201, _tenancy(row, landlord))


@router.post("/businesses/{uuid:business}/tenancies/{uuid:id}/end", response=TenancyOut, summary="The tenant has left")
def end_tenancy(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> TenancyOut:
    actor = who(request)
    shop = queries.business_for(actor, business)
    for row, landlord in queries.landlords_of(shop.id, on=day_of(now())):
        if row.id == id:
            return _tenancy(actions.end_tenancy(row, by=actor, now=now()), landlord)
    raise NotFound("no_such_tenancy")


BusinessFile.model_rebuild()
