"""Who answers from outside: assigned by trade and place, or by an officer on a recorded ground; supervision tiers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.ground.trail.actions import record
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Invalid, NotFound, NotNow, NotYours
from qianan.registry.businesses import access
from qianan.registry.businesses.events import OversightAssigned, OversightEnded, TierSet
from qianan.registry.businesses.models import Business, Oversight, Site
from qianan.registry.businesses.names import has_control, is_code, plain
from qianan.registry.businesses.newcomers import tiers
from qianan.registry.businesses.queries import mapped_departments
from qianan.tables import bulk

TERRITORY_GROUND, COMPREHENSIVE_GROUND = "wsl-9", "wsl-10"
"""Work Safety Law: art. 9, the street checks its area; art. 10, the emergency department supervises all trades."""

TYPES = ("territory", "industry", "comprehensive", "special")


@dataclass(frozen=True)
class Wanted:
    """An assignment that follows from the code tables; `basis` is the code of the row it follows from."""

    duty_type: str
    body_code: str
    line: str
    basis: str


def territory_body(place_code: str) -> str:
    """The territorial office of a place: its street, or its district or city where no street is known."""
    if len(place_code) >= 9:
        return f"street:{place_code[:9]}"
    return f"district:{place_code[:6]}" if len(place_code) >= 6 else f"city:{place_code}"


def wanted_for(business: Business, *, on: date) -> list[Wanted]:
    """What the code tables say about this trade in this place; an unmapped trade has no industry department."""
    place = business.place_code
    upper = f"district:{place[:6]}" if len(place) >= 6 else f"city:{place}"
    found = [Wanted("territory", territory_body(place), "", TERRITORY_GROUND)]
    departments = codebook.departments_for(industry=business.industry_id or "", venue=business.venue, on=on)
    for row in departments:
        if row.duty_type == "comprehensive":
            continue  # the district's emergency bureau supervises every trade: below
        found.append(Wanted(row.duty_type, f"dept:{row.department_id}:{place[:6]}", row.department_id, row.code))
    found.append(Wanted("comprehensive", upper, "", COMPREHENSIVE_GROUND))
    return found


def line_of(wanted: Iterable[Wanted]) -> str:
    """The chief department's code, "" when none."""
    return next((each.line for each in wanted if each.duty_type == "industry"), "")


def rows_for(business: Business, wanted: Sequence[Wanted], *, on: date, at: datetime) -> list[Oversight]:
    """The rows of these assignments, not yet written."""
    return [
        Oversight(
            business_id=business.id,
            id=uuid7(at),
            duty_type=each.duty_type,
            body_code=each.body_code,
            line=each.line,
            basis=each.basis,
            since=on,
        )
        for each in wanted
    ]


def oversee_anew(businesses: Sequence[Business], *, now: datetime) -> None:
    """After a change of place or trade: end what followed from the old one, begin what follows from the new.

    What an officer assigned by hand stays. Sets `business.line` in memory; the caller saves it.
    """
    on = codebook.local_day(now)
    rows: dict[object, list[Oversight]] = {}
    for row in Oversight.objects.filter(business_id__in=[each.id for each in businesses]):
        rows.setdefault(row.business_id, []).append(row)
    mapped = set(mapped_departments({row.basis for some in rows.values() for row in some}))
    fresh: list[Oversight] = []
    touched: list[Oversight] = []
    for business in businesses:
        wanted = wanted_for(business, on=on)
        keys = {(each.duty_type, each.body_code) for each in wanted}
        held = {}
        for row in rows.get(business.id, []):
            key = (row.duty_type, row.body_code)
            if row.until is None and key not in keys and _follows(row, mapped):
                row.until = on
                touched.append(row)
            elif row.until is None or row.since == on:
                if key in keys and row.until is not None:
                    row.until = None
                    touched.append(row)
                held[key] = row
        missing = [each for each in wanted if (each.duty_type, each.body_code) not in held]
        fresh += rows_for(business, missing, on=on, at=now)
        by_hand = [row.line for row in rows.get(business.id, []) if row.duty_type == "industry" and row.until is None]
        business.line = line_of(wanted) or next(iter(by_hand), "")
    bulk.update(touched, ["until"])
    bulk.insert(fresh)


def _follows(row: Oversight, mapped: set[str]) -> bool:
    """Whether this assignment followed from the code tables (an officer's own has words for its basis)."""
    return row.duty_type == "territory" or row.basis == COMPREHENSIVE_GROUND or row.basis in mapped


@transaction.atomic
def assign_oversight(
    business: Business, *, duty_type: str, body_code: str, line: str = "", basis: str, by: Actor, now: datetime
) -> Oversight:
    """Make a body answer for this business, on a recorded ground (Beijing ordinance art. 8).

    An industry department leads the business out of the queue: its line becomes the business's own when it had none.
    Doing it twice is doing it once. Raises NotYours("not_your_area"); Invalid("unknown_duty_type", "unknown_body",
    "basis_needed", "line_needed").
    """
    if not access.can_assign(by, business):
        raise NotYours("not_your_area")
    if duty_type not in TYPES:
        raise Invalid("unknown_duty_type", where="duty_type")
    basis = plain(basis)
    if len(basis) < 2 or len(basis) > 300 or has_control(basis):
        raise Invalid("basis_needed", where="basis")
    body = accounts.bodies([body_code]).get(body_code) if is_code(body_code) else None
    if body is None:
        raise Invalid("unknown_body", where="body_code")
    line = line or body.line
    if duty_type == "industry" and not line:
        raise Invalid("line_needed", where="body_code")
    on = codebook.local_day(now)
    held = Oversight.objects.filter(business_id=business.id, duty_type=duty_type, body_code=body_code)
    row = held.filter(until=None).first()
    if row is not None:
        return row
    row = held.filter(since=on).first()  # ended and begun again on one day
    if row is None:
        row = Oversight(business_id=business.id, id=uuid7(now), duty_type=duty_type, body_code=body_code, since=on)
    row.line, row.basis, row.until = line, basis, None
    row.save()
    if duty_type == "industry" and not business.line:
        business.line = line
        business.save(update_fields=["line"])
    record(
        OversightAssigned(
            about=business.ref, place_code=business.place_code, duty_type=duty_type, body=body_code, basis=basis
        ),
        by=by,
        now=now,
    )
    return row


@transaction.atomic
def end_oversight(business: Business, *, duty_type: str, body_code: str, by: Actor, now: datetime) -> Oversight:
    """A body answers no longer. The territory's own office can not step back: a business always has one.

    Raises NotYours("not_your_area"), NotNow("territory_stays"), NotFound("no_such_oversight").
    """
    if not access.can_assign(by, business):
        raise NotYours("not_your_area")
    if duty_type == "territory":
        raise NotNow("territory_stays")
    held = Oversight.objects.filter(business_id=business.id, duty_type=duty_type, body_code=body_code, until=None)
    row = held.first() if is_code(duty_type + body_code) else None
    if row is None:
        raise NotFound("no_such_oversight")
    row.until = codebook.local_day(now)
    row.save(update_fields=["until"])
    if duty_type == "industry" and business.line == row.line:
        others = Oversight.objects.filter(business_id=business.id, duty_type="industry", until=None)
        business.line = others.order_by("since", "id").values_list("line", flat=True).first() or ""
        business.save(update_fields=["line"])
    record(
        OversightEnded(about=business.ref, place_code=business.place_code, duty_type=duty_type, body=body_code),
        by=by,
        now=now,
    )
    return row


@transaction.atomic
def set_tier(business: Business, *, tier: str, reason: str, by: Actor, now: datetime) -> Business:
    """Set the supervision tier (市级重点、区级重点、一般) of a business and its sites, with a reason.

    Raises NotYours("not_your_area"), Invalid("unknown_tier", "reason_needed").
    """
    if not access.can_assign(by, business):
        raise NotYours("not_your_area")
    if tier not in tiers():
        raise Invalid("unknown_tier", where="tier")
    reason = plain(reason)
    if len(reason) < 2 or len(reason) > 300 or has_control(reason):
        raise Invalid("reason_needed", where="reason")
    was = business.tier
    if was == tier:
        return business
    business.tier = tier
    business.save(update_fields=["tier"])
    Site.objects.filter(business_id=business.id).update(tier=tier)
    record(
        TierSet(about=business.ref, place_code=business.place_code, was=was, now=tier, reason=reason), by=by, now=now
    )
    return business
