"""A street at work: a check missed, hazards at several stages, so that every page of the desk has something to show."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from qianan.field.hazards import actions as hazards
from qianan.field.selfchecks import actions as selfchecks
from qianan.kernel.actor import Actor
from tests.cast import MONDAY, Street

WEDNESDAY = MONDAY + timedelta(days=9)


@dataclass
class Busy:
    """The street, what was found in it, and the day on which it is looked at."""

    street: Street
    general: Any
    major: Any
    unrated: Any
    today: datetime

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["street"], name)


@pytest.fixture
def busy(street: Street, turn_the_clock: Callable[..., datetime]) -> Busy:
    """The checks of a week were owed and missed; on Wednesday three hazards stand: general, major, not rated."""
    selfchecks.make_occurrences(date(2026, 11, 2), now=MONDAY)
    general, unrated = hazards.report_hazards(
        [
            hazards.NewHazard(
                site=street.site, text="软管超长,中间有接头", where="后厨", origin_kind="manager", level="general"
            ),
            hazards.NewHazard(site=street.site, text="灭火器压力不足", where="前厅", origin_kind="worker"),
        ],
        by=street.sister_liu,
        now=MONDAY,
    )
    major = hazards.report_hazard(
        hazards.NewHazard(site=street.site, text="疏散楼梯间改作库房", where="二层", origin_kind="officer"),
        by=street.officer_li,
        now=MONDAY,
    )
    hazards.rate(major, level="major", criterion=a_criterion(), reason="看过了", by=street.officer_li, now=MONDAY)
    selfchecks.miss_overdue(WEDNESDAY)
    turn_the_clock(to=WEDNESDAY)
    return Busy(street, general, major, unrated, WEDNESDAY)


def a_criterion() -> str:
    from qianan.ground.codebook import queries as codebook

    return codebook.criteria_in_force(MONDAY.date())[0].code


def the_clock(door: str = "clock") -> Actor:
    return Actor.system(door)
