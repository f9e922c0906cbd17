"""The register as plain values: businesses, visits, findings, and the rows that contradict themselves."""

from collections import Counter
from collections.abc import Mapping as Of
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.management.base import CommandError

from qianan.doors.console.replaying.mapping import Mapping, fits
from qianan.formats.tables import Row, Table

VALUES = ("yes", "no", "not_required", "unknown")
"""What the register says of a correction; they stay apart."""

LONGEST_TEXT = 600


@dataclass(frozen=True, slots=True)
class Firm:
    """A business of the register; `number` is the register's own."""

    number: str
    name: str
    address: str
    place_code: str
    industry: str
    venue: str
    tier: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """A visit on a local day, by an officer with a number."""

    number: str
    firm: str
    day: date
    kind: str
    officer: str
    facts: Of[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation: the visit, its turn among those of the visit, what, where, days allowed, what became of it."""

    visit: str
    turn: int
    text: str
    where: str
    category: str
    days: int | None
    value: str
    corrected_on: date | None

    @property
    def key(self) -> str:
        return f"{self.visit}/{self.turn}"


@dataclass(frozen=True, slots=True)
class Oddity:
    """A row that contradicts itself or another: file, line, what (a code), and the words to look for."""

    file: str
    line: int
    what: str
    detail: str

    def as_dict(self) -> dict[str, Any]:
        return {"file": self.file, "line": self.line, "what": self.what, "detail": self.detail}


WORDS = {
    "corrected_before_found": "corrected before it was found",
    "not_corrected_but_dated": "not corrected, and yet with a date of correction",
    "not_required_but_dated": "correction not required, and yet with a date of correction",
    "corrected_without_date": "corrected, but on no day",
    "value_blank": "nothing is said about the correction",
    "days_blank": "no days allowed",
    "day_differs": "another day than its visit",
    "twice": "the same row twice",
    "unknown_visit": "of a visit that is not in the register",
    "unknown_business": "of a business that is not in the register",
    "unreadable_date": "a date that cannot be read",
    "unreadable_number": "a number that cannot be read",
    "place_not_stated": "a place that the mapping does not know",
}


@dataclass
class Register:
    """All of it, and what is odd about it."""

    firms: list[Firm] = field(default_factory=list)
    visits: list[Inspection] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)

    @property
    def first_day(self) -> date:
        return min(visit.day for visit in self.visits)

    @property
    def last_day(self) -> date:
        """The last day on which anything is said to have happened."""
        days = [visit.day for visit in self.visits]
        days += [each.corrected_on for each in self.findings if each.corrected_on and each.value == "yes"]
        return max(days)


def read_register(mapping: Mapping, tables: Of[str, Table]) -> Register:
    """Read the three tables. Raises CommandError when a file is missing, or when there is no visit at all."""
    files = fits(mapping, tables)
    if files is None:
        raise CommandError(f"the files do not have the columns that {mapping.path.name} speaks of")
    register = Register()
    reader = _Reader(mapping, register)
    reader.firms(files["businesses"], tables[files["businesses"]].rows)
    reader.visits(files["visits"], tables[files["visits"]].rows)
    if not register.visits:
        raise CommandError(f"{files['visits']} holds no visit that can be read")
    reader.findings(files["findings"], tables[files["findings"]].rows)
    return register


class _Reader:
    def __init__(self, mapping: Mapping, register: Register) -> None:
        self.mapping, self.register = mapping, register
        self.firm_numbers: set[str] = set()
        self.by_number: dict[str, Inspection] = {}

    def odd(self, file: str, row: Row, what: str, detail: str) -> None:
        self.register.oddities.append(Oddity(file, row.line, what, detail))

    def cells(self, role: str, row: Row) -> dict[str, str]:
        """The columns of a row under the mapping's names."""
        columns = self.mapping.file(role)["columns"]
        return {name: row.cells.get(column, "").strip() for name, column in columns.items()}

    def number(self, file: str, row: Row, text: str) -> float | None:
        if not text:
            return None
        try:
            return float(text)
        except ValueError:
            self.odd(file, row, "unreadable_number", text)
            return None

    def firms(self, file: str, rows: Sequence[Row]) -> None:
        rule = self.mapping.file("businesses")["place"]
        for row in rows:
            cells = self.cells("businesses", row)
            if row.cells[rule["column"]].strip() not in rule["codes"]:
                self.odd(file, row, "place_not_stated", f"{rule['column']} {row.cells[rule['column']]!r}")
            if cells["id"] in self.firm_numbers:
                self.odd(file, row, "twice", cells["id"])
                continue
            self.firm_numbers.add(cells["id"])
            self.register.firms.append(
                Firm(
                    number=cells["id"],
                    name=cells["name"],
                    address=cells.get("address", ""),
                    place_code=self.mapping.chosen("businesses", "place", row.cells),
                    industry=self.mapping.chosen("businesses", "industry", row.cells),
                    venue=self.mapping.chosen("businesses", "venue", row.cells),
                    tier=self.mapping.chosen("businesses", "tier", row.cells) or "general",
                    lon=self.number(file, row, cells.get("lon", "")),
                    lat=self.number(file, row, cells.get("lat", "")),
                )
            )

    def visits(self, file: str, rows: Sequence[Row]) -> None:
        kept = self.mapping.file("visits").get("keep", [])
        for row in rows:
            cells = self.cells("visits", row)
            day = self.day(file, row, cells["day"])
            if cells["business"] not in self.firm_numbers:
                self.odd(file, row, "unknown_business", cells["business"])
            elif cells["id"] in self.by_number:
                self.odd(file, row, "twice", cells["id"])
            elif day is not None:
                visit = Inspection(
                    number=cells["id"],
                    firm=cells["business"],
                    day=day,
                    kind=self.mapping.chosen("visits", "kind", row.cells) or "other",
                    officer=cells.get("officer", ""),
                    facts={name: row.cells[name] for name in kept},
                )
                self.by_number[visit.number] = visit
                self.register.visits.append(visit)

    def day(self, file: str, row: Row, text: str) -> date | None:
        try:
            return self.mapping.day(text)
        except ValueError:
            self.odd(file, row, "unreadable_date", text)
            return None

    def findings(self, file: str, rows: Sequence[Row]) -> None:
        turns: Counter[str] = Counter()
        seen: set[tuple[str, ...]] = set()
        for row in rows:
            cells = self.cells("findings", row)
            visit = self.by_number.get(cells["visit"])
            if visit is None:
                self.odd(file, row, "unknown_visit", cells["visit"])
                continue
            whole = tuple(row.cells.values())
            if whole in seen:  # both stand: an inspector may write the same thing twice
                self.odd(file, row, "twice", self.text(row))
            seen.add(whole)
            finding = self.finding(file, row, cells, turns[visit.number])
            turns[visit.number] += 1
            self.register.findings.append(finding)
            self.look_over(file, row, cells, visit, finding)

    def finding(self, file: str, row: Row, cells: Of[str, str], turn: int) -> Finding:
        spec = self.mapping.file("findings")
        days = self.number(file, row, cells["days"])
        return Finding(
            visit=cells["visit"],
            turn=turn,
            text=self.text(row),
            where=", ".join(text for name in spec.get("where", []) if (text := row.cells[name].strip()))[:120],
            category=row.cells.get(spec.get("category", ""), "").strip().lower()[:40],
            days=None if days is None else int(days),
            value=spec["values"].get(cells["corrected"], "unknown"),
            corrected_on=self.day(file, row, cells["corrected_on"]),
        )

    def text(self, row: Row) -> str:
        """What was found, in the register's words: its code and the short columns; the long one when they are empty."""
        spec = self.mapping.file("findings")
        words = ": ".join(text for name in spec["text"] if (text := " ".join(row.cells[name].split())))
        words = words or " ".join(row.cells.get(spec.get("more", ""), "").split())
        code = row.cells.get(spec.get("code", ""), "").strip()
        return f"{code} {words}".strip()[:LONGEST_TEXT] or "—"

    def look_over(self, file: str, row: Row, cells: Of[str, str], visit: Inspection, finding: Finding) -> None:
        said = f"visit {visit.number}, {cells['corrected'] or 'blank'}, {cells['corrected_on'] or 'no date'}"
        if cells.get("day") and (day := self.day(file, row, cells["day"])) and day != visit.day:
            self.odd(file, row, "day_differs", f"{day} / {visit.day}")
        if finding.days is None:
            self.odd(file, row, "days_blank", said)
        if finding.value == "unknown":
            self.odd(file, row, "value_blank", said)
        if finding.value == "yes" and finding.corrected_on is None:
            self.odd(file, row, "corrected_without_date", said)
        if finding.corrected_on is None:
            return
        if finding.value == "no":
            self.odd(file, row, "not_corrected_but_dated", said)
        if finding.value == "not_required":
            self.odd(file, row, "not_required_but_dated", said)
        if finding.value == "yes" and finding.corrected_on < visit.day:
            self.odd(file, row, "corrected_before_found", f"{said}, found {visit.day}")
