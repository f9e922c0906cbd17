"""What is handed in: checked against the very edition it was filled in with, kept once, and everything that follows.

One path for one and many. Each is checked by itself, then all good ones are written by sets; a bad one spoils none
of its neighbours. The client-made UUIDv7 is the key: the same bytes again give the same answer, other bytes are kept
beside the first as a conflict.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import DatabaseError, OperationalError, transaction

from qianan.field.hazards.models import Hazard
from qianan.field.selfchecks import access
from qianan.field.selfchecks.actions import counting
from qianan.field.selfchecks.actions.drafts import Draft, Good, Key, read, spots_of
from qianan.field.selfchecks.actions.finding import report_findings
from qianan.field.selfchecks.actions.handed import Handed, Result, canonical, digest_of
from qianan.field.selfchecks.events import SubmissionConflicted, SubmissionReceived
from qianan.field.selfchecks.models import ConflictingSubmission, Occurrence, Submission
from qianan.field.selfchecks.queries.submissions import submission_ref
from qianan.ground.evidence import actions as evidence
from qianan.ground.evidence.actions import Tie
from qianan.ground.evidence.queries import resolve
from qianan.ground.trail.actions import record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid_of
from qianan.kernel.news import Event
from qianan.kernel.problems import Conflict, Invalid, NotFound, Problem, Unavailable
from qianan.tables import bulk

__all__ = ["Handed", "Result", "receive_submission", "receive_submissions"]

Given = Sequence[tuple[Handed, Actor, datetime]]


def receive_submission(handed: Handed, *, by: Actor, now: datetime) -> Result:
    """One of `receive_submissions`."""
    return receive_submissions([handed], by=by, now=now)[0]


def receive_submissions(handed: Iterable[Handed], *, by: Actor, now: datetime) -> list[Result]:
    """Take in what was handed in, each answered by itself, in order. Safe to do twice, in any order.

    A row may carry its own `by` and `now` (planting, replay, a batch of an API). Refusals are results, not raised:
    NotFound("no_such_site" | "no_such_version"), Invalid("not_uuid7" | "unknown_photo" | "bad_characters" |
    "bad_time" | "not_an_object" | "replaces_itself"), TooLarge("submission_too_large"), and what `answering.check`
    finds item by item. On an unexpected error of the database each is tried alone.
    Raises OperationalError when the database cannot be written to at all: nothing was kept then.
    """
    every = [(each, each.by or by, each.now or now) for each in handed]
    try:
        with transaction.atomic():
            return _receive(every)
    except OperationalError:
        raise
    except (DatabaseError, Problem) as failure:
        if len(every) == 1:
            return [Result(every[0][0].id, "refused", problems=[_said(failure)])]
    return [result for each, who, at in every for result in receive_submissions([each], by=who, now=at)]


def _said(failure: Exception) -> Problem:
    return failure if isinstance(failure, Problem) else Unavailable("not_kept", where=type(failure).__name__)


def _receive(every: Given) -> list[Result]:
    """One transaction's worth, from screening to the trail."""
    batch = _Batch()
    drafts = batch.screen(every)
    fresh = batch.known_before(drafts)
    good = batch.check(fresh)
    if good:
        counting.link_corrections(good)
        standings = counting.standings_of(good)
        counting.answer_owed(good, standings)
        report_findings(good)
        for each in good:
            each.row.hazards = len(each.opened)
        bulk.insert([each.row for each in good])
        counting.write_answers(good)
        _attach(good)
        batch.tell([(_received(each), each.by, each.now) for each in good])
        ended = counting.keep_standings(good, standings)
        batch.tell([(event, each.by, each.now) for event, each in ended])
    batch.answer(fresh, good)
    batch.record()
    return [batch.results[number] for number in range(len(every))]


class _Batch:
    """The answers of a batch by their number, and the news it causes."""

    def __init__(self) -> None:
        self.results: dict[int, Result] = {}
        self.news: list[tuple[Event, Actor, datetime]] = []

    def tell(self, news: Iterable[tuple[Event, Actor, datetime]]) -> None:
        self.news += news

    def record(self) -> None:
        if self.news:
            events, actors, moments = zip(*self.news, strict=True)
            record_many(events, by=actors, now=moments)

    def refuse(self, number: int, id: uuid.UUID, *problems: Problem) -> None:
        self.results[number] = Result(id, "refused", problems=list(problems))

    def screen(self, every: Given) -> list[Draft]:
        """Those that are well-formed and for a business the sender has a seat in."""
        sites = spots_of({handed.business_id for handed, _, _ in every})
        found = []
        for number, (handed, by, now) in enumerate(every):
            site = sites.get((handed.business_id, handed.site_id))
            if site is None or not access.can_fill_in(by, handed.business_id):
                self.refuse(number, handed.id, NotFound("no_such_site", where="site"))
                continue
            try:
                found.append(Draft(number, handed, by, now, digest_of(handed), site))
            except Problem as problem:
                self.refuse(number, handed.id, problem)
        return found

    def known_before(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Answer those whose id is taken: the same again, or a conflict. The rest is new."""
        rows = bulk.select(
            Submission,
            ("business_id", "id", "digest"),
            ("business_id", "month", "id"),
            {draft.key for draft in drafts},
        )
        taken = {(bulk.unbound_uuid(owner), bulk.unbound_uuid(id)): digest for owner, id, digest in rows}
        same, fresh = [], []
        for draft in drafts:
            earlier = taken.get((draft.handed.business_id, draft.handed.id))
            if earlier is None:
                fresh.append(draft)
            elif earlier == draft.digest:
                same.append(draft)
            else:
                self.conflict(draft)
        if same:
            self.results |= _same_again(same)
        return fresh

    def conflict(self, draft: Draft) -> None:
        """Keep the second version whole beside the first; once, however often it comes."""
        handed = draft.handed
        row = ConflictingSubmission(
            business_id=handed.business_id,
            id=uuid_of("conflict", handed.business_id, handed.id, draft.digest),
            submission_id=handed.id,
            digest=draft.digest,
            body=json.loads(canonical(handed)),
            by=draft.by.ref,
            received_at=draft.now,
        )
        if not ConflictingSubmission.objects.filter(business_id=row.business_id, id=row.id).exists():
            bulk.insert([row], ignore=True)
            about = submission_ref(Submission(business_id=handed.business_id, id=handed.id))
            event = SubmissionConflicted(about=about, place_code=draft.site.place_code, digest=draft.digest)
            self.tell([(event, draft.by, draft.now)])
        self.results[draft.number] = Result(
            handed.id, "conflict", problems=[Conflict("same_id_other_bytes", where="id")]
        )

    def check(self, fresh: Sequence[Draft]) -> list[Good]:
        """Those without a fault, each id once; photos they name must have been kept before."""
        good: dict[Key, Good] = {}
        for draft in fresh:
            if draft.key in good:
                continue
            found = read(draft)
            if isinstance(found, Good):
                good[draft.key] = found
            else:
                self.refuse(draft.number, draft.handed.id, *found)
        photos = {key: {sha for shas in each.photos().values() for sha in shas} for key, each in good.items()}
        wanted = set().union(*photos.values()) if photos else set()
        if wanted:
            kept = set(resolve(sorted(wanted)))
            for key in [key for key in good if photos[key] - kept]:
                sha = min(photos[key] - kept)
                draft = good.pop(key).draft
                self.refuse(draft.number, draft.handed.id, Invalid("unknown_photo", where=sha, sha256=sha))
        return list(good.values())

    def answer(self, fresh: Sequence[Draft], good: Sequence[Good]) -> None:
        """The new ones; the second of two with one id in a batch is answered like a resend, or is a conflict."""
        by_key = {each.draft.key: each for each in good}
        for draft in fresh:
            if draft.number in self.results:
                continue
            each = by_key.get(draft.key)
            if each is None:  # the first of its id was refused, and so is the same again
                first = next(other for other in fresh if other.key == draft.key)
                self.results[draft.number] = self.results[first.number]
            elif each.draft is draft:
                self.results[draft.number] = _result(each)
            elif each.draft.digest == draft.digest:
                self.results[draft.number] = replace(_result(each), status="same")
            else:
                self.conflict(draft)


def _same_again(same: Sequence[Draft]) -> dict[int, Result]:
    """What was answered the first time, for each, however many: three statements."""
    owners = {draft.handed.business_id for draft in same}
    ids = {draft.handed.id for draft in same}
    months = {draft.key[1] for draft in same}
    found = Submission.objects.filter(business_id__in=owners, month__in=months, id__in=ids)
    rows = {(row.business_id, row.id): row for row in found}
    opened: dict[str, list[Hazard]] = defaultdict(list)
    refs = {str(submission_ref(row)) for row in rows.values()}
    for hazard in Hazard.objects.filter(business_id__in=owners, origin__in=refs).order_by("id"):
        opened[hazard.origin].append(hazard)
    answered = dict(
        Occurrence.objects.filter(business_id__in=owners, submission_id__in=ids).values_list("submission_id", "id")
    )
    results = {}
    for draft in same:
        row = rows[draft.handed.business_id, draft.handed.id]
        results[draft.number] = Result(
            row.id,
            "same",
            submission=row,
            hazards=opened.get(str(submission_ref(row)), []),
            occurrence=answered.get(row.id),
        )
    return results


def _attach(some: Sequence[Good]) -> None:
    ties = [
        (Tie(shas, each.ref, stage, each.row.place_code), each)
        for each in some
        for stage, shas in each.photos().items()
    ]
    if ties:
        evidence.attach_many(
            [tie for tie, _ in ties], by=[each.by for _, each in ties], now=[each.now for _, each in ties]
        )


def _received(each: Good) -> SubmissionReceived:
    row = each.row
    return SubmissionReceived(
        about=each.ref,
        place_code=row.place_code,
        site=str(row.site_id),
        version=row.version_id,
        fails=row.fails,
        hazards=row.hazards,
        led=row.led,
        late=each.late,
        seconds=row.seconds,
    )


def _result(each: Good) -> Result:
    return Result(
        each.row.id,
        "received",
        submission=each.row,
        hazards=list(each.opened),
        known=list(each.known),
        occurrence=each.occurrence.id if each.occurrence else None,
    )
