"""An edition as it is read: items in document order, expressions parsed, ready to be asked and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from qianan.formats import xpath
from qianan.registry.checklists.document import items_of


@dataclass(frozen=True, slots=True)
class Response:
    """What may be answered: its letter, words, verdict (pass, fail, n/a, observe), score, and what follows from it."""

    code: str
    label_zh: str
    label_en: str
    verdict: str
    score: float = 0.0
    evidence: str = ""
    hazard_level: str = ""
    retired: bool = False

    @property
    def name_zh(self) -> str:
        return self.label_zh

    @property
    def name_en(self) -> str:
        return self.label_en


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item (检查项). `position` is the place of its letter; `section` the code of its section.

    `answer`: select, integer, decimal, text, date. `responses` by letter, empty unless select. `hazard_level` is
    general, suggest_major or "". `verified` says whether the source of its basis was read.
    """

    code: str
    position: int
    section: str
    text_zh: str
    text_en: str
    answer: str
    required: bool
    responses: Mapping[str, Response]
    relevant: xpath.Expression | None
    constraint: xpath.Expression | None
    constraint_zh: str
    constraint_en: str
    hint_zh: str
    hint_en: str
    basis_zh: str
    basis_en: str
    basis_codes: tuple[str, ...]
    verified: bool
    source: str
    hazard_level: str
    category: str
    minutes: float
    repeat: bool

    @property
    def choices(self) -> tuple[Response, ...]:
        """The responses a person may choose today."""
        return tuple(each for each in self.responses.values() if not each.retired)


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with its items; `repeat_max` > 0 when it is filled in once for each of several things."""

    code: str
    title_zh: str
    title_en: str
    relevant: xpath.Expression | None
    repeat_max: int
    items: tuple[ItemView, ...]


@dataclass(frozen=True)
class Edition:
    """A version, ready to be asked (版本). Immutable; the same object for the same content."""

    version_id: str
    code: str
    number: int
    state: str
    content_hash: str
    document: Mapping[str, Any]
    sections: tuple[SectionView, ...]

    @property
    def title_zh(self) -> str:
        return str(self.document["title_zh"])

    @property
    def title_en(self) -> str:
        return str(self.document["title_en"])

    @property
    def edition(self) -> str:
        return str(self.document.get("edition", ""))

    @cached_property
    def items(self) -> tuple[ItemView, ...]:
        """All items in document order: item number n has the n-th letter."""
        return tuple(item for section in self.sections for item in section.items)

    @cached_property
    def by_code(self) -> Mapping[str, ItemView]:
        return {item.code: item for item in self.items}

    @cached_property
    def letters_only(self) -> tuple["Quick", ...] | None:
        """The items as a list without conditions and repeats asks them; None when the list has any."""
        if any(section.relevant is not None or section.repeat_max for section in self.sections):
            return None
        if any(item.relevant is not None or (item.constraint and item.answer == "select") for item in self.items):
            return None
        return tuple(_quick(item) for item in self.items)

    @property
    def unverified(self) -> tuple[ItemView, ...]:
        """Items whose basis nobody has read at its source: marked wherever shown."""
        return tuple(item for item in self.items if not item.verified)


def read(
    document: Mapping[str, Any], *, version_id: str, number: int, state: str = "draft", content_hash: str = ""
) -> Edition:
    """The edition of a checked document (`document.problems_of` found nothing)."""
    sets = {
        name: {row["code"]: _response(row) for row in each["responses"]}
        for name, each in document["response_sets"].items()
    }
    positions = {item["code"]: place for place, (_, item) in enumerate(items_of(document))}
    sections = tuple(
        SectionView(
            code=section["code"],
            title_zh=section["title_zh"],
            title_en=section["title_en"],
            relevant=_expression(section.get("relevant")),
            repeat_max=section.get("repeat", {}).get("max", 0) if section.get("repeat") else 0,
            items=tuple(_item(item, section, positions[item["code"]], sets) for item in section["items"]),
        )
        for section in document["sections"]
    )
    return Edition(
        version_id=version_id,
        code=document["code"],
        number=number,
        state=state,
        content_hash=content_hash,
        document=document,
        sections=sections,
    )


@dataclass(frozen=True, slots=True)
class Quick:
    """An item and those of its letters that need nothing beside them, with (points, points possible)."""

    code: str
    required: bool
    letters: Mapping[str, tuple[float, float]]


def _quick(item: ItemView) -> Quick:
    top = max((each.score for each in item.responses.values()), default=0.0)
    return Quick(
        item.code,
        item.required,
        {
            each.code: (0.0, 0.0) if each.verdict == "n/a" else (each.score, top)
            for each in item.responses.values()
            if not each.retired and not each.evidence and each.verdict != "fail"
        },
    )


def _expression(text: str | None) -> xpath.Expression | None:
    return xpath.parse(text) if text else None


def _response(row: Mapping[str, Any]) -> Response:
    return Response(
        code=row["code"],
        label_zh=row["label_zh"],
        label_en=row["label_en"],
        verdict=row["verdict"],
        score=float(row.get("score", 0)),
        evidence=row.get("evidence", ""),
        hazard_level=(row.get("hazard") or {}).get("level", ""),
        retired=row.get("retired", False),
    )


def _item(
    item: Mapping[str, Any], section: Mapping[str, Any], position: int, sets: Mapping[str, Mapping[str, Response]]
) -> ItemView:
    return ItemView(
        code=item["code"],
        position=position,
        section=section["code"],
        text_zh=item["text_zh"],
        text_en=item["text_en"],
        answer=item["answer"],
        required=item.get("required", False),
        responses=sets[item["response_set"]] if item["answer"] == "select" else {},
        relevant=_expression(item.get("relevant")),
        constraint=_expression(item.get("constraint")),
        constraint_zh=item.get("constraint_zh", ""),
        constraint_en=item.get("constraint_en", ""),
        hint_zh=item.get("hint_zh", ""),
        hint_en=item.get("hint_en", ""),
        basis_zh=item.get("basis_zh", ""),
        basis_en=item.get("basis_en", ""),
        basis_codes=tuple(item.get("basis_codes", ())),
        verified=item.get("verified", False),
        source=item.get("source", ""),
        hazard_level=item.get("hazard_level", ""),
        category=item.get("category", ""),
        minutes=float(item.get("minutes", 0)),
        repeat=bool(section.get("repeat")),
    )
