"""The hour at the doors. Rooms never look at a clock: doors and the timetable pass `now` in.

`turn` moves this process's clock: tests of deadlines and a demo with a fixed day use it. QIANAN_CLOCK_OFFSET (seconds)
sets it at start, so that web, worker and timetable of one instance agree.
"""

import os
from datetime import UTC, datetime, timedelta

_offset = timedelta(seconds=float(os.environ.get("QIANAN_CLOCK_OFFSET", "0") or 0))


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC) + _offset


def turn(by: timedelta) -> None:
    """Move the clock of this process by so much."""
    global _offset  # noqa: PLW0603  one clock a process
    _offset += by


def turn_to(moment: datetime) -> None:
    """Set the clock of this process to this moment; it runs on from there."""
    turn(moment - now())


def reset() -> None:
    """The machine's own time again."""
    global _offset  # noqa: PLW0603
    _offset = timedelta(0)
