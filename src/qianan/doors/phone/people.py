"""Posts and people of a business: who sits where, who is invited, taking leave; what is owed goes on visibly."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qianan.doors.kit import dates
from qianan.doors.kit.actor import actor_of, signed_in
from qianan.doors.kit.forms import HouseForm, Line, sent
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import named
from qianan.doors.phone.businesses import managed
from qianan.ground.accounts import access as accounts_access
from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts import queries as people
from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotFound, NotYours, Problem
from qianan.registry.duties import actions as duties
from qianan.registry.duties import queries as posts

ROLES = [
    ("worker", _("Staff: fills in checks, reports and fixes hazards")),
    ("safety_manager", _("Safety manager: rates, assigns, checks the fix")),
    ("principal", _("Principal: answers for the business")),
]


class InviteForm(HouseForm):
    role = forms.ChoiceField(
        label=pgettext_lazy("invited as", "As"), choices=ROLES, widget=forms.RadioSelect, initial="worker"
    )
    post = forms.ChoiceField(label=_("Post"), required=False)
    mobile = Line(
        label=_("Mobile number"),
        required=False,
        longest=40,
        help_text=_("With a number, only that phone can take the seat, and the link goes there by itself."),
    )

    def __init__(self, *args: Any, roles: set[str], chairs: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [each for each in ROLES if each[0] in roles]  # type: ignore[attr-defined]
        self.fields["post"].choices = [  # type: ignore[attr-defined]
            ("", _("the usual one of this role")),
            *((str(each.id), named(each.post)) for each in chairs),
        ]
        self.fields["mobile"].widget.attrs.update({"inputmode": "tel", "autocomplete": "off"})


class MoveForm(HouseForm):
    post = forms.ChoiceField(label=_("Post"))

    def __init__(self, *args: Any, chairs: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(str(each.id), named(each.post)) for each in chairs]  # type: ignore[attr-defined]


@signed_in
@require_safe
def index(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Every post with who sits there since when; a vacant one says so; open invitations below."""
    actor = actor_of(request)
    business = managed(actor, id)
    chairs = posts.posts_of(business.id, on=dates.today())
    seats = people.seats_on_business(business.id, dates.today())
    known = {each.id for each in chairs}
    given = {
        "business": business,
        "chairs": [{"chair": each, "seats": [seat for seat in seats if seat.post == each.id]} for each in chairs],
        "loose": [seat for seat in seats if seat.post not in known],
        "who": posts.who([each.id for each in chairs if each.vacant], on=dates.today()),
        "invitations": people.invitations_for(actor, business_id=business.id, now=now()),
        "may_end": {seat.id for seat in seats if accounts_access.can_end_seat(actor, seat)},
        "mine": {seat.id for seat in actor.seats},
    }
    return render(request, "phone/people.html", given)


@signed_in
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Hold a seat out: the link is shown once, to be handed on."""
    actor = actor_of(request)
    business = managed(actor, id)
    chairs = posts.posts_of(business.id, on=dates.today())
    roles = {role for role, _name in ROLES if accounts_access.can_seat(actor, role=role, business_id=business.id)}
    start = {"post": request.GET.get("post", "")}
    form = InviteForm(sent(request), roles=roles, chairs=chairs, initial=start)
    address = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            _row, secret = accounts.invite(
                role=said["role"],
                business_id=business.id,
                place_code=business.place_code,
                post=uuid.UUID(said["post"]) if said["post"] else None,
                mobile=said["mobile"],
                by=actor,
                now=now(),
            )
        except Problem as problem:
            form.refuse(problem)
        else:
            address = request.build_absolute_uri(reverse("kit:join", args=[secret]))
    given = {"business": business, "form": form, "address": address}
    return render(request, "phone/invite.html", given, status=422 if form.errors else 200)


def _seat(actor: Actor, business: Any, id: uuid.UUID) -> Any:
    """A seat of this business that the actor could end. Raises NotFound("no_such_seat")."""
    found = people.seat_for(actor, id, place_code=business.place_code)
    if found.business_id != business.id:
        raise NotFound("no_such_seat")
    return found


@signed_in
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, id: uuid.UUID, seat: uuid.UUID) -> HttpResponse:
    """Somebody leaves: asked once; the duties of the post go to the next one, who is told."""
    actor = actor_of(request)
    business = managed(actor, id)
    row = _seat(actor, business, seat)
    if request.method == "POST":
        accounts.leave_seat(row, place_code=business.place_code, by=actor, now=now())
        messages.success(request, _t("The seat is free. What was owed there has gone to the next person."))
        return redirect("phone:business_people", business.id)
    return render(request, "phone/leave.html", {"business": business, "row": row})


@signed_in
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, id: uuid.UUID, seat: uuid.UUID) -> HttpResponse:
    """Somebody goes to another post of the business."""
    actor = actor_of(request)
    business = managed(actor, id)
    row = next((each for each in people.seats_on_business(business.id, dates.today()) if each.id == seat), None)
    if row is None:
        raise NotFound("no_such_seat")
    chairs = posts.posts_of(business.id, on=dates.today())
    form = MoveForm(sent(request), chairs=chairs, initial={"post": str(row.post or "")})
    if request.method == "POST" and form.is_valid():
        try:
            duties.assign(row, to_post=uuid.UUID(form.cleaned_data["post"]), by=actor, now=now())
        except Problem as problem:
            form.refuse(problem, {"to_post": "post"})
        else:
            messages.success(request, _t("Done. Duties stay with the post, not with the person."))
            return redirect("phone:business_people", business.id)
    given = {"business": business, "row": row, "form": form}
    return render(request, "phone/move.html", given, status=422 if form.errors else 200)


@signed_in
@require_POST
def withdraw(request: HttpRequest, id: uuid.UUID, invitation: uuid.UUID) -> HttpResponse:
    actor = actor_of(request)
    business = managed(actor, id)
    row = people.invitation_for(actor, invitation)
    if row.business_id != business.id:
        raise NotYours("not_your_business")
    accounts.withdraw_invitation(row, by=actor, now=now())
    messages.success(request, _t("The link opens nothing any more."))
    return redirect("phone:business_people", business.id)
