"""Instructions and urging (指令、催办): written to many at once, previewed before it is sent, acknowledged by each."""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qianan.doors.desk import businesses as registry
from qianan.doors.desk import duties as promises
from qianan.doors.desk import frame, lists, selfchecks
from qianan.doors.desk import hazards as findings
from qianan.doors.kit import dates, figures, listing, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.forms import HouseForm, TextArea
from qianan.doors.kit.listing import uuid_in
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import named
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.ground.notices import actions as letters
from qianan.ground.notices import queries as notices
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Invalid, Problem
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.businesses.queries import businesses_for
from qianan.registry.duties import actions, queries

MOST = 5000
"""Businesses of one instruction; more than that is a campaign, not an instruction."""

SHOWN = 200
"""Rows of the preview; the counts are of all."""

SOURCES: dict[str, Callable[[Actor, QueryDict, int], Sequence[uuid.UUID]]] = {
    "businesses": registry.ids_in,
    "selfchecks": selfchecks.ids_in,
    "hazards": findings.ids_in,
    "duties": promises.ids_in,
}
"""The lists from which many can be chosen at once, by the noun of the list."""


@officers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Instructions sent within the actor's area, newest first, with how many have acknowledged."""
    actor = actor_of(request)
    ask = listing.asked(request, {"kind": {"urge", "instruct"}})
    found = queries.instructions_for(actor)
    if ask.get("kind"):
        found = found.filter(urge=ask.get("kind") == "urge")
    rows, pager = listing.page_of(found, ask)
    counts = queries.acknowledged_of([row.id for row in rows])
    senders = accounts.names_of_people(row.sent_by for row in rows)
    where = {code: named(frame.places.name_of(code)) for code in {row.place_code for row in rows}}
    moment = now()
    table = listing.Table(
        columns=(
            listing.Column(_("What was said")),
            listing.Column(_("Kind")),
            listing.Column(_("Area")),
            listing.Column(_("Sent by")),
            listing.Column(_("Sent")),
            listing.Column(_("Acknowledge by")),
            listing.Column(_("Sent to"), num=True),
            listing.Column(_("Acknowledged"), num=True),
            listing.Column(_("Share"), quiet=True),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.link(row.text[:60], reverse("desk:instruction", args=[row.id])),
                    listing.text(_("urging") if row.urge else _("instruction")),
                    listing.text(where[row.place_code]),
                    listing.text(senders[row.sent_by]),
                    listing.when(row.sent_at),
                    listing.late((moment - row.ack_by).days)
                    if row.ack_by < moment and counts.get(row.id, 0) < row.count
                    else listing.when(row.ack_by),
                    listing.num(row.count, url=reverse("desk:instruction", args=[row.id])),
                    listing.num(counts.get(row.id, 0), url=reverse("desk:instruction", args=[row.id]) + "?state=acked"),
                    listing.share(counts.get(row.id, 0), row.count),
                )
            )
            for row in rows
        ),
        caption=_("Instructions"),
        keys=True,
    )
    return lists.show_list(
        request,
        actor,
        title=_("Instructions"),
        table=table,
        pager=pager,
        filters=listing.filters(
            ask,
            [listing.choice(ask, "kind", _("Kind"), [("instruct", _("instruction")), ("urge", _("urging"))])],
            search="",
            says=ngettext("%(n)s sent", "%(n)s sent", pager.total) % {"n": figures.number(pager.total)},
        ),
        crumbs=frame.place_crumbs(actor, frame.root_of(actor)),
        empty=lists.Empty(
            _("No instruction was sent yet"),
            _("Tick businesses in a list, then urge or instruct them: you see whom it reaches before it is sent."),
            reverse("desk:selfchecks"),
            _("Who has not checked"),
        ),
    )


class Letter(HouseForm):
    """What is said, and by when each must acknowledge. `id` makes sending twice safe."""

    act = forms.ChoiceField(choices=[("instruct", ""), ("urge", "")], widget=forms.HiddenInput)
    id = forms.UUIDField(widget=forms.HiddenInput)
    text = TextArea(label=gettext_lazy("What they must do"), longest=2000)
    ack_by = forms.DateTimeField(
        label=gettext_lazy("Acknowledge by"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )


def _chosen(actor: Actor, posted: QueryDict) -> list[Any]:
    """The businesses that were ticked, or all of the list they were ticked in. Raises Invalid("nobody_chosen")."""
    list_of = SOURCES.get(str(posted.get("source", ""))) if posted.get("all") else None
    if list_of is not None:
        wanted = list(dict.fromkeys(list_of(actor, QueryDict(str(posted.get("query", ""))), MOST + 1)))
    else:
        given = [uuid_in(text.split(":", 1)[0]) for text in posted.getlist("pick")[: MOST + 1]]
        wanted = list(dict.fromkeys(id for id in given if id is not None))
    if not wanted:
        raise Invalid("nobody_chosen")
    if len(wanted) > MOST:
        raise Invalid("too_many_chosen", limit=MOST)
    found: list[Any] = []
    for start in range(0, len(wanted), 500):
        found += businesses_for(actor, state="").filter(id__in=wanted[start : start + 500])
    if not found:
        raise Invalid("nobody_chosen")
    return found


@officers
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Preview: whom it reaches, who is skipped and why; then send. A second press of the same page sends once."""
    actor = actor_of(request)
    if request.method == "GET":
        return redirect("desk:selfchecks")
    chosen = _chosen(actor, request.POST)
    act = "urge" if request.POST.get("act") == "urge" else "instruct"
    today = frame.today()
    last = queries.last_orders([row.id for row in chosen])
    told = {
        id for id, order in last.items() if act == "urge" and order.urge and timezone.localdate(order.sent_at) == today
    }
    again = request.POST.get("again") == "1"
    addressed = chosen if again else [row for row in chosen if row.id not in told]
    preview = queries.preview_instruction(actor, addressed, on=today)
    moment = now()
    if "send" in request.POST:
        form = Letter(request.POST)
        if form.is_valid():
            try:
                sent = actions.send_instruction(
                    businesses=[each.business for each in preview.reached],
                    text=form.cleaned_data["text"],
                    ack_by=form.cleaned_data["ack_by"],
                    urge=act == "urge",
                    about_kind=str(request.POST.get("source", ""))[:20]
                    if request.POST.get("source") in SOURCES
                    else "",
                    id=form.cleaned_data["id"],
                    by=actor,
                    now=moment,
                )
            except Problem as problem:
                if problem.family not in {"invalid", "not_yours"}:
                    raise
                form.refuse(problem)
            else:
                messages.success(
                    request,
                    ngettext(
                        "Sent to %(n)s business. Who has acknowledged stands here.",
                        "Sent to %(n)s businesses. Who has acknowledged stands here.",
                        sent.count,
                    )
                    % {"n": figures.number(sent.count)},
                )
                return redirect("desk:instruction", sent.id)
    else:
        due = timezone.localtime(codebook.due_from("instruction", "any", at=moment).at)
        form = Letter(
            initial={
                "act": act,
                "id": uuid7(moment),
                "text": _("You still owe a self-check. Please do it today: it takes about three minutes.")
                if act == "urge"
                else "",
                "ack_by": due.replace(hour=18, minute=0) if due.time() > time(18) else due,
            }
        )
    why = Counter(each.why for each in preview.skipped)
    if told and not again:
        why["told_today"] = len(told)
    reasons = {
        "closed": _("closed or merged: it owes nothing any more"),
        "not_yours": _("not in your area or line"),
        "nobody": _("nobody with a seat there could read it: call them, or visit"),
        "told_today": _("urged today already"),
    }
    return frame.show(
        request,
        "desk/instruct.html",
        {
            "form": form,
            "urge": act == "urge",
            "preview": preview,
            "reached": [
                {"business": each.business, "people": len(each.people), "last": last.get(each.business.id)}
                for each in preview.reached[:SHOWN]
            ],
            "more": max(0, len(preview.reached) - SHOWN),
            "skipped": [(reasons[code], count) for code, count in why.most_common()],
            "skipped_rows": [(each.business, reasons[each.why]) for each in preview.skipped[:SHOWN]]
            + [(row, reasons["told_today"]) for row in chosen if row.id in told and not again][:SHOWN],
            "told": len(told),
            "again": again,
            "picks": [] if request.POST.get("all") else [str(row.id) for row in chosen],
            "posted": {name: request.POST.get(name, "") for name in ("all", "source", "query")},
        },
        actor=actor,
        title=_("Urge") if act == "urge" else _("Instruct"),
        crumbs=frame.place_crumbs(actor, frame.root_of(actor), last=[_("Before it is sent")]),
        status=422 if form.errors else 200,
    )


@officers
@require_GET
def page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One instruction: who acknowledged, who has not, how it was delivered to whom."""
    actor = actor_of(request)
    file = queries.instruction_for(actor, id)
    ask = listing.asked(request, {"state": {"acked", "waiting", "late"}})
    orders = queries.orders_of(actor, file.instruction)
    moment = now()
    if ask.get("state") == "acked":
        orders = orders.filter(acked_at__isnull=False)
    elif ask.get("state") == "waiting":
        orders = orders.filter(acked_at__isnull=True)
    elif ask.get("state") == "late":
        orders = orders.filter(acked_at__isnull=True, ack_by__lt=moment)
    rows, pager = listing.page_of(orders, ask)
    names = businesses.businesses_by_ids(row.business_id for row in rows)
    carried = notices.attempts_about(*[_ref(row) for row in rows]) if rows else {}
    people = accounts.names_of_people({told.notice.person for some in carried.values() for told in some})
    where = lists.place_names(each.place_code for each in names.values())
    table = listing.Table(
        columns=(
            listing.Column(_("Business")),
            listing.Column(_("Place")),
            listing.Column(_("Acknowledged")),
            listing.Column(_("Their words")),
            listing.Column(_("Delivery, per person and channel")),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.link(named(names[row.business_id]), reverse("desk:business", args=[row.business_id])),
                    listing.text(where[names[row.business_id].place_code]),
                    listing.when(row.acked_at)
                    if row.acked_at
                    else listing.late((moment - row.ack_by).days)
                    if row.ack_by < moment
                    else listing.text(_("not yet")),
                    listing.text(row.note, css="wrap"),
                    listing.text(_delivered(carried.get(str(_ref(row)), ()), people), css="wrap"),
                )
            )
            for row in rows
        ),
        caption=_("Businesses that were told"),
    )
    tabs = [
        figures.Tab(_("All"), ask.url(state=None), figures.number(file.sent), not ask.get("state")),
        figures.Tab(
            _("Not yet"), ask.url(state="waiting"), figures.number(file.waiting), ask.get("state") == "waiting"
        ),
        figures.Tab(_("Acknowledged"), ask.url(state="acked"), figures.number(file.acked), ask.get("state") == "acked"),
    ]
    sender = accounts.names_of_people([file.instruction.sent_by])[file.instruction.sent_by]
    return frame.show(
        request,
        "desk/instruction.html",
        {"file": file, "sender": sender, "table": table, "pager": pager, "tabs": tabs},
        actor=actor,
        title=_("Urging") if file.instruction.urge else _("Instruction"),
        crumbs=frame.place_crumbs(
            actor,
            file.instruction.place_code,
            last=[Crumb(_("Instructions"), reverse("desk:instructions")), dates.when(file.instruction.sent_at)],
        ),
    )


def _ref(order: Any) -> Ref:
    return Ref.of("duties.order", order.business_id, order.id)


def _delivered(carried: Sequence[Any], people: dict[uuid.UUID, str]) -> str:
    """刘芳: 短信 已送出, 已读; 王建国: 短信 没送到."""
    said = []
    for told in carried:
        how = [
            f"{words.label('channel', attempt.channel)} {words.label('attempt.state', attempt.state)}"
            for attempt in told.attempts
        ] or [_("inbox")]
        if told.notice.acked_at:
            how.append(_("acknowledged"))
        elif told.notice.read_at:
            how.append(_("read"))
        said.append(f"{people.get(told.notice.person, '—')}: {', '.join(how)}")
    return "; ".join(said) or _("no letter yet: the worker writes them within seconds")


@officers
@require_POST
def resend(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Send once more what failed."""
    actor = actor_of(request)
    file = queries.instruction_for(actor, id)
    orders = list(queries.orders_of(actor, file.instruction).filter(acked_at__isnull=True)[:MOST])
    carried = notices.attempts_about(*[_ref(row) for row in orders]) if orders else {}
    failed = {
        attempt.id: attempt
        for some in carried.values()
        for told in some
        for attempt in told.attempts
        if attempt.state in {"failed", "given_up"}
    }
    moment = now()
    for attempt in failed.values():
        letters.resend(attempt, by=actor, now=moment)
    if failed:
        messages.success(
            request,
            ngettext("%(n)s letter is on its way again.", "%(n)s letters are on their way again.", len(failed))
            % {"n": len(failed)},
        )
    else:
        messages.info(request, _("No letter of this instruction has failed; there is nothing to send again."))
    return redirect("desk:instruction", file.instruction.id)
