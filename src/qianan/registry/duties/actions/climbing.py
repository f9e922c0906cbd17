"""Late duties climb the ladder, by sets, however many clocks run, and never twice to the same rung."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from qianan.ground.codebook.models import Rung
from qianan.ground.trail.actions import record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.news import Event
from qianan.registry.duties import ladder
from qianan.registry.duties.actions.promises import ref_of
from qianan.registry.duties.chairs import Chairs, PostView, chairs_and_offices, desk_of, post_ref
from qianan.registry.duties.events import DutyEscalated, DutyFell, DutyReminded
from qianan.registry.duties.models import Climb, Duty
from qianan.tables import bulk
from qianan.tables.shard import is_citus

CLOCK = Actor.system("clock")
BATCH = 2000


def escalate_overdue(now: datetime, limit: int = 20_000, *, by: Actor = CLOCK) -> int:
    """Let every duty that the clock must look at climb: remind, then street, district, city. Gives how many climbed.

    A rung whose office stands empty is recorded and passed at once (DutyFell); a duty for which several rungs are due
    (the machine was off) climbs them one after another. Safe to run twice and by two clocks at once: a climb is unique
    per duty, rung and deadline, and only the clock that wrote it tells the news.
    """
    total = seen = 0
    while seen < limit:
        looked, climbed = _climb_once(now, min(BATCH, limit - seen), by)
        total += climbed
        seen += looked
        if not looked:
            break
    return total


@dataclass
class Hop:
    """One rung reached: whose chair it leads to; `chair` None when nobody sits there, `empty` that vacant chair."""

    rung: Rung
    climb: Climb
    body: str = ""
    chair: PostView | None = None
    empty: PostView | None = None


@dataclass
class Step:
    """One duty the clock looks at: the rungs ahead, and those it reaches now (several when offices are empty)."""

    duty: Duty
    ahead: list[Rung]
    was: datetime | None
    hops: list[Hop] = field(default_factory=list)


@transaction.atomic
def _climb_once(now: datetime, limit: int, by: Actor) -> tuple[int, int]:
    """The next rung for up to `limit` duties: (looked at, climbed)."""
    due = Duty.objects.filter(state="open", next_climb_at__lte=now).order_by("next_climb_at", "business_id", "id")
    if connection.vendor == "postgresql" and not is_citus(connection):
        # Two clocks share the work instead of waiting for each other; without this lock they are still safe.
        due = due.select_for_update(skip_locked=True)
    steps = [Step(duty, ladder.rungs_now(duty, now=now), duty.next_climb_at) for duty in due[:limit]]
    if not steps:
        return 0, 0
    _climb(steps, now)
    climbs = [hop.climb for step in steps for hop in step.hops]
    bulk.insert(climbs, ignore=True)
    ours = set(
        Climb.objects.filter(
            business_id__in={climb.business_id for climb in climbs}, id__in=[climb.id for climb in climbs]
        ).values_list("id", flat=True)
    )
    bulk.run(
        "UPDATE duties_duty SET rung = %s, next_climb_at = %s"
        " WHERE business_id = %s AND id = %s AND state = 'open' AND next_climb_at = %s",
        [(s.duty.rung, s.duty.next_climb_at, s.duty.business_id, s.duty.id, s.was) for s in steps],
    )
    news = [event for step in steps for event in _news(step, ours, now)]
    record_many(news, by=by, now=now)
    return len(steps), sum(any(hop.climb.id in ours for hop in step.hops) for step in steps)


def _climb(steps: Sequence[Step], now: datetime) -> None:
    """Take each duty to the first rung ahead where somebody sits. Two statements for all."""
    wanted: set[str] = set()
    owners: set[uuid.UUID] = set()
    for step in steps:
        for rung in step.ahead:
            wanted.update(ladder.bodies_of(rung, step.duty))
            if rung.line == "business":
                owners.add(step.duty.business_id)
    chairs, offices = chairs_and_offices(owners, wanted, on=ladder.day_of(now))
    for step in steps:
        duty = step.duty
        duty.next_climb_at = None
        for rung in step.ahead:
            hop = _hop(duty, rung, now)
            if rung.line == "business":
                _sit_in_business(hop, chairs[duty.business_id])
            else:
                _sit_in_office(hop, ladder.bodies_of(rung, duty), offices)
            hop.climb.post, hop.climb.body_code = (hop.chair.id if hop.chair else None), hop.body
            step.hops.append(hop)
            duty.rung = max(duty.rung, rung.rung)
            if hop.chair is not None or rung.rung == 0:
                duty.next_climb_at = ladder.look_after(duty, rung, now=now)
                break


def _hop(duty: Duty, rung: Rung, now: datetime) -> Hop:
    climb = Climb(
        business_id=duty.business_id,
        id=uuid7(now),
        duty_id=duty.id,
        rung=rung.rung,
        at=now,
        due_at=duty.due_at,
        rule=rung.code,
    )
    return Hop(rung, climb)


def _sit_in_business(hop: Hop, chairs: Chairs) -> None:
    hop.empty = chairs.of(hop.rung.tells_role)
    hop.chair = chairs.first_occupied(hop.rung.tells_role, "principal", "safety_manager")


def _sit_in_office(hop: Hop, codes: Sequence[str], offices: dict[str, Chairs]) -> None:
    """The head, else the inspector; the bureau of the line before the territorial body; else the rung is empty."""
    for code in codes:
        if desk := desk_of(offices.get(code)):
            hop.body, hop.chair = code, desk
            return
    hop.body = codes[-1] if codes else ""
    hop.empty = offices[hop.body].of("head") if hop.body in offices else None


def _news(step: Step, ours: set[uuid.UUID], now: datetime) -> list[Event]:
    """What is told of one duty: each empty rung that it fell through, then the one it reached."""
    duty, news = step.duty, list[Event]()
    last = step.hops[-1] if step.hops else None
    for hop in step.hops:
        if hop.climb.id not in ours:
            continue
        if hop.rung.rung == 0:
            news += [_reminder(duty, hop.chair)] if hop.chair else []
        elif hop is not last:
            news.append(
                DutyFell(
                    about=ref_of(duty),
                    place_code=duty.place_code,
                    kind=duty.kind,
                    of=duty.about,
                    from_post=post_ref(hop.empty.id if hop.empty else None),
                    to_post=post_ref(last.chair.id if last and last.chair else None),
                    rung=hop.rung.rung,
                    body=hop.body,
                )
            )
        else:
            news.append(
                DutyEscalated(
                    about=ref_of(duty),
                    place_code=duty.place_code,
                    kind=duty.kind,
                    of=duty.about,
                    level=duty.level,
                    rung=hop.rung.rung,
                    post=post_ref(hop.chair.id if hop.chair else None),
                    body=hop.body,
                    days_late=ladder.days_late(duty.due_at, now),
                )
            )
    return news


def _reminder(duty: Duty, chair: PostView) -> DutyReminded:
    return DutyReminded(
        about=ref_of(duty),
        place_code=duty.place_code,
        kind=duty.kind,
        of=duty.about,
        level=duty.level,
        post=post_ref(chair.id),
        due_at=duty.due_at.isoformat(),
    )
