"""Which column means what: a JSON file, found by the columns of the files in the folder."""

import json
from collections.abc import Mapping as Of
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError

from qianan.formats.tables import Table, read_table
from qianan.kernel.problems import Problem

ROLES = ("businesses", "visits", "findings")
NEEDED = {
    "businesses": ("id", "name"),
    "visits": ("id", "business", "day"),
    "findings": ("visit", "corrected", "days", "corrected_on"),
}
"""Columns that a mapping must name, by role of the file."""


@dataclass(frozen=True)
class Mapping:
    """A mapping as it was read. `facts` is the file; see data/replay/mappings/detroit.json for its shape."""

    path: Path
    facts: Of[str, Any]

    @property
    def name(self) -> str:
        return str(self.facts["name"])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.facts["time_zone"])

    @property
    def city(self) -> str:
        return str(self.facts["city"])

    @property
    def since(self) -> date:
        return date.fromisoformat(self.facts["since"])

    def file(self, role: str) -> Of[str, Any]:
        found: Of[str, Any] = self.facts["files"][role]
        return found

    def columns(self, role: str) -> set[str]:
        """Every column of the file that the mapping speaks of."""
        found: set[str] = set()
        for key, value in self.file(role).items():
            if key == "columns":
                found |= set(value.values())
            elif isinstance(value, str):
                found.add(value)
            elif isinstance(value, list):
                found |= set(value)
            elif isinstance(value, dict) and "column" in value:
                found.add(value["column"])
        return found

    def chosen(self, role: str, what: str, cells: Of[str, str]) -> str:
        """A code chosen by a cell: `{"column": …, "codes": {cell: code}, "else": code}`; "" when nothing is said."""
        rule = self.file(role).get(what)
        if rule is None:
            return ""
        return str(rule["codes"].get(cells[rule["column"]].strip(), rule.get("else", "")))

    def day(self, text: str) -> date | None:
        """A day in one of the forms the mapping lists; None for an empty cell. Raises ValueError else."""
        text = text.strip()
        if not text:
            return None
        for form in self.facts["dates"]:
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007  a day without an hour
            except ValueError:
                continue
        raise ValueError(f"not a date: {text!r}")


def read_mapping(path: Path) -> Mapping:
    """Read a mapping. Raises CommandError that says what is missing."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise CommandError(f"{path}: not JSON ({error})") from error
    wanted = ("name", "time_zone", "city", "since", "places", "dates", "files")
    missing = [name for name in wanted if not isinstance(facts, dict) or name not in facts]
    if not missing:
        for role in ROLES:
            columns = facts["files"].get(role, {}).get("columns", {})
            missing += [f"files.{role}.columns.{name}" for name in NEEDED[role] if name not in columns]
    if missing:
        raise CommandError(f"{path.name} lacks {', '.join(missing)}")
    try:
        ZoneInfo(facts["time_zone"])
    except (KeyError, ValueError) as error:
        raise CommandError(f"{path.name}: no time zone {facts['time_zone']!r}") from error
    return Mapping(path, facts)


def tables_in(folder: Path) -> dict[str, Table]:
    """The tables of a folder by file name. Raises CommandError when there is none or one can't be read."""
    if not folder.is_dir():
        raise CommandError(f"{folder} is not a folder")
    found = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in {".csv", ".xlsx"}:
            try:
                found[path.name] = read_table(path.read_bytes())
            except Problem as problem:
                raise CommandError(f"{path.name}: {problem}") from problem
    if not found:
        raise CommandError(f"{folder} holds no CSV or XLSX file")
    return found


def fits(mapping: Mapping, tables: Of[str, Table]) -> dict[str, str] | None:
    """Role → file whose columns are those the mapping speaks of; None when a role has no file."""
    found: dict[str, str] = {}
    for role in ROLES:
        wanted = mapping.columns(role)
        names = [name for name, table in tables.items() if wanted <= set(table.columns)]
        if not names:
            return None
        found[role] = min(names, key=lambda name: len(tables[name].columns))  # the file with the fewest others
    return found


def find_mapping(folder: Path, tables: Of[str, Table]) -> Mapping:
    """The mapping whose columns these files have. Raises CommandError that names the columns met."""
    mappings = [read_mapping(path) for path in sorted(folder.glob("*.json"))]
    for mapping in mappings:
        if fits(mapping, tables):
            return mapping
    met = "; ".join(f"{name}: {', '.join(table.columns)}" for name, table in tables.items())
    known = ", ".join(mapping.name for mapping in mappings) or "none"
    raise CommandError(f"No mapping fits these files (known: {known}). Name one with --mapping. Columns: {met}")
