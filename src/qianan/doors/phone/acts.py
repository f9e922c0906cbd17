"""One act on a hazard from the phone: its form, then the room's own verb."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qianan.doors.kit import acts, dates, words
from qianan.doors.kit.actor import actor_of, signed_in
from qianan.doors.kit.forms import sent
from qianan.doors.kit.links import link_to
from qianan.doors.kit.now import now
from qianan.doors.kit.photos import Picture, take_in
from qianan.field.hazards import access, queries
from qianan.kernel.problems import NotFound, Problem


@signed_in
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, act: str) -> HttpResponse:
    """Ask what the act needs; do it. Who may not, or not now, is told why by the room."""
    if act not in acts.ACTS:
        raise NotFound()
    actor = actor_of(request)
    hazard = queries.hazard_for(actor, business, id)
    facts = queries.facts_of(hazard)
    access.check_may(actor, hazard, act, facts)
    chosen = acts.ACTS[act]
    about = acts.About(actor, hazard, facts, dates.today())
    form = acts.bound(chosen, about, sent(request))
    pictures: list[Picture] = []
    wrong: list[str] = []
    if request.method == "POST":
        try:
            pictures = take_in(request, "photos")
        except Problem as problem:
            wrong.append(words.say_problem(problem))
        if chosen.needs_pictures and not pictures and not wrong:
            wrong.append(str(_("Choose at least one picture.")))
        if form.is_valid() and not wrong:
            again = acts.perform(chosen, form, about, [each.sha256 for each in pictures], now())
            if again is None:
                messages.success(request, str(chosen.done))
                return redirect(link_to(hazard, "phone"))
            form = again
    given: dict[str, Any] = {
        "act": chosen,
        "form": form,
        "pictures": pictures,
        "wrong": wrong,
        "hazard": hazard,
        "facts": facts,
        "back": link_to(hazard, "phone"),
    }
    return render(request, "phone/act.html", given, status=422 if form.errors or wrong else 200)
