"""The code tables: every row with its source, edition, dates, and whether it was verified at the source."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from qianan.doors.api.paging import whole
from qianan.doors.api.shapes import Code, Moment, Page, ShortWords, When, in_zone
from qianan.doors.kit.now import now
from qianan.ground.accounts.days import day_of
from qianan.ground.codebook import queries

router = Router(tags=["codebook"])

Table = Literal[
    "industries",
    "criteria",
    "law_clauses",
    "deadlines",
    "ladder",
    "frequencies",
    "calendar",
    "terms",
    "departments",
    "sector_departments",
    "risk_scales",
]


class CodeRow(Schema):
    """A row of a code table: its own columns in `facts`, and where it comes from."""

    code: str
    facts: dict[str, Any]
    source: str
    edition: str
    since: date | None
    until: date | None
    verified: bool


class Due(Schema):
    """When something that begins at a moment falls due, and by which row."""

    at: Moment
    code: str
    days: int
    unit: str
    verified: bool


COMMON = {"source", "edition", "since", "until", "verified"}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return in_zone(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def show_row(row: Any) -> CodeRow:
    facts = {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in COMMON
    }
    return CodeRow(
        code=str(row.pk),
        facts=facts,
        source=row.source,
        edition=row.edition,
        since=row.since,
        until=row.until,
        verified=row.verified,
    )


@router.get("/codebook/criteria/suggest", response=Page[CodeRow], summary="Clauses that may make this a major hazard")
def suggest(
    request: HttpRequest, text: ShortWords = "", item: Code = "", venue: Code = "", tags: ShortWords = ""
) -> Page[CodeRow]:
    """`tags`: hazard tags of the site, separated by commas."""
    found = queries.suggest_criteria(
        item_code=item, venue=venue, tags=[tag for tag in tags.split(",") if tag], text=text, on=day_of(now())
    )
    return whole([show_row(row) for row in found])


@router.get("/codebook/due", response=Due, summary="When something of this kind and level falls due")
def due(request: HttpRequest, kind: Code, level: Code = "any", at: When | None = None) -> Due:
    found = queries.due_from(kind, level, at=at or now())
    return Due(at=found.at, code=found.code, days=found.days, unit=found.unit, verified=found.verified)


@router.get("/codebook/{table}", response=Page[CodeRow], summary="A code table")
def table(
    request: HttpRequest,
    table: Table,
    under: Annotated[str, Field(max_length=60, pattern=r"^[\w.:@/-]*$")] = "",
    cursor: Annotated[str, Field(max_length=160)] = "",
    limit: Annotated[int, Field(ge=1, le=1000)] = 500,
) -> Page[CodeRow]:
    """Rows in the order of their codes. `under`: only codes that begin so. `cursor`: the `next` of the page before."""
    rows = sorted(queries.rows_of(table), key=lambda row: str(row.pk))
    found = [row for row in rows if str(row.pk).startswith(under) and str(row.pk) > cursor]
    page = found[:limit]
    return Page(items=[show_row(row) for row in page], next=str(page[-1].pk) if len(found) > limit else None)
