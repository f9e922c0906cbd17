"""The clock seals what is new; writers wait for nobody."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from qianan.ground.trail import actions, queries, sealing
from qianan.ground.trail.models import Head, Seal, Unsealed
from qianan.ground.trail.verification import verify
from qianan.kernel.ids import uuid7
from tests.cast import MONDAY
from tests.ground.trail.news import CLOCK, kettle


@pytest.mark.django_db
def test_each_district_has_its_own_chain_and_the_city_has_one() -> None:
    actions.record_many(
        [kettle(1), kettle(2, place="110105002"), kettle(3, place="110108001"), kettle(4, place="")],
        by=CLOCK,
        now=MONDAY,
    )

    assert sealing.seal_some(MONDAY) == 4

    assert list(Seal.objects.order_by("chain").values_list("chain", "number", "count", "previous")) == [
        ("110105", 1, 2, sealing.GENESIS),
        ("110108", 1, 1, sealing.GENESIS),
        ("city", 1, 1, sealing.GENESIS),
    ]
    assert Unsealed.objects.count() == 0


@pytest.mark.django_db
def test_each_link_holds_the_one_before() -> None:
    for number in range(3):
        actions.record(kettle(number), by=CLOCK, now=MONDAY)
        sealing.seal_some(MONDAY + timedelta(seconds=2 * number))

    links = list(Seal.objects.order_by("number"))
    assert [link.previous for link in links] == [sealing.GENESIS, links[0].digest, links[1].digest]


@pytest.mark.django_db
def test_a_pass_with_nothing_new_writes_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert sealing.seal_some(MONDAY) == 0

    assert Seal.objects.count() == Head.objects.count() == 0


@pytest.mark.django_db
def test_a_pass_takes_so_many_and_the_next_takes_the_rest(monkeypatch) -> None:
    monkeypatch.setattr(sealing, "LIMIT", 3)
    actions.record_many([kettle(number) for number in range(7)], by=CLOCK, now=MONDAY)

    assert [sealing.seal_some(MONDAY) for _ in range(4)] == [3, 3, 1, 0]
    assert verify().good


@pytest.mark.django_db
def test_todays_head_moves_on_and_yesterdays_stays() -> None:
    for hours in (0, 1, 24, 25):
        actions.record(kettle(hours), by=CLOCK, now=MONDAY + timedelta(hours=hours))
        sealing.seal_some(MONDAY + timedelta(hours=hours))

    assert [(head.day.isoformat(), head.number) for head in Head.objects.order_by("day")] == [
        ("2026-11-02", 2),
        ("2026-11-03", 4),
    ]
    assert verify().good


@pytest.mark.django_db
def test_the_day_of_a_head_is_the_citys_day() -> None:
    late = MONDAY.replace(hour=17)  # one in the morning of Tuesday in Beijing
    actions.record(kettle(), by=CLOCK, now=late)
    sealing.seal_some(late)

    assert Head.objects.get().day.isoformat() == "2026-11-03"


@pytest.mark.django_db
def test_an_undone_sealing_leaves_its_entries_for_the_next(settings, tmp_path) -> None:
    actions.record(kettle(), by=CLOCK, now=MONDAY)
    settings.QIANAN_KEYS = tmp_path
    sealing.key_path().write_bytes(b"not a key")

    with pytest.raises(ValueError), transaction.atomic():
        sealing.seal_some(MONDAY)

    assert (Unsealed.objects.count(), Seal.objects.count()) == (1, 0)
    sealing.key_path().unlink()
    assert sealing.seal_some(MONDAY) == 1


# -- several at once, on PostgreSQL (SQLite has one writer) ------------------------------


def in_another_connection(do) -> threading.Thread:
    def run() -> None:
        try:
            do()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


needs_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_an_entry_committed_after_a_later_one_was_sealed_is_still_sealed() -> None:
    written, go_on = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            actions.record(kettle(1), by=CLOCK, now=MONDAY)
            written.set()
            assert go_on.wait(20)

    writer = in_another_connection(slow_writer)
    assert written.wait(20)
    with transaction.atomic():
        actions.record(kettle(2), by=CLOCK, now=MONDAY + timedelta(seconds=1))

    assert sealing.seal_some(MONDAY + timedelta(seconds=2)) == 1
    go_on.set()
    writer.join(20)
    assert Unsealed.objects.count() == 1
    assert sealing.seal_some(MONDAY + timedelta(seconds=4)) == 1

    report = verify()
    assert (report.good, report.entries, report.unsealed) == (True, 2, 0)


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_sealers_one_goes_home() -> None:
    with transaction.atomic():
        actions.record_many([kettle(number) for number in range(20)], by=CLOCK, now=MONDAY)
    with transaction.atomic():
        assert sealing._alone()
        results: list[int] = []
        in_another_connection(lambda: results.append(sealing.seal_some(MONDAY))).join(20)
    assert results == [0]

    assert sealing.seal_some(MONDAY) == 20
    assert verify().good


@needs_postgres
@pytest.mark.django_db(transaction=True)
def test_writers_and_sealers_at_once_leave_a_good_trail() -> None:
    stop = threading.Event()

    def write() -> None:
        for number in range(40):
            with transaction.atomic():
                actions.record(kettle(number, business=uuid7(MONDAY)), by=CLOCK, now=MONDAY)

    def seal() -> None:
        while not stop.is_set():
            sealing.seal_some(MONDAY)

    sealing.signing_key()
    sealers = [in_another_connection(seal) for _ in range(2)]
    writers = [in_another_connection(write) for _ in range(3)]
    while any(writer.is_alive() for writer in writers):
        assert verify().faults == []
    for writer in writers:
        writer.join(60)
    stop.set()
    for sealer in sealers:
        sealer.join(60)
    sealing.seal_all(MONDAY)

    report = verify()
    assert (report.faults, report.entries, report.unsealed) == ([], 120, 0)


@pytest.mark.django_db
def test_how_each_chain_stands_is_told_in_a_few_queries(django_assert_num_queries) -> None:
    for number in range(2):
        actions.record_many([kettle(number), kettle(9, place="")], by=CLOCK, now=MONDAY)
        sealing.seal_some(MONDAY + timedelta(days=number))
    Head.objects.filter(chain="city", number=2).update(digest="0" * 64)

    with django_assert_num_queries(4):
        district, city = queries.chains()

    assert (district.chain, district.seals, district.entries, district.signed) == ("110105", 2, 2, True)
    assert (district.last_at, district.head_day.isoformat()) == (MONDAY + timedelta(days=1), "2026-11-03")
    assert (city.chain, city.signed) == ("city", False)


@pytest.mark.django_db
def test_before_the_first_act_there_are_no_chains_and_no_key() -> None:
    assert queries.chains() == []
    assert not sealing.key_path().exists()
