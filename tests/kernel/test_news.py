"""News is past tense and small, and its facts are JSON's own."""

import dataclasses
import json
from dataclasses import dataclass
from datetime import date

import pytest

from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.news import EVENTS, Event
from qianan.kernel.ref import Ref
from tests.cast import MONDAY


@dataclass(frozen=True, kw_only=True)
class TeaServed(Event):
    cups: int
    at: object = None
    to: tuple = ()


def test_every_kind_of_news_is_known_by_room_and_name() -> None:
    assert TeaServed.name == "test_news.TeaServed"
    assert EVENTS["test_news.TeaServed"] is TeaServed


def test_facts_are_what_json_can_say() -> None:
    shop, cup = uuid7(MONDAY), Ref.of("tea.cup", None, "c1")
    event = TeaServed(about=Ref.of("tea.pot", shop, "p1"), place_code="110105", cups=2, at=MONDAY, to=(cup, "x"))

    assert event.facts() == {"cups": 2, "at": "2026-11-02T01:00:00+00:00", "to": ["tea.cup::c1", "x"]}
    assert json.loads(json.dumps(event.facts())) == event.facts()
    assert event.business == shop


def test_refs_ids_and_days_become_text() -> None:
    mine = uuid7(MONDAY)

    assert TeaServed(about=Ref.of("tea.pot", None, "p"), cups=1, at=mine).facts()["at"] == str(mine)
    assert TeaServed(about=Ref.of("tea.pot", None, "p"), cups=1, at=date(2026, 11, 2)).facts()["at"] == "2026-11-02"
    assert TeaServed(about=Ref.of("tea.pot", None, "p"), cups=1).business == NIL


def test_news_cannot_be_changed_afterwards() -> None:
    event = TeaServed(about=Ref.of("tea.pot", None, "p"), cups=1)

    with pytest.raises(dataclasses.FrozenInstanceError):
        event.cups = 2  # type: ignore[misc]
