"""Self-checks: who has not checked (first), who has, what came in; one submission with its answers."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, DateField, F, Max, Min, Q, QuerySet
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from qianan.doors.desk import businesses as registry
from qianan.doors.desk import frame, lists
from qianan.doors.kit import dates, figures, listing, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.forms import HouseForm, TextArea
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import described, named
from qianan.field.hazards import queries as hazards
from qianan.field.hazards.lifecycle import OPEN
from qianan.field.selfchecks import access, actions, queries
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.ground.evidence import queries as evidence
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Problem
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.checklists import queries as checklists
from qianan.registry.checklists.answering import unpack
from qianan.registry.duties import queries as duties

STATES = ("silent", "checked", "unchecked", "never", "led", "all")
AGES = {"3": 3, "7": 7, "14": 14, "30": 30, "90": 90}
SPANS = {"7": 7, "30": 30, "90": 90}
NO_TRADE = "none"
ORDERS = {
    "silent": ("-quiet_since", "misses", "business_id", "site_id"),
    "last": ("last", "business_id", "site_id"),
    "place": ("place", "business_id", "site_id"),
    "misses": ("misses", "business_id", "site_id"),
}


def rules(actor: Actor) -> dict[str, listing.Rule]:
    """What the address of the list may say. `state` is the tab; `days` is since when "checked" counts."""
    return {
        "q": None,
        "state": STATES,
        "place": lists.is_place(actor),
        "section": {*sections(), NO_TRADE},
        "line": lists.lines(),
        "tier": lists.tiers(),
        "age": AGES,
        "days": SPANS,
    }


def sections() -> dict[str, Any]:
    """The sections of the trade classification by their letter."""
    return {row.code: row for row in codebook.industries(level=1)}


def within_section(section: str) -> Q:
    """Standings whose trade lies in the section; those without a trade for `none`."""
    if section == NO_TRADE:
        return Q(industry_code="")
    found = Q(industry_code=section)
    for row in codebook.industries(level=2, under=section):
        found |= Q(industry_code__startswith=row.code)
    return found


def since_of(days: int) -> datetime:
    """The moment from which "has checked" counts: midnight so many days back, today included."""
    day = frame.today() - timedelta(days=days - 1)
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


def chosen(actor: Actor, ask: listing.Asked) -> QuerySet[Any]:
    """The sites that the address asks for, one row a site: misses in a row, last check, silent lists, place."""
    state = ask.get("state") or "silent"
    since = since_of(SPANS[ask.get("days") or "30"])
    rows = queries.standings_for(
        actor, place_code=ask.get("place") or frame.root_of(actor), line=ask.get("line")
    ).filter(owed_since__lte=frame.today())
    if ask.get("q"):
        rows = rows.filter(business_id__in=businesses.businesses_for(actor, text=ask.get("q")).order_by().values("id"))
    if ask.get("section"):
        rows = rows.filter(within_section(ask.get("section")))
    if ask.get("tier"):
        rows = rows.filter(tier=ask.get("tier"))
    if ask.get("age"):
        before = since_of(AGES[ask.get("age")] + 1)
        rows = rows.filter(
            Q(last_at__lt=before) | Q(last_at__isnull=True, owed_since__lt=timezone.localdate(before)),
            missed_in_row__gt=0,
        )
    sites = (
        rows.order_by()
        .values("business_id", "site_id")
        .annotate(
            misses=Max("missed_in_row"),
            silent=Count("id", filter=Q(missed_in_row__gt=0)),
            lists=Count("id"),
            last=Max("last_at"),
            led=Max("last_led_at"),
            owed=Min("owed_since"),
            place=Min("place_code"),
            quiet_since=Coalesce(Cast(Max("last_at"), DateField()), Min("owed_since")),
        )
    )
    return {
        "silent": sites.filter(silent__gt=0),
        "checked": sites.filter(last__gte=since),
        "unchecked": sites.filter(Q(last__lt=since) | Q(last__isnull=True)),
        "never": sites.filter(last__isnull=True),
        "led": sites.filter(led__gte=since),
        "all": sites,
    }[state]


def ids_in(actor: Actor, query: QueryDict, most: int) -> list[uuid.UUID]:
    """The businesses of the sites that this address shows, each once."""
    ask = listing.asked_in(query, reverse("desk:selfchecks"), rules(actor))
    return list(dict.fromkeys(row["business_id"] for row in chosen(actor, ask).order_by("business_id")[: most * 4]))[
        :most
    ]


@officers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Silent sites first, the longest silence on top; beside them who has checked, who never has, who led."""
    actor = actor_of(request)
    if request.GET.get("state") == "received":
        return received(request, actor)
    on = frame.today()
    ask = listing.asked(request, rules(actor))
    state = ask.get("state") or "silent"
    order = listing.order_of(ask, ORDERS, first="-silent")
    fields = tuple(
        (F("last").desc(nulls_last=True) if each == "-last" else F("last").asc(nulls_first=True))
        if each in {"last", "-last"}
        else each
        for each in order.fields
    )
    rows, pager = listing.page_of(chosen(actor, ask).order_by(*fields), ask)
    keys = [(row["business_id"], row["site_id"]) for row in rows]
    ids = {business for business, _site in keys}
    sites = businesses.sites_by_ids(keys)
    climbed = {
        row["site_id"]: row
        for row in duties.open_duties_for(actor, kind="silence")
        .filter(business_id__in=ids)
        .order_by()
        .values("site_id")
        .annotate(rung=Max("rung"), since=Min("opened_at"))
    }
    told = duties.last_orders(ids)
    found = dict(
        hazards.hazards_for(actor)
        .filter(business_id__in=ids, state__in=OPEN)
        .order_by()
        .values_list("site_id")
        .annotate(n=Count("id"))
    )
    where = lists.place_names(row["place"] for row in rows)
    table = listing.Table(
        columns=listing.sorted_by(
            [
                listing.Column(_("Site")),
                listing.Column(_("Place"), "place"),
                listing.Column(_("Trade")),
                listing.Column(_("Tier")),
                listing.Column(_("Lists"), num=True),
                listing.Column(_("No check for"), "silent"),
                listing.Column(_("Missed in a row"), "misses", num=True),
                listing.Column(_("Climbed to")),
                listing.Column(_("Last check"), "last"),
                listing.Column(_("Open hazards"), num=True),
                listing.Column(_("Last told")),
            ],
            ask,
            order,
        ),
        rows=tuple(
            _row(row, sites.get((row["business_id"], row["site_id"])), climbed, told, found, where, on) for row in rows
        ),
        caption=_("Sites that owe self-checks"),
        pick="pick",
        keys=True,
    )
    titles = {
        "silent": _("Who has not checked"),
        "checked": _("Who has checked"),
        "unchecked": _("No check in this time"),
        "never": _("Never checked"),
        "led": _("Checks led by principals"),
        "all": _("All sites that owe checks"),
    }
    return lists.show_list(
        request,
        actor,
        title=titles[state],
        says=_("A site is silent when an owed check was missed and nothing has come in since."),
        table=table,
        pager=pager,
        tabs=tabs(ask, state),
        filters=listing.filters(
            ask,
            [
                lists.place_choice(ask, actor, on=on),
                listing.choice(
                    ask,
                    "section",
                    _("Trade"),
                    [*((code, named(row)) for code, row in sections().items()), (NO_TRADE, _("no trade given"))],
                ),
                lists.line_choice(ask),
                lists.tier_choice(ask),
                listing.choice(
                    ask, "age", _("No check for"), [(key, listing.days_late(days)) for key, days in AGES.items()]
                ),
                *(
                    [
                        listing.choice(
                            ask,
                            "days",
                            _("Checked within"),
                            [(key, listing.days_late(days)) for key, days in SPANS.items()],
                        )
                    ]
                    if state in {"checked", "unchecked", "led"}
                    else []
                ),
            ],
            search=_("Name, pinyin or credit code"),
            fixed=("state",),
            says=ngettext("%(n)s site", "%(n)s sites", pager.total) % {"n": figures.number(pager.total)},
        ),
        crumbs=frame.place_crumbs(actor, ask.get("place") or frame.root_of(actor)),
        bulk=registry.bulk(pager, ask, "selfchecks"),
        empty=lists.Empty(
            _("Every site has kept its checks"),
            _("Nobody in your area is silent today."),
            ask.url(state="all"),
            _("All sites that owe checks"),
            good=True,
        )
        if state == "silent"
        else lists.Empty(
            _("No site stands here"),
            _("Sites owe checks from the morning after they are registered, by the lists of their trade."),
            reverse("desk:businesses"),
            _("Businesses"),
        ),
    )


def tabs(ask: listing.Asked, state: str) -> list[figures.Tab]:
    shown = (
        ("silent", _("Not checked")),
        ("never", _("Never checked")),
        ("checked", _("Checked")),
        ("led", _("Led by principals")),
        ("all", _("All")),
        ("received", _("What came in")),
    )
    return [
        figures.Tab(
            label,
            ask.url(state=key if key != "silent" else None, order=None, days=None, age=None),
            current=key == state,
        )
        for key, label in shown
    ]


def _row(
    row: dict[str, Any],
    site: Any,
    climbed: dict[Any, Any],
    told: dict[uuid.UUID, Any],
    found: dict[uuid.UUID, int],
    where: dict[str, str],
    on: date,
) -> listing.Row:
    business = site.business if site is not None else None
    climb = climbed.get(row["site_id"])
    last = timezone.localtime(row["last"]).date() if row["last"] else None
    days = (on - (last or row["owed"])).days
    order = told.get(row["business_id"])
    owner = named(business) if business is not None else "—"
    name = named(site) if site is not None else "—"
    return listing.Row(
        cells=(
            listing.link(
                name,
                reverse("desk:site", args=[row["business_id"], row["site_id"]]) if site is not None else "",
                note=owner if owner != name else "",
            ),
            listing.text(where[row["place"]]),
            listing.text(lists.trade_name(site.venue) if site is not None else ""),
            listing.text(lists.tier_name(site.tier) if site is not None else ""),
            listing.num(f"{row['silent']}/{row['lists']}" if row["silent"] else row["lists"]),
            listing.late(days) if row["silent"] else listing.quiet("—"),
            listing.num(row["misses"], mut=not row["misses"]),
            listing.rung(climb["rung"]) if climb else listing.quiet("—"),
            listing.day(row["last"]) if row["last"] else listing.quiet(_("never")),
            listing.num(
                found.get(row["site_id"], 0),
                url=f"{reverse('desk:hazards')}?site={row['site_id']}&business={row['business_id']}"
                if row["site_id"] in found
                else "",
            ),
            listing.text(
                _("%(day)s, acknowledged") % {"day": dates.day(order.sent_at)}
                if order.acked_at
                else _("%(day)s, not yet") % {"day": dates.day(order.sent_at)}
            )
            if order
            else listing.quiet(_("never")),
        ),
        pick=str(row["business_id"]),
        name=name,
    )


# -- what came in -------------------------------------------------------------------


def received(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Submissions, newest first: who filled in what, how long it took, what it opened."""
    on = frame.today()
    ask = listing.asked(
        request,
        {
            "state": {"received"},
            "place": lists.is_place(actor),
            "business": lambda text: listing.uuid_in(text) is not None,
            "led": {"yes"},
            "days": SPANS,
            "returned": {"yes"},
        },
    )
    found = queries.submissions_for(
        actor,
        place_code=ask.get("place") or frame.root_of(actor),
        business=listing.uuid_in(ask.get("business")),
        led=True if ask.get("led") else None,
        state="returned" if ask.get("returned") else "",
        since=since_of(SPANS[ask.get("days")]) if ask.get("days") else None,
    )
    rows, pager = listing.page_of(found, ask)
    sites = businesses.sites_by_ids((row.business_id, row.site_id) for row in rows)
    people = accounts.names_of_people(_people(row.by for row in rows))
    titles = checklists.checklists({row.checklist for row in rows})
    where = lists.place_names(row.place_code for row in rows)
    table = listing.Table(
        columns=(
            listing.Column(_("Received")),
            listing.Column(_("Site")),
            listing.Column(_("Place")),
            listing.Column(_("List")),
            listing.Column(_("By")),
            listing.Column(_("Took"), num=True),
            listing.Column(_("Items"), num=True),
            listing.Column(_("Not passed"), num=True),
            listing.Column(_("State")),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.link(
                        dates.when(row.received_at), reverse("desk:submission", args=[row.business_id, row.id])
                    ),
                    listing.link(
                        named(sites[row.business_id, row.site_id]),
                        reverse("desk:site", args=[row.business_id, row.site_id]),
                    )
                    if (row.business_id, row.site_id) in sites
                    else listing.quiet("—"),
                    listing.text(where[row.place_code]),
                    listing.text(named(titles[row.checklist]) if row.checklist in titles else row.checklist),
                    listing.text(by_whom(row.by, people), note=_("principal") if row.led else ""),
                    listing.num(took(row.seconds)),
                    listing.num(row.items),
                    listing.num(row.fails),
                    listing.text(words.label("submission.state", row.state)),
                )
            )
            for row in rows
        ),
        caption=_("Submissions"),
        keys=True,
    )
    return lists.show_list(
        request,
        actor,
        title=_("What came in"),
        table=table,
        pager=pager,
        tabs=tabs(ask, "received"),
        filters=listing.filters(
            ask,
            [
                lists.place_choice(ask, actor, on=on),
                listing.choice(ask, "led", _("By"), [("yes", _("principals only"))]),
                listing.choice(
                    ask, "days", _("Within"), [(key, listing.days_late(days)) for key, days in SPANS.items()]
                ),
                listing.choice(ask, "returned", _("State"), [("yes", words.label("submission.state", "returned"))]),
            ],
            search="",
            fixed=("state",),
            says=ngettext("%(n)s self-check", "%(n)s self-checks", pager.total) % {"n": figures.number(pager.total)},
        ),
        crumbs=frame.place_crumbs(actor, ask.get("place") or frame.root_of(actor)),
        empty=lists.Empty(
            _("No self-check has come in yet"),
            _("Urge those who owe one: their list stands first here."),
            reverse("desk:selfchecks"),
            _("Who has not checked"),
        ),
    )


def _people(refs: Any) -> set[uuid.UUID]:
    return {Ref.parse(each).uuid for each in refs if each.startswith("accounts.person:")}


def by_whom(ref: str, names: dict[uuid.UUID, str]) -> str:
    """The name behind a person's ref; a dash for the house itself."""
    return names.get(Ref.parse(ref).uuid, "—") if ref.startswith("accounts.person:") else "—"


def took(seconds: int) -> str:
    """2 min 40 s, said shortly."""
    return _("%(m)s min %(s)s s") % {"m": seconds // 60, "s": seconds % 60} if seconds else "—"


class GiveBack(HouseForm):
    reason = TextArea(
        label=gettext_lazy("What is missing or wrong"),
        longest=500,
        help_text=gettext_lazy("They read this on their phone and correct it; the first version stays on record."),
    )


LETTERS = {"p": "pass", "f": "fail", "n": "na", "o": "observe", "v": "value", "-": "none"}


@officers
@require_GET
def submission(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, form: GiveBack | None = None) -> HttpResponse:
    """One self-check, item by item against the very edition it was filled in, with what it opened."""
    actor = actor_of(request)
    row = queries.submission_for(actor, business, id)
    edition = checklists.editions([row.version_id]).get(row.version_id)
    owner = businesses.businesses_by_ids([row.business_id]).get(row.business_id)
    site = businesses.sites_by_ids([(row.business_id, row.site_id)]).get((row.business_id, row.site_id))
    ref = queries.submission_ref(row)
    kept = evidence.files_of(ref)
    opened = list(hazards.hazards_for(actor, business=row.business_id).filter(origin=str(ref)).order_by("id"))
    answers = unpack(edition, row.letters, row.sparse) if edition else {}
    people = accounts.names_of_people(_people([row.by]))
    by_item: dict[str, list[Any]] = {}
    for each in kept:
        if each.stage.startswith("item:"):
            by_item.setdefault(each.stage.removeprefix("item:"), []).append(each)
    sections_ = [
        {
            "title": named(section),
            "items": [
                {
                    "n": item.position + 1,
                    "text": described(item, "text"),
                    "letter": answers.get(item.code, {}).get("a", "-"),
                    "word": _answer(item, answers.get(item.code)),
                    "note": answers.get(item.code, {}).get("note", ""),
                    "photos": by_item.get(item.code, []),
                }
                for item in section.items
            ],
        }
        for section in (edition.sections if edition else ())
    ]
    may = row.state == "complete" and owner is not None and access.can_review(actor, row, owner)
    return frame.show(
        request,
        "desk/submission.html",
        {
            "row": row,
            "edition": edition,
            "business": owner,
            "site": site,
            "by": by_whom(row.by, people),
            "took": took(row.seconds),
            "sections": sections_,
            "hazards": [registry.hazard_row(each, now()) for each in opened],
            "form": form or (GiveBack() if may else None),
            "others": [each for each in kept if not each.stage.startswith("item:")],
        },
        actor=actor,
        title=named(edition) if edition else row.checklist,
        crumbs=frame.place_crumbs(
            actor,
            row.place_code,
            last=[
                *([Crumb(named(owner), reverse("desk:business", args=[owner.id]))] if owner else []),
                *([Crumb(named(site), reverse("desk:site", args=[site.business_id, site.id]))] if site else []),
                dates.when(row.received_at),
            ],
        ),
        status=422 if form is not None else 200,
    )


def _answer(item: Any, given: dict[str, Any] | None) -> str:
    """What was answered, in words: the response's label, or the value itself."""
    if given is None:
        return _("not answered")
    code = str(given.get("a", ""))
    response = item.responses.get(code)
    if response is not None:
        return named(response)
    value = given.get("v", given.get("value", code))
    return "—" if value in {"", "v", "-"} else str(value)


@officers
@require_http_methods(["POST"])
def give_back(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """Accept a self-check, or give it back with a reason that reaches the phone."""
    actor = actor_of(request)
    row = queries.submission_for(actor, business, id)
    if request.POST.get("act") == "accept":
        actions.accept_submission(row, by=actor, now=now())
        messages.success(request, _("Read and accepted."))
        return redirect("desk:submission", row.business_id, row.id)
    form = GiveBack(request.POST)
    if form.is_valid():
        try:
            actions.return_submission(row, reason=form.cleaned_data["reason"], by=actor, now=now())
        except Problem as problem:
            if problem.family != "invalid":
                raise
            form.refuse(problem)
        else:
            messages.success(request, _("Given back; they see why on their phone."))
            return redirect("desk:submission", row.business_id, row.id)
    request.method = "GET"
    return submission(request, business, id, form=form)
