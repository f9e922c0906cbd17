"""Refusals are values with names."""

import pytest

from qianan.kernel import problems
from qianan.kernel.problems import Conflict, Invalid, InvalidMany, NotFound, NotNow, NotYours, Problem


def test_a_problem_is_equal_to_its_like() -> None:
    assert Invalid("too_long", where="note", limit=5) == Invalid("too_long", where="note", limit=5)
    assert Invalid("too_long", where="note", limit=5) != Invalid("too_long", where="note", limit=6)
    assert Invalid("gone") != NotFound("gone")
    assert Invalid("gone") != "gone"
    assert len({Invalid("a", where="b"), Invalid("a", where="b")}) == 1


def test_a_problem_without_a_code_has_its_familys() -> None:
    assert [kind().code for kind in (NotFound, NotYours, NotNow, Conflict, Invalid)] == [
        "not_found",
        "not_yours",
        "not_now",
        "conflict",
        "invalid",
    ]


def test_in_a_log_a_problem_says_where_and_with_what() -> None:
    assert str(Invalid("too_long", where="note", limit=5)) == "too_long at note (limit=5)"
    assert str(NotFound()) == "not_found"


def test_several_problems_are_one_that_lists_them() -> None:
    several = InvalidMany([Invalid("a", where="1"), Invalid("b", where="2")])

    assert (several.family, several.code, several.params["count"]) == ("invalid", "invalid_many", 2)
    assert [each.where for each in several.problems] == ["1", "2"]


@pytest.mark.parametrize(
    "kind", [each for each in vars(problems).values() if isinstance(each, type) and issubclass(each, Problem)]
)
def test_every_family_has_a_name_and_is_caught_as_a_problem(kind: type[Problem]) -> None:
    made = kind([]) if kind is InvalidMany else kind()

    assert isinstance(made, Problem)
    assert kind.family
    assert kind.__doc__
