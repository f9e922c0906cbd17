"""Time goes by, people come and go, promises are kept, moved, given more time: the ladder keeps its rules.

Short runs belong to every test run; `long` ones walk thousands of cities.
"""

import itertools
import random
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from qianan.ground.accounts.models import Seat
from qianan.ground.codebook import queries as codebook
from qianan.ground.trail.models import Entry
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid, NotNow
from qianan.kernel.ref import Ref
from qianan.registry.duties import queries
from qianan.registry.duties.actions import (
    NewDuty,
    ask_extension,
    cancel,
    decide_extension,
    discharge,
    escalate_overdue,
    open_duty,
    reassign,
)
from qianan.registry.duties.models import Climb, Duty, Extension
from tests.cast import MONDAY, Street

KINDS = (
    ("rectification", "general"),
    ("rectification", "major"),
    ("silence", ""),
    ("rating", ""),
    ("double_report", "workers"),
    ("instruction", ""),
)
PEOPLE = ("lao_wang", "sister_liu", "xiao_zhao", "officer_li", "chief_zhang", "director_sun", "ms_chen")


class Ladders(RuleBasedStateMachine):
    """A shop's promises and the people above it."""

    street: Street

    @initialize()
    def begin(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = MONDAY
        self.looked = MONDAY - timedelta(days=1)
        self.rungs: dict[tuple[object, datetime], int] = {}

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def some(self, chance: random.Random) -> Duty | None:
        open_ones = list(Duty.objects.filter(state="open").order_by("id"))
        return chance.choice(open_ones) if open_ones else None

    @rule(what=st.sampled_from(KINDS), days=st.one_of(st.none(), st.integers(-3, 40)))
    def something_is_promised(self, what: tuple[str, str], days: int | None) -> None:
        open_duty(
            NewDuty(
                business_id=self.street.business.id,
                kind=what[0],
                level=what[1],
                about=Ref("hazards.hazard", self.street.business.id, str(uuid7(self.now))),
                place_code=self.street.site.place_code,
                line="commerce",
                owner_post=self.street.posts["production"].id,
                due_at=None if days is None else self.now + timedelta(days=days),
            ),
            by=self.street.lao_wang,
            now=self.now,
        )

    @rule(hours=st.integers(1, 24 * 12), clocks=st.integers(1, 3))
    def time_goes_by_and_clocks_strike(self, hours: int, clocks: int) -> None:
        self.now += timedelta(hours=hours)
        before = Climb.objects.count()
        escalate_overdue(self.now)
        after = Climb.objects.count()
        for _ in range(clocks - 1):
            assert escalate_overdue(self.now) == 0
        assert Climb.objects.count() == after >= before
        self.looked = self.now

    @rule(chance=st.randoms(use_true_random=False), kept=st.booleans())
    def a_promise_ends(self, chance: random.Random, kept: bool) -> None:
        if duty := self.some(chance):
            about = Ref.parse(duty.about)
            if kept:
                discharge(about, duty.kind, by=self.street.xiao_zhao, now=self.now)
            else:
                cancel(about, duty.kind, reason="moved", by=self.street.lao_wang, now=self.now)

    @rule(chance=st.randoms(use_true_random=False), days=st.integers(-2, 60))
    def more_time_is_asked(self, chance: random.Random, days: int) -> None:
        if duty := self.some(chance):
            try:
                ask_extension(
                    duty, until=duty.due_at + timedelta(days=days), reason="等", by=self.street.sister_liu, now=self.now
                )
            except (Conflict, Invalid, NotNow):
                return

    @rule(chance=st.randoms(use_true_random=False), grant=st.booleans())
    def more_time_is_decided(self, chance: random.Random, grant: bool) -> None:
        asked = list(Extension.objects.filter(state="asked").order_by("id"))
        if asked:
            try:
                decide_extension(
                    chance.choice(asked), grant=grant, note="定了", by=self.street.officer_li, now=self.now
                )
            except NotNow:
                return

    @rule(chance=st.randoms(use_true_random=False), post=st.sampled_from(("worker", "principal", "production")))
    def it_goes_to_another_chair(self, chance: random.Random, post: str) -> None:
        if duty := self.some(chance):
            try:
                reassign(duty, to_post=self.street.posts[post].id, by=self.street.lao_wang, now=self.now)
            except Conflict:
                return

    @rule(who=st.sampled_from(PEOPLE), comes=st.booleans())
    def somebody_comes_or_goes(self, who: str, comes: bool) -> None:
        until = None if comes else self.now.date()
        Seat.objects.filter(person=self.street.people[who]).update(until=until)

    # -- what must hold ----------------------------------------------------------------------

    @invariant()
    def no_rung_twice_and_each_told_once(self) -> None:
        climbs = Counter(Climb.objects.values_list("duty_id", "rung", "due_at"))
        assert set(climbs.values()) <= {1}
        told = Entry.objects.filter(news__in=["duties.DutyEscalated", "duties.DutyFell", "duties.DutyReminded"])
        silent = Climb.objects.filter(rung=0, post=None).count()
        assert told.count() == Climb.objects.count() - silent

    @invariant()
    def an_open_promise_is_looked_at_or_at_the_top(self) -> None:
        for duty in Duty.objects.filter(state="open"):
            rungs = codebook.rungs_for(duty.kind, duty.level, on=codebook.local_day(duty.opened_at))
            if duty.next_climb_at is None:
                assert duty.rung == rungs[-1].rung
            elif duty.opened_at < self.looked and duty.next_climb_at <= self.looked:
                assert Extension.objects.filter(duty_id=duty.id, state="granted").exists()
            mine = Climb.objects.filter(duty_id=duty.id, due_at=duty.due_at)
            assert duty.rung == max([0, *mine.values_list("rung", flat=True)])

    @invariant()
    def what_ended_is_looked_at_no_more(self) -> None:
        assert not Duty.objects.exclude(state="open").filter(next_climb_at__isnull=False).exists()

    @invariant()
    def a_deadline_moves_later_and_by_grants_only(self) -> None:
        for duty in Duty.objects.all():
            granted = list(Extension.objects.filter(duty_id=duty.id, state="granted").order_by("decided_at", "id"))
            assert duty.extensions == len(granted)
            for earlier, later in itertools.pairwise(granted):
                assert later.was == max(earlier.until, earlier.was)
            if granted:
                assert duty.due_at == max(granted[-1].until, granted[-1].was)

    @invariant()
    def somebody_answers_while_anybody_sits_above(self) -> None:
        seated = Seat.objects.filter(until=None).exclude(person=self.street.people["officer_he"]).exists()
        chair = self.street.posts["production"].id
        found = queries.who([chair], on=codebook.local_day(self.now))[chair]
        if not found.answering:
            above = Seat.objects.filter(until=None, person__in=[self.street.people[who].id for who in PEOPLE[:6]])
            assert not above.exists(), seated


def run(street: Street, *, examples: int, steps: int) -> None:
    machine = type("LaddersOfTheStreet", (Ladders,), {"street": street})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_few_ladders_keep_the_rules(street: Street) -> None:
    run(street, examples=8, steps=15)


@pytest.mark.long
def test_thousands_of_ladders_keep_the_rules(street: Street) -> None:
    run(street, examples=3000, steps=50)
