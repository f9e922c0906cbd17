"""Major-hazard criteria and law: what is in force, and what may apply to what was found."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from qianan.ground.codebook.models import Criterion, LawClause
from qianan.ground.codebook.queries.shelf import by_code, held, in_force, stretch, table
from qianan.kernel.problems import NotFound

MOST = 5
LIKE = 0.5
"""How alike (summed rarity of shared word pairs over the root of the clause's own) makes a clause worth showing."""

FOREIGN = 0.5
"""A clause written for other venues or tags counts for so much: tags of a site are often incomplete."""

_HAN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z]{4,}")
_PLAIN = frozenset(("没有", "规定", "或者", "以及", "进行", "要求", "设置", "with", "from", "that", "have", "without"))


def criterion(code: str) -> Criterion:
    """One clause by its code, in force or not. Raises NotFound("no_criterion")."""
    row = by_code(Criterion).get(code)
    if row is None:
        raise NotFound("no_criterion", code=code)
    return row


def criteria_of(codes: Iterable[str]) -> dict[str, Criterion]:
    """Clauses by code; those that are not known are left out."""
    rows = by_code(Criterion)
    return {code: rows[code] for code in codes if code in rows}


def criteria_in_force(on: date, *, sector: str | None = None) -> list[Criterion]:
    """The clauses that hold on a day, of one sector or of all."""
    rows = held(("criteria", stretch(Criterion, on)), lambda: in_force(table(Criterion), on))
    return [row for row in rows if sector is None or row.sector == sector]


def suggest_criteria(
    *,
    item_code: str = "",
    basis_codes: Collection[str] = (),
    venue: str = "",
    tags: Collection[str] = (),
    text: str = "",
    on: date,
    most: int = MOST,
) -> list[Criterion]:
    """Clauses that may make this a major hazard, in force on the day, likeliest first, at most `most`.

    First those that name the list's item or are named by its basis; then those whose words are like the text's;
    without a text, those written for the site's tags or venue. A suggestion only: a person rates. Each carries its
    edition and whether it was verified.
    """
    index = held(("index of criteria", stretch(Criterion, on)), lambda: _Index.of(criteria_in_force(on)))
    rows = [each.row for each in index.clauses]
    named = [row for row in rows if row.code in basis_codes or (item_code and item_code in row.items.split(";"))]
    if text:
        said = _grams(text)
        scored = [
            (each.likeness(said, index.rarity) * _nearness(each.row, venue, tags), each.row) for each in index.clauses
        ]
        others = [row for score, row in sorted(scored, key=lambda each: (-each[0], each[1].code)) if score >= LIKE]
    else:
        others = [row for row in rows if (row.tags or row.venues) and _nearness(row, venue, tags) == 1]
    return list(dict.fromkeys([*named, *others]))[:most]


def _nearness(row: Criterion, venue: str, tags: Collection[str]) -> float:
    """1 for a clause written for this venue or tag, or for anywhere; less for another's."""
    if not (row.venues or row.tags):
        return 1.0
    if venue and venue in row.venues.split(";"):
        return 1.0
    return 1.0 if any(tag in row.tags.split(";") for tag in tags if tag) else FOREIGN


def _grams(text: str) -> frozenset[str]:
    """Pairs of neighbouring Han characters, and longer Latin words."""
    text = text.lower()
    pairs = {run[n : n + 2] for run in _HAN.findall(text) for n in range(len(run) - 1)}
    return frozenset(pairs | set(_WORD.findall(text))) - _PLAIN


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause with its pairs in either language, each with the root of their summed rarity."""

    row: Criterion
    languages: tuple[tuple[frozenset[str], float], ...]

    def likeness(self, said: frozenset[str], rarity: dict[str, float]) -> float:
        """In the better language: the summed rarity of what is shared, over the root of the clause's own."""
        return max(sum(rarity[gram] for gram in own & said) / root for own, root in self.languages)


@dataclass(frozen=True, slots=True)
class _Index:
    clauses: tuple[_Clause, ...]
    rarity: dict[str, float]

    @classmethod
    def of(cls, rows: Iterable[Criterion]) -> "_Index":
        """Rules that say how to count are no hazard by themselves and are left out."""
        grams = {row.code: (row, (_grams(row.text_zh), _grams(row.text_en))) for row in rows if row.logic != "rule"}
        counts = Counter(gram for _, both in grams.values() for own in both for gram in own)
        rarity = {gram: math.log(1 + len(grams) / count) for gram, count in counts.items()}

        def root(own: frozenset[str]) -> float:
            return math.sqrt(sum(rarity[gram] for gram in own) or 1.0)

        clauses = (_Clause(row, tuple((own, root(own)) for own in both)) for row, both in grams.values())
        return cls(tuple(clauses), rarity)


def law_clauses(codes: Iterable[str]) -> list[LawClause]:
    """Articles by code, in the order asked for; those that are not known are left out."""
    rows = by_code(LawClause)
    return [rows[code] for code in codes if code in rows]
