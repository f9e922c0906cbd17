"""Who may do what, and when: the whole table, and that the actions keep to it."""

import pytest
from django.db import transaction

from qianan.field.hazards import queries
from qianan.field.hazards.access import acts_open_to, visible_to
from qianan.field.hazards.actions import lift_supervision, supervise
from qianan.field.hazards.lifecycle import ACTS
from qianan.field.hazards.models import Hazard
from qianan.ground.trail.models import Entry
from qianan.kernel.problems import Conflict, NotFound, NotNow, NotYours
from tests.cast import MONDAY, Street
from tests.field.hazards.stages import HOUR, PEOPLE, bring_to, report, tries

SHOP = "lao_wang sister_liu"
"""The principal and the safety manager; Xiao Zhao, the cook, found it and his post fixes it."""
OFFICE = "officer_li chief_zhang director_sun ms_chen"
ALL = f"{SHOP} xiao_zhao {OFFICE}"
OWNERS = f"{SHOP} xiao_zhao"
RECEIVERS = f"lao_wang xiao_zhao {OFFICE}"
LISTERS = "chief_zhang director_sun ms_chen"

TABLE = {
    ("general", "found"): {
        "add_photos": ALL,
        "rate": f"{SHOP} {OFFICE}",
        "reject": f"{SHOP} {OFFICE}",
        "set_interim": f"{SHOP} {OFFICE}",
        "suspend_work": f"{SHOP} {OFFICE}",
        "transfer": OFFICE,
    },
    ("general", "rated"): {
        "add_photos": ALL,
        "rate": f"{SHOP} {OFFICE}",
        "reject": f"{SHOP} {OFFICE}",
        "order_rectification": f"{SHOP} {OFFICE}",
        "set_interim": f"{SHOP} {OFFICE}",
        "suspend_work": f"{SHOP} {OFFICE}",
        "transfer": OFFICE,
    },
    ("general", "rectifying"): {
        "add_photos": ALL,
        "rate": f"{SHOP} {OFFICE}",
        "reassign": f"{SHOP} {OFFICE}",
        "set_interim": ALL,
        "ask_extension": OWNERS,
        "hand_in": OWNERS,
        "suspend_work": f"{SHOP} {OFFICE}",
        "transfer": OFFICE,
    },
    ("general", "handed_in"): {
        "add_photos": ALL,
        "verify": f"{SHOP} {OFFICE}",
        "suspend_work": f"{SHOP} {OFFICE}",
    },
    ("general", "accepted"): {
        "add_photos": ALL,
        "close": f"{SHOP} {OFFICE}",
        "reopen": f"{SHOP} {OFFICE}",
        "suspend_work": f"{SHOP} {OFFICE}",
    },
    ("general", "closed"): {"add_photos": ALL, "reopen": f"{SHOP} {OFFICE}", "show_result": SHOP},
    ("general", "rejected"): {"reopen": f"{SHOP} {OFFICE}"},
    ("general", "transferred"): {
        "add_photos": ALL,
        "set_interim": ALL,
        "hand_in": OWNERS,
        "suspend_work": f"{SHOP} {OFFICE}",
    },
    ("major", "rated"): {
        "add_photos": ALL,
        "rate": OFFICE,
        "reject": OFFICE,
        "order_rectification": f"{SHOP} {OFFICE}",
        "set_interim": f"{SHOP} {OFFICE}",
        "send_double_report": SHOP,
        "make_plan": SHOP,
        "supervise": LISTERS,
        "suspend_work": f"{SHOP} {OFFICE}",
        "transfer": OFFICE,
    },
    ("major", "rectifying"): {
        "add_photos": ALL,
        "rate": OFFICE,
        "reassign": f"{SHOP} {OFFICE}",
        "set_interim": ALL,
        "ask_extension": OWNERS,
        "hand_in": OWNERS,
        "receive_double_report": RECEIVERS,
        "make_plan": SHOP,
        "supervise": LISTERS,
        "suspend_work": f"{SHOP} {OFFICE}",
        "transfer": OFFICE,
    },
    ("major", "handed_in"): {
        "add_photos": ALL,
        "verify": OFFICE,
        "review": OFFICE,
        "receive_double_report": RECEIVERS,
        "make_plan": SHOP,
        "supervise": LISTERS,
        "suspend_work": f"{SHOP} {OFFICE}",
    },
    ("major", "accepted"): {
        "add_photos": ALL,
        "review": OFFICE,
        "close": OFFICE,
        "reopen": OFFICE,
        "receive_double_report": RECEIVERS,
        "make_plan": SHOP,
        "supervise": LISTERS,
        "suspend_work": f"{SHOP} {OFFICE}",
    },
    ("major", "closed"): {
        "add_photos": ALL,
        "reopen": OFFICE,
        "show_result": SHOP,
        "receive_double_report": RECEIVERS,
    },
    ("major", "transferred"): {
        "add_photos": ALL,
        "set_interim": ALL,
        "hand_in": OWNERS,
        "receive_double_report": RECEIVERS,
        "make_plan": SHOP,
        "supervise": LISTERS,
        "suspend_work": f"{SHOP} {OFFICE}",
    },
}
"""Level and state → act → who of the cast. An act that is not named is nobody's."""


def open_acts(street: Street, hazard: Hazard) -> dict[str, str]:
    facts = queries.facts_of(hazard)
    open_to = {who: acts_open_to(street.actors[who], hazard, facts) for who in PEOPLE}
    found = {act: " ".join(who for who in PEOPLE if act in open_to[who]) for act in ACTS}
    return {act: people for act, people in found.items() if people}


@pytest.mark.parametrize(("level", "state"), TABLE, ids=["-".join(key) for key in TABLE])
def test_who_may_do_what_in_each_state(street: Street, level: str, state: str) -> None:
    hazard = bring_to(state, street, level=level)

    assert hazard.state == state
    assert open_acts(street, hazard) == TABLE[level, state]


def test_on_the_districts_list_the_street_closes_and_lowers_no_more(street: Street) -> None:
    hazard = bring_to("accepted", street, level="major")
    supervise(hazard, reason="逾期", by=street.chief_zhang, now=MONDAY + 3 * HOUR)

    found = open_acts(street, hazard)

    assert found["close"] == "chief_zhang director_sun ms_chen"
    assert found["lift_supervision"] == "chief_zhang director_sun ms_chen"
    assert found["supervise"] == "director_sun ms_chen"
    with pytest.raises(NotYours, match="listed_above"):
        lift_supervision(hazard, reason="好了", by=street.officer_li, now=MONDAY + 3 * HOUR)


def test_the_office_it_was_sent_to_sees_and_receives_it(street: Street) -> None:
    from dataclasses import replace

    from qianan.kernel.actor import SeatView
    from qianan.kernel.ids import uuid7

    hazard = bring_to("transferred", street)
    seat = SeatView(id=uuid7(MONDAY), role="industry", place_code="110105", line="fire", body_code="dept:fire:110105")
    fireman = replace(street.stranger, seats=(seat,), seat=seat)

    assert acts_open_to(fireman, hazard) == ["receive_transfer"]
    assert list(visible_to(fireman)) == [hazard]
    assert list(visible_to(street.ms_chen)) == [hazard]
    assert list(visible_to(street.officer_he)) == []


@pytest.mark.parametrize("who", ["officer_he", "boss_qian", "stranger"])
def test_out_of_reach_looks_like_not_there(street: Street, who: str) -> None:
    hazard = report(street)

    with pytest.raises(NotFound, match="no_such_hazard"):
        queries.hazard_for(street.actors[who], hazard.business_id, hazard.id)


def shot(hazard: Hazard) -> tuple[object, ...]:
    row = Hazard.objects.get(business_id=hazard.business_id, id=hazard.id)
    return tuple(getattr(row, field.attname) for field in Hazard._meta.concrete_fields), Entry.objects.count()


def check_actions_keep_to_the_table(street: Street, level: str, state: str, people: tuple[str, ...]) -> None:
    hazard = bring_to(state, street, level=level)
    before = shot(hazard)
    now = MONDAY + 5 * HOUR
    for who in people:
        actor = street.actors[who]
        may = set(acts_open_to(actor, hazard))
        for act, attempt in tries(street).items():
            fresh = Hazard.objects.get(business_id=hazard.business_id, id=hazard.id)
            refused = ""
            point = transaction.savepoint()
            try:
                attempt(fresh, actor, now)
            except (NotYours, NotNow, Conflict) as problem:
                refused = problem.code
            if refused:
                assert shot(hazard) == before, (who, act, refused)
            transaction.savepoint_rollback(point)
            if act not in may:
                assert refused, f"{who} could {act} a {level} one that is {state}"
            elif refused:
                assert refused in STILL_MISSING.get(act, ()), f"{who} may {act} but was refused: {refused}"


STILL_MISSING = {"verify": {"review_missing"}, "receive_double_report": {"not_reported"}, "rate": {"same_rating"}}
"""What stands in the way although it is the right person at the right time."""


@pytest.mark.parametrize("key", [("general", "rectifying"), ("general", "handed_in"), ("major", "accepted")])
def test_actions_keep_to_the_table(street: Street, key: tuple[str, str]) -> None:
    check_actions_keep_to_the_table(street, *key, people=("lao_wang", "xiao_zhao", "officer_li", "officer_he"))


@pytest.mark.slow
@pytest.mark.parametrize(("level", "state"), TABLE, ids=["-".join(key) for key in TABLE])
def test_every_action_keeps_to_the_whole_table(street: Street, level: str, state: str) -> None:
    check_actions_keep_to_the_table(street, level, state, PEOPLE)
