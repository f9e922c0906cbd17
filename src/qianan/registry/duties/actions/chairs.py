"""Chairs are set up, renamed, taken away; people are put to them; what hung on an empty one falls, visibly."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts import queries as accounts_queries
from qianan.ground.accounts.actions.seats import seat_ref as accounts_seat
from qianan.ground.accounts.models import Seat
from qianan.ground.trail.actions import record, record_many
from qianan.ground.trail.queries import news_since
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.news import Event
from qianan.kernel.problems import Conflict, Invalid
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.duties import access, ladder
from qianan.registry.duties.actions.promises import reassigned, ref_of
from qianan.registry.duties.chairs import (
    BUSINESS_CHAIRS,
    OFFICE_CHAIRS,
    body_post_id,
    post_id,
    post_ref,
    who,
)
from qianan.registry.duties.events import (
    DutyFell,
    PostAssigned,
    PostEnded,
    PostMade,
    PostRenamed,
    PostsMade,
    PostVacated,
)
from qianan.registry.duties.models import Duty, Post
from qianan.tables import bulk

KINDS = {kind for kind, *_ in BUSINESS_CHAIRS}
CLOCK = Actor.system("clock")
COLUMNS = ("owner_post", "accountable_post", "verifier_post")


@dataclass(frozen=True, slots=True)
class NewPost:
    """A further chair of a business: a second production post, one for a single site. Titles in both languages."""

    business_id: uuid.UUID
    kind: str
    title_zh: str
    title_en: str = ""
    site_id: uuid.UUID | None = None
    place_code: str = ""
    since: date | None = None


@transaction.atomic
def make_posts(new: Sequence[NewPost], *, by: Actor, now: datetime) -> list[Post]:
    """Set up further chairs in businesses.

    Raises NotYours("not_your_business"), Invalid("unknown_kind" | "title_needed" | "too_long").
    """
    made = []
    for each in new:
        access.check(access.can_keep_posts(by, each.business_id), "not_your_business")
        if each.kind not in KINDS:
            raise Invalid("unknown_kind", where="kind", kind=each.kind)
        zh, en = _titles(each.title_zh, each.title_en)
        position = next(position for kind, _, _, position in BUSINESS_CHAIRS if kind == each.kind)
        made.append(
            Post(
                business_id=each.business_id,
                id=uuid7(now),
                kind=each.kind,
                title_zh=zh,
                title_en=en,
                site_id=each.site_id,
                position=position,
                since=each.since or ladder.day_of(now),
            )
        )
    bulk.insert(made)
    record_many(
        [
            PostMade(about=_post(post), place_code=each.place_code, kind=post.kind)
            for post, each in zip(made, new, strict=True)
        ],
        by=by,
        now=now,
    )
    return made


def _place(post: Post) -> str:
    """Where a chair stands: the business's place or the body's."""
    if post.business_id == NIL:
        return post.body_code.rpartition(":")[2]
    return businesses.business(post.business_id).place_code


def _post(post: Post) -> Ref:
    return Ref("duties.post", post.business_id, str(post.id))


def _titles(zh: str, en: str) -> tuple[str, str]:
    zh, en = " ".join(zh.split()), " ".join(en.split())
    if not (zh or en):
        raise Invalid("title_needed", where="title_zh")
    zh, en = zh or en, en or zh
    if len(zh) > 60:
        raise Invalid("too_long", where="title_zh", limit=60)
    if len(en) > 80:
        raise Invalid("too_long", where="title_en", limit=80)
    return zh, en


@transaction.atomic
def equip_businesses(new: Sequence[tuple[uuid.UUID, date]], *, by: Actor, now: datetime) -> list[Post]:
    """Set up the five usual chairs of these businesses (business, since); those there stay. Gives the new ones."""
    have: set[tuple[uuid.UUID, str]] = set()
    owners = sorted({business for business, _ in new})
    for start in range(0, len(owners), 5000):
        rows = Post.objects.filter(business_id__in=owners[start : start + 5000], until=None)
        have |= set(rows.values_list("business_id", "kind"))
    made = [
        Post(
            business_id=business,
            id=post_id(business, kind),
            kind=kind,
            title_zh=zh,
            title_en=en,
            position=position,
            since=since,
        )
        for business, since in dict(new).items()
        for kind, zh, en, position in BUSINESS_CHAIRS
        if (business, kind) not in have
    ]
    return _equip(made, by=by, now=now)


@transaction.atomic
def equip_bodies(new: Sequence[tuple[str, date]], *, by: Actor, now: datetime) -> list[Post]:
    """Set up head and inspector of these public bodies (body code, since); a chair that is there stays."""
    codes = sorted({code for code, _ in new})
    have = set(Post.objects.filter(business_id=NIL, body_code__in=codes, until=None).values_list("body_code", "kind"))
    made = [
        Post(
            business_id=NIL,
            id=body_post_id(code, kind),
            kind=kind,
            title_zh=zh,
            title_en=en,
            body_code=code,
            position=position,
            since=since,
        )
        for code, since in dict(new).items()
        for kind, zh, en, position in OFFICE_CHAIRS
        if (code, kind) not in have
    ]
    return _equip(made, by=by, now=now)


def _equip(made: list[Post], *, by: Actor, now: datetime) -> list[Post]:
    bulk.insert(made, ignore=True)  # somebody else may set up the same house at the same moment
    houses: dict[tuple[uuid.UUID, str], list[str]] = {}
    for post in made:
        houses.setdefault((post.business_id, post.body_code), []).append(post.kind)
    owners = businesses.businesses_by_ids(business for business, _ in houses if business != NIL)
    events: list[Event] = []
    for (business, body), kinds in houses.items():
        about = Ref("accounts.body", NIL, body) if body else Ref("businesses.business", business, str(business))
        place = owners[business].place_code if business in owners else body.rpartition(":")[2]
        events.append(PostsMade(about=about, place_code=place, kinds=tuple(kinds), body=body))
    record_many(events, by=by, now=now)
    return made


@transaction.atomic
def rename(post: Post, *, title_zh: str, title_en: str = "", by: Actor, now: datetime) -> Post:
    """Give a chair of one's business the title that people use there."""
    access.check(access.can_keep_posts(by, post.business_id), "not_your_business")
    post.title_zh, post.title_en = _titles(title_zh, title_en)
    post.save(update_fields=["title_zh", "title_en"])
    record(PostRenamed(about=_post(post), place_code=_place(post)), by=by, now=now)
    return post


@transaction.atomic
def assign(seat: Seat, *, to_post: uuid.UUID, by: Actor, now: datetime) -> Seat:
    """Put somebody of one's business to another chair: the old seat ends today, a new one begins. Gives the new seat.

    Raises NotYours("not_your_business"), Invalid("no_such_post", "to_post"), Conflict("same_post").
    """
    access.check(access.can_keep_posts(by, seat.business_id), "not_your_business")
    post = Post.objects.filter(business_id=seat.business_id, id=to_post, until=None).first()
    if post is None or seat.business_id == NIL:
        raise Invalid("no_such_post", where="to_post")
    if seat.post == to_post:
        raise Conflict("same_post", where="to_post")
    place = _place(post)
    accounts.leave_seat(seat, place_code=place, by=by, now=now)
    new = accounts.take_seat(
        seat.person_id,
        role=seat.role,
        business_id=seat.business_id,
        place_code=place,
        post=post.id,
        by=by,
        now=now,
    )
    record(PostAssigned(about=_post(post), place_code=place, seat=str(accounts_seat(new))), by=by, now=now)
    return new


@transaction.atomic
def hand_over(from_post: Post, *, to_post: uuid.UUID, by: Actor, now: datetime) -> list[Duty]:
    """Hand all that a chair owes, answers for or verifies to another chair of the same business. Gives what it owed.

    Raises NotYours("not_your_business"), Conflict("same_post"), Invalid("no_such_post", "to_post").
    """
    access.check(access.can_keep_posts(by, from_post.business_id), "not_your_business")
    if to_post == from_post.id:
        raise Conflict("same_post", where="to_post")
    if not Post.objects.filter(business_id=from_post.business_id, id=to_post, until=None).exists():
        raise Invalid("no_such_post", where="to_post")
    open_ones = Duty.objects.filter(business_id=from_post.business_id, state="open")
    owed = list(open_ones.filter(owner_post=from_post.id).order_by("due_at", "id"))
    for column in COLUMNS:
        open_ones.filter(**{column: from_post.id}).update(**{column: to_post})
    for duty in owed:
        duty.owner_post = to_post
    record_many([reassigned(duty, from_post.id) for duty in owed], by=by, now=now)
    return owed


@transaction.atomic
def end_post(post: Post, *, to_post: uuid.UUID, by: Actor, now: datetime) -> Post:
    """Take a chair away; what hung on it is handed over first. The last chair of a usual kind stays.

    Raises NotYours, Conflict("last_of_its_kind"), as `hand_over`.
    """
    access.check(access.can_keep_posts(by, post.business_id), "not_your_business")
    others = Post.objects.filter(business_id=post.business_id, kind=post.kind, until=None).exclude(id=post.id)
    if not others.exists():
        raise Conflict("last_of_its_kind", kind=post.kind)
    hand_over(post, to_post=to_post, by=by, now=now)
    post.until = ladder.day_of(now)
    post.save(update_fields=["until"])
    record(PostEnded(about=_post(post), place_code=_place(post), to_post=post_ref(to_post)), by=by, now=now)
    return post


LOOK_BACK = timedelta(days=7)
"""So many days back the clock looks for chairs that fell empty on a day set before."""


@transaction.atomic
def vacate_ended(now: datetime, *, by: Actor = CLOCK) -> int:
    """Seats that ended on a day set before: their chairs are said to stand empty, once. Gives how many."""
    today = ladder.day_of(now)
    ended = accounts_queries.posts_left_since(today - LOOK_BACK, on=today)
    if not ended:
        return 0
    views = who(ended, on=today)
    told: dict[str, date] = {}
    for entry in news_since(now - LOOK_BACK - timedelta(days=1), [PostVacated.name]):
        told[entry.about] = ladder.day_of(entry.at)
    fresh = [
        Left(id, f"accounts.person::{person}")
        for id, (until, person) in ended.items()
        if id in views and views[id].vacant and told.get(str(_post(views[id].post)), date.min) < until
    ]
    vacate_posts(fresh, by=by, now=now)
    return len(fresh)


@dataclass(frozen=True, slots=True)
class Left:
    """A chair that somebody left: who (a ref), and the ids of the entries to be written, so that it is told once."""

    post: uuid.UUID
    person: str = ""
    entry: uuid.UUID | None = None


@transaction.atomic
def vacate_posts(left: Sequence[Left], *, by: Actor, now: datetime) -> list[Duty]:
    """Say what became of chairs on which nobody sits any more: how much hung on each, and to whom it falls meanwhile.

    Duties stay with the chair (whoever takes it has them again). Chairs that are occupied are passed over. Gives the
    open duties that fell.
    """
    views = who([each.post for each in left], on=ladder.day_of(now))
    empty = {each.post: each for each in left if each.post in views and views[each.post].vacant}
    if not empty:
        return []
    owners = {views[id].post.business_id for id in empty}
    reach = Q(owner_post__in=empty) if NIL in owners else Q(owner_post__in=empty, business_id__in=owners)
    fallen = list(Duty.objects.filter(reach, state="open").order_by("due_at", "id"))
    events: list[Event] = []
    ids: list[uuid.UUID | None] = []
    for id, each in empty.items():
        view = views[id]
        mine = [duty for duty in fallen if duty.owner_post == id]
        to_post = post_ref(view.falls_to.id if view.falls_to else None)
        events.append(
            PostVacated(
                about=_post(view.post),
                place_code=_place(view.post),
                duties=len(mine),
                to_post=to_post,
                person=each.person,
            )
        )
        events += [
            DutyFell(
                about=ref_of(duty),
                place_code=duty.place_code,
                kind=duty.kind,
                of=duty.about,
                from_post=post_ref(id),
                to_post=to_post,
            )
            for duty in mine
        ]
        ids += [each.entry, *([None] * len(mine))]
    record_many(events, by=by, now=now, ids=ids)
    return fallen
