"""Help for every page: what it is for, what to do first, what happens then. Keyed by door and page (`phone.home`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Help:
    """One page's help, in words put into the reader's language when it is shown. `first` are steps, in order."""

    title: Any
    what: Any
    first: tuple[Any, ...] = ()
    then: Any = ""


DOORS = ("phone", "desk", "kit")


@cache
def pages(door: str) -> Mapping[str, Help]:
    """Page → help of one door, in the order in which a newcomer meets them."""
    found: Mapping[str, Help] = import_module(f"{__name__}.{door}").PAGES
    return found


def help_of(door: str, page: str) -> Help | None:
    """The help of a page; a page without its own has that of its noun (`hazard_trail` → `hazard`)."""
    if door not in DOORS:
        return None
    known = pages(door)
    while page:
        if page in known:
            return known[page]
        page = page.rpartition("_")[0]
    return None
