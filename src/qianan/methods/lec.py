"""LEC, D = L × E × C (作业条件危险性评价法): likelihood, exposure, consequence; bands of D say what to do.

Values and bands are those of the public text read for the domain study (§4.1 there). Texts differ on what an edge
belongs to (is exactly 320 red?), so each band says whether its lower edge is its own: here "above 320" is red, and
160, 70, 20 belong to the higher band. A city's own scale comes in as data (`codebook.queries.risk_scale("lec")`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

EDITION = "LEC"


@dataclass(frozen=True, slots=True)
class Band:
    """A range of scores with its colour, from `low` up to the next band's `low`.

    `includes_low`: whether a score that is exactly `low` belongs here or to the band below.
    """

    code: str
    low: Decimal
    colour: str
    name_zh: str
    name_en: str
    verified: bool = False
    source: str = ""
    edition: str = ""
    includes_low: bool = True

    def reaches(self, score: Decimal) -> bool:
        return score > self.low or (self.includes_low and score == self.low)


@dataclass(frozen=True, slots=True)
class Scale:
    """The allowed values of each factor and the bands of the product, highest first, with their edition."""

    edition: str
    values: Mapping[str, tuple[Decimal, ...]]
    bands: tuple[Band, ...]
    verified: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """A score with its birth certificate: the product, its band, the factors, the edition."""

    score: Decimal
    band: Band
    factors: Mapping[str, Decimal]
    edition: str


def _numbers(*values: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(value) for value in values)


_SOURCE = "public LEC text (domain study §4.1)"

PUBLIC = Scale(
    edition=EDITION,
    values={
        "L": _numbers("10", "6", "3", "1", "0.5", "0.2", "0.1"),
        "E": _numbers("10", "6", "3", "2", "1", "0.5"),
        "C": _numbers("100", "40", "15", "7", "3", "1"),
    },
    bands=tuple(
        Band(f"lec-band-{low}", Decimal(low), colour, zh, en, True, _SOURCE, EDITION, includes_low=low != 320)
        for low, colour, zh, en in (
            (320, "red", "极其危险,不能继续作业", "Extremely high, stop work"),
            (160, "orange", "高度危险,立即整改", "High, fix at once"),
            (70, "yellow", "显著危险,需要整改", "Medium, fix"),
            (20, "blue", "一般危险,需要注意", "Possible, watch"),
            (0, "blue", "稍有危险,可以接受", "Acceptable"),
        )
    ),
    verified=True,
    source=_SOURCE,
)
"""The scale of the public text, for use where no table is at hand."""


def band_of(score: Decimal, scale: Scale) -> Band:
    """The band a score falls into. Raises ValueError when no band of the scale holds it."""
    for band in sorted(scale.bands, key=lambda each: each.low, reverse=True):
        if band.reaches(score):
            return band
    raise ValueError(f"no band for {score} in {scale.edition}")


def grade(likelihood: Decimal, exposure: Decimal, consequence: Decimal, *, scale: Scale = PUBLIC) -> Grade:
    """D = L × E × C and its band. Raises ValueError for a value that the scale does not know."""
    factors = {"L": likelihood, "E": exposure, "C": consequence}
    for factor, value in factors.items():
        if value not in scale.values[factor]:
            raise ValueError(f"{factor} {value} is no value of {scale.edition}")
    score = likelihood * exposure * consequence
    return Grade(score=score, band=band_of(score, scale), factors=factors, edition=scale.edition)
