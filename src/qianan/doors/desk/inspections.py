"""Inspections (执法检查): the visits of an area, one visit, and writing one down with what it found. Thin for now."""

import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from qianan.doors.desk import businesses as registry
from qianan.doors.desk import frame, lists
from qianan.doors.kit import dates, figures, listing, photos, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.forms import HouseForm, Line, TextArea
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import described, named
from qianan.field.hazards.actions import NewHazard
from qianan.field.inspections import access, actions, queries
from qianan.field.inspections.actions import NewVisit
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.ground.evidence import queries as evidence
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Invalid, NotYours, Problem
from qianan.registry.businesses import queries as businesses
from qianan.registry.duties import queries as duties

FINDINGS = 5
"""Findings of one form; a longer visit is written down in two."""


@officers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Visits within the actor's area, newest first."""
    actor = actor_of(request)
    ask = listing.asked(
        request,
        {
            "place": lists.is_place(actor),
            "kind": queries.KINDS,
            "business": lambda text: listing.uuid_in(text) is not None,
        },
    )
    found = queries.visits_for(
        actor,
        place_code=ask.get("place") or frame.root_of(actor),
        business=listing.uuid_in(ask.get("business")),
        kind=ask.get("kind"),
    )
    rows, pager = listing.page_of(found, ask)
    sites = businesses.sites_by_ids((row.business_id, row.site_id) for row in rows)
    people = accounts.names_of_people(_officers(rows))
    where = lists.place_names(row.place_code for row in rows)
    table = listing.Table(
        columns=(
            listing.Column(_("Visit")),
            listing.Column(_("Site")),
            listing.Column(_("Place")),
            listing.Column(_("Why")),
            listing.Column(_("Officers")),
            listing.Column(_("Hazards"), num=True),
            listing.Column(_("Signed")),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.link(
                        dates.when(row.at), reverse("desk:visit", args=[row.business_id, row.id]), note=row.number
                    ),
                    listing.link(
                        named(sites[row.business_id, row.site_id]),
                        reverse("desk:site", args=[row.business_id, row.site_id]),
                    )
                    if (row.business_id, row.site_id) in sites
                    else listing.quiet("—"),
                    listing.text(where[row.place_code]),
                    listing.text(words.label("visit.kind", row.kind)),
                    listing.text(", ".join(people[id] for id in _officers([row])), css="wrap"),
                    listing.num(row.hazards),
                    listing.text(words.label("visit.signed", row.signed)),
                )
            )
            for row in rows
        ),
        caption=_("Visits"),
        keys=True,
    )
    return lists.show_list(
        request,
        actor,
        title=_("Inspections"),
        says=_("To write down a visit, open the site it was made to."),
        table=table,
        pager=pager,
        filters=listing.filters(
            ask,
            [
                lists.place_choice(ask, actor, on=frame.today()),
                lists.label_choice(ask, "kind", _("Why"), "visit.kind", queries.KINDS),
            ],
            search="",
            says=ngettext("%(n)s visit", "%(n)s visits", pager.total) % {"n": figures.number(pager.total)},
        ),
        crumbs=frame.place_crumbs(actor, ask.get("place") or frame.root_of(actor)),
        empty=lists.Empty(
            _("No visit is written down yet"),
            _("Open a site, then record the visit there with what you found."),
            reverse("desk:businesses"),
            _("Businesses"),
        ),
    )


def _officers(rows: Any) -> list[uuid.UUID]:
    """The person ids of the officers of these visits, in their order."""
    found = (listing.uuid_in(str(each).rsplit(":", 1)[-1]) for row in rows for each in row.officers)
    return list(dict.fromkeys(id for id in found if id is not None))


@officers
@require_GET
def page(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """One visit: who came, what was seen and ordered, what it found."""
    actor = actor_of(request)
    row = queries.visit_for(actor, business, id)
    site = businesses.sites_by_ids([(row.business_id, row.site_id)]).get((row.business_id, row.site_id))
    people = accounts.names_of_people(_officers([row]))
    body = accounts.bodies([row.body_code]).get(row.body_code) if row.body_code else None
    return frame.show(
        request,
        "desk/visit.html",
        {
            "visit": row,
            "site": site,
            "body": body,
            "officers": [people[each] for each in _officers([row])],
            "hazards": [registry.hazard_row(each, now()) for each in queries.found_at(row)],
            "files": evidence.files_of(queries.visit_ref(row)),
        },
        actor=actor,
        title=_("Visit of %(day)s") % {"day": dates.day(row.at)},
        crumbs=frame.place_crumbs(
            actor,
            row.place_code,
            last=[
                *(
                    [
                        Crumb(named(site.business), reverse("desk:business", args=[row.business_id])),
                        Crumb(named(site), reverse("desk:site", args=[row.business_id, row.site_id])),
                    ]
                    if site
                    else []
                ),
                row.number,
            ],
        ),
    )


class Visit(HouseForm):
    """A visit. Two officers at least (Administrative Penalty Law, art. 42); a refusal to sign is noted."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Why you came"))
    at = forms.DateTimeField(
        label=gettext_lazy("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    officers = forms.MultipleChoiceField(
        label=gettext_lazy("Who came"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Two officers at least, you among them."),
    )
    content = TextArea(label=gettext_lazy("What was looked at"), required=False)
    handling = TextArea(label=gettext_lazy("What was ordered, and how it was dealt with"), required=False)
    signed = forms.ChoiceField(label=gettext_lazy("The other side"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, officers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frame.offer(self, "kind", [(kind, words.label("visit.kind", kind)) for kind in queries.KINDS])
        frame.offer(self, "signed", [(each, words.label("visit.signed", each)) for each in queries.HANDLINGS])
        frame.offer(self, "officers", officers)


class Finding(HouseForm):
    """One hazard found at the visit; an empty one is left out."""

    text = TextArea(label=gettext_lazy("What is wrong"), longest=1000, required=False)
    where = Line(label=gettext_lazy("Where exactly"), longest=120, required=False)
    level = forms.ChoiceField(label=gettext_lazy("Level"), widget=forms.RadioSelect, required=False)
    criterion = forms.ChoiceField(label=gettext_lazy("By which clause, if major"), required=False)

    def __init__(self, *args: Any, criteria: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frame.offer(
            self, "level", [(each, words.label("hazard.level", each)) for each in ("general", "major", "unrated")]
        )
        frame.offer(self, "criterion", [("", "—"), *criteria])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("text") and given.get("level") == "major" and not given.get("criterion"):
            self.add_error("criterion", _("A major hazard is rated by a clause. Choose one, or leave the level open."))
        return given


@officers
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """Write a visit down with what it found; its photographs survive a form that comes back."""
    actor = actor_of(request)
    site = businesses.site_for(actor, business, id)
    if not access.can_visit(actor, site.business):
        raise NotYours("not_your_area")
    on, moment = frame.today(), now()
    colleagues = _colleagues(actor, site.place_code, on)
    criteria = [
        (row.code, f"{row.standard} {row.clause} {described(row, 'text')[:60]}")
        for row in codebook.suggest_criteria(venue=site.venue, tags=site.tags, on=on, most=40)
    ]
    post = request.POST if request.method == "POST" else None
    form = Visit(
        post,
        officers=colleagues,
        initial={
            "id": uuid7(moment),
            "at": timezone.localtime(moment).replace(second=0, microsecond=0),
            "kind": "routine",
            "signed": "signed",
            "officers": [str(actor.person)],
        },
    )
    findings = [Finding(post, prefix=f"f{n}", criteria=criteria, initial={"level": "general"}) for n in range(FINDINGS)]
    pictures: list[list[photos.Picture]] = [[] for _n in findings]
    if post is not None:
        good = not any(each.errors for each in [form, *findings])
        for n, finding in enumerate(findings):
            try:
                pictures[n] = photos.take_in(request, f"photos-{n}")
            except (Invalid, Problem) as problem:
                if problem.family not in {"invalid", "too_large"}:
                    raise
                finding.add_error("text", words.say_problem(problem))
                good = False
        if good:
            try:
                visit = actions.record_visit(
                    NewVisit(
                        site=site,
                        kind=form.cleaned_data["kind"],
                        at=min(form.cleaned_data["at"], moment + timedelta(minutes=5)),
                        officers=[uuid.UUID(each) for each in form.cleaned_data["officers"]],
                        content=form.cleaned_data["content"],
                        handling=form.cleaned_data["handling"],
                        signed=form.cleaned_data["signed"],
                        body_code=frame.desk_seat(actor).body_code,
                        findings=[
                            _finding(site, finding.cleaned_data, pictures[n])
                            for n, finding in enumerate(findings)
                            if finding.cleaned_data.get("text")
                        ],
                        id=form.cleaned_data["id"],
                    ),
                    by=actor,
                    now=moment,
                )
            except Problem as problem:
                if problem.family != "invalid":
                    raise
                form.refuse(problem)
            else:
                messages.success(
                    request,
                    ngettext("Written down, with %(n)s hazard.", "Written down, with %(n)s hazards.", visit.hazards)
                    % {"n": visit.hazards},
                )
                return redirect("desk:visit", visit.business_id, visit.id)
    return frame.show(
        request,
        "desk/visit_new.html",
        {
            "form": form,
            "findings": [
                {
                    "form": finding,
                    "n": n + 1,
                    "name": f"photos-{n}",
                    "pictures": pictures[n],
                    "open": n == 0 or bool(finding.errors) or bool(pictures[n]) or bool(finding["text"].value()),
                }
                for n, finding in enumerate(findings)
            ],
            "site": site,
        },
        actor=actor,
        title=_("Record a visit"),
        crumbs=frame.place_crumbs(
            actor,
            site.place_code,
            last=[
                Crumb(named(site.business), reverse("desk:business", args=[site.business_id])),
                Crumb(named(site), reverse("desk:site", args=[site.business_id, site.id])),
                _("Record a visit"),
            ],
        ),
        status=422 if post is not None else 200,
    )


def _finding(site: Any, given: dict[str, Any], pictures: list[photos.Picture]) -> NewHazard:
    return NewHazard(
        site=site,
        text=given["text"],
        where=given["where"],
        origin=None,
        origin_kind="inspection",
        level=given["level"] or "unrated",
        criterion=given["criterion"] if given["level"] == "major" else "",
        photos=tuple(picture.sha256 for picture in pictures),
    )


def _colleagues(actor: Actor, place_code: str, on: Any) -> list[tuple[str, str]]:
    """The officers who may have come along: those of the actor's own body and of the bodies over the place."""
    seat = frame.desk_seat(actor)
    office = duties.offices_of([seat.body_code], on=on).get(seat.body_code) if seat.body_code else None
    found = [sitting for view in (office.views if office else ()) for sitting in view.people]
    others = accounts.officers_over(place_code, on=on)
    if seat.line:
        others = [*others, *accounts.officers_over(place_code, line=seat.line, on=on)]
    people = {str(each.person): each.name for each in [*found, *others]}
    people[str(actor.person)] = actor.name
    return list(people.items())
