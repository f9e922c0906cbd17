"""One act on a hazard from the desk: the kit's form for it, then the room's own verb.

The buttons of the hazard page are `access.acts_open_to`; the same guards stand in the actions.
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from qianan.doors.desk import frame
from qianan.doors.kit import acts, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.acts.attending import attend
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.templatetags.kit import named
from qianan.field.hazards import access
from qianan.kernel.actor import Actor
from qianan.registry.businesses import queries as businesses


def open_acts(actor: Actor, hazard: Any, facts: Any) -> list[dict[str, Any]]:
    """The buttons of the hazard page: first what brings it on, filled; then the others in the order of its life."""
    open_now = access.acts_open_to(actor, hazard, facts)
    if hazard.level == "major" and "review" in open_now and not facts.reviewed:
        # a major one is verified only after two officers have reviewed it
        first: acts.Act | None = acts.ACTS["review"]
        others = [acts.ACTS[each] for each in open_now if each in acts.ACTS and each != "review"]
    else:
        first, others = acts.offered(open_now, actor, hazard, facts)
    shown = ([first] if first else []) + others
    return [
        {
            "act": each.name,
            "label": each.label,
            "icon": each.icon,
            "url": reverse("desk:hazard_act", args=[hazard.business_id, hazard.id, each.name]),
            "do": each is first,
        }
        for each in shown
    ]


@officers
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, act: str) -> HttpResponse:
    """The page of an act; once done, back to the hazard."""
    attended = attend(request, business, id, act)
    hazard, chosen = attended.hazard, attended.act
    if attended.done:
        return redirect("desk:hazard", hazard.business_id, hazard.id)
    actor = actor_of(request)
    owner = businesses.businesses_by_ids([hazard.business_id]).get(hazard.business_id)
    return frame.show(
        request,
        "desk/act.html",
        {
            **attended.context,
            "business": owner,
            "back": reverse("desk:hazard", args=[hazard.business_id, hazard.id]),
            "missing": [words.label("hazard.lacks", code) for code in attended.facts.missing(hazard)]
            if act in {"close", "verify"}
            else [],
        },
        actor=actor,
        title=str(chosen.label),
        crumbs=frame.place_crumbs(
            actor,
            hazard.place_code,
            last=[
                *([Crumb(named(owner), reverse("desk:business", args=[owner.id]))] if owner else []),
                Crumb(hazard.number, reverse("desk:hazard", args=[hazard.business_id, hazard.id])),
                str(chosen.label),
            ],
        ),
        status=attended.status,
    )
