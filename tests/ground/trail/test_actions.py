"""An act and its entry stand or fall together."""

import uuid
from dataclasses import dataclass

import pytest
from django.db import IntegrityError, transaction

from qianan.ground.trail import actions, delivery, queries, sealing
from qianan.ground.trail.models import Entry, Ticket, Unsealed
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL, month_of, uuid7
from qianan.kernel.news import Event
from qianan.kernel.problems import NotFound, NotYours
from qianan.kernel.ref import Ref
from qianan.wiring import WIRING
from tests.cast import MONDAY, Street
from tests.ground.trail.news import CLOCK, KettleBoiled, kettle


@pytest.fixture
def kettle_is_heard():
    """Somebody listens to kettles."""

    def listen(entries, *, now):
        pass

    delivery.use({KettleBoiled: (listen,)})
    yield
    delivery.use(WIRING)


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_not_written_down() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        actions.record(kettle(), by=CLOCK, now=MONDAY)

    assert Entry.objects.count() == Unsealed.objects.count() == Ticket.objects.count() == 0


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_what_when_and_through_which_door(street: Street) -> None:
    wang = street.through("lao_wang", "phone")

    entry = actions.record(kettle(7, business=street.business.id, litres=2), by=wang, now=MONDAY)

    kept = Entry.objects.get(pk=entry.pk)
    assert (kept.news, kept.about, kept.place_code) == (
        "news.KettleBoiled",
        f"tests.kettle:{street.business.id}:k7",
        "110105001",
    )
    assert (kept.by, kept.seat, kept.via) == (wang.ref, wang.seat_ref, "phone")
    assert (kept.at, kept.month, kept.body) == (MONDAY, 202611, {"litres": 2, "note": ""})
    assert kept.hash == sealing.content_hash(kept)
    assert "王建国" not in f"{kept.by}{kept.seat}{kept.body}{kept.about}"


@pytest.mark.django_db
def test_news_that_nobody_hears_leaves_no_ticket(kettle_is_heard: None) -> None:
    heard, unheard = actions.record_many(
        [kettle(1), _Quiet(about=Ref.of("tests.kettle", None, "k2"))], by=CLOCK, now=MONDAY
    )

    assert list(Ticket.objects.values_list("id", flat=True)) == [heard.id]
    assert {mark.id for mark in Unsealed.objects.all()} == {heard.id, unheard.id}


@dataclass(frozen=True, kw_only=True)
class _Quiet(Event):
    silent = True


@pytest.mark.django_db
def test_an_act_that_is_undone_leaves_no_entry_no_mark_no_ticket(kettle_is_heard: None) -> None:
    with transaction.atomic():
        actions.record(kettle(), by=CLOCK, now=MONDAY)
        transaction.set_rollback(True)

    assert Entry.objects.count() == Unsealed.objects.count() == Ticket.objects.count() == 0


@pytest.mark.django_db
def test_many_acts_of_many_people_at_many_times_are_written_by_sets(django_assert_num_queries) -> None:
    days = [MONDAY.replace(day=day) for day in range(1, 21)]
    actors = [Actor.system("plant") if day.day % 2 else CLOCK for day in days]

    with django_assert_num_queries(2):
        entries = actions.record_many([kettle(n) for n in range(20)], by=actors, now=days)

    assert [entry.at for entry in entries] == days
    assert [entry.by for entry in entries] == [actor.ref for actor in actors]


@pytest.mark.django_db
def test_a_clients_id_is_the_key_and_writing_it_twice_is_refused() -> None:
    mine = uuid7(MONDAY)
    actions.record(kettle(), by=CLOCK, now=MONDAY, id=mine)

    with pytest.raises(IntegrityError), transaction.atomic():
        actions.record(kettle(litres=9), by=CLOCK, now=MONDAY, id=mine)

    assert queries.entry_of(NIL, mine).body["litres"] == 1
    assert queries.entry_of(uuid.uuid4(), mine) is None
    assert queries.entry_of(NIL, uuid7(MONDAY)) is None


@pytest.mark.django_db
def test_an_id_without_a_time_goes_to_the_default_month() -> None:
    entry = actions.record(kettle(), by=CLOCK, now=MONDAY, id=uuid.uuid4())

    assert entry.month == 0 == month_of(entry.id)
    assert queries.entry_of(NIL, entry.id) == entry


@dataclass(frozen=True, kw_only=True)
class _Weighed(Event):
    silent = True
    kilos: object


@pytest.mark.django_db
@pytest.mark.parametrize("fact", [1.5, {"a": 1}, b"bytes", (1, 2.5)])
def test_facts_that_would_not_come_back_as_they_went_in_are_refused(fact: object) -> None:
    with pytest.raises(TypeError, match="kilos"):
        actions.record(_Weighed(about=Ref.of("tests.kettle", None, "k1"), kilos=fact), by=CLOCK, now=MONDAY)

    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_what_happened_to_an_object_is_read_newest_first() -> None:
    first = actions.record(kettle(1), by=CLOCK, now=MONDAY)
    actions.record(kettle(2), by=CLOCK, now=MONDAY.replace(hour=2))
    third = actions.record(kettle(1), by=CLOCK, now=MONDAY.replace(hour=3))

    assert list(queries.entries_about(Ref.of("tests.kettle", None, "k1"))) == [third, first]
    assert [entry.at.hour for entry in queries.entries_of(NIL)] == [3, 2, 1]
    assert list(queries.news_since(MONDAY.replace(hour=3))) == [third]
    assert list(queries.news_since(MONDAY, names=["hazards.HazardReported"])) == []


@pytest.mark.django_db
def test_only_an_administrator_puts_poisoned_news_back(street: Street, kettle_is_heard: None) -> None:
    entry = actions.record(kettle(), by=CLOCK, now=MONDAY)
    Ticket.objects.update(state="poisoned", attempts=8)

    with pytest.raises(NotYours):
        actions.retry_ticket(NIL, entry.id, by=street.officer_li, now=MONDAY)
    assert list(queries.poisoned().values_list("id", "attempts")) == [(entry.id, 8)]

    actions.retry_ticket(NIL, entry.id, by=street.admin, now=MONDAY)
    assert list(Ticket.objects.values_list("state", "attempts")) == [("waiting", 0)]
    assert Entry.objects.order_by("-id").filter(news="trail.TicketRetried").count() == 1

    with pytest.raises(NotFound):
        actions.retry_ticket(NIL, entry.id, by=street.admin, now=MONDAY)
