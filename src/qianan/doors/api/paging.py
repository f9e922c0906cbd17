"""Lists by keyset: a page begins behind the last row of the one before, found by the index, never by counting."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from ninja import Query, Schema
from pydantic import Field

from qianan.doors.api.shapes import Page
from qianan.kernel.problems import Invalid

MOST = 200
T = TypeVar("T")


class Paged(Schema):
    """Which page: `cursor` is the `next` of the page before; `limit` is 1 to 200."""

    cursor: Annotated[str, Field(max_length=600)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50


Paging = Annotated[Paged, Query()]


def _write(values: Sequence[Any]) -> str:
    text = json.dumps([str(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, fields: Sequence[Any]) -> list[Any]:
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        if not isinstance(raw, list) or len(raw) != len(fields) or not all(isinstance(each, str) for each in raw):
            raise ValueError
        if any("\x00" in each for each in raw):
            raise ValueError
        values = [field.to_python(each) for field, each in zip(fields, raw, strict=True)]
        if any(isinstance(each, int) and abs(each) > 2**62 for each in values):
            raise ValueError
    except (ValueError, UnicodeError, RecursionError, OverflowError, binascii.Error, ValidationError) as broken:
        raise Invalid("bad_cursor", where="cursor") from broken
    return values


def page_of(
    rows: QuerySet[Any], paged: Paged, *, order: Sequence[str], show: Callable[[list[Any]], list[T]]
) -> Page[T]:
    """One page of `rows` in this order (columns without nulls, the last unique; `-` = newest first).

    `show` turns the page's rows into shapes at once, so that what it looks up is looked up once a page.
    Raises Invalid("bad_cursor").
    """
    names = [name.lstrip("-") for name in order]
    meta = rows.model._meta
    fields = [meta.get_field(name) for name in names]
    if paged.cursor:
        values = _read(paged.cursor, fields)
        beyond = Q()
        for depth, name in enumerate(names):
            same = Q(**dict(zip(names[:depth], values[:depth], strict=True)))
            side = "lt" if order[depth].startswith("-") else "gt"
            beyond |= same & Q(**{f"{name}__{side}": values[depth]})
        first = "lte" if order[0].startswith("-") else "gte"
        rows = rows.filter(beyond, **{f"{names[0]}__{first}": values[0]})  # the second lets the index begin there
    found = list(rows.order_by(*order)[: paged.limit + 1])
    page, more = found[: paged.limit], len(found) > paged.limit
    following = _write([_plain(getattr(page[-1], name)) for name in names]) if more else None
    return Page(items=show(page), next=following)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def whole(items: list[T]) -> Page[T]:
    """A short list that is its own only page."""
    return Page(items=items, next=None)
