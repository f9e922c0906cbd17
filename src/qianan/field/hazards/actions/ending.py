"""What ends with the hazard: every promise about it, every list it stands on, every transfer that waits."""

from collections.abc import Sequence
from datetime import datetime

from qianan.field.hazards.beside import Beside
from qianan.field.hazards.events import SupervisionLifted
from qianan.field.hazards.lifecycle import SUPERVISION, TRANSFER
from qianan.field.hazards.models import Hazard, Supervision, Transfer
from qianan.field.hazards.writing import ref_of, write
from qianan.ground.trail.actions import record_many
from qianan.kernel.actor import Actor
from qianan.kernel.news import Event
from qianan.kernel.ref import Ref
from qianan.registry.duties import actions as duties
from qianan.registry.duties.models import Duty
from qianan.registry.duties.queries import open_about

KEPT = frozenset({"verification", "supervision"})
"""Promises that are kept when the hazard is closed; others fall away."""


def end_beside(
    ended: Sequence[tuple[Hazard, Beside]], *, why: str, by: Sequence[Actor], now: Sequence[datetime]
) -> None:
    """End all that runs beside these hazards, because they were `closed` or `rejected`. Few statements for all.

    `hazard.supervised` is set, not written.
    """
    lifted: list[Supervision] = []
    answered: list[Transfer] = []
    news: list[Event] = []
    who: list[Actor] = []
    when: list[datetime] = []
    owed: dict[str, tuple[Ref, Actor, datetime]] = {}
    for (hazard, facts), actor, at in zip(ended, by, now, strict=True):
        for ref in facts.refs(hazard):
            owed[str(ref)] = (ref, actor, at)
        for row in facts.listed:
            SUPERVISION.check(row.state, "lifted")
            row.state, row.lifted_at, row.lifted_why = "lifted", at, why
            lifted.append(row)
            news.append(SupervisionLifted(about=ref_of(hazard), place_code=hazard.place_code, body=row.body_code))
            who.append(actor)
            when.append(at)
        for sent in facts.transfers:
            if sent.state in {"sent", "received"}:
                then = "answered" if sent.state == "received" else "declined"
                TRANSFER.check(sent.state, then)
                sent.state, sent.answer = then, sent.answer or why
                answered.append(sent)
        hazard.supervised = False
    write(lifted, "state", "lifted_at", "lifted_why")
    write(answered, "state", "answer")
    record_many(news, by=who, now=when)
    _end_promises(owed, why)


def _end_promises(owed: dict[str, tuple[Ref, Actor, datetime]], why: str) -> None:
    standing = open_about([ref for ref, *_ in owed.values()])
    kept = [duty for duty in standing if why == "closed" and duty.kind in KEPT]
    fallen = [duty for duty in standing if why != "closed" or duty.kind not in KEPT]

    def whose(some: Sequence[Duty]) -> tuple[list[tuple[Ref, str]], list[Actor], list[datetime]]:
        found = [owed[duty.about] for duty in some]
        pairs = [(ref, duty.kind) for duty, (ref, *_) in zip(some, found, strict=True)]
        return pairs, [actor for _, actor, _ in found], [at for *_, at in found]

    if kept:
        pairs, actors, times = whose(kept)
        duties.discharge_many(pairs, by=actors, now=times)
    if fallen:
        pairs, actors, times = whose(fallen)
        duties.cancel_many(pairs, reason=why, by=actors, now=times)
