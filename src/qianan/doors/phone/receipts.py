"""Receipts: what was handed in, what it opened, who must do what by when."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qianan.doors.kit import dates
from qianan.doors.kit.actor import actor_of, signed_in
from qianan.doors.kit.now import now
from qianan.doors.phone.home import seat_of
from qianan.field.hazards import queries as hazards
from qianan.field.selfchecks import queries as selfchecks
from qianan.ground.accounts import queries as accounts
from qianan.ground.evidence import queries as evidence
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.checklists import answering
from qianan.registry.checklists import queries as checklists

ROWS = 20


@signed_in
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What this business has handed in, newest first."""
    actor = actor_of(request)
    seat = seat_of(actor)
    rows: Any = selfchecks.submissions_for(actor, business=seat.business) if seat else []
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    lists = checklists.checklists({row.checklist for row in page.object_list})
    shown = [{"row": row, "list": lists.get(row.checklist)} for row in page.object_list]
    return render(request, "phone/receipts.html", {"rows": shown, "page": page, "seat": seat})


@signed_in
@require_safe
def page(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """One receipt: number, filled, received, result, fingerprint; below it each hazard that it opened."""
    actor = actor_of(request)
    row = selfchecks.submission_for(actor, business, id)
    site = businesses.site_for(actor, business, row.site_id)
    edition = checklists.edition(row.version_id)
    opened = list(hazards.hazards_from(selfchecks.submission_ref(row)))
    fails = answering.fails_in(edition, row.letters, row.sparse)
    person = Ref.parse(row.by) if row.by.startswith("accounts.") else None
    given = {
        "row": row,
        "site": site,
        "edition": edition,
        "fails": fails,
        "passed": row.letters.count("p"),
        "not_applicable": row.letters.count("n"),
        "opened": what_next(opened),
        "photos": evidence.files_of(selfchecks.submission_ref(row)),
        "by": accounts.names_of_people([person.uuid])[person.uuid] if person else "",
        "fingerprint": fingerprint(row.digest),
        "url": request.build_absolute_uri(request.path),
        "conflict": any(each.submission_id == row.id for each in selfchecks.conflicts_for(actor)[:50]),
    }
    return render(request, "phone/receipt.html", given)


def what_next(rows: list[Any]) -> list[dict[str, Any]]:
    """Each hazard with who must do what by when: the first promise that is open about it."""
    promises = hazards.next_promises(rows, on=dates.today())
    found = []
    for row in rows:
        promise = promises.get((row.business_id, row.id))
        found.append({"hazard": row, "next": promise, "late": promise is not None and promise.due_at < now()})
    return found


def fingerprint(digest: str) -> str:
    """A digest as people compare it: groups of four, the middle left out."""
    groups = [digest[start : start + 4] for start in range(0, len(digest), 4)]
    return " ".join([*groups[:4], "…", groups[-1]])
