"""A mapping file: our field ← their column, a constant, or a table of their codes. JSON:

    {"source": "market-2026",
     "sheet": "",
     "fields": {
       "credit_code": "统一社会信用代码",
       "name_zh": {"column": "单位名称"},
       "place": {"columns": ["区", "街道", "社区"]},
       "tier": {"constant": "general"},
       "venue": {"column": "类型", "codes": {"饭馆": "restaurant"}, "default": "common"},
       "site.tags": {"column": "风险", "separator": "、", "codes": {"燃气": "gas"}},
       "person.name": "负责人", "person.mobile": "手机", "person.role": {"constant": "principal"}}}

`source` names whose registry it is: businesses without a credit code are known again by it and their own `key`.
Without a mapping file the columns are known by their headings in the template, in either language.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qianan.kernel.problems import Invalid, InvalidMany, Problem
from qianan.registry.businesses.names import has_control

BUSINESS = (
    "key", "credit_code", "name_zh", "name_en", "industry", "venue", "tier", "headcount", "contact", "is_landlord",
    "place",
)  # fmt: skip
SITE = (
    "site.key", "site.name_zh", "site.name_en", "site.address", "site.place", "site.industry", "site.venue",
    "site.tags", "site.lon", "site.lat", "site.area_m2", "site.opened_on",
)  # fmt: skip
SEATS = ("person", "person2", "person3")
PEOPLE = tuple(f"{seat}.{name}" for seat in SEATS for name in ("name", "mobile", "role"))
FIELDS = frozenset((*BUSINESS, *SITE, *PEOPLE))
MOST_CODES = 5000

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "key": ("编号", "No."),
    "credit_code": ("统一社会信用代码", "信用代码", "Credit code"),
    "name_zh": ("单位名称", "企业名称", "Business name (Chinese)"),
    "name_en": ("英文名称", "Business name (English)"),
    "industry": ("行业代码", "行业", "Industry"),
    "venue": ("场所类型", "Venue"),
    "tier": ("监管等级", "Supervision tier"),
    "headcount": ("从业人数", "人数", "Headcount"),
    "contact": ("联系电话", "Telephone"),
    "is_landlord": ("是否出租方", "Landlord"),
    "place": ("所在地", "所属街道", "地区代码", "Place"),
    "site.key": ("场所编号", "Site No."),
    "site.name_zh": ("场所名称", "Site name (Chinese)"),
    "site.name_en": ("场所英文名称", "Site name (English)"),
    "site.address": ("地址", "场所地址", "Address"),
    "site.place": ("场所所在地", "Site place"),
    "site.industry": ("场所行业代码", "Site industry"),
    "site.venue": ("本场所类型", "Site venue"),
    "site.tags": ("风险标签", "Hazard tags"),
    "site.lon": ("经度", "Longitude"),
    "site.lat": ("纬度", "Latitude"),
    "site.area_m2": ("面积(平方米)", "面积(平方米)", "Area (m2)"),
    "site.opened_on": ("开业日期", "Opened on"),
    "person.name": ("主要负责人", "Principal"),
    "person.mobile": ("主要负责人手机", "Principal's mobile"),
    "person2.name": ("安全管理人员", "Safety manager"),
    "person2.mobile": ("安全管理人员手机", "Safety manager's mobile"),
    "person3.name": ("员工", "Staff"),
    "person3.mobile": ("员工手机", "Staff's mobile"),
}
"""Headings of the template, Chinese first; a second Chinese one is taken too."""

ROLES = {"person": "principal", "person2": "safety_manager", "person3": "worker"}
"""Who is meant when no role is mapped."""


@dataclass(frozen=True)
class Source:
    """Where a field's value comes from: columns joined, or a constant; their codes turned into ours."""

    columns: tuple[str, ...] = ()
    constant: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    separator: str = ""

    def text(self, cells: Mapping[str, str]) -> str:
        """The cell's own text (columns joined by a slash), or the constant."""
        if not self.columns:
            return self.constant
        return "/".join(part for name in self.columns if (part := cells.get(name, "").strip()))

    def values(self, cells: Mapping[str, str]) -> list[str]:
        """The value in our codes; several when there is a separator; none when the cell is empty without default."""
        text = self.text(cells)
        parts = [part.strip() for part in text.split(self.separator)] if self.separator else [text]
        return [self.codes.get(part, part) for part in parts if part] or ([self.default] if self.default else [])

    @property
    def shown(self) -> str:
        """The column as it is named to people."""
        return " + ".join(self.columns)


@dataclass(frozen=True)
class MappingFile:
    """A mapping that has been read: sources by our field, and whose registry it is."""

    fields: Mapping[str, Source]
    source: str = "registry"
    sheet: str = ""

    def check_columns(self, columns: Sequence[str]) -> None:
        """Raises InvalidMany: "no_such_column" for each column the file does not have."""
        have = set(columns)
        missing: list[Problem] = [
            Invalid("no_such_column", where=name, column=column)
            for name, source in sorted(self.fields.items())
            for column in source.columns
            if column not in have
        ]
        if missing:
            raise InvalidMany(missing)


def read_mapping(given: Any) -> MappingFile:
    """Read a mapping. Raises Invalid("bad_mapping", …) with `where` = the field, "unknown_field", "name_unmapped",
    "place_unmapped", "identity_unmapped"."""
    if not isinstance(given, Mapping) or not isinstance(given.get("fields"), Mapping):
        raise Invalid("bad_mapping", where="fields")
    if unknown := sorted(str(key) for key in set(given) - {"fields", "source", "sheet", "about"}):
        raise Invalid("bad_mapping", where=unknown[0][:40])
    if has_control(json.dumps(given, ensure_ascii=False, default=str).replace("\\u0000", "\0")):
        raise Invalid("control_characters", where="fields")
    fields = {}
    for name, source in given["fields"].items():
        if name not in FIELDS:
            raise Invalid("unknown_field", where=str(name)[:40])
        fields[name] = _source(name, source)
    for name, code in (("name_zh", "name_unmapped"), ("place", "place_unmapped")):
        if name not in fields:
            raise Invalid(code, where=name)
    if "credit_code" not in fields and "key" not in fields:
        raise Invalid("identity_unmapped", where="credit_code")
    return MappingFile(
        fields, source=_short(given.get("source", "registry"), "source"), sheet=_short(given.get("sheet", ""), "sheet")
    )


def _short(value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) > 80:
        raise Invalid("bad_mapping", where=where)
    return value


def _source(name: str, given: Any) -> Source:
    if isinstance(given, str):
        given = {"column": given}
    if not isinstance(given, Mapping) or set(given) - {
        "column", "columns", "constant", "codes", "default", "separator",
    }:  # fmt: skip
        raise Invalid("bad_mapping", where=name)
    columns = given.get("columns", [given["column"]] if "column" in given else [])
    codes = given.get("codes", {})
    rest = {key: given.get(key, "") for key in ("constant", "default", "separator")}
    if (
        not isinstance(columns, list)
        or not all(isinstance(each, str) and 0 < len(each) <= 200 for each in columns)
        or not isinstance(codes, Mapping)
        or len(codes) > MOST_CODES
        or not all(isinstance(key, str) and isinstance(value, str) for key, value in codes.items())
        or not all(isinstance(value, str) and len(value) <= 200 for value in rest.values())
        or bool(columns) == bool(rest["constant"])
    ):
        raise Invalid("bad_mapping", where=name)
    return Source(columns=tuple(columns), codes=dict(codes), **rest)


def guessed(columns: Sequence[str]) -> MappingFile:
    """The mapping of a file whose columns bear the template's headings. Raises Invalid as `read_mapping`."""
    have = {column.strip().casefold(): column for column in columns}
    fields: dict[str, Any] = {}
    for name, headings in HEADINGS.items():
        for heading in (name, *headings):
            if heading.casefold() in have:
                fields[name] = {"column": have[heading.casefold()]}
                break
    if "site.tags" in fields:
        fields["site.tags"]["separator"] = "、"
    return read_mapping({"fields": fields})


def as_json(mapping: MappingFile) -> dict[str, Any]:
    """The mapping as it is kept with the file it was used for."""
    fields: dict[str, Any] = {}
    for name, source in mapping.fields.items():
        row: dict[str, Any] = {"columns": list(source.columns)} if source.columns else {"constant": source.constant}
        row |= {"codes": dict(source.codes)} if source.codes else {}
        row |= {"default": source.default} if source.default else {}
        row |= {"separator": source.separator} if source.separator else {}
        fields[name] = row
    return {"source": mapping.source, "sheet": mapping.sheet, "fields": fields}
