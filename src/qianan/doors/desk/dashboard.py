"""The board of a place: who has not checked first, then coverage, hazards, what is overdue and how far it has climbed.

Each number is a link to its records. A place beneath the actor's own opens from its row, its tile, or the place trail.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, F, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from qianan.doors.desk import frame, lists, selfchecks
from qianan.doors.desk.businesses import hazard_row
from qianan.doors.kit import dates, figures, listing, maps, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Rung, Stat
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import named
from qianan.field.hazards import queries as hazards
from qianan.field.hazards.lifecycle import OPEN
from qianan.field.selfchecks import queries as checks
from qianan.ground.places import queries as places
from qianan.kernel.actor import Actor
from qianan.registry.businesses import queries as businesses
from qianan.registry.duties import queries as duties
from qianan.registry.duties.lifecycle import RUNGS

Sites = dict[tuple[UUID, UUID], Any]

WEEKS = 12
KEPT_SECONDS = 300
"""How long the chart of weeks is kept; it says when it was counted."""

SPANS = {"7": 7, "30": 30, "90": 90}
SHOWN = 6


@officers
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The board of the acting seat's own area."""
    actor = actor_of(request)
    root = frame.root_of(actor)
    if places.place(root) is None:
        return redirect("desk:businesses")
    return board(request, actor, root)


@officers
@require_GET
def place(request: HttpRequest, code: str) -> HttpResponse:
    """The board of a place within the actor's area."""
    actor = actor_of(request)
    return board(request, actor, frame.check_place(actor, code))


def board(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """One board, whatever the height of the place: the same questions, asked of its parts."""
    on, moment = frame.today(), now()
    span = SPANS.get(request.GET.get("days", ""), 30)
    since = selfchecks.since_of(span)
    level = frame.level_of(code)
    here = places.place(code)
    areas = checks.coverage(actor, place_code=code, by="place", since=since, on=on)
    whole = Whole.of(areas)
    built, trend, before = weeks_of(actor, code, on)
    found = Hazards.of(actor, code, moment)
    silent, majors = silent_rows(actor, code), major_rows(actor, code)
    sites = businesses.sites_by_ids(
        [(row["business_id"], row["site_id"]) for row in silent] + [(row.business_id, row.site_id) for row in majors]
    )
    where = lists.place_names([*(row["place"] for row in silent), *(row.place_code for row in majors)])
    context = {
        "place": here,
        "level": level,
        "span": span,
        "spans": [(days, listing.days_late(days), f"{request.path}?days={key}") for key, days in SPANS.items()],
        "stats": stats(code, whole, found, trend, span),
        "todo": todo(actor),
        "areas": area_table(areas, whole, code, span) if level != "community" else None,
        "map": area_map(areas, code, level, on) if level != "community" else None,
        "silent": silent_list(silent, sites, where, on),
        "silent_url": url("selfchecks", place=code),
        "chart": chart(trend, before, on),
        "built": built,
        "majors": major_list(majors, sites, where, moment),
        "majors_count": figures.number(found.majors),
        "majors_url": url("hazards", place=code, level="major"),
        "rungs": rungs(actor, code, moment),
        "overdue_url": url("duties", place=code),
        "hazard_table": found.table(code),
        "ages": found.age_rows(code),
        "sources": found.sources(code),
        "trades": trade_table(actor, code, since, on, span),
        "whole": whole,
    }
    return frame.show(
        request,
        "desk/board.html",
        context,
        actor=actor,
        title=_("%(place)s: safety board") % {"place": named(here)},
        crumbs=frame.place_crumbs(actor, code),
    )


def url(noun: str, **query: str | int) -> str:
    """A work list with its filters."""
    kept = {name: value for name, value in query.items() if value not in {None, ""}}
    return f"{reverse(f'desk:{noun}')}?{urlencode(kept)}" if kept else reverse(f"desk:{noun}")


# -- who has not checked --------------------------------------------------------------


@dataclass(frozen=True)
class Whole:
    """The sums over the areas of a board; a site lies in one area only, so they add up."""

    sites: int
    silent: int
    checked: int
    led: int
    never: int

    @classmethod
    def of(cls, areas: list[checks.Cover]) -> "Whole":
        return cls(
            sites=sum(each.sites for each in areas),
            silent=sum(each.silent for each in areas),
            checked=sum(each.checked for each in areas),
            led=sum(each.led for each in areas),
            never=sum(each.never for each in areas),
        )


def stats(code: str, whole: Whole, found: "Hazards", trend: list[checks.Week], span: int) -> list[Stat]:
    """The five numbers on top."""
    owed = ngettext("of %(n)s site that owes checks", "of %(n)s sites that owe checks", whole.sites) % {
        "n": figures.number(whole.sites)
    }
    days = listing.days_late(span)
    return [
        Stat(
            _("Silent: missed a check, nothing since"),
            figures.number(whole.silent),
            f"{owed}, {figures.percent(whole.silent, whole.sites)}",
            url("selfchecks", place=code),
            spark=figures.spark([week.missed for week in trend[:-1]]),
        ),
        Stat(
            _("No check within %(days)s") % {"days": days},
            figures.number(whole.sites - whole.checked),
            f"{owed}, {figures.percent(whole.sites - whole.checked, whole.sites)}",
            url("selfchecks", place=code, state="unchecked", days=span),
        ),
        Stat(
            _("Major hazards not closed"),
            figures.number(found.majors),
            ngettext("%(n)s of them overdue", "%(n)s of them overdue", found.late_majors)
            % {"n": figures.number(found.late_majors)},
            url("hazards", place=code, level="major"),
        ),
        Stat(
            _("Hazards overdue"),
            figures.number(found.late),
            _("of %(n)s not closed, %(share)s")
            % {"n": figures.number(found.open), "share": figures.percent(found.late, found.open)},
            url("hazards", place=code, overdue="yes"),
        ),
        Stat(
            _("Principals checked themselves within %(days)s") % {"days": days},
            figures.number(whole.led),
            f"{owed}, {figures.percent(whole.led, whole.sites)}",
            url("selfchecks", place=code, state="led", days=span),
            spark=figures.spark([week.led for week in trend[:-1]]),
        ),
    ]


def area_table(areas: list[checks.Cover], whole: Whole, code: str, span: int) -> listing.Table:
    """Child areas, the most silent share on top, each with numerator and denominator."""
    ranked = sorted(areas, key=lambda each: (-(each.silent / each.sites if each.sites else 0), -each.silent, each.code))
    most = max((each.silent / each.sites for each in areas if each.sites), default=0)
    known = places.places(each.code for each in areas)

    def to(each: checks.Cover, **query: str | int) -> str:
        """The list behind a figure; none for sites whose place is no longer, or not more closely, known."""
        return url("selfchecks", place=each.code, **query) if each.code != code and each.code in known else ""

    def name(each: checks.Cover) -> listing.Cell:
        if each.code == code or each.code not in known:
            return listing.text(_("not more closely known"))
        return listing.link(maps.name_of(each.code, named(each)), reverse("desk:place", args=[each.code]))

    return listing.Table(
        columns=(
            listing.Column(lists.LEVEL_WORDS(frame.DEEPER[frame.level_of(code)])),
            listing.Column(_("Silent"), num=True),
            listing.Column(_("Owe checks"), num=True),
            listing.Column(_("Share silent; the highest fills the bar"), quiet=True, css="col-bar"),
            listing.Column(_("Silent share"), num=True, direction="descending"),
            listing.Column(_("Checked"), num=True),
            listing.Column(_("Never"), num=True),
            listing.Column(_("Led"), num=True),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    name(each),
                    listing.num(each.silent, url=to(each)),
                    listing.num(each.sites, url=to(each, state="all"), mut=True),
                    listing.share(each.silent / each.sites if each.sites else 0, most, hatch=True),
                    listing.num(figures.percent(each.silent, each.sites)),
                    listing.num(each.checked, url=to(each, state="checked", days=span)),
                    listing.num(each.never, url=to(each, state="never")),
                    listing.num(each.led, url=to(each, state="led", days=span)),
                )
            )
            for each in ranked
        ),
        caption=_("Who has not checked, by area"),
        foot=(
            listing.text(_("All")),
            listing.num(whole.silent, url=url("selfchecks", place=code)),
            listing.num(whole.sites, url=url("selfchecks", place=code, state="all")),
            listing.Cell("text", "", css="col-bar"),
            listing.num(figures.percent(whole.silent, whole.sites)),
            listing.num(whole.checked, url=url("selfchecks", place=code, state="checked", days=span)),
            listing.num(whole.never, url=url("selfchecks", place=code, state="never")),
            listing.num(whole.led, url=url("selfchecks", place=code, state="led", days=span)),
        ),
    )


def area_map(areas: list[checks.Cover], code: str, level: str, on: date) -> maps.Map | None:
    """All child areas of the place with their silent share, also those where nobody owes a check."""
    by_code = {each.code: each for each in areas}
    given = []
    for child in places.children_of(code, on=on):
        each = by_code.get(child.code)
        known = each is not None and each.sites > 0
        share = 100 * each.silent / each.sites if each is not None and known else None
        said = f"{share:.0f}%" if share is not None else "—"
        name = named(child)
        given.append(
            maps.Given(
                code=child.code,
                name=name,
                value=share,
                text=said,
                says=_("%(place)s: %(silent)s of %(sites)s sites silent")
                % {"place": name, "silent": each.silent, "sites": each.sites}
                if each is not None and known
                else _("%(place)s: no site owes checks") % {"place": name},
                url=reverse("desk:place", args=[child.code]),
            )
        )
    return maps.draw(given)


def silent_rows(actor: Actor, code: str) -> list[dict[str, Any]]:
    """The longest silences of a place, one row a site."""
    ask = listing.Asked(path="", values={"place": code}, order="", page=1)
    return list(selfchecks.chosen(actor, ask).order_by("quiet_since", "site_id")[:SHOWN])


def silent_list(rows: list[dict[str, Any]], sites: Sites, where: dict[str, str], on: date) -> list[dict[str, Any]]:
    """The longest silences, by name."""
    shown = []
    for row in rows:
        site = sites.get((row["business_id"], row["site_id"]))
        if site is None:
            continue
        last = dates.local(row["last"]) if row["last"] else None
        first = last.date() if isinstance(last, datetime) else row["owed"]
        shown.append(
            {
                "site": site,
                "where": where[row["place"]],
                "days": listing.days_late(max(1, (on - first).days)),
                "never": last is None,
            }
        )
    return shown


def weeks_of(actor: Actor, code: str, on: date) -> tuple[datetime, list[checks.Week], list[checks.Week]]:
    """The weeks up to this one, and the same a year earlier, with the moment at which they were counted.

    The chart shows whole weeks, which hardly change any more: what was counted is kept for some minutes, by the very
    seats that it was counted for.
    """
    reach = sorted((seat.role, seat.place_code, seat.line, str(seat.business)) for seat in actor.seats)
    key = "desk.weeks:" + hashlib.sha256(repr((reach, code, on)).encode()).hexdigest()
    kept = cache.get(key)
    if kept is None:
        before = on - timedelta(days=364)
        kept = (
            now(),
            checks.weekly(actor, place_code=code, weeks=WEEKS, on=on),
            checks.weekly(actor, place_code=code, weeks=WEEKS, on=before),
        )
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def chart(trend: list[checks.Week], before: list[checks.Week], on: date) -> figures.Lines | None:
    """Share of owed checks that came in, week by week; the same weeks a year earlier drawn dashed."""

    def shares(weeks: list[checks.Week]) -> list[float | None]:
        return [(week.done + week.late) / week.owed if week.owed else None for week in weeks]

    return figures.lines(
        [
            (str(on.year), shares(trend[:-1])),
            (_("a year before"), shares(before[:-1])),
        ],
        [dates.day(week.monday) for week in trend[:-1]],
        what=_("Share of owed checks that came in, by week"),
    )


def trade_table(actor: Actor, code: str, since: datetime, on: date, span: int) -> listing.Table:
    """Coverage by trade, the most silent on top."""
    rows = checks.coverage(actor, place_code=code, by="trade", since=since, on=on)
    ranked = sorted(rows, key=lambda each: (-each.silent, -each.sites, each.code))
    return listing.Table(
        columns=(
            listing.Column(_("Trade")),
            listing.Column(_("Silent"), num=True, direction="descending"),
            listing.Column(_("Owe checks"), num=True),
            listing.Column(_("Checked"), num=True),
            listing.Column(_("Checked, share"), quiet=True, css="col-bar"),
            listing.Column(_("Share"), num=True),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.text(named(each), css="wrap"),
                    listing.num(
                        each.silent, url=url("selfchecks", place=code, section=each.code or selfchecks.NO_TRADE)
                    ),
                    listing.num(
                        each.sites,
                        url=url("selfchecks", place=code, section=each.code or selfchecks.NO_TRADE, state="all"),
                        mut=True,
                    ),
                    listing.num(
                        each.checked,
                        url=url(
                            "selfchecks",
                            place=code,
                            section=each.code or selfchecks.NO_TRADE,
                            state="checked",
                            days=span,
                        ),
                    ),
                    listing.share(each.checked, each.sites),
                    listing.num(figures.percent(each.checked, each.sites)),
                )
            )
            for each in ranked
        ),
        caption=_("Coverage by trade"),
    )


# -- what is dangerous ------------------------------------------------------------------

AGES = (("7", 7), ("30", 30), ("90", 90))


@dataclass(frozen=True)
class Hazards:
    """Open hazards beneath a place: counts by level and state, how many are late, how old, who found them."""

    cells: dict[tuple[str, str], tuple[int, int]]
    older: dict[tuple[str, str], int]
    origins: Counter[str]

    @classmethod
    def of(cls, actor: Actor, code: str, moment: datetime) -> "Hazards":
        """One statement for all of it."""
        rows = (
            hazards.hazards_for(actor, place_code=code)
            .filter(state__in=OPEN)
            .order_by()
            .values("level", "state", "origin_kind")
            .annotate(
                n=Count("id"),
                late=Count("id", filter=Q(due_at__lt=moment, state="rectifying")),
                **{
                    f"age{key}": Count("id", filter=Q(found_at__lt=moment - timedelta(days=days))) for key, days in AGES
                },
            )
        )
        cells: dict[tuple[str, str], tuple[int, int]] = {}
        older: Counter[tuple[str, str]] = Counter()
        origins: Counter[str] = Counter()
        row: dict[str, Any]
        for row in list(rows):  # type: ignore[assignment]
            key = (row["level"], row["state"])
            n, late = cells.get(key, (0, 0))
            cells[key] = (n + row["n"], late + row["late"])
            origins[row["origin_kind"]] += row["n"]
            for name, _days in AGES:
                older[row["level"], name] += row[f"age{name}"]
        return cls(cells, dict(older), origins)

    def count(self, level: str = "", states: Any = None) -> int:
        return sum(
            n
            for (lev, state), (n, _l) in self.cells.items()
            if level in {"", lev} and (states is None or state in states)
        )

    def late_of(self, level: str = "") -> int:
        return sum(late for (lev, _s), (_n, late) in self.cells.items() if level in {"", lev})

    @property
    def open(self) -> int:
        return self.count()

    @property
    def late(self) -> int:
        return self.late_of()

    @property
    def majors(self) -> int:
        return self.count("major")

    @property
    def late_majors(self) -> int:
        return self.late_of("major")

    def table(self, code: str) -> listing.Table:
        """Level × progress, with a bar cut in proportion; what is late is hatched."""

        def row(level: str) -> listing.Row:
            unrated = self.count(level, {"found", "rated", "transferred"})
            fixing = self.count(level, {"rectifying"})
            waiting = self.count(level, {"handed_in", "accepted"})
            late = self.late_of(level)
            in_time = max(0, unrated + fixing - late)
            return listing.Row(
                cells=(
                    listing.level(level),
                    listing.num(self.count(level), url=url("hazards", place=code, level=level)),
                    listing.stack(
                        ("o", min(unrated, in_time)),
                        ("s2", max(0, in_time - unrated)),
                        ("s3", waiting),
                        ("hatch", late),
                    ),
                    listing.num(unrated, url=url("hazards", place=code, level=level, progress="rating")),
                    listing.num(fixing, url=url("hazards", place=code, level=level, progress="fixing")),
                    listing.num(waiting, url=url("hazards", place=code, level=level, progress="checking")),
                    listing.num(late, url=url("hazards", place=code, level=level, overdue="yes")),
                )
            )

        return listing.Table(
            columns=(
                listing.Column(_("Level")),
                listing.Column(_("Not closed"), num=True),
                listing.Column(_("Progress"), quiet=True, css="col-wide"),
                listing.Column(_("To be rated or ordered"), num=True),
                listing.Column(_("Being fixed"), num=True),
                listing.Column(_("To be checked"), num=True),
                listing.Column(_("Overdue"), num=True),
            ),
            rows=tuple(row(level) for level in ("major", "general", "unrated")),
            caption=_("Hazards by level and progress"),
        )

    def age_rows(self, code: str) -> list[dict[str, Any]]:
        """How many of each level are older than a week, a month, a quarter."""
        return [
            {
                "label": _("older than %(days)s") % {"days": listing.days_late(days)},
                "count": figures.number(
                    sum(self.older.get((level, key), 0) for level in ("major", "general", "unrated"))
                ),
                "url": url("hazards", place=code, age=key),
            }
            for key, days in AGES
        ]

    def sources(self, code: str) -> list[dict[str, Any]]:
        """Who found them, the most first."""
        return [
            {
                "label": words.label("hazard.origin_kind", kind),
                "count": figures.number(n),
                "url": url("hazards", place=code, origin=kind),
            }
            for kind, n in self.origins.most_common()
        ]


def major_rows(actor: Actor, code: str) -> list[Any]:
    """Major hazards not closed, the most pressing first."""
    return list(
        hazards.hazards_for(actor, place_code=code, level="major")
        .filter(state__in=OPEN)
        .order_by(F("due_at").asc(nulls_last=True), "id")[:SHOWN]
    )


def major_list(rows: list[Any], sites: Sites, where: dict[str, str], moment: datetime) -> list[dict[str, Any]]:
    """Major hazards with what their double report still lacks."""
    reports = hazards.double_reports_of([(row.business_id, row.id) for row in rows]) if rows else {}
    shown = []
    for row in rows:
        sent = reports.get((row.business_id, row.id), {})
        site = sites.get((row.business_id, row.site_id))
        shown.append(
            {
                **hazard_row(row, moment),
                "where": where[row.place_code],
                "business": site.business if site is not None else None,
                "lacks": [
                    words.label("double_report.lacks", side)
                    for side in ("regulator", "workers")
                    if side not in sent or sent[side].received_at is None
                ],
            }
        )
    return shown


def rungs(actor: Actor, code: str, moment: datetime) -> dict[str, Any]:
    """Overdue promises by the rung they have reached, and the one that is late the longest."""
    found = {
        row["rung"]: row
        for row in duties.open_duties_for(actor, place_code=code, overdue_at=moment)
        .order_by()
        .values("rung")
        .annotate(n=Count("id"), first=Min("due_at"))
    }
    steps = [
        Rung(
            label=words.label("duty.rung", number),
            count=figures.number(found[number]["n"] if number in found else 0),
            note=_("longest %(days)s") % {"days": listing.days_late((moment - found[number]["first"]).days)}
            if number in found
            else _("none"),
            url=url("duties", place=code, at=number),
        )
        for number in range(len(RUNGS))
    ]
    return {"steps": steps, "total": figures.number(sum(row["n"] for row in found.values()))}


def todo(actor: Actor) -> list[tuple[str, int, str]]:
    """What waits for this very officer: (words, how many, where), without what nobody waits for."""
    counts = listing.count_each(
        claims=businesses.claims_for(actor),
        extensions=duties.extensions_for(actor),
        transfers=hazards.transfers_for(actor, direction="in", state="sent"),
        unassigned=businesses.unassigned_for(actor),
    )
    waiting = (
        (_("claims to decide"), counts["claims"], reverse("desk:claims")),
        (_("more time asked for"), counts["extensions"], reverse("desk:extensions")),
        (_("transfers to receive"), counts["transfers"], reverse("desk:transfers")),
        (_("without an industry department"), counts["unassigned"], reverse("desk:unassigned")),
    )
    return [each for each in waiting if each[1]]
