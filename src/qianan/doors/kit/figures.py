"""Figures on a page: numbers in words, sparklines, lines, bars, calendars. Shapes for the partials in templates/kit.

A figure never stands alone: whoever makes a `Stat` must give its denominator and the address of its records.
Everything here is plain arithmetic on values that the queries have already found; nothing is fetched.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from qianan.doors.kit import dates


def number(value: float | Decimal | None) -> str:
    """93,058 in either language; a dash when nobody counted."""
    if value is None:
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def percent(part: float, whole: float) -> str:
    """18.5% of a whole; a dash when there is no whole, since a share of nothing is no number."""
    return f"{100 * part / whole:.1f}%" if whole else "—"


def width(part: float, whole: float) -> str:
    """The css class of a bar this long, w0 … w100 (CSP forbids style attributes). Never 0 for something."""
    if not whole or part <= 0:
        return "w0"
    return f"w{max(1, min(100, round(100 * part / whole)))}"


@dataclass(frozen=True)
class Spark:
    """A small line without axes, 88 × 28: `d` its path, (x, y) the last point."""

    d: str
    x: float
    y: float


def spark(values: Sequence[float | None]) -> Spark | None:
    """The sparkline of a series, oldest first. None for less than two points."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    spread = (high - low) or 1
    step = 88 / (len(values) - 1)
    points = [
        (round(index * step, 1), round(26 - 22 * (value - low) / spread, 1))
        for index, value in enumerate(values)
        if value is not None
    ]
    if high == low:
        points = [(x, 14.0) for x, _y in points]
    d = "M" + "L".join(f"{x} {y}" for x, y in points)
    return Spark(d=d, x=points[-1][0], y=points[-1][1])


@dataclass(frozen=True)
class Stat:
    """A number with its birth certificate: what, how many, of how many (in words), where its records are."""

    label: str
    value: str
    of: str
    url: str
    spark: Spark | None = None
    hatch: bool = False


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """One series of a chart. `last` and `label_y` place the figure printed at its end."""

    name: str
    d: str
    x: float
    y: float
    label_y: float
    last: str
    values: tuple[tuple[str, str], ...]
    now: bool = True


@dataclass(frozen=True)
class Lines:
    """A chart of shares over time, 420 × 138, drawn by the server. `alt` says it in words; `rows` is its table."""

    lines: tuple[Line, ...]
    ys: tuple[Tick, ...]
    xs: tuple[Tick, ...]
    alt: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]


LEFT, RIGHT, TOP, BOTTOM = 34.0, 376.0, 14.0, 114.0


def lines(series: Sequence[tuple[str, Sequence[float | None]]], labels: Sequence[str], *, what: str) -> Lines | None:
    """Shares (0…1) per label, oldest first; the first series is "now", the others are drawn dashed.

    None when the first series has fewer than two known points: two make a line, one makes a rumour.
    """
    known = [value for _name, values in series for value in values if value is not None]
    first = [(index, value) for index, value in enumerate(series[0][1]) if value is not None] if series else []
    if len(first) < 2:
        return None
    step = 0.1 if max(known) - min(known) <= 0.5 else 0.2
    low = int(min(known) / step) * step
    high = max(low + step, -(-max(known) // step) * step)
    ys = []
    grid = low
    while grid <= high + 1e-9:
        ys.append(Tick(round(_y(grid, low, high), 1), f"{100 * grid:.0f}%"))
        grid += step
    dx = (RIGHT - LEFT) / max(1, len(labels) - 1)
    drawn: list[Line] = []
    for order, (name, values) in enumerate(series):
        points = [
            (round(LEFT + dx * index, 1), round(_y(value, low, high), 1))
            for index, value in enumerate(values)
            if value is not None
        ]
        if len(points) < 2:
            continue
        last = next(value for value in reversed(list(values)) if value is not None)
        label_y = points[-1][1] + 4
        if drawn and abs(label_y - drawn[0].label_y) < 13:
            label_y = drawn[0].label_y + (13 if label_y >= drawn[0].label_y else -13)
        drawn.append(
            Line(
                name=name,
                d="M" + "L".join(f"{x} {y}" for x, y in points),
                x=points[-1][0],
                y=points[-1][1],
                label_y=round(label_y, 1),
                last=f"{100 * last:.1f}%",
                values=tuple(
                    (label, "—" if value is None else f"{100 * value:.1f}%")
                    for label, value in zip(labels, values, strict=True)
                ),
                now=order == 0,
            )
        )
    every = max(1, (len(labels) - 1) // 3)
    shown = sorted({*range(0, len(labels) - every, every), len(labels) - 1})
    xs = tuple(Tick(round(LEFT + dx * index, 1), labels[index]) for index in shown)
    least, most = min(first, key=lambda each: each[1]), max(first, key=lambda each: each[1])
    alt = _(
        "%(what)s: first %(first)s, last %(last)s; lowest %(low)s in %(low_at)s, highest %(high)s in %(high_at)s"
    ) % {
        "what": what,
        "first": f"{100 * first[0][1]:.1f}%",
        "last": f"{100 * first[-1][1]:.1f}%",
        "low": f"{100 * least[1]:.1f}%",
        "low_at": labels[least[0]],
        "high": f"{100 * most[1]:.1f}%",
        "high_at": labels[most[0]],
    }
    rows = tuple(
        (label, tuple(line.values[index][1] for line in drawn)) for index, label in reversed(list(enumerate(labels)))
    )
    return Lines(lines=tuple(drawn), ys=tuple(ys), xs=xs, alt=alt, rows=rows)


def _y(value: float, low: float, high: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * (value - low) / ((high - low) or 1)


@dataclass(frozen=True)
class Crumb:
    """A rung of the place trail. The last one, without address, is the present page."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    count: str = ""
    current: bool = False


@dataclass(frozen=True)
class Part:
    """A piece of a stacked bar: `width` a class w0…w100, `mark` its css (o, s2, s3, hatch)."""

    mark: str
    width: str


def stacked(*pieces: tuple[str, int]) -> tuple[Part, ...]:
    """A bar cut in proportion: ("hatch", 3), ("s2", 11) …; nothing is drawn for zero."""
    whole = sum(count for _mark, count in pieces)
    return tuple(Part(mark, width(count, whole)) for mark, count in pieces if count)


@dataclass(frozen=True)
class HeatCell:
    """One day of the calendar strip: d on time, l late, m missed, n owed today, x nothing owed, e outside."""

    mark: str
    title: str


@dataclass(frozen=True)
class HeatMonth:
    label: str
    span: str


@dataclass(frozen=True)
class Heat:
    """Weeks as columns, Monday on top. `says` is the sentence with the totals; `months` label the columns."""

    cells: tuple[HeatCell, ...]
    months: tuple[HeatMonth, ...]
    says: str
    alt: str


def heat(marks: Mapping[date, str], *, since: date, until: date, says: str, alt: str, words: Mapping[str, str]) -> Heat:
    """The calendar strip between two days, both included, padded to whole weeks.

    `marks` gives d, l, m or n per day; days without one owe nothing. `words` says what each mark means.
    """
    first = since - timedelta(days=since.weekday())
    last = until + timedelta(days=6 - until.weekday())
    cells: list[HeatCell] = []
    months: list[tuple[str, int]] = []
    each = first
    while each <= last:
        inside = since <= each <= until
        mark = marks.get(each, "x") if inside else "e"
        said = words.get(mark, "")
        title = (f"{dates.day(each)} {said}" if said else dates.day(each)) if inside else ""
        cells.append(HeatCell(mark, title))
        if each.weekday() == 0:
            label = _month(each)
            if months and months[-1][0] == label:
                months[-1] = (label, months[-1][1] + 1)
            else:
                months.append((label, 1))
        each += timedelta(days=1)
    return Heat(
        cells=tuple(cells),
        months=tuple(HeatMonth(label if weeks > 1 else "", f"c{min(weeks, 6)}") for label, weeks in months),
        says=says,
        alt=alt,
    )


def _month(at: date) -> str:
    return f"{at.month}月" if dates.in_chinese() else dates.MONTHS[at.month - 1]


@dataclass(frozen=True)
class MatrixCell:
    """Who answers here: `name` and a line beneath; `gap` when nobody does, with words for it."""

    name: str
    note: str = ""
    url: str = ""
    gap: str = ""


@dataclass(frozen=True)
class MatrixRow:
    head: str
    cells: tuple[MatrixCell, ...]
    note: str = ""


@dataclass(frozen=True)
class Matrix:
    heads: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    says: str = ""


@dataclass(frozen=True)
class Rung:
    """A step of the board's ladder: how many stand there, and where to read them."""

    label: str
    count: str
    note: str
    url: str


@dataclass(frozen=True)
class Filled:
    """A list of anything for a definition list: term, words, address."""

    term: str
    words: str
    url: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Effect:
    """What a bulk act would do, said before it is done."""

    reached: int
    skipped: tuple[tuple[str, int], ...] = field(default_factory=tuple)


def total(counts: Iterable[int | None]) -> int:
    return sum(count or 0 for count in counts)
