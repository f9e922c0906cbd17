"""What a phone hands in is checked against the very edition it was filled in against."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianan.registry.checklists import answering
from qianan.registry.checklists.answering import Checked
from qianan.registry.checklists.editions import Edition, read
from tests.registry.checklists.lists import a_list, everything, item

DAY = date(2026, 11, 2)
SHA = "a" * 64


def edition(document: dict[str, Any]) -> Edition:
    return read(document, version_id=f"{document['code']}@1", number=1, state="published")


NOODLE = edition(a_list())
EVERYTHING = edition(everything())
WHOLE = {"gas": "p", "gas-kind": "natural", "seats": 40}


def check(answers: Any, of: Edition = NOODLE, **more: Any) -> Checked:
    return answering.check(of, answers, today=DAY, **more)


def faults(found: Checked) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in found.problems]


def test_all_is_well_in_two_letters() -> None:
    found = check({"stove": "p", "exit": {"a": "p"}})

    assert (found.letters, found.sparse, found.fails, found.problems) == ("pp", {}, (), [])
    assert (found.score, found.most) == (4.0, 4.0)


def test_what_was_not_passed_is_what_a_hazard_is_made_of() -> None:
    found = check({"stove": {"a": "f", "note": " 软管老化 ", "photos": [SHA, SHA]}, "exit": "n"})

    assert (found.letters, found.problems) == ("fn", [])
    assert found.sparse == {"stove": {"note": "软管老化", "photos": [SHA]}}
    (fail,) = found.fails
    assert (fail.item_code, fail.position, fail.level, fail.category) == ("stove", 0, "general", "gas")
    assert (fail.note, fail.photos, fail.basis_codes, fail.place) == ("软管老化", (SHA,), ("wsl-36",), 0)
    assert (fail.text_zh, fail.text_en) == ("检查stove", "Check stove")
    assert (found.score, found.most) == (0.0, 2.0)


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, [("answer_needed", "stove"), ("answer_needed", "exit")]),
        ({"stove": "", "exit": None}, [("answer_needed", "stove"), ("answer_needed", "exit")]),
        ({"stove": "p", "exit": "p", "roof": "p"}, [("unknown_item", "roof")]),
        ({"stove": "p", "exit": "p", 7: "p"}, [("unknown_item", "7")]),
        ({"stove": "x", "exit": "p"}, [("unknown_response", "stove")]),
        ({"stove": "pp", "exit": "p"}, [("unknown_response", "stove")]),
        ({"stove": 1, "exit": "p"}, [("wrong_type", "stove")]),
        ({"stove": ["p"], "exit": "p"}, [("wrong_type", "stove")]),
        ({"stove": {"a": "p", "b": 1}, "exit": "p"}, [("wrong_type", "stove")]),
        ({"stove": "f", "exit": "p"}, [("photo_or_note_needed", "stove")]),
        ({"stove": {"a": "f", "note": "  "}, "exit": "p"}, [("photo_or_note_needed", "stove")]),
        ({"stove": {"a": "o"}, "exit": "p"}, [("note_needed", "stove")]),
        ({"stove": {"a": "f", "note": "长" * 501}, "exit": "p"}, [("too_long", "stove")]),
        ({"stove": {"a": "f", "note": "a\x00b"}, "exit": "p"}, [("control_characters", "stove")]),
        ({"stove": {"a": "f", "note": "a\u202eb"}, "exit": "p"}, [("control_characters", "stove")]),
        ({"stove": {"a": "f", "note": "a\ud800b"}, "exit": "p"}, [("control_characters", "stove")]),
        ({"stove": {"a": "f", "note": 5}, "exit": "p"}, [("wrong_type", "stove")]),
        ({"stove": {"a": "f", "photos": "x"}, "exit": "p"}, [("wrong_type", "stove")]),
        ({"stove": {"a": "f", "photos": ["../../etc"]}, "exit": "p"}, [("bad_photo", "stove")]),
        ({"stove": {"a": "f", "photos": [SHA] * 10}, "exit": "p"}, [("too_many_photos", "stove")]),
        ({"stove": {"note": "忘了选"}, "exit": "p"}, [("answer_needed", "stove"), ("answer_needed", "stove")]),
    ],
)
def test_each_fault_is_named_with_its_item(answers: Any, wrong: list[tuple[str, str]]) -> None:
    assert faults(check(answers)) == wrong


@pytest.mark.parametrize("answers", [None, [], "p", 3])
def test_answers_that_are_none_are_refused(answers: Any) -> None:
    assert faults(check(answers)) == [("answers_not_a_mapping", "")]


def test_a_draft_may_leave_things_open() -> None:
    assert faults(check({"stove": "f"}, partly=True)) == []


def test_evidence_rules_of_each_kind() -> None:
    document = a_list(item("stove"))
    response = document["response_sets"]["plain"]["responses"][1]
    for rule, needed in (
        ("photo", [("photo_needed", "stove")]),
        ("note", [("note_needed", "stove")]),
        ("photo_and_note", [("photo_needed", "stove"), ("note_needed", "stove")]),
        ("", []),
    ):
        response["evidence"] = rule

        assert faults(check({"stove": "f"}, edition(document))) == needed


def test_a_retired_response_is_not_chosen_any_more() -> None:
    document = a_list(item("stove"))
    document["response_sets"]["plain"]["responses"][3]["retired"] = True
    found = edition(document)

    assert [each.code for each in found.items[0].choices] == ["p", "f", "n"]
    assert faults(check({"stove": {"a": "o", "note": "看着"}}, found)) == [("unknown_response", "stove")]


def test_numbers_texts_and_days_go_beside_the_letters() -> None:
    found = check(WHOLE | {"seats": "40", "temperature": 36.5, "extinguisher-day": "2026-10-31"}, EVERYTHING)

    assert found.problems == []
    assert found.letters == "pvvvv---"
    assert found.sparse == {
        "gas-kind": {"a": "natural"},
        "seats": {"a": 40},
        "temperature": {"a": 36.5},
        "extinguisher-day": {"a": "2026-10-31"},
    }


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"seats": 501, "exits-open": "p"}, [("constraint", "seats")]),
        ({"seats": -1}, [("constraint", "seats")]),
        ({"seats": 4.5}, [("wrong_type", "seats")]),
        ({"seats": True}, [("wrong_type", "seats")]),
        ({"seats": "forty"}, [("wrong_type", "seats")]),
        ({"seats": "٤٠"}, [("wrong_type", "seats")]),
        ({"seats": float("nan")}, [("out_of_range", "seats")]),
        ({"seats": 10**400}, [("out_of_range", "seats")]),
        (
            {"seats": "9" * 13},
            [
                ("out_of_range", "seats"),
            ],
        ),
        ({"seats": 10**11, "exits-open": "p"}, [("constraint", "seats")]),
        ({"temperature": "1.1234567"}, [("wrong_type", "temperature")]),
        ({"temperature": float("inf")}, [("out_of_range", "temperature")]),
        ({"extinguisher-day": "2026-11-03"}, [("constraint", "extinguisher-day")]),
        ({"extinguisher-day": "2026-02-30"}, [("wrong_type", "extinguisher-day")]),
        ({"extinguisher-day": "20261101"}, [("wrong_type", "extinguisher-day")]),
        ({"gas-kind": "x" * 2001}, [("too_long", "gas-kind")]),
        ({"gas-kind": "x\x07"}, [("control_characters", "gas-kind")]),
        ({"gas-kind": {"a": ["x"]}}, [("wrong_type", "gas-kind")]),
    ],
)
def test_values_are_of_their_kind_and_within_bounds(more: dict[str, Any], wrong: list[tuple[str, str]]) -> None:
    assert faults(check(WHOLE | more, EVERYTHING)) == wrong


def test_a_constraint_says_its_own_words() -> None:
    (problem,) = check(WHOLE | {"seats": -1}, EVERYTHING).problems

    assert problem.params == {"zh": "0 到 500", "en": "0 to 500"}


def test_what_is_not_asked_is_not_needed_and_not_kept() -> None:
    without_gas = {"gas": "n", "seats": 40}
    assert faults(check(without_gas, EVERYTHING)) == []

    assert faults(check(without_gas | {"gas-kind": "lpg"}, EVERYTHING)) == [("not_asked", "gas-kind")]
    assert faults(check(WHOLE | {"exits-open": "p"}, EVERYTHING)) == [("not_asked", "exits-open")]


def test_a_section_is_asked_when_its_condition_holds() -> None:
    crowded = WHOLE | {"seats": 200}

    assert faults(check(crowded, EVERYTHING)) == [("answer_needed", "exits-open")]
    (fail,) = check(crowded | {"exits-open": {"a": "f", "note": "锁着"}}, EVERYTHING).fails
    assert (fail.level, fail.position) == ("suggest_major", 5)


def test_each_cylinder_is_looked_at() -> None:
    lpg = WHOLE | {"gas-kind": "lpg"}

    assert faults(check(lpg, EVERYTHING)) == [("answer_needed", "cylinders")]
    found = check(lpg | {"cylinders": [{"valve": "p", "kg": 15}, {"valve": {"a": "f", "note": "漏气"}}]}, EVERYTHING)
    assert found.problems == []
    assert found.letters == "pvv---fv"
    assert found.sparse["cylinders"] == [
        {"valve": {"a": "p"}, "kg": {"a": 15}},
        {"valve": {"a": "f", "note": "漏气"}},
    ]
    assert [(fail.item_code, fail.place) for fail in found.fails] == [("valve", 2)]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([{"valve": "p"}] * 4, [("too_many_repeats", "cylinders")]),
        ("p", [("wrong_type", "cylinders")]),
        ({"valve": "p"}, [("wrong_type", "cylinders")]),
        (["p"], [("wrong_type", "cylinders.1")]),
        ([{"valve": "p"}, {}], [("answer_needed", "cylinders.2.valve")]),
        ([{"valve": "p", "kg": 51}], [("constraint", "cylinders.1.kg")]),
        ([{"valve": "p", "seats": 5}], [("unknown_item", "cylinders.1.seats")]),
    ],
)
def test_faults_in_a_repeat_name_the_row(rows: Any, wrong: list[tuple[str, str]]) -> None:
    assert faults(check(WHOLE | {"gas-kind": "lpg", "cylinders": rows}, EVERYTHING)) == wrong


def test_cylinders_where_there_are_none_are_not_asked() -> None:
    assert faults(check(WHOLE | {"cylinders": [{"valve": "p"}]}, EVERYTHING)) == [("not_asked", "cylinders")]


def test_an_item_of_a_repeat_does_not_stand_alone() -> None:
    assert faults(check(WHOLE | {"valve": "p"}, EVERYTHING)) == [("unknown_item", "valve")]


def test_what_was_kept_can_be_shown_again() -> None:
    answers = WHOLE | {
        "gas": {"a": "f", "note": "漏", "photos": [SHA]},
        "gas-kind": "lpg",
        "cylinders": [{"valve": {"a": "f", "note": "漏"}}],
    }
    found = check(answers, EVERYTHING)

    shown = answering.unpack(EVERYTHING, found.letters, found.sparse)

    assert shown == {
        "gas": {"a": "f", "note": "漏", "photos": [SHA]},
        "gas-kind": {"a": "lpg"},
        "seats": {"a": 40},
    }
    assert answering.fails_in(EVERYTHING, found.letters, found.sparse) == found.fails


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["p", "f", "n"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "note", "photos", "valve", "kg"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from([*EVERYTHING.by_code, "cylinders", "crowd", "x"]) | st.text(max_size=5), json_values, max_size=6
    )
)
def test_no_answers_whatever_break_it(answers: dict[str, Any]) -> None:
    found = check(answers, EVERYTHING)

    assert len(found.letters) == len(EVERYTHING.items)
    assert set(found.letters) <= set("pfnov-")
    if found.ok:
        again = check(answers, EVERYTHING)
        assert (again.letters, again.sparse) == (found.letters, found.sparse)
