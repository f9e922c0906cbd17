"""Chairs and who sits on them today: of businesses and of offices; where a vacant one's duties fall."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from qianan.ground.accounts import queries as accounts
from qianan.ground.accounts.queries import Sitting
from qianan.kernel.ids import NIL, uuid_of
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.duties.models import Post

BUSINESS_CHAIRS = (
    ("principal", "主要负责人", "Principal", 0),
    ("safety_manager", "安全管理人员", "Safety manager", 1),
    ("business_line", "业务负责人", "Business-line manager", 2),
    ("production", "生产岗位", "Production post", 3),
    ("worker", "员工", "Staff", 4),
)
"""The five usual chairs of a business: kind, title, position. A vacant one falls to the next lower number."""

OFFICE_CHAIRS = (("head", "负责人", "Head", 0), ("inspector", "检查员", "Inspector", 1))
"""The two chairs of a public body."""

ROLE_CHAIRS = {"principal": "principal", "safety_manager": "safety_manager", "worker": "worker"}
"""Which chair a seat without one is put to."""


def post_id(business_id: uuid.UUID, kind: str) -> uuid.UUID:
    """The id of a business's usual chair: known before the row is there, so making it twice makes it once."""
    return uuid_of("duties.post", business_id, kind)


def body_post_id(body_code: str, kind: str) -> uuid.UUID:
    """The id of an office's chair (`head`, `inspector`)."""
    return uuid_of("duties.post", body_code, kind)


def post_ref(id: uuid.UUID | None) -> str:
    """A chair in the trail: `duties.post::<id>`, "" for nobody. Chairs of businesses and offices look alike."""
    return "" if id is None else str(Ref("duties.post", NIL, str(id)))


@dataclass(frozen=True)
class PostView:
    """A chair with who sits on it on the day asked for (longest first). `vacant` when nobody does."""

    post: Post
    people: tuple[Sitting, ...] = ()

    @property
    def id(self) -> uuid.UUID:
        return self.post.id

    @property
    def kind(self) -> str:
        return self.post.kind

    @property
    def title_zh(self) -> str:
        return self.post.title_zh

    @property
    def title_en(self) -> str:
        return self.post.title_en

    @property
    def vacant(self) -> bool:
        return not self.people

    @property
    def persons(self) -> frozenset[uuid.UUID]:
        return frozenset(each.person for each in self.people)


@dataclass(frozen=True)
class Chairs:
    """All chairs of one business or office on a day, by position (0 is the head)."""

    views: tuple[PostView, ...] = ()

    def of(self, kind: str, *, site_id: uuid.UUID | None = None) -> PostView | None:
        """The chair of this kind: an occupied one before a vacant one, the site's own before the business's."""
        found = [view for view in self.views if view.kind == kind and view.post.site_id in {None, site_id}]
        if not found:
            return None
        return min(found, key=lambda view: (view.vacant, view.post.site_id is None, view.post.position))

    def occupied(self, kind: str, *, site_id: uuid.UUID | None = None) -> PostView | None:
        view = self.of(kind, site_id=site_id)
        return None if view is None or view.vacant else view

    def first_occupied(self, *kinds: str, site_id: uuid.UUID | None = None) -> PostView | None:
        """The first of these kinds that somebody sits on."""
        for kind in kinds:
            if view := self.occupied(kind, site_id=site_id):
                return view
        return None

    def view(self, id: uuid.UUID | None) -> PostView | None:
        return next((view for view in self.views if view.id == id), None)

    def persons(self, id: uuid.UUID | None) -> frozenset[uuid.UUID]:
        view = self.view(id)
        return view.persons if view else frozenset()

    def above(self, id: uuid.UUID | None) -> PostView | None:
        """Where a chair's duties fall when it is vacant: the next occupied one with a lower number, else anyone's."""
        view = self.view(id)
        if view is None:
            return None
        taken = [each for each in self.views if not each.vacant and each.id != id]
        upward = [each for each in taken if each.post.position < view.post.position]
        if upward:
            return max(upward, key=lambda each: each.post.position)
        return min(taken, key=lambda each: each.post.position, default=None)


def _standing_on(on: date) -> Q:
    """A chair counts until it is taken away; that it was set up later than a replayed day does not make it less."""
    return Q(until=None) | Q(until__gt=on)


def chairs_and_offices(
    business_ids: Iterable[uuid.UUID], body_codes: Iterable[str], *, on: date
) -> tuple[dict[uuid.UUID, Chairs], dict[str, Chairs]]:
    """The chairs of these businesses and of these bodies, with who sits there on the day. Two statements."""
    owners, bodies = sorted(set(business_ids) - {NIL}), sorted({code for code in body_codes if code})
    if not owners and not bodies:
        return {}, {}
    which = Q()
    if owners:
        which |= Q(business_id__in=owners)
    if bodies:
        which |= Q(business_id=NIL, body_code__in=bodies)
    posts = list(Post.objects.filter(which & _standing_on(on)))
    people = accounts.people_on([post.id for post in posts], on=on)
    of_business: dict[uuid.UUID, list[PostView]] = defaultdict(list)
    of_body: dict[str, list[PostView]] = defaultdict(list)
    for post in sorted(posts, key=lambda each: (each.position, each.id)):
        view = PostView(post, tuple(people.get(post.id, ())))
        if post.business_id == NIL:
            of_body[post.body_code].append(view)
        else:
            of_business[post.business_id].append(view)
    return (
        {id: Chairs(tuple(of_business.get(id, ()))) for id in owners},
        {code: Chairs(tuple(of_body.get(code, ()))) for code in bodies},
    )


def chairs_of(business_ids: Iterable[uuid.UUID], *, on: date) -> dict[uuid.UUID, Chairs]:
    """Business → its chairs; every id asked for is in the answer."""
    return chairs_and_offices(business_ids, (), on=on)[0]


def offices_of(body_codes: Iterable[str], *, on: date) -> dict[str, Chairs]:
    """Body code → its chairs; every code asked for is in the answer."""
    return chairs_and_offices((), body_codes, on=on)[1]


def desk_of(office: Chairs | None) -> PostView | None:
    """Who answers for an office: its head, or its inspector when there is no head today; None when nobody is there."""
    return office.first_occupied("head", "inspector") if office else None


def counter_of(office: Chairs | None) -> PostView | None:
    """Who takes in an office's daily work: its inspector, or its head; a vacant chair when nobody is there."""
    if office is None:
        return None
    return office.first_occupied("inspector", "head") or office.of("inspector") or office.of("head")


def territory_code(role: str, place_code: str) -> str:
    """The territorial body of this role over a place (`street:110105001`), "" when the place is not that deep."""
    length = {"community": 12, "street": 9, "district": 6, "city": 2}.get(role, 0)
    return f"{role}:{place_code[:length]}" if length and len(place_code) >= length else ""


def industry_code_of(role: str, line: str, place_code: str) -> str:
    """The bureau of this line at this height (`dept:commerce:110105`); streets have none."""
    length = {"district": 6, "city": 2}.get(role, 0)
    return f"dept:{line}:{place_code[:length]}" if line and length and len(place_code) >= length else ""


def codes_above(place_code: str, *, after: str = "") -> list[str]:
    """The territorial bodies over a place, nearest first; with `after`, only those above that body."""
    codes = [code for role in ("street", "district", "city") if (code := territory_code(role, place_code))]
    if not after:
        return codes
    kind, _, rest = after.partition(":")
    if kind == "dept":
        line, _, place = rest.partition(":")
        own = [f"dept:{line}:{place[:2]}"] if len(place) > 2 else []
        return [*own, *(code for code in codes if len(code.partition(":")[2]) <= len(place))]
    return [code for code in codes if len(code.partition(":")[2]) < len(rest)]


@dataclass(frozen=True)
class Who:
    """Who answers for a chair: its people, or since when nobody sits there and to whom its duties fall meanwhile."""

    post: Post
    people: tuple[Sitting, ...]
    vacant_since: date | None = None
    falls_to: PostView | None = None

    @property
    def vacant(self) -> bool:
        return not self.people

    @property
    def title_zh(self) -> str:
        return self.post.title_zh

    @property
    def title_en(self) -> str:
        return self.post.title_en

    @property
    def answering(self) -> tuple[Sitting, ...]:
        """The people who must act today: those on the chair, or those it fell to."""
        return self.people or (self.falls_to.people if self.falls_to else ())


Houses = tuple[Mapping[uuid.UUID, Chairs], Mapping[str, Chairs]]
"""The chairs of businesses by id and of offices by body code, as `chairs_and_offices` gives them."""


def who(post_ids: Iterable[uuid.UUID | None], *, on: date, known: Houses | None = None) -> dict[uuid.UUID, Who]:
    """Who answers for these chairs on this day. At most eight statements, however many chairs.

    `known` are houses that the caller has read for the same day: chairs in them cost nothing more.
    """
    ids = {id for id in post_ids if id is not None}
    homes: dict[uuid.UUID, Chairs] = {}
    for house in (*known[0].values(), *known[1].values()) if known else ():
        homes |= {view.id: house for view in house.views if view.id in ids}
    posts = {id: view.post for id, home in homes.items() if (view := home.view(id))}
    if missing := ids - set(posts):
        more = {post.id: post for post in Post.objects.filter(id__in=missing)}
        chairs, offices = chairs_and_offices(
            {post.business_id for post in more.values()}, {post.body_code for post in more.values()}, on=on
        )
        homes |= {id: _home(post, chairs, offices) for id, post in more.items()}
        posts |= more
    empty = {id for id in posts if not homes[id].persons(id)}
    falls = {id: homes[id].above(id) for id in empty}
    falls |= _fallen_further([posts[id] for id in empty if falls[id] is None], on)
    left = accounts.vacant_since(empty, on=on) if empty else {}
    answer = {}
    for id, post in posts.items():
        view = homes[id].view(id)
        people = view.people if view else ()
        since = left.get(id, post.until if post.until and post.until <= on else post.since) if id in empty else None
        answer[id] = Who(post, people, since, falls.get(id))
    return answer


def _home(post: Post, chairs: Mapping[uuid.UUID, Chairs], offices: Mapping[str, Chairs]) -> Chairs:
    found = offices.get(post.body_code) if post.business_id == NIL else chairs.get(post.business_id)
    if found is None:
        return Chairs((PostView(post),))
    if found.view(post.id) is None:  # a chair taken away: its duties still fall within the same house
        return Chairs((*found.views, PostView(post)))
    return found


def _fallen_further(posts: list[Post], on: date) -> dict[uuid.UUID, PostView | None]:
    """Whole houses that stand empty: their duties fall to the office above."""
    if not posts:
        return {}
    owners = businesses.businesses_by_ids({post.business_id for post in posts} - {NIL})
    chains: dict[uuid.UUID, list[str]] = {}
    for post in posts:
        if post.business_id == NIL:
            chains[post.id] = codes_above(post.body_code.rpartition(":")[2], after=post.body_code)
        elif post.business_id in owners:
            chains[post.id] = codes_above(owners[post.business_id].place_code)
    offices = offices_of({code for chain in chains.values() for code in chain}, on=on)
    return {
        post.id: next((desk for code in chains.get(post.id, ()) if (desk := counter_desk(offices.get(code)))), None)
        for post in posts
    }


def counter_desk(office: Chairs | None) -> PostView | None:
    """Somebody at the office's counter today, or None."""
    return office.first_occupied("inspector", "head") if office else None
