"""Keeping bytes, and tying them to the objects they prove something about."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from qianan.ground.evidence import likeness, pictures, queries, storage
from qianan.ground.evidence.events import EvidenceKept, EvidenceReused
from qianan.ground.evidence.models import Attachment, File, Sending
from qianan.ground.trail import actions as trail
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.news import Event
from qianan.kernel.problems import Invalid, TooMany
from qianan.kernel.ref import Ref

MOST_FILES = 60
"""On one object at one time; a check has a few dozen items."""

_CANDIDATES = 400


def keep(data: bytes, *, name: str = "", by: Actor, now: datetime) -> File:
    """Keep a photo (JPEG, PNG, WebP, HEIC) or a paper (PDF) by its hash. Gives the file; `sha256` names it from now on.

    What it is goes by its bytes; `name` is not looked at. EXIF is read, then taken off; the picture is turned upright
    and made smaller (1,920 points). The same bytes again give the same file. Nothing is written in the trail: that
    comes when the file is tied to an object. Slow work happens before any row is written.

    Raises Invalid, TooLarge as `pictures.clean` does; Unavailable("disk_full"), with nothing kept.
    """
    original = hashlib.sha256(data).hexdigest()
    sent = Sending.objects.filter(original_sha256=original).first()
    if sent is not None and storage.path_of(sent.sha256).exists():
        return File.objects.get(sha256=sent.sha256)
    clean = pictures.clean(data, max_bytes=settings.QIANAN_PHOTO_MAX_BYTES, max_pixels=settings.QIANAN_PHOTO_MAX_PIXELS)
    sha256 = hashlib.sha256(clean.data).hexdigest()
    storage.put(sha256, clean.data, clean.thumb)
    bands = dict(zip((f"band_{n}" for n in range(1, 6)), likeness.pieces(clean.dhash), strict=True))
    file = File(
        sha256=sha256,
        original_sha256=original,
        kind=clean.kind,
        media_type=clean.media_type,
        size=len(clean.data),
        width=clean.width,
        height=clean.height,
        dhash=clean.dhash,
        taken_at=clean.facts.taken_at,
        taken_local=clean.facts.taken_local,
        lat=clean.facts.lat,
        lon=clean.facts.lon,
        camera=clean.facts.camera,
        kept_at=now,
        **bands,
    )
    with transaction.atomic():
        # Two phones may send the same picture at the same moment: who comes second changes nothing.
        File.objects.bulk_create([file], ignore_conflicts=True)
        Sending.objects.bulk_create([Sending(original_sha256=original, sha256=sha256)], ignore_conflicts=True)
    return File.objects.get(sha256=sha256)


@dataclass(frozen=True, slots=True)
class Tie:
    """Files to hang on one object: by the hash of what is kept, or of what was sent."""

    shas: Sequence[str]
    about: Ref
    stage: str
    place_code: str = ""


def attach(
    shas: Sequence[str], *, about: Ref, place_code: str, stage: str, by: Actor, now: datetime
) -> list[Attachment]:
    """Tie files to one object at a stage: before, after, proof, receipt, plan, `item:<code>`.

    A file that hangs there already is given again. Raises Invalid("unknown_photo") with the number of the first
    hash that was never kept (`where`), TooMany("too_many_photos").
    """
    return attach_many([Tie(shas, about, stage, place_code)], by=by, now=now)


@transaction.atomic
def attach_many(
    ties: Sequence[Tie], *, by: Actor | Sequence[Actor], now: datetime | Sequence[datetime]
) -> list[Attachment]:
    """Tie files to many objects; `by` and `now` are one for all, or one a tie. Some six queries, however many.

    A picture that was seen before on another object (the same, or at most four bits away) says so in `reused_from`
    and in the trail. Within one act of one business it is the same look at the same thing, and no reuse.
    """
    for tie in ties:
        if len(tie.shas) > MOST_FILES:
            raise TooMany("too_many_photos", limit=MOST_FILES)
    if not any(tie.shas for tie in ties):
        return []
    known = queries.resolve([sha for tie in ties for sha in tie.shas])
    for tie in ties:
        for number, sha in enumerate(tie.shas):
            if sha not in known:
                raise Invalid("unknown_photo", where=str(number), sha256=str(sha)[:64])
    abouts = {str(tie.about) for tie in ties}
    there = {
        (row.about, row.stage, row.sha256): row
        for row in Attachment.objects.filter(
            business_id__in={tie.about.business for tie in ties}, about__in=abouts
        ).order_by("id")
    }
    earlier = _seen_before({known[sha] for tie in ties for sha in tie.shas})
    new: list[Attachment] = []
    given: list[Attachment] = []
    events: list[Event] = []
    actors: list[Actor] = []
    times: list[datetime] = []
    for number, tie in enumerate(ties):
        actor = by if isinstance(by, Actor) else by[number]
        at = now if isinstance(now, datetime) else now[number]
        fresh: list[Attachment] = []
        about = str(tie.about)
        for sha in dict.fromkeys(known[sha] for sha in tie.shas):
            key = (about, tie.stage, sha)
            if key not in there:
                row = Attachment(
                    business_id=tie.about.business,
                    id=uuid7(at),
                    sha256=sha,
                    about=about,
                    stage=tie.stage,
                    by=actor.ref,
                    at=at,
                )
                if before := _first_other(row, earlier.get(sha, [])):
                    row.reused_from = before.about
                    events.append(
                        EvidenceReused(
                            about=tie.about,
                            place_code=tie.place_code,
                            sha256=sha,
                            stage=tie.stage,
                            earlier=before.about,
                            distance=before.distance,
                        )
                    )
                    actors.append(actor)
                    times.append(at)
                there[key] = row
                fresh.append(row)
                earlier.setdefault(sha, []).append(_Seen(about, tie.stage, row.business_id, row.by, at, 0))
            given.append(there[key])
        if fresh:
            hashes = tuple(row.sha256 for row in fresh)
            events.append(
                EvidenceKept(
                    about=tie.about, place_code=tie.place_code, sha256=hashes, stage=tie.stage, count=len(hashes)
                )
            )
            actors.append(actor)
            times.append(at)
            new += fresh
    Attachment.objects.bulk_create(new, batch_size=500)
    trail.record_many(events, by=actors, now=times)
    return given


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where a picture, or one like it, was seen before."""

    about: str
    stage: str
    business: object
    by: str
    at: datetime
    distance: int


def _seen_before(shas: set[str]) -> dict[str, list[_Seen]]:
    """For each file: where it, or one nearly the same, hangs already; the oldest first, papers only by their hash."""
    mine = File.objects.in_bulk(shas)
    near: dict[str, dict[str, int]] = {sha: {sha: 0} for sha in shas}
    wanted = [file for file in mine.values() if file.dhash]
    if wanted:
        like = Q()
        for number in range(1, 6):
            like |= Q(**{f"band_{number}__in": sorted({getattr(file, f"band_{number}") for file in wanted})})
        others = File.objects.filter(like).order_by("-kept_at").values_list("sha256", "dhash")
        for sha, dhash in others[: _CANDIDATES * len(wanted)]:
            for file in wanted:
                apart = likeness.distance(file.dhash, dhash)
                if apart <= likeness.NEAR:
                    near[file.sha256].setdefault(sha, apart)
    rows = Attachment.objects.filter(sha256__in={other for each in near.values() for other in each}).order_by(
        "at", "id"
    )
    by_sha: dict[str, list[Attachment]] = {}
    for row in rows:
        by_sha.setdefault(row.sha256, []).append(row)
    return {
        sha: sorted(
            (
                _Seen(row.about, row.stage, row.business_id, row.by, row.at, apart)
                for other, apart in each.items()
                for row in by_sha.get(other, ())
            ),
            key=lambda seen: (seen.at, seen.distance, seen.about),
        )
        for sha, each in near.items()
    }


def _first_other(row: Attachment, seen: list[_Seen]) -> _Seen | None:
    """The first time the picture was seen elsewhere, by another act: also a "before" that comes again as "after"."""
    for each in seen:
        same_act = each.business == row.business_id and each.by == row.by and each.at == row.at
        if (each.about, each.stage) != (row.about, row.stage) and not same_act:
            return each
    return None
