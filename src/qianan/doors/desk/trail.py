"""The trail (轨迹): everything that happened within one business, and what proves that nothing was altered."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qianan.doors.desk import frame
from qianan.doors.kit import listing
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.templatetags.kit import named
from qianan.doors.kit.trail import sentences
from qianan.ground.places import queries as places
from qianan.ground.trail import queries
from qianan.registry.businesses import queries as businesses


@officers
@require_GET
def of_business(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The whole trail of one business as sentences, newest first."""
    actor = actor_of(request)
    row = businesses.business_for(actor, id)
    ask = listing.asked(request, {})
    entries, pager = listing.page_of(queries.entries_of(row.id), ask)
    return frame.show(
        request,
        "desk/trail.html",
        {"sentences": sentences(entries, actor), "pager": pager, "business": row},
        actor=actor,
        title=_("Trail of %(name)s") % {"name": named(row)},
        crumbs=frame.place_crumbs(
            actor, row.place_code, last=[Crumb(named(row), reverse("desk:business", args=[row.id])), _("Trail")]
        ),
    )


@officers
@require_GET
def verification(request: HttpRequest) -> HttpResponse:
    """How the trail is protected: chains, seals, signed heads, entries not sealed yet. For administrators."""
    actor = actor_of(request)
    frame.check_admin(actor)
    return frame.show(
        request,
        "desk/verification.html",
        {
            "health": queries.queue_health(),
            "chains": [
                {"state": state, "name": named(places.name_of(state.chain)) if places.place(state.chain) else ""}
                for state in queries.chains()
            ],
        },
        actor=actor,
        title=_("Proof of the trail"),
        crumbs=[Crumb(_("Queue"), reverse("desk:queue")), Crumb(_("Proof of the trail"))],
    )
