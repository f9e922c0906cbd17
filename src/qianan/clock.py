"""When this hour strikes, do that. The whole timetable of the house is this page.

Each line: every so many seconds, or daily at an hour of the instance's zone, call this action with `now`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from qianan.field.selfchecks.actions import begin_day, miss_overdue
from qianan.ground.accounts.actions import forget_old
from qianan.ground.notices.actions import deliver_due
from qianan.ground.trail import sealing
from qianan.ground.trail.once import forget_answers
from qianan.registry.businesses.actions import change_due_sites, forget_previews
from qianan.registry.duties.actions import escalate_overdue, vacate_ended


@dataclass(frozen=True)
class Line:
    """One line of the timetable: `every` seconds, or daily `at` a local time; `do(now)` is safe to run twice.

    A line that may take long (`apart`) has a clock of its own, so that the others do not wait for it.
    """

    name: str
    do: Callable[[datetime], object]
    every: int = 0
    at: time | None = None
    apart: bool = False


CLOCK: tuple[Line, ...] = (
    Line("deliver letters", deliver_due, every=5, apart=True),
    Line("forget old codes, sessions and sign-in logs", forget_old, at=time(3, 40)),
    Line("let go of registry files nobody took in", forget_previews, at=time(3, 50)),
    Line("forget what programs were answered a month ago", forget_answers, at=time(3, 55)),
    Line("sites close, move and open again on their day", change_due_sites, at=time(0, 5)),
    Line("the day's owed checks are made", begin_day, at=time(0, 5)),
    Line("checks not handed in are missed", miss_overdue, every=60),
    Line("late duties climb the ladder", escalate_overdue, every=60),
    Line("chairs whose last seat has ended stand empty", vacate_ended, at=time(0, 15)),
    Line("seal the trail and sign its heads", sealing.seal_some, every=2),
)
