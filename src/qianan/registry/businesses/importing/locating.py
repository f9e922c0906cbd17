"""Which place is meant: by code, or by names from the district down, as people write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from qianan.ground.places.models import Place
from qianan.kernel.problems import Invalid, Problem

_PARTED = re.compile(r"[/,,、>|\\\s]+")
_TAILS = (
    "居民委员会",
    "村民委员会",
    "居委会",
    "村委会",
    "办事处",
    "社区",
    "街道",
    "地区",
    "新区",
    "区",
    "镇",
    "乡",
    "村",
)
_EN_TAILS = (" sub-district", " district", " township", " town", " community", " village", " area")


def stems(name: str) -> Iterator[str]:
    """A name as it may be written, longest first: 永安里社区居委会, 永安里社区, 永安里."""
    yield name
    for tail in _TAILS:
        if name.endswith(tail) and len(name) - len(tail) >= 2:
            yield from stems(name[: -len(tail)])
            return


def _english(name: str) -> Iterator[str]:
    small = name.casefold()
    yield small
    for tail in _EN_TAILS:
        if small.endswith(tail):
            yield small.removesuffix(tail)


@dataclass
class Gazetteer:
    """All places of today by parent, and every way to write their names. One statement."""

    parents: dict[str, str] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    written: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    answers: dict[str, str | Problem] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Gazetteer":
        found = cls()
        rows = Place.objects.filter(until=None).values_list("code", "parent_id", "level", "name_zh", "name_en")
        for code, parent, level, zh, en in rows:
            found.parents[code] = parent or ""
            found.levels[code] = level
            for name in {*stems(zh), *_english(en)}:
                found.written.setdefault(level, {}).setdefault(name, set()).add(code)
        return found

    def find(self, text: str) -> str | Problem:
        """The code of the place, or Invalid("unknown_place" | "ambiguous_place") with the text as `value`."""
        text = text.strip()
        if text not in self.answers:
            self.answers[text] = self._find(text)
        return self.answers[text]

    def _find(self, text: str) -> str | Problem:
        if text in self.parents:
            return text
        if text.isascii() and text.isalnum() and any(char.isdigit() for char in text):
            return Invalid("unknown_place", value=text[:40])  # a code, but none of ours
        parts = [part for part in _PARTED.split(text) if part]
        for way in (parts, [text.casefold()], ["".join(parts)]):
            here = self._down(way)
            if len(here) == 1:
                return next(iter(here))
            if len(here) > 1:
                return Invalid("ambiguous_place", value=text[:40], codes=", ".join(sorted(here)[:5]))
        return Invalid("unknown_place", value=text[:40])

    def _down(self, parts: list[str]) -> set[str]:
        """Where one arrives by these names one after the other; empty when a name leads nowhere."""
        here: set[str] = set()
        for part in parts:
            rest = part.casefold()
            while rest:
                step, rest = self._step(here, rest)
                if not step:
                    return set()
                here = step
        return here

    def _step(self, here: set[str], text: str) -> tuple[set[str], str]:
        """The places below (or anywhere, at first) whose name begins the text, by the longest name; what is left."""
        for length in range(len(text), 1, -1):
            name = text[:length]
            for level in ("city", "district", "street", "community"):
                codes = self.written.get(level, {}).get(name, set())
                codes = {code for code in codes if not here or any(self._within(code, each) for each in here)}
                if codes:
                    return codes, text[length:]
        return set(), text

    def _within(self, code: str, place: str) -> bool:
        while code:
            if code == place:
                return True
            code = self.parents.get(code, "")
        return False
