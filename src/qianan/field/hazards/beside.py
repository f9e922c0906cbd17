"""The facts that run beside a hazard's state, read together: what the guards and the page both look at."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

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
from qianan.field.hazards.writing import Key, key_of, side_ref
from qianan.kernel.ids import uuid_of
from qianan.kernel.ref import Ref
from qianan.registry.duties.models import Duty, Extension

SIDES = ("regulator", "workers")
"""The two addressees of a double report (Work Safety Law art. 41)."""


@dataclass(frozen=True)
class Beside:
    """All rows of one hazard, oldest first. `asked` is the request for more time that waits for a decision."""

    rectifications: tuple[Rectification, ...] = ()
    reports: tuple[DoubleReport, ...] = ()
    plans: tuple[Plan, ...] = ()
    supervisions: tuple[Supervision, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    reviews: tuple[Review, ...] = ()
    duty: Duty | None = None
    asked: Extension | None = None

    @property
    def rectification(self) -> Rectification | None:
        """The promise in force: the newest that was not withdrawn."""
        return next((row for row in reversed(self.rectifications) if row.state != "withdrawn"), None)

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


def beside(hazard: Hazard) -> Beside:
    """The facts beside one hazard. Nine statements."""
    return beside_many([hazard])[key_of(hazard)]


def beside_many(hazards: Sequence[Hazard]) -> dict[Key, Beside]:
    """The facts beside these hazards: nine statements, however many."""
    owners = {hazard.business_id for hazard in hazards}
    ids = [hazard.id for hazard in hazards]

    def rows(model: type[models.Model], *order: str) -> dict[uuid.UUID, tuple]:  # type: ignore[type-arg]
        found: dict[uuid.UUID, list] = defaultdict(list)  # type: ignore[type-arg]
        row: Any
        for row in model._default_manager.filter(business_id__in=owners, hazard_id__in=ids).order_by(*order, "id"):
            found[row.hazard_id].append(row)
        return {id: tuple(some) for id, some in found.items()}

    rectifications = rows(Rectification, "ordered_at")
    parts = {
        "reports": rows(DoubleReport, "sent_at"),
        "plans": rows(Plan, "version"),
        "supervisions": rows(Supervision, "listed_at"),
        "suspensions": rows(Suspension, "from_at"),
        "transfers": rows(Transfer, "sent_at"),
        "reviews": rows(Review, "at"),
    }
    duties = _duties({row.duty_id for some in rectifications.values() for row in some if row.duty_id}, owners)
    asked = {
        row.duty_id: row
        for row in Extension.objects.filter(business_id__in=owners, duty_id__in=list(duties), state="asked")
    }
    answer = {}
    for hazard in hazards:
        mine = rectifications.get(hazard.id, ())
        duty = next((duties[row.duty_id] for row in reversed(mine) if row.duty_id in duties), None)
        answer[key_of(hazard)] = Beside(
            rectifications=mine,
            duty=duty,
            asked=asked.get(duty.id) if duty else None,
            **{name: some.get(hazard.id, ()) for name, some in parts.items()},
        )
    return answer


def _duties(ids: set[uuid.UUID], owners: set[uuid.UUID]) -> dict[uuid.UUID, Duty]:
    return {row.id: row for row in Duty.objects.filter(business_id__in=owners, id__in=ids, state="open")}
