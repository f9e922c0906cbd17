"""Health of the house: news waiting to be delivered or set aside, entries not sealed yet, letters that failed."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qianan.doors.desk import frame
from qianan.doors.kit import figures, words
from qianan.doors.kit.actor import actor_of, officers
from qianan.doors.kit.figures import Stat
from qianan.doors.kit.now import now
from qianan.ground.accounts import queries as accounts
from qianan.ground.notices import actions as letters
from qianan.ground.notices import queries as notices
from qianan.ground.trail import actions, queries

SHOWN = 100


@officers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What waits, what was set aside after too many tries (with a way to try again), which letters failed."""
    actor = actor_of(request)
    frame.check_admin(actor)
    health = queries.queue_health()
    failed = list(notices.attempts_failed(actor)[:SHOWN])
    names = accounts.names_of_people(each.person for each in failed)
    here = request.path
    return frame.show(
        request,
        "desk/queue.html",
        {
            "stats": [
                Stat(
                    _("News waiting"),
                    figures.number(health.waiting),
                    _("served within seconds when a worker runs"),
                    f"{here}#waiting",
                ),
                Stat(
                    _("News set aside"),
                    figures.number(health.poisoned),
                    _("failed too often; nobody was told"),
                    f"{here}#poisoned",
                ),
                Stat(
                    _("Entries not sealed yet"),
                    figures.number(health.unsealed),
                    _("sealed every two seconds when the clock runs"),
                    reverse("desk:trail"),
                ),
                Stat(
                    _("Letters that failed"),
                    figures.number(len(failed)) + ("+" if len(failed) == SHOWN else ""),
                    _("the newest are listed below"),
                    f"{here}#letters",
                ),
            ],
            "health": health,
            "poisoned": [
                {"ticket": ticket, "says": words.label("news", ticket.news)} for ticket in queries.poisoned()[:SHOWN]
            ],
            "failed": [{"attempt": each, "person": names[each.person]} for each in failed],
            "old": health.oldest is not None and (now() - health.oldest).total_seconds() > 300,
        },
        actor=actor,
        title=_("Queue"),
    )


@officers
@require_POST
def retry(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """Put news that was set aside back into the queue."""
    actor = actor_of(request)
    frame.check_admin(actor)
    actions.retry_ticket(business, id, by=actor, now=now())
    messages.success(request, _("Back in the queue; a worker takes it within seconds."))
    return redirect("desk:queue")


@officers
@require_POST
def resend(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Send a letter that failed once more."""
    actor = actor_of(request)
    frame.check_admin(actor)
    letters.resend(notices.attempt_for(actor, id), by=actor, now=now())
    messages.success(request, _("It is on its way again."))
    return redirect("desk:queue")
