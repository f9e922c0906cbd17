"""Claims (认领): who says that a registered business is theirs, decided by its street or the district above."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from qianan.doors.desk import businesses as registry
from qianan.doors.desk import frame, lists
from qianan.doors.kit import figures, listing, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.forms import HouseForm, TextArea, sent
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import named
from qianan.ground.accounts import queries as accounts
from qianan.ground.evidence import queries as evidence
from qianan.kernel.problems import Problem
from qianan.kernel.ref import Ref
from qianan.registry.businesses import access, actions, queries

STATES = ("asked", "approved", "refused")


@officers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The claims this officer may decide, oldest first."""
    actor = actor_of(request)
    ask = listing.asked(request, {"state": STATES})
    rows, pager = listing.page_of(queries.claims_for(actor, state=ask.get("state") or "asked"), ask)
    names = queries.businesses_by_ids(row.business_id for row in rows)
    people = accounts.names_of_people(row.person for row in rows)
    where = lists.place_names(row.place_code for row in rows)
    table = listing.Table(
        columns=(
            listing.Column(_("Business")),
            listing.Column(_("Place")),
            listing.Column(_("Who asks")),
            listing.Column(_("As")),
            listing.Column(_("Asked")),
            listing.Column(_("State")),
            listing.Column(_("What to do"), quiet=True),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.link(named(names[row.business_id]), reverse("desk:claim", args=[row.business_id, row.id])),
                    listing.text(where[row.place_code]),
                    listing.text(people[row.person]),
                    listing.text(words.label("role", row.role)),
                    listing.when(row.asked_at),
                    listing.state(row.state, key="claim.state"),
                    listing.act(_("Decide"), reverse("desk:claim", args=[row.business_id, row.id]))
                    if row.state == "asked"
                    else listing.blank(),
                )
            )
            for row in rows
        ),
        caption=_("Claims"),
        keys=True,
    )
    return lists.show_list(
        request,
        actor,
        title=_("Claims to decide"),
        table=table,
        pager=pager,
        filters=listing.filters(
            ask,
            [lists.label_choice(ask, "state", _("State"), "claim.state", STATES[1:])],
            search="",
            says=ngettext("%(n)s claim", "%(n)s claims", pager.total) % {"n": figures.number(pager.total)},
        ),
        tabs=registry.tabs(actor, "claims"),
        crumbs=frame.place_crumbs(actor, frame.root_of(actor)),
        empty=lists.Empty(
            _("No claim waits for you"),
            _("When somebody says that a registered business is theirs, it stands here until you decide."),
            good=True,
        ),
    )


class Decision(HouseForm):
    approve = forms.ChoiceField(
        label=gettext_lazy("Is it theirs?"),
        choices=[
            ("yes", gettext_lazy("Yes: they get the seat")),
            ("no", gettext_lazy("No: they are told why")),
        ],
        widget=forms.RadioSelect,
    )
    reason = TextArea(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("What you looked at: licence, phone call, visit. They read this."),
        longest=300,
        required=False,
    )


@officers
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """One claim with its proof: approve (the person takes the seat) or refuse with a reason."""
    actor = actor_of(request)
    claim = queries.claim_for(actor, business, id)
    row = queries.business(claim.business_id)
    form = Decision(sent(request))
    may = claim.state == "asked" and access.can_decide_claim(actor, claim)
    if request.method == "POST" and form.is_valid():
        approve = form.cleaned_data["approve"] == "yes"
        try:
            actions.decide_claim(claim, approve=approve, reason=form.cleaned_data["reason"], by=actor, now=now())
        except Problem as problem:
            if problem.family not in {"invalid", "not_now", "conflict"}:
                raise
            form.refuse(problem)
        else:
            messages.success(
                request,
                _("Approved: they can sign in for this business now.") if approve else _("Refused; they are told why."),
            )
            return redirect("desk:claims")
    person = accounts.reach_of([claim.person]).get(claim.person)
    return frame.show(
        request,
        "desk/claim.html",
        {
            "claim": claim,
            "business": row,
            "person": person,
            "form": form,
            "may": may,
            "seated": accounts.seats_on_business(row.id, frame.today()),
            "files": evidence.files_of(Ref.of("businesses.claim", claim.business_id, claim.id)),
        },
        actor=actor,
        title=_("Claim on %(name)s") % {"name": named(row)},
        crumbs=frame.place_crumbs(
            actor, claim.place_code, last=[Crumb(_("Claims"), reverse("desk:claims")), named(row)]
        ),
        status=200 if not form.errors else 422,
    )
