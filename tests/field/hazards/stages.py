"""Hazards brought to a stage by the actions themselves, for tables of who may do what."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from qianan.field.hazards import actions, queries
from qianan.field.hazards.models import Hazard
from qianan.kernel.actor import Actor
from tests.cast import MONDAY, Street

HOUR = timedelta(hours=1)
PLAN = {
    "responsibility": "老王负责",
    "measures": "换新软管",
    "funds": "两千元",
    "time_limit": "十日内",
    "contingency": "关阀停气",
}
PEOPLE = (
    "lao_wang",
    "sister_liu",
    "xiao_zhao",
    "officer_li",
    "chief_zhang",
    "director_sun",
    "ms_chen",
    "officer_he",
    "boss_qian",
    "stranger",
    "admin",
)
STATES = ("found", "rated", "rectifying", "handed_in", "accepted", "closed", "rejected", "transferred")


def report(street: Street, **more: Any) -> Hazard:
    """Xiao Zhao's check finds the old hose: general by the list's rule, or suggested major and unrated."""
    fields: dict[str, Any] = {
        "site": street.site,
        "text": "灶台软管老化",
        "item_code": "restaurant-03",
        "origin_kind": "selfcheck",
    }
    return actions.report_hazard(actions.NewHazard(**{**fields, **more}), by=street.xiao_zhao, now=MONDAY)


def prepare_major(hazard: Hazard, street: Street, *, now: datetime = MONDAY) -> None:
    """All that a major hazard needs besides the fix and its review."""
    for side in ("regulator", "workers"):
        if queries.facts_of(hazard).report(side) is None:
            actions.send_double_report(hazard, side=side, text="现状、成因、危害", by=street.sister_liu, now=now)
    actions.set_interim(hazard, text="关阀停气", by=street.lao_wang, now=now)
    actions.make_plan(hazard, **PLAN, by=street.lao_wang, now=now)


def bring_to(state: str, street: Street, *, level: str = "general") -> Hazard:
    """A hazard in this state: rated by Sister Liu, owed and fixed by Xiao Zhao's post."""
    hazard = report(street, level="unrated")
    if state == "found":
        return hazard
    if state == "rejected":
        return actions.reject(hazard, reason="看错了", by=street.sister_liu, now=MONDAY)
    actions.rate(
        hazard,
        level=level,
        criterion=hazard.criterion if level == "major" else "",
        reason="看过",
        by=street.sister_liu,
        now=MONDAY,
    )
    if state == "rated":
        return hazard
    actions.order_rectification(hazard, by=street.sister_liu, now=MONDAY)
    if level == "major":
        prepare_major(hazard, street)
    if state == "transferred":
        actions.transfer(
            hazard, to_body="dept:fire:110105", reason="属消防职责", by=street.officer_li, now=MONDAY + HOUR
        )
    if state in {"rectifying", "transferred"}:
        return hazard
    actions.hand_in(hazard, note="换了新管", by=street.xiao_zhao, now=MONDAY + HOUR)
    if state == "handed_in":
        return hazard
    officer = street.officer_li
    if level == "major":
        actions.review(hazard, passed=True, officers=[street.chief_zhang.person], by=officer, now=MONDAY + 2 * HOUR)
    verifier = officer if level == "major" else street.sister_liu
    actions.verify(hazard, accept=True, by=verifier, now=MONDAY + 2 * HOUR)
    if state == "accepted":
        return hazard
    closer = officer if level == "major" else street.lao_wang
    actions.close_hazard(hazard, by=closer, now=MONDAY + 3 * HOUR)
    return hazard


def tries(street: Street) -> dict[str, Callable[[Hazard, Actor, datetime], object]]:
    """One good try at each act; what it refuses, it refuses for who or when."""
    return {
        "rate": lambda h, by, now: actions.rate(h, level="major", reason="怕出事", by=by, now=now),
        "reject": lambda h, by, now: actions.reject(h, reason="看错了", by=by, now=now),
        "order_rectification": lambda h, by, now: actions.order_rectification(h, by=by, now=now),
        "reassign": lambda h, by, now: actions.reassign(h, owner_post=street.posts["worker"].id, by=by, now=now),
        "set_interim": lambda h, by, now: actions.set_interim(h, text="关阀", by=by, now=now),
        "ask_extension": lambda h, by, now: actions.ask_extension(
            h, until=MONDAY + timedelta(days=90), reason="等件", by=by, now=now
        ),
        "decide_extension": lambda h, by, now: actions.decide_extension(h, grant=True, by=by, now=now),
        "hand_in": lambda h, by, now: actions.hand_in(h, note="好了", by=by, now=now),
        "verify": lambda h, by, now: actions.verify(h, accept=False, note="还漏", by=by, now=now),
        "review": lambda h, by, now: actions.review(
            h,
            passed=False,
            note="还漏",
            officers=[street.people["director_sun"].id, street.people["officer_li"].id],
            by=by,
            now=now,
        ),
        "close": lambda h, by, now: actions.close_hazard(h, by=by, now=now),
        "reopen": lambda h, by, now: actions.reopen(h, reason="又漏了", by=by, now=now),
        "show_result": lambda h, by, now: actions.show_result(h, how="board", by=by, now=now),
        "send_double_report": lambda h, by, now: actions.send_double_report(
            h, side="workers", text="现状", by=by, now=now
        ),
        "receive_double_report": lambda h, by, now: actions.receive_double_report(
            h, side="regulator" if by.officer_seats() else "workers", by=by, now=now
        ),
        "make_plan": lambda h, by, now: actions.make_plan(h, **PLAN, by=by, now=now),
        "supervise": lambda h, by, now: actions.supervise(h, reason="督办", by=by, now=now),
        "lift_supervision": lambda h, by, now: actions.lift_supervision(h, reason="已好", by=by, now=now),
        "suspend_work": lambda h, by, now: actions.suspend_work(h, scope="后厨", by=by, now=now),
        "resume_work": lambda h, by, now: actions.resume_work(h, consent="同意", by=by, now=now),
        "transfer": lambda h, by, now: actions.transfer(h, to_body="dept:fire:110105", reason="消防管", by=by, now=now),
        "receive_transfer": lambda h, by, now: actions.receive_transfer(
            queries.facts_of(h).sent or _no_transfer(h), accept=True, by=by, now=now
        ),
    }


def _no_transfer(hazard: Hazard) -> Any:
    from qianan.field.hazards.models import Transfer

    return Transfer(business_id=hazard.business_id, hazard_id=hazard.id)
