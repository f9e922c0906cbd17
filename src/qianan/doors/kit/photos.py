"""Photographs at the doors: taking them in from forms, showing them by short-lived links to who may see the object."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from qianan.doors.kit import dates, words
from qianan.doors.kit.actor import actor_of, signed_in
from qianan.doors.kit.now import now
from qianan.ground.evidence import actions as evidence
from qianan.ground.evidence import links as short_links
from qianan.ground.evidence import queries as kept_files
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Invalid, NotFound, TooMany

SALT = "kept-photo"
KEEP_SECONDS = 60 * 60 * 24
SHA = re.compile(r"[0-9a-f]{64}")
MOST = 12
"""Pictures of one field: more than a hazard ever needs."""


@dataclass(frozen=True)
class Picture:
    """A kept file as a page shows it: links that last some minutes, and the words over the picture."""

    sha256: str
    full: str
    thumb: str
    caption: str
    is_image: bool = True
    ticket: str = ""


def link(sha256: str, actor: Actor, *, size: str = "full") -> str:
    """A link to the bytes that only this person can use, and only for some minutes."""
    token = short_links.sign(sha256, person=actor.person, now=now())
    return f"{reverse('kit:photo', args=[sha256])}?{urlencode({'t': token, 'size': size})}"


def shown(files: Iterable[Any], actor: Actor) -> list[Picture]:
    """Kept files (evidence.queries.Kept, or Pictures already) with links for this actor."""
    found = []
    for each in files:
        if isinstance(each, Picture):
            found.append(each)
            continue
        stage = str(each.stage or "")
        named = words.label("photo.stage", stage) if stage and not stage.startswith("item:") else ""
        at = dates.when(each.taken_at or each.at)
        found.append(
            Picture(
                sha256=each.sha256,
                full=link(each.sha256, actor),
                thumb=link(each.sha256, actor, size="thumb"),
                caption=" · ".join(filter(None, [named, at])),
                is_image=str(each.media_type).startswith("image/"),
            )
        )
    return found


def take_in(request: HttpRequest, name: str) -> list[Picture]:
    """The pictures of one field: those just chosen, kept at once by their hash, and those kept on an earlier try.

    A form that comes back with a mistake thus loses no picture: it carries tickets (`kept-<name>`), signed for this
    person. Raises Invalid or TooLarge with `where=name` for a file that is no picture, TooMany("too_many_photos").
    """
    actor = actor_of(request)
    shas: list[str] = []
    tickets, uploads = request.POST.getlist(f"kept-{name}"), request.FILES.getlist(name)
    if len(tickets) + len(uploads) > MOST:
        raise TooMany("too_many_photos", limit=MOST, where=name)
    for ticket in tickets:
        sha = _read(ticket, actor)
        if sha and sha not in shas:
            shas.append(sha)
    for upload in uploads:
        if not upload.size:
            continue
        kept = _keep(upload, name, actor)
        if kept not in shas:
            shas.append(kept)
    return [ticketed(sha, actor) for sha in shas]


def _keep(upload: Any, name: str, actor: Actor) -> str:
    try:
        return evidence.keep(upload.read(), name=str(upload.name or "")[:120], by=actor, now=now()).sha256
    except Invalid as problem:
        raise Invalid(problem.code, **{**problem.params, "where": name}) from problem


def ticketed(sha256: str, actor: Actor) -> Picture:
    """A picture that is kept but belongs to nothing yet, with the ticket that the form carries on."""
    return Picture(
        sha256=sha256,
        full=link(sha256, actor),
        thumb=link(sha256, actor, size="thumb"),
        caption="",
        ticket=signing.dumps([sha256, str(actor.person)], salt=SALT),
    )


def _read(ticket: str, actor: Actor) -> str:
    """The hash in a ticket of this person, or "" when it is not his or too old."""
    try:
        sha256, person = signing.loads(ticket, salt=SALT, max_age=KEEP_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return sha256 if person == str(actor.person) else ""


@signed_in
@require_safe
def show(request: HttpRequest, sha256: str) -> HttpResponse:
    """The bytes, for the person the link was made for, while it lasts. Anything else looks like nothing there."""
    actor = actor_of(request)
    token = request.GET.get("t", "")
    size = "thumb" if request.GET.get("size") == "thumb" else "full"
    if not SHA.fullmatch(sha256) or not short_links.check(sha256, token, person=actor.person, now=now()):
        raise NotFound("photo_gone")
    data, media_type = kept_files.bytes_of(sha256, size)
    return HttpResponse(
        data,
        content_type=media_type,
        headers={
            "Cache-Control": "private, max-age=600",
            "Content-Disposition": "inline",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
