"""Who answers from outside (三管三必须): the queue of businesses without an industry department, and assigning one."""

import uuid

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
from qianan.doors.kit import figures, listing
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.forms import HouseForm, Line, sent
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import named
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.kernel.problems import NotYours, Problem
from qianan.registry.businesses import access, actions, queries


def trade(code: str | None, row: object) -> str:
    """6210 with its name, the code once: a class without an English name of its own is named by its group."""
    name = named(row) if row is not None else ""
    return " ".join(filter(None, [code if code and code not in name else "", name]))


@officers
@require_GET
def unassigned(request: HttpRequest) -> HttpResponse:
    """Businesses for whose trade no industry department answers, longest first."""
    actor = actor_of(request)
    ask = listing.asked(request, {"place": lists.is_place(actor), "trade": lists.trades()})
    found = queries.unassigned_for(actor)
    if ask.get("place"):
        found = found.filter(place_code__startswith=ask.get("place"))
    if ask.get("trade"):
        found = found.filter(venue=ask.get("trade"))
    rows, pager = listing.page_of(found, ask)
    where = lists.place_names(row.place_code for row in rows)
    industries = codebook.industry_names([row.industry_id for row in rows if row.industry_id])
    may = {row.id: access.can_assign(actor, row) for row in rows}
    today = frame.today()
    table = listing.Table(
        columns=(
            listing.Column(_("Business")),
            listing.Column(_("Place")),
            listing.Column(_("Trade")),
            listing.Column(_("Industry code")),
            listing.Column(_("Waiting")),
            listing.Column(_("What to do"), quiet=True),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.link(named(row), reverse("desk:business", args=[row.id])),
                    listing.text(where[row.place_code]),
                    listing.text(lists.trade_name(row.venue)),
                    listing.text(trade(row.industry_id, industries.get(row.industry_id)), css="wrap"),
                    listing.late((today - timezone.localdate(row.registered_at)).days),
                    listing.act(_("Assign a department"), reverse("desk:assign", args=[row.id]))
                    if may[row.id]
                    else listing.quiet(_("the district decides")),
                )
            )
            for row in rows
        ),
        caption=_("Businesses without an industry department"),
        keys=True,
    )
    return lists.show_list(
        request,
        actor,
        title=_("No industry department"),
        says=_(
            "No department is mapped to the trade of these. The district or city assigns one, and says on what ground."
        ),
        table=table,
        pager=pager,
        filters=listing.filters(
            ask,
            [lists.place_choice(ask, actor, on=today), lists.trade_choice(ask)],
            search="",
            says=ngettext("%(n)s business", "%(n)s businesses", pager.total) % {"n": figures.number(pager.total)},
        ),
        tabs=registry.tabs(actor, "unassigned"),
        crumbs=frame.place_crumbs(actor, ask.get("place") or frame.root_of(actor)),
        empty=lists.Empty(
            _("Every business has its industry department"),
            _("A trade that is mapped to none would wait here until somebody assigns one."),
            good=True,
        ),
    )


class Assignment(HouseForm):
    body = forms.ChoiceField(label=gettext_lazy("Which body answers for it"))
    duty_type = forms.ChoiceField(label=gettext_lazy("As what"), widget=forms.RadioSelect)
    basis = Line(
        label=gettext_lazy("On what ground"),
        help_text=gettext_lazy("The document and its number, or the meeting and its day. It stays on record."),
        longest=300,
    )

    def __init__(self, *args, bodies, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        frame.offer(self, "body", [(body.code, named(body)) for body in bodies])
        frame.offer(
            self,
            "duty_type",
            [
                ("industry", _("Industry department: its trade is theirs")),
                ("special", _("Special field only (fire, gas, special equipment)")),
                ("comprehensive", _("Comprehensive oversight")),
            ],
        )
        self.fields["duty_type"].initial = "industry"


@officers
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, business: uuid.UUID) -> HttpResponse:
    """Make a body answer for one business, on a recorded ground."""
    actor = actor_of(request)
    row = queries.business_for(actor, business)
    if not access.can_assign(actor, row):
        raise NotYours("district_assigns")
    bodies = [
        *accounts.bodies_within(row.place_code[:6], kind="department").filter(place_code=row.place_code[:6]),
        *accounts.bodies_within(row.place_code[:2], kind="department").filter(place_code=row.place_code[:2]),
    ]
    form = Assignment(sent(request), bodies=bodies)
    if request.method == "POST" and form.is_valid():
        chosen = next(body for body in bodies if body.code == form.cleaned_data["body"])
        try:
            actions.assign_oversight(
                row,
                duty_type=form.cleaned_data["duty_type"],
                body_code=chosen.code,
                line=chosen.line,
                basis=form.cleaned_data["basis"],
                by=actor,
                now=now(),
            )
        except Problem as problem:
            if problem.family not in {"invalid", "not_now", "conflict"}:
                raise
            form.refuse(problem, {"body_code": "body"})
        else:
            messages.success(request, _("%(body)s answers for it from today.") % {"body": named(chosen)})
            return redirect("desk:business", row.id)
    industry = codebook.industry_names([row.industry_id]).get(row.industry_id) if row.industry_id else None
    return frame.show(
        request,
        "desk/assign.html",
        {
            "business": row,
            "form": form,
            "trade": trade(row.industry_id, industry),
            "musts": queries.three_musts(row.id, on=frame.today()),
        },
        actor=actor,
        title=_("Assign a department to %(name)s") % {"name": named(row)},
        crumbs=frame.place_crumbs(
            actor,
            row.place_code,
            last=[Crumb(named(row), reverse("desk:business", args=[row.id])), _("Assign a department")],
        ),
        status=200 if not form.errors else 422,
    )
