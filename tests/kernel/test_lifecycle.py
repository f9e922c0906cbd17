"""A lifecycle is a table, and `check` the only guard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianan.kernel.lifecycle import Lifecycle
from qianan.kernel.problems import NotNow

KETTLE = Lifecycle("kettle", {"cold": ("hot",), "hot": ("cold", "poured"), "poured": ()})


def test_it_begins_with_the_first_state() -> None:
    assert KETTLE.start == "cold"
    assert KETTLE.states == ("cold", "hot", "poured")


@pytest.mark.parametrize("now", ["cold", "hot", "poured", "never"])
@pytest.mark.parametrize("then", ["cold", "hot", "poured", "never"])
def test_every_move_is_in_the_table_or_refused(now: str, then: str) -> None:
    if (now, then) in {("cold", "hot"), ("hot", "cold"), ("hot", "poured")}:
        assert KETTLE.allows(now, then)
        KETTLE.check(now, then)
        return

    assert not KETTLE.allows(now, then)
    with pytest.raises(NotNow) as refused:
        KETTLE.check(now, then)
    assert refused.value == NotNow("not_now", noun="kettle", now=now, then=then)


def test_what_may_be_done_in_some_states_only() -> None:
    KETTLE.check_in("hot", {"hot"})

    with pytest.raises(NotNow) as refused:
        KETTLE.check_in("cold", {"hot", "poured"}, code="water_is_cold")
    assert refused.value == NotNow("water_is_cold", noun="kettle", now="cold")


def test_a_move_to_nowhere_is_a_mistake_of_the_table() -> None:
    with pytest.raises(ValueError, match="steam"):
        Lifecycle("kettle", {"cold": ("steam",)})


def test_the_drawing_shows_every_move_and_every_end() -> None:
    assert KETTLE.mermaid() == (
        "stateDiagram-v2\n    [*] --> cold\n    cold --> hot\n    hot --> cold\n    hot --> poured\n    poured --> [*]"
    )


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=4).map(tuple), min_size=6)
)
def test_whatever_the_table_what_it_does_not_list_is_refused(moves: dict[str, tuple[str, ...]]) -> None:
    life = Lifecycle("thing", moves)
    for now in "abcdef":
        for then in "abcdef":
            assert life.allows(now, then) == (then in moves[now])
