"""Businesses: the list, one business's file (一企一档), one site's page."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from qianan.doors.desk import frame, lists
from qianan.doors.kit import dates, figures, listing, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.forms import DayField, HouseForm, TextArea
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import described, named
from qianan.field.hazards import queries as hazards
from qianan.field.hazards.lifecycle import OPEN
from qianan.field.inspections import access as inspection_access
from qianan.field.inspections import queries as inspections
from qianan.field.selfchecks import queries as selfchecks
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Problem
from qianan.kernel.ref import Ref
from qianan.registry.businesses import access, actions, queries
from qianan.registry.businesses.lifecycle import SITE
from qianan.registry.checklists import queries as checklists
from qianan.registry.duties import access as duty_access
from qianan.registry.duties import queries as duties

ORDERS = {
    "name": ("name_zh", "id"),
    "place": ("place_code", "name_zh", "id"),
    "tier": ("tier", "name_zh", "id"),
    "since": ("registered_at", "id"),
}


def tabs(actor: Actor, current: str) -> list[figures.Tab]:
    """The lists that stand beside the list of businesses."""
    found = [
        figures.Tab(_("All"), reverse("desk:businesses"), current=current == "all"),
        figures.Tab(
            _("No industry department"),
            reverse("desk:unassigned"),
            figures.number(queries.unassigned_for(actor).count()),
            current == "unassigned",
        ),
        figures.Tab(
            _("Claims to decide"),
            reverse("desk:claims"),
            figures.number(queries.claims_for(actor).count()),
            current == "claims",
        ),
    ]
    if access.can_register(actor, frame.root_of(actor)):
        found.append(figures.Tab(_("Registry import"), reverse("desk:imports"), current=current == "imports"))
    return found


def rules(actor: Actor) -> dict[str, listing.Rule]:
    """What the address of the list may say."""
    return {
        "q": None,
        "place": lists.is_place(actor),
        "trade": lists.trades(),
        "line": lists.lines(),
        "tier": lists.tiers(),
        "state": {"active", "closed", "merged"},
    }


def chosen(actor: Actor, ask: listing.Asked) -> QuerySet[Any]:
    """The businesses that the address asks for."""
    return queries.businesses_for(
        actor,
        place_code=ask.get("place") or frame.root_of(actor),
        line=ask.get("line"),
        venue=ask.get("trade"),
        tier=ask.get("tier"),
        state=ask.get("state") or "active",
        text=ask.get("q"),
    )


def ids_in(actor: Actor, query: QueryDict, most: int) -> list[uuid.UUID]:
    """The businesses of the whole list that this address shows, at most `most`."""
    ask = listing.asked_in(query, reverse("desk:businesses"), rules(actor))
    return list(chosen(actor, ask).values_list("id", flat=True)[:most])


@officers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The actor's businesses, by place and name, with what is owed and still open at each."""
    actor = actor_of(request)
    on = frame.today()
    ask = listing.asked(request, rules(actor))
    order = listing.order_of(ask, ORDERS, first="place")
    root = frame.root_of(actor)
    found = chosen(actor, ask).order_by(*order.fields)
    rows, pager = listing.page_of(found, ask)
    ids = [row.id for row in rows]
    open_hazards = dict(
        hazards.hazards_for(actor)
        .filter(business_id__in=ids, state__in=OPEN)
        .order_by()
        .values_list("business_id")
        .annotate(n=Count("id"))
    )
    silent = dict(
        duties.open_duties_for(actor, kind="silence")
        .filter(business_id__in=ids)
        .order_by()
        .values_list("business_id")
        .annotate(first=Min("opened_at"))
    )
    where = lists.place_names(row.place_code for row in rows)
    moment = now()
    table = listing.Table(
        columns=listing.sorted_by(
            [
                listing.Column(_("Business"), "name"),
                listing.Column(_("Place"), "place"),
                listing.Column(_("Trade")),
                listing.Column(_("Tier"), "tier"),
                listing.Column(_("Industry department")),
                listing.Column(_("No check for")),
                listing.Column(_("Open hazards"), num=True),
                listing.Column(_("Registered"), "since"),
            ],
            ask,
            order,
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.link(named(row), reverse("desk:business", args=[row.id])),
                    listing.text(where[row.place_code]),
                    listing.text(lists.trade_name(row.venue)),
                    listing.text(lists.tier_name(row.tier)),
                    listing.text(lists.line_name(row.line)) if row.line else listing.gap(_("none")),
                    listing.late((moment - silent[row.id]).days) if row.id in silent else listing.quiet("—"),
                    listing.num(
                        open_hazards.get(row.id, 0),
                        url=f"{reverse('desk:hazards')}?business={row.id}" if row.id in open_hazards else "",
                    ),
                    listing.day(row.registered_at),
                ),
                pick=str(row.id),
                name=named(row),
            )
            for row in rows
        ),
        caption=_("Businesses"),
        pick="pick",
        keys=True,
    )
    buttons = []
    if access.can_register(actor, root):
        buttons.append(lists.Button(_("Import a registry"), reverse("desk:imports"), "down"))
    return lists.show_list(
        request,
        actor,
        title=_("Businesses"),
        table=table,
        pager=pager,
        filters=listing.filters(
            ask,
            [
                lists.place_choice(ask, actor, on=on),
                lists.trade_choice(ask),
                lists.line_choice(ask),
                lists.tier_choice(ask),
                lists.label_choice(ask, "state", _("State"), "business.state", ("active", "closed", "merged")),
            ],
            search=_("Name, pinyin or credit code"),
            says=ngettext("%(n)s business", "%(n)s businesses", pager.total) % {"n": figures.number(pager.total)},
        ),
        tabs=tabs(actor, "all"),
        crumbs=frame.place_crumbs(actor, ask.get("place") or root),
        bulk=bulk(pager, ask, "businesses"),
        buttons=buttons,
        empty=lists.Empty(
            _("No business is registered here yet"),
            _("Bring in the registry as a table: you see every row and what is wrong with it before anything is kept."),
            reverse("desk:imports"),
            _("Import a registry"),
        ),
    )


def bulk(pager: listing.Pager, ask: listing.Asked, source: str) -> listing.Bulk:
    """Urge or instruct the ticked businesses, or all of the list (then its filters go along); the next page tells
    whom it reaches."""
    return listing.Bulk(
        action=reverse("desk:instruct"),
        hidden=(("source", source), ("query", ask.query)),
        acts=(
            listing.Act("instruct", _("Instruct"), "doc"),
            listing.Act("urge", _("Urge"), "send", first=True, key="u"),
        ),
        total=figures.number(pager.total) if pager.total else "",
    )


# -- one business's file ------------------------------------------------------------

WEEKS = 40
MARKS = {"done": "d", "late": "l", "missed": "m", "due": "n"}
"""State of a day's worst check → its mark on the calendar; a waived one owes nothing."""


def file_tabs(row: Any, current: str) -> list[figures.Tab]:
    return [
        figures.Tab(_("File"), reverse("desk:business", args=[row.id]), current=current == "file"),
        figures.Tab(_("Trail"), reverse("desk:business_trail", args=[row.id]), current=current == "trail"),
    ]


@officers
@require_GET
def page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """一企一档: identity, sites, the three musts by name, tenants, checks as a calendar, hazards, posts and people."""
    actor = actor_of(request)
    row = queries.business_for(actor, id)
    on, moment = frame.today(), now()
    sites = list(queries.sites_of(row.id))
    shown = next((site for site in sites if str(site.id) == request.GET.get("site")), None)
    if shown is None:
        shown = next((site for site in sites if site.state == "open"), sites[0] if sites else None)
    standings: dict[uuid.UUID, list[Any]] = {}
    for each in selfchecks.standings_for(actor).filter(business_id=row.id):
        standings.setdefault(each.site_id, []).append(each)
    outside = queries.three_musts(row.id, on=on)
    posts = chairs_of(row.id, on)
    found = list(hazards.hazards_for(actor, business=row.id).order_by("closed_at", "due_at", "id")[:200])
    open_ones = [each for each in found if each.state in OPEN]
    closed = sorted((each for each in found if each.state not in OPEN), key=lambda each: each.found_at, reverse=True)
    landlords = queries.landlords_of(row.id, on=on)
    tenants = list(queries.tenants_of(actor, row.id)[:100]) if row.is_landlord else []
    return frame.show(
        request,
        "desk/business.html",
        {
            "business": row,
            "tier": lists.tier_name(row.tier),
            "trade": lists.trade_name(row.venue),
            "tabs": file_tabs(row, "file"),
            "sites": [site_row(site, standings.get(site.id, ()), on, moment) for site in sites],
            "in_time": sum(
                site.state == "open" and not any(each.missed_in_row for each in standings.get(site.id, ()))
                for site in sites
            ),
            "matrix": matrix_of(outside, posts),
            "unassigned": not outside.industry,
            "may_assign": access.can_assign(actor, row),
            "landlords": landlords,
            "tenants": tenants,
            "shown": shown,
            "heat": calendar(row.id, shown.id, on) if shown else None,
            "hazards": [hazard_row(each, moment) for each in [*open_ones, *closed][:8]],
            "open_hazards": len(open_ones),
            "all_hazards": len(found),
            "majors": sum(each.level == "major" for each in open_ones),
            "people": people_of(posts),
            "visits": inspections.visits_for(actor, business=row.id)[:5],
            "may_instruct": duty_access.can_instruct(actor, row),
            "may_register": access.can_register(actor, row.place_code),
        },
        actor=actor,
        title=named(row),
        crumbs=frame.place_crumbs(actor, row.place_code, last=[named(row)]),
    )


def site_row(site: Any, standings: Any, on: date, moment: datetime) -> dict[str, Any]:
    """A site with how it stands: silent lists, last check, what is owed next."""
    silent = [each for each in standings if each.missed_in_row]
    last = max((each.last_at for each in standings if each.last_at), default=None)
    since = min((each.last_due_day for each in silent if each.last_due_day), default=None)
    return {
        "site": site,
        "silent": bool(silent),
        "misses": max((each.missed_in_row for each in silent), default=0),
        "days": (on - timezone.localtime(last).date()).days if last else None,
        "last": last,
        "since": since,
        "checks": sum(each.checks for each in standings),
        "led": sum(each.led_checks for each in standings),
        "owes": bool(standings) and site.state == "open",
    }


def hazard_row(hazard: Any, moment: datetime) -> dict[str, Any]:
    """A hazard of a list: how late, or how many days are left."""
    late = 0
    left = ""
    if hazard.state == "rectifying" and hazard.due_at:
        if hazard.due_at < moment:
            late = max(1, (moment - hazard.due_at).days)
        else:
            left = _("%(span)s left") % {"span": dates.span(hazard.due_at - moment)}
    elif hazard.state in {"handed_in", "accepted"}:
        left = _("waits for a check")
    elif hazard.state == "closed" and hazard.fixed_at:
        left = _("fixed in %(span)s") % {"span": dates.span(hazard.fixed_at - hazard.found_at)}
    return {"hazard": hazard, "late": late, "left": left}


def calendar(business: uuid.UUID, site: uuid.UUID, on: date) -> figures.Heat:
    """Forty weeks of owed checks of one site as a strip, with a sentence of totals."""
    since = on - timedelta(days=7 * WEEKS - 1)
    marks: dict[date, str] = {}
    counts: Counter[str] = Counter()
    for day in selfchecks.calendar_of(business, site, since, on):
        counts.update(mark.state for mark in day.marks)
        if day.state in MARKS:
            marks[day.day] = MARKS[day.state]
    owed = counts["done"] + counts["late"] + counts["missed"]
    says = _("%(weeks)s weeks, %(owed)s owed: %(done)s in time, %(late)s late, %(missed)s not done") % {
        "weeks": WEEKS,
        "owed": figures.number(owed),
        "done": figures.number(counts["done"]),
        "late": figures.number(counts["late"]),
        "missed": figures.number(counts["missed"]),
    }
    words_of = {"d": _("in time"), "l": _("came late"), "m": _("not done"), "n": _("owed"), "x": "", "e": ""}
    return figures.heat(marks, since=since, until=on, says=says, alt=says, words=words_of)


@dataclass(frozen=True)
class Chair:
    """A post of the business with who sits there; a vacant one with since when, and to whom its duties fall."""

    view: Any
    vacant_since: date | None
    falls_to: Any


def chairs_of(business: uuid.UUID, on: date) -> list[Chair]:
    """The posts of one business, the principal's first. Three statements at most."""
    house = duties.chairs_of([business], on=on)[business]
    empty = [view.id for view in house.views if view.vacant]
    since = accounts.vacant_since(empty, on=on) if empty else {}
    return [
        Chair(
            view,
            since.get(view.id, view.post.since) if view.vacant else None,
            house.above(view.id) if view.vacant else None,
        )
        for view in sorted(house.views, key=lambda each: (each.post.position, each.post.since, each.id))
    ]


def matrix_of(outside: Any, chairs: list[Chair]) -> figures.Matrix:
    """三管三必须: who must answer, by name, since when, on what ground. Gaps are hatched and said."""
    rows = [
        *_outside(_("Territory"), _("whose area it is"), outside.territory, needed=True),
        *_outside(_("Who runs the industry"), _("must run its safety"), outside.industry, needed=True),
        *_outside(_("Comprehensive oversight"), "", outside.comprehensive),
        *_outside(_("Special fields"), _("fire, gas, equipment"), outside.special),
    ]
    for head, note, kinds in (
        (_("Who runs the business line"), _("must run its safety"), {"business_line"}),
        (_("Who runs production"), _("must run its safety"), {"production", "worker"}),
        (_("Principal"), _("answers for all of it"), {"principal"}),
    ):
        rows += [_inside(head, note, chair) for chair in chairs if chair.view.kind in kinds]
    gaps = sum(cell.gap != "" for each in rows for cell in each.cells)
    return figures.Matrix(
        heads=(_("Body or post"), _("By name"), _("Since"), _("On what ground")),
        rows=tuple(rows),
        says=ngettext("%(n)s gap", "%(n)s gaps", gaps) % {"n": gaps} if gaps else _("no gap"),
    )


def _outside(head: str, note: str, owners: Any, *, needed: bool = False) -> list[figures.MatrixRow]:
    """The bodies that must answer from outside; a gap when one is needed and there is none."""
    if not owners:
        gap = (
            figures.MatrixCell("", gap=_("not assigned")),
            figures.MatrixCell("", gap=_("nobody")),
            figures.MatrixCell("—"),
            figures.MatrixCell("—"),
        )
        return [figures.MatrixRow(head, gap, note=note)] if needed else []
    rows = []
    for owner in owners:
        first = owner.people[0] if owner.people else None
        person = (
            figures.MatrixCell(first.name, note=_("since %(day)s") % {"day": dates.day(first.since)})
            if first
            else figures.MatrixCell("", gap=_("vacant"))
        )
        ground = figures.MatrixCell(described(owner, "basis"), note="" if owner.verified else _("not verified"))
        cells = (figures.MatrixCell(named(owner)), person, figures.MatrixCell(dates.day(owner.since)), ground)
        rows.append(figures.MatrixRow(head, cells, note=note))
    return rows


def _inside(head: str, note: str, chair: Chair) -> figures.MatrixRow:
    """A post within the business, with its person or its vacancy."""
    people = chair.view.people
    if people:
        others = len(people) - 1
        person = figures.MatrixCell(
            people[0].name,
            note=ngettext("and %(n)s more", "and %(n)s more", others) % {"n": others} if others else "",
        )
        since = dates.day(people[0].since)
    else:
        fell = _("fell to %(post)s") % {"post": named(chair.falls_to)} if chair.falls_to else ""
        person = figures.MatrixCell("", gap=_("vacant"), note=fell)
        since = _("since %(day)s") % {"day": dates.day(chair.vacant_since)} if chair.vacant_since else "—"
    cells = (figures.MatrixCell(named(chair.view)), person, figures.MatrixCell(since), figures.MatrixCell("—"))
    return figures.MatrixRow(head, cells, note=note)


def people_of(chairs: list[Chair]) -> list[dict[str, Any]]:
    """Posts of the business before people, as rows of kit/people.html."""
    rows = []
    for chair in chairs:
        first = chair.view.people[0] if chair.view.people else None
        rows.append(
            {
                "part": "",
                "post": chair.view.post,
                "person": first.name if first else "",
                "contact": first.mobile if first else "",
                "since": chair.vacant_since,
                "tag": "" if first or not chair.falls_to else _("fell to %(post)s") % {"post": named(chair.falls_to)},
            }
        )
    return rows


# -- one site -----------------------------------------------------------------------


class SiteChange(HouseForm):
    """An officer says that a site is paused, closed or open again."""

    state = forms.ChoiceField(label=gettext_lazy("From now on it is"), widget=forms.RadioSelect)
    from_day = DayField(label=gettext_lazy("From"))
    until_day = DayField(label=gettext_lazy("Open again on"), required=False, help_text=gettext_lazy("For a pause."))
    reason = TextArea(label=gettext_lazy("Why, and how you know"), longest=300)

    def __init__(self, *args: Any, states: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frame.offer(self, "state", [(each, words.label("site.state", each)) for each in states])


@officers
@require_GET
def site(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, form: SiteChange | None = None) -> HttpResponse:
    """One site: where, what it owes, how it has kept it, its hazards, what was said about it."""
    actor = actor_of(request)
    row = queries.site_for(actor, business, id)
    on, moment = frame.today(), now()
    standings = selfchecks.standing_of(row)
    found = list(hazards.hazards_for(actor, business=row.business_id, site=row.id).order_by("-found_at", "-id")[:100])
    open_ones = [each for each in found if each.state in OPEN]
    checks = list(selfchecks.submissions_for(actor, business=row.business_id, site=row.id)[:10])
    people = accounts.names_of_people(Ref.parse(each.by).uuid for each in checks if each.by.startswith("accounts."))
    may = access.can_register(actor, row.place_code)
    states = [then for then in SITE.moves[row.state] if then != "moved"]
    titles = {each.code: each for each in checklists.lists_for(venue=row.venue, tags=row.tags)}
    return frame.show(
        request,
        "desk/site.html",
        {
            "site": row,
            "business": row.business,
            "trade": lists.trade_name(row.venue),
            "tier": lists.tier_name(row.tier),
            "tags": [named(term) for term in codebook.terms("tag") if term.key in row.tags],
            "standings": [{"row": each, "title": titles.get(each.checklist, each.checklist)} for each in standings],
            "heat": calendar(row.business_id, row.id, on),
            "hazards": [
                hazard_row(each, moment)
                for each in [*open_ones, *(each for each in found if each.state not in OPEN)][:20]
            ],
            "open_hazards": len(open_ones),
            "all_hazards": len(found),
            "checks": [
                {"row": each, "by": people.get(Ref.parse(each.by).uuid) if each.by.startswith("accounts.") else "—"}
                for each in checks
            ],
            "titles": titles,
            "visits": inspections.visits_for(actor, business=row.business_id).filter(site_id=row.id)[:10],
            "changes": queries.changes_of(row.business_id, row.id)[:10],
            "form": form or (SiteChange(states=states, initial={"from_day": on}) if may and states else None),
            "may_visit": inspection_access.can_visit(actor, row.business),
        },
        actor=actor,
        title=named(row),
        crumbs=frame.place_crumbs(
            actor,
            row.place_code,
            last=[Crumb(named(row.business), reverse("desk:business", args=[row.business_id])), named(row)],
        ),
        status=422 if form is not None else 200,
    )


@officers
@require_POST
def change_site(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """Say that a site is paused, closed or open again."""
    actor = actor_of(request)
    row = queries.site_for(actor, business, id)
    form = SiteChange(request.POST, states=[then for then in SITE.moves[row.state] if then != "moved"])
    if form.is_valid():
        try:
            actions.change_site(
                row,
                state=form.cleaned_data["state"],
                reason=form.cleaned_data["reason"],
                from_day=form.cleaned_data["from_day"],
                until_day=form.cleaned_data["until_day"],
                by=actor,
                now=now(),
            )
        except Problem as problem:
            if problem.family not in {"invalid", "conflict"}:
                raise
            form.refuse(problem)
        else:
            messages.success(request, _("Recorded. Its checks stop or go on with it."))
            return redirect("desk:site", row.business_id, row.id)
    request.method = "GET"
    return site(request, business, id, form=form)
