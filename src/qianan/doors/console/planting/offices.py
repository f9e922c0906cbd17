"""Every street, district, city body and bureau, each with a head and an inspector."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from uuid import UUID

from qianan.doors.console.planting import words
from qianan.doors.console.planting.cast import CAST
from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts.actions import NewBody, NewPerson, NewSeat
from qianan.ground.codebook import queries as codebook
from qianan.ground.places import queries as places
from qianan.kernel.actor import Actor, SeatView
from qianan.kernel.ids import uuid_of
from qianan.kernel.problems import NotFound
from qianan.registry.duties import actions as duties
from qianan.registry.duties.queries import body_post_id

PLANTER = Actor.system("plant")


@dataclass
class Offices:
    """The officers by the chair they sit on: `actor("street:110105001", "inspector")`."""

    actors: dict[tuple[str, str], Actor]

    def actor(self, body_code: str, kind: str = "inspector") -> Actor:
        return self.actors[body_code, kind]

    def pair(self, body_code: str) -> tuple[UUID, UUID]:
        """Two officers of a body: a visit and a review are made by two."""
        first, second = self.actors[body_code, "inspector"].person, self.actors[body_code, "head"].person
        assert first is not None  # noqa: S101
        assert second is not None  # noqa: S101
        return first, second


def bodies(on: date) -> Iterator[NewBody]:
    """All bodies of the city, city first."""
    city = places.city()
    if city is None:
        raise NotFound("not_found")
    lines = codebook.departments()
    yield NewBody(
        kind="city",
        name_zh=f"{city.name_zh}安全生产委员会办公室",
        name_en=f"{city.name_en} Work Safety Committee Office",
        place_code=city.code,
    )
    for line in lines:
        yield _bureau(line, city.code, city.name_zh, city.name_en, on)
    for district in places.districts(on):
        yield NewBody(
            kind="district",
            name_zh=f"{district.name_zh}应急管理局",
            name_en=f"{_short(district.name_en)} Emergency Management Bureau",
            place_code=district.code,
        )
        for line in lines:
            if line.code != "emergency":
                yield _bureau(line, district.code, district.name_zh, _short(district.name_en), on)
        for street in places.streets_of(district.code, on):
            yield NewBody(
                kind="street",
                name_zh=_office_zh(street.name_zh),
                name_en=f"{street.name_en} Office",
                place_code=street.code,
            )


def _short(name_en: str) -> str:
    return name_en.removesuffix(" District")


def _office_zh(name: str) -> str:
    return (
        f"{name}办事处"
        if name.endswith("街道")
        else f"{name}人民政府"
        if name.endswith(("镇", "乡"))
        else f"{name}办事处"
    )


def _bureau(line: object, place: str, zh: str, en: str, on: date) -> NewBody:
    name_zh, name_en, code = line.name_zh, line.name_en, line.code  # type: ignore[attr-defined]
    return NewBody(
        kind="department",
        name_zh=f"{zh}{name_zh}部门",
        name_en=f"{en}, {name_en}",
        place_code=place,
        line=code,
        since=on,
    )


ROLE = {"city": "city", "district": "district", "street": "street", "department": "industry"}


def plant_offices(dice: Random, *, since: date, now: datetime, password_hash: str) -> Offices:
    """Set them up, chairs and people; the demo's own officers sit where the cast says."""
    rows = list(bodies(since))
    made = accounts.add_bodies(rows, by=PLANTER, now=now)
    duties.equip_bodies([(body.code, since) for body in made], by=PLANTER, now=now)
    stars = {(each.body_code, each.post): each for each in CAST if each.body_code}
    people, seats, chairs = [], [], []
    for number, body in enumerate(made):
        for turn, kind in enumerate(("head", "inspector")):
            star = stars.get((body.code, kind))
            login = star.login if star else f"{kind}.{body.code.replace(':', '.')}"
            id = uuid_of("planted", login)
            mobile = star.mobile if star else f"+86137{number * 2 + turn:08d}"
            name = star.name if star else words.person_name(dice)
            people.append(NewPerson(id=id, login=login, name=name, mobile=mobile, password_hash=password_hash))
            post = body_post_id(body.code, kind)
            seat = NewSeat(
                id=uuid_of("planted seat", login),
                person=id,
                role=ROLE[body.kind],
                place_code=body.place_code,
                line=body.line,
                body_code=body.code,
                post=post,
                since=since,
            )
            seats.append(seat)
            chairs.append((body.code, kind, name))
    accounts.add_people(people, by=PLANTER, now=now)
    accounts.take_seats(seats, by=PLANTER, now=now)
    actors = {
        (code, kind): actor_of(seat, name, door="desk") for (code, kind, name), seat in zip(chairs, seats, strict=True)
    }
    return Offices(actors)


def actor_of(seat: NewSeat, name: str, *, door: str) -> Actor:
    """The person of a seat, acting through a door."""
    assert seat.id is not None  # noqa: S101
    view = SeatView(
        id=seat.id,
        role=seat.role,
        place_code="" if seat.role in {"principal", "safety_manager", "worker"} else seat.place_code,
        line=seat.line,
        business=seat.business_id,
        body_code=seat.body_code,
        post=seat.post,
    )
    return Actor(person=seat.person, seats=(view,), seat=view, door=door, name=name)
