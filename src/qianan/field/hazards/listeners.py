"""What hazards do about news: late majors go on the list, deadlines and chairs follow the promises, people are told."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qianan.field.hazards import actions, queries
from qianan.field.hazards.actions.fixing import follow_due, follow_owner
from qianan.field.hazards.lifecycle import OPEN
from qianan.field.hazards.models import Hazard, Rectification, Suspension
from qianan.field.hazards.writing import Key, current_rectifications, key_of
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook.queries import local_day
from qianan.ground.notices.actions import Letter, is_old_news, write
from qianan.ground.trail.models import Entry
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Conflict, NotNow
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.businesses.models import Business, Site
from qianan.registry.duties import queries as duties
from qianan.registry.duties.chairs import industry_code_of, territory_code

HOUSE = Actor.system("wiring")
WHY = "整改逾期,已升级到区级,自动挂牌 / The fix is late and has reached the district: listed by rule"
DISTRICT = 2
"""The rung from which a late major goes on the list by itself."""


# -- what follows ---------------------------------------------------------------------------


def put_under_supervision(entries: Sequence[Entry], *, now: datetime) -> None:
    """DutyEscalated: a major hazard whose fix is so late that the district was told goes on its list, once."""
    wanted = [
        entry
        for entry in entries
        if entry.body["kind"] == "rectification" and entry.body["level"] == "major" and entry.body["rung"] >= DISTRICT
    ]
    hazards = _hazards(entry.body["of"] for entry in wanted)
    for entry in wanted:
        hazard = hazards.get(_key(entry.body["of"]))
        if hazard is None or hazard.level != "major" or hazard.state not in OPEN or hazard.supervised:
            continue
        body = territory_code("district", hazard.place_code)
        try:
            actions.supervise(hazard, reason=WHY, level="district", body_code=body, by=HOUSE, now=entry.at)
        except (Conflict, NotNow):  # listed meanwhile, or no longer a major one
            continue


def follow_extensions(entries: Sequence[Entry], *, now: datetime) -> None:
    """ExtensionDecided: a fix that was given more time is due at the new time, wherever it was granted."""
    wanted = {
        _key(entry.body["of"]): entry
        for entry in entries
        if entry.body["kind"] == "rectification" and entry.body["granted"]
    }
    pairs = _fixes(wanted)
    promised = duties.duties_by_ids((hazard.business_id, row.duty_id) for hazard, row in pairs if row.duty_id)
    follow_due([(hazard, row, promised[row.duty_id].due_at) for hazard, row in pairs if row.duty_id in promised])


def follow_reassignments(entries: Sequence[Entry], *, now: datetime) -> None:
    """DutyReassigned: the fix goes with its promise to the other chair."""
    wanted = {_key(entry.body["of"]): entry for entry in entries if entry.body["kind"] == "rectification"}
    pairs = _fixes(wanted)
    promised = duties.duties_by_ids((hazard.business_id, row.duty_id) for hazard, row in pairs if row.duty_id)
    follow_owner([(hazard, row, promised[row.duty_id].owner_post) for hazard, row in pairs if row.duty_id in promised])


def _fixes(wanted: Iterable[Key]) -> list[tuple[Hazard, Rectification]]:
    hazards = [hazard for hazard in queries.hazards_by_ids(wanted).values() if hazard.state in OPEN]
    fixes = current_rectifications(hazards) if hazards else {}
    return [(hazard, fixes[key_of(hazard)]) for hazard in hazards if key_of(hazard) in fixes]


def _key(text: str) -> Key:
    ref = Ref.parse(text)
    return ref.business, ref.uuid


def _hazards(refs: Iterable[str]) -> dict[Key, Hazard]:
    return queries.hazards_by_ids(_key(text) for text in refs)


# -- letters ----------------------------------------------------------------------------------


@dataclass
class Desk:
    """What letters about these entries need: the hazards, their businesses and sites. Old news is left out."""

    entries: list[Entry]
    hazards: Mapping[Key, Hazard] = field(default_factory=dict)
    businesses: Mapping[uuid.UUID, Business] = field(default_factory=dict)
    sites: Mapping[Key, Site] = field(default_factory=dict)

    def hazard(self, entry: Entry) -> Hazard:
        return self.hazards[_key(entry.about)]

    def letter(self, entry: Entry, person: uuid.UUID, kind: str, *, urgent: bool = False, **more: Any) -> Letter:
        hazard = self.hazard(entry)
        business, site = self.businesses.get(hazard.business_id), self.sites.get((hazard.business_id, hazard.site_id))
        return Letter(
            person=person,
            kind=kind,
            about=Ref.parse(entry.about),
            source=f"{entry.id}:{kind}",
            params={
                "number": hazard.number,
                "subject": hazard.text[:120],
                "level": hazard.level,
                "business": business.name_zh if business else "",
                "business_en": (business.name_en or business.name_zh) if business else "",
                "site": site.name_zh if site else "",
                "site_en": (site.name_en or site.name_zh) if site else "",
                **more,
            },
            place_code=hazard.place_code,
            business_id=hazard.business_id,
            urgent=urgent,
        )


def _desk(entries: Sequence[Entry], *, now: datetime) -> Desk:
    desk = Desk([entry for entry in entries if not is_old_news(entry.at, now)])
    if desk.entries:
        desk.hazards = _hazards(entry.about for entry in desk.entries)
        desk.entries = [entry for entry in desk.entries if _key(entry.about) in desk.hazards]
        desk.businesses = businesses.businesses_by_ids(key[0] for key in desk.hazards)
        desk.sites = businesses.sites_by_ids((row.business_id, row.site_id) for row in desk.hazards.values())
    return desk


def _others(entry: Entry, people: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Each once, without the one who did it."""
    return [person for person in dict.fromkeys(people) if entry.by != f"accounts.person::{person}"]


def _finder(hazard: Hazard) -> list[uuid.UUID]:
    return [Ref.parse(hazard.found_by).uuid] if hazard.found_by.startswith("accounts.person:") else []


def tell_of_returns(entries: Sequence[Entry], *, now: datetime) -> None:
    """FixReturned: whoever must fix it, with the reason as it was written and the deadline."""
    desk = _desk(entries, now=now)
    if not desk.entries:
        return
    rows = Rectification.objects.filter(
        business_id__in={entry.business_id for entry in desk.entries},
        id__in=[entry.body["rectification"] for entry in desk.entries],
    )
    fixes = {row.id: row for row in rows}
    chairs = duties.who([row.owner_post for row in fixes.values()], on=local_day(now))
    letters = []
    for entry in desk.entries:
        row = fixes.get(uuid.UUID(entry.body["rectification"]))
        if row is None or row.owner_post not in chairs:
            continue
        letters += [
            desk.letter(entry, person, "fix_returned", reason=row.verdict, due_at=row.due_at.isoformat())
            for person in _others(entry, (each.person for each in chairs[row.owner_post].answering))
        ]
    write(letters, by=HOUSE, now=now)


def tell_of_closing(entries: Sequence[Entry], *, now: datetime) -> None:
    """HazardClosed: who found it, and the managers, who show the result to the staff (Work Safety Law art. 41)."""
    desk = _desk(entries, now=now)
    readers = duties.recipients_of([entry.business_id for entry in desk.entries], on=local_day(now))
    write(
        [
            desk.letter(entry, person, "hazard_closed")
            for entry in desk.entries
            for person in _others(entry, [*_finder(desk.hazard(entry)), *readers.get(entry.business_id, ())])
        ],
        by=HOUSE,
        now=now,
    )


def tell_of_lists(entries: Sequence[Entry], *, now: datetime) -> None:
    """HazardSupervised: the managers of the business, at once."""
    desk = _desk(entries, now=now)
    readers = duties.recipients_of([entry.business_id for entry in desk.entries], on=local_day(now))
    bodies = accounts.bodies({entry.body["body"] for entry in desk.entries})
    letters = []
    for entry in desk.entries:
        body = bodies.get(entry.body["body"])
        for person in _others(entry, readers.get(entry.business_id, ())):
            letters.append(
                desk.letter(
                    entry,
                    person,
                    "hazard_supervised",
                    urgent=True,
                    due_on=entry.body["until"],
                    body_zh=body.name_zh if body else entry.body["body"],
                    body_en=body.name_en if body else entry.body["body"],
                )
            )
    write(letters, by=HOUSE, now=now)


def tell_of_reports(entries: Sequence[Entry], *, now: datetime) -> None:
    """DoubleReportSent: the street and the bureau of the line; or everybody who works there."""
    desk = _desk(entries, now=now)
    if not desk.entries:
        return
    on = local_day(now)
    staff = accounts.people_of_businesses(
        [entry.business_id for entry in desk.entries if entry.body["side"] == "workers"], roles=("worker",), on=on
    )
    codes = {
        entry.id: [
            territory_code("street", desk.hazard(entry).place_code),
            industry_code_of("district", desk.hazard(entry).line, desk.hazard(entry).place_code),
        ]
        for entry in desk.entries
        if entry.body["side"] == "regulator"
    }
    offices = duties.offices_of({code for some in codes.values() for code in some if code}, on=on)
    letters = []
    for entry in desk.entries:
        if entry.body["side"] == "workers":
            people = [each.person for each in staff.get(entry.business_id, ())]
        else:
            desks = [duties.counter_of(offices.get(code)) for code in codes[entry.id]]
            people = [person for view in desks if view is not None for person in view.persons]
        letters += [
            desk.letter(entry, person, "double_report", urgent=True, side=entry.body["side"])
            for person in _others(entry, people)
        ]
    write(letters, by=HOUSE, now=now)


def tell_of_stops(entries: Sequence[Entry], *, now: datetime) -> None:
    """WorkSuspended: everybody who works there, at once."""
    desk = _desk(entries, now=now)
    if not desk.entries:
        return
    people = accounts.people_of_businesses(
        [entry.business_id for entry in desk.entries],
        roles=("principal", "safety_manager", "worker"),
        on=local_day(now),
    )
    rows = Suspension.objects.filter(
        business_id__in={entry.business_id for entry in desk.entries},
        number__in=[entry.body["number"] for entry in desk.entries],
    )
    scopes = {(row.business_id, row.number): row.scope for row in rows}
    write(
        [
            desk.letter(
                entry,
                person,
                "work_suspended",
                urgent=True,
                number=entry.body["number"],
                scope=scopes.get((entry.business_id, entry.body["number"]), entry.body["scope"]),
            )
            for entry in desk.entries
            for person in _others(entry, (each.person for each in people.get(entry.business_id, ())))
        ],
        by=HOUSE,
        now=now,
    )
