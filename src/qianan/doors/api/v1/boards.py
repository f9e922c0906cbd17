"""Boards: who has not checked, coverage by area and trade, hazards by level, state and age. Each number is a list."""

from datetime import date, timedelta
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from qianan.doors.api.entry import who
from qianan.doors.api.paging import Paging, page_of, whole
from qianan.doors.api.shapes import Code, Moment, Name, Page
from qianan.doors.api.v1.selfchecks import StandingOut, show_standings
from qianan.doors.kit.now import now
from qianan.field.hazards import figures
from qianan.field.selfchecks import queries
from qianan.ground.accounts.days import day_of

router = Router(tags=["boards"])

Days = Annotated[int, Field(ge=1, le=400)]


class CoverOut(Schema):
    """One row of coverage, in sites that owe checks. `silent`: something was missed and nothing came in since."""

    code: str
    name: Name
    sites: int
    checked: int
    silent: int
    led: int
    never: int


class LedOut(Schema):
    """How far principals lead checks themselves."""

    code: str
    name: Name
    sites: int
    led_sites: int
    checks: int
    led_checks: int


class WeekOut(Schema):
    """A week of owed checks."""

    monday: date
    owed: int
    done: int
    late: int
    missed: int
    led: int


class Count(Schema):
    level: str
    state: str
    count: int


class PlaceCount(Schema):
    place: str
    level: str
    count: int


class Band(Schema):
    """Open hazards found `from_days` ago or longer, but less than `to_days` (null = no end)."""

    from_days: int
    to_days: int | None
    count: int


class RungCount(Schema):
    rung: int
    count: int


class HazardCounts(Schema):
    """Hazards of an area at a moment."""

    at: Moment
    place: str
    total: int
    open: int
    overdue: int
    supervised: int
    by_state: list[Count]
    by_place: list[PlaceCount]
    by_age: list[Band]
    by_rung: list[RungCount]


@router.get("/boards/silence", response=Page[StandingOut], summary="Who has not reported, the longest silence first")
def silence(request: HttpRequest, paged: Paging, place: Code = "", line: Code = "") -> Page[StandingOut]:
    found = queries.silent_for(who(request), place_code=place, line=line, on=day_of(now()))
    return page_of(found, paged, order=("-missed_in_row", "id"), show=show_standings)


@router.get("/boards/coverage", response=Page[CoverOut], summary="Coverage by child place or by trade")
def coverage(
    request: HttpRequest, place: Code = "", line: Code = "", by: Literal["place", "trade"] = "place", days: Days = 30
) -> Page[CoverOut]:
    """`days`: what counts as checked is what came in within so many days."""
    at = now()
    found = queries.coverage(
        who(request), place_code=place, line=line, by=by, since=at - timedelta(days=days), on=day_of(at)
    )
    return whole(
        [
            CoverOut(
                code=each.code,
                name=Name(zh=each.name_zh, en=each.name_en),
                sites=each.sites,
                checked=each.checked,
                silent=each.silent,
                led=each.led,
                never=each.never,
            )
            for each in found
        ]
    )


@router.get("/boards/led", response=Page[LedOut], summary="How far principals lead checks themselves")
def led(request: HttpRequest, place: Code = "", line: Code = "", days: Days = 30) -> Page[LedOut]:
    at = now()
    found = queries.principal_led_counts(
        who(request), place_code=place, line=line, since=at - timedelta(days=days), on=day_of(at)
    )
    return whole(
        [
            LedOut(
                code=each.code,
                name=Name(zh=each.names.name_zh, en=each.names.name_en),
                sites=each.sites,
                led_sites=each.led_sites,
                checks=each.checks,
                led_checks=each.led_checks,
            )
            for each in found
        ]
    )


@router.get("/boards/weeks", response=Page[WeekOut], summary="The trend of owed checks by week, oldest first")
def weeks(
    request: HttpRequest, place: Code = "", line: Code = "", weeks: Annotated[int, Field(ge=1, le=60)] = 12
) -> Page[WeekOut]:
    found = queries.weekly(who(request), place_code=place, line=line, weeks=weeks, on=day_of(now()))
    return whole([WeekOut.from_orm(each) for each in found])


@router.get("/boards/hazards", response=HazardCounts, summary="Hazards by level, state, place, age and rung")
def hazards(request: HttpRequest, place: Code = "", line: Code = "", industry: Code = "") -> HazardCounts:
    found = figures.counts_for(who(request), place, line=line, industry=industry, at=now())
    return HazardCounts(
        at=found.at,
        place=found.place_code,
        total=found.total,
        open=found.open,
        overdue=found.overdue,
        supervised=found.supervised,
        by_state=[
            Count(level=level, state=state, count=count)
            for level, states in sorted(found.by_state.items())
            for state, count in sorted(states.items())
        ],
        by_place=[
            PlaceCount(place=code, level=level, count=count)
            for code, levels in sorted(found.by_place.items())
            for level, count in sorted(levels.items())
        ],
        by_age=[
            Band(from_days=low, to_days=high, count=count)
            for (low, high), count in zip(figures.BANDS, found.by_age, strict=False)
        ],
        by_rung=[RungCount(rung=rung, count=count) for rung, count in sorted(found.by_rung.items())],
    )
