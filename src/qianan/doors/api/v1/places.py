"""Places: the tree of codes, and finding one by name, pinyin or initials."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from qianan.doors.api.paging import whole
from qianan.doors.api.shapes import Code, Name, Page
from qianan.doors.kit.now import now
from qianan.ground.accounts.days import day_of
from qianan.ground.places import queries
from qianan.kernel.problems import NotFound

router = Router(tags=["places"])


class PlaceOut(Schema):
    """A place (地域). Codes nest: what begins with this one lies within it."""

    code: str
    level: str
    name: Name
    kind: str
    lon: float | None
    lat: float | None
    population: int | None
    since: date
    until: date | None
    succeeds: list[str]
    source: str
    verified: bool


class PlaceFile(PlaceOut):
    """A place with its way from the city down."""

    path: list[PlaceOut]


def _out(place: object) -> PlaceOut:
    facts = {name: getattr(place, name) for name in PlaceOut.model_fields if name != "name"}
    return PlaceOut(**facts, name=Name.of(place))


@router.get("/places", response=Page[PlaceOut], summary="Find places by name, pinyin, initials or code")
def find(
    request: HttpRequest,
    text: Annotated[str, Field(min_length=1, max_length=60)],
    within: Code = "",
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
) -> Page[PlaceOut]:
    return whole([_out(place) for place in queries.find(text, on=day_of(now()), within=within, most=limit)])


@router.get("/places/{code}", response=PlaceFile, summary="One place and its way from the city down")
def get(request: HttpRequest, code: Code) -> PlaceFile:
    place = queries.place(code)
    if place is None:
        raise NotFound("no_such_place")
    return PlaceFile(**_out(place).dict(), path=[_out(each) for each in queries.path_of(code)])


@router.get("/places/{code}/children", response=Page[PlaceOut], summary="What lies directly beneath, as of a day")
def children(request: HttpRequest, code: Code, on: date | None = None) -> Page[PlaceOut]:
    if queries.place(code) is None:
        raise NotFound("no_such_place")
    return whole([_out(place) for place in queries.children_of(code, on=on or day_of(now()))])
