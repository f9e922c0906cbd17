"""The fix is reviewed, verified by somebody else, closed by somebody else, shown to the staff; or it comes back."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qianan.field.hazards import access
from qianan.field.hazards.actions.ending import end_beside
from qianan.field.hazards.actions.ordering import Order, houses_of, order_all, promise, rating_promise
from qianan.field.hazards.beside import Beside, beside, beside_many
from qianan.field.hazards.events import (
    FixAccepted,
    FixReturned,
    HazardClosed,
    HazardReopened,
    HazardReviewed,
    ResultShown,
)
from qianan.field.hazards.lifecycle import HAZARD, RECTIFICATION
from qianan.field.hazards.models import Hazard, Rectification, Review
from qianan.field.hazards.words import for_the_trail, text_of
from qianan.field.hazards.writing import current_rectifications, key_of, lock, ref_of, write
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.ground.evidence import actions as evidence
from qianan.ground.evidence import queries as pictures
from qianan.ground.evidence.actions import Tie
from qianan.ground.trail.actions import record, record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.news import Event
from qianan.kernel.problems import Invalid, NotFound, NotNow
from qianan.registry.duties import actions as duties


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verifier says of a fix; a return needs a note. Photos (hashes) show what was seen. `by`, `now` only where
    rows differ."""

    hazard: Hazard
    accept: bool
    note: str = ""
    photos: Sequence[str] = ()
    expected_version: int | None = None
    by: Actor | None = None
    now: datetime | None = None


def verify(
    hazard: Hazard,
    *,
    accept: bool,
    note: str = "",
    photos: Sequence[str] = (),
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Hazard:
    """Accept or return one fix."""
    return verify_many([Verdict(hazard, accept, note, photos, expected_version)], by=by, now=now)[0]


@transaction.atomic
def verify_many(verdicts: Sequence[Verdict], *, by: Actor, now: datetime) -> list[Hazard]:
    """Accept or return fixes, never one's own. A return goes back to the owner with its deadline. All or none.

    A major one is accepted after a passed review by two officers. A constant number of statements.
    Raises NotNow, NotYours("own_fix" | …), NotNow("review_missing"), Invalid("reason_needed"), Conflict.
    """
    hazards = [each.hazard for each in verdicts]
    lock(hazards, expected=[each.expected_version for each in verdicts])
    facts = _facts(hazards)
    actors = [each.by or by for each in verdicts]
    times = [each.now or now for each in verdicts]
    rows: list[Rectification] = []
    news: list[Event] = []
    returned: list[tuple[Hazard, Rectification, Actor, datetime]] = []
    for each, actor, at in zip(verdicts, actors, times, strict=True):
        hazard, known = each.hazard, facts[key_of(each.hazard)]
        access.check_may(actor, hazard, "verify", known)
        if each.accept and hazard.level == "major" and not known.reviewed:
            raise NotNow("review_missing")
        row = _settle(hazard, known, accept=each.accept, note=each.note, by=actor, now=at)
        rows.append(row)
        news.append(_verdict(hazard, row, accepted=each.accept))
        if not each.accept:
            returned.append((hazard, row, actor, at))
    write(hazards, "state", "fixed_at", "fixed_by")
    seen = [(each, actor, at) for each, actor, at in zip(verdicts, actors, times, strict=True) if each.photos]
    evidence.attach_many(
        [Tie(each.photos, ref_of(each.hazard), "proof", each.hazard.place_code) for each, *_ in seen],
        by=[actor for _, actor, _ in seen],
        now=[at for *_, at in seen],
    )
    record_many(news, by=actors, now=times)
    _give_back(returned)
    write(rows, "state", "verified_at", "verified_by", "verdict", "returns", "duty_id")
    return hazards


def _facts(hazards: Sequence[Hazard]) -> dict[tuple[uuid.UUID, uuid.UUID], Beside]:
    """What verifying must know: for general hazards not on a list the rectification alone, for others everything."""
    grave = [hazard for hazard in hazards if hazard.level == "major" or hazard.supervised]
    plain = [hazard for hazard in hazards if not (hazard.level == "major" or hazard.supervised)]
    fixes = current_rectifications(plain) if plain else {}
    facts = {
        key_of(hazard): Beside(rectifications=(fixes[key_of(hazard)],) if key_of(hazard) in fixes else ())
        for hazard in plain
    }
    return facts | (beside_many(grave) if grave else {})


def _settle(hazard: Hazard, facts: Beside, *, accept: bool, note: str, by: Actor, now: datetime) -> Rectification:
    row = facts.rectification
    if row is None:
        raise NotNow("nothing_ordered")
    HAZARD.check(hazard.state, "accepted" if accept else "rectifying")
    RECTIFICATION.check(row.state, "accepted" if accept else "returned")
    row.verdict = text_of(note, where="note", needed="" if accept else "reason_needed")
    row.verified_at, row.verified_by = now, by.ref
    if accept:
        hazard.state = row.state = "accepted"
    else:
        hazard.state, row.state = "rectifying", "returned"
        row.returns += 1
        hazard.fixed_at, hazard.fixed_by = None, ""
    return row


def _verdict(hazard: Hazard, row: Rectification, *, accepted: bool) -> Event:
    about, place = ref_of(hazard), hazard.place_code
    if accepted:
        return FixAccepted(about=about, place_code=place, rectification=str(row.id))
    return FixReturned(about=about, place_code=place, rectification=str(row.id), reason=for_the_trail(row.verdict))


def _give_back(returned: Sequence[tuple[Hazard, Rectification, Actor, datetime]]) -> None:
    """The promise to verify was kept; the promise to fix is owed again, until the same deadline."""
    if not returned:
        return
    actors = [actor for _, _, actor, _ in returned]
    times = [at for *_, at in returned]
    duties.discharge_many([(ref_of(hazard), "verification") for hazard, *_ in returned], by=actors, now=times)
    opened = duties.open_duties(
        [promise(hazard, row, again=True, by=actor, now=at) for hazard, row, actor, at in returned],
        by=actors[0],
        now=times[0],
    )
    for (_, row, _, _), duty in zip(returned, opened, strict=True):
        row.duty_id = duty.id


@transaction.atomic
def review(
    hazard: Hazard,
    *,
    passed: bool,
    note: str = "",
    officers: Sequence[uuid.UUID] = (),
    photos: Sequence[str] = (),
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Review:
    """The regulator looks at the fix of a major hazard on the spot (复查), two officers; not passed = returned.

    `officers` are person ids; who writes it down is one of them. Each needs a seat over the place today, and none
    fixed it (Administrative Penalty Law art. 42). Raises Invalid("two_officers_needed" | "not_an_officer" |
    "reason_needed"), NotYours, NotNow, Conflict.
    """
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    access.check_may(by, hazard, "review", facts)
    people = list(dict.fromkeys([*([by.person] if by.person else []), *officers]))
    if len(people) < 2:
        raise Invalid("two_officers_needed", where="officers")
    _check_officers(people, hazard, facts, by, now)
    row = Review(
        business_id=hazard.business_id,
        id=uuid7(now),
        hazard_id=hazard.id,
        passed=passed,
        note=text_of(note, where="note", needed="" if passed else "reason_needed"),
        officers=[str(person) for person in people],
        at=now,
    )
    row.save(force_insert=True)
    if photos:
        evidence.attach(photos, about=ref_of(hazard), place_code=hazard.place_code, stage="proof", by=by, now=now)
    record(
        HazardReviewed(about=ref_of(hazard), place_code=hazard.place_code, passed=passed, officers=len(people)),
        by=by,
        now=now,
    )
    if passed:
        write([hazard])
    elif hazard.state == "handed_in":
        fix = _settle(hazard, facts, accept=False, note=note, by=by, now=now)
        write([hazard], "state", "fixed_at", "fixed_by")
        record(_verdict(hazard, fix, accepted=False), by=by, now=now)
        _give_back([(hazard, fix, by, now)])
        write([fix], "state", "verified_at", "verified_by", "verdict", "returns", "duty_id")
    else:
        _order_again(hazard, facts, by=by, now=now, reason=note)
    return row


def _check_officers(people: Sequence[uuid.UUID], hazard: Hazard, facts: Beside, by: Actor, now: datetime) -> None:
    for person in people:
        if by.is_system or person == by.person:
            continue
        try:
            other = accounts.actor_of(person, door=by.door, on=codebook.local_day(now))
        except NotFound:
            raise Invalid("not_an_officer", where="officers") from None
        if not access.is_over(other, hazard) or access.fixed_it(other, hazard, facts):
            raise Invalid("not_an_officer", where="officers")


@dataclass(frozen=True, slots=True)
class Closing:
    """A hazard to be closed. `by`, `now` only where rows differ."""

    hazard: Hazard
    note: str = ""
    expected_version: int | None = None
    by: Actor | None = None
    now: datetime | None = None


def close_hazard(
    hazard: Hazard, *, note: str = "", expected_version: int | None = None, by: Actor, now: datetime
) -> Hazard:
    """销号: close one hazard."""
    return close_many([Closing(hazard, note, expected_version)], by=by, now=now)[0]


@transaction.atomic
def close_many(closings: Sequence[Closing], *, by: Actor, now: datetime) -> list[Hazard]:
    """Close accepted hazards; the closer is never the fixer (Work Safety Law art. 41). All or none; the same order.

    A major one needs both reports, interim control, plan and a passed review by two officers, and an officer closes it;
    one on a list, an officer of that height. What else ran about it ends with it. A constant number of statements.
    Raises NotNow("evidence_missing" | "report_regulator_missing" | "report_workers_missing" | "interim_missing" |
    "plan_missing" | "review_missing" | "still_suspended" | …), NotYours("own_fix" | "officer_needed" | "listed_above").
    """
    hazards = [each.hazard for each in closings]
    lock(hazards, expected=[each.expected_version for each in closings])
    facts = beside_many(hazards)
    actors = [each.by or by for each in closings]
    times = [each.now or now for each in closings]
    shown = _shown([hazard for hazard in hazards if not _noted(facts[key_of(hazard)])])
    news: list[Event] = []
    for each, actor, at in zip(closings, actors, times, strict=True):
        hazard, known = each.hazard, facts[key_of(each.hazard)]
        access.check_may(actor, hazard, "close", known)
        if not _noted(known) and hazard.id not in shown:
            raise NotNow("evidence_missing")
        for code in known.missing(hazard):
            raise NotNow(code)
        if known.stopped:
            raise NotNow("still_suspended", number=known.stopped[0].number)
        HAZARD.check(hazard.state, "closed")
        news.append(
            HazardClosed(
                about=ref_of(hazard),
                place_code=hazard.place_code,
                level=hazard.level,
                late=hazard.late,
                supervised=bool(known.listed),
            )
        )
        hazard.state, hazard.closed_at, hazard.closed_by = "closed", at, actor.ref
        hazard.closing_note = text_of(each.note, where="note")
    end_beside([(hazard, facts[key_of(hazard)]) for hazard in hazards], why="closed", by=actors, now=times)
    write(hazards, "state", "closed_at", "closed_by", "closing_note", "supervised")
    record_many(news, by=actors, now=times)
    return hazards


def _noted(facts: Beside) -> bool:
    return facts.rectification is not None and bool(facts.rectification.note.strip())


def _shown(hazards: Sequence[Hazard]) -> set[uuid.UUID]:
    """Of these, the ones with a photo of the state after."""
    if not hazards:
        return set()
    photos = pictures.photos_by([ref_of(hazard) for hazard in hazards])
    return {
        hazard.id for hazard in hazards if any(kept.stage == "after" for kept in photos.get(str(ref_of(hazard)), ()))
    }


@transaction.atomic
def reopen(hazard: Hazard, *, reason: str, expected_version: int | None = None, by: Actor, now: datetime) -> Hazard:
    """It is not fixed after all: ordered anew, to the same posts; what was rejected is looked at again.

    Raises NotNow, NotYours, Invalid("reason_needed" | "too_long"), Conflict.
    """
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    access.check_may(by, hazard, "reopen", facts)
    reason = text_of(reason, where="reason", limit=500, needed="reason_needed")
    if hazard.state == "rejected":
        HAZARD.check(hazard.state, "found")
        hazard.state, hazard.closed_at, hazard.closed_by = "found", None, ""
        hazard.level, hazard.rated_by = "unrated", ""
        write([hazard], "state", "closed_at", "closed_by", "level", "rated_by")
        house = houses_of([(hazard, by, now)])[hazard.id]
        duties.open_duties([rating_promise(hazard, house, by=by, now=now)], by=by, now=now)
        record(
            HazardReopened(about=ref_of(hazard), place_code=hazard.place_code, reason=for_the_trail(reason)),
            by=by,
            now=now,
        )
        return hazard
    _order_again(hazard, facts, by=by, now=now, reason=reason)
    return hazard


def _order_again(hazard: Hazard, facts: Beside, *, by: Actor, now: datetime, reason: str) -> None:
    last = facts.rectification
    record(
        HazardReopened(about=ref_of(hazard), place_code=hazard.place_code, reason=for_the_trail(reason)), by=by, now=now
    )
    duties.discharge(ref_of(hazard), "verification", by=by, now=now)
    hazard.closed_at, hazard.closed_by, hazard.shown_at, hazard.shown_how = None, "", None, ""
    houses = houses_of([(hazard, by, now)])
    house = houses[hazard.id]
    owner = last.owner_post if last and house.chairs.view(last.owner_post) else None
    order_all([Order(hazard, by, now, owner_post=owner)], houses)
    write(
        [hazard],
        "state",
        "due_at",
        "fixed_at",
        "fixed_by",
        "late",
        "closed_at",
        "closed_by",
        "shown_at",
        "shown_how",
    )


@transaction.atomic
def show_result(hazard: Hazard, *, how: str, expected_version: int | None = None, by: Actor, now: datetime) -> Hazard:
    """Say that the result was shown to the staff (公示; Law art. 41): `how` is meeting, board, group, screen."""
    lock([hazard], expected=[expected_version])
    access.check_may(by, hazard, "show_result", beside(hazard))
    hazard.shown_how = text_of(how, where="how", limit=40, needed="words_needed")
    hazard.shown_at = now
    write([hazard], "shown_at", "shown_how")
    record(
        ResultShown(about=ref_of(hazard), place_code=hazard.place_code, how=for_the_trail(hazard.shown_how)),
        by=by,
        now=now,
    )
    return hazard
