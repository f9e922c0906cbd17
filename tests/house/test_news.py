"""News: every kind is documented, heard by somebody or silent on purpose, and has words."""

import dataclasses
import importlib

import pytest

from qianan.doors.console import drawing
from qianan.doors.kit import words
from qianan.kernel.lifecycle import Lifecycle
from qianan.kernel.news import EVENTS, Event
from qianan.wiring import WIRING
from tests.house.source import PACKAGE, REPO

for path in sorted(PACKAGE.glob("*/*/events.py")):
    importlib.import_module(".".join(("qianan", *path.relative_to(PACKAGE).with_suffix("").parts)))
OURS = {name: event for name, event in EVENTS.items() if event.__module__.startswith("qianan.")}


def test_every_event_is_in_the_docs() -> None:
    page = (REPO / "docs/reference/news.md").read_text()

    assert [name for name in OURS if f"| {name.partition('.')[2]} |" not in page] == []


def test_every_event_is_heard_or_silent_and_never_both() -> None:
    heard = {event.name for event in WIRING}

    assert [name for name, event in OURS.items() if name not in heard and not event.silent] == []
    assert [name for name, event in OURS.items() if name in heard and event.silent] == []


def test_every_listener_lives_in_a_listeners_file_above_or_aside() -> None:
    for listeners in WIRING.values():
        for each in listeners:
            assert each.__module__.endswith(".listeners"), each


def test_an_event_holds_no_names_and_no_numbers() -> None:
    forbidden = {"name", "mobile", "phone", "email", "login", "name_zh", "name_en"}

    assert [name for name, event in OURS.items() if forbidden & {part.name for part in dataclasses.fields(event)}] == []


def test_every_event_says_what_it_says() -> None:
    assert [name for name, event in OURS.items() if not event.__doc__ or event.__doc__ == Event.__doc__] == []


def test_every_event_has_a_sentence() -> None:
    said = words.news()

    assert sorted(name for name in OURS if name not in said) == []


def test_no_sentence_is_about_an_event_that_is_not() -> None:
    assert sorted(name for name in words.news() if name.partition(":")[0] not in OURS) == []


def test_a_sentence_names_only_what_the_event_holds() -> None:
    import re

    for name, text in words.news().items():
        event = OURS[name.partition(":")[0]]
        wanted = set(re.findall(r"%\((\w+)\)", str(text)))
        assert wanted <= set(event.__dataclass_fields__) | {"by", "about", "place"}, name


def _lifecycles() -> list[Lifecycle]:
    found = []
    for path in sorted(PACKAGE.glob("*/*/lifecycle.py")):
        name = ".".join(("qianan", *path.relative_to(PACKAGE).with_suffix("").parts))
        found += [each for each in vars(importlib.import_module(name)).values() if isinstance(each, Lifecycle)]
    return found


def test_every_state_has_a_word() -> None:
    labels = words.labels()
    missing = [
        f"{life.noun}.state.{state}"
        for life in _lifecycles()
        for state in life.states
        if f"{life.noun}.state.{state}" not in labels
    ]
    assert missing == []


@pytest.mark.parametrize("page", list(drawing.PAGES))
def test_the_drawn_pages_are_fresh(page: str) -> None:
    assert (drawing.FOLDER / page).read_text() == drawing.PAGES[page](), f"{page} is stale: ./qianan draw-docs"
