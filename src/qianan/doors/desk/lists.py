"""One shape for every work list: tabs, filters in the address, a dense table, a pager, and acts on many rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from qianan.doors.desk import frame
from qianan.doors.kit import words
from qianan.doors.kit.figures import Crumb, Tab
from qianan.doors.kit.listing import Asked, Bulk, Choice, Filters, Pager, Table, choice
from qianan.doors.kit.maps import short
from qianan.doors.kit.templatetags.kit import named
from qianan.ground.codebook import queries as codebook
from qianan.ground.places import queries as places
from qianan.kernel.actor import Actor


@dataclass(frozen=True)
class Empty:
    """What an empty list says: good (nothing is wrong) or what to do first; `filtered` is found out by the page."""

    title: str
    words: str
    url: str = ""
    label: str = ""
    good: bool = False


@dataclass(frozen=True)
class Button:
    label: str
    url: str
    icon: str = ""
    do: bool = False


def show_list(
    request: HttpRequest,
    actor: Actor,
    *,
    title: str,
    table: Table,
    pager: Pager,
    empty: Empty,
    filters: Filters | None = None,
    crumbs: Iterable[Crumb] = (),
    tabs: Sequence[Tab] = (),
    bulk: Bulk | None = None,
    buttons: Sequence[Button] = (),
    says: str = "",
) -> HttpResponse:
    """A work list in its frame. `says` is a sentence under the title: what these rows are, counted how."""
    return frame.show(
        request,
        "desk/list.html",
        {
            "table": table,
            "pager": pager,
            "filters": filters,
            "tabs": tabs,
            "bulk": bulk,
            "empty": empty,
            "buttons": buttons,
            "says": says,
        },
        actor=actor,
        title=title,
        crumbs=crumbs,
    )


# -- filters that many lists have ---------------------------------------------------


def is_place(actor: Actor) -> Any:
    """Whether a code in the address is a place that the actor reaches."""
    return lambda code: frame.may_see_place(actor, code) and places.place(code) is not None


def place_choice(ask: Asked, actor: Actor, *, on: date) -> Choice:
    """The places one rung below the one chosen (or below the actor's own); what is chosen can be taken away."""
    chosen = ask.get("place")
    root = frame.root_of(actor)
    options = [(place.code, named(place)) for place in places.children_of(root, on=on)]
    found = choice(ask, "place", LEVEL_WORDS(frame.DEEPER.get(frame.level_of(root), "community")), options)
    if chosen and not found.chosen.strip(chosen):
        return found
    if chosen and (place := places.place(chosen)) is not None:
        return Choice(found.label, named(place), found.clear, found.options)
    return found


def LEVEL_WORDS(level: str) -> str:  # noqa: N802  a table of words, asked like one
    return {
        "city": _("City"),
        "district": _("District"),
        "street": _("Sub-district"),
        "community": _("Community"),
        "business": _("Business"),
    }[level]


def trade_choice(ask: Asked) -> Choice:
    return choice(ask, "trade", _("Trade"), [(term.key, named(term)) for term in codebook.terms("venue")])


def line_choice(ask: Asked) -> Choice:
    return choice(ask, "line", _("Department"), [(each.code, named(each)) for each in codebook.departments()])


def tier_choice(ask: Asked) -> Choice:
    return choice(ask, "tier", _("Tier"), [(term.key, named(term)) for term in codebook.terms("tier")])


def label_choice(ask: Asked, name: str, title: str, key: str, values: Iterable[str]) -> Choice:
    """A filter whose options are the words of a code: states, levels, kinds."""
    return choice(ask, name, title, [(value, words.label(key, value)) for value in values])


def trades() -> set[str]:
    return {term.key for term in codebook.terms("venue")}


def lines() -> set[str]:
    return {each.code for each in codebook.departments()}


def tiers() -> set[str]:
    return {term.key for term in codebook.terms("tier")}


def trade_name(code: str) -> str:
    """The word for a trade, or the code itself when the code tables do not know it."""
    return next((named(term) for term in codebook.terms("venue") if term.key == code), code or "—")


def tier_name(code: str) -> str:
    return next((named(term) for term in codebook.terms("tier") if term.key == code), code or "—")


def line_name(code: str) -> str:
    return next((named(each) for each in codebook.departments() if each.code == code), code)


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Each place's short name in the reader's language, street by preference: one query for all of them."""
    wanted = {code: code[:9] for code in codes}
    found = places.names_of(sorted(set(wanted.values())))
    from qianan.doors.kit import dates

    english = not dates.in_chinese()
    return {
        code: short(found[street].en if english else found[street].zh, english=english) if street in found else code
        for code, street in wanted.items()
    }
