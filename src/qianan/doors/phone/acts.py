"""One act on a hazard from the phone: its form, then the room's own verb."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from qianan.doors.kit.actor import signed_in
from qianan.doors.kit.acts.attending import attend
from qianan.doors.kit.links import link_to


@signed_in
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, act: str) -> HttpResponse:
    """The page of an act; once done, back to the hazard."""
    attended = attend(request, business, id, act)
    back = link_to(attended.hazard, "phone")
    if attended.done:
        return redirect(back)
    return render(request, "phone/act.html", attended.context | {"back": back}, status=attended.status)
