"""Instructions from officers: the text, by when it must be acknowledged, and the button that does it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from qianan.doors.kit.actor import actor_of, signed_in
from qianan.doors.kit.forms import HouseForm, TextArea, sent
from qianan.doors.kit.now import now
from qianan.ground.accounts import queries as accounts
from qianan.kernel.problems import Problem
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.duties import access, actions, queries


class AcknowledgeForm(HouseForm):
    note = TextArea(label=_("A word to the officer"), required=False, longest=500)


@signed_in
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """One instruction, for the people of the business it was sent to."""
    actor = actor_of(request)
    order = queries.order_for(actor, business, id)
    form = AcknowledgeForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.acknowledge(order, note=form.cleaned_data["note"], by=actor, now=now())
        except Problem as problem:
            form.refuse(problem)
        else:
            messages.success(request, _t("Acknowledged. The officer sees when, and by whom."))
            return redirect("phone:home")
    acked_by = Ref.parse(order.acked_by).uuid if order.acked_by.startswith("accounts.person") else None
    given = {
        "order": order,
        "business": businesses.business_for(actor, business),
        "form": form,
        "may": order.acked_at is None and access.can_acknowledge(actor, order),
        "acked_by": accounts.names_of_people([acked_by])[acked_by] if acked_by else "",
    }
    return render(request, "phone/order.html", given, status=422 if form.errors else 200)
