"""Letters to a person: what happened, what to do, by when, whom to call; some must be acknowledged."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qianan.doors.kit.actor import actor_of, signed_in
from qianan.doors.kit.now import now
from qianan.ground.notices import actions as notices
from qianan.ground.notices import queries as letters
from qianan.ground.notices import words as notice_words

ROWS = 20


@signed_in
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All letters, newest first; what is still to be acknowledged says so."""
    actor = actor_of(request)
    page = Paginator(letters.inbox_of(actor.person), ROWS).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    rows = notice_words.say_all(list(page.object_list), language=get_language() or "zh-hans")
    return render(request, "kit/inbox.html", {"rows": rows, "page": page})


@signed_in
@require_http_methods(["GET", "POST"])
def letter(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One letter, whole. Opening it marks it read; a POST acknowledges it."""
    actor = actor_of(request)
    found = letters.notice_for(actor, id)
    if request.method == "POST":
        notices.acknowledge(found, by=actor, now=now())
        messages.success(request, _("Acknowledged. The sender sees it."))
        return redirect("kit:inbox")
    if found.read_at is None:
        notices.mark_read([found], by=actor, now=now())
    row = notice_words.say_all([found], language=get_language() or "zh-hans")[0]
    return render(request, "kit/letter.html", {"row": row})
