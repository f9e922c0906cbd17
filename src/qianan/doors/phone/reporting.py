"""Reporting a hazard outside any list: one picture, a few words, where."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from qianan.doors.kit.actor import actor_of, signed_in
from qianan.doors.kit.forms import HouseForm, Line, TextArea, sent
from qianan.doors.kit.now import now
from qianan.doors.kit.photos import Picture, take_in
from qianan.doors.kit.templatetags.kit import named
from qianan.doors.phone.home import MANAGERS, claims_of, seat_of
from qianan.field.hazards import actions as hazards
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Problem
from qianan.registry.businesses import queries as businesses


class ReportForm(HouseForm):
    """`id` is made with the form: the same report sent twice is one hazard."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    site = forms.ChoiceField(label=_("Site"))
    text = TextArea(label=_("What is wrong"), longest=1000, help_text=_("One photo and a few words are enough."))
    where = Line(label=_("Where exactly"), required=False, longest=120)

    def __init__(self, *args: Any, sites: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = [(str(site.id), named(site)) for site in sites]  # type: ignore[attr-defined]
        if len(sites) == 1:
            self.fields["site"].widget = forms.HiddenInput()
            self.fields["site"].initial = str(sites[0].id)


@signed_in
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """For everybody who works there; what is found is seen at once by who must rate it."""
    actor = actor_of(request)
    seat = seat_of(actor)
    if seat is None:
        return render(request, "phone/nobody.html", {"asked": claims_of(actor)})
    sites = [site for site in businesses.sites_of(seat.business) if site.state in {"open", "paused"}]
    form = ReportForm(sent(request), sites=sites, initial={"id": uuid7(now())})
    pictures: list[Picture] = []
    wrong: list[str] = []
    if request.method == "POST":
        try:
            pictures = take_in(request, "photos")
        except Problem as problem:
            from qianan.doors.kit.words import say_problem

            wrong.append(say_problem(problem))
        if form.is_valid() and not wrong:
            said = form.cleaned_data
            try:
                hazard = _report(request, said, sites, [each.sha256 for each in pictures], seat.role)
            except Problem as problem:
                form.refuse(problem)
            else:
                messages.success(request, _t("Reported. Who must look at it has been told."))
                return redirect("phone:hazard", hazard.business_id, hazard.id)
    given = {"form": form, "pictures": pictures, "wrong": wrong, "sites": sites}
    return render(request, "phone/report.html", given, status=422 if form.errors or wrong else 200)


def _report(request: HttpRequest, said: dict[str, Any], sites: list[Any], photos: list[str], role: str) -> Any:
    site = next(each for each in sites if str(each.id) == said["site"])
    new = hazards.NewHazard(
        site=site,
        text=said["text"],
        where=said["where"],
        origin=None,
        origin_kind="manager" if role in MANAGERS else "worker",
        photos=tuple(photos),
        id=_uuid(said["id"]),
    )
    return hazards.report_hazards([new], by=actor_of(request), now=now())[0]


def _uuid(value: Any) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) and value.version == 7 else uuid7(now())
