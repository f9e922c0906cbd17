"""Several workers and several people at once (on PostgreSQL; the embedded test database takes one at a time)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection, connections

from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts.derived import code_of
from qianan.ground.accounts.models import OneTimeCode, Seat
from qianan.ground.notices import actions
from qianan.ground.notices.actions import Letter
from qianan.ground.notices.models import Attempt
from qianan.ground.notices.wire import MemoryWire
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Conflict
from tests.cast import MONDAY, Street
from tests.ground.notices.conftest import HOUSE

T = TypeVar("T")
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(jobs: list[Callable[[], T]]) -> list[T | Exception]:
    """Run these at the same time (on PostgreSQL), each with a connection of its own."""

    def run(job: Callable[[], T]) -> T | Exception:
        try:
            return job()
        except Exception as failure:
            return failure
        finally:
            if connection.vendor != "sqlite":
                connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [run(job) for job in jobs] if connection.vendor == "sqlite" else list(pool.map(run, jobs))


def test_many_workers_send_each_message_once(street: Street, letter: Callable[..., Letter], sent: MemoryWire) -> None:
    people = ["lao_wang", "xiao_zhao", "sister_liu", "boss_qian", "officer_li", "officer_he"]
    actions.write([letter(who) for who in people], by=HOUSE, now=MONDAY)

    counts = at_once([lambda: actions.deliver_due(MONDAY) for _ in range(6)])

    while actions.deliver_due(MONDAY):  # what a worker passed over because another held it
        pass
    assert all(isinstance(count, int) for count in counts), counts
    assert len(sent.shown) == len(people)
    assert sorted(Attempt.objects.values_list("state", "tries")) == [("sent", 1)] * len(people)


def test_the_same_news_told_by_many_listeners_is_one_letter(street: Street, letter: Callable[..., Letter]) -> None:
    at_once([lambda: actions.write([letter("lao_wang")], by=HOUSE, now=MONDAY) for _ in range(6)])

    actions.deliver_due(MONDAY)
    assert len(Attempt.objects.get().notices) == 1


def test_an_invitation_is_taken_by_one_of_many(street: Street) -> None:
    _, secret = accounts.invite(role="principal", business_id=street.business.id, by=Actor.system("setup"), now=MONDAY)

    def take(who: str) -> Seat:
        return accounts.use_invitation(secret, person=street.people[who], by=street.actors[who], now=MONDAY)

    found = at_once([lambda who=who: take(who) for who in ("stranger", "boss_qian", "officer_he", "ms_chen")])

    assert [type(each) for each in found].count(Seat) == 1
    assert [each for each in found if isinstance(each, Exception)] == [Conflict("invitation_used")] * 3
    assert Seat.objects.filter(business_id=street.business.id, role="principal").count() == 2


def test_the_same_seat_asked_for_at_once_is_one_seat(street: Street) -> None:
    def take() -> Seat:
        return accounts.take_seat(
            street.people["stranger"], role="worker", business_id=street.business.id, by=street.lao_wang, now=MONDAY
        )

    found = at_once([take] * 5)

    assert len({seat.id for seat in found if isinstance(seat, Seat)}) == 1, found
    assert Seat.objects.filter(person=street.people["stranger"]).count() == 1


def test_guessing_in_parallel_gives_no_more_tries(street: Street) -> None:
    accounts.send_code("lao_wang", by=Actor(person=None, door="kit"), now=MONDAY)
    right = code_of(OneTimeCode.objects.get().id)
    wrong = f"{(int(right) + 1) % 10**6:06}"

    at_once([lambda: accounts.check_code("lao_wang", wrong, now=MONDAY) for _ in range(12)])

    assert OneTimeCode.objects.get().tries == 5


def test_a_right_code_lets_in_once(street: Street) -> None:
    accounts.send_code("lao_wang", by=Actor(person=None, door="kit"), now=MONDAY)
    right = code_of(OneTimeCode.objects.get().id)

    found = at_once([lambda: accounts.check_code("lao_wang", right, now=MONDAY) for _ in range(5)])

    assert found.count(street.people["lao_wang"]) == 1
