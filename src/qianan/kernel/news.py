"""News: what has happened, past tense and small. The trail keeps it, the wiring carries it up."""

import dataclasses
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from qianan.kernel.ids import NIL
from qianan.kernel.ref import Ref

EVENTS: dict[str, type["Event"]] = {}
"""Every kind of news by its name (`hazards.HazardReported`)."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened to one object.

    `about` is what it happened to; `place_code` is the place as it was then (chains and boards go by it).
    Subclasses add codes, levels, counts, refs and days: never names of people, never phone numbers,
    since the trail is for ever and people are not. Values must be JSON's own (text, int, bool, None, lists).
    """

    about: Ref
    place_code: str = ""

    name: ClassVar[str] = ""
    silent: ClassVar[bool] = False
    """True when nobody listens on purpose; a house test wants either this or a line in wiring.py."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        room = cls.__module__.removesuffix(".events").rsplit(".", 1)[-1]
        cls.name = f"{room}.{cls.__name__}"
        EVENTS[cls.name] = cls

    @property
    def business(self) -> uuid.UUID:
        return self.about.business or NIL

    def facts(self) -> dict[str, Any]:
        """What the trail keeps beside `about` and `place_code`, as JSON values."""
        found: dict[str, Any] = {}
        for name in _facts_of(type(self)):  # type: ignore[arg-type]
            value = getattr(self, name)
            if value is None or type(value) in _PLAIN:
                found[name] = value
                continue
            if isinstance(value, (Ref, uuid.UUID)):
                value = str(value)
            elif hasattr(value, "isoformat"):
                value = value.isoformat()
            elif isinstance(value, tuple):
                value = [str(each) if isinstance(each, (Ref, uuid.UUID)) else each for each in value]
            found[name] = value
        return found


_PLAIN = frozenset({str, int, bool})


@cache
def _facts_of(event: type[Event]) -> tuple[str, ...]:
    return tuple(part.name for part in dataclasses.fields(event) if part.name not in {"about", "place_code"})
