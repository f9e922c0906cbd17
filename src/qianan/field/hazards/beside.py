"""The facts that run beside a hazard's state, read together: what the guards and the page both look at."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, models

from qianan.field.hazards.models import (
    DoubleReport,
    Hazard,
    Plan,
    Rectification,
    Review,
    Supervision,
    Suspension,
    Transfer,
)
from qianan.field.hazards.writing import Key, chunks, in_force, key_of, side_ref
from qianan.kernel.ids import uuid_of
from qianan.kernel.ref import Ref
from qianan.registry.duties import queries as duties
from qianan.registry.duties.models import Duty, Extension
from qianan.tables import bulk

SIDES = ("regulator", "workers")
"""The two addressees of a double report (Work Safety Law art. 41)."""


@dataclass(frozen=True)
class Beside:
    """All rows of one hazard, oldest first; `duties` are all promises about it and what stands beside it."""

    rectifications: tuple[Rectification, ...] = ()
    reports: tuple[DoubleReport, ...] = ()
    plans: tuple[Plan, ...] = ()
    supervisions: tuple[Supervision, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    reviews: tuple[Review, ...] = ()
    duties: tuple[Duty, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @property
    def rectification(self) -> Rectification | None:
        """The promise in force: the one under way, else the last that was accepted."""
        return in_force(self.rectifications)

    @property
    def duty(self) -> Duty | None:
        """The promise to fix it, while it is owed."""
        fix = self.rectification
        return next((row for row in self.duties if fix and row.id == fix.duty_id and row.state == "open"), None)

    @property
    def asked(self) -> Extension | None:
        """The request for more time for the fix that waits for a decision."""
        duty = self.duty
        return next((row for row in self.extensions if duty and row.duty_id == duty.id and row.state == "asked"), None)

    @property
    def plan(self) -> Plan | None:
        return self.plans[-1] if self.plans else None

    @property
    def listed(self) -> tuple[Supervision, ...]:
        """On whose lists it stands now."""
        return tuple(row for row in self.supervisions if row.state == "listed")

    @property
    def stopped(self) -> tuple[Suspension, ...]:
        """The orders to stop work that still hold."""
        return tuple(row for row in self.suspensions if row.resumed_at is None)

    @property
    def sent(self) -> Transfer | None:
        """The transfer that waits for its receipt."""
        return next((row for row in self.transfers if row.state == "sent"), None)

    def report(self, side: str) -> DoubleReport | None:
        return next((row for row in self.reports if row.side == side), None)

    @property
    def review(self) -> Review | None:
        """The last review of the fix as handed in now; one of an earlier fix does not count."""
        fix = self.rectification
        if fix is None or fix.handed_in_at is None or fix.state not in {"handed_in", "accepted"}:
            return None
        mine = [row for row in self.reviews if row.at >= fix.handed_in_at]
        return mine[-1] if mine else None

    @property
    def reviewed(self) -> bool:
        """Passed by two officers, for the fix as it is now."""
        return self.review is not None and self.review.passed and len(set(self.review.officers)) >= 2

    def missing(self, hazard: Hazard) -> tuple[str, ...]:
        """What a major hazard still lacks before it may be closed, as problem codes; empty for others."""
        if hazard.level != "major":
            return ()
        lacks = [f"report_{side}_missing" for side in SIDES if self.report(side) is None]
        if not hazard.interim.strip():
            lacks.append("interim_missing")
        if self.plan is None:
            lacks.append("plan_missing")
        if not self.reviewed:
            lacks.append("review_missing")
        return tuple(lacks)

    def refs(self, hazard: Hazard) -> list[Ref]:
        """Every ref under which promises or papers of this hazard may stand."""
        rows = (*self.supervisions, *self.transfers)
        about = Ref("hazards.hazard", hazard.business_id, str(hazard.id))
        return [about, *(side_ref(row) for row in rows), *(report_about(hazard, side) for side in SIDES)]


def report_about(hazard: Hazard, side: str) -> Ref:
    """What the promise to report to one side is about: the report itself, whose id is known before it is sent."""
    return Ref("hazards.double_report", hazard.business_id, str(report_id(hazard, side)))


def report_id(hazard: Hazard, side: str) -> uuid.UUID:
    return uuid_of("hazards.double_report", hazard.id, side)


SIDE: Mapping[str, tuple[type[models.Model], str]] = {
    "rectifications": (Rectification, "ordered_at"),
    "reports": (DoubleReport, "sent_at"),
    "plans": (Plan, "version"),
    "supervisions": (Supervision, "listed_at"),
    "suspensions": (Suspension, "from_at"),
    "transfers": (Transfer, "sent_at"),
    "reviews": (Review, "at"),
}
"""Fact → its table, and by what its rows are ordered."""


def beside(hazard: Hazard) -> Beside:
    """The facts beside one hazard. Four statements, and one for each kind of fact that there is."""
    return beside_many([hazard])[key_of(hazard)]


def beside_many(hazards: Sequence[Hazard]) -> dict[Key, Beside]:
    """The facts beside these hazards: four statements, and one for each kind of fact that there is, per 5,000."""
    facts: dict[Key, dict[str, list[Any]]] = {key_of(hazard): {} for hazard in hazards}
    for some in chunks(hazards):
        owners, ids = sorted({hazard.business_id for hazard in some}), [hazard.id for hazard in some]
        for name in _kinds_there(owners, ids):
            model, order = SIDE[name]
            row: Any
            for row in model._default_manager.filter(business_id__in=owners, hazard_id__in=ids).order_by(order, "id"):
                if (row.business_id, row.hazard_id) in facts:
                    facts[row.business_id, row.hazard_id].setdefault(name, []).append(row)
    known = {key: Beside(**{name: tuple(rows) for name, rows in some.items()}) for key, some in facts.items()}
    _add_promises(hazards, known)
    return known


FEW = 200
"""For so many hazards it pays to ask first which kinds of facts there are at all."""


def _kinds_there(owners: Sequence[uuid.UUID], ids: Sequence[uuid.UUID]) -> list[str]:
    """Which kinds of facts there are: most hazards have a rectification and nothing else. One statement."""
    if len(ids) > FEW:
        return list(SIDE)
    quote = connection.ops.quote_name
    mine = f"business_id IN ({marks(owners)}) AND hazard_id IN ({marks(ids)})"
    sql = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quote(model._meta.db_table)} WHERE {mine})"  # noqa: S608  names
        for name, (model, _) in SIDE.items()
    )
    values = [bulk.bound(id) for id in (*owners, *ids)]
    with connection.cursor() as cursor:
        cursor.execute(sql, values * len(SIDE))
        found = {name for (name,) in cursor.fetchall()}
    return [name for name in SIDE if name in found]


def marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _add_promises(hazards: Sequence[Hazard], known: dict[Key, Beside]) -> None:
    whose = {str(ref): key_of(hazard) for hazard in hazards for ref in known[key_of(hazard)].refs(hazard)}
    promised: dict[Key, list[Duty]] = defaultdict(list)
    for duty in duties.duties_about_many(whose):
        promised[whose[duty.about]].append(duty)
    asked = duties.extensions_of(duty for some in promised.values() for duty in some)
    for key, some in promised.items():
        extensions = sorted((row for duty in some for row in asked.get(duty.id, ())), key=lambda row: row.asked_at)
        known[key] = replace(known[key], duties=tuple(some), extensions=tuple(extensions))
