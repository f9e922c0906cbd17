"""A link to a photo is for one person and for a few minutes."""

from datetime import timedelta

import pytest

from qianan.ground.evidence.queries import check, sign
from tests.cast import MONDAY

SHA, OTHER_SHA = "a" * 64, "b" * 64
LAO_WANG, STRANGER = "lao-wang", "stranger"


def test_the_person_it_was_made_for_may_fetch_the_photo_for_some_minutes() -> None:
    token = sign(SHA, person=LAO_WANG, now=MONDAY)

    assert check(SHA, token, person=LAO_WANG, now=MONDAY)
    assert check(SHA, token, person=LAO_WANG, now=MONDAY + timedelta(seconds=299))
    assert not check(SHA, token, person=LAO_WANG, now=MONDAY + timedelta(seconds=601))


def test_nobody_else_may_and_no_other_photo() -> None:
    token = sign(SHA, person=LAO_WANG, now=MONDAY)

    assert not check(SHA, token, person=STRANGER, now=MONDAY)
    assert not check(OTHER_SHA, token, person=LAO_WANG, now=MONDAY)


def test_a_later_end_cannot_be_written_into_it() -> None:
    until, seal = sign(SHA, person=LAO_WANG, now=MONDAY).split("-")

    later = f"{int(until, 16) + 86_400:08x}-{seal}"

    assert not check(SHA, later, person=LAO_WANG, now=MONDAY)


def test_the_link_stays_the_same_for_a_while_so_that_a_browser_need_not_fetch_twice() -> None:
    assert sign(SHA, person=LAO_WANG, now=MONDAY) == sign(SHA, person=LAO_WANG, now=MONDAY + timedelta(seconds=100))
    assert sign(SHA, person=LAO_WANG, now=MONDAY) != sign(SHA, person=LAO_WANG, now=MONDAY + timedelta(seconds=400))


@pytest.mark.parametrize(
    "token", ["", "-", "x", "00000000-" + "0" * 40, "ffffffff-" + "0" * 40, "ffffffff-é" + "0" * 39]
)
def test_nonsense_opens_nothing(token: str) -> None:
    assert not check(SHA, token, person=LAO_WANG, now=MONDAY)
