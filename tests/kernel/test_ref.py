"""A ref is plain text there and back."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.ref import Ref
from tests.cast import MONDAY

NOUNS = st.from_regex(r"[a-z]+\.[a-z_]+", fullmatch=True)


@given(NOUNS, st.uuids(), st.text(min_size=1, max_size=60))
def test_a_ref_comes_back_from_its_text(noun: str, business: uuid.UUID, id: str) -> None:
    ref = Ref(noun, business, id)

    assert Ref.parse(str(ref)) == ref


def test_the_citys_own_things_have_no_business_in_their_text() -> None:
    ref = Ref.of("places.place", None, "110105")

    assert str(ref) == "places.place::110105"
    assert ref.business == NIL


def test_an_id_with_colons_stays_whole() -> None:
    ref = Ref.of("accounts.body", None, "dept:commerce:110105")

    assert str(ref) == "accounts.body::dept:commerce:110105"
    assert Ref.parse(str(ref)).id == "dept:commerce:110105"


def test_a_code_is_no_uuid() -> None:
    mine = uuid7(MONDAY)

    assert Ref.of("hazards.hazard", NIL, mine).uuid == mine
    with pytest.raises(ValueError):
        _ = Ref.of("places.place", NIL, "110105").uuid


@pytest.mark.parametrize("text", ["", "hazard", "hazard:1:2", "hazards.hazard", "hazards.hazard:", "a.b::", "a.b:x:1"])
def test_what_is_no_ref_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Ref.parse(text)
