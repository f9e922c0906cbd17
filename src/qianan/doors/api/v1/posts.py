"""Chairs of a business (岗位) and who sits on them: set up, handed over, taken away."""

import uuid
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from qianan.doors.api.entry import who
from qianan.doors.api.paging import whole
from qianan.doors.api.shapes import Done, In, Page
from qianan.doors.api.v1.businesses import ChairOut, show_chair
from qianan.doors.kit.now import now
from qianan.ground.accounts import queries as accounts
from qianan.ground.accounts.days import day_of
from qianan.kernel.problems import NotFound
from qianan.registry.businesses import queries
from qianan.registry.duties import actions as duties_actions
from qianan.registry.duties import queries as duties

router = Router(tags=["businesses"])


class NewPost(In):
    """A further chair of the business."""

    kind: Literal["principal", "safety_manager", "business_line", "production", "worker"]
    title_zh: Annotated[str, Field(min_length=1, max_length=60)]
    title_en: Annotated[str, Field(max_length=80)] = ""
    site: uuid.UUID | None = None


class ToPost(In):
    to_post: uuid.UUID


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
