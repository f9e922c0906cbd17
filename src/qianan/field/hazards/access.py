"""Who may do what to a hazard. Predicates take the hazard and the facts beside it; `acts_open_to` asks them all.

A predicate answers *who* and what stands in the way by somebody's own hand (never one's own fix, never one's own
listing); *when* is lifecycle.WHEN. Actions and pages ask the same predicates.
"""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.db.models import Q, QuerySet

from qianan.field.hazards.beside import SIDES, Beside, beside
from qianan.field.hazards.lifecycle import MAJOR_ONLY, OFFICIAL, WHEN
from qianan.field.hazards.models import Hazard, Supervision, Transfer
from qianan.kernel.actor import OFFICER_ROLES, Actor, SeatView
from qianan.kernel.problems import NotNow, NotYours
from qianan.registry.businesses import access as businesses
from qianan.registry.duties import access as duties
from qianan.registry.duties.access import DECIDERS, Placed

HEIGHTS = {"community": 0, "street": 1, "district": 2, "city": 3}
"""How high a body stands; a supervision list is kept and lifted at its own height or above."""


def listers() -> frozenset[str]:
    """Whose officers keep supervision lists (挂牌督办): district, city, industry; streets by a setting."""
    more = {"street"} if settings.QIANAN_STREETS_SUPERVISE else set()
    return frozenset({"district", "city", "industry"} | more)


def visible_to(actor: Actor) -> QuerySet[Hazard]:
    """Own business, area, line, tenants; and what was sent to the actor's office."""
    found = businesses.scope_q(actor)
    if bodies := bodies_of(actor):
        sent = Transfer.objects.filter(to_body__in=bodies, state__in=["sent", "received"])
        found |= Q(id__in=sent.values("hazard_id"))
    return Hazard.objects.filter(found)


def bodies_of(actor: Actor) -> list[str]:
    """The offices for which this officer acts."""
    return sorted({seat.body_code for seat in actor.seats if seat.body_code and seat.role in DECIDERS})


# -- who this is ----------------------------------------------------------------------


def is_over(actor: Actor, hazard: Hazard) -> bool:
    """Street officers of the area, district and city above it, industry officers of its line."""
    return duties.oversees(actor, hazard)


def manages(actor: Actor, hazard: Hazard) -> bool:
    return duties.manages(actor, hazard.business_id)


def is_same(actor: Actor, ref: str) -> bool:
    """Whether this very person did it; the house itself is nobody in particular."""
    return actor.person is not None and actor.ref == ref


def fixed_it(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    """Whether the fix is this person's: handed in by them, or owed by the chair they sit on."""
    fix = facts.rectification
    if is_same(actor, hazard.fixed_by):
        return True
    if fix is None or actor.person is None:
        return False
    return is_same(actor, fix.handed_in_by) or (fix.owner_post is not None and fix.owner_post in actor.posts())


def height_of(seat: SeatView) -> str:
    """At which height an officer's seat stands, by the depth of its place."""
    if seat.role in HEIGHTS:
        return seat.role
    return {2: "city", 6: "district"}.get(len(seat.place_code), "street")


def within_reach(actor: Actor, hazard: Hazard, facts: Beside) -> tuple[Supervision, ...]:
    """The lists on which it stands that are kept at the height of this officer's seats or beneath."""
    if actor.is_system or not facts.listed:
        return facts.listed
    reach = max((HEIGHTS[height_of(seat)] for seat in duties.offices_over(actor, hazard)), default=-1)
    return tuple(row for row in facts.listed if HEIGHTS.get(row.level, 3) <= reach)


def outranked(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    """Whether the hazard stands on the list of a body above all seats of this actor that reach it."""
    return len(within_reach(actor, hazard, facts)) < len(facts.listed)


# -- predicates: one an act ---------------------------------------------------------------


def can_report(actor: Actor, row: Placed) -> bool:
    """Everybody who works there, and every officer over it, community workers too."""
    return duties.works_at(actor, row.business_id) or duties.oversees(actor, row, OFFICER_ROLES)


def may_rate_new(actor: Actor, hazard: Hazard) -> bool:
    """Whether who reports it may say its level in the same breath."""
    return manages(actor, hazard) or is_over(actor, hazard)


def can_add_photos(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    return can_report(actor, hazard)


def can_rate(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    """The managers of the business, and officers; a rated major is set lower by an officer only."""
    if hazard.level == "major":
        return is_over(actor, hazard) and not outranked(actor, hazard, facts)
    return manages(actor, hazard) or is_over(actor, hazard)


def can_reject(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    """A second person, never the finder; what the regulator found or what is rated major, an officer only."""
    if is_same(actor, hazard.found_by):
        return False
    if hazard.origin_kind in OFFICIAL or hazard.level == "major":
        return is_over(actor, hazard) and not outranked(actor, hazard, facts)
    return manages(actor, hazard) or is_over(actor, hazard)


def can_assign(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    """Order the fix, hand it to another chair."""
    return manages(actor, hazard) or is_over(actor, hazard)


def can_set_interim(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    fix = facts.rectification
    return can_assign(actor, hazard, facts) or (fix is not None and duties.sits_on(actor, fix.owner_post))


def can_hand_in(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    """Who sits on the chair that owes it, or a manager of the business."""
    fix = facts.rectification
    return fix is not None and (duties.sits_on(actor, fix.owner_post) or manages(actor, hazard))


def can_verify(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    """Never one's own fix. The verifier's chair and the managers of the business; officers; majors officers only."""
    if fixed_it(actor, hazard, facts):
        return False
    if is_over(actor, hazard):
        return True
    fix = facts.rectification
    if hazard.level == "major" or fix is None:
        return False
    return manages(actor, hazard) or duties.sits_on(actor, fix.verifier_post)


def can_close(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    """销号: never who fixed it; a major one by an officer, a listed one by an officer of the list's height."""
    if fixed_it(actor, hazard, facts):
        return False
    if is_over(actor, hazard):
        return not outranked(actor, hazard, facts)
    return hazard.level != "major" and not facts.listed and manages(actor, hazard)


def can_reopen(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    if hazard.level == "major" or hazard.origin_kind in OFFICIAL:
        return is_over(actor, hazard)
    return manages(actor, hazard) or is_over(actor, hazard)


def can_show_result(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    return manages(actor, hazard)


def can_ask_extension(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    return facts.duty is not None and facts.asked is None and duties.can_ask_extension(actor, facts.duty)


def can_decide_extension(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    if facts.duty is None or facts.asked is None:
        return False
    return duties.can_decide_extension(actor, facts.duty, facts.asked)


def can_send_double_report(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    return manages(actor, hazard) and any(facts.report(side) is None for side in SIDES)


def can_receive_double_report(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    return any(can_receive_side(actor, hazard, facts, side) for side in SIDES)


def can_receive_side(actor: Actor, hazard: Hazard, facts: Beside, side: str) -> bool:
    """The regulator's side by an officer over it; the workers' side by somebody who works there and did not send it."""
    report = facts.report(side)
    if report is None or report.received_at is not None or is_same(actor, report.sent_by):
        return False
    return is_over(actor, hazard) if side == "regulator" else duties.works_at(actor, hazard.business_id)


def can_make_plan(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    return manages(actor, hazard)


def can_review(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    return is_over(actor, hazard) and not fixed_it(actor, hazard, facts)


def listing_seats(actor: Actor, hazard: Hazard, facts: Beside) -> tuple[SeatView, ...]:
    """The seats from which this officer may list it now: those whose office does not list it yet."""
    taken = {row.body_code for row in facts.listed}
    return tuple(
        seat for seat in duties.offices_over(actor, hazard, listers()) if seat.body_code and seat.body_code not in taken
    )


def can_supervise(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    return actor.is_system or bool(listing_seats(actor, hazard, facts))


def can_lift_supervision(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    """An officer of the list's height or above."""
    return bool(within_reach(actor, hazard, facts))


def can_suspend_work(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    """A business stops by itself, or an officer orders it (Work Safety Law art. 65; Beijing ordinance art. 49)."""
    return manages(actor, hazard) or is_over(actor, hazard)


def can_resume_work(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    """Only with an officer's consent; what a business stopped by itself for a general hazard it resumes itself."""
    if not facts.stopped:
        return False
    if is_over(actor, hazard):
        return True
    return hazard.level != "major" and all(not row.by_body for row in facts.stopped) and manages(actor, hazard)


def can_transfer(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    return is_over(actor, hazard) and facts.sent is None


def can_receive_transfer(actor: Actor, hazard: Hazard, facts: Beside) -> bool:
    """An officer of the office it was sent to."""
    return facts.sent is not None and (actor.is_system or facts.sent.to_body in bodies_of(actor))


Predicate = Callable[[Actor, Hazard, Beside], bool]

MAY: Mapping[str, Predicate] = {
    "add_photos": can_add_photos,
    "rate": can_rate,
    "reject": can_reject,
    "order_rectification": can_assign,
    "reassign": can_assign,
    "set_interim": can_set_interim,
    "ask_extension": can_ask_extension,
    "decide_extension": can_decide_extension,
    "hand_in": can_hand_in,
    "verify": can_verify,
    "review": can_review,
    "close": can_close,
    "reopen": can_reopen,
    "show_result": can_show_result,
    "send_double_report": can_send_double_report,
    "receive_double_report": can_receive_double_report,
    "make_plan": can_make_plan,
    "supervise": can_supervise,
    "lift_supervision": can_lift_supervision,
    "suspend_work": can_suspend_work,
    "resume_work": can_resume_work,
    "transfer": can_transfer,
    "receive_transfer": can_receive_transfer,
}
"""Act → who may. One line an act, in the order in which a hazard goes through them."""


def is_time_for(hazard: Hazard, act: str) -> bool:
    """Whether the hazard's state and level allow the act to anybody at all."""
    return hazard.state in WHEN[act] and (act not in MAJOR_ONLY or hazard.level == "major")


def acts_open_to(actor: Actor, hazard: Hazard, facts: Beside | None = None) -> list[str]:
    """What this person may do to it now (who × when), in the order of a hazard's life; the very guards of the actions.

    `facts` (queries.file_of has them) spares nine statements.
    """
    known = beside(hazard) if facts is None else facts
    return [act for act, may in MAY.items() if is_time_for(hazard, act) and may(actor, hazard, known)]


def check_may(actor: Actor, hazard: Hazard, act: str, facts: Beside) -> None:
    """Raises NotNow("not_now" | "only_major") when it is not the time, NotYours(code) when it is not theirs to do."""
    if hazard.state not in WHEN[act]:
        raise NotNow("hazard_not_now", act=act, state=hazard.state)
    if act in MAJOR_ONLY and hazard.level != "major":
        raise NotNow("only_major", act=act)
    if not MAY[act](actor, hazard, facts):
        raise NotYours(_why(actor, hazard, act, facts), act=act)


def _why(actor: Actor, hazard: Hazard, act: str, facts: Beside) -> str:
    """The reason people understand best."""
    if act in {"verify", "close", "review"} and fixed_it(actor, hazard, facts):
        return "own_fix"
    if act == "reject" and is_same(actor, hazard.found_by):
        return "second_person_needed"
    if act in {"close", "rate", "reject", "lift_supervision"} and is_over(actor, hazard):
        if outranked(actor, hazard, facts):
            return "listed_above"
    elif act in {"close", "verify", "rate", "reject", "reopen"} and manages(actor, hazard):
        return "officer_needed"
    if act in {"ask_extension"} and facts.asked is not None:
        return "extension_asked"
    if act == "receive_double_report":
        return "not_addressee"
    return "not_yours"
