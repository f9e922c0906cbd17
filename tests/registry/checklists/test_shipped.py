"""The lists that ship: 15 venues, each with a daily and a full list, honest about their sources."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from qianan.doors.kit.words.checklists import LABELS
from qianan.kernel.actor import Actor
from qianan.registry.checklists import actions, queries
from qianan.registry.checklists.document import items_of
from tests.cast import MONDAY, Street

FOLDER = Path(__file__).resolve().parents[3] / "data" / "checklists"
PATHS = sorted(FOLDER.glob("*.json"))
VENUES = [
    "common", "construction", "ebike", "elderly", "entertainment", "factory", "hospital", "hotel", "mall", "office",
    "petrol", "rental", "restaurant", "school", "warehouse",
]  # fmt: skip


def documents() -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in PATHS]


def test_each_venue_has_a_daily_and_a_full_list() -> None:
    own = [document["code"] for document in documents() if not document["tags"]]

    assert own == sorted(f"{venue}-{kind}" for venue in VENUES for kind in ("daily", "full"))
    assert {document["code"]: document["tags"] for document in documents() if document["tags"]} == {
        "confined_space-quarterly": ["confined_space"],
        "e_bikes-monthly": ["e_bikes"],
        "hot_work-monthly": ["hot_work"],
        "lpg-monthly": ["lpg"],
    }
    assert [path.stem for path in PATHS] == [document["code"] for document in documents()]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_list_is_honest(codes: None, path: Path) -> None:
    document = actions.checked(json.loads(path.read_text(encoding="utf-8")))

    items = [item for _, item in items_of(document)]
    assert abs(sum(item["minutes"] for item in items) - document["minutes"]) < 0.1
    if document["frequency"] == "daily":
        assert document["minutes"] <= 3
    for item in items:
        assert item["text_zh"] != item["text_en"]
        assert item["text_en"].isascii() or "≥" in item["text_en"] or "°" in item["text_en"] or "≤" in item["text_en"]
        assert item["source"]
        if item["verified"]:
            assert item["basis_zh"]
            assert item["basis_en"]
        else:
            assert "remember" in item["source"] or not item["basis_codes"]
        assert bool(item["basis_zh"]) is bool(item["basis_en"])
        assert item["basis_en"].isascii()
        assert f"item.category.{item['category']}" in LABELS


def test_items_keep_their_code_and_words_from_list_to_list() -> None:
    said: dict[str, set[tuple[str, str, str]]] = {}
    for document in documents():
        for _, item in items_of(document):
            said.setdefault(item["code"], set()).add((item["text_zh"], item["text_en"], item["basis_zh"]))

    assert {code: words for code, words in said.items() if len(words) > 1} == {}


def test_basis_codes_are_in_the_codebook(codes: None) -> None:
    from qianan.ground.codebook import queries as codebook

    used = {code for document in documents() for _, item in items_of(document) for code in item["basis_codes"]}
    clauses = {clause.code for clause in codebook.law_clauses(sorted(used))}
    criteria = set(codebook.criteria_of(used))

    assert used - clauses - criteria == set()


def test_all_of_them_load_and_load_again(street: Street) -> None:
    first = actions.load_shipped(settings.QIANAN_DATA / "checklists", by=Actor.system("setup"), now=MONDAY)
    again = actions.load_shipped(settings.QIANAN_DATA / "checklists", by=Actor.system("setup"), now=MONDAY)

    assert len(first.published) == len(PATHS)
    assert again.published == ()
    assert len(again.same) == len(PATHS)
    assert all(queries.current(document["code"]).items for document in documents())
