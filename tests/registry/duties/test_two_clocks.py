"""Two clocks strike at the same second on two connections: each rung is told once, whatever the database."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections

from qianan.ground.trail.models import Entry
from qianan.kernel.ids import uuid7
from qianan.kernel.ref import Ref
from qianan.registry.duties.actions import NewDuty, escalate_overdue, open_duties
from qianan.registry.duties.models import Climb
from tests import basis, cast
from tests.cast import MONDAY


@pytest.mark.django_db(transaction=True)
def test_four_clocks_share_the_work() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the embedded database has one writer; the race is played by hand in test_ladder.py")
    basis.lay()
    street = cast.gather()
    open_duties(
        [
            NewDuty(
                business_id=street.business.id,
                kind="rectification",
                about=Ref("hazards.hazard", street.business.id, str(uuid7(MONDAY))),
                place_code=street.site.place_code,
                level="general",
            )
            for _ in range(300)
        ],
        by=street.lao_wang,
        now=MONDAY,
    )
    start, climbed = threading.Barrier(4), list[int]()

    def clock() -> None:
        start.wait()
        try:
            climbed.append(escalate_overdue(MONDAY + timedelta(days=30)))
        finally:
            connections.close_all()

    clocks = [threading.Thread(target=clock) for _ in range(4)]
    for each in clocks:
        each.start()
    for each in clocks:
        each.join()
    climbed.append(escalate_overdue(MONDAY + timedelta(days=30)))

    assert sum(climbed) == 4 * 300
    assert set(Counter(Climb.objects.values_list("duty_id", "rung")).values()) == {1}
    told = Entry.objects.filter(news__in=["duties.DutyEscalated", "duties.DutyReminded"])
    assert set(Counter(told.values_list("about", "body__rung")).values()) == {1}
    assert told.count() == 4 * 300
