"""When an owed check falls due: the period it covers, its last day, the hour, the grace. Plain arithmetic.

A check is owed once in each period: a day, an ISO week (Monday to Sunday), a month, a quarter, half a year, a year.
It may be handed in on any day of the period and is due at the hour of its last day; it is missed after the grace.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
FREQUENCIES = ("daily", "weekly", *MONTHS)

NOTICE = timedelta(days=7)
"""A site that joins with less than this left of a period longer than a week owes its first check in the next one."""


def period(frequency: str, day: date) -> tuple[date, date]:
    """First and last day of the period that holds this day. Raises ValueError for an unknown frequency."""
    if frequency == "daily":
        return day, day
    if frequency == "weekly":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    if frequency not in MONTHS:
        raise ValueError(f"unknown frequency {frequency!r}; one of {', '.join(FREQUENCIES)}")
    length = MONTHS[frequency]
    month = (day.month - 1) // length * length + 1
    last_month = month + length - 1
    return date(day.year, month, 1), date(day.year, last_month, monthrange(day.year, last_month)[1])


@dataclass(frozen=True, slots=True)
class Due:
    """One owed check in time: its period, the moment it is due (UTC), the moment it counts as missed (UTC)."""

    first: date
    day: date
    at: datetime
    misses_at: datetime


def due_on(frequency: str, day: date, *, due_time: time, grace_hours: int, zone: ZoneInfo) -> Due:
    """The check owed for the period that holds `day`."""
    first, last = period(frequency, day)
    at = datetime.combine(last, due_time, zone).astimezone(UTC)
    return Due(first, last, at, at + timedelta(hours=grace_hours))


def too_soon(frequency: str, due_day: date, joined: date) -> bool:
    """Whether a site that joined on this day is spared the check of this period."""
    return frequency not in {"daily", "weekly"} and due_day - joined < NOTICE
