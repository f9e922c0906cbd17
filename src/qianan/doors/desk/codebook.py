"""The code tables as they hold today (码表): each row with edition, source and whether it was verified.

Read only: a table is changed by loading a file (`./qianan load-codebook`), so that every change has its source.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_GET

from qianan.doors.desk import lists
from qianan.doors.kit import dates, figures, listing, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.listing import Cell, Column
from qianan.doors.kit.templatetags.kit import described, named
from qianan.ground.codebook import queries
from qianan.kernel.problems import NotFound


def unit(code: str) -> str:
    return {
        "calendar": _("calendar days"),
        "working": _("working days"),
        "hours": _("hours"),
    }.get(code, code)


def _line(code: str) -> str:
    return {"territory": _("territory"), "industry": _("industry"), "business": _("inside the business")}.get(
        code, code
    )


def _any(value: str, said: Callable[[str], str]) -> str:
    return said(value) if value and value not in {"any", "*"} else pgettext("filter", "any")


@dataclass(frozen=True)
class Shown:
    """How one table is shown: its title, what it is for, its columns and the cells of a row."""

    title: Any
    about: Any
    columns: Callable[[], Sequence[Column]]
    cells: Callable[[Any], Sequence[Cell]]


def wide(value: object, note: str = "") -> Cell:
    return listing.text(value, note=note, css="wrap")


TABLES: dict[str, Shown] = {
    "deadlines": Shown(
        gettext_lazy("Deadlines"),
        gettext_lazy("How long each kind of duty may take."),
        lambda: [Column(_("Kind of duty")), Column(_("Level")), Column(_("Allowed"), num=True), Column(_("Ground"))],
        lambda row: [
            listing.text(words.label("duty.kind", row.applies_to)),
            listing.text(_any(row.level, lambda code: words.label("hazard.level", code))),
            listing.num(f"{row.days} {unit(row.unit)}"),
            wide(described(row, "basis")),
        ],
    ),
    "ladder": Shown(
        gettext_lazy("Ladder"),
        gettext_lazy("Who is told how long after a deadline has passed."),
        lambda: [
            Column(_("Kind of duty")),
            Column(_("Level")),
            Column(_("Rung")),
            Column(_("After the deadline"), num=True),
            Column(_("Along")),
            Column(_("Ground")),
        ],
        lambda row: [
            listing.text(words.label("duty.kind", row.duty_kind)),
            listing.text(_any(row.level, lambda code: words.label("hazard.level", code))),
            listing.rung(row.rung),
            listing.num(f"{row.after_days} {unit(row.unit)}"),
            listing.text(_line(row.line)),
            wide(described(row, "basis")),
        ],
    ),
    "frequencies": Shown(
        gettext_lazy("Frequencies"),
        gettext_lazy("How often a list is owed, until when, with how many hours of grace."),
        lambda: [
            Column(_("List")),
            Column(_("Trade")),
            Column(_("Tier")),
            Column(_("How often")),
            Column(_("Until")),
            Column(_("Grace"), num=True),
            Column(_("Ground")),
        ],
        lambda row: [
            listing.text(row.checklist or pgettext("filter", "any")),
            listing.text(_any(row.venue, lists.trade_name)),
            listing.text(_any(row.tier, lists.tier_name)),
            listing.text(words.label("frequency", row.frequency)),
            listing.text(f"{row.due_time:%H:%M}"),
            listing.num(_("%(n)s h") % {"n": row.grace_hours}),
            wide(described(row, "basis")),
        ],
    ),
    "criteria": Shown(
        gettext_lazy("Major-hazard criteria"),
        gettext_lazy("The clauses against which a hazard is rated major."),
        lambda: [Column(_("Standard")), Column(_("Clause")), Column(_("Sector")), Column(_("Text"))],
        lambda row: [
            wide(described(row, "standard")),
            listing.text(row.clause),
            listing.text(row.sector),
            wide(named(row)),
        ],
    ),
    "law_clauses": Shown(
        gettext_lazy("Law"),
        gettext_lazy("Articles that the pages quote, in our own words."),
        lambda: [Column(_("Law")), Column(_("Article")), Column(_("Summary"))],
        lambda row: [wide(described(row, "law")), listing.text(row.article), wide(described(row, "summary"))],
    ),
    "departments": Shown(
        gettext_lazy("Departments"),
        gettext_lazy("The lines of government."),
        lambda: [Column(_("Code")), Column(_("Name"))],
        lambda row: [listing.text(row.code, css="mono"), listing.text(named(row))],
    ),
    "sector_departments": Shown(
        gettext_lazy("Trade to department"),
        gettext_lazy("Which department runs the safety of a trade: the longest industry code wins, a venue beats it."),
        lambda: [
            Column(_("Industry code")),
            Column(_("Trade")),
            Column(_("Department")),
            Column(_("As what")),
            Column(_("Ground")),
        ],
        lambda row: [
            wide(f"{row.industry} {_industry(row.industry)}" if row.industry else "—"),
            listing.text(lists.trade_name(row.venue)),
            listing.text(lists.line_name(row.department_id)),
            listing.text(words.label("oversight.duty_type", row.duty_type)),
            wide(described(row, "basis")),
        ],
    ),
    "calendar": Shown(
        gettext_lazy("Working calendar"),
        gettext_lazy("Days that differ from Monday to Friday; working-day deadlines count by it."),
        lambda: [Column(_("Day")), Column(_("Worked?")), Column(_("Name"))],
        lambda row: [
            listing.text(f"{dates.day(row.day, year=True)} {dates.weekday(row.day)}"),
            listing.text(_("working day") if row.is_workday else _("day off")),
            listing.text(named(row)),
        ],
    ),
    "terms": Shown(
        gettext_lazy("Terms"),
        gettext_lazy("Small lists of words: trades, hazard tags, tiers."),
        lambda: [Column(_("Kind")), Column(_("Code")), Column(_("Word"))],
        lambda row: [listing.text(row.kind), listing.text(row.code, css="mono"), listing.text(named(row))],
    ),
    "risk_scales": Shown(
        gettext_lazy("Risk scales"),
        gettext_lazy("Values and bands of the risk methods (LEC, matrix)."),
        lambda: [
            Column(_("Method")),
            Column(_("What")),
            Column(_("Value"), num=True),
            Column(_("From"), num=True),
            Column(_("To"), num=True),
            Column(_("Word")),
        ],
        lambda row: [
            listing.text(row.method),
            listing.text(row.factor or row.kind),
            listing.num(row.value),
            listing.num(row.low),
            listing.num(row.high),
            wide(named(row)),
        ],
    ),
    "industries": Shown(
        gettext_lazy("Industries"),
        gettext_lazy("GB/T 4754: sections, divisions, groups, classes."),
        lambda: [Column(_("Code")), Column(_("Name")), Column(_("Section"))],
        lambda row: [listing.text(row.code, css="mono"), wide(named(row)), listing.text(row.section)],
    ),
}


def _industry(code: str) -> str:
    found = queries.industry_names([code]).get(code)
    return named(found) if found else ""


def verified(row: Any) -> Cell:
    """The mark that every row of law carries: read at its source, or not yet."""
    return Cell("mark", _("verified"), extra=True) if row.verified else Cell("mark", _("not verified"), extra=False)


def birth(row: Any) -> list[Cell]:
    """Edition, dates, source and mark: the last columns of every table."""
    until = f" – {dates.day(row.until, year=True)}" if row.until else ""
    return [
        wide(row.edition, note=f"{dates.day(row.since, year=True)}{until}" if row.since else ""),
        wide(row.source),
        verified(row),
    ]


def _words_of(row: Any) -> str:
    """What is written in a row, for the search: its words and codes, not its key."""
    return "\n".join(value for value in vars(row).values() if isinstance(value, str)).lower()


@officers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All code tables: how many rows, how many of them not verified, loaded from which file and when."""
    actor = actor_of(request)
    files = {each.table: each for each in queries.loaded_files()}
    shown = []
    for name, table_ in TABLES.items():
        rows = queries.rows_of(name)
        unverified = sum(not row.verified for row in rows)
        loaded = files.get(name)
        shown.append(
            listing.Row(
                cells=(
                    listing.link(str(table_.title), reverse("desk:code_table", args=[name]), note=str(table_.about)),
                    listing.num(len(rows)),
                    listing.num(
                        unverified,
                        url=f"{reverse('desk:code_table', args=[name])}?verified=no" if unverified else "",
                    ),
                    listing.when(loaded.at) if loaded else listing.quiet("—"),
                    listing.text(loaded.digest[:12] if loaded else "—", css="mono mut"),
                )
            )
        )
    whole = listing.Table(
        columns=(
            Column(_("Table")),
            Column(_("Rows"), num=True),
            Column(_("Not verified"), num=True),
            Column(_("Loaded")),
            Column(_("Fingerprint of the file")),
        ),
        rows=tuple(shown),
        caption=_("Code tables"),
    )
    return lists.show_list(
        request,
        actor,
        title=_("Code tables"),
        says=_("What the city has laid down. A row that was not read at its source is marked wherever it is shown."),
        table=whole,
        pager=listing.Pager(says=_("%(n)s tables") % {"n": len(shown)}, previous="", next="", total=len(shown)),
        empty=lists.Empty(_("No code table is loaded"), _("Run ./qianan load-codebook on the server.")),
    )


@officers
@require_GET
def table(request: HttpRequest, table: str) -> HttpResponse:
    """One code table, searchable, unverified rows marked."""
    actor = actor_of(request)
    if table not in TABLES:
        raise NotFound("no_such_table", table=table)
    shown = TABLES[table]
    ask = listing.asked(request, {"q": None, "verified": {"yes", "no"}})
    rows = queries.rows_of(table)
    if ask.get("verified"):
        rows = [row for row in rows if row.verified == (ask.get("verified") == "yes")]
    if text := ask.get("q").lower():
        rows = [row for row in rows if text in _words_of(row)]
    total = len(rows)
    found, pager = listing.page_of(rows, ask, total=total)
    return lists.show_list(
        request,
        actor,
        title=str(shown.title),
        says=str(shown.about),
        table=listing.Table(
            columns=(*shown.columns(), Column(_("Edition, in force")), Column(_("Source")), Column(_("Mark"))),
            rows=tuple(listing.Row(cells=(*shown.cells(row), *birth(row))) for row in found),
            caption=str(shown.title),
            keys=True,
        ),
        pager=pager,
        filters=listing.filters(
            ask,
            [listing.choice(ask, "verified", _("Mark"), [("yes", _("verified")), ("no", _("not verified"))])],
            search=_("Any word of a row"),
            says=ngettext("%(n)s row", "%(n)s rows", total) % {"n": figures.number(total)},
        ),
        crumbs=[Crumb(_("Code tables"), reverse("desk:codebook")), Crumb(str(shown.title))],
        empty=lists.Empty(_("This table is empty"), _("Load it with ./qianan load-codebook on the server.")),
    )
