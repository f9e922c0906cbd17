"""The cast: one street everybody knows.

*Lao Wang* keeps a noodle shop (its principal); *Sister Liu* is its safety manager; *Xiao Zhao* cooks there;
*Officer Li* sits at the street, *Chief Zhang* at the district, *Director Sun* at the city, *Ms Chen* at the district's
commerce bureau; *Boss Qian* keeps another shop in another district; *Stranger* has no seat.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from qianan.ground.accounts.models import Body, Person, Seat
from qianan.ground.trail.models import Entry
from qianan.kernel.actor import Actor, SeatView
from qianan.kernel.ids import NIL, uuid7, uuid_of
from qianan.registry.businesses.models import Business, CreditCode, Oversight, Site
from qianan.registry.duties.models import Post

MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
"""Monday 2 November 2026, nine in the morning in Beijing."""

FIRST = date(2026, 1, 1)
STREET, DISTRICT, CITY = "110105001", "110105", "11"
COMMUNITY = "110105001026"
ELSEWHERE = "110108001"
PASSWORD = "noodles-and-broth"


@dataclass
class Street:
    """Everybody by name: `street.lao_wang` is an Actor; `street.people[...]` the rows."""

    business: Business
    site: Site
    other_business: Business
    other_site: Site
    people: dict[str, Person] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        actors = self.__dict__.get("actors", {})
        if name in actors:
            return actors[name]
        raise AttributeError(name)

    def trail_since(self, at: datetime) -> list[Entry]:
        return list(Entry.objects.filter(at__gte=at).order_by("id"))

    def through(self, name: str, door: str) -> Actor:
        actor = self.actors[name]
        return Actor(person=actor.person, seats=actor.seats, seat=actor.seat, door=door, name=actor.name)


def make_business(name: str, name_en: str, code: str, place: str, line: str = "commerce") -> tuple[Business, Site]:
    business = Business.objects.create(
        id=uuid_of("cast", name),
        credit_code=code,
        name_zh=name,
        name_en=name_en,
        industry_id="6210",
        venue="restaurant",
        place_code=place,
        line=line,
        headcount=6,
        registered_at=MONDAY,
    )
    CreditCode.objects.create(code=code, business_id=business.id)
    site = Site.objects.create(
        business=business,
        id=uuid7(MONDAY),
        name_zh=name,
        name_en=name_en,
        address="光华路 1 号",
        place_code=place,
        industry_code="6210",
        venue="restaurant",
        tags=["gas"],
        opened_on=FIRST,
    )
    return business, site


def gather() -> Street:
    """Make the street. The code tables must be there (`basis.lay`)."""
    business, site = make_business("老王面馆", "Lao Wang's Noodles", "92110105MA00WANG17"[:18], COMMUNITY)
    other, other_site = make_business("钱记茶馆", "Qian's Teahouse", "92110108MA00QIAN28"[:18], ELSEWHERE)
    street = Street(business=business, site=site, other_business=other, other_site=other_site)
    bodies = [
        ("city:11", "city", "北京市安全生产委员会办公室", "Beijing Work Safety Committee Office", CITY, ""),
        ("district:110105", "district", "朝阳区应急管理局", "Chaoyang Emergency Bureau", DISTRICT, ""),
        ("street:110105001", "street", "建外街道办事处", "Jianwai Sub-district Office", STREET, ""),
        ("street:110108001", "street", "万寿路街道办事处", "Wanshoulu Sub-district Office", ELSEWHERE, ""),
        ("dept:commerce:110105", "department", "朝阳区商务局", "Chaoyang Commerce Bureau", DISTRICT, "commerce"),
        ("dept:fire:110105", "department", "朝阳区消防救援支队", "Chaoyang Fire and Rescue", DISTRICT, "fire"),
    ]
    for code, kind, zh, en, place, line in bodies:
        Body.objects.create(code=code, kind=kind, name_zh=zh, name_en=en, place_code=place, line=line, since=FIRST)
        for post in ("head", "inspector"):
            street.posts[f"{code}/{post}"] = Post.objects.create(
                business_id=NIL,
                id=uuid7(MONDAY),
                kind=post,
                title_zh="负责人" if post == "head" else "检查员",
                title_en=post.capitalize(),
                body_code=code,
                position=0 if post == "head" else 1,
                since=FIRST,
            )
    for owner, prefix in ((business, ""), (other, "other/")):
        kinds = [
            ("principal", "主要负责人", "Principal", 0),
            ("safety_manager", "安全管理人员", "Safety manager", 1),
            ("business_line", "业务负责人", "Business-line manager", 2),
            ("production", "后厨班长", "Kitchen lead", 3),
            ("worker", "员工", "Staff", 4),
        ]
        for kind, zh, en, position in kinds:
            street.posts[prefix + kind] = Post.objects.create(
                business_id=owner.id,
                id=uuid7(MONDAY),
                kind=kind,
                title_zh=zh,
                title_en=en,
                position=position,
                since=FIRST,
            )
    for owner, code in ((business, "street:110105001"), (other, "street:110108001")):
        Oversight.objects.create(
            business_id=owner.id,
            id=uuid7(MONDAY),
            duty_type="territory",
            body_code=code,
            basis="安全生产法第九条",
            since=FIRST,
        )
    Oversight.objects.create(
        business_id=business.id,
        id=uuid7(MONDAY),
        duty_type="industry",
        body_code="dept:commerce:110105",
        line="commerce",
        basis="安全生产法第三条",
        since=FIRST,
    )
    p = street.posts
    cast = [
        ("lao_wang", "王建国", "principal", business, p["principal"], {}),
        ("sister_liu", "刘芳", "safety_manager", business, p["safety_manager"], {}),
        ("xiao_zhao", "赵小明", "worker", business, p["production"], {}),
        ("boss_qian", "钱多多", "principal", other, p["other/principal"], {}),
        (
            "officer_li",
            "李敏",
            "street",
            None,
            p["street:110105001/inspector"],
            {"place_code": STREET, "body_code": "street:110105001"},
        ),
        (
            "chief_zhang",
            "张强",
            "district",
            None,
            p["district:110105/head"],
            {"place_code": DISTRICT, "body_code": "district:110105"},
        ),
        ("director_sun", "孙丽", "city", None, p["city:11/head"], {"place_code": CITY, "body_code": "city:11"}),
        (
            "officer_he",
            "何平",
            "street",
            None,
            p["street:110108001/inspector"],
            {"place_code": ELSEWHERE, "body_code": "street:110108001"},
        ),
        (
            "ms_chen",
            "陈静",
            "industry",
            None,
            p["dept:commerce:110105/head"],
            {"place_code": DISTRICT, "line": "commerce", "body_code": "dept:commerce:110105"},
        ),
        ("stranger", "路人甲", "", None, None, {}),
        ("admin", "管理员", "admin", None, None, {"place_code": CITY}),
    ]
    for number, (login, name, role, owner, post, office) in enumerate(cast):
        person = Person(
            id=uuid_of("cast", login), login=login, name=name, mobile=f"+86138000000{number:02d}", joined_at=MONDAY
        )
        person.set_password(PASSWORD)
        person.save()
        street.people[login] = person
        seats: tuple[SeatView, ...] = ()
        if role:
            seat = Seat.objects.create(
                id=uuid7(MONDAY),
                person=person,
                role=role,
                business_id=owner.id if owner else NIL,
                post=post.id if post else None,
                since=FIRST,
                **office,
            )
            seats = (
                SeatView(
                    id=seat.id,
                    role=role,
                    place_code=seat.place_code,
                    line=seat.line,
                    business=seat.business_id,
                    body_code=seat.body_code,
                    post=seat.post,
                ),
            )
        street.actors[login] = Actor(
            person=person.id, seats=seats, seat=seats[0] if seats else None, door="test", name=name
        )
    return street
