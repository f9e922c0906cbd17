"""The street on a Monday morning, with a program for everybody."""

import pytest

from qianan.doors.kit import now
from tests.cast import MONDAY, Street
from tests.doors.api.client import Programs


@pytest.fixture
def api(street: Street) -> Programs:
    now.turn_to(MONDAY)
    return Programs(street)
