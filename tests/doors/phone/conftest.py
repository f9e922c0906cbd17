"""A Monday at nine: the checks of the day are owed, the doors' clock stands."""

import pytest

from qianan.field.selfchecks import actions as selfchecks
from qianan.registry.checklists import queries as checklists
from tests.cast import MONDAY, Street

DAILY = "restaurant-daily"


@pytest.fixture
def monday(street: Street, turn_the_clock) -> Street:
    turn_the_clock(to=MONDAY)
    selfchecks.make_occurrences(MONDAY.date(), now=MONDAY)
    return street


@pytest.fixture
def daily() -> object:
    return checklists.current(DAILY)
