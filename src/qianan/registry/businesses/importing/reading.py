"""Rows of a file become facts of businesses, sites and people; each fault with its line and column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from stdnum.cn import uscc

from qianan.formats.tables import Row
from qianan.ground.accounts.identity import mobile_of
from qianan.ground.codebook import queries as codebook
from qianan.kernel.actor import BUSINESS_ROLES
from qianan.kernel.problems import Invalid, Problem
from qianan.registry.businesses.importing.locating import Gazetteer
from qianan.registry.businesses.importing.mapping import ROLES, SEATS, MappingFile, Source
from qianan.registry.businesses.names import has_control, plain

MOST_PROBLEMS = 500


@dataclass(frozen=True)
class RowProblem:
    """What is wrong where: the line in the file, the column's own heading, and the problem (its words say how to
    mend it); `value` is what stands in the cell, cut short."""

    line: int
    column: str
    problem: Problem
    value: str = ""

    @property
    def code(self) -> str:
        return self.problem.code


@dataclass(frozen=True)
class Human:
    """Somebody named in a row: mobile in E.164, and the role in the business."""

    name: str
    mobile: str
    role: str
    line: int
    column: str


@dataclass
class Facts:
    """What a row says, by our fields; fields whose cells are empty are missing: an empty cell says nothing."""

    line: int
    business: dict[str, Any] = field(default_factory=dict)
    site: dict[str, Any] = field(default_factory=dict)
    people: list[Human] = field(default_factory=list)


class Reader:
    """Reads rows against one mapping."""

    def __init__(self, mapping: MappingFile, gazetteer: Gazetteer) -> None:
        self.mapping, self.gazetteer = mapping, gazetteer
        self.problems: list[RowProblem] = []
        self.venues = _words("venue")
        self.tags = _words("tag")
        self.tiers = _words("tier")
        self.trades = _trades()
        self.readers: dict[str, Callable[[str], Any]] = {
            "credit_code": _credit_code,
            "name_zh": _text(120),
            "name_en": _text(200),
            "contact": _text(30),
            "key": _text(80),
            "address": _text(200),
            "industry": self.industry,
            "venue": _one_of(self.venues, "unknown_venue"),
            "tags": _one_of(self.tags, "unknown_tag"),
            "tier": _one_of(self.tiers, "unknown_tier"),
            "headcount": _whole(1_000_000),
            "area_m2": _whole(100_000_000),
            "lon": _degrees(180),
            "lat": _degrees(90),
            "is_landlord": _yes_no,
            "opened_on": _day,
            "place": self.place,
        }

    def say(self, row: Row, source: Source | None, problem: Problem, value: str = "") -> None:
        self.problems.append(RowProblem(row.line, source.shown if source else "", problem, value[:60]))

    def read(self, row: Row) -> Facts:
        """The facts of a row; what is wrong is said and left out."""
        facts = Facts(row.line)
        for name, source in self.mapping.fields.items():
            owner, _, key = name.rpartition(".")
            if owner in SEATS:
                continue
            values = source.values(row.cells)
            if not values:
                continue
            try:
                read = self.readers[key]
                value = tuple(read(each) for each in values) if key == "tags" else read(values[0])
            except Problem as wrong:
                self.say(row, source, wrong, source.text(row.cells))
                continue
            held = facts.site if owner == "site" else facts.business
            held[{"place": "place_code"}.get(key, "industry_code" if name == "site.industry" else key)] = value
        self.needed(row, facts)
        for seat in SEATS:
            self.human(row, facts, seat)
        return facts

    def needed(self, row: Row, facts: Facts) -> None:
        for name, code in (("name_zh", "name_needed"), ("place", "place_needed")):
            source = self.mapping.fields[name]
            if not source.values(row.cells):
                self.say(row, source, Invalid(code))
        named = [self.mapping.fields.get(name) for name in ("credit_code", "key")]
        if not any(source and source.values(row.cells) for source in named):
            self.say(row, named[0] or named[1], Invalid("identity_needed"))

    def human(self, row: Row, facts: Facts, seat: str) -> None:
        sources = {name: self.mapping.fields.get(f"{seat}.{name}") for name in ("name", "mobile", "role")}
        cells = {name: source.values(row.cells) if source else [] for name, source in sources.items()}
        if not cells["name"] and not cells["mobile"]:
            return
        mobile = mobile_of(cells["mobile"][0]) if cells["mobile"] else ""
        role = cells["role"][0] if cells["role"] else ROLES[seat]
        if not cells["name"]:
            self.say(row, sources["name"] or sources["mobile"], Invalid("person_name_needed"))
        elif not mobile:
            said = cells["mobile"][0] if cells["mobile"] else ""
            self.say(row, sources["mobile"] or sources["name"], Invalid("not_a_mobile"), said)
        elif role not in BUSINESS_ROLES:
            self.say(row, sources["role"], Invalid("unknown_role"), role)
        else:
            try:
                name = _text(60)(cells["name"][0])
            except Problem as wrong:
                self.say(row, sources["name"], wrong, cells["name"][0])
                return
            column = sources["mobile"].shown if sources["mobile"] else ""
            facts.people.append(Human(name, mobile, role, row.line, column))

    def industry(self, text: str) -> str:
        """A code, with or without the section's letter before it, or a trade's whole name if only one bears it."""
        code = self.trades.get(text.upper()) or self.trades.get(text)
        if code is None:
            raise Invalid("unknown_industry", value=text[:20])
        if not code:
            raise Invalid("ambiguous_industry", value=text[:20])
        return code

    def place(self, text: str) -> str:
        found = self.gazetteer.find(text)
        if isinstance(found, Problem):
            raise found
        return found


def _trades() -> dict[str, str]:
    """Ways to name a trade → its code; "" when several bear the name."""
    found: dict[str, str] = {}
    for row in codebook.industries():
        found[row.name_zh] = "" if row.name_zh in found else row.code
    for row in codebook.industries():
        found[row.code] = row.code
        found[f"{row.section}{row.code}"] = row.code
    return found


def _words(kind: str) -> Mapping[str, str]:
    """Codes and names in both languages → code."""
    found: dict[str, str] = {}
    for term in codebook.terms(kind):
        for word in (term.name_zh, term.name_en.casefold(), term.key):
            found[word] = term.key
    return found


def _one_of(words: Mapping[str, str], code: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        found = words.get(text) or words.get(text.casefold())
        if found is None:
            raise Invalid(code, value=text[:40])
        return found

    return read


def _text(limit: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if has_control(text):
            raise Invalid("control_characters")
        clean = plain(text)
        if len(clean) > limit:
            raise Invalid("too_long", limit=limit)
        return clean

    return read


def _credit_code(text: str) -> str:
    code = "".join(text.split()).upper()
    if not uscc.is_valid(code):
        raise Invalid("bad_credit_code", value=code[:40])
    return code


def _whole(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        clean = text.replace(",", "").replace(",", "")
        if not (clean.isascii() and clean.isdigit()) or len(clean) > 12 or int(clean) > most:
            raise Invalid("bad_number", low=0, high=most)
        return int(clean)

    return read


def _degrees(most: int) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text) if len(text) <= 30 and "_" not in text else float("nan")
        except ValueError:
            value = float("nan")
        if not -most <= value <= most:
            raise Invalid("bad_number", low=-most, high=most)
        return value

    return read


_YES, _NO = frozenset({"是", "有", "yes", "y", "true", "1"}), frozenset({"否", "无", "no", "n", "false", "0"})


def _yes_no(text: str) -> bool:
    small = text.casefold()
    if small not in _YES | _NO:
        raise Invalid("not_yes_or_no", value=text[:20])
    return small in _YES


def _day(text: str) -> date:
    """2024-03-05, 2024/3/5, 2024.3.5 or 2024年3月5日."""
    parts = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    numbers = parts.strip().split(" ")[0].split("-")
    try:
        year, month, day = (int(each) for each in numbers if each.isascii())
        found = date(year, month, day)
    except ValueError:
        raise Invalid("not_a_day", value=text[:20]) from None
    if found.year < 1900:
        raise Invalid("not_a_day", value=text[:20])
    return found
