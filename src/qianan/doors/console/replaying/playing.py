"""The register is played day by day: visits find hazards, corrections are handed in, verified and closed on their own
day; what is not corrected in time is overdue and climbs, because the clock runs through every day.

Ids are made from the register's own numbers, so that a second replay finds everything there already.
"""

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Mapping as Of
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from qianan.doors.console.replaying.mapping import Mapping
from qianan.doors.console.replaying.register import Finding, Inspection, Register
from qianan.field.hazards import actions as hazards
from qianan.field.hazards import queries as hazard_queries
from qianan.field.hazards.actions import Closing, HandIn, NewHazard, Verdict
from qianan.field.inspections import actions as inspections
from qianan.field.inspections import queries as inspection_queries
from qianan.field.inspections.actions import NewVisit
from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts.actions import NewBody, NewPerson, NewSeat
from qianan.ground.accounts.queries import people_by_login
from qianan.ground.places import actions as places
from qianan.ground.trail import delivery, sealing
from qianan.kernel.actor import Actor, SeatView
from qianan.kernel.ids import uuid7_of, uuid_of
from qianan.registry.businesses import actions as businesses
from qianan.registry.businesses import queries as business_queries
from qianan.registry.businesses.actions import NewBusiness, NewSite
from qianan.registry.duties import actions as duties
from qianan.registry.duties.queries import body_post_id

REPLAYER = Actor.system("replay")
AFTERWARDS = 30
"""Days the clock runs on after the last entry of the register: what is late then has reached its last rung."""

MONTH = 31
"""Days written in one transaction."""


class Player:
    """Plays one register into this instance. `say` hears how far it is; `clock` moves the listeners' hour along."""

    def __init__(self, mapping: Mapping, register: Register, *, say: Callable[[str], None]) -> None:
        self.mapping, self.register, self.say = mapping, register, say
        self.zone: ZoneInfo = mapping.zone
        self.hour = int(mapping.facts.get("hour", 12))
        self.officers: dict[str, Actor] = {}
        self.sites: dict[str, Any] = {}

    def at(self, day: date, hour: int | None = None, minute: int = 0) -> datetime:
        """A moment of a local day; the register gives days, the mapping the hour."""
        return datetime.combine(day, time(self.hour if hour is None else hour, minute), self.zone)

    def play(self) -> int:
        """Play what is not there yet; gives how many visits were new. Safe to stop and to do again."""
        first = self.register.first_day
        with transaction.atomic():
            self._found(self.at(first - timedelta(days=1), 8))
            self._register(self.at(first - timedelta(days=1), 9))
        new = self._new_visits()
        self.say(f"{len(self.register.firms)} businesses, {len(new)} new visits of {len(self.register.visits)}")
        if new:
            self._days(new)
        return len(new)

    # -- places, offices, officers, businesses ----------------------------------------------

    def _found(self, now: datetime) -> None:
        facts = self.mapping.facts
        common = {"since": facts["since"], "source": facts.get("source", self.mapping.name), "verified": "no"}
        places.load_places([{**common, **row} for row in facts["places"]], by=REPLAYER, now=now)
        bodies = [
            NewBody(
                kind=row["kind"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                place_code=row["place"],
                line=row.get("line", ""),
                since=self.mapping.since,
            )
            for row in facts.get("bodies", ())
        ]
        made = accounts.add_bodies(bodies, by=REPLAYER, now=now)
        duties.equip_bodies([(body.code, self.mapping.since) for body in made], by=REPLAYER, now=now)
        heads = [
            (f"head.{body.code.replace(':', '.')}".casefold(), body, "head", f"{body.name_en}, head") for body in made
        ]
        rule = facts.get("inspectors")
        numbers = sorted({visit.officer for visit in self.register.visits if visit.officer}, key=str)
        if rule:
            body = next(each for each in made if each.code == rule["body"])
            heads += [(f"inspector.{number}".casefold(), body, "", f"{rule['name_en']} {number}") for number in numbers]
        self._seat(heads, rule or {}, now)

    def _seat(self, rows: list[tuple[str, Any, str, str]], rule: Of[str, str], now: datetime) -> None:
        """People by their office alone: the register names nobody, and nobody gets a password."""
        known = people_by_login(login for login, *_ in rows)
        people = [
            NewPerson(id=uuid_of(self.mapping.name, login), login=login, name=name[:60], language="en")
            for login, _, _, name in rows
            if login not in known
        ]
        accounts.add_people(people, by=REPLAYER, now=now)
        seats = []
        for login, body, kind, name in rows:
            person = known[login].id if login in known else uuid_of(self.mapping.name, login)
            role = rule["role"] if not kind else {"department": "industry"}.get(body.kind, body.kind)
            seat = NewSeat(
                id=uuid_of(self.mapping.name, "seat", login),
                person=person,
                role=role,
                place_code=body.place_code,
                line=body.line,
                body_code=body.code,
                post=body_post_id(body.code, kind) if kind else None,
                since=self.mapping.since,
            )
            if login not in known:
                seats.append(seat)
            if not kind:
                assert seat.id is not None  # noqa: S101
                view = SeatView(id=seat.id, role=role, place_code=body.place_code, line=body.line, body_code=body.code)
                self.officers[login.removeprefix("inspector.")] = Actor(
                    person=person, seats=(view,), seat=view, door="replay", name=name
                )
        accounts.take_seats(seats, by=REPLAYER, now=now)

    def _register(self, now: datetime) -> None:
        rows = businesses.register_businesses(
            [
                NewBusiness(
                    id=uuid7_of(f"{self.mapping.name}/business/{firm.number}", now),
                    name_zh=firm.name,
                    name_en=firm.name,
                    place_code=firm.place_code,
                    industry=firm.industry,
                    venue=firm.venue,
                    tier=firm.tier,
                    how="replay",
                    sites=(
                        NewSite(
                            id=uuid7_of(f"{self.mapping.name}/site/{firm.number}", now),
                            address=firm.address,
                            lon=firm.lon,
                            lat=firm.lat,
                            opened_on=self.mapping.since,
                        ),
                    ),
                )
                for firm in self.register.firms
            ],
            by=REPLAYER,
            now=now,
        )
        duties.equip_businesses([(row.id, self.mapping.since) for row in rows], by=REPLAYER, now=now)
        rule: dict[str, str] = self.mapping.facts.get("inspectors") or {}
        for row in rows if rule else ():
            if not any(
                each.line == rule["line"] for each in business_queries.oversight_of(row.id, on=self.mapping.since)
            ):
                businesses.assign_oversight(
                    row,
                    duty_type="special",
                    body_code=rule["body"],
                    line=rule["line"],
                    basis=self.mapping.facts.get("basis", self.mapping.name),
                    by=REPLAYER,
                    now=now,
                )
        keys = [(row.id, uuid7_of(f"{self.mapping.name}/site/{firm.number}", now)) for firm, row in self._pairs(rows)]
        sites = business_queries.sites_by_ids(keys)
        self.sites = {firm.number: sites[key] for (firm, _), key in zip(self._pairs(rows), keys, strict=True)}

    def _pairs(self, rows: list[Any]) -> list[tuple[Any, Any]]:
        return list(zip(self.register.firms, rows, strict=True))

    # -- day by day ----------------------------------------------------------------------------

    def visit_id(self, visit: Inspection) -> UUID:
        return uuid7_of(f"{self.mapping.name}/visit/{visit.number}", self.at(visit.day))

    def hazard_id(self, visit: Inspection, finding: Finding) -> UUID:
        return uuid7_of(f"{self.mapping.name}/finding/{finding.key}", self.at(visit.day))

    def _new_visits(self) -> list[Inspection]:
        known = set(inspection_queries.visits_for(REPLAYER).values_list("id", flat=True))
        return [visit for visit in self.register.visits if self.visit_id(visit) not in known]

    def _days(self, new: list[Inspection]) -> None:
        by_day: dict[date, list[Inspection]] = defaultdict(list)
        for visit in new:
            by_day[visit.day].append(visit)
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.register.findings:
            found[finding.visit].append(finding)
        fixes: dict[date, list[tuple[Inspection, Finding]]] = defaultdict(list)
        for visit in new:
            for finding in found[visit.number]:
                if finding.value == "yes":
                    on = max(finding.corrected_on or visit.day, visit.day)
                    fixes[on].append((visit, finding))
        day, last = min(by_day), self.register.last_day + timedelta(days=AFTERWARDS)
        while day <= last:
            with transaction.atomic():
                for _ in range(MONTH):
                    if day > last:
                        break
                    self._day(day, by_day.get(day, []), found, fixes.get(day, []))
                    day += timedelta(days=1)
            self.say(f"{day - timedelta(days=1)}")
        self.say("Sealing the trail …")
        sealing.seal_all(self.at(last, 23, 59))

    def _day(
        self,
        day: date,
        visits: list[Inspection],
        found: Of[str, list[Finding]],
        fixes: list[tuple[Inspection, Finding]],
    ) -> None:
        if visits:
            self._visit(visits, found)
        if fixes:
            self._correct(day, fixes)
        delivery.work_all(self.at(day, 23, 58))
        duties.escalate_overdue(self.at(day + timedelta(days=1), 0, 0), by=REPLAYER)

    def _visit(self, visits: list[Inspection], found: Of[str, list[Finding]]) -> None:
        """Visits of a day with what they found; a correction that is not required is set aside at once, with why."""
        rows = []
        for visit in visits:
            at = self.at(visit.day)
            by = self.officers.get(visit.officer.casefold(), REPLAYER)
            rows.append(
                NewVisit(
                    id=self.visit_id(visit),
                    site=self.sites[visit.firm],
                    kind=visit.kind,
                    at=at,
                    officers=[by.person] if by.person else [],
                    findings=[self._finding(visit, each) for each in found[visit.number]],
                    facts={
                        "number": visit.number,
                        "said": dict(visit.facts),
                        "corrected": {str(self.hazard_id(visit, each)): each.value for each in found[visit.number]},
                    },
                    origin_kind="replay",
                    body_code=by.seat.body_code if by.seat else "",
                    now=at,
                )
            )
        inspections.record_visits(rows, by=REPLAYER, now=rows[0].at)
        aside = {
            self.hazard_id(visit, each): each.value
            for visit in visits
            for each in found[visit.number]
            if each.value == "not_required"
        }
        for visit in visits:
            for hazard in hazard_queries.hazards_from(self._ref(visit)) if aside else ():
                if hazard.id in aside and hazard.state == "found":
                    hazards.reject(
                        hazard,
                        reason="登记册注明:无需整改 · The register says: correction not required",
                        by=REPLAYER,
                        now=self.at(visit.day, minute=5),
                    )

    def _ref(self, visit: Inspection) -> Any:
        from qianan.kernel.ref import Ref

        return Ref.of("inspections.visit", self.sites[visit.firm].business_id, self.visit_id(visit))

    def _finding(self, visit: Inspection, finding: Finding) -> NewHazard:
        due = None
        if finding.days is not None:
            due = datetime.combine(visit.day + timedelta(days=finding.days), time(23, 59, 59), self.zone)
        return NewHazard(
            id=self.hazard_id(visit, finding),
            site=self.sites[visit.firm],
            text=finding.text,
            where=finding.where,
            category=finding.category,
            level="unrated" if finding.value == "not_required" else "general",
            due_at=due,
        )

    def _correct(self, day: date, fixes: list[tuple[Inspection, Finding]]) -> None:
        """Corrected on the recorded day: handed in as the register says, verified and closed by the inspector."""
        keys = {self.hazard_id(visit, finding): visit for visit, finding in fixes}
        rows = {
            hazard.id: hazard
            for visit in {visit.number: visit for visit, _ in fixes}.values()
            for hazard in hazard_queries.hazards_from(self._ref(visit))
            if hazard.id in keys and hazard.state == "rectifying"
        }
        if not rows:
            return
        some = list(rows.values())
        hands = [self.officers.get(keys[hazard.id].officer.casefold(), REPLAYER) for hazard in some]
        note = f"登记册记载 {day} 已整改 · corrected on {day}, the register says"
        hazards.hand_in_many(
            [HandIn(hazard, note, now=self.at(day, minute=10)) for hazard in some], by=REPLAYER, now=self.at(day)
        )
        hazards.verify_many(
            [Verdict(hazard, True, by=by, now=self.at(day, minute=20)) for hazard, by in zip(some, hands, strict=True)],
            by=REPLAYER,
            now=self.at(day),
        )
        hazards.close_many(
            [Closing(hazard, by=by, now=self.at(day, minute=30)) for hazard, by in zip(some, hands, strict=True)],
            by=REPLAYER,
            now=self.at(day),
        )
