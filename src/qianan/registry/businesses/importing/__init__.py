"""Registry import (导入): a file of businesses, sites and people is read, previewed, and taken in whole or not at all.

found = preview(data, name="market.csv", mapping=None, by=officer, now=now)
found.problems     # line, column, what is wrong
commit(found.id, by=officer, now=now)
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qianan.formats.tables import read_table
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Invalid, NotNow
from qianan.registry.businesses.actions import imports
from qianan.registry.businesses.importing.locating import Gazetteer
from qianan.registry.businesses.importing.mapping import HEADINGS, MappingFile, as_json, guessed, read_mapping
from qianan.registry.businesses.importing.planning import Counts, Plan, Planner, Shown
from qianan.registry.businesses.importing.reading import MOST_PROBLEMS, Reader, RowProblem
from qianan.registry.businesses.models import Import

MOST_ROWS, MOST_BYTES = 50_000, 20 * 1024 * 1024

__all__ = ["MOST_BYTES", "MOST_ROWS", "Counts", "Preview", "RowProblem", "Shown", "commit", "preview", "template"]


@dataclass(frozen=True)
class Preview:
    """What a file would do. `problems` are at most 500, by line; `count` says how many there are.

    `sample`: the first 50 businesses and what becomes of each (added, changed, same).
    """

    id: uuid.UUID
    name: str
    digest: str
    rows: int
    columns: tuple[str, ...]
    problems: tuple[RowProblem, ...]
    count: int
    businesses: Counts
    sites: Counts
    people: Counts
    sample: tuple[Shown, ...]

    @property
    def ok(self) -> bool:
        return self.count == 0


def preview(data: bytes, *, name: str, mapping: Mapping[str, Any] | None = None, by: Actor, now: datetime) -> Preview:
    """Read a file (CSV in UTF-8 or GB18030, XLSX; at most 50,000 rows, 20 MB) and say what it would do.

    Keeps the file for `commit`, in this person's name, for two days; changes nothing else. `mapping` is the JSON of
    `importing.mapping`; None takes the columns by the template's headings. Raises NotYours("may_not_import") for
    who keeps no registry; Invalid/TooLarge of `formats.tables.read_table` and of the mapping.
    """
    imports.check_may_import(by)
    made, columns, plan, rows = _plan(data, mapping, by=by, now=now)
    kept = imports.keep(
        data,
        name=name,
        digest=hashlib.sha256(data).hexdigest(),
        mapping=as_json(made),
        rows=rows,
        errors=[
            {"line": each.line, "column": each.column, "code": each.code, "value": each.value}
            for each in plan.problems[:MOST_PROBLEMS]
        ],
        by=by,
        now=now,
    )
    return Preview(
        id=kept.id,
        name=kept.name,
        digest=kept.digest,
        rows=rows,
        columns=columns,
        problems=tuple(plan.problems[:MOST_PROBLEMS]),
        count=len(plan.problems),
        businesses=plan.businesses,
        sites=plan.sites,
        people=plan.people,
        sample=tuple(plan.sample),
    )


def _plan(
    data: bytes, mapping: Mapping[str, Any] | None, *, by: Actor, now: datetime
) -> tuple[MappingFile, tuple[str, ...], Plan, int]:
    made = read_mapping(mapping) if mapping is not None else None
    table = read_table(data, sheet=made.sheet if made else "", max_rows=MOST_ROWS, max_bytes=MOST_BYTES)
    if not table.rows:
        raise Invalid("empty_file")
    made = made or guessed(table.columns)
    made.check_columns(table.columns)
    reader = Reader(made, Gazetteer.read())
    facts = [reader.read(row) for row in table.rows]
    planner = Planner(made, by=by, now=now)
    planner.plan.problems.extend(reader.problems)
    plan = planner.make(facts)
    plan.problems.sort(key=lambda each: each.line)
    return made, table.columns, plan, len(table.rows)


def commit(import_id: uuid.UUID, *, by: Actor, now: datetime) -> Import:
    """Take a previewed file in, whole, as the registry stands now; committing twice is committing once.

    Raises NotFound("no_such_import"), NotNow("import_forgotten" | "import_has_problems"), and what the actions raise.
    """
    kept = imports.taken_for(import_id, by=by)
    if kept.state == "committed":
        return kept
    if kept.content is None:
        raise NotNow("import_forgotten")
    _, _, plan, _ = _plan(bytes(kept.content), kept.mapping, by=by, now=now)
    if plan.problems:
        raise NotNow("import_has_problems", count=len(plan.problems))
    return imports.take_in(
        kept,
        new=plan.new,
        changes=plan.changes,
        tiers=plan.tiers,
        new_sites=plan.new_sites,
        site_changes=plan.site_changes,
        people=[(human.name, human.mobile) for human in plan.new_people],
        seats=[(business, role, human.mobile) for business, role, human in plan.new_seats],
        counts=(plan.businesses.added, plan.businesses.changed, plan.businesses.same),
        by=by,
        now=now,
    )


def template(language: str = "zh-hans") -> bytes:
    """A table to fill in: the headings and three rows that show how, as CSV (UTF-8 with a mark)."""
    from qianan.formats.tables import write_csv

    number = 0 if language.startswith("zh") else -1
    headings = [HEADINGS[name][number] for name in _SHOWN]
    return write_csv(headings, [dict(zip(headings, row, strict=True)) for row in _EXAMPLES])


_SHOWN = (
    "credit_code", "name_zh", "name_en", "industry", "venue", "tier", "headcount", "contact", "place", "site.name_zh",
    "site.address", "site.tags", "site.area_m2", "person.name", "person.mobile", "person2.name", "person2.mobile",
)  # fmt: skip
_EXAMPLES = (
    ("92110105MA0000001Y", "示例面馆", "Example Noodles", "6210", "餐饮", "一般", "6", "010-00000001",
     "朝阳区建外街道永安里社区", "示例面馆", "光华路 1 号", "燃气、液化气瓶", "80", "张示例", "13800001001", "李示例",
     "13800001002"),
    ("92110105MA00000022", "示例旅店", "Example Inn", "6110", "宾馆饭店", "一般", "20", "010-00000002",
     "110105001", "示例旅店一部", "光华路 3 号", "有人住宿", "600", "王示例", "13800001003", "", ""),
    ("92110105MA00000022", "示例旅店", "Example Inn", "6110", "宾馆饭店", "一般", "20", "010-00000002",
     "110105001", "示例旅店二部", "光华路 5 号", "有人住宿、电动自行车", "400", "王示例", "13800001003", "", ""),
)  # fmt: skip
