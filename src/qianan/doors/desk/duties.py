"""Duties: what is overdue and on which rung, who asks for more time, one promise with its ladder."""

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from qianan.doors.desk import businesses as registry
from qianan.doors.desk import frame, lists
from qianan.doors.kit import dates, figures, links, listing, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.forms import HouseForm, TextArea, sent
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import named
from qianan.doors.kit.trail import sentences
from qianan.field.hazards import actions as fixing
from qianan.field.hazards import queries as hazards
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.ground.trail import queries as trail
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Conflict, Problem
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.duties import access, actions, queries
from qianan.registry.duties.lifecycle import RUNGS

KINDS = (
    "rectification",
    "verification",
    "rating",
    "silence",
    "instruction",
    "claim",
    "double_report",
    "plan",
    "supervision",
    "transfer",
)
AGES = {"1": 1, "3": 3, "7": 7, "14": 14, "30": 30}
ORDERS = {
    "due": ("due_at", "id"),
    "rung": ("rung", "-due_at", "id"),
    "place": ("place_code", "due_at", "id"),
    "kind": ("kind", "due_at", "id"),
}


def tabs(actor: Actor, current: str) -> list[figures.Tab]:
    """The lists of promises beside each other."""
    return [
        figures.Tab(_("Overdue"), reverse("desk:duties"), current=current == "overdue"),
        figures.Tab(
            _("More time asked for"),
            reverse("desk:extensions"),
            figures.number(queries.extensions_for(actor).count()),
            current == "extensions",
        ),
        figures.Tab(
            _("Transfers"),
            reverse("desk:transfers"),
            figures.number(hazards.transfers_for(actor, direction="in", state="sent").count()),
            current == "transfers",
        ),
    ]


def rules(actor: Actor) -> dict[str, listing.Rule]:
    """What the address of the list may say. `due=all` shows those that are not late yet, too."""
    return {
        "q": None,
        "place": lists.is_place(actor),
        "kind": KINDS,
        "line": lists.lines(),
        "rung": {"0", "1", "2", "3"},
        "at": {"0", "1", "2", "3"},
        "level": {"general", "major", "unrated"},
        "age": AGES,
        "due": {"all"},
        "business": lambda text: listing.uuid_in(text) is not None,
    }


def chosen(actor: Actor, ask: listing.Asked) -> QuerySet[Any]:
    """The open promises that the address asks for; overdue ones unless it says otherwise."""
    moment = now()
    found = queries.open_duties_for(
        actor,
        kind=ask.get("kind"),
        place_code=ask.get("place") or frame.root_of(actor),
        line=ask.get("line"),
        level=ask.get("level"),
        overdue_at=None if ask.get("due") == "all" else moment,
        rung=int(ask.get("rung")) if ask.get("rung") else None,
        business=listing.uuid_in(ask.get("business")),
    )
    if ask.get("q"):
        found = found.filter(
            business_id__in=businesses.businesses_for(actor, text=ask.get("q")).order_by().values("id")
        )
    if ask.get("at"):
        found = found.filter(rung=int(ask.get("at")))
    if ask.get("age"):
        found = found.filter(due_at__lt=moment - timedelta(days=AGES[ask.get("age")]))
    return found


def ids_in(actor: Actor, query: QueryDict, most: int) -> list[uuid.UUID]:
    """The businesses that owe what this address shows, each once."""
    ask = listing.asked_in(query, reverse("desk:duties"), rules(actor))
    return list(chosen(actor, ask).order_by("business_id").values_list("business_id", flat=True).distinct()[:most])


@officers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Overdue promises within the actor's area, longest late first, with the rung each has reached."""
    actor = actor_of(request)
    on, moment = frame.today(), now()
    ask = listing.asked(request, rules(actor))
    order = listing.order_of(ask, ORDERS, first="due")
    rows, pager = listing.page_of(chosen(actor, ask).order_by(*order.fields), ask)
    names = businesses.businesses_by_ids(row.business_id for row in rows)
    chairs = queries.who([row.owner_post for row in rows if row.owner_post], on=on)
    where = lists.place_names(row.place_code for row in rows)
    table = listing.Table(
        columns=listing.sorted_by(
            [
                listing.Column(_("What is owed"), "kind"),
                listing.Column(_("Business")),
                listing.Column(_("Place"), "place"),
                listing.Column(_("Level")),
                listing.Column(_("Who owes it")),
                listing.Column(_("Due"), "due"),
                listing.Column(_("Late")),
                listing.Column(_("Climbed to"), "rung"),
            ],
            ask,
            order,
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.link(
                        row.subject or words.label("duty.kind", row.kind),
                        reverse("desk:duty", args=[row.business_id, row.id]),
                        note=words.label("duty.kind", row.kind) if row.subject else "",
                    ),
                    listing.link(named(names[row.business_id]), reverse("desk:business", args=[row.business_id]))
                    if row.business_id in names
                    else listing.quiet("—"),
                    listing.text(where[row.place_code]),
                    listing.level(row.level) if row.level in {"general", "major", "unrated"} else listing.quiet("—"),
                    _owner(chairs.get(row.owner_post)),
                    listing.when(row.due_at),
                    listing.late((moment - row.due_at).days),
                    listing.rung(row.rung, late=row.due_at < moment),
                ),
                pick=str(row.business_id) if row.business_id in names else "",
                name=row.subject,
            )
            for row in rows
        ),
        caption=_("Overdue promises"),
        pick="pick",
        keys=True,
    )
    return lists.show_list(
        request,
        actor,
        title=_("All open duties") if ask.get("due") == "all" else _("Overdue duties"),
        table=table,
        pager=pager,
        filters=listing.filters(
            ask,
            [
                lists.place_choice(ask, actor, on=on),
                lists.label_choice(ask, "kind", _("Kind"), "duty.kind", KINDS),
                listing.choice(
                    ask, "at", _("Climbed to"), [(str(n), words.label("duty.rung", n)) for n in range(len(RUNGS))]
                ),
                lists.label_choice(ask, "level", _("Level"), "hazard.level", ("major", "general", "unrated")),
                lists.line_choice(ask),
                listing.choice(
                    ask,
                    "age",
                    _("Late for at least"),
                    [(key, listing.days_late(days)) for key, days in AGES.items()],
                ),
                listing.choice(ask, "due", _("Show"), [("all", _("also what is not late yet"))]),
            ],
            search=_("Name, pinyin or credit code of the business"),
            says=ngettext("%(n)s promise", "%(n)s promises", pager.total) % {"n": figures.number(pager.total)},
        ),
        tabs=tabs(actor, "overdue"),
        crumbs=frame.place_crumbs(actor, ask.get("place") or frame.root_of(actor)),
        bulk=registry.bulk(pager, ask, "duties"),
        empty=lists.Empty(
            _("Nothing is overdue"),
            _("Every promise in your area is kept or still has time."),
            f"{reverse('desk:duties')}?due=all",
            _("Show what falls due next"),
            good=True,
        ),
    )


def _owner(chair: Any) -> listing.Cell:
    """Post before person; a vacant chair is a gap, with where its duties fell."""
    if chair is None:
        return listing.gap(_("nobody"))
    if not chair.people:
        fell = chair.falls_to
        return listing.gap(
            _("%(post)s vacant") % {"post": named(chair.post)},
            note=_("fell to %(post)s") % {"post": named(fell)} if fell else "",
        )
    return listing.text(chair.people[0].name, note=named(chair.post))


@officers
@require_GET
def page(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """One promise: what about, who owes, answers and checks, its ladder with the rungs to come, its trail."""
    actor = actor_of(request)
    duty = queries.duty_for(actor, business, id)
    on = frame.today()
    chairs = queries.who([each for each in (duty.owner_post, duty.accountable_post, duty.verifier_post) if each], on=on)
    about = Ref.parse(duty.about)
    owner = businesses.businesses_by_ids([duty.business_id]).get(duty.business_id)
    entries = list(trail.entries_about(Ref.of("duties.duty", duty.business_id, duty.id), about)[:40])
    parts = ((_("fixes"), duty.owner_post), (_("answers"), duty.accountable_post), (_("checks"), duty.verifier_post))
    return frame.show(
        request,
        "desk/duty.html",
        {
            "duty": duty,
            "business": owner,
            "about_url": links.link_to(about, "desk"),
            "people": people(parts, chairs),
            "ladder": steps_of(queries.ladder_of(duty, on=on)),
            "extensions": queries.extensions_of([duty]).get(duty.id, []),
            "late": max(0, (now() - duty.due_at).days) if duty.state == "open" and duty.due_at < now() else 0,
            "deadline": codebook.deadline_row(duty.basis) if duty.basis else None,
            "sentences": sentences(entries, actor),
        },
        actor=actor,
        title=duty.subject or words.label("duty.kind", duty.kind),
        crumbs=frame.place_crumbs(
            actor,
            duty.place_code,
            last=[
                *([Crumb(named(owner), reverse("desk:business", args=[owner.id]))] if owner else []),
                words.label("duty.kind", duty.kind),
            ],
        ),
    )


def people(parts: Any, chairs: dict[uuid.UUID, Any]) -> list[dict[str, Any]]:
    """Rows of kit/people.html: part, post, person, contact, since; a vacant post says since when and where it falls."""
    rows = []
    for part, post in parts:
        chair = chairs.get(post)
        if chair is None:
            continue
        sitting = chair.people[0] if chair.people else None
        rows.append(
            {
                "part": part,
                "post": chair.post,
                "person": sitting.name if sitting else "",
                "contact": sitting.mobile if sitting else "",
                "since": chair.vacant_since,
                "tag": "" if sitting or not chair.falls_to else _("fell to %(post)s") % {"post": named(chair.falls_to)},
            }
        )
    return rows


def steps_of(ladder: Any) -> list[dict[str, Any]]:
    """Rows of kit/steps.html: the rungs of a ladder, those to come with their day; the last reached is `here`."""
    reached = [step.rung for step in ladder if step.reached]
    here = max(reached, default=-1)
    rows = []
    for step in ladder:
        person = step.people[0].name if step.people else ""
        if step.fell:
            note = _("nobody sat there: it went on")
        elif person:
            note = person
        else:
            note = _("vacant")
        if not step.verified:
            note = f"{note} · " + _("rule not verified")
        rows.append(
            {
                "number": step.rung,
                "name": step if step.body_code else words.label("duty.rung", step.rung),
                "note": note,
                "day": dates.when(step.reached) if step.reached else dates.by(step.at),
                "here": step.rung == here,
            }
        )
    return rows


# -- more time ------------------------------------------------------------------


@officers
@require_GET
def extensions(request: HttpRequest) -> HttpResponse:
    """Requests for more time that this officer may decide, oldest first."""
    actor = actor_of(request)
    rows, pager = listing.page_of(queries.extensions_for(actor), listing.asked(request, {}))
    duties = queries.duties_by_ids((row.business_id, row.duty_id) for row in rows)
    names = businesses.businesses_by_ids(row.business_id for row in rows)
    table = listing.Table(
        columns=(
            listing.Column(_("What is owed")),
            listing.Column(_("Business")),
            listing.Column(_("Why")),
            listing.Column(_("Due")),
            listing.Column(_("Asked until")),
            listing.Column(_("Asked")),
            listing.Column(_("What to do"), quiet=True),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.link(
                        duties[row.duty_id].subject or words.label("duty.kind", duties[row.duty_id].kind),
                        reverse("desk:extension", args=[row.business_id, row.id]),
                    ),
                    listing.text(named(names.get(row.business_id))),
                    listing.text(row.reason, css="wrap"),
                    listing.when(row.was),
                    listing.when(row.until),
                    listing.when(row.asked_at),
                    listing.act(_("Decide"), reverse("desk:extension", args=[row.business_id, row.id])),
                )
            )
            for row in rows
        ),
        caption=_("Requests for more time"),
        keys=True,
    )
    return lists.show_list(
        request,
        actor,
        title=_("More time asked for"),
        says=_("The deadline stands until you decide; a granted request keeps the old one on record."),
        table=table,
        pager=pager,
        tabs=tabs(actor, "extensions"),
        crumbs=frame.place_crumbs(actor, frame.root_of(actor), last=[_("More time asked for")]),
        empty=lists.Empty(
            _("Nobody waits for more time"),
            _("A request with its reason would stand here until you decide."),
            good=True,
        ),
    )


class Decision(HouseForm):
    grant = forms.ChoiceField(
        label=gettext_lazy("More time?"),
        choices=[
            ("yes", gettext_lazy("Grant: it is due at the new time")),
            ("no", gettext_lazy("Refuse: the deadline stands")),
        ],
        widget=forms.RadioSelect,
    )
    note = TextArea(label=gettext_lazy("Your words to them"), longest=500, required=False)


def _decide(actor: Actor, extension: Any, duty: Any, *, grant: bool, note: str) -> None:
    """More time for a fix is decided at its hazard, which keeps the new day too; any other at the promise itself."""
    about = Ref.parse(duty.about)
    if about.noun == "hazards.hazard" and duty.kind == "rectification":
        hazard = hazards.hazard_for(actor, about.business, about.id)
        fixing.decide_extension(hazard, grant=grant, note=note, by=actor, now=now())
    else:
        actions.decide_extension(extension, grant=grant, note=note, by=actor, now=now())


@officers
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """Grant or refuse one request."""
    actor = actor_of(request)
    extension = queries.extension_for(actor, business, id)
    duty = queries.duty_for(actor, extension.business_id, extension.duty_id)
    form = Decision(sent(request))
    if request.method == "POST" and extension.state != "asked":
        raise Conflict("extension_decided")
    if request.method == "POST" and form.is_valid():
        try:
            _decide(actor, extension, duty, grant=form.cleaned_data["grant"] == "yes", note=form.cleaned_data["note"])
        except Problem as problem:
            if problem.family != "invalid":
                raise
            form.refuse(problem)
        else:
            messages.success(request, _("Decided; they are told."))
            return redirect("desk:extensions")
    owner = businesses.businesses_by_ids([duty.business_id]).get(duty.business_id)
    return frame.show(
        request,
        "desk/extension.html",
        {
            "extension": extension,
            "duty": duty,
            "business": owner,
            "earlier": [each for each in queries.extensions_of([duty]).get(duty.id, []) if each.id != extension.id],
            "form": form,
            "about_url": links.link_to(Ref.parse(duty.about), "desk"),
            "asker": accounts.names_of_people([Ref.parse(extension.asked_by).uuid]).popitem()[1]
            if extension.asked_by.startswith("accounts.")
            else "—",
            "may": extension.state == "asked" and access.can_decide_extension(actor, duty, extension),
        },
        actor=actor,
        title=_("More time for: %(what)s") % {"what": duty.subject or words.label("duty.kind", duty.kind)},
        crumbs=frame.place_crumbs(
            actor, duty.place_code, last=[Crumb(_("More time asked for"), reverse("desk:extensions")), named(owner)]
        ),
        status=422 if form.errors else 200,
    )
