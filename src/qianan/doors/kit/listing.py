"""Lists: what was asked for in the address, and the table, filters and pager that answer it.

The URL is the state: every filter, the order and the page stand in it. Whatever cannot be read is left out rather
than refused: an address is often typed or cut short, and a list is still a good answer.
"""

import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from qianan.doors.kit import dates, figures, words

PAGE = 50
"""Rows of a page. The number of queries does not depend on it."""

DEEPEST = 2000
"""The last page that is looked up; nobody reads a hundred thousand rows, they filter."""


def tidy(text: str, *, longest: int = 80) -> str:
    """What somebody typed into an address, without control characters (a database refuses NUL) and not too long."""
    kept = "".join(char for char in text if unicodedata.category(char)[0] != "C")
    return " ".join(kept.split())[:longest]


def uuid_in(text: str) -> uuid.UUID | None:
    """The UUID in this text, or None."""
    try:
        return uuid.UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None


@dataclass(frozen=True)
class Asked:
    """What a list was asked for: `values` of the filters that are set, the order, the page."""

    path: str
    values: Mapping[str, str]
    order: str
    page: int

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def query(self) -> str:
        """The filters alone, as they would stand in an address."""
        query = QueryDict(mutable=True)
        query.update(dict(self.values))
        return query.urlencode()

    def url(self, **changed: str | int | None) -> str:
        """The same list with some filters changed; None or "" takes one away. Another filter starts at page one."""
        query = QueryDict(mutable=True)
        merged: dict[str, Any] = {**self.values, "order": self.order, **changed}
        if "page" not in changed:
            merged.pop("page", None)
        for name, value in merged.items():
            if value not in {None, ""}:
                query[name] = str(value)
        return f"{self.path}?{query.urlencode()}" if query else self.path


Rule = Iterable[str] | Callable[[str], bool] | None


def asked(request: HttpRequest, allowed: Mapping[str, Rule]) -> Asked:
    """Read the address of a request; see `asked_in`."""
    return asked_in(request.GET, request.path, allowed)


def asked_in(query: QueryDict, path: str, allowed: Mapping[str, Rule]) -> Asked:
    """Read an address. `allowed` gives the filters: the values it may take, a test, or None for free text.

    A value that is not allowed is as if it had not been given.
    """
    values: dict[str, str] = {}
    for name, rule in allowed.items():
        value = tidy(query.get(name) or "")
        if not value:
            continue
        if rule is None or (rule(value) if callable(rule) else value in rule):
            values[name] = value
    number = query.get("page") or "1"
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    return Asked(
        path=path,
        values=values,
        order=tidy(query.get("order") or "", longest=20),
        page=min(max(page, 1), DEEPEST),
    )


@dataclass(frozen=True)
class Option:
    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Choice:
    """One filter: its name in words, what is chosen ("" = all), its options, and the address without it."""

    label: str
    chosen: str
    clear: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Filters:
    action: str
    text: str
    search_label: str
    hidden: tuple[tuple[str, str], ...]
    choices: tuple[Choice, ...]
    active: bool
    says: str


def choice(ask: Asked, name: str, label: str, options: Sequence[tuple[str, str]]) -> Choice:
    """A filter of the address as a row of links. `options` are (value, words)."""
    value = ask.get(name)
    said = dict(options)
    return Choice(
        label=label,
        chosen=said.get(value, value) if value else "",
        clear=ask.url(**{name: None}),
        options=tuple(Option(text, ask.url(**{name: code}), code == value) for code, text in options),
    )


def filters(
    ask: Asked, choices: Sequence[Choice], *, search: str, says: str, fixed: Iterable[str] = ("tab",)
) -> Filters:
    """The row of filters. `fixed` are values of the address that are no filter (the tab) and are never cleared."""
    keep = {name: ask.get(name) for name in fixed if ask.get(name)}
    query = QueryDict(mutable=True)
    query.update(keep)
    return Filters(
        action=f"{ask.path}?{query.urlencode()}" if keep else ask.path,
        text=ask.get("q"),
        search_label=search,
        hidden=tuple(
            (name, value) for name, value in [*ask.values.items(), ("order", ask.order)] if value and name != "q"
        ),
        choices=tuple(choices),
        active=any(name not in keep for name in ask.values),
        says=says,
    )


@dataclass(frozen=True)
class Column:
    """`key` "" cannot be sorted by. `quiet` = its title is for screen readers only."""

    label: str
    key: str = ""
    num: bool = False
    css: str = ""
    quiet: bool = False
    url: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Cell:
    kind: str
    value: Any
    url: str = ""
    note: str = ""
    css: str = ""
    extra: Any = None


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    pick: str = ""
    name: str = ""
    picked: bool = False


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    dense: bool = True
    pick: str = ""
    foot: tuple[Cell, ...] = ()
    keys: bool = False


@dataclass(frozen=True)
class Pager:
    says: str
    previous: str
    next: str
    total: int


@dataclass(frozen=True)
class Order:
    """The order of a list: what the address asked for, as `order_by` fields, and its columns with their links."""

    key: str
    down: bool
    fields: tuple[str, ...]


def order_of(ask: Asked, allowed: Mapping[str, tuple[str, ...]], *, first: str) -> Order:
    """Which of the allowed orders is asked for (`-late` = descending). `first` when none or an unknown one is.

    `allowed` maps a key to its `order_by` fields, ascending; the last field makes it total.
    """
    key = ask.order.removeprefix("-")
    down = ask.order.startswith("-")
    if key not in allowed:
        key, down = first.removeprefix("-"), first.startswith("-")
    *most, last = allowed[key]
    flipped = tuple(_flip(each) if down else each for each in most)
    return Order(key, down, (*flipped, last))


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def sorted_by(columns: Sequence[Column], ask: Asked, order: Order) -> tuple[Column, ...]:
    """The columns with the links that sort by them; the one sorted by says its direction."""
    out = []
    for column in columns:
        if not column.key:
            out.append(column)
            continue
        current = column.key == order.key
        wanted = column.key if current and order.down else f"-{column.key}"
        direction = ("descending" if order.down else "ascending") if current else ""
        out.append(
            Column(column.label, column.key, column.num, column.css, column.quiet, ask.url(order=wanted), direction)
        )
    return tuple(out)


def page_of(rows: Any, ask: Asked, *, size: int = PAGE, total: int | None = None) -> tuple[list[Any], Pager]:
    """The rows of the page asked for, and its pager. Two queries, one when the total is known.

    A page beyond the end shows the last one.
    """
    count = rows.count() if total is None else total
    last = max(1, -(-count // size))
    page = min(ask.page, last)
    start = (page - 1) * size
    found = list(rows[start : start + size]) if count else []
    says = (
        _("%(first)s–%(last)s of %(total)s")
        % {
            "first": figures.number(start + 1),
            "last": figures.number(start + len(found)),
            "total": figures.number(count),
        }
        if found
        else _("none")
    )
    return found, Pager(
        says=says,
        previous=ask.url(page=page - 1 if page > 2 else None) if page > 1 else "",
        next=ask.url(page=page + 1) if page < last else "",
        total=count,
    )


def count_each(**sets: QuerySet[Any]) -> dict[str, int]:
    """How many rows each of these querysets has, in one statement."""
    parts = [
        rows.order_by().annotate(which=Value(name, CharField())).values("which").annotate(n=Count("*"))
        for name, rows in sets.items()
    ]
    first, *others = parts
    found = first.union(*others, all=True) if others else first
    return dict.fromkeys(sets, 0) | {row["which"]: row["n"] for row in found}


# -- cells ------------------------------------------------------------------------


def text(value: object, *, note: str = "", css: str = "") -> Cell:
    return Cell("text", "—" if value in {None, ""} else value, note=note, css=css)


def quiet(value: object, *, css: str = "mut") -> Cell:
    return Cell("text", "—" if value in {None, ""} else value, css=css)


def blank() -> Cell:
    """Nothing stands here, and nothing is missing either: the foot of a bar, an act that is not open."""
    return Cell("text", "")


def link(value: str, url: str, *, note: str = "", css: str = "") -> Cell:
    return Cell("link", value, url=url, note=note, css=css) if url else Cell("text", value, note=note, css=css)


def num(value: float | str | None, *, url: str = "", mut: bool = False) -> Cell:
    said = value if isinstance(value, str) else figures.number(value)
    return Cell("count", said, url=url, css="num mut" if mut else "num")


def late(days: int, *, note: str = "") -> Cell:
    """So many days late: hatched, with the word; a dash when it is not."""
    if days < 0:
        return Cell("text", "—", note=note)
    return Cell("late", days_late(days), note=note)


def days_late(days: int) -> str:
    """3 天 / 3 days; under one day in words."""
    from django.utils.translation import ngettext

    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days} if days else _("under a day")


def level(code: str) -> Cell:
    return Cell("level", code)


def state(code: str, *, key: str = "hazard.state", days_late: int = 0) -> Cell:
    """How far it has come: moon and word. `key` names the lifecycle the word belongs to."""
    return Cell("state", code, note=key, extra=days_late)


def rung(number: int, *, late: bool = True) -> Cell:
    """How far up the ladder: four bars and the word."""
    return Cell("rung", words.label("duty.rung", number), extra=number + 1 if late else 0, css="nw")


def share(part: float, whole: float, *, hatch: bool = False) -> Cell:
    return Cell("bar", figures.width(part, whole), extra=hatch, css="col-bar")


def stack(*pieces: tuple[str, int]) -> Cell:
    return Cell("stack", figures.stacked(*pieces), css="col-wide")


def tag(value: str) -> Cell:
    return Cell("tag", value) if value else Cell("text", "—")


def gap(value: str, *, note: str = "") -> Cell:
    """An empty place, hatched and said in words."""
    return Cell("gap", value, note=note)


def act(value: str, url: str) -> Cell:
    return Cell("act", value, url=url)


def day(value: Any) -> Cell:
    return Cell("text", dates.day(value), css="mut nw")


def when(value: Any) -> Cell:
    return Cell("text", dates.when(value), css="mut nw")


@dataclass(frozen=True)
class Act:
    """A bulk act: `name` is what is sent, `key` the letter that does it from the keyboard."""

    name: str
    label: str
    icon: str
    first: bool = False
    key: str = ""


@dataclass(frozen=True)
class Bulk:
    action: str
    acts: tuple[Act, ...]
    total: str = ""
    hidden: tuple[tuple[str, str], ...] = field(default_factory=tuple)
