"""What is asked of people, bodies and seats. Days are the instance's own (`on: date`)."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.conf import settings
from django.db.models import F, FilteredRelation, Max, Q, QuerySet

from qianan.ground.accounts import access, derived, identity
from qianan.ground.accounts.models import Body, Invitation, OneTimeCode, Person, Seat, Token
from qianan.kernel.actor import Actor, SeatView
from qianan.kernel.ids import NIL
from qianan.kernel.problems import NotFound

SEAT_ORDER = ("principal", "safety_manager", "street", "district", "city", "industry", "community", "worker", "admin")
"""Which seat a person acts from when none was chosen."""

ERASED = "—"
"""What stands in place of an erased person's name."""


def valid_on(on: date, prefix: str = "") -> Q:
    """Rows with `since` and `until` that hold on this day: until is the first day that no longer counts."""
    return Q(**{f"{prefix}since__lte": on}) & (Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": on}))


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody on a post: `role` is the seat's, `since` the first day; `mobile` is E.164 or ""."""

    person: uuid.UUID
    name: str
    mobile: str
    role: str
    since: date
    seat: uuid.UUID
    post: uuid.UUID | None = None
    place_code: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody is reached. `name` is "" for those who have no account yet."""

    id: uuid.UUID
    name: str = ""
    mobile: str = ""
    email: str = ""
    language: str = "zh-hans"
    quiet_from: time | None = None
    quiet_until: time | None = None


def _chunks(ids: list[uuid.UUID], size: int = 10_000) -> Iterator[list[uuid.UUID]]:
    """A statement binds some tens of thousands of values at most."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


# -- actors ---------------------------------------------------------------------


def actor_of(
    person_id: uuid.UUID, *, door: str, on: date, seat_id: uuid.UUID | None = None, only: bool = False
) -> Actor:
    """The person with today's seats, in one query. Raises NotFound("no_such_person") for erased or inactive people.

    `seat_id` is the seat acted from (the session's choice); one that no longer holds is passed over for the first by
    SEAT_ORDER. `only` narrows the actor to that very seat (a token for one seat): without it, none is left.
    """
    rows = list(
        Person.objects.filter(id=person_id, is_active=True, erased_at=None)
        .annotate(today=FilteredRelation("seats", condition=valid_on(on, "seats__")))
        .order_by("today__since", "today__id")
        .values_list(
            "name",
            "today__id",
            "today__role",
            "today__place_code",
            "today__line",
            "today__business_id",
            "today__body_code",
            "today__post",
        )
    )
    if not rows:
        raise NotFound("no_such_person")
    seats = tuple(SeatView(*row[1:]) for row in rows if row[1] is not None)
    if only:
        seats = tuple(seat for seat in seats if seat.id == seat_id)
    chosen = next((seat for seat in seats if seat.id == seat_id), None)
    if chosen is None and seats:
        chosen = min(seats, key=lambda seat: SEAT_ORDER.index(seat.role))
    return Actor(person=person_id, seats=seats, seat=chosen, door=door, name=rows[0][0])


def choose_seat(actor: Actor, seat_id: uuid.UUID) -> Actor:
    """The same person acting from another of today's seats. Raises NotFound("no_such_seat")."""
    for seat in actor.seats:
        if seat.id == seat_id:
            return replace(actor, seat=seat)
    raise NotFound("no_such_seat")


# -- people ---------------------------------------------------------------------


def person(id: uuid.UUID) -> Person:
    """Raises NotFound("no_such_person")."""
    found = Person.objects.filter(id=id).first()
    if found is None:
        raise NotFound("no_such_person")
    return found


def find_person(login: str) -> Person | None:
    """Who is meant at the door: by login name or mobile number, however it is written. None when nobody is, when the
    account is erased or inactive, or when the words fit two people."""
    wanted = identity.fold(login)[: identity.LOGIN_LENGTH + 1]
    if not wanted or not identity.is_printable(wanted):
        return None
    number = identity.mobile_of(wanted)
    either = Q(login=wanted) | (Q(mobile=number) | Q(login=number) if number else Q(pk=None))
    found = list(Person.objects.filter(either, is_active=True, erased_at=None)[:2])
    return found[0] if len(found) == 1 else None


def people_by_mobile(mobiles: Iterable[str]) -> dict[str, Person]:
    """Active people by their E.164 numbers."""
    wanted = [mobile for mobile in mobiles if mobile]
    return {str(p.mobile): p for p in Person.objects.filter(mobile__in=wanted, is_active=True, erased_at=None)}


def people_by_login(logins: Iterable[str]) -> dict[str, Person]:
    return {p.login: p for p in Person.objects.filter(login__in=[identity.fold(login) for login in logins])}


def names_of_people(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names by id; an erased or unknown person is "—"."""
    wanted = list(set(ids))
    found: dict[uuid.UUID, str] = {}
    for some in _chunks(wanted):
        found |= dict(Person.objects.filter(id__in=some, erased_at=None).values_list("id", "name"))
    return {id: found.get(id) or ERASED for id in wanted}


def reach_of(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Reach]:
    """How these are reached: people; invitations to somebody without an account; codes that prove a new number.

    Erased and inactive people are not reached at all.
    """
    wanted = set(ids)
    found = {
        p.id: Reach(p.id, p.name, p.mobile or "", p.email, p.language, p.quiet_from, p.quiet_until)
        for p in Person.objects.filter(id__in=wanted, is_active=True, erased_at=None)
    }
    if missing := wanted - set(found):
        for id, mobile in Invitation.objects.filter(id__in=missing).values_list("id", "mobile"):
            found[id] = Reach(id, mobile=mobile)
        codes = OneTimeCode.objects.filter(id__in=missing - set(found), person__is_active=True).exclude(mobile="")
        for id, mobile, name, language in codes.values_list("id", "mobile", "person__name", "person__language"):
            found[id] = Reach(id, name, mobile, language=language)
    return found


# -- seats ----------------------------------------------------------------------


def seats_of(person_id: uuid.UUID, *, on: date) -> list[Seat]:
    return list(Seat.objects.filter(valid_on(on), person_id=person_id).order_by("since", "id"))


def seat(id: uuid.UUID) -> Seat:
    """Raises NotFound("no_such_seat")."""
    found = Seat.objects.select_related("person").filter(id=id).first()
    if found is None:
        raise NotFound("no_such_seat")
    return found


def bodies_of_seats(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The office each of these seats acts for; those of none are missing."""
    rows = Seat.objects.filter(id__in=list(ids)).exclude(body_code="").values_list("id", "body_code")
    return dict(rows)


def seat_for(actor: Actor, id: uuid.UUID, *, place_code: str = "") -> Seat:
    """A seat that this actor may see and could end. `place_code` is the place of its business.

    Raises NotFound("no_such_seat"), also for what is out of reach.
    """
    found = seat(id)
    if not access.can_end_seat(actor, found, place_code=place_code):
        raise NotFound("no_such_seat")
    return found


_SITTING = ("person_id", "person__name", "person__mobile", "role", "since", "id", "post", "place_code", "line")


def _sittings(seats: QuerySet[Seat]) -> list[Sitting]:
    rows = seats.filter(person__is_active=True, person__erased_at=None).order_by("since", "id").values_list(*_SITTING)
    return [Sitting(row[0], row[1], row[2] or "", *row[3:]) for row in rows]


def people_on(post_ids: Collection[uuid.UUID], *, on: date) -> dict[uuid.UUID, list[Sitting]]:
    """Who sits on these posts that day, longest first; every post asked for has its list, a vacant one an empty one."""
    found: dict[uuid.UUID, list[Sitting]] = {post: [] for post in post_ids}
    for some in _chunks(list(found)):
        for sitting in _sittings(Seat.objects.filter(valid_on(on), post__in=some)):
            if sitting.post is not None:
                found[sitting.post].append(sitting)
    return found


def vacant_since(post_ids: Collection[uuid.UUID], *, on: date) -> dict[uuid.UUID, date]:
    """Since when these vacant posts have stood empty: the last day on which a seat on them ended. A post on which
    nobody ever sat is missing from the answer."""
    found: dict[uuid.UUID, date] = {}
    for some in _chunks(list(set(post_ids))):
        rows = Seat.objects.filter(post__in=some, until__lte=on).values_list("post").annotate(last=Max("until"))
        found |= {post: last for post, last in rows if post is not None}
    return found


def posts_left_since(first: date, *, on: date) -> dict[uuid.UUID, tuple[date, uuid.UUID]]:
    """The posts on which a seat ended between the two days: post → (the last such day, who sat there)."""
    rows = Seat.objects.filter(post__isnull=False, until__gt=first, until__lte=on).order_by("until", "id")
    found: dict[uuid.UUID, tuple[date, uuid.UUID]] = {}
    for post, until, person in rows.values_list("post", "until", "person_id"):
        if post is not None and until is not None:
            found[post] = (until, person)
    return found


def seats_on_business(business_id: uuid.UUID, on: date) -> list[Seat]:
    """Today's seats in a business with their people, strongest first."""
    found = Seat.objects.select_related("person").filter(
        valid_on(on), business_id=business_id, person__is_active=True, person__erased_at=None
    )
    return sorted(found, key=lambda seat: (SEAT_ORDER.index(seat.role), seat.since, seat.id.bytes))


def people_of_businesses(
    business_ids: Collection[uuid.UUID], *, roles: Collection[str], on: date
) -> dict[uuid.UUID, list[Sitting]]:
    """The set form: who holds one of these roles in each business."""
    found: dict[uuid.UUID, list[Sitting]] = {id: [] for id in business_ids}
    seats = Seat.objects.filter(valid_on(on), business_id__in=list(found), role__in=list(roles))
    homes = dict(seats.values_list("id", "business_id"))
    for sitting in _sittings(seats):
        found[homes[sitting.seat]].append(sitting)
    return found


def officers_over(place_code: str, *, line: str = "", role: str = "", on: date) -> list[Sitting]:
    """Officers whose seat covers the place, nearest first. `line` "" asks for the territory's own, a code for that
    line's; `role` "" for any."""
    found = Seat.objects.filter(valid_on(on), place_code__in=_prefixes(place_code), business_id=NIL, line=line)
    found = found.filter(role=role) if role else found.exclude(role="admin")
    return sorted(_sittings(found), key=lambda each: -len(each.place_code))


def seats_for(
    actor: Actor, *, place_code: str = "", line: str = "", role: str = "", text: str = "", on: date
) -> QuerySet[Seat]:
    """Officers' seats within the actor's reach (an admin's: all), with their people, by place and role.

    `text` is a piece of a name or login, or a whole mobile number.
    """
    found = Seat.objects.select_related("person").filter(valid_on(on), business_id=NIL)
    if not all(identity.is_printable(words) for words in (place_code, line, role)):
        return found.none()
    if not (actor.is_system or actor.is_admin):
        reach = Q(pk=None)
        for seat in actor.officer_seats():
            reach |= Q(place_code__startswith=seat.place_code) & (Q(line=seat.line) if seat.line else Q())
        found = found.filter(reach).exclude(role="admin")
    if place_code:
        found = found.filter(place_code__startswith=place_code)
    if line:
        found = found.filter(line=line)
    if role:
        found = found.filter(role=role)
    if text and not identity.is_printable(text):
        return found.none()
    if text:
        words = Q(person__name__icontains=text) | Q(person__login__icontains=identity.fold(text))
        if number := identity.mobile_of(text):
            words |= Q(person__mobile=number)
        found = found.filter(words)
    return found.order_by("place_code", "line", "role", "since", "id")


# -- bodies ---------------------------------------------------------------------


def body_code(kind: str, place: str, line: str = "") -> str:
    """`street:110105001`; `dept:commerce:110105` for a department of a line."""
    return f"dept:{line}:{place}" if kind == "department" else f"{kind}:{place}"


def body(code: str) -> Body:
    """Raises NotFound("no_such_body")."""
    found = Body.objects.filter(code=code).first()
    if found is None:
        raise NotFound("no_such_body", body=code)
    return found


def bodies(codes: Iterable[str]) -> dict[str, Body]:
    return Body.objects.in_bulk(list(set(codes)))


def bodies_over(place_code: str, *, line: str = "", kind: str | None = None, on: date | None = None) -> list[Body]:
    """The bodies whose place holds this one, nearest first: the territory's for line "", else that line's.

    `on` asks as of a day; without it, those that have not ended.
    """
    return bodies_over_many([place_code], line=line, kind=kind, on=on)[place_code]


def bodies_over_many(
    place_codes: Collection[str], *, line: str = "", kind: str | None = None, on: date | None = None
) -> dict[str, list[Body]]:
    """The set form of `bodies_over`, in one query."""
    wanted = {prefix for place in place_codes for prefix in _prefixes(place)}
    found = Body.objects.filter(place_code__in=wanted, line=line)
    found = found.filter(until=None) if on is None else found.filter(valid_on(on))
    if kind is not None:
        found = found.filter(kind=kind)
    rows = sorted(found, key=lambda each: (-len(each.place_code), each.code))
    return {place: [row for row in rows if place.startswith(row.place_code)] for place in place_codes}


def bodies_within(place_code: str, *, kind: str | None = None, line: str | None = None) -> QuerySet[Body]:
    """Bodies of this place and beneath it that have not ended: to choose one from."""
    found = Body.objects.filter(place_code__startswith=place_code, until=None)
    if kind is not None:
        found = found.filter(kind=kind)
    return found if line is None else found.filter(line=line)


def _prefixes(place_code: str) -> list[str]:
    return [place_code[:length] for length in range(1, len(place_code) + 1)]


# -- invitations, tokens ----------------------------------------------------------


def invitation_by_secret(secret: str) -> Invitation | None:
    return Invitation.objects.filter(secret_sha256=derived.sha256(secret)).first()


def invitations_for(actor: Actor, *, business_id: uuid.UUID = NIL, now: datetime) -> QuerySet[Invitation]:
    """Open invitations of a business this actor runs; of the offices for an admin."""
    own = actor.at(business_id) if business_id != NIL else None
    if not (actor.is_system or actor.is_admin or (own and own.role in access.MAY_SEAT)):
        return Invitation.objects.none()
    found = Invitation.objects.filter(business_id=business_id, used_at=None, withdrawn_at=None, expires_at__gt=now)
    return found.order_by("-made_at")


def invitation_for(actor: Actor, id: uuid.UUID) -> Invitation:
    """An invitation that this actor could have made. Raises NotFound("no_such_invitation")."""
    found = Invitation.objects.filter(id=id).first()
    if found is None or not access.can_seat(
        actor, role=found.role, business_id=found.business_id, place_code=found.place_code
    ):
        raise NotFound("no_such_invitation")
    return found


def invitation_link(invitation: Invitation) -> str:
    """Where it is taken up: a path under the instance's own address."""
    return f"{settings.QIANAN_ADDRESS.rstrip('/')}/accounts/invitations/{derived.invitation_secret(invitation.id)}/"


def code_in_clear(id: uuid.UUID, *, now: datetime) -> str | None:
    """The digits of a code that is still good, for the letter that carries them; None afterwards."""
    good = OneTimeCode.objects.filter(id=id, expires_at__gt=now, used_at=None).exists()
    return derived.code_of(id) if good else None


def person_by_token(secret: str, *, now: datetime) -> tuple[Person, Token] | None:
    """Whose token this is: not revoked, not expired, its person active."""
    if not secret or len(secret) > 200:
        return None
    token = (
        Token.objects.select_related("person")
        .filter(
            Q(expires_at=None) | Q(expires_at__gt=now),
            secret_sha256=derived.sha256(secret),
            revoked_at=None,
            person__is_active=True,
            person__erased_at=None,
        )
        .first()
    )
    return (token.person, token) if token else None


def tokens_of(person_id: uuid.UUID) -> QuerySet[Token]:
    """A person's tokens, the newest first; revoked ones too, so that they can be told from lost ones."""
    return Token.objects.filter(person_id=person_id).order_by(F("made_at").desc())


def token_for(actor: Actor, id: uuid.UUID) -> Token:
    """Raises NotFound("no_such_token")."""
    found = Token.objects.select_related("person").filter(id=id).first()
    if found is None or not access.can_revoke(actor, found):
        raise NotFound("no_such_token")
    return found
