"""Conditions and constraints of lists: the shared cases, limits, and any text at all."""

import json
import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianan.formats import xpath
from qianan.formats.pattern import PatternError, compiled
from qianan.formats.xpath import Call, Chain, Expression, Literal, Minus, Name, Own, XPathError, parse

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
CASES = json.loads((SAMPLES / "xpath_cases.json").read_text(encoding="utf-8"))["cases"]
SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def said(case: dict[str, Any]) -> str:
    return f"{case['expression']} | {case.get('own', '')} {case.get('items', '')}"


@pytest.mark.parametrize("case", [case for case in CASES if "value" in case], ids=said)
def test_the_shared_cases_come_to_what_they_say(case: dict[str, Any]) -> None:
    found = parse(case["expression"]).value(
        own=case.get("own", ""),
        lookup=case.get("items", {}).get,
        today=date.fromisoformat(case.get("today", "1970-01-01")),
    )

    wanted = case["value"]
    if isinstance(wanted, dict):
        wanted = SPECIAL[wanted["number"]]
    assert isinstance(found, bool) is isinstance(wanted, bool)
    assert found == wanted or (isinstance(found, float) and math.isnan(found) and math.isnan(wanted))


@pytest.mark.parametrize("case", [case for case in CASES if "fails_at" in case], ids=said)
def test_the_shared_faults_are_named_with_their_place(case: dict[str, Any]) -> None:
    with pytest.raises(XPathError) as refused:
        parse(case["expression"])

    assert refused.value.position == case["fails_at"]
    assert refused.value.why


@pytest.mark.parametrize("case", [case for case in CASES if "value" in case], ids=said)
def test_a_written_expression_reads_the_same(case: dict[str, Any]) -> None:
    read = parse(case["expression"])

    assert parse(str(read)) == read


def test_an_expression_knows_which_items_it_asks_for() -> None:
    read = parse("${a} = 'x' and (../b > 3 or not(c)) and . != ''")

    assert (read.names, read.asks_own) == (frozenset({"a", "b", "c"}), True)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1" * 2001, "longer than 2000 characters"),
        ("(" * 33 + "1" + ")" * 33, "nested deeper than 32"),
        ("-" * 33 + "1", "nested deeper than 32"),
        ("not(" * 33 + "1" + ")" * 33, "nested deeper than 32"),
    ],
)
def test_bombs_are_refused(text: str, why: str) -> None:
    with pytest.raises(XPathError, match=why):
        parse(text)


def test_a_long_flat_expression_is_no_bomb() -> None:
    assert parse("+".join(["1"] * 1000)).value() == 1000
    assert parse(" or ".join(["0"] * 300)).value() is False


def test_joined_texts_do_not_grow_for_ever() -> None:
    read = parse("concat(" + ", ".join(["${a}"] * 16) + ")")

    assert len(str(read.value(lookup={"a": "x" * 5000}.get))) == 20_000


def test_a_greedy_pattern_takes_time_only_by_the_length_of_the_text() -> None:
    rule = compiled("(x+x+)+y")

    assert not rule.fits("x" * 3000)
    assert rule.fits("x" * 3000 + "y")


@pytest.mark.parametrize(
    "rule", ["a{1,", "[a", "(", "a)", "[b-a]", "\\q", "(?<n>a)", "((((((((((((((((((((((a", "x" * 301]
)
def test_patterns_out_of_the_subset_are_refused(rule: str) -> None:
    with pytest.raises(PatternError):
        compiled(rule)


def test_a_pattern_that_would_be_huge_is_refused() -> None:
    with pytest.raises(PatternError, match="too large"):
        compiled("((a{100}){100}){100}")


@given(st.text(alphabet="ab|()*+?[]^-{}12,.\\dws$", max_size=30), st.text(alphabet="ab12-. ", max_size=12))
def test_patterns_agree_with_pythons_own(rule: str, text: str) -> None:
    import re
    import warnings

    try:
        ours = compiled(rule)
    except PatternError:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = re.compile(rule.removeprefix("^"), re.ASCII)

    assert ours.fits(text) is (theirs.fullmatch(text) is not None)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = parse(text)
        value = read.value()
        place = 0
    except XPathError as refused:
        value = ""
        place = refused.position

    assert isinstance(value, (str, float, bool))
    assert 0 <= place <= len(text)


names = st.sampled_from(["a", "gas-01", "b.c", "and", "div", "场所"])
leaves = (
    st.floats(0, 1e6, allow_nan=False).map(lambda number: Literal(round(number, 3)))
    | st.text("xy '.-1", max_size=6).map(Literal)
    | st.just(Own())
    | names.map(Name)
)
levels = [("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod")]


def grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    chains = st.sampled_from(levels).flatmap(
        lambda signs: st.builds(
            Chain,
            inner.filter(lambda node: not (isinstance(node, Chain) and node.rest[0][0] in signs)),
            st.lists(st.tuples(st.sampled_from(signs), inner), min_size=1, max_size=3).map(tuple),
        )
    )
    calls = st.sampled_from(
        [name for name, (least, _) in xpath.FUNCTIONS.items() if least and name != "regex"]
    ).flatmap(lambda name: st.tuples(*[inner] * xpath.FUNCTIONS[name][0]).map(lambda args: Call(name, args)))
    return chains | calls | st.builds(Minus, inner)


@given(
    st.recursive(leaves, grown, max_leaves=8),
    st.text("01xy-. ", max_size=8),
    st.dictionaries(names, st.text(max_size=5)),
)
def test_written_and_read_again_an_expression_is_the_same_and_always_has_a_value(
    root: Any, own: str, items: dict[str, str]
) -> None:
    text = str(Expression(root, frozenset(), False))

    read = parse(text)

    assert read.root == root
    value = read.value(own=own, lookup=items.get, today=date(2026, 11, 2))
    assert isinstance(value, (str, float, bool))
    assert isinstance(xpath.text_of(value), str)
