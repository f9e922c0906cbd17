"""Trades (GB/T 4754) and the departments that answer for their safety (管行业必须管安全)."""

from collections.abc import Iterable
from datetime import date

from qianan.ground.codebook.models import Department, Industry, SectorDepartment
from qianan.ground.codebook.queries.shelf import by_code, in_force, table
from qianan.kernel.named import Named
from qianan.kernel.problems import NotFound


def industry(code: str) -> Industry:
    """A section, division, group or class. Raises NotFound("no_industry")."""
    row = by_code(Industry).get(code)
    if row is None:
        raise NotFound("no_industry", code=code)
    return row


def industries(*, level: int | None = None, under: str = "") -> list[Industry]:
    """Rows of one level (1 section … 4 class), or below a section or prefix, in the order of the standard."""
    rows = table(Industry)
    return [
        row
        for row in rows
        if (level is None or row.level == level)
        and (not under or row.section == under or (row.code.startswith(under) and row.code != under))
    ]


def industry_names(codes: Iterable[str]) -> dict[str, Named]:
    """Names by code. Groups and classes have no English of ours: the nearest wider name and the code stand for it."""
    return {code: _industry_name(code) for code in set(codes) if code in by_code(Industry)}


def _industry_name(code: str) -> Named:
    rows = by_code(Industry)
    row = rows[code]
    if row.name_en:
        return Named(row.name_zh, row.name_en)
    for wider in prefixes(code)[1:]:
        if wider in rows and rows[wider].name_en:
            return Named(row.name_zh, f"{rows[wider].name_en} ({code})")
    return Named(row.name_zh, code)


def section_of(code: str) -> str:
    """The letter of the section a code belongs to; "" when the code is not known."""
    rows = by_code(Industry)
    for each in (code, code[:3], code[:2]):
        if each in rows:
            return rows[each].section
    return ""


def prefixes(code: str) -> list[str]:
    """From the code itself out to its section: `6210` → 6210, 621, 62, H."""
    found = [code[:length] for length in range(len(code), 1, -1)] if code[:1].isdigit() else [code] if code else []
    section = section_of(code)
    return [*found, section] if section and section not in found else found


def departments(*, on: date | None = None) -> list[Department]:
    rows = table(Department)
    return rows if on is None else in_force(rows, on)


def department(code: str) -> Department:
    """Raises NotFound("no_department")."""
    row = by_code(Department).get(code)
    if row is None:
        raise NotFound("no_department", code=code)
    return row


def departments_for(*, industry: str, venue: str, on: date) -> list[SectorDepartment]:
    """Which departments answer for a trade: of each kind of duty the nearest row; industry, comprehensive, special.

    A row for the venue beats one for the trade; a longer industry code beats a shorter. None of kind `industry`
    means that the business stands in the queue until an officer assigns one (Work Safety Law art. 10).
    """
    order = {prefix: rank for rank, prefix in enumerate(prefixes(industry), start=1)}
    best: dict[str, tuple[int, SectorDepartment]] = {}
    for row in in_force(table(SectorDepartment), on):
        if row.venue:
            rank = 0 if row.venue == venue and row.industry in ("", *order) else None
        else:
            rank = order.get(row.industry)
        if rank is not None and (row.duty_type not in best or rank < best[row.duty_type][0]):
            best[row.duty_type] = (rank, row)
    kinds = ("industry", "comprehensive", "special")
    return [best[kind][1] for kind in sorted(best, key=lambda kind: kinds.index(kind) if kind in kinds else len(kinds))]
