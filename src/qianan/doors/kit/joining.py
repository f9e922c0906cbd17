"""Taking up an invitation: a seat is held out by a link; who follows it says who he is, then takes it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qianan.doors.kit.actor import actor_of, choose_seat, forget_actor
from qianan.doors.kit.forms import HouseForm, Line, sent
from qianan.doors.kit.now import now
from qianan.doors.kit.signin import CODE_LOGIN
from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts import queries as people
from qianan.kernel.ids import NIL
from qianan.kernel.problems import NotFound, Problem
from qianan.registry.businesses import queries as businesses


class WhoForm(HouseForm):
    """Who follows the link: a name and a number. The code goes to that number."""

    name = Line(label=_("Your name"), longest=60)
    mobile = Line(label=_("Mobile number"), longest=40)

    def dress(self, name: str, field: forms.Field) -> None:
        super().dress(name, field)
        more = {"name": {"autocomplete": "name"}, "mobile": {"autocomplete": "tel", "inputmode": "tel"}}
        field.widget.attrs.update(more.get(name, {}))


def send_to_code(request: HttpRequest, mobile: str, back: str) -> HttpResponse:
    """A code is on its way to this number; its page leads back here, signed in."""
    request.session[CODE_LOGIN] = mobile
    return HttpResponseRedirect(f"{reverse('account_code')}?{urlencode({'next': back})}")


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """What is held out, by whom; then who you are; then the seat is yours."""
    invitation = people.invitation_by_secret(secret)
    if invitation is None:
        raise NotFound("invitation_unknown")
    actor = actor_of(request)
    form = WhoForm(sent(request)) if actor.person is None else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            person = accounts.sign_up(
                mobile=form.cleaned_data["mobile"],
                name=form.cleaned_data["name"],
                language=get_language() or "zh-hans",
                by=actor,
                now=now(),
            )
            accounts.send_code(person.mobile or "", by=actor, now=now())
        except Problem as problem:
            form.refuse(problem, {"login": "mobile"})
        else:
            return send_to_code(request, person.mobile or "", request.path)
    elif request.method == "POST" and actor.person is not None:
        person = people.person(actor.person)
        seat = accounts.use_invitation(secret, person=person, by=actor, now=now())
        choose_seat(request, seat.id)
        forget_actor(request)
        if person.has_usable_password():
            messages.success(request, _t("The seat is yours. Here is what is due today."))
            return redirect("kit:home")
        messages.success(request, _t("The seat is yours. Set a password now, or always come in by a code."))
        return redirect("kit:password")
    place = (
        businesses.business(invitation.business_id)
        if invitation.business_id != NIL
        else people.body(invitation.body_code)
        if invitation.body_code
        else None
    )
    inviter = people.names_of_people([invitation.invited_by])[invitation.invited_by]
    given = {"invitation": invitation, "place": place, "inviter": inviter, "form": form}
    return render(request, "kit/join.html", given, status=422 if form is not None and form.errors else 200)
