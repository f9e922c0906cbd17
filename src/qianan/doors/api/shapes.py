"""What all nouns share: names in both languages, moments with their offset, pages, problems."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, PlainSerializer, WithJsonSchema

from qianan.kernel.ids import NIL
from qianan.kernel.problems import Invalid

T = TypeVar("T")


def in_zone(at: datetime) -> str:
    """ISO 8601 with the offset of the instance's zone, to the second."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).isoformat(timespec="seconds")


def _in_our_time(at: datetime) -> datetime:
    if not 1990 <= at.year <= 2200:
        raise ValueError("a year between 1990 and 2200")
    return at.astimezone(UTC)


Moment = Annotated[
    datetime,
    PlainSerializer(in_zone, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-02T09:00:00+08:00"]}),
]
"""A moment as it is answered."""

When = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
"""A moment as it comes in: with its offset, in our time. Kept in UTC."""

Code = Annotated[str, Field(max_length=160, pattern=r"^[\w.:@/-]*$")]
"""A code of a code table, a place, a body, a list."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Words = Annotated[str, Field(max_length=2000)]
ShortWords = Annotated[str, Field(max_length=500)]
Photos = Annotated[list[Sha256], Field(max_length=20)]


class In(Schema):
    """What comes in: a field that is not known is refused by name, never passed over."""

    model_config = ConfigDict(extra="forbid")


class Name(Schema):
    """A name in both languages; both are the original."""

    zh: str
    en: str

    @classmethod
    def of(cls, row: Any) -> "Name":
        """The name of a row (`name_zh`, `title_zh`, `text_zh`), or of a code's Named."""
        for stem in ("name", "title", "text"):
            if (zh := getattr(row, f"{stem}_zh", None)) is not None:
                return cls(zh=zh, en=getattr(row, f"{stem}_en", "") or zh)
        return cls(zh=str(row), en=str(row))


class Coded(Schema):
    """A code and its name."""

    code: str
    name: Name


class Page(Schema, Generic[T]):
    """Some of a list, and the `cursor` of what follows; `next` is null on the last page."""

    items: list[T]
    next: str | None = None


class PersonOut(Schema):
    """A person by id and name; an erased one has the name "—"."""

    id: uuid.UUID
    name: str


class Done(Schema):
    """It was done; there is nothing more to say."""

    done: bool = True


class ProblemPart(Schema):
    """One of several things that are wrong: its stable code, where it is, and what to do about it."""

    code: str
    where: str
    detail: str


class ProblemOut(Schema):
    """A refusal (RFC 9457). `code` is stable; `detail` is for people, in the language asked for."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    where: str
    problems: list[ProblemPart]


def none_if_nil(id: uuid.UUID) -> uuid.UUID | None:
    return None if id == NIL else id


def no_more_than(many: Iterable[T], most: int, *, where: str) -> list[T]:
    """The list itself. Raises Invalid("too_many_at_once") beyond `most`."""
    found = list(many)
    if len(found) > most:
        raise Invalid("too_many_at_once", where=where, most=most)
    return found
