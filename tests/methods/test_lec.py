"""LEC by the public worked examples, and the edges that texts disagree on."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianan.methods import lec

D = Decimal


@pytest.mark.parametrize(
    ("likelihood", "exposure", "consequence", "score", "colour"),
    [
        # A punch press without a guard, as a public text works it out, with a disabling and with a serious injury.
        (6, 6, 3, 108, "yellow"),
        (6, 6, 7, 252, "orange"),
        (10, 10, 100, 10_000, "red"),
        ("0.1", "0.5", 1, "0.05", "blue"),
    ],
)
def test_worked_examples(likelihood: object, exposure: object, consequence: object, score: object, colour: str) -> None:
    grade = lec.grade(D(str(likelihood)), D(str(exposure)), D(str(consequence)))

    assert (grade.score, grade.band.colour, grade.edition) == (D(str(score)), colour, "LEC")


@pytest.mark.parametrize(
    ("score", "band"),
    [
        ("320", "lec-band-160"),
        ("320.01", "lec-band-320"),
        ("160", "lec-band-160"),
        ("159.99", "lec-band-70"),
        ("70", "lec-band-70"),
        ("20", "lec-band-20"),
        ("19.99", "lec-band-0"),
        ("0", "lec-band-0"),
    ],
)
def test_an_edge_belongs_to_one_band_by_the_scale(score: str, band: str) -> None:
    assert lec.band_of(D(score), lec.PUBLIC).code == band


@pytest.mark.parametrize("values", [(5, 6, 3), (6, 4, 3), (6, 6, 8), (-6, 6, 3)])
def test_a_value_that_the_scale_does_not_know_is_refused(values: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no value of LEC"):
        lec.grade(*map(D, values))


@given(*(st.sampled_from(lec.PUBLIC.values[factor]) for factor in "LEC"))
def test_every_combination_has_a_band_and_worse_is_never_lower(like: Decimal, exposed: Decimal, harm: Decimal) -> None:
    grade = lec.grade(like, exposed, harm)

    worst = lec.grade(D(10), D(10), D(100))
    assert grade.band.low <= grade.score <= worst.score
    assert grade.band.low <= worst.band.low
