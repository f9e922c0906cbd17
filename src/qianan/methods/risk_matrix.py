"""The risk matrix, R = L × S (风险矩阵, LS): likelihood and severity from 1 to 5.

The bands 20–25, 15–16, 9–12 and up to 8 are common but were not read at a source: `COMMON_5X5` is therefore not
verified, and a page that shows it says so. A city's own bands come in as data.
"""

from decimal import Decimal

from qianan.methods.lec import Band, Grade, Scale, band_of

EDITION = "LS 5x5"
_SOURCE = "common 5x5 bands, not read at a source"

COMMON_5X5 = Scale(
    edition=EDITION,
    values={factor: tuple(Decimal(number) for number in range(1, 6)) for factor in ("L", "S")},
    bands=tuple(
        Band(f"ls-band-{low}", Decimal(low), colour, zh, en, False, _SOURCE, EDITION)
        for low, colour, zh, en in (
            (20, "red", "重大风险", "Major risk"),
            (15, "orange", "较大风险", "Larger risk"),
            (9, "yellow", "一般风险", "General risk"),
            (0, "blue", "低风险", "Low risk"),
        )
    ),
    verified=False,
    source=_SOURCE,
)


def grade(likelihood: int, severity: int, *, scale: Scale = COMMON_5X5) -> Grade:
    """R = L × S and its band. Raises ValueError for a value that the scale does not know."""
    factors = {"L": Decimal(likelihood), "S": Decimal(severity)}
    for factor, value in factors.items():
        if value not in scale.values[factor]:
            raise ValueError(f"{factor} {value} is no value of {scale.edition}")
    score = factors["L"] * factors["S"]
    return Grade(score=score, band=band_of(score, scale), factors=factors, edition=scale.edition)


def cells(scale: Scale = COMMON_5X5) -> tuple[tuple[Band, ...], ...]:
    """The whole matrix, most likely row first, least severe column first: what a page draws."""
    rows = sorted(scale.values["L"], reverse=True)
    return tuple(tuple(band_of(row * column, scale) for column in sorted(scale.values["S"])) for row in rows)
