"""By when, and who is told when it is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from qianan.ground.codebook.models import CalendarDay, Deadline, Rung
from qianan.ground.codebook.queries.shelf import by_code, held, in_force, newest, stretch, table
from qianan.kernel.problems import NotFound
from qianan.methods import deadlines as method
from qianan.methods.deadlines import Workdays

ANY = "any"


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline with its birth certificate. `at` is UTC; `code` the row of `deadlines` it came from.

    `calendar_known` is False when working days were counted through a year whose holidays are not announced yet.
    """

    at: datetime
    code: str
    days: int
    unit: str
    verified: bool
    source: str = ""
    edition: str = ""
    basis_zh: str = ""
    basis_en: str = ""
    calendar_known: bool = True


def instance_zone() -> ZoneInfo:
    """The zone that days, weeks and deadlines belong to (a setting)."""
    zone = timezone.get_default_timezone()
    if not isinstance(zone, ZoneInfo):
        raise TypeError("TIME_ZONE must name a zone of the tz database")
    return zone


def local_day(at: datetime) -> date:
    """The instance's day that a moment belongs to."""
    return method.local_day(at, instance_zone())


def deadline_for(applies_to: str, level: str, *, on: date) -> Deadline:
    """How long this kind of duty may take at this level; the row for "any" level when it has none of its own.

    Raises NotFound("no_deadline") when no row is in force on the day.
    """
    rows = held("deadlines", lambda: _grouped(table(Deadline), "applies_to", "level"))
    for each in (level, ANY):
        if row := newest(in_force(rows.get((applies_to, each), ()), on)):
            return row
    raise NotFound("no_deadline", kind=applies_to, level=level, day=on.isoformat())


def deadline_row(code: str) -> Deadline | None:
    """The row that once gave a duty its days, in force or not: for its words and its mark."""
    return by_code(Deadline).get(code)


def due_from(applies_to: str, level: str, *, at: datetime) -> Due:
    """When something of this kind and level that begins `at` is due: the row of that day, counted from that day.

    Raises NotFound("no_deadline").
    """
    zone = instance_zone()
    first = method.local_day(at, zone)
    row = deadline_for(applies_to, level, on=first)
    days = workdays()
    moment = method.due_after(at, row.days, row.unit, zone=zone, workdays=days)
    known = row.unit != method.WORKING or days.is_known(first, method.local_day(moment, zone))
    return Due(
        at=moment,
        code=row.code,
        days=row.days,
        unit=row.unit,
        verified=row.verified,
        source=row.source,
        edition=row.edition,
        basis_zh=row.basis_zh,
        basis_en=row.basis_en,
        calendar_known=known,
    )


def rungs_for(duty_kind: str, level: str, *, on: date) -> list[Rung]:
    """The ladder of this kind and level, lowest rung first; of "any" level when it has none of its own.

    Empty when nothing is said about this kind: then nobody is told.
    """
    return held(("rungs", duty_kind, level, stretch(Rung, on)), lambda: _rungs(duty_kind, level, on))


def _rungs(duty_kind: str, level: str, on: date) -> list[Rung]:
    rows = [row for row in in_force(table(Rung), on) if row.duty_kind == duty_kind]
    for each in (level, ANY):
        found: dict[int, list[Rung]] = {}
        for row in rows:
            if row.level == each:
                found.setdefault(row.rung, []).append(row)
        if found:
            return [best for rung in sorted(found) if (best := newest(found[rung]))]
    return []


def climb_at(rung: Rung, *, due_at: datetime) -> datetime:
    """The moment (UTC) at which a rung is told about a duty that was due `due_at`; before it for a reminder."""
    return method.shifted(due_at, rung.after_days, rung.unit, zone=instance_zone(), workdays=workdays())


def workdays() -> Workdays:
    """The working calendar: the exceptions to Monday-to-Friday, and the years that are announced (verified)."""
    return held("workdays", _workdays)


def _workdays() -> Workdays:
    rows = table(CalendarDay)
    exceptions = {row.day: row.is_workday for row in rows}
    return Workdays(exceptions, frozenset(row.day.year for row in rows if row.verified))


def is_workday(day: date) -> bool:
    return workdays().is_workday(day)


def add_workdays(day: date, n: int) -> date:
    """The n-th working day after `day`; the day itself for 0. Raises ValueError for a negative number."""
    return workdays().add(day, n)


def calendar_day(day: date) -> CalendarDay | None:
    """The row that says this day is a holiday or a worked weekend day; None on an ordinary day."""
    return held("calendar by day", lambda: {row.day: row for row in table(CalendarDay)}).get(day)


def calendar_is_announced(year: int) -> bool:
    """Whether the year's holidays were announced; if not, working days in it are a guess and pages say so."""
    return year in workdays().years


def _grouped(rows: Iterable[Deadline], *names: str) -> dict[tuple[str, ...], list[Deadline]]:
    found: dict[tuple[str, ...], list[Deadline]] = {}
    for row in rows:
        found.setdefault(tuple(getattr(row, name) for name in names), []).append(row)
    return found
