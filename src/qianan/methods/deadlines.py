"""When something is due: calendar days, working days, hours; a day ends at 23:59:59 of the instance's zone.

The law sets no number of days for a hazard ("at once" or "within a limit", Work Safety Law art. 102, Beijing ordinance
art. 49): how many days, in which unit, comes in as a value. Which days are worked comes in as a `Workdays`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CALENDAR, WORKING, HOURS = "calendar", "working", "hours"
UNITS = (CALENDAR, WORKING, HOURS)

LAST_SECOND = time(23, 59, 59)
MOST_DAYS = 36_500
"""A century: more is a mistake in the table, not a deadline."""


@dataclass(frozen=True, slots=True)
class Workdays:
    """Which days are worked: Monday to Friday, but for the days that a yearly notice says otherwise.

    `exceptions[day]` is True for a weekend day that is worked (调休), False for a holiday. `years` are those whose
    arrangement has been announced; in another year the answer is a guess and `is_known` says so.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    @classmethod
    def of(cls, *, holidays: Iterable[date] = (), worked: Iterable[date] = (), years: Iterable[int] = ()) -> "Workdays":
        days = dict.fromkeys(holidays, False) | dict.fromkeys(worked, True)
        return cls(days, frozenset(years) | {day.year for day in days})

    def is_workday(self, day: date) -> bool:
        said = self.exceptions.get(day)
        return day.weekday() < 5 if said is None else said

    def is_known(self, first: date, last: date) -> bool:
        """Whether every year from first to last has been announced."""
        return all(year in self.years for year in range(first.year, last.year + 1))

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; the day itself for 0. Raises ValueError when count is negative."""
        if not 0 <= count <= MOST_DAYS:
            raise ValueError(f"not a number of days: {count}")
        while count:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days lie after `first`, up to and with `last`; 0 when last is not later."""
        return sum(self.is_workday(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


EVERY_WEEK = Workdays()
"""Monday to Friday and no holiday known."""


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a local day, as UTC."""
    return datetime.combine(day, LAST_SECOND, tzinfo=zone).astimezone(UTC)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, as UTC."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The day that an aware moment belongs to. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("a moment without a zone belongs to no day")
    return at.astimezone(zone).date()


def due_after(at: datetime, days: int, unit: str, *, zone: ZoneInfo, workdays: Workdays = EVERY_WEEK) -> datetime:
    """The moment (UTC) by which something that began `at` (aware) is due.

    `calendar`: the end of the local day `days` later, of the same day for 0. `working`: the end of the `days`-th
    working day after. `hours`: `days` hours later to the second. Raises ValueError for a naive moment, a negative
    number, one beyond a century, or an unknown unit.
    """
    if not 0 <= days <= MOST_DAYS:
        raise ValueError(f"not a number of days: {days}")
    first = local_day(at, zone)
    match unit:
        case "calendar":
            return end_of(first + timedelta(days=days), zone)
        case "working":
            return end_of(workdays.add(first, days), zone)
        case "hours":
            return at.astimezone(UTC) + timedelta(hours=days)
    raise ValueError(f"unknown unit {unit!r}; one of {', '.join(UNITS)}")


def shifted(due: datetime, days: int, unit: str, *, zone: ZoneInfo, workdays: Workdays = EVERY_WEEK) -> datetime:
    """A moment so long after a deadline, or before it when `days` is negative (a reminder the day before).

    After a deadline at the end of a day, one calendar day later is the end of the next day. Negative working days
    are counted backwards. Raises ValueError as `due_after` does.
    """
    if days >= 0 and unit != CALENDAR:
        return due_after(due, days, unit, zone=zone, workdays=workdays)
    if abs(days) > MOST_DAYS:
        raise ValueError(f"not a number of days: {days}")
    match unit:
        case "calendar":
            moved = due.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
            return moved.replace(tzinfo=zone).astimezone(UTC)
        case "hours":
            return due.astimezone(UTC) + timedelta(hours=days)
        case "working":
            here = due.astimezone(zone)
            day, left = here.date(), -days
            while left:
                day -= timedelta(days=1)
                left -= workdays.is_workday(day)
            return datetime.combine(day, here.time(), tzinfo=zone).astimezone(UTC)
    raise ValueError(f"unknown unit {unit!r}; one of {', '.join(UNITS)}")
