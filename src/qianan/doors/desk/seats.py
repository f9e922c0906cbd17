"""Seats (席位): which officers sit where, giving and ending seats, bodies, invitations for officers and businesses."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from qianan.doors.desk import frame, lists
from qianan.doors.kit import dates, figures, listing, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Crumb
from qianan.doors.kit.forms import DayField, HouseForm, Line, sent
from qianan.doors.kit.now import now
from qianan.doors.kit.templatetags.kit import named
from qianan.ground.accounts import access, actions, queries
from qianan.ground.places import queries as places
from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotYours, Problem
from qianan.registry.businesses import access as business_access
from qianan.registry.businesses import queries as businesses
from qianan.registry.duties import queries as duties

ROLES = ("city", "district", "street", "community", "industry", "admin")
MENDABLE = {"invalid", "conflict", "not_found"}
"""Families of refusals that a form can show at its fields."""


def tabs(actor: Actor, current: str) -> list[figures.Tab]:
    found = [
        figures.Tab(_("Seats"), reverse("desk:seats"), current=current == "seats"),
        figures.Tab(_("Bodies"), reverse("desk:bodies"), current=current == "bodies"),
    ]
    if actor.is_admin:
        found.append(figures.Tab(_("Invitations"), reverse("desk:invite"), current=current == "invitations"))
    return found


@officers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Who sits where today, within the actor's area; an administrator gives and ends seats."""
    actor = actor_of(request)
    on = frame.today()
    ask = listing.asked(request, {"q": None, "place": lists.is_place(actor), "line": lists.lines(), "role": set(ROLES)})
    found = queries.seats_for(
        actor, place_code=ask.get("place"), line=ask.get("line"), role=ask.get("role"), text=ask.get("q"), on=on
    )
    rows, pager = listing.page_of(found, ask)
    bodies_ = queries.bodies(row.body_code for row in rows if row.body_code)
    where = places.names_of({row.place_code for row in rows})
    table = listing.Table(
        columns=(
            listing.Column(_("Person")),
            listing.Column(_("Role")),
            listing.Column(_("Body")),
            listing.Column(_("Area")),
            listing.Column(_("Line")),
            listing.Column(_("Since")),
            listing.Column(_("Mobile")),
            listing.Column(_("What to do"), quiet=True),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.text(row.person.name or "—", note=row.person.login),
                    listing.text(words.label("role", row.role)),
                    listing.text(named(bodies_[row.body_code]) if row.body_code in bodies_ else "", css="wrap"),
                    listing.text(named(where[row.place_code]) if row.place_code in where else row.place_code),
                    listing.text(lists.line_name(row.line) if row.line else ""),
                    listing.day(row.since),
                    listing.text(row.person.mobile, css="mono"),
                    listing.act(_("End"), reverse("desk:seat_leave", args=[row.id]))
                    if access.can_end_seat(actor, row)
                    else listing.blank(),
                ),
                name=row.person.name,
            )
            for row in rows
        ),
        caption=_("Seats of officers"),
        keys=True,
    )
    return lists.show_list(
        request,
        actor,
        title=_("Seats"),
        table=table,
        pager=pager,
        tabs=tabs(actor, "seats"),
        filters=listing.filters(
            ask,
            [
                lists.place_choice(ask, actor, on=on),
                lists.label_choice(ask, "role", _("Role"), "role", ROLES),
                lists.line_choice(ask),
            ],
            search=_("Name, login or mobile"),
            says=ngettext("%(n)s seat", "%(n)s seats", pager.total) % {"n": figures.number(pager.total)},
        ),
        crumbs=frame.place_crumbs(actor, ask.get("place") or frame.root_of(actor)),
        buttons=[lists.Button(_("Give a seat"), reverse("desk:seat_new"), "plus")] if actor.is_admin else [],
        empty=lists.Empty(
            _("Nobody has a seat here yet"),
            _("An administrator gives seats, or invites people to them."),
            reverse("desk:seat_new") if actor.is_admin else "",
            _("Give a seat"),
        ),
    )


@officers
@require_GET
def bodies(request: HttpRequest) -> HttpResponse:
    """The public bodies of the actor's area with their chairs: who heads them, who inspects, what is vacant."""
    actor = actor_of(request)
    on = frame.today()
    ask = listing.asked(
        request,
        {
            "place": lists.is_place(actor),
            "line": lists.lines(),
            "kind": {"city", "district", "street", "community", "department"},
        },
    )
    found = queries.bodies_within(
        ask.get("place") or frame.root_of(actor), kind=ask.get("kind") or None, line=ask.get("line") or None
    ).order_by("code")
    rows, pager = listing.page_of(found, ask)
    offices = duties.offices_of([row.code for row in rows], on=on)

    def chair(code: str, kind: str) -> listing.Cell:
        view = offices[code].of(kind) if code in offices else None
        if view is None or not view.people:
            return listing.gap(_("vacant"))
        return listing.text(view.people[0].name, note=_("since %(day)s") % {"day": dates.day(view.people[0].since)})

    table = listing.Table(
        columns=(
            listing.Column(_("Body")),
            listing.Column(_("Kind")),
            listing.Column(_("Line")),
            listing.Column(_("Head")),
            listing.Column(_("Inspector")),
            listing.Column(_("Phone")),
            listing.Column(_("Since")),
        ),
        rows=tuple(
            listing.Row(
                cells=(
                    listing.text(named(row), note=row.code, css="wrap"),
                    listing.text(words.label("body.kind", row.kind)),
                    listing.text(lists.line_name(row.line) if row.line else ""),
                    chair(row.code, "head"),
                    chair(row.code, "inspector"),
                    listing.text(row.phone, css="mono"),
                    listing.day(row.since),
                )
            )
            for row in rows
        ),
        caption=_("Bodies"),
        keys=True,
    )
    return lists.show_list(
        request,
        actor,
        title=_("Bodies"),
        table=table,
        pager=pager,
        tabs=tabs(actor, "bodies"),
        filters=listing.filters(
            ask,
            [
                lists.place_choice(ask, actor, on=on),
                lists.label_choice(
                    ask, "kind", _("Kind"), "body.kind", ("city", "district", "street", "community", "department")
                ),
                lists.line_choice(ask),
            ],
            search="",
            says=ngettext("%(n)s body", "%(n)s bodies", pager.total) % {"n": figures.number(pager.total)},
        ),
        crumbs=frame.place_crumbs(actor, ask.get("place") or frame.root_of(actor)),
        empty=lists.Empty(
            _("No body is set up here yet"), _("Bodies come with the loaded places or from an administrator.")
        ),
    )


class NewSeat(HouseForm):
    """A seat for somebody: a person known by login or mobile, or a new one."""

    login = Line(label=gettext_lazy("Login or mobile of the person"), longest=60)
    name = Line(
        label=gettext_lazy("Name"),
        longest=60,
        required=False,
        help_text=gettext_lazy(
            "For somebody new: an account is made with it, and they come in by a code to their phone."
        ),
    )
    mobile = Line(label=gettext_lazy("Mobile"), longest=20, required=False, help_text=gettext_lazy("For somebody new."))
    body = Line(
        label=gettext_lazy("Body"),
        longest=60,
        help_text=gettext_lazy("Its code, for example street:110105001; see Bodies. For an administrator: city:11."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    post = forms.ChoiceField(label=gettext_lazy("Chair"), widget=forms.RadioSelect)
    since = DayField(
        label=gettext_lazy("From"), required=False, help_text=gettext_lazy("Today, if you leave it empty.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frame.offer(self, "role", [(role, words.label("role", role)) for role in ROLES])
        frame.offer(
            self,
            "post",
            [
                ("inspector", _("Inspector")),
                ("head", _("Head")),
                ("", _("none")),
            ],
        )
        self.fields["post"].required = False


@officers
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Give somebody a seat in a body: role, chair, from when."""
    actor = actor_of(request)
    frame.check_admin(actor)
    form = NewSeat(sent(request), initial={"post": "inspector", "role": "street"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        moment = now()
        try:
            body = queries.body(given["body"])
            person = queries.find_person(given["login"])
            if person is None:
                person = actions.add_person(
                    login=given["login"], name=given["name"], mobile=given["mobile"] or None, by=actor, now=moment
                )
            chair = (
                duties.body_post_id(body.code, given["post"]) if given["post"] and given["role"] != "admin" else None
            )
            actions.take_seat(
                person,
                role=given["role"],
                place_code=body.place_code,
                line=body.line if given["role"] == "industry" else "",
                body_code=body.code if given["role"] != "admin" else "",
                post=chair,
                since=given["since"],
                by=actor,
                now=moment,
            )
        except Problem as problem:
            if problem.family not in MENDABLE:
                raise
            form.refuse(problem, {"body_code": "body", "place_code": "body", "line": "role"})
        else:
            messages.success(request, _("The seat is given."))
            return redirect("desk:seats")
    return frame.show(
        request,
        "desk/seat_new.html",
        {"form": form},
        actor=actor,
        title=_("Give a seat"),
        crumbs=[Crumb(_("Seats"), reverse("desk:seats")), Crumb(_("Give a seat"))],
        status=422 if form.errors else 200,
    )


@officers
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """End a seat, asked once before: what was owed there falls to the next chair."""
    actor = actor_of(request)
    seat = queries.seat_for(actor, id)
    if request.method == "POST":
        actions.leave_seat(seat, by=actor, now=now())
        messages.success(request, _("The seat has ended. What was owed there has gone to the next chair."))
        return redirect("desk:seats")
    return frame.show(
        request,
        "desk/seat_leave.html",
        {
            "seat": seat,
            "body": queries.bodies([seat.body_code]).get(seat.body_code) if seat.body_code else None,
            "place": places.name_of(seat.place_code) if seat.place_code else None,
        },
        actor=actor,
        title=_("End a seat"),
        crumbs=[Crumb(_("Seats"), reverse("desk:seats")), Crumb(_("End a seat"))],
    )


# -- invitations --------------------------------------------------------------------


class Invitation(HouseForm):
    """A seat held out to somebody, by link; with a number, only who holds that phone can take it."""

    role = forms.ChoiceField(label=gettext_lazy("Role"))
    mobile = Line(
        label=gettext_lazy("Their mobile number"),
        longest=20,
        required=False,
        help_text=gettext_lazy(
            "They get the link by message, and nobody else can use it. Without one, hand the link over yourself."
        ),
    )

    def __init__(self, *args: Any, roles: Any, with_body: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frame.offer(self, "role", [(role, words.label("role", role)) for role in roles])
        if with_body:
            self.fields["body"] = Line(
                label=_("Body"), longest=60, help_text=_("Its code, for example street:110105001; see Bodies.")
            )
            self.fields["body"].widget.attrs["class"] = "input"


@officers
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Hold a seat in a public body out to somebody; open invitations, each can be taken back."""
    actor = actor_of(request)
    frame.check_admin(actor)
    moment = now()
    if request.method == "POST" and (wanted := listing.uuid_in(request.POST.get("withdraw", ""))):
        actions.withdraw_invitation(queries.invitation_for(actor, wanted), by=actor, now=moment)
        messages.success(request, _("The invitation is taken back; its link leads nowhere now."))
        return redirect("desk:invite")
    form = Invitation(sent(request), roles=[role for role in ROLES if role != "admin"], with_body=True)
    link = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            body = queries.body(given["body"])
            row, _secret = actions.invite(
                role=given["role"],
                place_code=body.place_code,
                line=body.line if given["role"] == "industry" else "",
                body_code=body.code,
                post=duties.body_post_id(body.code, "inspector"),
                mobile=given["mobile"],
                by=actor,
                now=moment,
            )
        except Problem as problem:
            if problem.family not in MENDABLE:
                raise
            form.refuse(problem, {"body_code": "body", "place_code": "body", "line": "role"})
        else:
            link = queries.invitation_link(row)
            form = Invitation(roles=[role for role in ROLES if role != "admin"], with_body=True)
    found = list(queries.invitations_for(actor, now=moment)[:200])
    return frame.show(
        request,
        "desk/invite.html",
        {
            "form": form,
            "link": link,
            "open": [{"row": row, "body": body} for row, body in _with_bodies(found)],
            "tabs": tabs(actor, "invitations"),
            "inviters": queries.names_of_people(row.invited_by for row in found),
        },
        actor=actor,
        title=_("Invitations"),
        crumbs=[Crumb(_("Seats"), reverse("desk:seats")), Crumb(_("Invitations"))],
        status=422 if form.errors else 200,
    )


def _with_bodies(rows: Any) -> list[tuple[Any, Any]]:
    known = queries.bodies(row.body_code for row in rows if row.body_code)
    return [(row, known.get(row.body_code)) for row in rows]


@officers
@require_http_methods(["GET", "POST"])
def invite_to_business(request: HttpRequest, business: uuid.UUID) -> HttpResponse:
    """A street or district hands a registered business to its principal or safety manager, by link."""
    actor = actor_of(request)
    row = businesses.business_for(actor, business)
    if not business_access.can_register(actor, row.place_code):
        raise NotYours("not_your_area")
    on, moment = frame.today(), now()
    form = Invitation(sent(request), roles=("principal", "safety_manager"))
    link = ""
    if request.method == "POST" and form.is_valid():
        try:
            invitation, _secret = actions.invite(
                role=form.cleaned_data["role"],
                business_id=row.id,
                place_code=row.place_code,
                post=duties.post_id(row.id, form.cleaned_data["role"]),
                mobile=form.cleaned_data["mobile"],
                by=actor,
                now=moment,
            )
        except Problem as problem:
            if problem.family not in MENDABLE:
                raise
            form.refuse(problem)
        else:
            link = queries.invitation_link(invitation)
            form = Invitation(roles=("principal", "safety_manager"))
    return frame.show(
        request,
        "desk/business_invite.html",
        {"business": row, "form": form, "link": link, "seated": queries.seats_on_business(row.id, on)},
        actor=actor,
        title=_("Invite somebody to %(name)s") % {"name": named(row)},
        crumbs=frame.place_crumbs(
            actor, row.place_code, last=[Crumb(named(row), reverse("desk:business", args=[row.id])), _("Invite")]
        ),
        status=422 if form.errors else 200,
    )
