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
    owed: list[tuple[Duty, Actor, datetime]] = []
    for (hazard, facts), actor, at in zip(ended, by, now, strict=True):
        owed += [(duty, actor, at) for duty in facts.duties if duty.state == "open"]
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


def _end_promises(owed: Sequence[tuple[Duty, Actor, datetime]], why: str) -> None:
    kept = [each for each in owed if why == "closed" and each[0].kind in KEPT]
    fallen = [each for each in owed if why != "closed" or each[0].kind not in KEPT]
    if kept:
        pairs = [(Ref.parse(duty.about), duty.kind) for duty, *_ in kept]
        duties.discharge_many(pairs, by=[actor for _, actor, _ in kept], now=[at for *_, at in kept])
    if fallen:
        pairs = [(Ref.parse(duty.about), duty.kind) for duty, *_ in fallen]
        duties.cancel_many(pairs, reason=why, by=[actor for _, actor, _ in fallen], now=[at for *_, at in fallen])
