"""Fifteen months of a city, day by day, through the same actions as any day: each act at its own hour, in sets.

Nobody is written to about what lies further back than `RECENT`: until then the wiring hangs without its letter-writers.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction

from qianan.doors.console.history import quietly
from qianan.doors.console.planting.album import Album
from qianan.doors.console.planting.cast import CAST, CITY, PASSWORD
from qianan.doors.console.planting.errands import Errands
from qianan.doors.console.planting.habits import Round, handed, rounds_of
from qianan.doors.console.planting.lives import Lives
from qianan.doors.console.planting.offices import PLANTER, Offices, plant_offices
from qianan.doors.console.planting.shops import City, Shop, plan_shops
from qianan.field.selfchecks import actions as selfchecks
from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts.actions import NewPerson, NewSeat
from qianan.ground.codebook import queries as codebook
from qianan.ground.trail import delivery, sealing
from qianan.kernel.ids import uuid_of
from qianan.registry.businesses import actions as businesses
from qianan.registry.businesses.actions import NewTenancy
from qianan.registry.duties import actions as duties

RECENT = timedelta(days=3)
BATCH = 500
WEEK = 7
"""Days written in one transaction: the embedded database waits for the disk at each commit."""


@dataclass
class Planted:
    """What was planted, as it was counted on the way."""

    businesses: int = 0
    sites: int = 0
    people: int = 0
    owed: int = 0
    checks: int = 0
    missed: int = 0
    hazards: int = 0
    visits: int = 0
    climbs: int = 0
    entries: int = 0


def months_before(day: date, months: int) -> date:
    """The first of the month so many months before."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def landlord_role(shop: Shop) -> str:
    return "market" if shop.trade.venue in {"restaurant", "mall"} else "property"


class Story:
    """Plants a city. Everything is drawn from the seed and the day; `say` hears how far it is."""

    def __init__(self, *, sites: int, months: int, seed: int, today: date, say: Callable[[str], None]) -> None:
        self.sites, self.seed, self.today, self.say = sites, seed, today, say
        self.zone: ZoneInfo = codebook.instance_zone()
        self.first = months_before(today, months)
        self.done = Planted()
        self.offices: Offices
        self.shops: list[Shop] = []
        self.rows: dict[UUID, Any] = {}

    def at(self, day: date, hour: int = 0, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.zone)

    def tell(self) -> Planted:
        """Plant it all: offices, then every day up to yesterday, then what stands on today's table."""
        password_hash = make_password(PASSWORD)
        with quietly():
            self.say("Offices and officers …")
            with transaction.atomic():
                self._found(password_hash)
            self.shops = plan_shops(
                self.sites,
                city=City(self.first),
                seed=self.seed,
                first=self.first,
                today=self.today,
                zone=self.zone,
                password_hash=password_hash,
            )
            self.album = Album(self.seed, self.at(self.first, 8))
            facts: dict[str, Any] = {"seed": self.seed, "today": self.today, "zone": self.zone}
            self.lives = Lives(self.offices, self.album, **facts)
            self.errands = Errands(self.shops, self.offices, self.lives, **facts)
            self._plan_rounds()
            self._days(self.first, self.today - RECENT)
        self._days(self.today - RECENT, self.today)
        self._today(password_hash)
        return self.done

    def _found(self, password_hash: str) -> None:
        now = self.at(self.first, 8)
        self.offices = plant_offices(
            Random(f"{self.seed}/offices"),  # noqa: S311  a plan, not a secret
            since=self.first,
            now=now,
            password_hash=password_hash,
        )
        admin = next(each for each in CAST if each.role == "admin")
        id = uuid_of("planted", admin.login)
        accounts.add_people(
            [NewPerson(id=id, login=admin.login, name=admin.name, mobile=admin.mobile, password_hash=password_hash)],
            by=PLANTER,
            now=now,
        )
        accounts.take_seats([NewSeat(person=id, role="admin", place_code=CITY, since=self.first)], by=PLANTER, now=now)
        self.done.people += 2 * 1 + len(self.offices.actors) - 1

    # -- the days -------------------------------------------------------------------------

    def _days(self, since: date, until: date) -> None:
        joining = self._joining(since, until)
        day = max(since, self.first)
        while day < until:
            week = min(day + timedelta(days=WEEK - day.weekday()), until)
            with transaction.atomic():
                while day < week:
                    self._day(day, joining.get(day, []), self.rounds.pop(day, []))
                    day += timedelta(days=1)
            self.say(f"{day:%Y-%m-%d}: {self.done.checks:,} checks, {self.done.hazards:,} hazards")

    def _joining(self, since: date, until: date) -> dict[date, list[Shop]]:
        found: dict[date, list[Shop]] = defaultdict(list)
        for shop in self.shops:
            if since <= shop.joined < until:
                found[shop.joined].append(shop)
        return found

    def _plan_rounds(self) -> None:
        self.say("Who checks when …")
        self.rounds: dict[date, list[Round]] = defaultdict(list)
        for shop in self.shops:
            for each in rounds_of(shop, self.seed, until=self.today, zone=self.zone):
                self.rounds[each.at.date()].append(each)

    def _day(self, day: date, joining: list[Shop], rounds: list[Round]) -> None:
        midnight = self.at(day)
        self.done.missed += selfchecks.miss_overdue(midnight, by=PLANTER)
        self.done.climbs += duties.escalate_overdue(midnight, by=PLANTER)
        if joining:
            self._join(joining, day)
        businesses.change_due_sites(self.at(day, 0, 4))
        self.done.owed += selfchecks.make_occurrences(day, now=self.at(day, 0, 5), by=PLANTER)
        self._check(rounds)
        self.errands.run(day, self.rows)
        self.lives.live(day)
        self.done.hazards, self.done.visits = self.lives.count, self.errands.visits
        delivery.work_all(self.at(day, 23, 59))

    def _join(self, shops: list[Shop], day: date) -> None:
        now = self.at(day, 9)
        rows = businesses.register_businesses([shop.new for shop in shops], by=PLANTER, now=now)
        self.rows |= {row.id: row for row in rows}
        duties.equip_businesses([(shop.id, day) for shop in shops], by=PLANTER, now=now)
        staff = [each for shop in shops for each in shop.staff]
        accounts.add_people([each.person for each in staff], by=PLANTER, now=now)
        accounts.take_seats([each.seat for each in staff], by=PLANTER, now=now)
        self._let(shops, day, now)
        self.done.businesses += len(shops)
        self.done.sites += sum(len(shop.sites) for shop in shops)
        self.done.people += len(staff)

    def _let(self, shops: list[Shop], day: date, now: datetime) -> None:
        """Tenancies of those who came today, and of those whose landlord did."""
        new = {shop.id for shop in shops}
        businesses.record_tenancies(
            [
                NewTenancy(
                    business=self.rows[shop.id], landlord=self.rows[shop.landlord], role=landlord_role(shop), since=day
                )
                for shop in self.shops
                if shop.landlord in self.rows and shop.id in self.rows and {shop.id, shop.landlord} & new
            ],
            by=PLANTER,
            now=now,
        )

    def _check(self, rounds: list[Round]) -> None:
        rounds.sort(key=lambda each: each.at)
        for start in range(0, len(rounds), BATCH):
            some = rounds[start : start + BATCH]
            sent = [handed(each, self.seed, self._camera(each)) for each in some]
            results = selfchecks.receive_submissions(sent, by=PLANTER, now=some[-1].at)
            for each, check, result in zip(some, sent, results, strict=True):
                if result.submission is None:
                    raise RuntimeError(f"a planted check was refused: {result.problems}")
                for hazard in result.hazards:
                    photos = check.answers[hazard.item_code].get("photos", ("",))
                    self.lives.begin(each.shop, hazard, photo=photos[0])
            self.done.checks += len(some)

    def _camera(self, each: Round) -> Callable[[str], str | None] | None:
        """Photos are few: those of the last weeks, and of the demo's own shops, have them."""
        if each.shop.number < 8 or (self.today - each.at.date()).days < 40:
            return self.album.take
        return None

    # -- the last day -----------------------------------------------------------------------

    def _today(self, password_hash: str) -> None:
        """What is owed today, who waits for an answer, and the last links of the trail."""
        midnight = self.at(self.today)
        self.done.people += self.errands.claim(self.today - timedelta(days=1), password_hash)
        with transaction.atomic():
            self.done.missed += selfchecks.miss_overdue(midnight, by=PLANTER)
            self.done.climbs += duties.escalate_overdue(midnight, by=PLANTER)
            self.done.owed += selfchecks.make_occurrences(self.today, now=self.at(self.today, 0, 5), by=PLANTER)
        delivery.work_all(self.at(self.today, 0, 6))
        self.say("Sealing the trail …")
        self.done.entries = sealing.seal_all(self.at(self.today, 0, 10))
