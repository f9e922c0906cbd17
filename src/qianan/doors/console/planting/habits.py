"""How a shop goes about its checks: when it does them, who does, how carefully, and what it then finds.

Honest shops look and find; busy ones come late; lazy ones skip; suspicious ones pass everything within seconds, at
the same minute each day; silent ones never come, or only in their first weeks.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from qianan.doors.console.planting.shops import Shop
from qianan.field.selfchecks.actions import Handed
from qianan.field.selfchecks.due import period
from qianan.ground.codebook import queries as codebook
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7_of
from qianan.registry.checklists import queries as checklists
from qianan.registry.checklists.queries import Edition


@dataclass(frozen=True, slots=True)
class Habit:
    """How many days in a row it checks, and then does not; the share of weekly and monthly lists done; of those late;
    seconds an item takes; failed items a thousand; led a hundred."""

    on: int
    off: int
    longer: float
    late: float
    seconds: tuple[int, int]
    fails: int
    led: int


HABITS = {
    "honest": Habit(48, 2, 0.96, 0.04, (9, 22), 8, 16),
    "busy": Habit(16, 5, 0.8, 0.14, (6, 16), 7, 6),
    "lazy": Habit(10, 10, 0.55, 0.16, (4, 8), 4, 2),
    "suspicious": Habit(240, 1, 0.99, 0.0, (2, 3), 0, 0),
}
TRIED_DAYS = 24
FULL_FACTOR = 1.6
"""A long list finds more in each item than the daily round does."""

RARELY_MAJOR = 0.025
"""Of the failed items, so many are ones that suggest a major hazard."""

NOTES = {
    "gas": ("灶具连接软管老化,接口松动", "报警器没通电,指示灯不亮", "气瓶靠近明火放置"),
    "fire": ("灭火器压力不足,指针在红区", "消火栓前堆放杂物", "应急照明灯不亮"),
    "exit": ("后门通道堆放纸箱", "安全出口标志不亮", "疏散楼梯间停放电动车"),
    "electric": ("插线板串接使用,外皮发热", "配电箱前堆物,门关不上", "电线绝缘层破损"),
    "": ("现场与要求不符,已拍照", "今天检查发现没有做到", "记录缺了几天", "标识脱落,看不清"),
}


@dataclass(frozen=True, slots=True)
class Round:
    """One check that will be made: when, at which site, which list, by whom, for which due day, how quickly."""

    at: datetime
    shop: Shop
    site: UUID
    checklist: str
    by: Actor
    due_day: date
    seconds: int
    fails: int
    late: bool


@dataclass(frozen=True)
class Rhythm:
    """A list that a site owes: its edition and how often."""

    edition: Edition
    frequency: str
    due_time: time
    grace: timedelta
    for_role: str


@cache
def rhythms(venue: str, tags: tuple[str, ...], tier: str, on: date) -> tuple[Rhythm, ...]:
    """The lists a site of this sort owes, as the codebook says on a day."""
    found = []
    for row in checklists.lists_for(venue=venue, tags=tags):
        rule = codebook.frequency_for(
            checklist=row.code, venue=venue, tags=tags, tier=tier, default=row.frequency, on=on
        )
        grace = timedelta(hours=rule.grace_hours)
        found.append(Rhythm(checklists.current(row.code), rule.frequency, rule.due_time, grace, row.for_role))
    return tuple(found)


@cache
def askable(version_id: str) -> tuple[tuple[str, ...], tuple[str, ...], Mapping[str, str]]:
    """Of an edition: items that are always asked; those of them that suggest a major hazard; categories by item."""
    edition = checklists.edition(version_id)
    asked = [item for item in edition.items if item.answer == "select" and not item.repeat and item.relevant is None]
    majors = tuple(item.code for item in asked if item.responses["f"].hazard_level == "suggest_major")
    return tuple(item.code for item in asked), majors, {item.code: item.category for item in asked}


def rounds_of(shop: Shop, seed: int, *, until: date, zone: ZoneInfo) -> Iterator[Round]:
    """Every check the shop will make from the day it joined until a day (not included), in no order."""
    if shop.character == "silent" and not shop.tried:
        return
    dice = Random(f"{seed}/rounds/{shop.number}")  # noqa: S311
    for site, new in zip(shop.sites, shop.new.sites, strict=True):
        venue = shop.new.venue
        for rhythm in rhythms(venue, tuple(sorted(new.tags or ())), shop.new.tier, shop.joined):
            yield from _rounds(dice, shop, site, rhythm, until, zone)


def _rounds(dice: Random, shop: Shop, site: UUID, rhythm: Rhythm, until: date, zone: ZoneInfo) -> Iterator[Round]:
    habit = HABITS["busy" if shop.character == "silent" else shop.character]
    end = min(until, shop.joined + timedelta(days=TRIED_DAYS)) if shop.character == "silent" else until
    day = shop.joined
    minute, keen = dice.randint(5, 55), True
    while day < end:
        first, last = period(rhythm.frequency, day)
        if rhythm.frequency == "daily":
            does = keen = dice.random() * habit.on >= 1 if keen else dice.random() * habit.off < 1
        else:
            does = dice.random() < habit.longer
        came = _day(dice, shop, max(first, shop.joined), last, end) if does else None
        day = last + timedelta(days=1)
        if came is None or _is_shut(shop, came):
            continue
        late = dice.random() < habit.late and rhythm.grace > timedelta(hours=2)
        if late:
            came = last
        if came >= end:
            continue
        yield _round(dice, shop, site, rhythm, habit, came, last, minute, late, zone)


def _day(dice: Random, shop: Shop, first: date, last: date, end: date) -> date | None:
    """On which day of its period: honest shops early, busy ones at the end."""
    span = (last - first).days
    if span <= 0:
        return first
    throw = dice.random() ** (0.5 if shop.character in {"busy", "lazy"} else 1.6)
    came = first + timedelta(days=int(throw * (span + 1)))
    return came if came < end else None


def _is_shut(shop: Shop, day: date) -> bool:
    if shop.shut is None:
        return False
    _, since, until = shop.shut
    return day >= since and (until is None or day < until)


def _round(
    dice: Random,
    shop: Shop,
    site: UUID,
    rhythm: Rhythm,
    habit: Habit,
    day: date,
    due_day: date,
    minute: int,
    late: bool,
    zone: ZoneInfo,
) -> Round:
    if late:
        at = datetime.combine(day, rhythm.due_time, zone) + timedelta(minutes=dice.randint(10, 110))
    elif shop.character == "suspicious":
        at = datetime.combine(day, time(8, minute, dice.randint(0, 40)), zone)
    else:
        hour = dice.choice((7, 8, 8, 9, 9, 10, 11, 13, 14, 16, 18))
        at = datetime.combine(day, time(hour, dice.randrange(60), dice.randrange(60)), zone)
    items, _, _ = askable(rhythm.edition.version_id)
    long = rhythm.for_role != "worker"
    chance = habit.fails / 1000 * (FULL_FACTOR if long else 1)
    fails = sum(dice.random() < chance for _ in items) if habit.fails else 0
    led = dice.randrange(100) < habit.led
    by = shop.who("principal" if led else "safety_manager" if long else "worker")
    seconds = sum(dice.randint(*habit.seconds) for _ in items)
    return Round(at, shop, site, rhythm.edition.code, by, due_day, seconds, min(fails, 4), late)


def handed(each: Round, seed: int, camera: Callable[[str], str | None] | None = None) -> Handed:
    """What the phone sends: everything passes but for what failed, with a note, and a photo if there is one."""
    version = checklists.current(each.checklist).version_id
    items, majors, categories = askable(version)
    answers: dict[str, Any] = dict.fromkeys(items, "p")
    if each.fails:
        dice = Random(f"{seed}/{each.site}/{each.checklist}/{each.due_day}")  # noqa: S311
        plain = [code for code in items if code not in majors] or list(items)
        for _ in range(each.fails):
            pool = majors if majors and dice.random() < RARELY_MAJOR else plain
            code = dice.choice(pool)
            answers[code] = {"a": "f", "note": dice.choice(NOTES.get(categories[code], NOTES[""]))}
            if camera and (photo := camera(categories[code])):
                answers[code]["photos"] = [photo]
    begun = each.at - timedelta(seconds=each.seconds)
    return Handed(
        id=uuid7_of(f"{seed}/check/{each.site}/{each.checklist}/{each.due_day}", each.at),
        business_id=each.shop.id,
        site_id=each.site,
        version_id=version,
        answers=answers,
        started_at=begun,
        ended_at=each.at,
        sent_at=each.at,
        by=each.by,
        now=each.at,
    )
