"""Anybody does anything at any hour: what must hold of a hazard holds after every step.

Short runs belong to every test run; `long` ones walk thousands of lives.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from qianan.field.hazards import actions, queries
from qianan.field.hazards.access import acts_open_to
from qianan.field.hazards.lifecycle import CLOSED, HAZARD, OPEN
from qianan.field.hazards.models import Hazard
from qianan.ground.trail import delivery
from qianan.ground.trail.models import Entry, Ticket
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Conflict, Invalid, NotNow, NotYours, Problem
from qianan.registry.duties.actions import escalate_overdue
from qianan.registry.duties.models import Climb
from tests.cast import MONDAY, Street
from tests.field.hazards.stages import PEOPLE, PLAN, report, tries

Act = Callable[[Hazard, Actor, datetime], object]
OFFICERS = ("officer_li", "chief_zhang", "director_sun", "ms_chen")
CLOCKED = {
    "found": {"rating"},
    "rated": {"rating"},
    "rectifying": {"rectification"},
    "handed_in": {"verification"},
    "accepted": {"verification"},
    "transferred": {"transfer"},
}
"""State → the promise whose clock runs: an open hazard is never without one."""


def more_tries(street: Street) -> dict[str, Act]:
    """The other way of the acts that have two."""
    return {
        "rate lower": lambda h, by, now: actions.rate(h, level="general", reason="看过", by=by, now=now),
        "accept": lambda h, by, now: actions.verify(h, accept=True, by=by, now=now),
        "pass": lambda h, by, now: actions.review(
            h,
            passed=True,
            officers=[street.people["chief_zhang"].id, street.people["officer_li"].id],
            by=by,
            now=now,
        ),
        "tell the regulator": lambda h, by, now: actions.send_double_report(
            h, side="regulator", text="现状", by=by, now=now
        ),
        "refuse time": lambda h, by, now: actions.decide_extension(h, grant=False, note="不行", by=by, now=now),
        "hand to the manager": lambda h, by, now: actions.reassign(
            h, owner_post=street.posts["safety_manager"].id, by=by, now=now
        ),
        "decline": lambda h, by, now: _decline(h, by, now),
    }


def _decline(hazard: Hazard, by: Actor, now: datetime) -> object:
    sent = queries.facts_of(hazard).sent
    if sent is None:
        raise NotNow("transfer_over")
    return actions.receive_transfer(sent, accept=False, answer="不归我管", by=by, now=now)


KIND = {
    "rate lower": "rate",
    "accept": "verify",
    "pass": "review",
    "tell the regulator": "send_double_report",
    "refuse time": "decide_extension",
    "hand to the manager": "reassign",
    "decline": "receive_transfer",
}


class Lives(RuleBasedStateMachine):
    """One hazard and everybody of the street."""

    street: Street

    @initialize(major=st.booleans())
    def begin(self, major: bool) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = MONDAY
        self.acts: dict[str, Act] = {**tries(self.street), **more_tries(self.street)}
        self.hazard = report(self.street, level="unrated" if major else "general", suggested="major" if major else "")
        self.seen = self.hazard.version
        self.due = self.hazard.due_at

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def shot(self) -> tuple[object, ...]:
        row = Hazard.objects.get(id=self.hazard.id)
        return tuple(getattr(row, each.attname) for each in Hazard._meta.concrete_fields)

    @rule(act=st.randoms(use_true_random=False))
    def somebody_does_something(self, act: random.Random) -> None:
        """Half the time an act that is open to the person, else any act by anybody."""
        who = act.choice(PEOPLE)
        actor = self.street.actors[who]
        may = acts_open_to(actor, self.hazard)
        ways = [name for name in self.acts if KIND.get(name, name) in may]
        name = act.choice(ways) if ways and act.random() < 0.7 else act.choice(sorted(self.acts))
        self.attempt(name, actor, KIND.get(name, name) in may)

    def attempt(self, name: str, actor: Actor, may: bool) -> None:
        before, entries, version = self.shot(), Entry.objects.count(), self.hazard.version
        refused: Problem | None = None
        try:
            self.acts[name](self.hazard, actor, self.now)
        except (NotYours, NotNow, Conflict, Invalid) as problem:
            refused = problem
        if refused is not None:
            assert self.shot() == before, (name, refused)
            assert Entry.objects.count() == entries, (name, refused)
            self.hazard.refresh_from_db()
            return
        assert may, f"{name} was done by one who may not"
        self.hazard.refresh_from_db()
        told = Entry.objects.filter(about=f"hazards.hazard:{self.hazard.business_id}:{self.hazard.id}").count()
        assert Entry.objects.count() > entries
        assert told > 0
        if KIND.get(name, name) != "ask_extension":
            assert self.hazard.version > version or name == "refuse time", name
        was, then = before[NAMES.index("state")], self.hazard.state
        assert was == then or HAZARD.allows(str(was), then) or (name, was) in JUMPS, (name, was, then)

    @rule(steps=st.integers(2, 9))
    def the_good_way(self, steps: int) -> None:
        """So many steps of the way that a hazard should go."""
        for _ in range(steps):
            self.step()

    def step(self) -> None:
        hazard, street = self.hazard, self.street
        facts = queries.facts_of(hazard)
        officer = street.director_sun
        if hazard.state == "found":
            level = "major" if hazard.suggested else "general"
            actions.rate(hazard, level=level, reason="看过", by=street.chief_zhang, now=self.now)
        elif hazard.state == "rated":
            actions.order_rectification(hazard, by=officer, now=self.now)
        elif facts.sent is not None:
            actions.receive_transfer(facts.sent, accept=True, by=Actor.system("wiring"), now=self.now)
        elif hazard.level == "major" and facts.plan is None:
            actions.make_plan(hazard, **PLAN, by=street.lao_wang, now=self.now)
        elif hazard.level == "major" and len(facts.reports) < 2:
            side = "workers" if facts.report("workers") is None else "regulator"
            actions.send_double_report(hazard, side=side, text="现状", by=street.lao_wang, now=self.now)
        elif hazard.state == "rectifying" and not hazard.interim:
            actions.set_interim(hazard, text="关阀", by=street.lao_wang, now=self.now)
        elif hazard.state == "rectifying":
            actions.hand_in(hazard, note="好了", by=street.lao_wang, now=self.now)
        elif hazard.state in {"handed_in", "accepted"} and hazard.level == "major" and not facts.reviewed:
            actions.review(
                hazard, passed=True, officers=[street.people["ms_chen"].id], by=street.chief_zhang, now=self.now
            )
        elif hazard.state == "handed_in":
            actions.verify(hazard, accept=True, by=street.chief_zhang, now=self.now)
        elif facts.stopped:
            actions.resume_work(hazard, consent="同意", by=street.chief_zhang, now=self.now)
        elif hazard.state == "accepted" and (hazard.level == "general" or hazard.interim):
            actions.close_hazard(hazard, by=officer, now=self.now)
        hazard.refresh_from_db()

    @rule(hours=st.integers(1, 24 * 20))
    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        escalate_overdue(self.now)

    @rule()
    def news_travels(self) -> None:
        delivery.work_all(self.now)
        self.hazard.refresh_from_db()
        assert list(Ticket.objects.exclude(last_failure="").values_list("last_failure", flat=True)) == []

    # -- what must hold -------------------------------------------------------------------

    @invariant()
    def promises_and_state_agree(self) -> None:
        if not hasattr(self, "hazard"):
            return
        hazard, facts = self.hazard, queries.facts_of(self.hazard)
        owed = {duty.kind for duty in facts.duties if duty.state == "open"}
        if hazard.state in CLOSED:
            assert owed == set(), f"{hazard.state} and still owed: {owed}"
            assert not facts.listed
        else:
            assert hazard.state in OPEN
            assert owed >= CLOCKED[hazard.state], f"{hazard.state} without a clock: {owed}"
        assert hazard.supervised == bool(facts.listed)
        assert len({row.body_code for row in facts.listed}) == len(facts.listed)

    @invariant()
    def the_fixer_is_never_the_closer(self) -> None:
        if not hasattr(self, "hazard"):
            return
        row, facts = self.hazard, queries.facts_of(self.hazard)
        if row.state == "closed":
            assert row.fixed_by
            assert row.closed_by
            assert row.closed_by != row.fixed_by
            assert row.level == "general" or facts.missing(row) == ()
            assert not facts.stopped
        for fix in facts.rectifications:
            assert not fix.verified_by or fix.verified_by != fix.handed_in_by

    @invariant()
    def deadlines_move_by_events_only(self) -> None:
        if not hasattr(self, "hazard"):
            return
        hazard, facts = self.hazard, queries.facts_of(self.hazard)
        fix, duty = facts.rectification, facts.duty
        if hazard.state == "rectifying":
            assert fix is not None
            assert duty is not None
            assert hazard.due_at == fix.due_at
            granted = [row for row in facts.extensions if row.state == "granted" and row.duty_id == duty.id]
            assert duty.due_at == (granted[-1].until if granted else fix.due_at)
        assert sum(row.state not in {"withdrawn", "accepted"} for row in facts.rectifications) <= 1

    @invariant()
    def no_rung_twice(self) -> None:
        climbs = list(Climb.objects.values_list("duty_id", "rung", "due_at"))
        assert len(climbs) == len(set(climbs))


NAMES = [field.attname for field in Hazard._meta.concrete_fields]
JUMPS = {("review", "accepted"), ("rate", "rectifying"), ("rate lower", "rectifying")}
"""Acts that go two steps at once: a failed review of an accepted fix orders it anew."""


def run(street: Street, *, examples: int, steps: int) -> None:
    machine = type("LivesOnTheStreet", (Lives,), {"street": street})
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


def test_a_short_life_keeps_the_rules(street: Street) -> None:
    run(street, examples=6, steps=12)


@pytest.mark.long
def test_thousands_of_lives_keep_the_rules(street: Street) -> None:
    run(street, examples=3000, steps=40)
