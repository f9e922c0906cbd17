"""What a file would do: which businesses, sites and people are new, changed or as they were. Writes nothing."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook.queries import local_day
from qianan.kernel.actor import BUSINESS_ROLES, Actor
from qianan.kernel.ids import uuid_of
from qianan.kernel.problems import Conflict, NotYours, Problem
from qianan.registry.businesses import access
from qianan.registry.businesses.importing.mapping import MappingFile
from qianan.registry.businesses.importing.reading import Facts, Human, RowProblem
from qianan.registry.businesses.models import Business, CreditCode, Site
from qianan.registry.businesses.newcomers import NewBusiness, NewSite, chunks, problems_in

OUTCOMES = ("added", "changed", "same")
MOST_SHOWN = 50


@dataclass(frozen=True)
class Counts:
    """Rows of one kind by what becomes of them."""

    added: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True)
class Shown:
    """A business of the file as a preview shows it: its first line, its name, what becomes of it."""

    line: int
    name: str
    outcome: str


@dataclass
class Plan:
    """What would be done. Lists are ready for the actions of the room."""

    new: list[NewBusiness] = field(default_factory=list)
    changes: list[tuple[Business, dict[str, Any]]] = field(default_factory=list)
    tiers: list[tuple[Business, str]] = field(default_factory=list)
    new_sites: list[tuple[Business, NewSite]] = field(default_factory=list)
    site_changes: list[tuple[Site, dict[str, Any]]] = field(default_factory=list)
    new_people: list[Human] = field(default_factory=list)
    new_seats: list[tuple[uuid.UUID, str, Human]] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    sample: list[Shown] = field(default_factory=list)
    businesses: Counts = Counts()
    sites: Counts = Counts()
    people: Counts = Counts()


@dataclass
class _Group:
    """The rows of one business."""

    id: uuid.UUID
    held: Business | None
    rows: list[Facts]


class Planner:
    def __init__(self, mapping: MappingFile, *, by: Actor, now: datetime) -> None:
        self.mapping, self.by, self.now = mapping, by, now
        self.plan = Plan()
        self.lines: dict[uuid.UUID, int] = {}

    def say(self, line: int, field_name: str, problem: Problem, value: str = "") -> None:
        source = self.mapping.fields.get(field_name)
        self.plan.problems.append(RowProblem(line, source.shown if source else "", problem, value[:60]))

    def make(self, rows: Sequence[Facts]) -> Plan:
        groups = self.groups(rows)
        self.lines = {group.id: group.rows[0].line for group in groups}
        sites = self.sites_held(group.id for group in groups if group.held)
        businesses, places = [0, 0, 0], [0, 0, 0]
        for group in groups:
            facts = self.agreed(group)
            if group.held is None:
                self.new_business(group, facts)
                outcome, its_sites = 0, [0] * max(1, len(self.by_site(group)))
            else:
                outcome = self.old_business(group.held, facts, group.rows[0].line)
                its_sites = self.old_sites(group, sites.get(group.id, []))
            businesses[outcome] += 1
            for kind in its_sites:
                places[kind] += 1
            if len(self.plan.sample) < MOST_SHOWN:
                self.plan.sample.append(Shown(group.rows[0].line, facts.get("name_zh", ""), OUTCOMES[outcome]))
        self.check_new()
        self.plan.businesses, self.plan.sites = Counts(*businesses), Counts(*places)
        self.plan.people = Counts(*self.humans(groups))
        return self.plan

    # -- who is who ------------------------------------------------------------

    def groups(self, rows: Sequence[Facts]) -> list[_Group]:
        """Rows by business: the same credit code, else the same number in their registry."""
        codes = {row.business["credit_code"] for row in rows if "credit_code" in row.business}
        by_code: dict[str, uuid.UUID] = {}
        for some in chunks(codes):
            by_code |= dict(CreditCode.objects.filter(code__in=some).values_list("code", "business_id"))
        found: dict[uuid.UUID, _Group] = {}
        for row in rows:
            code, key = row.business.get("credit_code", ""), row.business.get("key", "")
            if not code and not key:
                continue  # said already
            made = uuid_of("registry", self.mapping.source, key) if key else uuid_of("registry", code)
            id = by_code.setdefault(code, made) if code else made
            found.setdefault(id, _Group(id, None, [])).rows.append(row)
        held: dict[uuid.UUID, Business] = {}
        for ids in chunks(found):
            held |= Business.objects.in_bulk(ids)
        for id, group in found.items():
            group.held = held.get(id)
        return list(found.values())

    def sites_held(self, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Site]]:
        found: dict[uuid.UUID, list[Site]] = {}
        for some in chunks(ids):
            for site in Site.objects.filter(business_id__in=some).order_by("number"):
                found.setdefault(site.business_id, []).append(site)
        return found

    # -- businesses --------------------------------------------------------------

    def agreed(self, group: _Group) -> dict[str, Any]:
        """What the rows of one business say together; where they disagree, that is said."""
        facts: dict[str, Any] = {}
        for row in group.rows:
            for name, value in row.business.items():
                if facts.setdefault(name, value) != value and name != "key":
                    shown = "place" if name == "place_code" else name
                    self.say(row.line, shown, Conflict("rows_disagree", line=group.rows[0].line), str(value))
        return facts

    def new_business(self, group: _Group, facts: dict[str, Any]) -> None:
        known = {name: value for name, value in facts.items() if name not in {"key", "place_code", "name_zh"}}
        sites = []
        for site in self.by_site(group).values():
            given = {name: value for name, value in site.items() if name != "key"}
            sites.append(NewSite(id=self.site_id(group.id, site), **given))
        self.plan.new.append(
            NewBusiness(
                id=group.id,
                name_zh=facts.get("name_zh", ""),
                place_code=facts.get("place_code", ""),
                sites=tuple(sites),
                how="import",
                **known,
            )
        )

    def check_new(self) -> None:
        """Rights of the person and what the room itself refuses; only rows that read well so far."""
        bad = {problem.line for problem in self.plan.problems}
        named = [str(self.lines[new.id]) if new.id else "" for new in self.plan.new]
        todo = [(new, line) for new, line in zip(self.plan.new, named, strict=True) if new.name_zh and new.place_code]
        for problem in problems_in([new for new, _ in todo], by=self.by, named=[line for _, line in todo]):
            line, _, where = problem.where.partition(".")
            name = where.rpartition(".")[2]
            shown = {"place_code": "place"}.get(name, name)
            if int(line) not in bad or problem.code == "not_your_area":
                self.say(int(line), f"site.{shown}" if where.startswith("sites.") else shown, problem)

    def old_business(self, held: Business, facts: dict[str, Any], line: int) -> int:
        """0 new, 1 changed, 2 the same."""
        if not access.can_register(self.by, held.place_code):
            self.say(line, "place", NotYours("not_your_area"))
            return 2
        if held.state == "merged":
            self.say(line, "credit_code", Conflict("business_merged"))
            return 2
        changed = {
            name: value
            for name, value in facts.items()
            if name not in {"key", "tier"}
            and ((held.industry_id or "") if name == "industry" else getattr(held, name)) != value
        }
        if changed.get("credit_code") and held.credit_code:
            self.say(line, "credit_code", Conflict("credit_code_fixed", value=held.credit_code))
            return 2
        if "place_code" in changed and not access.can_register(self.by, changed["place_code"]):
            self.say(line, "place", NotYours("not_your_area"))
            return 2
        if facts.get("tier", held.tier) != held.tier:
            if not access.can_assign(self.by, held):
                self.say(line, "tier", NotYours("not_yours_to_rank"))
                return 2
            self.plan.tiers.append((held, facts["tier"]))
        if changed:
            self.plan.changes.append((held, changed))
        return 1 if changed or facts.get("tier", held.tier) != held.tier else 2

    # -- sites -------------------------------------------------------------------

    def by_site(self, group: _Group) -> dict[str, dict[str, Any]]:
        """The sites that the rows name, by number, else by name and address; one row may only name people."""
        found: dict[str, dict[str, Any]] = {}
        for row in group.rows:
            if not row.site:
                continue
            found.setdefault(self.site_key(row.site), {}).update(row.site)
        return found

    def site_key(self, site: dict[str, Any]) -> str:
        return str(site.get("key") or f"{site.get('name_zh', '')}|{site.get('address', '')}")

    def site_id(self, business: uuid.UUID, site: dict[str, Any]) -> uuid.UUID:
        return uuid_of("registry site", business, self.mapping.source, self.site_key(site))

    def old_sites(self, group: _Group, held: list[Site]) -> list[int]:
        """0 new, 1 changed, 2 the same, for each site of the rows (and 2 for the one of a business that names none)."""
        named = self.by_site(group)
        if not named:
            return [2]
        outcome = []
        for site in named.values():
            facts = {name: value for name, value in site.items() if name not in {"key", "opened_on"}}
            match = self.match(group.id, site, held, only=len(named) == 1)
            if match is None:
                assert group.held is not None  # noqa: S101  only called for businesses that are there
                new = {name: value for name, value in site.items() if name != "key"}
                self.plan.new_sites.append((group.held, NewSite(id=self.site_id(group.id, site), **new)))
                outcome.append(0)
                continue
            changed = {
                name: value
                for name, value in facts.items()
                if getattr(match, name) != (sorted(set(value)) if name == "tags" else value)
            }
            if changed:
                self.plan.site_changes.append((match, changed))
            outcome.append(1 if changed else 2)
        return outcome

    def match(self, business: uuid.UUID, site: dict[str, Any], held: list[Site], *, only: bool) -> Site | None:
        """The site that is meant: by the id a former import gave it, by its name, or the only one there is."""
        id = self.site_id(business, site)
        for each in held:
            if each.id == id:
                return each
        if not site.get("key"):
            here = [each for each in held if each.state != "moved"]  # who moved left the name to the next site
            same = [each for each in here if each.name_zh == site.get("name_zh", each.name_zh)]
            if len(same) == 1 and (only or site.get("name_zh")):
                return same[0]
        return None

    # -- people --------------------------------------------------------------------

    def humans(self, groups: Sequence[_Group]) -> tuple[int, int, int]:
        """People by mobile: new ones, those who take another seat, those who sit there already."""
        named = [(group.id, human) for group in groups for row in group.rows for human in row.people]
        known: dict[str, Any] = {}
        for mobiles in chunks({human.mobile for _, human in named}):
            known |= accounts.people_by_mobile(mobiles)
        sitting: set[tuple[uuid.UUID, uuid.UUID, str]] = set()
        for ids in chunks({group.id for group in groups if group.held}):
            seats = accounts.people_of_businesses(ids, roles=BUSINESS_ROLES, on=local_day(self.now))
            sitting |= {(id, each.person, each.role) for id, people in seats.items() for each in people}
        names: dict[str, str] = {}
        outcome = [0, 0, 0]
        fresh: dict[str, Human] = {}
        seen: set[tuple[uuid.UUID, str, str]] = set()
        for id, human in named:
            person = known.get(human.mobile)
            name = names.setdefault(human.mobile, person.name if person else human.name)
            if name != human.name:
                code = "mobile_is_anothers" if person else "mobile_has_two_names"
                self.plan.problems.append(RowProblem(human.line, human.column, Conflict(code), human.mobile[-4:]))
                continue
            if (id, human.mobile, human.role) in seen:
                continue
            seen.add((id, human.mobile, human.role))
            if person and (id, person.id, human.role) in sitting:
                outcome[2] += 1
                continue
            outcome[0 if person is None and human.mobile not in fresh else 1] += 1
            if person is None:
                fresh.setdefault(human.mobile, human)
            self.plan.new_seats.append((id, human.role, human))
        self.plan.new_people = list(fresh.values())
        return outcome[0], outcome[1], outcome[2]
