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
from qianan.doors.api.paging import Paging, page_of, whole
from qianan.doors.api.shapes import (
    Code,
    Coded,
    Done,
    In,
    Moment,
    Name,
    Page,
    PersonOut,
    Photos,
    ShortWords,
)
from qianan.doors.kit.now import now
from qianan.ground.accounts import queries as accounts
from qianan.ground.accounts.days import day_of
from qianan.kernel.problems import Invalid, NotFound
from qianan.registry.businesses import access, actions, queries
from qianan.registry.businesses.actions import NewBusiness as BusinessToMake
from qianan.registry.businesses.actions import NewSite as SiteToMake
from qianan.registry.duties import actions as duties_actions
from qianan.registry.duties import queries as duties

router = Router(tags=["businesses"])

Text = Annotated[str, Field(max_length=200)]
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


class NewPost(In):
    """A further chair of the business."""

    kind: Literal["principal", "safety_manager", "business_line", "production", "worker"]
    title_zh: Annotated[str, Field(min_length=1, max_length=60)]
    title_en: Annotated[str, Field(max_length=80)] = ""
    site: uuid.UUID | None = None


class ToPost(In):
    to_post: uuid.UUID


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


def _site(data: NewSite) -> SiteToMake:
    facts = data.dict(exclude={"place", "industry", "tags"})
    return SiteToMake(
        **facts,
        place_code=data.place,
        industry_code=data.industry,
        tags=None if data.tags is None else tuple(data.tags),
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
        BusinessToMake(**facts, place_code=data.place, sites=tuple(_site(each) for each in data.sites), how="api"),
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


# -- sites ------------------------------------------------------------------------


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
    site = actions.open_site(queries.business_for(actor, business), _site(data), by=actor, now=now())
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
        moved_to=_site(data.moved_to) if data.moved_to else None,
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


@router.get("/businesses/{uuid:business}/posts", response=Page[ChairOut], summary="Its chairs and who sits on them")
def list_posts(request: HttpRequest, business: uuid.UUID) -> Page[ChairOut]:
    shop = queries.business_for(who(request), business)
    on = day_of(now())
    posts = duties.posts_of(shop.id, on=on)
    found = duties.who([post.id for post in posts], on=on)
    return whole([show_chair(found[post.id]) for post in posts])


@router.post("/businesses/{uuid:business}/posts", response={201: ChairOut}, summary="Set up a further chair")
def make_post(request: HttpRequest, business: uuid.UUID, data: NewPost) -> Status[ChairOut]:
    actor = who(request)
    shop = queries.business_for(actor, business)
    new = duties_actions.NewPost(
        business_id=shop.id,
        kind=data.kind,
        title_zh=data.title_zh,
        title_en=data.title_en,
        site_id=data.site,
        place_code=shop.place_code,
    )
    if data.site is not None:
        queries.site_for(actor, business, data.site)
    post = duties_actions.make_posts([new], by=actor, now=now())[0]
    return Status(201, show_chair(duties.who([post.id], on=day_of(now()))[post.id]))


@router.post(
    "/businesses/{uuid:business}/posts/{uuid:post}/hand-over",
    response=Done,
    summary="Hand all that a chair owes to another",
)
def hand_over(request: HttpRequest, business: uuid.UUID, post: uuid.UUID, data: ToPost) -> Done:
    actor = who(request)
    duties_actions.hand_over(duties.post_for(actor, business, post), to_post=data.to_post, by=actor, now=now())
    return Done()


@router.post("/businesses/{uuid:business}/posts/{uuid:post}/end", response=Done, summary="Take a chair away")
def end_post(request: HttpRequest, business: uuid.UUID, post: uuid.UUID, data: ToPost) -> Done:
    """What hangs on it is handed over first."""
    actor = who(request)
    duties_actions.end_post(duties.post_for(actor, business, post), to_post=data.to_post, by=actor, now=now())
    return Done()


@router.post(
    "/businesses/{uuid:business}/people/{uuid:seat}/post", response=Done, summary="Put somebody to another chair"
)
def assign(request: HttpRequest, business: uuid.UUID, seat: uuid.UUID, data: ToPost) -> Done:
    actor = who(request)
    shop = queries.business_for(actor, business)
    row = accounts.seat_for(actor, seat, place_code=shop.place_code)
    if row.business_id != shop.id:
        raise NotFound("no_such_seat")
    duties_actions.assign(row, to_post=data.to_post, by=actor, now=now())
    return Done()


# -- claims ----------------------------------------------------------------------------


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
