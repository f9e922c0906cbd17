"""The words of the rooms, as each room's file here gives them: PROBLEMS, NEWS, LABELS by stable code.

A code without words is said in general terms, never shown bare; a house test finds what is missing.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from qianan.kernel.problems import InvalidMany, Problem

YES_NO = {True: pgettext_lazy("answer", "yes"), False: pgettext_lazy("answer", "no")}
GENERAL = {
    "not_found": gettext_lazy("There is nothing here, or nothing that you may see."),
    "not_yours": gettext_lazy("You can see this, but doing it belongs to somebody else."),
    "not_now": gettext_lazy("This cannot be done at this stage. Look at the page again: it may have moved on."),
    "conflict": gettext_lazy("Somebody was quicker, or this was sent before with other content. Nothing was changed."),
    "invalid": gettext_lazy("Something in what you sent is not right. Please look it over and send it again."),
    "too_large": gettext_lazy("That is more than can be taken at once. Send less, or smaller pictures."),
    "too_many": gettext_lazy("Too often in a short time. Wait a little, then try again."),
    "unavailable": gettext_lazy("The system is busy and kept nothing of this. Try again in a minute."),
    "problem": gettext_lazy("This could not be done."),
}
"""What is said of a family when a code has no words of its own."""


@cache
def _collected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in iter_modules(__path__):
        found.update(getattr(import_module(f"{__name__}.{module.name}"), name, {}))
    return found


def problems() -> Mapping[str, Any]:
    """Code → words (lazy), of all rooms."""
    return _collected("PROBLEMS")


def news() -> Mapping[str, Any]:
    """`<room>.<Event>` → sentence (lazy), of all rooms."""
    return _collected("NEWS")


def labels() -> Mapping[str, Any]:
    """`<noun>.<field>.<value>` → word (lazy), of all rooms."""
    return _collected("LABELS")


class _Said(dict[str, Any]):
    """Params for words: what is missing is a dash, never an error."""

    def __missing__(self, key: str) -> str:
        return "—"


def fill(text: object, params: Mapping[str, Any]) -> str:
    """Put params into words; a param that was not given is a dash."""
    return str(text) % _Said(params) if "%" in str(text) else str(text)


def label(key: str, value: object = None) -> str:
    """The word for a code: `label("hazard.state", "found")` or `label("hazard.state.found")`."""
    if value is not None:
        if isinstance(value, bool):
            return str(labels().get(f"{key}.{str(value).lower()}", YES_NO[value]))
        key = f"{key}.{value}"
    found = labels().get(key)
    return str(found) if found is not None else key.rsplit(".", 1)[-1].replace("_", " ")


def say_problem(problem: Problem) -> str:
    """What happened and what to do, in the reader's language; never a bare code."""
    said = problems().get(problem.code)
    if said is None:
        said = GENERAL.get(problem.family, GENERAL["problem"])
    return fill(said, {key: _shown(key, value) for key, value in problem.params.items()})


def say_all(problem: Problem) -> list[tuple[str, str]]:
    """(where, words) for each thing that is wrong."""
    if isinstance(problem, InvalidMany):
        return [(each.where, say_problem(each)) for each in problem.problems]
    return [(problem.where, say_problem(problem))]


def _shown(key: str, value: Any) -> Any:
    from qianan.doors.kit import dates

    if isinstance(value, bool):
        return str(YES_NO[value])
    if hasattr(value, "isoformat"):
        return dates.when(value)
    if key in {"bytes", "max_bytes", "limit_bytes"} and isinstance(value, int):
        return _("%(size)s MB") % {"size": round(value / 1_048_576, 1)}
    if isinstance(value, (list, tuple, set, frozenset)):
        return "、".join(map(str, value)) if dates.in_chinese() else ", ".join(map(str, value))
    return value
