"""Transfers (移送): hazards sent to another competent body and those sent to this one, each with its receipt."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from qianan.doors.desk import duties as promises
from qianan.doors.desk import frame, lists
from qianan.doors.kit import figures, listing, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.forms import HouseForm, TextArea, sent
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import named
from qianan.field.hazards import actions, queries
from qianan.ground.accounts import queries as accounts
from qianan.kernel.problems import Problem

STATES = ("sent", "received", "answered", "declined")


@officers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What was sent to this office, and what was sent from within its area; those without a receipt first."""
    actor = actor_of(request)
    ask = listing.asked(request, {"direction": {"out"}, "state": STATES})
    direction = ask.get("direction") or "in"
    found = queries.transfers_for(actor, direction=direction, state=ask.get("state"))
    rows, pager = listing.page_of(found, ask)
    known = queries.hazards_by_ids((row.business_id, row.hazard_id) for row in rows)
    bodies = accounts.bodies({code for row in rows for code in (row.from_body, row.to_body) if code})

    def body(code: str) -> str:
        return named(bodies[code]) if code in bodies else code or "—"

    table = listing.Table(
        columns=(
            listing.Column(_("Receipt")),
            listing.Column(_("Hazard")),
            listing.Column(_("From")),
            listing.Column(_("To")),
            listing.Column(_("Why")),
            listing.Column(_("Sent")),
            listing.Column(_("State")),
            listing.Column(_("Received")),
            listing.Column(_("What to do"), quiet=True),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.text(row.receipt, css="mono"),
                    listing.link(
                        known[row.business_id, row.hazard_id].text[:50],
                        reverse("desk:hazard", args=[row.business_id, row.hazard_id]),
                    )
                    if (row.business_id, row.hazard_id) in known
                    else listing.quiet("—"),
                    listing.text(body(row.from_body), css="wrap"),
                    listing.text(body(row.to_body), css="wrap"),
                    listing.text(row.reason, css="wrap"),
                    listing.when(row.sent_at),
                    listing.text(words.label("transfer.state", row.state)),
                    listing.when(row.received_at),
                    listing.act(_("Receive or decline"), reverse("desk:transfer", args=[row.business_id, row.id]))
                    if direction == "in" and row.state == "sent"
                    else listing.blank(),
                )
            )
            for row in rows
        ),
        caption=_("Transfers"),
        keys=True,
    )
    return lists.show_list(
        request,
        actor,
        title=_("Transfers to us") if direction == "in" else _("Transfers from us"),
        table=table,
        pager=pager,
        tabs=promises.tabs(actor, "transfers"),
        filters=listing.filters(
            ask,
            [
                listing.choice(ask, "direction", _("Direction"), [("out", _("sent by us"))]),
                lists.label_choice(ask, "state", _("State"), "transfer.state", STATES),
            ],
            search="",
            says=ngettext("%(n)s transfer", "%(n)s transfers", pager.total) % {"n": figures.number(pager.total)},
        ),
        crumbs=frame.place_crumbs(actor, frame.root_of(actor), last=[_("Transfers")]),
        empty=lists.Empty(
            _("No transfer waits"),
            _("A hazard that belongs to another body is sent there from its page; the receipt comes back here."),
            good=True,
        ),
    )


class Receipt(HouseForm):
    accept = forms.ChoiceField(
        label=gettext_lazy("Is it ours?"),
        choices=[
            ("yes", gettext_lazy("Yes: we receive it and deal with it")),
            ("no", gettext_lazy("No: it goes back with our reason")),
        ],
        widget=forms.RadioSelect,
    )
    answer = TextArea(label=gettext_lazy("Our answer"), longest=500, required=False)


@officers
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """Give the receipt, or decline with a reason."""
    actor = actor_of(request)
    transfer = queries.transfer_for(actor, business, id)
    hazard = queries.hazard_for(actor, transfer.business_id, transfer.hazard_id)
    form = Receipt(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.receive_transfer(
                transfer,
                accept=form.cleaned_data["accept"] == "yes",
                answer=form.cleaned_data["answer"],
                by=actor,
                now=now(),
            )
        except Problem as problem:
            if problem.family != "invalid":
                raise
            form.refuse(problem)
        else:
            messages.success(request, _("The receipt is given; the sender is told."))
            return redirect("desk:transfers")
    bodies = accounts.bodies([transfer.from_body, transfer.to_body])
    return frame.show(
        request,
        "desk/transfer.html",
        {
            "transfer": transfer,
            "hazard": hazard,
            "form": form if transfer.state == "sent" else None,
            "from_body": bodies.get(transfer.from_body),
            "to_body": bodies.get(transfer.to_body),
        },
        actor=actor,
        title=_("Transfer %(receipt)s") % {"receipt": transfer.receipt},
        crumbs=frame.place_crumbs(
            actor, hazard.place_code, last=[Crumb(_("Transfers"), reverse("desk:transfers")), transfer.receipt]
        ),
        status=422 if form.errors else 200,
    )
