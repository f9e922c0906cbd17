"""The document of a list: one canonical JSON value, checked whole, and the hash of what it means.

Shape (all texts in both languages):

    {"code", "title_zh", "title_en", "venue", "tags": [...], "for_role", "frequency", "minutes", "edition",
     "response_sets": {name: {"version": 1, "responses": [response, …]}},
     "sections": [{"code", "title_zh", "title_en", "relevant"?, "repeat"?: {"max": 20}, "items": [item, …]}]}

A response: `code` (one of the letters p f n o), `label_zh`, `label_en`, `verdict` (pass, fail, n/a, observe), `score`,
`evidence`? (note, photo, photo_or_note, photo_and_note), `hazard`? {"level": general | suggest_major, …}, `retired`?.
An item: `code`, `text_zh`, `text_en`, `answer` (select, integer, decimal, text, date), `response_set`? (select only),
`required`?, `relevant`?, `constraint`?, `constraint_zh`/`constraint_en`?, `hint_zh`/`hint_en`?, `basis_zh`, `basis_en`,
`basis_codes`, `verified`, `source`, `hazard_level`, `category`, `minutes`.

Expressions are the XPath subset of `formats/xpath`; `.` is the item's own answer, `${code}` another's.
"""

import hashlib
import json
import math
import re
from collections.abc import Container, Iterator, Mapping
from datetime import date
from typing import Any

from qianan.formats import xpath
from qianan.kernel.problems import Invalid, Problem

LETTERS = {"p": "pass", "f": "fail", "n": "n/a", "o": "observe"}
"""The letter that stands for a response in a submission, and its verdict."""

ANSWERS = frozenset({"select", "integer", "decimal", "text", "date"})
EVIDENCE = frozenset({"", "note", "photo", "photo_or_note", "photo_and_note"})
LEVELS = frozenset({"general", "suggest_major"})
FREQUENCIES = frozenset({"daily", "weekly", "monthly", "quarterly", "yearly", "once"})
ROLES = frozenset({"worker", "safety_manager", "principal", "officer"})
MAX_ITEMS, MAX_SECTIONS, MAX_BYTES, DAILY_MINUTES = 400, 60, 1_000_000, 3.0
"""A daily list that takes more than three minutes is not done honestly."""

CODE = re.compile(r"[a-z][a-z0-9_-]{0,58}\Z")
SAYS_NOTHING = frozenset({"edition", "source", "minutes", "verified"})
"""Keys that do not change what is asked: where a text was read, how long it takes, the edition's name."""

_LIST = {
    "code", "title_zh", "title_en", "venue", "tags", "for_role", "frequency", "minutes", "edition", "response_sets",
    "sections",
}  # fmt: skip
_SECTION = {"code", "title_zh", "title_en", "relevant", "repeat", "items"}
_ITEM = {
    "code", "text_zh", "text_en", "answer", "response_set", "required", "relevant", "constraint", "constraint_zh",
    "constraint_en", "hint_zh", "hint_en", "basis_zh", "basis_en", "basis_codes", "verified", "source",
    "hazard_level", "category", "minutes",
}  # fmt: skip
_RESPONSE = {"code", "label_zh", "label_en", "verdict", "score", "evidence", "hazard", "retired", "colour"}


def canonical(value: Any) -> str:
    """The one way to write a document: sorted keys, no spaces, Unicode as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def meaning(document: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of what the document asks: the same questions, answers and consequences give the same hash,
    whatever the order of keys, the edition's name or where a text was read."""

    def clean(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: clean(each)
                for key, each in value.items()
                if key not in SAYS_NOTHING and each not in (None, "", [], {}, False)
            }
        return [clean(each) for each in value] if isinstance(value, list) else value

    return hashlib.sha256(canonical(clean(document)).encode()).hexdigest()


def items_of(document: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(section, item) in document order; the number in this order is the place of the letter."""
    for section in document["sections"]:
        for item in section["items"]:
            yield section, item


def problems_of(document: Any, *, venues: frozenset[str], tags: frozenset[str]) -> list[Problem]:
    """All that is wrong with a document; `where` names section and item (`sections.gas.items.gas-01.answer`)."""
    if not isinstance(document, dict):
        return [Invalid("not_an_object")]
    try:
        if len(canonical(document).encode()) > MAX_BYTES:
            return [Invalid("document_too_large", limit=MAX_BYTES)]
    except (ValueError, TypeError, RecursionError):
        return [Invalid("not_json")]
    if _has_control(document):
        return [Invalid("control_characters")]
    return list(_Reader(venues, tags).of_list(document))


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def _has_control(value: Any) -> bool:
    """Whether a text anywhere in it, key or value, holds what nobody types (and PostgreSQL does not keep)."""
    if isinstance(value, str):
        return _CONTROL.search(value) is not None
    if isinstance(value, dict):
        return any(_has_control(each) for pair in value.items() for each in pair)
    return isinstance(value, list) and any(_has_control(each) for each in value)


class _Reader:
    """Reads one document and says what is wrong with it."""

    def __init__(self, venues: frozenset[str], tags: frozenset[str]) -> None:
        self.venues, self.tags = venues, tags
        self.sets: dict[str, Any] = {}
        self.codes: dict[str, tuple[int, str]] = {}

    def of_list(self, document: dict[str, Any]) -> Iterator[Problem]:
        yield from self.keys(document, _LIST, "")
        yield from self.code(document.get("code"), "code")
        yield from self.texts(document, "", title_zh=120, title_en=160)
        if not _is_one_of(document.get("venue"), self.venues):
            yield Invalid("unknown_venue", where="venue", value=str(document.get("venue"))[:40])
        tags = document.get("tags", [])
        if not isinstance(tags, list) or not all(_is_one_of(tag, self.tags) for tag in tags):
            yield Invalid("unknown_tag", where="tags", value=str(tags)[:80])
        if not _is_one_of(document.get("frequency"), FREQUENCIES):
            yield Invalid("unknown_frequency", where="frequency", value=str(document.get("frequency"))[:40])
        if not _is_one_of(document.get("for_role", "worker"), ROLES):
            yield Invalid("unknown_role", where="for_role", value=str(document.get("for_role"))[:40])
        minutes: Any = document.get("minutes")
        if not _is_number(minutes) or not 0 < minutes <= 600:
            yield Invalid("bad_minutes", where="minutes")
        elif document.get("frequency") == "daily" and minutes > DAILY_MINUTES:
            yield Invalid("daily_too_long", where="minutes", limit=DAILY_MINUTES)
        yield from self.of_sets(document.get("response_sets"))
        yield from self.of_sections(document.get("sections"))

    def of_sets(self, sets: Any) -> Iterator[Problem]:
        if not isinstance(sets, dict):
            yield Invalid("response_sets_needed", where="response_sets")
            return
        self.sets = sets
        for name, each in sets.items():
            where = f"response_sets.{name}"
            yield from self.code(name, where)
            rows = each.get("responses") if isinstance(each, dict) else None
            if not isinstance(rows, list) or not rows:
                yield Invalid("responses_needed", where=where)
                continue
            seen: set[str] = set()
            for row in rows:
                yield from self.of_response(row, where, seen)

    def of_response(self, row: Any, where: str, seen: set[str]) -> Iterator[Problem]:
        if not isinstance(row, dict):
            yield Invalid("not_an_object", where=where)
            return
        code = str(row.get("code"))
        where = f"{where}.{code[:20]}"
        yield from self.keys(row, _RESPONSE, where)
        if code not in LETTERS or row.get("verdict") != LETTERS[code]:
            yield Invalid("bad_response", where=where)
        if code in seen:
            yield Invalid("double_code", where=where, value=code[:20])
        seen.add(code)
        yield from self.texts(row, where, label_zh=40, label_en=60)
        if not _is_number(row.get("score", 0)):
            yield Invalid("bad_number", where=f"{where}.score")
        if not _is_one_of(row.get("evidence", ""), EVIDENCE):
            yield Invalid("unknown_evidence_rule", where=f"{where}.evidence")
        hazard = row.get("hazard")
        if hazard is not None and (not isinstance(hazard, dict) or not _is_one_of(hazard.get("level"), LEVELS)):
            yield Invalid("bad_hazard_rule", where=f"{where}.hazard")
        if hazard is not None and row.get("verdict") != "fail":
            yield Invalid("hazard_without_fail", where=f"{where}.hazard")

    def of_sections(self, sections: Any) -> Iterator[Problem]:
        if not isinstance(sections, list) or not sections:
            yield Invalid("sections_needed", where="sections")
            return
        if len(sections) > MAX_SECTIONS:
            yield Invalid("too_many_sections", where="sections", limit=MAX_SECTIONS)
            return
        seen: set[str] = set()
        items: list[tuple[dict[str, Any], str, str]] = []
        for number, section in enumerate(sections):
            if not isinstance(section, dict):
                yield Invalid("not_an_object", where=f"sections.{number}")
                continue
            code = str(section.get("code"))
            where = f"sections.{code[:60]}"
            yield from self.keys(section, _SECTION, where)
            yield from self.code(section.get("code"), where)
            if code in seen:
                yield Invalid("double_code", where=where, value=code[:60])
            seen.add(code)
            yield from self.texts(section, where, title_zh=120, title_en=160)
            repeat = section.get("repeat")
            if repeat is not None:
                most = repeat.get("max") if isinstance(repeat, dict) else None
                if not isinstance(most, int) or isinstance(most, bool) or not 1 <= most <= 50:
                    yield Invalid("bad_repeat", where=f"{where}.repeat")
            rows = section.get("items")
            if not isinstance(rows, list) or not rows:
                yield Invalid("items_needed", where=where)
                continue
            for place, item in enumerate(rows):
                if not isinstance(item, dict):
                    yield Invalid("not_an_object", where=f"{where}.items.{place}")
                    continue
                key = str(item.get("code"))
                spot = f"{where}.items.{key[:60]}"
                if key in self.codes:
                    yield Invalid("double_code", where=spot, value=key[:60])
                self.codes[key] = (len(items), code if repeat is not None else "")
                items.append((item, spot, code if repeat is not None else ""))
        if len(items) > MAX_ITEMS:
            yield Invalid("too_many_items", where="sections", limit=MAX_ITEMS)
            return
        first = 0
        for section in sections:
            if isinstance(section, dict) and isinstance(section.get("items"), list):
                yield from self.expression(section.get("relevant"), f"sections.{section.get('code')}.relevant", first)
                first += sum(isinstance(item, dict) for item in section["items"])
        for place, (item, spot, repeat_code) in enumerate(items):
            yield from self.of_item(item, spot, place, repeat_code)

    def of_item(self, item: dict[str, Any], where: str, place: int, repeat: str) -> Iterator[Problem]:
        yield from self.keys(item, _ITEM, where)
        yield from self.code(item.get("code"), where)
        yield from self.texts(item, where, text_zh=300, text_en=500)
        for name, limit in (("basis_zh", 300), ("basis_en", 300), ("source", 400), ("category", 40)):
            if not isinstance(item.get(name, ""), str) or len(item.get(name, "")) > limit:
                yield Invalid("bad_text", where=f"{where}.{name}", limit=limit)
        answer = item.get("answer")
        if not _is_one_of(answer, ANSWERS):
            yield Invalid("unknown_answer", where=f"{where}.answer", value=str(answer)[:40])
        if answer == "select" and not _is_one_of(item.get("response_set"), self.sets):
            yield Invalid("unknown_response_set", where=f"{where}.response_set")
        if answer != "select" and item.get("response_set"):
            yield Invalid("response_set_not_asked", where=f"{where}.response_set")
        if not _is_one_of(item.get("hazard_level", ""), LEVELS | {""}):
            yield Invalid("bad_hazard_rule", where=f"{where}.hazard_level")
        for name in ("required", "verified"):
            if not isinstance(item.get(name, False), bool):
                yield Invalid("bad_flag", where=f"{where}.{name}")
        codes = item.get("basis_codes", [])
        if not isinstance(codes, list) or any(not isinstance(code, str) for code in codes):
            yield Invalid("bad_text", where=f"{where}.basis_codes", limit=60)
        yield from self.expression(item.get("relevant"), f"{where}.relevant", place, repeat)
        yield from self.expression(item.get("constraint"), f"{where}.constraint", MAX_ITEMS, repeat)

    def expression(self, text: Any, where: str, before: int, repeat: str = "") -> Iterator[Problem]:
        """An expression reads, and asks only for items of this list; a condition only for items further up."""
        if text in (None, ""):
            return
        if not isinstance(text, str):
            yield Invalid("bad_expression", where=where, why="not text", column=0)
            return
        try:
            parsed = xpath.parse(text)
        except xpath.XPathError as error:
            yield Invalid("bad_expression", where=where, why=error.why, column=error.position + 1)
            return
        if parsed.asks_own and where.endswith(".relevant"):
            yield Invalid("asks_below", where=where, value=".")
        for name in sorted(parsed.names):
            found = self.codes.get(name)
            if found is None:
                yield Invalid("unknown_item", where=where, value=name[:60])
            elif found[0] >= before:
                yield Invalid("asks_below", where=where, value=name[:60])
            elif found[1] and found[1] != repeat:
                yield Invalid("asks_into_repeat", where=where, value=name[:60])

    def keys(self, row: dict[str, Any], allowed: set[str], where: str) -> Iterator[Problem]:
        for key in sorted(set(row) - allowed, key=str):
            yield Invalid("unknown_key", where=where, value=str(key)[:40])

    def code(self, value: Any, where: str) -> Iterator[Problem]:
        if not isinstance(value, str) or not CODE.match(value):
            yield Invalid("bad_code", where=where, value=str(value)[:60])

    def texts(self, row: dict[str, Any], where: str, **limits: int) -> Iterator[Problem]:
        for name, limit in limits.items():
            value = row.get(name)
            spot = f"{where}.{name}".lstrip(".")
            if not isinstance(value, str) or not value.strip():
                yield Invalid("text_needed", where=spot)
            elif len(value) > limit:
                yield Invalid("bad_text", where=spot, limit=limit)


def _is_one_of(value: Any, words: Container[str]) -> bool:
    return isinstance(value, str) and value in words


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def day_from(text: Any) -> date | None:
    """A day written as yyyy-mm-dd, or None."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
    except ValueError:
        return None
