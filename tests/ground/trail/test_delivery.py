"""News travels: leased, retried, set aside, never lost, never doubled."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

import pytest
from django.db import transaction

from qianan.ground.trail import actions, delivery, queries
from qianan.ground.trail.models import Entry, Ticket
from qianan.kernel.ids import NIL, uuid7
from qianan.wiring import WIRING
from tests.cast import MONDAY
from tests.ground.trail.news import CLOCK, KettleBoiled, KettleCooled, kettle

pytestmark = pytest.mark.django_db


class Ear:
    """A listener that keeps what it hears; fails on the kettles in `deaf_to`."""

    __module__ = "tests"

    def __init__(self, name: str = "ear") -> None:
        self.__qualname__ = name
        self.heard: list[list[str]] = []
        self.deaf_to: set[str] = set()
        self.says: list = []

    def __call__(self, entries, *, now) -> None:
        kettles = [entry.about.rsplit(":", 1)[1] for entry in entries]
        if self.deaf_to & set(kettles):
            raise ValueError(f"too hot: {sorted(self.deaf_to & set(kettles))}")
        self.heard.append(kettles)
        if self.says:
            actions.record_many(self.says, by=CLOCK, now=now)
            self.says = []


@pytest.fixture
def ear() -> Iterator[Ear]:
    one = Ear()
    delivery.use({KettleBoiled: (one,)})
    yield one
    delivery.use(WIRING)


def boil(*numbers: int, now=MONDAY) -> list[Entry]:
    return actions.record_many([kettle(number) for number in numbers], by=CLOCK, now=now)


def test_what_is_served_leaves_the_queue(ear: Ear) -> None:
    boil(1, 2, 3)

    assert delivery.work_all(MONDAY) == 3

    assert [sorted(some) for some in ear.heard] == [["k1", "k2", "k3"]]
    assert Ticket.objects.count() == 0
    assert Entry.objects.count() == 3


def test_a_worker_takes_some_at_a_time_in_the_order_of_the_acts(ear: Ear) -> None:
    for number in range(5):
        boil(number, now=MONDAY + timedelta(minutes=number))

    taken = [delivery.work(MONDAY + timedelta(hours=1), limit=2) for _ in range(4)]

    assert taken == [2, 2, 1, 0]
    assert ear.heard == [["k0", "k1"], ["k2", "k3"], ["k4"]]


def test_news_of_tomorrow_waits_for_tomorrow(ear: Ear) -> None:
    boil(1, now=MONDAY + timedelta(days=1))

    assert delivery.work_all(MONDAY) == 0
    assert delivery.work_all(MONDAY + timedelta(days=1)) == 1


def test_one_bad_entry_does_not_hold_up_the_others(ear: Ear) -> None:
    ear.deaf_to = {"k2"}
    boil(1, 2, 3)

    delivery.work(MONDAY)

    assert sorted(chain.from_iterable(ear.heard)) == ["k1", "k3"]
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.attempts, ticket.leased_by, ticket.leased_until) == ("waiting", 1, "", None)
    assert "too hot: ['k2']" in ticket.last_failure
    assert ticket.run_at == MONDAY + timedelta(seconds=10)


def test_a_failure_is_tried_again_later_and_later_then_set_aside_and_shown(ear: Ear) -> None:
    ear.deaf_to = {"k1"}
    (entry,) = boil(1)
    rests, now = [], MONDAY

    while Ticket.objects.filter(state="waiting").exists():
        assert delivery.work(now) == 1
        assert delivery.work(now) == 0
        run_at = Ticket.objects.get().run_at
        rests.append((run_at - now).total_seconds())
        now = run_at

    assert rests == [10, 20, 40, 80, 160, 320, 640, 1280]
    assert delivery.work_all(now + timedelta(days=30)) == 0
    assert [(ticket.id, ticket.attempts) for ticket in queries.poisoned()] == [(entry.id, 8)]
    health = queries.queue_health()
    assert (health.waiting, health.poisoned, health.oldest, health.unsealed) == (0, 1, None, 1)


def test_what_was_set_aside_is_served_after_a_retry(ear: Ear) -> None:
    (entry,) = boil(1)
    Ticket.objects.update(state="poisoned", attempts=8, last_failure="too hot")

    assert delivery.retry(NIL, entry.id, now=MONDAY)
    assert not delivery.retry(NIL, uuid7(MONDAY), now=MONDAY)
    assert delivery.work_all(MONDAY) == 1

    assert ear.heard == [["k1"]]
    assert Ticket.objects.count() == 0


def test_back_off_never_passes_an_hour() -> None:
    assert delivery.back_off(1) == timedelta(seconds=10)
    assert delivery.back_off(30_000) == timedelta(hours=1)


def test_a_leased_ticket_is_nobody_elses_until_its_lease_ends(ear: Ear) -> None:
    boil(1)
    mine = delivery._lease(MONDAY, 10)
    assert len(mine) == 1

    assert delivery.work(MONDAY + delivery.LEASE - timedelta(seconds=1)) == 0
    assert delivery.work(MONDAY + delivery.LEASE) == 1

    assert ear.heard == [["k1"]]
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize("served", [True, False])
def test_a_worker_that_lost_its_lease_does_not_touch_the_ticket(ear: Ear, monkeypatch, served: bool) -> None:
    def slowly(news, name, tickets, entries, now):
        Ticket.objects.update(leased_by="another")
        tickets[0].todo = [] if served else tickets[0].todo

    boil(1)
    monkeypatch.setattr(delivery, "_serve", slowly)

    assert delivery.work(MONDAY) == 1

    ticket = Ticket.objects.get()
    assert (ticket.leased_by, ticket.leased_until) == ("another", MONDAY + delivery.LEASE)


def test_a_ticket_whose_worker_dies_each_time_is_set_aside(ear: Ear) -> None:
    boil(1)
    now = MONDAY
    for _ in range(delivery.TRIES):
        assert len(delivery._lease(now, 10)) == 1  # and the worker is never heard of again
        now += delivery.LEASE

    assert delivery.work(now) == 0

    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.last_failure) == ("poisoned", "its worker died each time")
    assert ear.heard == []


def test_only_the_listener_that_failed_is_called_again() -> None:
    good, bad = Ear("good"), Ear("bad")
    bad.deaf_to = {"k1"}
    delivery.use({KettleBoiled: (good, bad)})
    try:
        boil(1)
        delivery.work(MONDAY)
        assert Ticket.objects.get().todo == ["tests.bad"]
        bad.deaf_to = set()
        delivery.work_all(MONDAY + timedelta(minutes=1))
    finally:
        delivery.use(WIRING)

    assert (good.heard, bad.heard) == ([["k1"]], [["k1"]])
    assert Ticket.objects.count() == 0


def test_a_listener_that_failed_half_way_leaves_nothing_behind(ear: Ear) -> None:
    def half(entries, *, now):
        actions.record(KettleCooled(about=kettle(9).about), by=CLOCK, now=now)
        raise ValueError("half way")

    half.__qualname__, half.__module__ = "ear", "tests"
    delivery.use({KettleBoiled: (half,)})
    boil(1)

    delivery.work(MONDAY)

    assert list(Entry.objects.values_list("news", flat=True)) == ["news.KettleBoiled"]


def test_news_that_listeners_cause_travels_too(ear: Ear) -> None:
    ear.says = [kettle(2)]
    boil(1)

    assert delivery.work_all(MONDAY) == 2
    assert ear.heard == [["k1"], ["k2"]]


def test_a_listener_that_is_no_longer_wired_is_owed_nothing(ear: Ear) -> None:
    boil(1)
    delivery.use({})

    assert delivery.work_all(MONDAY) == 1
    assert Ticket.objects.count() == 0


def test_the_same_id_in_two_businesses_are_two_acts(ear: Ear) -> None:
    same, other = uuid7(MONDAY), uuid7(MONDAY)
    with transaction.atomic():
        actions.record(kettle(1), by=CLOCK, now=MONDAY, id=same)
        actions.record(kettle(2, business=other), by=CLOCK, now=MONDAY, id=same)

    delivery.work(MONDAY, limit=1)

    assert len(ear.heard) == 1
    assert Ticket.objects.count() == 1
    delivery.work(MONDAY)
    assert sorted(chain.from_iterable(ear.heard)) == ["k1", "k2"]
