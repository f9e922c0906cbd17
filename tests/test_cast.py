"""The street is there."""

from tests.cast import Street


def test_everybody_has_a_name_and_a_seat(street: Street) -> None:
    assert street.lao_wang.seat.role == "principal"
    assert street.officer_li.seat.covers(street.site.place_code)
    assert not street.officer_he.seat.covers(street.site.place_code)
    assert street.stranger.seats == ()
