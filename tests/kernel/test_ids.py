"""Ids carry their own time; the month of a row never changes on a resend."""

import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qianan.kernel.ids import NIL, month_of, time_of, uuid7, uuid7_of, uuid_of
from tests.cast import MONDAY

TIMES = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))


@given(TIMES)
def test_a_uuid7_tells_its_time_to_the_millisecond(at: datetime) -> None:
    id = uuid7(at)

    assert (id.version, id.variant) == (7, uuid.RFC_4122)
    told = time_of(id)
    assert told is not None
    assert timedelta(0) <= at - told < timedelta(milliseconds=2)
    assert month_of(id) == told.year * 100 + told.month


def test_ids_of_later_times_sort_later() -> None:
    ids = [uuid7(MONDAY + timedelta(milliseconds=each)) for each in range(50)]

    assert ids == sorted(ids)
    assert len(set(ids)) == 50


def test_ids_without_a_time_go_to_the_default_month() -> None:
    assert month_of(uuid.uuid4()) == 0
    assert time_of(uuid.uuid4()) is None
    assert month_of(NIL) == 0


def test_a_uuid7_beyond_the_calendar_carries_no_time() -> None:
    far = uuid.UUID(int=(((1 << 48) - 1) << 80) | (0x7 << 76) | (0b10 << 62))

    assert far.version == 7
    assert time_of(far) is None
    assert month_of(far) == 0


def test_the_month_is_that_of_utc() -> None:
    midnight_in_beijing = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)

    assert month_of(uuid7(midnight_in_beijing)) == 202610


@given(st.text(), st.text(), TIMES)
def test_the_same_words_give_the_same_id_and_other_words_another(one: str, two: str, at: datetime) -> None:
    one_id, two_id = uuid7_of(one.encode("utf-8", "replace"), at), uuid7_of(two.encode("utf-8", "replace"), at)

    assert one_id == uuid7_of(one.encode("utf-8", "replace"), at)
    assert (one_id == two_id) == (one.encode("utf-8", "replace") == two.encode("utf-8", "replace"))
    assert one_id.version == 7


def test_words_are_kept_apart() -> None:
    assert uuid_of("a", "bc") != uuid_of("ab", "c")
    assert uuid_of("token", 7) == uuid_of("token", "7")
    assert uuid_of("x").version == 5


def test_ids_made_one_after_another_for_the_same_moment_keep_their_order() -> None:
    at = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
    ids = [uuid7(at) for _ in range(1000)]

    assert sorted(ids) == ids
    assert len(set(ids)) == 1000
