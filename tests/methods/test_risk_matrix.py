"""The risk matrix of five by five, marked as not verified."""

import pytest

from qianan.methods import risk_matrix


def test_the_whole_matrix() -> None:
    drawn = ["".join(band.colour[0] for band in row) for row in risk_matrix.cells()]

    assert drawn == ["byorr", "bbyor", "bbyyo", "bbbby", "bbbbb"]


@pytest.mark.parametrize(
    ("likelihood", "severity", "score", "colour"),
    [(5, 5, 25, "red"), (5, 3, 15, "orange"), (3, 3, 9, "yellow"), (2, 4, 8, "blue")],
)
def test_worked_examples(likelihood: int, severity: int, score: int, colour: str) -> None:
    grade = risk_matrix.grade(likelihood, severity)

    assert (grade.score, grade.band.colour) == (score, colour)


def test_its_bands_were_not_read_at_a_source_and_say_so() -> None:
    assert not risk_matrix.COMMON_5X5.verified
    assert not risk_matrix.grade(5, 5).band.verified


@pytest.mark.parametrize("values", [(0, 1), (6, 1), (1, 6)])
def test_a_value_that_the_scale_does_not_know_is_refused(values: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no value of LS 5x5"):
        risk_matrix.grade(*values)
