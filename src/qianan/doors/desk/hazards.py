"""Hazards: the work list of an area, and one hazard at desk size with what may be done to it now."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from qianan.doors.desk import acts, frame, lists
from qianan.doors.desk import businesses as registry
from qianan.doors.desk import duties as promises
from qianan.doors.kit import figures, links, listing, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import described, named
from qianan.doors.kit.trail import sentences
from qianan.field.hazards import queries
from qianan.field.hazards.beside import beside
from qianan.field.hazards.lifecycle import CLOSED, OPEN
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.ground.evidence import queries as evidence
from qianan.ground.trail import queries as trail
from qianan.kernel.actor import Actor
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.duties import queries as duties

ORIGINS = ("selfcheck", "worker", "manager", "inspection", "tipoff", "officer", "replay")
PROGRESS = {
    "rating": frozenset({"found", "rated", "transferred"}),
    "fixing": frozenset({"rectifying"}),
    "checking": frozenset({"handed_in", "accepted"}),
}
AGES = {"7": 7, "30": 30, "90": 90, "180": 180}
MACROS = ("closed", "all")
ORDERS = {
    "due": ("due_at", "id"),
    "found": ("found_at", "id"),
    "level": ("level", "due_at", "id"),
    "place": ("place_code", "due_at", "id"),
    "state": ("state", "due_at", "id"),
}


def rules(actor: Actor) -> dict[str, listing.Rule]:
    """What the address of the list may say."""
    return {
        "q": None,
        "place": lists.is_place(actor),
        "level": {"major", "general", "unrated"},
        "state": OPEN | CLOSED,
        "progress": PROGRESS,
        "overdue": {"yes"},
        "supervised": {"yes"},
        "origin": ORIGINS,
        "age": AGES,
        "macro": MACROS,
        "line": lists.lines(),
        "tier": lists.tiers(),
        "business": lambda text: listing.uuid_in(text) is not None,
        "site": lambda text: listing.uuid_in(text) is not None,
    }


def chosen(actor: Actor, ask: listing.Asked) -> QuerySet[Any]:
    """The hazards that the address asks for; those not closed unless it says otherwise."""
    moment = now()
    found = queries.hazards_for(
        actor,
        place_code=ask.get("place") or frame.root_of(actor),
        line=ask.get("line"),
        level=ask.get("level"),
        state=ask.get("state"),
        business=listing.uuid_in(ask.get("business")),
        site=listing.uuid_in(ask.get("site")),
        text=ask.get("q"),
    )
    if ask.get("macro") == "closed":
        found = found.filter(state__in=CLOSED)
    elif ask.get("macro") != "all" and not ask.get("state"):
        found = found.filter(state__in=OPEN)
    if ask.get("progress"):
        found = found.filter(state__in=PROGRESS[ask.get("progress")])
    if ask.get("overdue"):
        found = found.filter(due_at__lt=moment, state="rectifying")
    if ask.get("supervised"):
        found = found.filter(supervised=True)
    if ask.get("origin"):
        found = found.filter(origin_kind=ask.get("origin"))
    if ask.get("age"):
        found = found.filter(found_at__lt=moment - timedelta(days=AGES[ask.get("age")]))
    if ask.get("tier"):
        found = found.filter(tier=ask.get("tier"))
    return found


def ids_in(actor: Actor, query: QueryDict, most: int) -> list[uuid.UUID]:
    """The businesses of the hazards that this address shows, each once."""
    ask = listing.asked_in(query, reverse("desk:hazards"), rules(actor))
    return list(chosen(actor, ask).order_by("business_id").values_list("business_id", flat=True).distinct()[:most])


@officers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Hazards within the actor's area, the most pressing first."""
    actor = actor_of(request)
    on, moment = frame.today(), now()
    ask = listing.asked(request, rules(actor))
    order = listing.order_of(ask, ORDERS, first="due")
    fields = [
        (F("due_at").desc(nulls_last=True) if each[0] == "-" else F("due_at").asc(nulls_last=True))
        if each.lstrip("-") == "due_at"
        else each
        for each in order.fields
    ]
    rows, pager = listing.page_of(chosen(actor, ask).order_by(*fields), ask)
    names = businesses.businesses_by_ids(row.business_id for row in rows)
    refs = {Ref.of("hazards.hazard", row.business_id, row.id): row for row in rows}
    climbed: dict[str, int] = {}
    if refs:
        for about, rung in duties.duties_about(*refs).filter(state="open").values_list("about", "rung"):
            climbed[about] = max(rung, climbed.get(about, 0))
    where = lists.place_names(row.place_code for row in rows)
    table = listing.Table(
        columns=listing.sorted_by(
            [
                listing.Column(_("What")),
                listing.Column(_("Business")),
                listing.Column(_("Place"), "place"),
                listing.Column(_("Level"), "level"),
                listing.Column(_("State"), "state"),
                listing.Column(_("Due"), "due"),
                listing.Column(_("Late")),
                listing.Column(_("Climbed to")),
                listing.Column(_("Found"), "found"),
                listing.Column(_("Found by")),
            ],
            ask,
            order,
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.link(
                        row.text[:60],
                        reverse("desk:hazard", args=[row.business_id, row.id]),
                        note=" · ".join(
                            filter(
                                None,
                                [
                                    row.number,
                                    _("%(n)s times before") % {"n": row.recurrence} if row.recurrence else "",
                                    _("on a supervision list") if row.supervised else "",
                                ],
                            )
                        ),
                    ),
                    listing.link(named(names[row.business_id]), reverse("desk:business", args=[row.business_id]))
                    if row.business_id in names
                    else listing.quiet("—"),
                    listing.text(where[row.place_code]),
                    listing.level(row.level),
                    listing.state(row.state),
                    listing.day(row.due_at) if row.due_at else listing.quiet("—"),
                    listing.late((moment - row.due_at).days)
                    if row.due_at and row.due_at < moment and row.state == "rectifying"
                    else listing.quiet("—"),
                    listing.rung(
                        climbed.get(str(ref), 0),
                        late=bool(row.due_at and row.due_at < moment and row.state == "rectifying"),
                    )
                    if str(ref) in climbed
                    else listing.quiet("—"),
                    listing.day(row.found_at),
                    listing.text(words.label("hazard.origin_kind", row.origin_kind)),
                ),
                pick=str(row.business_id) if row.business_id in names else "",
                name=row.text[:40],
            )
            for ref, row in refs.items()
        ),
        caption=_("Hazards"),
        pick="pick",
        keys=True,
    )
    return lists.show_list(
        request,
        actor,
        title=_("Hazards"),
        table=table,
        pager=pager,
        tabs=tabs(ask),
        filters=listing.filters(
            ask,
            [
                lists.place_choice(ask, actor, on=on),
                lists.label_choice(ask, "level", _("Level"), "hazard.level", ("major", "general", "unrated")),
                lists.label_choice(
                    ask,
                    "state",
                    _("State"),
                    "hazard.state",
                    ("found", "rated", "rectifying", "handed_in", "accepted", "transferred", "closed", "rejected"),
                ),
                lists.label_choice(ask, "origin", _("Found by"), "hazard.origin_kind", ORIGINS),
                listing.choice(
                    ask, "age", _("Older than"), [(key, listing.days_late(days)) for key, days in AGES.items()]
                ),
                lists.line_choice(ask),
                lists.tier_choice(ask),
                *_hidden_choices(ask, actor),
            ],
            search=_("Words of the hazard or its number"),
            says=ngettext("%(n)s hazard", "%(n)s hazards", pager.total) % {"n": figures.number(pager.total)},
        ),
        crumbs=frame.place_crumbs(actor, ask.get("place") or frame.root_of(actor)),
        bulk=registry.bulk(pager, ask, "hazards"),
        empty=lists.Empty(
            _("No hazard is open"),
            _("Good, or nobody has looked: see who has not checked."),
            reverse("desk:selfchecks"),
            _("Who has not checked"),
            good=True,
        ),
    )


def tabs(ask: listing.Asked) -> list[figures.Tab]:
    """The lists of hazards beside each other; a tab keeps the place and takes the other filters away."""
    base = {name: None for name in ask.values if name != "place"} | {"order": None}

    def tab(label: str, **wanted: str) -> figures.Tab:
        current = all(ask.get(name) == value for name, value in wanted.items()) and (
            bool(wanted)
            or (not any(ask.get(name) for name in ("overdue", "supervised", "macro")) and ask.get("level") != "major")
        )
        return figures.Tab(label, ask.url(**{**base, **wanted}), current=current)

    return [
        tab(_("Not closed")),
        tab(_("Major"), level="major"),
        tab(_("Overdue"), overdue="yes"),
        tab(_("On a supervision list"), supervised="yes"),
        tab(_("Closed"), macro="closed"),
        tab(_("All"), macro="all"),
    ]


def _hidden_choices(ask: listing.Asked, actor: Actor) -> Iterable[listing.Choice]:
    """Filters that come by links only: they are shown when they are on, so that they can be taken away."""
    if ask.get("progress"):
        said = {
            "rating": _("to be rated or ordered"),
            "fixing": _("being fixed"),
            "checking": _("to be checked"),
        }
        yield listing.choice(ask, "progress", _("Progress"), list(said.items()))
    if wanted := listing.uuid_in(ask.get("business")):
        found = businesses.businesses_for(actor, state="").filter(id=wanted).first()
        yield listing.choice(ask, "business", _("Business"), [(ask.get("business"), named(found) if found else "—")])
    if ask.get("site"):
        yield listing.choice(ask, "site", _("Site"), [(ask.get("site"), _("one site"))])


# -- one hazard -----------------------------------------------------------------------


@officers
@require_GET
def page(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """One hazard at desk size: what, how grave, who fixes, answers and checks, by when, what runs beside it, and the
    acts that are open to this person now."""
    actor = actor_of(request)
    hazard = queries.hazard_for(actor, business, id)
    on, moment = frame.today(), now()
    facts = beside(hazard)
    fix, duty = facts.rectification, facts.duty
    owner = businesses.businesses_by_ids([hazard.business_id]).get(hazard.business_id)
    site = businesses.sites_by_ids([(hazard.business_id, hazard.site_id)]).get((hazard.business_id, hazard.site_id))
    parts = (
        (
            (_("fixes"), fix.owner_post),
            (_("answers"), fix.accountable_post),
            (_("checks"), fix.verifier_post),
        )
        if fix
        else ()
    )
    chairs = duties.who([post for _part, post in parts if post], on=on)
    about = facts.refs(hazard)
    promised = [
        each for each in duties.duties_about(*about) if each.state == "open" and (not duty or each.id != duty.id)
    ]
    kept = evidence.photos_by(about)
    photos_ = [each for some in kept.values() for each in some]
    entries = list(trail.entries_about(*about)[:60])
    bodies = accounts.bodies(
        {
            code
            for code in (
                *(row.body_code for row in facts.supervisions),
                *(row.to_body for row in facts.transfers),
                *(row.from_body for row in facts.transfers),
            )
            if code
        }
    )
    names = accounts.names_of_people(
        _persons(
            hazard.found_by,
            hazard.rated_by,
            hazard.fixed_by,
            hazard.closed_by,
            *(row.received_by for row in facts.reports),
            *(f"accounts.person::{each}" for row in facts.reviews for each in row.officers),
        )
    )
    late = _days_late(hazard, moment)
    buttons = acts.open_acts(actor, hazard, facts)
    rule = codebook.deadline_row(duty.basis) if duty and duty.basis else None
    return frame.show(
        request,
        "desk/hazard.html",
        {
            "hazard": hazard,
            "business": owner,
            "site": site,
            "facts": facts,
            "fix": fix,
            "duty": duty,
            "late": late,
            "acts": buttons,
            "people": promises.people(parts, chairs),
            "ladder": promises.steps_of(duties.ladder_of(duty, on=on)) if duty else [],
            "reached": words.label("duty.rung", duty.rung) if duty and late else "",
            "began": fix.ordered_at if fix else None,
            "deadline": rule,
            "rule": described(rule, "basis") if rule else "",
            "extensions": duties.extensions_of([duty]).get(duty.id, []) if duty else [],
            "promised": promised,
            "before": [each for each in photos_ if each.stage in {"", "before"} or each.stage.startswith("item:")],
            "after": [each for each in photos_ if each.stage == "after"],
            "papers": [each for each in photos_ if each.stage in {"proof", "receipt", "plan"}],
            "criterion": codebook.criteria_of([hazard.criterion]).get(hazard.criterion) if hazard.criterion else None,
            "origin_url": links.link_to(hazard.origin, "desk"),
            "earlier_url": reverse("desk:hazard", args=[hazard.business_id, hazard.recurrence_of])
            if hazard.recurrence_of
            else "",
            "reports": [
                {"side": side, "row": facts.report(side), "by": _name(facts.report(side), names)}
                for side in ("regulator", "workers")
            ]
            if hazard.level == "major"
            else [],
            "missing": [words.label("hazard.lacks", code) for code in facts.missing(hazard)]
            if hazard.state in OPEN
            else [],
            "supervisions": [{"row": row, "body": bodies.get(row.body_code)} for row in facts.supervisions],
            "transfers": [
                {"row": row, "from_body": bodies.get(row.from_body), "to_body": bodies.get(row.to_body)}
                for row in facts.transfers
            ],
            "reviews": [
                {"row": row, "officers": [names.get(each, "—") for each in _ids(row.officers)]} for row in facts.reviews
            ],
            "by": {
                "found": _of(hazard.found_by, names),
                "rated": _of(hazard.rated_by, names),
                "fixed": _of(hazard.fixed_by, names),
                "closed": _of(hazard.closed_by, names),
            },
            "sentences": sentences(entries, actor),
        },
        actor=actor,
        title=hazard.text[:80],
        crumbs=frame.place_crumbs(
            actor,
            hazard.place_code,
            last=[
                *([Crumb(named(owner), reverse("desk:business", args=[owner.id]))] if owner else []),
                *([Crumb(named(site), reverse("desk:site", args=[site.business_id, site.id]))] if site else []),
                hazard.number,
            ],
        ),
    )


def _days_late(hazard: Any, moment: datetime) -> int:
    """Whole days past its deadline, one at least; 0 when it is in time or handed in."""
    if hazard.due_at is None or hazard.due_at >= moment or hazard.state != "rectifying":
        return 0
    return max(1, (moment - hazard.due_at).days)


def _ids(officers: Iterable[Any]) -> list[uuid.UUID]:
    """Person ids of a review; older rows hold refs, newer ones bare ids."""
    return [id for each in officers if (id := listing.uuid_in(str(each).rsplit(":", 1)[-1])) is not None]


def _persons(*refs: str) -> set[uuid.UUID]:
    return {
        id
        for ref in refs
        if ref.startswith("accounts.person:") and (id := listing.uuid_in(ref.rsplit(":", 1)[-1])) is not None
    }


def _of(ref: str, names: dict[uuid.UUID, str]) -> str:
    found = _persons(ref)
    return names.get(found.pop(), "—") if found else ("" if not ref else "—")


def _name(report: Any, names: dict[uuid.UUID, str]) -> str:
    return _of(report.received_by, names) if report is not None and report.received_by else ""
