"""Checklists and their versions: read by every officer, moved on (test, publish, retire) by the city's list makers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from qianan.doors.desk import frame, lists
from qianan.doors.kit import figures, listing, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import described, named
from qianan.kernel.problems import NotFound
from qianan.registry.checklists import access, actions, queries
from qianan.registry.checklists.lifecycle import ANSWERABLE, VERSION


@officers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every list with the edition that is answered now and what it asks of people."""
    actor = actor_of(request)
    ask = listing.asked(request, {"trade": lists.trades(), "frequency": FREQUENCIES})
    rows = [
        row
        for row in queries.checklists().values()
        if (not ask.get("trade") or row.venue == ask.get("trade"))
        and (not ask.get("frequency") or row.frequency == ask.get("frequency"))
    ]
    now_answered = queries.currents(row.code for row in rows)
    shown, pager = listing.page_of(rows, ask, total=len(rows))
    table = listing.Table(
        columns=(
            listing.Column(_("List")),
            listing.Column(_("Trade")),
            listing.Column(_("How often")),
            listing.Column(_("Who fills it in")),
            listing.Column(_("Minutes"), num=True),
            listing.Column(_("Items"), num=True),
            listing.Column(_("Basis not verified"), num=True),
            listing.Column(_("Edition")),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.link(named(row), reverse("desk:checklist", args=[row.code]), note=row.code),
                    listing.text(lists.trade_name(row.venue)),
                    listing.text(words.label("frequency", row.frequency)),
                    listing.text(words.label("role", row.for_role)),
                    listing.num(f"{row.minutes:g}"),
                    *(
                        (
                            listing.num(len(edition.items)),
                            listing.num(len(edition.unverified)),
                            listing.link(
                                _("Version %(n)s") % {"n": edition.number},
                                reverse("desk:version", args=[edition.version_id]),
                            ),
                        )
                        if (edition := now_answered.get(row.code))
                        else (listing.num(None), listing.num(None), listing.gap(_("none published")))
                    ),
                )
            )
            for row in shown
        ),
        caption=_("Checklists"),
        keys=True,
    )
    return lists.show_list(
        request,
        actor,
        title=_("Checklists"),
        table=table,
        pager=pager,
        filters=listing.filters(
            ask,
            [
                lists.trade_choice(ask),
                lists.label_choice(ask, "frequency", _("How often"), "frequency", FREQUENCIES),
            ],
            search="",
            says=ngettext("%(n)s list", "%(n)s lists", len(rows)) % {"n": figures.number(len(rows))},
        ),
        empty=lists.Empty(
            _("No list is published yet"), _("Run ./qianan load-codebook: it publishes the shipped lists.")
        ),
    )


FREQUENCIES = ("daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly")


@officers
@require_GET
def page(request: HttpRequest, code: str) -> HttpResponse:
    """One list: its versions, newest first; drafts for list makers only."""
    actor = actor_of(request)
    row = queries.checklist(code)
    found = [each for each in queries.versions_of(code) if each.state in ANSWERABLE or access.can_draft(actor)]
    table = listing.Table(
        columns=(
            listing.Column(_("Version")),
            listing.Column(_("State")),
            listing.Column(_("Edition")),
            listing.Column(_("Published")),
            listing.Column(_("Retired")),
            listing.Column(_("Fingerprint")),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.link(_("Version %(n)s") % {"n": each.number}, reverse("desk:version", args=[each.id])),
                    listing.text(words.label("version.state", each.state)),
                    listing.text(each.edition),
                    listing.when(each.published_at),
                    listing.when(each.retired_at),
                    listing.text(each.content_hash[:12], css="mono mut"),
                )
            )
            for each in found
        ),
        caption=_("Versions"),
    )
    return lists.show_list(
        request,
        actor,
        title=named(row),
        says=_("%(trade)s · %(often)s · about %(minutes)s minutes")
        % {
            "trade": lists.trade_name(row.venue),
            "often": words.label("frequency", row.frequency),
            "minutes": f"{row.minutes:g}",
        },
        table=table,
        pager=listing.Pager(
            says=ngettext("%(n)s version", "%(n)s versions", len(found)) % {"n": len(found)},
            previous="",
            next="",
            total=len(found),
        ),
        crumbs=[Crumb(_("Checklists"), reverse("desk:checklists")), Crumb(named(row))],
        empty=lists.Empty(_("No version was published yet"), ""),
    )


@officers
@require_http_methods(["GET", "POST"])
def version(request: HttpRequest, id: str) -> HttpResponse:
    """One version: its sections and items with basis and source; what it changes; the moves that are open."""
    actor = actor_of(request)
    row = queries.version_for(actor, id)
    may = access.can_draft(actor)
    if request.method == "POST":
        to = request.POST.get("to", "")
        if to not in VERSION.states:
            raise NotFound("no_such_state")
        actions.move_version(row.id, to, by=actor, now=now())
        messages.success(request, _("Moved to: %(state)s.") % {"state": words.label("version.state", to)})
        return redirect("desk:version", row.id)
    edition = queries.trial(row)
    before = _before(row)
    changes = queries.differences(before, edition) if before is not None else None
    return frame.show(
        request,
        "desk/version.html",
        {
            "row": row,
            "edition": edition,
            "sections": [_section(section) for section in edition.sections],
            "minutes": sum(item.minutes for item in edition.items),
            "required": sum(item.required for item in edition.items),
            "majors": sum(item.hazard_level == "suggest_major" for item in edition.items),
            "before": before,
            "changes": {key: len(codes) for key, codes in changes.items()} if changes else None,
            "moves": [(to, words.label("version.move", to)) for to in VERSION.moves[row.state]] if may else [],
        },
        actor=actor,
        title=f"{named(edition)} · " + _("Version %(n)s") % {"n": row.number},
        crumbs=[
            Crumb(_("Checklists"), reverse("desk:checklists")),
            Crumb(named(row.checklist), reverse("desk:checklist", args=[row.checklist_id])),
            Crumb(_("Version %(n)s") % {"n": row.number}),
        ],
    )


def _before(row: Any) -> Any:
    """The edition that this version followed, if it was ever answered."""
    earlier = queries.versions_of(row.checklist_id).filter(number__lt=row.number, state__in=ANSWERABLE).first()
    return queries.trial(earlier) if earlier else None


def _section(section: Any) -> dict[str, Any]:
    return {
        "title": named(section),
        "repeat": section.repeat_max,
        "items": [
            {
                "item": item,
                "text": described(item, "text"),
                "hint": described(item, "hint"),
                "basis": described(item, "basis"),
                "choices": " / ".join(named(each) for each in item.choices),
            }
            for item in section.items
        ],
    }
