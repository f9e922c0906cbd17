"""The plan of who keeps a shop where, since when, how honestly: drawn from the seed before anything is planted."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from qianan.doors.console.planting import words
from qianan.doors.console.planting.cast import CAST, STREET
from qianan.doors.console.planting.words import TRADES, Trade
from qianan.ground.accounts.actions import NewPerson, NewSeat
from qianan.ground.places import queries as places
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7_of, uuid_of
from qianan.registry.businesses.actions import NewBusiness, NewSite
from qianan.registry.duties.queries import post_id

CHARACTERS = {"honest": 58, "busy": 14, "lazy": 14, "suspicious": 14}
"""Of those that take part, in hundredths."""

TAKES_PART = {"municipal_key": 0.85, "district_key": 0.75, "general": 0.26}
TIERS = (("municipal_key", 0.02), ("district_key", 0.28))
KEY_VENUES = frozenset({"mall", "hotel", "hospital", "elderly", "school", "petrol", "entertainment", "factory"})
"""Where many people are, or much that burns: there some three in ten are key units, elsewhere none."""

LANDLORDS = 0.02
SECOND_SITE = 0.07


@dataclass
class Staff:
    """One person of a shop: who, and which chair."""

    person: NewPerson
    seat: NewSeat
    actor: Actor


@dataclass
class Shop:
    """A business of the plan. `character`: honest, busy, lazy, suspicious, or silent; `tried`: silent, but once began.

    `shut`: the state a site comes into, from which day, until which.
    """

    number: int
    id: UUID
    trade: Trade
    new: NewBusiness
    sites: tuple[UUID, ...]
    joined: date
    character: str
    tried: bool
    staff: list[Staff] = field(default_factory=list)
    shut: tuple[str, date, date | None] | None = None
    landlord: UUID | None = None

    def who(self, role: str) -> Actor:
        """The person of a role, or who stands in for it: in a small shop the principal does everything."""
        order = {
            "worker": ("worker", "safety_manager", "principal"),
            "safety_manager": ("safety_manager", "principal", "worker"),
            "principal": ("principal", "safety_manager", "worker"),
        }[role]
        return next(each.actor for want in order for each in self.staff if each.seat.role == want)

    def other_than(self, actor: Actor) -> Actor | None:
        """A manager who is somebody else: who may verify and close what this person fixed."""
        managers = [each.actor for each in self.staff if each.seat.role in {"safety_manager", "principal"}]
        return next((each for each in managers if each.person != actor.person), None)


@dataclass(frozen=True)
class Corner:
    """A street with its communities."""

    code: str
    name_zh: str
    name_en: str
    lon: float
    lat: float
    communities: tuple[str, ...]


class City:
    """Where shops may stand: streets drawn by the population of their district."""

    def __init__(self, on: date) -> None:
        self.corners: list[Corner] = []
        self.weights: list[float] = []
        for district in places.districts(on):
            streets = places.streets_of(district.code, on)
            people = district.population or 100_000
            for street in streets:
                below = tuple(each.code for each in places.children_of(street.code, on=on))
                self.corners.append(
                    Corner(street.code, street.name_zh, street.name_en, district.lon or 0, district.lat or 0, below)
                )
                self.weights.append(people / len(streets))
        self.cumulative = list(itertools.accumulate(self.weights))
        self.by_code = {corner.code: corner for corner in self.corners}

    def draw(self, dice: Random) -> Corner:
        return dice.choices(self.corners, cum_weights=self.cumulative)[0]


def plan_shops(
    sites: int, *, city: City, seed: int, first: date, today: date, zone: ZoneInfo, password_hash: str
) -> list[Shop]:
    """Shops for so many sites, the demo's own first; who joined in which week, and what sort they are."""
    dice = Random(f"{seed}/shops")  # noqa: S311  a plan, not a secret
    shares = list(itertools.accumulate(trade.share for trade in TRADES))
    shops: list[Shop] = []
    left = sites
    for shop in _own(city, seed, first, zone, password_hash):
        shops.append(shop)
        left -= len(shop.sites)
    for number in itertools.count(len(shops)):
        if left <= 0:
            break
        trade = dice.choices(TRADES, cum_weights=shares)[0]
        corner = city.draw(dice)
        extra = 1 if left > 1 and dice.random() < SECOND_SITE else 0
        shop = _shop(dice, number, trade, corner, city, 1 + extra, seed, first, today, zone, password_hash)
        shops.append(shop)
        left -= 1 + extra
    _let_rooms(dice, shops)
    return shops


def _joined(dice: Random, first: date, today: date) -> date:
    """Most came in the first quarter of the time, the rest until lately; always on a Monday's register round."""
    days = max(1, (today - first).days - 20)
    day = first + timedelta(days=int(days * min(dice.random() * 0.3 if dice.random() < 0.62 else dice.random(), 1.0)))
    return max(first, day - timedelta(days=day.weekday()))


def _tier(dice: Random, venue: str) -> str:
    throw = dice.random() if venue in KEY_VENUES else 1.0
    for tier, share in TIERS:
        if throw < share:
            return tier
        throw -= share
    return "general"


def _character(dice: Random, tier: str) -> tuple[str, bool]:
    if dice.random() < TAKES_PART[tier]:
        return dice.choices(list(CHARACTERS), weights=list(CHARACTERS.values()))[0], True
    return "silent", dice.random() < 0.18


def _shop(
    dice: Random,
    number: int,
    trade: Trade,
    corner: Corner,
    city: City,
    count: int,
    seed: int,
    first: date,
    today: date,
    zone: ZoneInfo,
    password_hash: str,
) -> Shop:
    joined = _joined(dice, first, today)
    at = datetime.combine(joined, time(9, dice.randrange(60)), zone)
    zh, en = words.business_name(dice, trade, corner.name_zh)
    tier = _tier(dice, trade.venue)
    id = uuid7_of(f"{seed}/business/{number}", at)
    place = dice.choice(corner.communities) if corner.communities else corner.code
    sites = []
    for turn in range(count):
        here = corner if turn == 0 else city.draw(dice)
        sites.append(
            NewSite(
                id=uuid7_of(f"{seed}/site/{number}/{turn}", at),
                name_zh=zh if turn == 0 else f"{zh}({words.place_word(here.name_zh)}店)",
                name_en=en if turn == 0 else f"{en} ({words.spelled(words.place_word(here.name_zh))})",
                address=words.address(dice, here.name_zh, here.name_en),
                place_code=place if turn == 0 else (dice.choice(here.communities) if here.communities else here.code),
                tags=trade.tags,
                tier=tier,
                lon=round(here.lon + dice.gauss(0, 0.04), 5),
                lat=round(here.lat + dice.gauss(0, 0.03), 5),
                area_m2=dice.randint(*trade.area),
                opened_on=joined,
            )
        )
    character, tried = _character(dice, tier)
    shop = Shop(
        number=number,
        id=id,
        trade=trade,
        new=NewBusiness(
            id=id,
            name_zh=zh,
            name_en=en,
            credit_code=words.credit_code(dice, corner.code, trade.heads[1] > 12),
            industry=trade.industry,
            venue=trade.venue,
            place_code=place,
            tier=tier,
            headcount=dice.randint(*trade.heads),
            contact=f"010-{dice.randint(5000, 8999)}{dice.randint(1000, 9999)}",
            is_landlord=trade.zh in {"商场", "物业"} and dice.random() < 0.8,
            sites=tuple(sites),
            how="plant",
            now=at,
        ),
        sites=tuple(site.id for site in sites if site.id),
        joined=joined,
        character=character,
        tried=tried,
    )
    _hire(dice, shop, password_hash)
    if dice.random() < 0.06 and joined < today - timedelta(days=60):
        day = joined + timedelta(days=dice.randint(30, (today - joined).days - 5))
        until = day + timedelta(days=dice.randint(10, 90))
        shop.shut = dice.choice((("paused", day, until), ("paused", day, until), ("closed", day, None)))
    return shop


def _hire(dice: Random, shop: Shop, password_hash: str) -> None:
    """Principal always; a safety manager in most; one or two of the staff."""
    roles = [("principal", "principal")]
    if shop.new.headcount and (shop.new.headcount > 6 or dice.random() < 0.5):
        roles.append(("safety_manager", "safety_manager"))
    roles += [("worker", "production")]
    if shop.new.headcount and shop.new.headcount > 20:
        roles.append(("worker", "worker"))
    for turn, (role, kind) in enumerate(roles):
        number = shop.number * 10 + turn
        _seat(shop, f"s{number}", f"+86136{number:08d}", words.person_name(dice), role, kind, password_hash)


def _seat(shop: Shop, login: str, mobile: str, name: str, role: str, kind: str, password_hash: str) -> None:
    from qianan.doors.console.planting.offices import actor_of

    person = NewPerson(id=uuid_of("planted", login), login=login, name=name, mobile=mobile, password_hash=password_hash)
    assert person.id is not None  # noqa: S101
    seat = NewSeat(
        id=uuid_of("planted seat", login),
        person=person.id,
        role=role,
        business_id=shop.id,
        place_code=shop.new.place_code,
        post=post_id(shop.id, kind),
        since=shop.joined,
    )
    shop.staff.append(Staff(person, seat, actor_of(seat, name, door="phone")))


def _let_rooms(dice: Random, shops: Sequence[Shop]) -> None:
    """Tenants in markets, malls and towers: some of the shops of the same street."""
    by_street: dict[str, list[Shop]] = {}
    for shop in shops:
        by_street.setdefault(shop.new.place_code[:9], []).append(shop)
    for neighbours in by_street.values():
        owners = [shop for shop in neighbours if shop.new.is_landlord]
        for shop in neighbours:
            if owners and not shop.new.is_landlord and shop.landlord is None and dice.random() < 0.6:
                shop.landlord = dice.choice(owners).id


def _own(city: City, seed: int, first: date, zone: ZoneInfo, password_hash: str) -> Iterator[Shop]:
    """Yong'an Market and its tenants in Jianwai, Lao Wang's among them."""
    dice = Random(f"{seed}/jianwai")  # noqa: S311
    corner = city.by_code.get(STREET)
    if corner is None:
        return
    by_zh = {trade.zh: trade for trade in TRADES}
    stalls = [
        ("永安市场", "Yong'an Market", "商场", "honest", "district_key"),
        ("老王面馆", "Lao Wang's Noodles", "面馆", "honest", "district_key"),
        ("永安鲜果便利店", "Yong'an Fruit and Convenience", "便利店", "busy", "general"),
        ("建外张记火锅店", "Zhang's Hot Pot", "火锅店", "lazy", "district_key"),
        ("建外小满咖啡店", "Xiaoman Coffee", "咖啡店", "honest", "general"),
        ("永安五金店", "Yong'an Hardware", "五金店", "suspicious", "district_key"),
        ("建外友邻快递站", "Youlin Parcel Station", "快递站", "silent", "general"),
        ("建外四季理发店", "Siji Hairdresser", "理发店", "silent", "general"),
    ]
    market: UUID | None = None
    for number, (zh, en, kind, character, tier) in enumerate(stalls):
        trade = by_zh[kind]
        at = datetime.combine(first, time(9, number), zone)
        id = uuid7_of(f"{seed}/own/{number}", at)
        site = NewSite(
            id=uuid7_of(f"{seed}/own site/{number}", at),
            name_zh=zh,
            name_en=en,
            address=f"建外街道永安里中街 {25 + number} 号",
            tags=trade.tags,
            tier=tier,
            lon=round(116.4405 + number * 0.0004, 5),
            lat=round(39.9071 + number * 0.0002, 5),
            area_m2=dice.randint(*trade.area),
            opened_on=first,
        )
        new = NewBusiness(
            id=id,
            name_zh=zh,
            name_en=en,
            credit_code=words.credit_code(dice, corner.code, kind == "商场"),
            industry=trade.industry,
            venue=trade.venue,
            place_code=corner.communities[0] if corner.communities else corner.code,
            tier=tier,
            headcount=dice.randint(*trade.heads),
            contact=f"010-6500{1000 + number}",
            is_landlord=kind == "商场",
            sites=(site,),
            how="plant",
            now=at,
        )
        assert site.id is not None  # noqa: S101
        shop = Shop(number, id, trade, new, (site.id,), first, character, False, landlord=market)
        market = market or id
        _people_of(dice, shop, zh, password_hash)
        yield shop


def _people_of(dice: Random, shop: Shop, zh: str, password_hash: str) -> None:
    logins = {"老王面馆": ("lao_wang", "sister_liu", "xiao_zhao"), "永安市场": ("market_mgr",)}.get(zh, ())
    for star in (each for each in CAST if each.login in logins):
        _seat(shop, star.login, star.mobile, star.name, star.role, star.post, password_hash)
    if zh != "老王面馆":
        have = {each.seat.role for each in shop.staff}
        for turn, (role, kind) in enumerate(
            (("principal", "principal"), ("safety_manager", "safety_manager"), ("worker", "production"))
        ):
            if role not in have:
                number = shop.number * 10 + turn
                _seat(shop, f"s{number}", f"+86136{number:08d}", words.person_name(dice), role, kind, password_hash)
