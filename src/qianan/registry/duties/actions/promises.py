"""Promises begin, are kept, fall away, go to another chair. One form for one and many."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qianan.ground.codebook import queries as codebook
from qianan.ground.trail.actions import record, record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid
from qianan.kernel.ref import Ref
from qianan.registry.duties import access, ladder
from qianan.registry.duties.chairs import post_ref
from qianan.registry.duties.events import DutyCancelled, DutyDischarged, DutyOpened, DutyReassigned
from qianan.registry.duties.lifecycle import DUTY, KINDS
from qianan.registry.duties.models import Duty, Post
from qianan.tables import bulk

CHUNK = 500


@dataclass(frozen=True, slots=True)
class NewDuty:
    """A promise to be opened. Without `due_at` the codebook gives the days for kind and level from `now`.

    `about` is what it is about, one open duty per business, kind and about. `subject` says it in a few words for lists
    and letters; `again` when it is owed once more and whoever opens it tells why. Posts are ids of chairs; `by` and
    `now` only where they differ from row to row (planting, replay).
    """

    business_id: uuid.UUID
    kind: str
    about: Ref
    place_code: str
    level: str = ""
    site_id: uuid.UUID | None = None
    line: str = ""
    industry_code: str = ""
    tier: str = ""
    owner_post: uuid.UUID | None = None
    accountable_post: uuid.UUID | None = None
    verifier_post: uuid.UUID | None = None
    due_at: datetime | None = None
    basis: str = ""
    subject: str = ""
    again: bool = False
    by: Actor | None = None
    now: datetime | None = None


def ref_of(duty: Duty) -> Ref:
    return Ref("duties.duty", duty.business_id, str(duty.id))


@transaction.atomic
def open_duties(new: Sequence[NewDuty], *, by: Actor, now: datetime) -> list[Duty]:
    """Open these promises; the answer stands in the same order. One already open for the same thing stays as it is.

    A constant number of statements per 500 rows, whatever the number of businesses.
    Raises NotFound("no_deadline") when the codebook has no days for a kind and level.
    """
    standing = _open_ones([(each.business_id, each.kind, str(each.about)) for each in new])
    answer: list[Duty] = []
    made: list[Duty] = []
    again: list[bool] = []
    actors: list[Actor] = []
    for each in new:
        key = (each.business_id, each.kind, str(each.about))
        duty = standing.get(key)
        if duty is None:
            duty = standing[key] = _new_row(each, each.now or now)
            made.append(duty)
            again.append(each.again)
            actors.append(each.by or by)
        answer.append(duty)
    bulk.insert(made)
    record_many(
        [
            DutyOpened(
                about=ref_of(duty),
                place_code=duty.place_code,
                kind=duty.kind,
                of=duty.about,
                level=duty.level,
                owner=post_ref(duty.owner_post),
                due_at=duty.due_at.isoformat(),
                again=once_more,
            )
            for duty, once_more in zip(made, again, strict=True)
        ],
        by=actors,
        now=[duty.opened_at for duty in made],
    )
    return answer


def open_duty(new: NewDuty, *, by: Actor, now: datetime) -> Duty:
    """Open one promise."""
    return open_duties([new], by=by, now=now)[0]


def _new_row(new: NewDuty, now: datetime) -> Duty:
    if new.kind not in KINDS:
        raise Invalid("unknown_kind", where="kind", kind=new.kind)
    due_at, basis = new.due_at, new.basis
    if due_at is None:
        due = codebook.due_from(new.kind, new.level, at=now)
        due_at, basis = due.at, due.code
    return Duty(
        business_id=new.business_id,
        id=uuid7(now),
        kind=new.kind,
        about=str(new.about),
        level=new.level,
        site_id=new.site_id,
        place_code=new.place_code,
        line=new.line,
        industry_code=new.industry_code,
        tier=new.tier,
        owner_post=new.owner_post,
        accountable_post=new.accountable_post,
        verifier_post=new.verifier_post,
        opened_at=now,
        due_at=due_at,
        basis=basis,
        subject=" ".join(new.subject.split())[:200],
        rung=0,
        next_climb_at=ladder.first_look(new.kind, new.level, opened_at=now, due_at=due_at),
        state=DUTY.start,
    )


Key = tuple[uuid.UUID, str, str]


def _open_ones(keys: Sequence[Key]) -> dict[Key, Duty]:
    """The open duties of these (business, kind, about)."""
    wanted, found = set(keys), {}
    listed = sorted(wanted, key=lambda key: (key[0], key[2]))
    for start in range(0, len(listed), CHUNK):
        some = listed[start : start + CHUNK]
        rows = Duty.objects.filter(
            state="open", business_id__in={key[0] for key in some}, about__in={key[2] for key in some}
        )
        for duty in rows:
            if (key := (duty.business_id, duty.kind, duty.about)) in wanted:
                found[key] = duty
    return found


def discharge_many(
    kept: Sequence[tuple[Ref, str]], *, by: Actor | Sequence[Actor], now: datetime | Sequence[datetime]
) -> list[Duty]:
    """These promises were kept: (about what, which kind). One that is not open is passed over.

    `by` and `now` are one for all or one for each. Gives the duties discharged.
    """
    return _end(kept, "discharged", "", by=by, now=now)


def discharge(about: Ref, kind: str, *, by: Actor, now: datetime) -> Duty | None:
    """One promise was kept; None when none was open."""
    return next(iter(discharge_many([(about, kind)], by=by, now=now)), None)


def cancel_many(
    fallen: Sequence[tuple[Ref, str]], *, reason: str, by: Actor | Sequence[Actor], now: datetime | Sequence[datetime]
) -> list[Duty]:
    """These promises fell away, with a reason (a code or a few words without names). Those not open are passed over."""
    return _end(fallen, "cancelled", reason, by=by, now=now)


def cancel(about: Ref, kind: str, *, reason: str, by: Actor, now: datetime) -> Duty | None:
    """One promise fell away; None when none was open."""
    return next(iter(cancel_many([(about, kind)], reason=reason, by=by, now=now)), None)


@transaction.atomic
def _end(
    which: Sequence[tuple[Ref, str]],
    state: str,
    reason: str,
    *,
    by: Actor | Sequence[Actor],
    now: datetime | Sequence[datetime],
) -> list[Duty]:
    keys: list[Key] = [(about.business, kind, str(about)) for about, kind in which]
    standing = _open_ones(keys)
    ended: list[Duty] = []
    actors: list[Actor] = []
    for number, key in enumerate(keys):
        duty = standing.pop(key, None)
        if duty is None:
            continue
        DUTY.check(duty.state, state)
        duty.state = state
        duty.ended_at = now if isinstance(now, datetime) else now[number]
        duty.next_climb_at = None
        ended.append(duty)
        actors.append(by if isinstance(by, Actor) else by[number])
    bulk.run(
        "UPDATE duties_duty SET state = %s, ended_at = %s, next_climb_at = NULL"
        " WHERE business_id = %s AND id = %s AND state = 'open'",
        [(duty.state, duty.ended_at, duty.business_id, duty.id) for duty in ended],
    )
    record_many([_farewell(duty, reason) for duty in ended], by=actors, now=[_ended_at(duty) for duty in ended])
    return ended


def _ended_at(duty: Duty) -> datetime:
    assert duty.ended_at is not None  # noqa: S101  set by _end just before
    return duty.ended_at


def _farewell(duty: Duty, reason: str) -> DutyDischarged | DutyCancelled:
    if duty.state == "discharged":
        return DutyDischarged(
            about=ref_of(duty),
            place_code=duty.place_code,
            kind=duty.kind,
            of=duty.about,
            late=_ended_at(duty) > duty.due_at,
            rung=duty.rung,
        )
    return DutyCancelled(about=ref_of(duty), place_code=duty.place_code, kind=duty.kind, of=duty.about, reason=reason)


@transaction.atomic
def reassign(duty: Duty, *, to_post: uuid.UUID, by: Actor, now: datetime) -> Duty:
    """Hand a promise on to another chair of the same house; its deadline stays.

    Raises NotYours("not_your_business"), NotNow, Invalid("no_such_post", "to_post"), Conflict("same_post").
    """
    access.check(access.can_reassign(by, duty), "not_your_business")
    DUTY.check_in(duty.state, {"open"})
    if to_post == duty.owner_post:
        raise Conflict("same_post", where="to_post")
    post = Post.objects.filter(id=to_post, until=None).first()
    if post is None or not _same_house(duty, post):
        raise Invalid("no_such_post", where="to_post")
    was, duty.owner_post = duty.owner_post, to_post
    duty.save(update_fields=["owner_post"])
    record(reassigned(duty, was), by=by, now=now)
    return duty


def _same_house(duty: Duty, post: Post) -> bool:
    if post.business_id == duty.business_id:
        return True
    current = Post.objects.filter(id=duty.owner_post).first() if duty.owner_post else None
    return current is not None and bool(current.body_code) and current.body_code == post.body_code


def reassigned(duty: Duty, was: uuid.UUID | None) -> DutyReassigned:
    return DutyReassigned(
        about=ref_of(duty),
        place_code=duty.place_code,
        kind=duty.kind,
        of=duty.about,
        from_post=post_ref(was),
        to_post=post_ref(duty.owner_post),
    )
