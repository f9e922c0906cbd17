"""Seats are taken and left, by the day."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from qianan.ground.accounts import access
from qianan.ground.accounts.days import day_of
from qianan.ground.accounts.events import SeatLeft, SeatTaken
from qianan.ground.accounts.models import Body, Person, Seat
from qianan.ground.trail import actions as trail
from qianan.kernel.actor import BUSINESS_ROLES, ROLES, Actor
from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.problems import Invalid, NotFound, NotYours
from qianan.kernel.ref import Ref
from qianan.tables import bulk


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSeat:
    """A seat to be taken. For a business role `place_code` is the business's place: it decides which officers may
    give it and to which chain the act belongs; the seat itself reaches no further than the business."""

    person: uuid.UUID
    role: str
    business_id: uuid.UUID = NIL
    place_code: str = ""
    line: str = ""
    body_code: str = ""
    post: uuid.UUID | None = None
    since: date | None = None
    until: date | None = None
    id: uuid.UUID | None = None


def seat_ref(seat: Seat) -> Ref:
    return Ref.of("accounts.seat", seat.business_id, seat.id)


def take_seat(
    person: Person | uuid.UUID,
    *,
    role: str,
    business_id: uuid.UUID = NIL,
    place_code: str = "",
    line: str = "",
    body_code: str = "",
    post: uuid.UUID | None = None,
    since: date | None = None,
    by: Actor,
    now: datetime,
) -> Seat:
    """Take one seat; see `take_seats`."""
    new = NewSeat(
        person=person.id if isinstance(person, Person) else person,
        role=role,
        business_id=business_id,
        place_code=place_code,
        line=line,
        body_code=body_code,
        post=post,
        since=since,
    )
    return take_seats([new], by=by, now=now)[0]


@transaction.atomic
def take_seats(seats: Sequence[NewSeat], *, by: Actor, now: datetime) -> list[Seat]:
    """People take seats, from `since` (today when None). Who holds the very same seat already keeps it: no news.

    Raises NotYours("may_not_seat"), NotFound("no_such_person"), NotFound("no_such_body"),
    Invalid("seat_incomplete" | "unknown_role" | "seat_ends_before_it_begins"); all seats are taken or none.
    """
    today = day_of(now)
    bodies = Body.objects.in_bulk([new.body_code for new in seats if new.body_code]) if seats else {}
    wanted = [_checked(new, bodies, by) for new in seats]
    people = {new.person for new in wanted}
    # The people's rows are locked, so that the same seat asked for twice at once is one seat.
    known: set[uuid.UUID] = set()
    held: defaultdict[tuple[object, ...], list[Seat]] = defaultdict(list)
    ids = sorted(people)
    for start in range(0, len(ids), 10_000):
        some = ids[start : start + 10_000]
        found = Person.objects.select_for_update().filter(id__in=some, is_active=True).order_by("id")
        known |= set(found.values_list("id", flat=True))
        for seat in Seat.objects.filter(person_id__in=some, until=None):
            held[_sameness(seat)].append(seat)
    if people - known:
        raise NotFound("no_such_person")
    taken: list[Seat] = []
    fresh: list[Seat] = []
    events: list[SeatTaken] = []
    for new in wanted:
        seat = Seat(
            id=new.id or uuid7(now),
            person_id=new.person,
            role=new.role,
            business_id=new.business_id,
            place_code="" if new.role in BUSINESS_ROLES else new.place_code,
            line=new.line,
            body_code=new.body_code,
            post=new.post,
            since=new.since or today,
            until=new.until,
        )
        like = held[_sameness(seat)]
        same = next((each for each in like if None in {each.post, seat.post} or each.post == seat.post), None)
        if same is not None and new.until is None:
            if same.post is None and seat.post is not None:
                assign_post([(same.id, seat.post)], by=by, now=now)
                same.post = seat.post
            taken.append(same)
            continue
        like.append(seat)
        taken.append(seat)
        fresh.append(seat)
        events.append(
            SeatTaken(
                about=seat_ref(seat),
                place_code=new.place_code,
                person=str(new.person),
                role=new.role,
                line=new.line,
                post=str(new.post or ""),
            )
        )
    bulk.insert(fresh)
    trail.record_many(events, by=by, now=now)
    return taken


def _sameness(seat: Seat) -> tuple[object, ...]:
    """What makes two seats one, the chair apart: a seat without a chair is tied to one later."""
    return (seat.person_id, seat.role, seat.business_id, seat.place_code, seat.line, seat.body_code)


@transaction.atomic
def assign_post(seats: Sequence[tuple[uuid.UUID, uuid.UUID]], *, by: Actor, now: datetime) -> int:
    """Tie seats that have no chair to one: (seat, post). A seat that has one keeps it. Gives how many were tied.

    By the house only; no news of its own: that the seat was taken stands already. Raises NotYours("may_not_seat").
    """
    if not (by.is_system or by.is_admin):
        raise NotYours("may_not_seat")
    by_post: defaultdict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for seat, post in seats:
        by_post[post].append(seat)
    return sum(Seat.objects.filter(id__in=ids, post=None).update(post=post) for post, ids in by_post.items())


def _checked(new: NewSeat, bodies: dict[str, Body], by: Actor) -> NewSeat:
    if new.role not in ROLES:
        raise Invalid("unknown_role", where="role")
    place = new.place_code
    if new.body_code:
        if new.body_code not in bodies:
            raise NotFound("no_such_body", body=new.body_code)
        place = place or bodies[new.body_code].place_code
    in_business = new.role in BUSINESS_ROLES
    complete = new.business_id != NIL if in_business else new.business_id == NIL and bool(place)
    if not complete or (new.role == "industry") != bool(new.line):
        raise Invalid("seat_incomplete", where="role")
    if new.since and new.until and new.until <= new.since:
        raise Invalid("seat_ends_before_it_begins", where="until")
    access.check_may_seat(by, role=new.role, business_id=new.business_id, place_code=place)
    return NewSeat(
        person=new.person,
        role=new.role,
        business_id=new.business_id,
        place_code=place,
        line=new.line,
        body_code=new.body_code,
        post=new.post,
        since=new.since,
        until=new.until,
        id=new.id,
    )


def leave_seat(seat: Seat, *, until: date | None = None, place_code: str = "", by: Actor, now: datetime) -> Seat:
    """Leave one seat; see `leave_seats`."""
    left = leave_seats([seat], until=until, place_code=place_code, by=by, now=now)
    return left[0] if left else seat


@transaction.atomic
def leave_seats(
    seats: Sequence[Seat], *, until: date | None = None, place_code: str = "", by: Actor, now: datetime
) -> list[Seat]:
    """Leave seats. `until` is the first day that no longer counts: today when None, so that rights end at once; a
    seat taken today ends before it began to count.

    What hung on the post falls to the next rung (`SeatLeft`). A seat already left is passed over.
    `place_code` is the place of the business, for officers' rights. Raises NotYours("may_not_seat"),
    Invalid("seat_ends_before_it_begins").
    """
    last = until or day_of(now)
    left: list[Seat] = []
    for seat in seats:
        if not access.can_end_seat(by, seat, place_code=place_code):
            raise NotYours("may_not_seat", role=seat.role)
        if last < seat.since:
            if until is not None:
                raise Invalid("seat_ends_before_it_begins", where="until")
            last_here = seat.since
        else:
            last_here = last
        if Seat.objects.filter(id=seat.id, until=None).update(until=last_here):
            seat.until = last_here
            left.append(seat)
    trail.record_many(
        [
            SeatLeft(
                about=seat_ref(seat),
                place_code=seat.place_code or place_code,
                person=str(seat.person_id),
                role=seat.role,
                post=str(seat.post or ""),
            )
            for seat in left
        ],
        by=by,
        now=now,
    )
    return left


def hand_over(seat: Seat, *, to: Person, place_code: str = "", by: Actor, now: datetime) -> Seat:
    """The seat's holder leaves and somebody else takes the same chair, in one act's time."""
    with transaction.atomic():
        leave_seat(seat, place_code=place_code, by=by, now=now)
        return take_seat(
            to,
            role=seat.role,
            business_id=seat.business_id,
            place_code=seat.place_code or place_code,
            line=seat.line,
            body_code=seat.body_code,
            post=seat.post,
            by=by,
            now=now,
        )
