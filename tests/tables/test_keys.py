"""The business leads every key; the month follows from the id."""

import uuid

import pytest

from qianan.ground.trail.models import Entry, Ticket
from qianan.kernel.ids import NIL, month_of, uuid7
from tests.cast import MONDAY


def test_the_month_is_read_from_the_id() -> None:
    assert Ticket(id=uuid7(MONDAY)).month == 202611
    assert Ticket(id=uuid.uuid4()).month == 0


def test_a_row_without_an_id_gets_one_and_its_month() -> None:
    row = Ticket()

    assert row.id.version == 7
    assert row.month == month_of(row.id)


def test_the_citys_own_rows_carry_the_nil_id() -> None:
    assert Entry().business_id == NIL


@pytest.mark.django_db
def test_a_row_read_back_keeps_the_month_it_was_kept_with() -> None:
    Entry.objects.create(id=uuid7(MONDAY), month=0, at=MONDAY)

    assert Entry.objects.get().month == 0
