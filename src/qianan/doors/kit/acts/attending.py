"""One act on a hazard at any door: what was sent is taken in, checked, done, or kept with what is wrong beside it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from qianan.doors.kit import dates, words
from qianan.doors.kit.actor import actor_of
from qianan.doors.kit.acts import ACTS, About, Act, bound, perform
from qianan.doors.kit.acts.forms import ActForm
from qianan.doors.kit.forms import sent
from qianan.doors.kit.now import now
from qianan.doors.kit.photos import Picture, take_in
from qianan.field.hazards import access, queries
from qianan.kernel.problems import NotFound, Problem


@dataclass(frozen=True)
class Attended:
    """How it went: `done`, or the form to show again with the pictures that were kept and what is `wrong` with them."""

    hazard: Any
    facts: Any
    act: Act
    form: ActForm
    pictures: list[Picture]
    wrong: list[str]
    done: bool

    @property
    def status(self) -> int:
        return 422 if self.form.errors or self.wrong else 200

    @property
    def context(self) -> dict[str, Any]:
        """What the page of an act shows."""
        return {
            "act": self.act,
            "form": self.form,
            "pictures": self.pictures,
            "wrong": self.wrong,
            "hazard": self.hazard,
            "facts": self.facts,
        }


def attend(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, act: str) -> Attended:
    """Ask what the act needs; do it. Who may not, or not now, is told why by the room.

    Raises NotFound("no_such_act") and whatever `hazards.access` and the act itself refuse with.
    """
    if act not in ACTS:
        raise NotFound("no_such_act")
    actor = actor_of(request)
    hazard = queries.hazard_for(actor, business, id)
    facts = queries.facts_of(hazard)
    access.check_may(actor, hazard, act, facts)
    chosen = ACTS[act]
    about = About(actor, hazard, facts, dates.today())
    form = bound(chosen, about, sent(request))
    pictures: list[Picture] = []
    wrong: list[str] = []
    done = False
    if request.method == "POST":
        try:
            pictures = take_in(request, "photos")
        except Problem as problem:
            wrong.append(words.say_problem(problem))
        if chosen.needs_pictures and not pictures and not wrong:
            wrong.append(str(_("Choose at least one picture.")))
        if form.is_valid() and not wrong:
            again = perform(chosen, form, about, [each.sha256 for each in pictures], now())
            if again is None:
                messages.success(request, str(chosen.done))
                done = True
            else:
                form = again
    return Attended(hazard, facts, chosen, form, pictures, wrong, done)
