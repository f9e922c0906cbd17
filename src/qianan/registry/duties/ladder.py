"""The ladder: when the clock looks at a duty again, and whom the next rung tells. Days are rows of the codebook.

Rung 0 has a negative number of days: the reminder before the deadline. Then street, district, city along the line
that the row names: `territory` (the body over the place), `industry` (the bureau of the duty's line), `business`.
"""

from datetime import datetime

from qianan.ground.codebook import queries as codebook
from qianan.ground.codebook.models import Rung
from qianan.registry.duties.chairs import industry_code_of, territory_code
from qianan.registry.duties.models import Duty

day_of = codebook.local_day


def first_look(kind: str, level: str, *, opened_at: datetime, due_at: datetime) -> datetime | None:
    """When the clock first looks at a new duty: the reminder if it lies ahead, else the first rung, else never."""
    for rung in codebook.rungs_for(kind, level, on=day_of(opened_at)):
        at = codebook.climb_at(rung, due_at=due_at)
        if rung.rung > 0 or opened_at < at < due_at:
            return at
    return None


def rungs_now(duty: Duty, *, now: datetime) -> list[Rung]:
    """The rungs from the one that a duty reaches when the clock looks at it now: the reminder before its deadline,
    else the next one up. Empty at the top."""
    rungs = codebook.rungs_for(duty.kind, duty.level, on=day_of(now))
    if duty.next_climb_at is not None and duty.next_climb_at < duty.due_at:
        return list(rungs)
    return [rung for rung in rungs if rung.rung > duty.rung]


def look_after(duty: Duty, reached: Rung, *, now: datetime) -> datetime | None:
    """When the clock looks again after this rung; None at the top of the ladder."""
    for rung in codebook.rungs_for(duty.kind, duty.level, on=day_of(now)):
        if rung.rung > reached.rung:
            return codebook.climb_at(rung, due_at=duty.due_at)
    return None


def bodies_of(rung: Rung, duty: Duty) -> list[str]:
    """Where a rung leads: the bureau of the line first when the row says so, then the territorial body."""
    codes = []
    if rung.line == "industry":
        codes.append(industry_code_of(rung.tells_role, duty.line, duty.place_code))
    if rung.line != "business":
        codes.append(territory_code(rung.tells_role, duty.place_code))
    return [code for code in codes if code]


def days_late(due_at: datetime, now: datetime) -> int:
    """Whole days past the deadline, 0 on its own day; counted by days of the instance's zone."""
    return max((day_of(now) - day_of(due_at)).days, 0)
