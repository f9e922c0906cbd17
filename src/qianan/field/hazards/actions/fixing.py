"""The fix is ordered, handed to another chair, held meanwhile, given more time, handed in."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qianan.field.hazards import access
from qianan.field.hazards.actions.ordering import (
    House,
    Order,
    choose_owner,
    choose_verifier,
    houses_of,
    new_duty,
    order_all,
)
from qianan.field.hazards.beside import Beside, beside
from qianan.field.hazards.events import FixHandedIn, InterimControlSet, RectificationReassigned
from qianan.field.hazards.lifecycle import HAZARD, RECTIFICATION
from qianan.field.hazards.models import Hazard, Rectification
from qianan.field.hazards.words import text_of
from qianan.field.hazards.writing import current_rectifications, key_of, lock, ref_of, write
from qianan.ground.evidence import actions as evidence
from qianan.ground.evidence.actions import Tie
from qianan.ground.trail.actions import record, record_many
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Invalid, NotNow
from qianan.registry.duties import actions as duties
from qianan.registry.duties.models import Extension
from qianan.registry.duties.queries import post_ref


@transaction.atomic
def order_rectification(
    hazard: Hazard,
    *,
    owner_post: uuid.UUID | None = None,
    accountable_post: uuid.UUID | None = None,
    verifier_post: uuid.UUID | None = None,
    due_at: datetime | None = None,
    measures: str = "",
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Rectification:
    """Order the fix of a rated hazard. Posts not named are the usual ones; without `due_at` the codebook says when.

    The verifier's people are never only the owner's. Raises NotNow, NotYours, Conflict("changed_meanwhile"),
    Invalid("no_such_post" | "verifier_is_owner" | "due_past" | "too_long"), NotFound("no_deadline").
    """
    lock([hazard], expected=[expected_version])
    access.check_may(by, hazard, "order_rectification", beside(hazard))
    if due_at is not None and due_at <= now:
        raise Invalid("due_past", where="due_at")
    order = Order(
        hazard, by, now, owner_post, accountable_post, verifier_post, due_at, text_of(measures, where="measures")
    )
    row = order_all([order], houses_of([(hazard, by, now)]))[0]
    write([hazard], "state", "due_at", "fixed_at", "fixed_by", "late")
    duties.discharge(ref_of(hazard), "rating", by=by, now=now)
    return row


@transaction.atomic
def reassign(
    hazard: Hazard,
    *,
    owner_post: uuid.UUID,
    verifier_post: uuid.UUID | None = None,
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Rectification:
    """Hand the fix to another chair of the business; the deadline stays. A verifier who would be the owner changes too.

    Raises as `order_rectification`.
    """
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    access.check_may(by, hazard, "reassign", facts)
    row = _fix(facts)
    house = houses_of([(hazard, by, now)])[hazard.id]
    order = Order(hazard, by, now, owner_post=owner_post, verifier_post=verifier_post)
    was, row.owner_post = row.owner_post, choose_owner(order, house)
    if verifier_post is not None or not _may_verify(house, row):
        row.verifier_post = choose_verifier(order, house, row.owner_post)
    write([row], "owner_post", "verifier_post")
    write([hazard])
    if facts.duty is not None and facts.duty.owner_post != row.owner_post:
        duties.reassign(facts.duty, to_post=owner_post, by=by, now=now)
    record(
        RectificationReassigned(
            about=ref_of(hazard),
            place_code=hazard.place_code,
            rectification=str(row.id),
            from_post=post_ref(was),
            to_post=post_ref(row.owner_post),
        ),
        by=by,
        now=now,
    )
    return row


def _may_verify(house: House, row: Rectification) -> bool:
    chairs = house.chairs
    checkers = chairs.persons(row.verifier_post)
    return row.verifier_post != row.owner_post and (not checkers or bool(checkers - chairs.persons(row.owner_post)))


def _fix(facts: Beside) -> Rectification:
    if facts.rectification is None:
        raise NotNow("nothing_ordered")
    return facts.rectification


@transaction.atomic
def set_interim(hazard: Hazard, *, text: str, expected_version: int | None = None, by: Actor, now: datetime) -> Hazard:
    """Say what holds until it is fixed (临时管控): a sign, a barrier, a shut valve.

    Raises Invalid("words_needed" | "too_long"), NotNow, NotYours, Conflict("changed_meanwhile").
    """
    lock([hazard], expected=[expected_version])
    access.check_may(by, hazard, "set_interim", beside(hazard))
    hazard.interim = text_of(text, where="interim", limit=500, needed="words_needed")
    write([hazard], "interim")
    record(InterimControlSet(about=ref_of(hazard), place_code=hazard.place_code), by=by, now=now)
    return hazard


@transaction.atomic
def ask_extension(
    hazard: Hazard,
    *,
    until: datetime,
    reason: str,
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Extension:
    """Ask for more time for the fix. The clock goes on until an officer decides. Raises as `duties.ask_extension`."""
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    access.check_may(by, hazard, "ask_extension", facts)
    assert facts.duty is not None  # noqa: S101  the predicate looked
    return duties.ask_extension(facts.duty, until=until, reason=reason, by=by, now=now)


@transaction.atomic
def decide_extension(
    hazard: Hazard,
    *,
    grant: bool,
    note: str = "",
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Extension:
    """Grant or refuse more time; granted, the hazard is due at the new time. Raises as `duties.decide_extension`."""
    lock([hazard], expected=[expected_version])
    facts = beside(hazard)
    access.check_may(by, hazard, "decide_extension", facts)
    assert facts.asked is not None  # noqa: S101  the predicate looked
    decided = duties.decide_extension(facts.asked, grant=grant, note=note, by=by, now=now)
    if grant:
        follow_due([(hazard, _fix(facts), decided.until)])
    return decided


def follow_due(changed: Sequence[tuple[Hazard, Rectification, datetime]]) -> None:
    """The hazard and its rectification carry the promise's deadline: a granted extension reaches them here."""
    moved = [(hazard, row, until) for hazard, row, until in changed if row.due_at != until]
    for hazard, row, until in moved:
        hazard.due_at = row.due_at = until
    write([hazard for hazard, *_ in moved], "due_at")
    write([row for _, row, _ in moved], "due_at")


def follow_owner(changed: Sequence[tuple[Hazard, Rectification, uuid.UUID | None]]) -> None:
    """The rectification goes with its promise to another chair."""
    moved = [(hazard, row, owner) for hazard, row, owner in changed if owner and row.owner_post != owner]
    for _, row, owner in moved:
        row.owner_post = owner
    write([hazard for hazard, *_ in moved])
    write([row for _, row, _ in moved], "owner_post")


@dataclass(frozen=True, slots=True)
class HandIn:
    """A fix that is said to be done: words or photos (hashes) show it. `by`, `now` only where rows differ."""

    hazard: Hazard
    note: str = ""
    photos: Sequence[str] = ()
    expected_version: int | None = None
    by: Actor | None = None
    now: datetime | None = None


def hand_in(
    hazard: Hazard,
    *,
    note: str = "",
    photos: Sequence[str] = (),
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Hazard:
    """Hand in one fix."""
    return hand_in_many([HandIn(hazard, note, photos, expected_version)], by=by, now=now)[0]


@transaction.atomic
def hand_in_many(done: Sequence[HandIn], *, by: Actor, now: datetime) -> list[Hazard]:
    """Hand in fixes: the promise to fix is kept, the promise to verify begins. All or none; the same order.

    A constant number of statements. Raises NotNow, NotYours, Invalid("evidence_needed" | "too_long" |
    "unknown_photo"), Conflict("changed_meanwhile").
    """
    hazards = [each.hazard for each in done]
    lock(hazards, expected=[each.expected_version for each in done])
    fixes = current_rectifications(hazards)
    actors = [each.by or by for each in done]
    times = [each.now or now for each in done]
    news, rows, promises = [], [], []
    for each, actor, at in zip(done, actors, times, strict=True):
        hazard = each.hazard
        row = fixes.get(key_of(hazard))
        access.check_may(actor, hazard, "hand_in", Beside(rectifications=(row,) if row else ()))
        assert row is not None  # noqa: S101  the predicate looked
        note = text_of(each.note, where="note")
        if not note and not each.photos:
            raise Invalid("evidence_needed", where="note")
        HAZARD.check(hazard.state, "handed_in")
        RECTIFICATION.check(row.state, "handed_in")
        late = at > row.due_at
        hazard.state, hazard.fixed_at, hazard.fixed_by = "handed_in", at, actor.ref
        hazard.late = hazard.late or late
        row.state, row.handed_in_at, row.handed_in_by, row.note = "handed_in", at, actor.ref, note
        rows.append(row)
        news.append(
            FixHandedIn(
                about=ref_of(hazard),
                place_code=hazard.place_code,
                rectification=str(row.id),
                photos=len(each.photos),
                late=late,
            )
        )
        promises.append(
            new_duty(
                hazard,
                "verification",
                level=hazard.level,
                owner=row.verifier_post,
                accountable=row.accountable_post,
                by=actor,
                now=at,
            )
        )
    write(hazards, "state", "fixed_at", "fixed_by", "late")
    write(rows, "state", "handed_in_at", "handed_in_by", "note")
    evidence.attach_many(
        [Tie(each.photos, ref_of(each.hazard), "after", each.hazard.place_code) for each in done if each.photos],
        by=[actor for each, actor in zip(done, actors, strict=True) if each.photos],
        now=[at for each, at in zip(done, times, strict=True) if each.photos],
    )
    record_many(news, by=actors, now=times)
    duties.discharge_many([(ref_of(hazard), "rectification") for hazard in hazards], by=actors, now=times)
    duties.open_duties(promises, by=by, now=now)
    return hazards
