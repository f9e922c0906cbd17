"""One shop with a history, and everybody who may or may not come near it.

Every relation of the matrix is a person: what is asked is always about Lao Wang's shop.
"""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from qianan.doors.kit import now as clock
from qianan.field.hazards import actions as hazards
from qianan.field.hazards.models import Hazard
from qianan.field.inspections import actions as inspections
from qianan.field.selfchecks import actions as selfchecks
from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts import queries as people
from qianan.ground.evidence import actions as evidence
from qianan.ground.notices import actions as notices
from qianan.ground.notices.models import Attempt, Notice
from qianan.ground.trail import delivery
from qianan.ground.trail.models import Ticket
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.ref import Ref
from qianan.registry.businesses import actions as businesses
from qianan.registry.businesses import importing
from qianan.registry.businesses.models import Business
from qianan.registry.duties import actions as duties
from qianan.registry.duties import queries as chairs
from qianan.registry.duties.models import Order
from tests.cast import DISTRICT, MONDAY, PASSWORD, STREET, Street
from tests.doors.api.client import Program, token_for
from tests.ground.evidence.pictures import photo

SETUP = Actor.system("setup")

PEOPLE = {
    "nobody": "not signed in",
    "stranger": "signed in, without a seat",
    "worker": "works in the shop",
    "manager": "its safety manager",
    "principal": "its principal",
    "other_principal": "principal of another shop in another district",
    "landlord": "principal of the market in which the shop works",
    "street": "officer of its street",
    "other_street": "officer of another street",
    "district": "officer of its district",
    "city": "officer of the city",
    "industry": "officer of its line (commerce) in its district",
    "other_line": "officer of another line (fire) in its district",
    "admin": "administrator",
}
"""The columns of the matrix."""

CAST = {
    "stranger": "stranger",
    "worker": "xiao_zhao",
    "manager": "sister_liu",
    "principal": "lao_wang",
    "other_principal": "boss_qian",
    "street": "officer_li",
    "other_street": "officer_he",
    "district": "chief_zhang",
    "city": "director_sun",
    "industry": "ms_chen",
    "admin": "admin",
}


@dataclass
class World:
    """The street with a history: ids by name, hazards by state, a browser and a program for everybody."""

    street: Street
    ids: dict[str, Any] = field(default_factory=dict)
    hazards: dict[str, Hazard] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)


def actor(person: Any) -> Actor:
    return people.actor_of(person.id, door="test", on=MONDAY.date())


def _newcomers(world: World) -> dict[str, Any]:
    """Those whom the cast lacks: the market's principal, a fire officer, a second officer of the district."""
    street = world.street
    market = businesses.register_business(
        businesses.NewBusiness(name_zh="大望市场", place_code=street.site.place_code, is_landlord=True, venue="mall"),
        by=SETUP,
        now=MONDAY,
    )
    businesses.record_tenancy(street.business, landlord=market, by=SETUP, now=MONDAY)
    found = {}
    for name, role, more in (
        ("landlord", "principal", {"business_id": market.id}),
        ("other_line", "industry", {"place_code": DISTRICT, "line": "fire", "body_code": "dept:fire:110105"}),
        ("second", "district", {"place_code": DISTRICT, "body_code": "district:110105"}),
    ):
        person = accounts.add_person(name=name, login=f"the_{name}", password=PASSWORD, by=SETUP, now=MONDAY)
        accounts.take_seat(person, role=role, since=MONDAY.date(), by=SETUP, now=MONDAY, **more)
        found[name] = person
    world.ids["market"] = market.id
    return found


def _hazards(world: World, second: Actor) -> None:
    """One hazard in each state that some act needs."""
    street, at = world.street, MONDAY
    zhao, liu, zhang = street.xiao_zhao, street.sister_liu, street.chief_zhang

    def new(name: str, level: str = "", order: bool = False) -> Hazard:
        hazard = hazards.report_hazard(hazards.NewHazard(site=street.site, text=name), by=zhao, now=at)
        if level:
            hazards.rate(hazard, level=level, reason="看过", by=liu, now=at)
        if order:
            hazards.order_rectification(hazard, by=liu, now=at)
        world.hazards[name] = hazard
        return hazard

    def fresh(hazard: Hazard) -> Hazard:
        return Hazard.objects.get(pk=hazard.pk)

    new("found")
    new("rated", "general")
    new("rectifying", "general", order=True)
    new("major", "major", order=True)
    handed = new("handed_in", "general", order=True)
    hazards.hand_in(fresh(handed), note="好了", by=zhao, now=at)
    accepted = new("accepted", "general", order=True)
    hazards.hand_in(fresh(accepted), note="好了", by=zhao, now=at)
    hazards.verify(fresh(accepted), accept=True, by=street.lao_wang, now=at)
    closed = new("closed", "general", order=True)
    hazards.hand_in(fresh(closed), note="好了", by=zhao, now=at)
    hazards.verify(fresh(closed), accept=True, by=street.lao_wang, now=at)
    hazards.close_hazard(fresh(closed), note="销号", by=street.lao_wang, now=at)
    major_in = new("major_handed_in", "major", order=True)
    hazards.hand_in(fresh(major_in), note="好了", by=zhao, now=at)
    reported = new("reported", "major", order=True)
    hazards.send_double_report(fresh(reported), side="regulator", text="停用", how="phone", by=street.lao_wang, now=at)
    listed = new("listed", "major", order=True)
    hazards.supervise(fresh(listed), reason="重大", by=zhang, now=at)
    stopped = new("stopped", "major", order=True)
    hazards.suspend_work(fresh(stopped), scope="后厨", by=zhang, now=at)
    asked = new("asked", "general", order=True)
    extension = hazards.ask_extension(fresh(asked), until=at + timedelta(days=20), reason="等配件", by=liu, now=at)
    sent = new("sent", "general", order=True)
    transfer = hazards.transfer(
        fresh(sent), to_body="dept:fire:110105", reason="消防职责", by=street.officer_li, now=at
    )
    world.ids |= {"extension": extension.id, "transfer": transfer.id, "second": second.person}


def _papers(world: World) -> None:
    """Everything else that has an address."""
    street, at, ids = world.street, MONDAY, world.ids
    shop, site = street.business, street.site
    selfchecks.begin_day(at)
    from qianan.field.selfchecks.models import Occurrence
    from qianan.registry.checklists import queries as lists

    owed = Occurrence.objects.filter(business_id=shop.id, checklist="restaurant-daily").first()
    edition = lists.current("restaurant-daily")
    handed = selfchecks.Handed(
        id=uuid7(at),
        business_id=shop.id,
        site_id=site.id,
        version_id=edition.version_id,
        answers={item.code: "p" for item in edition.items},
    )
    selfchecks.receive_submission(handed, by=street.xiao_zhao, now=at)
    other = {**handed.answers, edition.items[0].code: "n"}
    conflicting = selfchecks.Handed(**{name: getattr(handed, name) for name in handed.__slots__} | {"answers": other})
    selfchecks.receive_submission(conflicting, by=street.xiao_zhao, now=at)
    from qianan.field.selfchecks.models import ConflictingSubmission

    file = evidence.keep(photo(3), by=street.xiao_zhao, now=at)
    hazards.add_photos(
        Hazard.objects.get(pk=world.hazards["found"].pk), photos=[file.sha256], by=street.xiao_zhao, now=at
    )
    claim = businesses.ask_claim(shop.credit_code, note="是我的", by=street.stranger, now=at)
    instruction = duties.send_instruction(businesses=[shop], text="请自查", by=street.officer_li, now=at)
    visit = inspections.record_visit(
        inspections.NewVisit(
            site=site, kind="routine", at=at, officers=[street.chief_zhang.person, ids["second"]], content="看过"
        ),
        by=street.chief_zhang,
        now=at,
    )
    invitation, secret = accounts.invite(
        role="worker", business_id=shop.id, place_code=shop.place_code, by=street.sister_liu, now=at
    )
    letter = notices.Letter(
        person=street.lao_wang.person,
        kind="instruction",
        about=Ref.of("duties.instruction", None, instruction.id),
        source="rights",
        params={"text": "请自查"},
        business_id=shop.id,
        ack_by=at + timedelta(days=1),
    )
    notices.write([letter], by=SETUP, now=at)
    token, _ = accounts.make_token(street.people["lao_wang"], label="mine", by=street.lao_wang, now=at)
    delivery.work_all(at)
    stuck = Ticket.objects.create(id=uuid7(at), news="hazards.HazardClosed", state="poisoned", run_at=at, attempts=8)
    failed = Attempt.objects.create(
        id=uuid7(at), person=street.lao_wang.person, channel="sms", state="given_up", run_at=at, failure="no"
    )
    duty = chairs.open_duties_for(street.lao_wang, kind="rectification").first()
    post = chairs.posts_of(shop.id, on=at.date())
    spare = duties.make_posts(
        [duties.NewPost(business_id=shop.id, kind="worker", title_zh="前厅", place_code=shop.place_code)],
        by=street.lao_wang,
        now=at,
    )[0]
    ids |= {
        "business": shop.id,
        "site": site.id,
        "occurrence": owed.id,
        "submission": handed.id,
        "version": edition.version_id,
        "answers": dict(handed.answers),
        "import": importing.preview(importing.template(), name="a.csv", by=street.officer_li, now=at).id,
        "conflict": ConflictingSubmission.objects.get().id,
        "sha256": file.sha256,
        "claim": claim.id,
        "instruction": instruction.id,
        "order": Order.objects.get(business_id=shop.id).id,
        "visit": visit.id,
        "invitation": invitation.id,
        "secret": secret,
        "notice": Notice.objects.filter(source="rights").get().id,
        "token": token.id,
        "ticket": stuck.id,
        "attempt": failed.id,
        "duty": duty.id,
        "post": spare.id,
        "to_post": post[0].post.id,
        "seat": street.xiao_zhao.seat.id,
        "tenancy": _tenancy(shop),
    }


def _tenancy(shop: Business) -> uuid.UUID:
    from qianan.registry.businesses import queries

    return queries.landlords_of(shop.id, on=MONDAY.date())[0][0].id


def build(street: Street) -> World:
    """The world of the matrix, on a Monday morning."""
    clock.turn_to(MONDAY)
    world = World(street)
    new = _newcomers(world)
    _hazards(world, actor(new["second"]))
    _papers(world)
    for name in PEOPLE:
        world.browsers[name] = Client(raise_request_exception=False)
        if name == "nobody":
            world.programs[name] = Program()
            continue
        person = new[name] if name in new else street.people[CAST[name]]
        world.actors[name] = actor(person)
        world.browsers[name].force_login(person, "qianan.ground.accounts.signin.NameOrMobileBackend")
        world.programs[name] = Program(token_for(world.actors[name]))
    world.ids |= {"nil": NIL, "place": STREET}
    return world
