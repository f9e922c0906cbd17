"""Who fixes, who answers, who checks: rectifications are ordered by sets, with the promises that run beside them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from qianan.field.hazards.beside import SIDES, report_about
from qianan.field.hazards.events import RectificationOrdered
from qianan.field.hazards.lifecycle import HAZARD, RECTIFICATION
from qianan.field.hazards.models import Hazard, Rectification
from qianan.field.hazards.writing import ref_of, subject_of
from qianan.ground.codebook import queries as codebook
from qianan.ground.trail.actions import record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Invalid
from qianan.kernel.ref import Ref
from qianan.registry.duties import actions as duties
from qianan.registry.duties.actions import NewDuty
from qianan.registry.duties.chairs import Chairs, PostView, territory_code
from qianan.registry.duties.queries import chairs_and_offices, counter_of, post_ref
from qianan.tables import bulk


@dataclass
class Order:
    """A rectification to be ordered; posts that are None are chosen, `due_at` None asks the codebook."""

    hazard: Hazard
    by: Actor
    now: datetime
    owner_post: uuid.UUID | None = None
    accountable_post: uuid.UUID | None = None
    verifier_post: uuid.UUID | None = None
    due_at: datetime | None = None
    measures: str = ""


@dataclass(frozen=True)
class House:
    """The chairs of a business and of its street, on a day."""

    chairs: Chairs
    street: Chairs | None

    def counter(self) -> PostView | None:
        return counter_of(self.street)


def houses_of(acts: Sequence[tuple[Hazard, Actor, datetime]]) -> dict[uuid.UUID, House]:
    """The chairs behind these hazards, by hazard id; businesses without any are equipped on the spot. Few statements
    a day: planting brings many days in one call."""
    answer: dict[uuid.UUID, House] = {}
    days: dict[date, list[tuple[Hazard, Actor, datetime]]] = {}
    for act in acts:
        days.setdefault(codebook.local_day(act[2]), []).append(act)
    for on, some in days.items():
        owners = {hazard.business_id for hazard, _, _ in some}
        streets = {territory_code("street", hazard.place_code) for hazard, _, _ in some}
        chairs, offices = chairs_and_offices(owners, streets, on=on)
        bare = [owner for owner, found in chairs.items() if not found.views]
        if bare:
            duties.equip_businesses([(owner, on) for owner in bare], by=Actor.system("wiring"), now=some[0][2])
            chairs |= chairs_and_offices(bare, (), on=on)[0]
        for hazard, _, _ in some:
            street = offices.get(territory_code("street", hazard.place_code))
            answer[hazard.id] = House(chairs[hazard.business_id], street)
    return answer


def order_all(orders: Sequence[Order], houses: dict[uuid.UUID, House]) -> list[Rectification]:
    """Order these rectifications: rows, promises, news. The hazards' own columns are set, not yet written."""
    rows, promises, news = [], [], []
    for order in orders:
        hazard = order.hazard
        HAZARD.check(hazard.state, "rectifying")
        row, basis = _row(order, houses[hazard.id])
        rows.append(row)
        hazard.state = "rectifying"
        hazard.due_at = row.due_at
        hazard.fixed_at, hazard.fixed_by, hazard.late = None, "", False
        promises.append(promise(hazard, row, basis=basis, by=order.by, now=order.now))
        news.append(
            RectificationOrdered(
                about=ref_of(hazard),
                place_code=hazard.place_code,
                rectification=str(row.id),
                owner=post_ref(row.owner_post),
                accountable=post_ref(row.accountable_post),
                verifier=post_ref(row.verifier_post),
                due_at=row.due_at.isoformat(),
                level=hazard.level,
            )
        )
    if not rows:
        return []
    opened = duties.open_duties(promises, by=orders[0].by, now=orders[0].now)
    for row, duty in zip(rows, opened, strict=True):
        row.duty_id = duty.id
    bulk.insert(rows)
    record_many(news, by=[order.by for order in orders], now=[order.now for order in orders])
    return rows


def _row(order: Order, house: House) -> tuple[Rectification, str]:
    hazard = order.hazard
    owner = choose_owner(order, house)
    chief = order.accountable_post or _id(house.chairs.of("principal"))
    due_at, basis = order.due_at, ""
    if due_at is None:
        due = codebook.due_from("rectification", hazard.level, at=order.now)
        due_at, basis = due.at, due.code
    row = Rectification(
        business_id=hazard.business_id,
        id=uuid7(order.now),
        hazard_id=hazard.id,
        owner_post=owner,
        accountable_post=chief,
        verifier_post=choose_verifier(order, house, owner),
        measures=order.measures,
        state=RECTIFICATION.start,
        ordered_at=order.now,
        due_at=due_at,
    )
    return row, basis


def _id(view: PostView | None) -> uuid.UUID | None:
    return view.id if view else None


def choose_owner(order: Order, house: House) -> uuid.UUID | None:
    """The post named, else the site's production post, staff, safety manager, principal: the first that is occupied.

    Raises Invalid("no_such_post", "owner_post") for a post of another house.
    """
    if order.owner_post is not None:
        if house.chairs.view(order.owner_post) is None:
            raise Invalid("no_such_post", where="owner_post")
        return order.owner_post
    found = house.chairs.first_occupied(
        "production", "worker", "safety_manager", "principal", site_id=order.hazard.site_id
    )
    return _id(found or house.chairs.of("principal"))


def choose_verifier(order: Order, house: House, owner: uuid.UUID | None) -> uuid.UUID | None:
    """Somebody other than the owner: the safety manager, else the principal, else the street's counter.

    A major hazard is verified by the regulator: the street's counter first. Raises Invalid("verifier_is_owner").
    """
    fixers = house.chairs.persons(owner)
    if order.verifier_post is not None:
        view = house.chairs.view(order.verifier_post) or (
            house.street.view(order.verifier_post) if house.street else None
        )
        if view is None:
            raise Invalid("no_such_post", where="verifier_post")
        if view.id == owner or (view.persons and not view.persons - fixers):
            raise Invalid("verifier_is_owner", where="verifier_post")
        return view.id
    counter = house.counter()
    if order.hazard.level == "major" and counter is not None:
        return counter.id
    for kind in ("safety_manager", "principal"):
        view = house.chairs.occupied(kind, site_id=order.hazard.site_id)
        if view is not None and view.id != owner and view.persons - fixers:
            return view.id
    return _id(counter) or _id(house.chairs.of("safety_manager"))


def promise(
    hazard: Hazard, row: Rectification, *, basis: str = "", again: bool = False, by: Actor, now: datetime
) -> NewDuty:
    """The promise to fix it; `again` after a return, of which the owner is told with the reason."""
    return new_duty(
        hazard,
        "rectification",
        level=hazard.level,
        owner=row.owner_post,
        accountable=row.accountable_post,
        verifier=row.verifier_post,
        due_at=row.due_at,
        basis=basis,
        again=again,
        by=by,
        now=now,
    )


def new_duty(
    hazard: Hazard,
    kind: str,
    *,
    level: str = "",
    about: Ref | None = None,
    owner: uuid.UUID | None = None,
    accountable: uuid.UUID | None = None,
    verifier: uuid.UUID | None = None,
    due_at: datetime | None = None,
    basis: str = "",
    again: bool = False,
    by: Actor,
    now: datetime,
) -> NewDuty:
    """A promise about a hazard, at the hazard's place and line."""
    return NewDuty(
        business_id=hazard.business_id,
        kind=kind,
        about=about or ref_of(hazard),
        place_code=hazard.place_code,
        level=level,
        site_id=hazard.site_id,
        line=hazard.line,
        industry_code=hazard.industry_code,
        tier=hazard.tier,
        owner_post=owner,
        accountable_post=accountable,
        verifier_post=verifier,
        due_at=due_at,
        basis=basis,
        subject=subject_of(hazard),
        again=again,
        by=by,
        now=now,
    )


def rating_promise(hazard: Hazard, house: House, *, by: Actor, now: datetime) -> NewDuty:
    """The promise to grade it and order the fix: the safety manager's, else the next who sits there."""
    found = house.chairs.first_occupied("safety_manager", "principal", "business_line")
    owner = found or house.chairs.of("safety_manager") or house.chairs.of("principal")
    return new_duty(hazard, "rating", owner=_id(owner), accountable=_id(house.chairs.of("principal")), by=by, now=now)


def major_promises(hazard: Hazard, house: House, *, by: Actor, now: datetime) -> list[NewDuty]:
    """What a major hazard adds: a report to each side, and the five-part plan."""
    chief = _id(house.chairs.of("principal"))
    writer = house.chairs.first_occupied("safety_manager", "principal")
    reports = [
        new_duty(
            hazard,
            "double_report",
            level=side,
            about=report_about(hazard, side),
            owner=_id(writer) or chief,
            accountable=chief,
            by=by,
            now=now,
        )
        for side in SIDES
    ]
    return [*reports, new_duty(hazard, "plan", level="major", owner=chief, accountable=chief, by=by, now=now)]
