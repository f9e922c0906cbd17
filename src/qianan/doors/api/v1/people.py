"""Oneself: seats, profile, tokens; the people of a business: seats and invitations; officers' seats."""

import uuid
from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from qianan.doors.api import names
from qianan.doors.api.entry import person_of, who
from qianan.doors.api.paging import Paging, page_of, whole
from qianan.doors.api.shapes import Code, Coded, Done, In, Moment, Name, Page, PersonOut, ShortWords
from qianan.doors.kit.now import now
from qianan.ground.accounts import access, actions, queries
from qianan.ground.accounts.days import day_of
from qianan.ground.notices import queries as notices
from qianan.kernel.actor import Actor, SeatView
from qianan.kernel.ids import NIL
from qianan.kernel.problems import NotFound, NotYours
from qianan.registry.businesses import queries as businesses

router = Router(tags=["people"])

BusinessRole = Literal["worker", "safety_manager", "principal"]
OfficeRole = Literal["community", "street", "district", "city", "industry", "admin"]


class SeatOut(Schema):
    """A seat (席位): a dated right to act, in one business or over a place and line."""

    id: uuid.UUID
    role: str
    place: Coded | None
    line: Coded | None
    body: Coded | None
    business: "BusinessName | None"
    post: uuid.UUID | None


class BusinessName(Schema):
    """A business by id and name."""

    id: uuid.UUID
    name: Name


class Me(Schema):
    """Who the token or session speaks for, and from which seat."""

    person: PersonOut
    language: str
    seat: uuid.UUID | None
    seats: list[SeatOut]
    unread: int


class TokenOut(Schema):
    """An API token; its secret is shown once, when it is made."""

    id: uuid.UUID
    label: str
    seat: uuid.UUID | None
    made_at: Moment
    expires_at: Moment | None
    revoked_at: Moment | None
    last_used_on: date | None


class TokenMade(TokenOut):
    """A new token with its secret: keep it, it is not shown again."""

    secret: str


class NewToken(In):
    """`seat`: only this one of one's seats; `days`: good for so long, without end when null."""

    label: Annotated[str, Field(min_length=1, max_length=80)]
    seat: uuid.UUID | None = None
    days: Annotated[int, Field(ge=1, le=3660)] | None = None


class Profile(In):
    """What to change about oneself; what is left out stays."""

    name: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    email: Annotated[str, Field(max_length=200)] | None = None
    language: Literal["zh-hans", "en"] | None = None


class SittingOut(Schema):
    """Somebody's seat with its dates. `mobile` is shown to who runs the business and to officers over it."""

    id: uuid.UUID
    person: PersonOut
    mobile: str
    role: str
    post: uuid.UUID | None
    since: date
    until: date | None


class OfficeSeatOut(SittingOut):
    """An officer's seat."""

    place: Coded | None
    line: Coded | None
    body: Coded | None


class NewInvitation(In):
    """A seat held out; with a `mobile` (E.164 or as written locally) only its holder may take it."""

    role: BusinessRole
    post: uuid.UUID | None = None
    mobile: Annotated[str, Field(max_length=30)] = ""


class InvitationOut(Schema):
    """An invitation that is open."""

    id: uuid.UUID
    role: str
    post: uuid.UUID | None
    mobile: str
    made_at: Moment
    expires_at: Moment


class InvitationMade(InvitationOut):
    """A new invitation with the secret of its link: shown once."""

    secret: str


class UseInvitation(In):
    secret: Annotated[str, Field(min_length=1, max_length=200)]


class NewSeat(In):
    """An officer's seat for a person known by login name or mobile number."""

    login: Annotated[str, Field(min_length=1, max_length=60)]
    role: OfficeRole
    place: Code
    line: Code = ""
    body: Code = ""
    since: date | None = None


class LeaveSeat(In):
    """`until`: the first day that no longer counts; today when null."""

    until: date | None = None


def _seats(seats: tuple[SeatView, ...]) -> list[SeatOut]:
    placed = names.coded_places(seat.place_code for seat in seats if seat.place_code)
    bodies = names.coded_bodies(seat.body_code for seat in seats)
    shops = businesses.businesses_by_ids({seat.business for seat in seats if seat.business != NIL})
    return [
        SeatOut(
            id=seat.id,
            role=seat.role,
            place=placed.get(seat.place_code),
            line=names.coded_line(seat.line),
            body=bodies.get(seat.body_code),
            business=BusinessName(id=seat.business, name=Name.of(shops[seat.business]))
            if seat.business in shops
            else None,
            post=seat.post,
        )
        for seat in seats
    ]


def _me(actor: Actor) -> Me:
    person = queries.person(person_of(actor))
    return Me(
        person=PersonOut(id=person.id, name=person.name),
        language=person.language,
        seat=actor.seat.id if actor.seat else None,
        seats=_seats(actor.seats),
        unread=notices.unread(person.id),
    )


@router.get("/me", response=Me, summary="Who I am, and my seats of today")
def me(request: HttpRequest) -> Me:
    return _me(who(request))


@router.patch("/me", response=Me, summary="Change my profile")
def set_profile(request: HttpRequest, data: Profile) -> Me:
    actor = who(request)
    facts = {name: value for name, value in data.dict(exclude_unset=True).items() if value is not None}
    if facts:
        actions.set_profile(queries.person(person_of(actor)), by=actor, now=now(), **facts)
    return _me(actor)


@router.get("/tokens", response=Page[TokenOut], summary="My API tokens, revoked ones too")
def list_tokens(request: HttpRequest) -> Page[TokenOut]:
    actor = who(request)
    return whole([TokenOut.from_orm(token) for token in queries.tokens_of(person_of(actor))])


@router.post("/tokens", response={201: TokenMade}, summary="Make an API token for myself")
def make_token(request: HttpRequest, data: NewToken) -> Status[TokenMade]:
    actor = who(request)
    bound = _bound_seat(request)
    if bound is not None and data.seat != bound:
        raise NotYours("token_of_one_seat")
    token, secret = actions.make_token(
        queries.person(person_of(actor)), label=data.label, seat=data.seat, days=data.days, by=actor, now=now()
    )
    return Status(201, TokenMade(**TokenOut.from_orm(token).dict(), secret=secret))


def _bound_seat(request: HttpRequest) -> uuid.UUID | None:
    """The one seat that the token in use was made for: such a token makes no wider ones."""
    header = request.headers.get("Authorization", "")
    found = queries.person_by_token(header.partition(" ")[2].strip(), now=now()) if header else None
    return found[1].seat if found else None


@router.delete("/tokens/{uuid:id}", response=Done, summary="Revoke a token")
def revoke_token(request: HttpRequest, id: uuid.UUID) -> Done:
    actor = who(request)
    actions.revoke_token(queries.token_for(actor, id), by=actor, now=now())
    return Done()


def _sittings(rows: list[object], *, numbers: bool) -> list[SittingOut]:
    return [
        SittingOut(
            id=seat.id,  # type: ignore[attr-defined]
            person=PersonOut(id=seat.person.id, name=seat.person.name),  # type: ignore[attr-defined]
            mobile=(seat.person.mobile or "") if numbers else "",  # type: ignore[attr-defined]
            role=seat.role,  # type: ignore[attr-defined]
            post=seat.post,  # type: ignore[attr-defined]
            since=seat.since,  # type: ignore[attr-defined]
            until=seat.until,  # type: ignore[attr-defined]
        )
        for seat in rows
    ]


@router.get("/businesses/{uuid:business}/people", response=Page[SittingOut], summary="Who works in a business today")
def list_people(request: HttpRequest, business: uuid.UUID) -> Page[SittingOut]:
    actor = who(request)
    shop = businesses.business_for(actor, business)
    if not access.can_see_seats(actor, shop.id, place_code=shop.place_code):
        raise NotYours("not_your_people")
    own = actor.at(shop.id)
    numbers = own is None or own.role != "worker"
    return whole(_sittings(list(queries.seats_on_business(shop.id, day_of(now()))), numbers=numbers))


@router.get(
    "/businesses/{uuid:business}/invitations", response=Page[InvitationOut], summary="A business's open invitations"
)
def list_invitations(request: HttpRequest, business: uuid.UUID) -> Page[InvitationOut]:
    actor = who(request)
    shop = businesses.business_for(actor, business)
    found = queries.invitations_for(actor, business_id=shop.id, now=now())
    return whole([InvitationOut.from_orm(each) for each in found])


@router.post(
    "/businesses/{uuid:business}/invitations", response={201: InvitationMade}, summary="Invite somebody to a seat"
)
def invite(request: HttpRequest, business: uuid.UUID, data: NewInvitation) -> Status[InvitationMade]:
    actor = who(request)
    shop = businesses.business_for(actor, business)
    invitation, secret = actions.invite(
        role=data.role,
        business_id=shop.id,
        place_code=shop.place_code,
        post=data.post,
        mobile=data.mobile,
        by=actor,
        now=now(),
    )
    return Status(201, InvitationMade(**InvitationOut.from_orm(invitation).dict(), secret=secret))


@router.delete("/invitations/{uuid:id}", response=Done, summary="Take an invitation back")
def withdraw_invitation(request: HttpRequest, id: uuid.UUID) -> Done:
    actor = who(request)
    actions.withdraw_invitation(queries.invitation_for(actor, id), by=actor, now=now())
    return Done()


@router.post("/invitations/use", response={201: Done}, summary="Take the seat that was held out to me")
def use_invitation(request: HttpRequest, data: UseInvitation) -> Status[Done]:
    actor = who(request)
    actions.use_invitation(data.secret, person=queries.person(person_of(actor)), by=actor, now=now())
    return Status(201, Done())


@router.post("/seats/{uuid:id}/leave", response=Done, summary="End a seat: one's own, or one that one could give")
def leave_seat(request: HttpRequest, id: uuid.UUID, data: LeaveSeat) -> Done:
    actor = who(request)
    home = queries.seat(id).business_id
    place = businesses.business(home).place_code if home != NIL else ""
    seat = queries.seat_for(actor, id, place_code=place)
    actions.leave_seat(seat, until=data.until, place_code=place, by=actor, now=now())
    return Done()


@router.get("/seats", response=Page[OfficeSeatOut], summary="Officers' seats within my reach")
def list_seats(
    request: HttpRequest, paged: Paging, place: Code = "", line: Code = "", role: Code = "", text: ShortWords = ""
) -> Page[OfficeSeatOut]:
    actor = who(request)
    if not access.is_officer(actor):
        raise NotYours("officers_only")
    found = queries.seats_for(actor, place_code=place, line=line, role=role, text=text, on=day_of(now()))

    def show(seats: list[object]) -> list[OfficeSeatOut]:
        placed = names.coded_places(seat.place_code for seat in seats if seat.place_code)  # type: ignore[attr-defined]
        bodies = names.coded_bodies(seat.body_code for seat in seats)  # type: ignore[attr-defined]
        return [
            OfficeSeatOut(
                **plain.dict(),
                place=placed.get(seat.place_code),  # type: ignore[attr-defined]
                line=names.coded_line(seat.line),  # type: ignore[attr-defined]
                body=bodies.get(seat.body_code),  # type: ignore[attr-defined]
            )
            for seat, plain in zip(seats, _sittings(seats, numbers=True), strict=True)
        ]

    return page_of(found, paged, order=("place_code", "role", "id"), show=show)


@router.post("/seats", response={201: SittingOut}, summary="Give an officer a seat (administrators)")
def give_seat(request: HttpRequest, data: NewSeat) -> Status[SittingOut]:
    actor = who(request)
    if not actor.is_admin:
        raise NotYours("admins_only")
    person = queries.find_person(data.login)
    if person is None:
        raise NotFound("no_such_person", where="login")
    seat = actions.take_seat(
        person,
        role=data.role,
        place_code=data.place,
        line=data.line,
        body_code=data.body,
        since=data.since,
        by=actor,
        now=now(),
    )
    seat.person = person
    return Status(201, _sittings([seat], numbers=True)[0])


SeatOut.model_rebuild()
