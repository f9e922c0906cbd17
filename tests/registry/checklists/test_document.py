"""A document is checked whole; what is wrong is said with section and item."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianan.registry.checklists.document import canonical, meaning, problems_of
from tests.registry.checklists.lists import a_list, everything, item

VENUES, TAGS = frozenset({"restaurant", "common"}), frozenset({"gas", "lpg"})


def faults(document: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in problems_of(document, venues=VENUES, tags=TAGS)]


def test_good_lists_are_good() -> None:
    assert faults(a_list()) == []
    assert faults(everything()) == []


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"code": "Noodle Daily"}, [("bad_code", "code")]),
        ({"code": "../x"}, [("bad_code", "code")]),
        ({"title_en": ""}, [("text_needed", "title_en")]),
        ({"title_zh": None}, [("text_needed", "title_zh")]),
        ({"venue": "moon"}, [("unknown_venue", "venue")]),
        ({"tags": ["gas", "magic"]}, [("unknown_tag", "tags")]),
        ({"tags": "gas"}, [("unknown_tag", "tags")]),
        ({"frequency": "sometimes"}, [("unknown_frequency", "frequency")]),
        ({"for_role": "cat"}, [("unknown_role", "for_role")]),
        ({"minutes": "1"}, [("bad_minutes", "minutes")]),
        ({"minutes": float("inf")}, [("bad_minutes", "minutes")]),
        ({"minutes": 3.5}, [("daily_too_long", "minutes")]),
        ({"response_sets": []}, [("response_sets_needed", "response_sets"), *[("unknown_response_set", w) for w in (
            "sections.kitchen.items.stove.response_set", "sections.kitchen.items.exit.response_set")]]),
        ({"sections": []}, [("sections_needed", "sections")]),
        ({"sections": ["x"]}, [("not_an_object", "sections.0")]),
        ({"colour": "red"}, [("unknown_key", "")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_list(facts: dict[str, Any], wrong: list[tuple[str, str]]) -> None:
    assert faults(a_list(**facts)) == wrong


ITEM = "sections.kitchen.items.stove"


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        ({"text_en": ""}, [("text_needed", f"{ITEM}.text_en")]),
        ({"text_zh": "长" * 301}, [("bad_text", f"{ITEM}.text_zh")]),
        ({"answer": "feeling"}, [("unknown_answer", f"{ITEM}.answer")]),
        ({"response_set": "other"}, [("unknown_response_set", f"{ITEM}.response_set")]),
        ({"hazard_level": "huge"}, [("bad_hazard_rule", f"{ITEM}.hazard_level")]),
        ({"required": "yes"}, [("bad_flag", f"{ITEM}.required")]),
        ({"basis_codes": [1]}, [("bad_text", f"{ITEM}.basis_codes")]),
        ({"relevant": "${exit} = 'p'"}, [("asks_below", f"{ITEM}.relevant")]),
        ({"relevant": "${stove} = 'p'"}, [("asks_below", f"{ITEM}.relevant")]),
        ({"relevant": ". = 'p'"}, [("asks_below", f"{ITEM}.relevant")]),
        ({"relevant": "${roof} = 'p'"}, [("unknown_item", f"{ITEM}.relevant")]),
        ({"constraint": "${exit} = 'p'"}, []),
        ({"constraint": ". = = 'p'"}, [("bad_expression", f"{ITEM}.constraint")]),
        ({"constraint": 5}, [("bad_expression", f"{ITEM}.constraint")]),
        ({"photo": True}, [("unknown_key", ITEM)]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_item(facts: dict[str, Any], wrong: list[tuple[str, str]]) -> None:
    assert faults(a_list(item("stove", **facts), item("exit"))) == wrong


def test_a_bad_expression_says_where_it_stops() -> None:
    (problem,) = problems_of(a_list(item("stove", constraint=". >= ")), venues=VENUES, tags=TAGS)

    assert (problem.params["column"], problem.params["why"]) == (6, "ends too early")


def test_codes_stand_once() -> None:
    assert faults(a_list(item("stove"), item("stove"))) == [("double_code", ITEM)]


@pytest.mark.parametrize(
    ("number", "facts", "code"),
    [
        (0, {"verdict": "fail"}, "bad_response"),
        (0, {"code": "y"}, "bad_response"),
        (0, {"hazard": {"level": "general"}}, "hazard_without_fail"),
        (1, {"hazard": {"level": "huge"}}, "bad_hazard_rule"),
        (1, {"evidence": "oath"}, "unknown_evidence_rule"),
        (1, {"label_en": ""}, "text_needed"),
        (1, {"score": "0"}, "bad_number"),
    ],
)
def test_what_is_wrong_with_a_response(number: int, facts: dict[str, Any], code: str) -> None:
    document = a_list()
    document["response_sets"]["plain"]["responses"][number] |= facts

    assert [each for each, _ in faults(document)] == [code]


def test_nothing_outside_asks_into_a_repeat() -> None:
    document = everything()
    document["sections"][0]["items"][2]["constraint"] = "${valve} = 'p'"

    assert faults(document) == [("asks_into_repeat", "sections.kitchen.items.seats.constraint")]


@pytest.mark.parametrize("document", [None, [], "x", 5])
def test_what_is_no_list_at_all(document: Any) -> None:
    assert faults(document) == [("not_an_object", "")]


def test_a_huge_document_is_refused() -> None:
    assert faults(a_list(title_zh="x" * 1_000_001)) == [("document_too_large", "")]


def test_too_many_items_are_refused() -> None:
    assert faults(a_list(*[item(f"i{number}") for number in range(401)])) == [("too_many_items", "sections")]


def test_meaning_is_not_the_order_of_keys_nor_the_edition() -> None:
    document = a_list()
    turned = dict(reversed(list(document.items())))
    again = a_list(
        item("stove", source="elsewhere", minutes=9, hint_zh="", verified=False), item("exit"), edition="2030"
    )

    assert meaning(document) == meaning(turned) == meaning(again)
    assert canonical(document) == canonical(turned)


@pytest.mark.parametrize(
    "other",
    [
        a_list(item("exit"), item("stove")),
        a_list(item("stove", text_zh="看灶"), item("exit")),
        a_list(item("stove", required=False), item("exit")),
        a_list(item("stove", constraint=". = 'p'"), item("exit")),
        a_list(item("stove")),
        a_list(frequency="weekly"),
    ],
)
def test_what_asks_otherwise_means_something_else(other: dict[str, Any]) -> None:
    assert meaning(a_list()) != meaning(other)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(a_list())), values, values)
def test_any_value_anywhere_is_said_and_breaks_nothing(key: str, value: Any, section: Any) -> None:
    document = a_list()
    document[key] = value
    problems_of(document, venues=VENUES, tags=TAGS)

    document = a_list()
    document["sections"][0]["items"] = section
    problems_of(document, venues=VENUES, tags=TAGS)

    document = a_list()
    document["sections"][0]["items"][0][key] = value
    document["sections"].append(section)
    problems_of(document, venues=VENUES, tags=TAGS)
