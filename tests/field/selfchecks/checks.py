"""What stories of self-checks need: a list filled in, a day begun, a day over."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from qianan.field.selfchecks.actions import Handed, make_occurrences, miss_overdue
from qianan.field.selfchecks.models import Occurrence, Standing
from qianan.kernel.ids import uuid7
from qianan.registry.businesses.models import Site
from qianan.registry.checklists import queries as checklists
from tests.cast import MONDAY, Street

DAILY, FULL = "restaurant-daily", "restaurant-full"
TODAY = date(2026, 11, 2)
SUNDAY = date(2026, 11, 8)
SUNDAY_EVENING = MONDAY + timedelta(days=6, hours=11)
"""Sunday at eight in the evening in Beijing: when the week's check is due."""


def answers(code: str = DAILY, **changes: Any) -> dict[str, Any]:
    """Everything passes, but for what is said otherwise (`restaurant_05={"a": "f", "note": "…"}`)."""
    said = {name.replace("_", "-"): value for name, value in changes.items()}
    edition = checklists.edition(f"{code}@1")
    asked = [item for item in edition.items if item.answer == "select" and not item.repeat and item.relevant is None]
    return {item.code: said.get(item.code, "p") for item in asked}


def a_check(street: Street, at: datetime = MONDAY, code: str = DAILY, **facts: Any) -> Handed:
    """A check of Lao Wang's noodle shop, filled in three minutes before `at`."""
    given: dict[str, Any] = {
        "id": uuid7(at),
        "business_id": street.business.id,
        "site_id": street.site.id,
        "version_id": f"{code}@1",
        "answers": answers(code),
        "started_at": at - timedelta(minutes=3),
        "ended_at": at,
        "sent_at": at,
    }
    return Handed(**(given | facts))


def begin(street: Street, day: date = TODAY, now: datetime = MONDAY) -> int:
    return make_occurrences(day, now=now, sites=[street.site])


def let_it_be_missed(street: Street, times: int = 1) -> datetime:
    """The weekly check is missed so many weeks in a row; gives the hour at which the last was."""
    now = MONDAY
    for week in range(times):
        day = TODAY + timedelta(weeks=week)
        begin(street, day, MONDAY + timedelta(weeks=week))
        now = SUNDAY_EVENING + timedelta(weeks=week, hours=24)
        miss_overdue(now)
    return now


def states(site: Site, code: str = DAILY) -> list[tuple[date, str]]:
    rows = Occurrence.objects.filter(site_id=site.id, checklist=code).order_by("due_day")
    return list(rows.values_list("due_day", "state"))


def standing(site: Site, code: str = DAILY) -> Standing:
    return Standing.objects.get(site_id=site.id, checklist=code)


def answered_by(site: Site, code: str = DAILY) -> UUID | None:
    return Occurrence.objects.get(site_id=site.id, checklist=code).submission_id
