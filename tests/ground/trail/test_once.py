"""The same act sent twice is done once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from qianan.ground.trail.models import Answer
from qianan.ground.trail.once import KEPT, forget_answers, once
from qianan.kernel.ids import uuid_of
from qianan.kernel.problems import Conflict, NotNow
from tests.cast import MONDAY

MINE, OTHER = uuid_of("key", 1), uuid_of("key", 2)


class Bell:
    def __init__(self) -> None:
        self.rung = 0

    def __call__(self) -> tuple[int, str]:
        self.rung += 1
        return 201, f'{{"rung": {self.rung}}}'


@pytest.mark.django_db
def test_the_same_again_gets_the_same_answer() -> None:
    bell = Bell()

    assert once(MINE, "a" * 64, bell, now=MONDAY) == ((201, '{"rung": 1}'), False)
    assert once(MINE, "a" * 64, bell, now=MONDAY) == ((201, '{"rung": 1}'), True)
    assert once(OTHER, "a" * 64, bell, now=MONDAY) == ((201, '{"rung": 2}'), False)
    assert bell.rung == 2


@pytest.mark.django_db
def test_the_same_key_with_other_content_is_a_conflict_and_does_nothing() -> None:
    bell = Bell()
    once(MINE, "a" * 64, bell, now=MONDAY)

    with pytest.raises(Conflict) as refused:
        once(MINE, "b" * 64, bell, now=MONDAY)

    assert refused.value.code == "key_used_otherwise"
    assert bell.rung == 1


@pytest.mark.django_db
def test_what_was_refused_may_be_tried_again() -> None:
    bell, closed = Bell(), True

    def do() -> tuple[int, str]:
        if closed:
            raise NotNow("not_now")
        return bell()

    with pytest.raises(NotNow):
        once(MINE, "a" * 64, do, now=MONDAY)
    assert Answer.objects.count() == 0

    closed = False
    assert once(MINE, "a" * 64, do, now=MONDAY) == ((201, '{"rung": 1}'), False)


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_month() -> None:
    once(MINE, "a" * 64, Bell(), now=MONDAY)

    assert forget_answers(MONDAY + KEPT) == 0
    assert forget_answers(MONDAY + KEPT + timedelta(seconds=1)) == 1


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_the_second_waits_for_the_first() -> None:
    bell, inside, go_on, answers = Bell(), threading.Event(), threading.Event(), []

    def slowly() -> tuple[int, str]:
        inside.set()
        assert go_on.wait(20)
        return bell()

    def first() -> None:
        answers.append(once(MINE, "a" * 64, slowly, now=MONDAY))
        connection.close()

    def second() -> None:
        answers.append(once(MINE, "a" * 64, bell, now=MONDAY))
        connection.close()

    one = threading.Thread(target=first)
    one.start()
    assert inside.wait(20)
    two = threading.Thread(target=second)
    two.start()
    two.join(0.3)
    assert answers == []
    go_on.set()
    one.join(20)
    two.join(20)

    assert sorted(answers) == [((201, '{"rung": 1}'), False), ((201, '{"rung": 1}'), True)]
