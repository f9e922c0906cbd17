"""A site: its lists, its standing, and saying that it pauses, closes, moves or opens again, with proof."""

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from qianan.doors.kit import dates, words
from qianan.doors.kit.actor import actor_of, signed_in
from qianan.doors.kit.forms import DayField, HouseForm, Line, TextArea, sent
from qianan.doors.kit.now import now
from qianan.doors.kit.photos import Picture, take_in
from qianan.doors.phone.home import week
from qianan.field.selfchecks import queries as selfchecks
from qianan.ground.evidence import queries as evidence
from qianan.ground.places import queries as places
from qianan.kernel.problems import NotYours, Problem
from qianan.registry.businesses import access
from qianan.registry.businesses import actions as registry
from qianan.registry.businesses import queries as businesses
from qianan.registry.businesses.lifecycle import SITE
from qianan.registry.checklists import queries as checklists

WORDS = {
    "open": _("Open again"),
    "paused": _("Pause: no business for some days"),
    "closed": _("Close for good"),
    "moved": _("Move to another address"),
}


class ChangeForm(HouseForm):
    """What becomes of the site, from when; a pause has an end, a move a new address; proof goes beside."""

    state = forms.ChoiceField(label=_("What happens"), widget=forms.RadioSelect)
    from_day = DayField(label=pgettext_lazy("day", "From"))
    until_day = DayField(label=_("Open again on"), required=False, help_text=_("Only for a pause."))
    place_code = forms.ChoiceField(label=_("Moves to"), required=False, help_text=_("Only for a move."))
    address = Line(label=_("New address"), required=False, longest=200)
    reason = TextArea(label=_("Why"), longest=300)

    def __init__(self, *args: Any, states: tuple[str, ...], streets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [(each, WORDS[each]) for each in states]  # type: ignore[attr-defined]
        self.fields["place_code"].choices = [("", "—"), *streets]  # type: ignore[attr-defined]


@signed_in
@require_safe
def page(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """One site: what it owes, how it stands with each list, what was said about it."""
    actor, on = actor_of(request), dates.today()
    site = businesses.site_for(actor, business, id)
    standings = selfchecks.standing_of(site)
    changes = list(businesses.changes_of(site.business_id, site.id)[:10])
    given = {
        "business": site.business,
        "site": site,
        "place": places.path_of(site.place_code),
        "standings": standings,
        "lists": checklists.checklists({each.checklist for each in standings}),
        "due": checklists.lists_for_sites([site])[site.id],
        "changes": changes,
        "proof": evidence.photos_by([each.ref for each in changes]),
        "week": week(site.business_id, site.id, on),
        "may_change": access.can_change_site(actor, site.business) and bool(SITE.moves[site.state]),
    }
    return render(request, "phone/site.html", given)


@signed_in
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """Its checks stop from that day on; silence that has begun ends."""
    actor = actor_of(request)
    site = businesses.site_for(actor, business, id)
    if not access.can_change_site(actor, site.business):
        raise NotYours("managers_only")
    form = ChangeForm(
        sent(request),
        states=SITE.moves[site.state],
        streets=_streets(site.place_code, dates.today()),
        initial={"from_day": dates.today(), "until_day": dates.today() + timedelta(days=14)},
    )
    proof: list[Picture] = []
    wrong: list[str] = []
    if request.method == "POST":
        try:
            proof = take_in(request, "proof")
        except Problem as problem:
            wrong.append(words.say_problem(problem))
        if form.is_valid() and not wrong:
            try:
                _change(request, site, form.cleaned_data, [each.sha256 for each in proof])
            except Problem as problem:
                if problem.where == "proof":
                    wrong.append(words.say_problem(problem))
                else:
                    form.refuse(problem, {"moved_to": "place_code"})
            else:
                messages.success(request, _t("Kept, with its proof. The sub-district office is told."))
                return redirect("phone:site", site.business_id, site.id)
    given = {"business": site.business, "site": site, "form": form, "proof": proof, "wrong": wrong}
    return render(request, "phone/site_change.html", given, status=422 if form.errors or wrong else 200)


def _change(request: HttpRequest, site: Any, said: dict[str, Any], proof: list[str]) -> None:
    moved_to = None
    if said["state"] == "moved" and said["place_code"]:
        moved_to = registry.NewSite(
            name_zh=site.name_zh,
            name_en=site.name_en,
            place_code=said["place_code"],
            address=said["address"],
            industry_code=site.industry_code,
            venue=site.venue,
            tags=tuple(site.tags),
        )
    registry.change_site(
        site,
        state=said["state"],
        reason=said["reason"],
        from_day=said["from_day"],
        until_day=said["until_day"] if said["state"] == "paused" else None,
        proof=proof,
        moved_to=moved_to,
        by=actor_of(request),
        now=now(),
    )


def _streets(place_code: str, on: date) -> list[tuple[str, str]]:
    """All streets of the city, those of the site's own district first."""
    from qianan.doors.kit.templatetags.kit import named

    districts = places.districts(on)
    ordered = sorted(districts, key=lambda each: (each.code != place_code[:6], each.code))
    return [
        (street.code, f"{named(district)} · {named(street)}")
        for district in ordered
        for street in places.streets_of(district.code, on)
    ]
