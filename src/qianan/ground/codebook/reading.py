"""From the text of a cell to the value of a column, and which table is which: `data/<name>.csv` → its model."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models

from qianan.ground.codebook.models import (
    CalendarDay,
    CodeRow,
    Criterion,
    Deadline,
    Department,
    Frequency,
    Industry,
    LawClause,
    RiskScale,
    Rung,
    SectorDepartment,
    Term,
)
from qianan.kernel.problems import Invalid, Problem
from qianan.methods.deadlines import UNITS

TABLES: dict[str, type[CodeRow]] = {
    "industries": Industry,
    "departments": Department,
    "sector_departments": SectorDepartment,
    "terms": Term,
    "criteria": Criterion,
    "law_clauses": LawClause,
    "deadlines": Deadline,
    "ladder": Rung,
    "frequencies": Frequency,
    "calendar": CalendarDay,
    "risk_scales": RiskScale,
}
"""In the order of loading: departments before the trades that name them."""

ALLOWED = {
    "unit": frozenset(UNITS),
    "frequency": frozenset(("daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly")),
    "duty_type": frozenset(("territory", "industry", "comprehensive", "special")),
    "line": frozenset(("business", "territory", "industry", "")),
    "tells_role": frozenset(
        ("worker", "safety_manager", "principal", "community", "street", "district", "city", "industry")
    ),
}
"""Words that the house acts upon; another word in these columns would be a row that nobody obeys."""

YES, NO = "yes", "no"


def columns_of(model: type[models.Model]) -> dict[str, "models.Field[Any, Any]"]:
    """The columns that a file may have, by the name they bear there."""
    return {field.name: field for field in model._meta.concrete_fields}


def needed(model: type[models.Model]) -> set[str]:
    """The columns that a file must have: those without a value of their own."""
    return {
        name
        for name, field in columns_of(model).items()
        if not (field.null or field.blank or field.has_default()) or name in {"source", "verified"}
    }


def read_value(field: "models.Field[Any, Any]", text: str) -> Any:
    """The value of one cell.

    Raises Invalid: `cell_empty`, `not_yes_or_no`, `not_a_day`, `not_a_clock_time`, `not_a_number`, `not_json`,
    `text_too_long`.
    """
    if isinstance(field, models.BooleanField):
        if text not in (YES, NO):
            raise Invalid("not_yes_or_no", value=text[:80])
        return text == YES
    if not text and field.null:
        return None
    if not text and not field.blank and not field.has_default():
        raise Invalid("cell_empty")
    try:
        return _typed(field, text)
    except (ValueError, InvalidOperation) as error:
        kinds = (
            (models.DateField, "not_a_day"),
            (models.TimeField, "not_a_clock_time"),
            (models.JSONField, "not_json"),
        )
        code = next((code for kind, code in kinds if isinstance(field, kind)), "not_a_number")
        raise Invalid(code, value=text[:80]) from error


def _typed(field: "models.Field[Any, Any]", text: str) -> Any:
    if isinstance(field, models.DateField):
        return date.fromisoformat(text)
    if isinstance(field, models.TimeField):
        return time.fromisoformat(text)
    if isinstance(field, models.JSONField):
        return json.loads(text) if text else field.get_default()
    if isinstance(field, models.DecimalField):
        return Decimal(text).quantize(Decimal(1).scaleb(-(field.decimal_places or 0)))
    if isinstance(field, models.IntegerField):
        return int(text) if text else field.get_default()
    if field.max_length is not None and len(text) > field.max_length:
        raise Invalid("text_too_long", limit=field.max_length)
    return text


def read_rows(name: str, rows: Iterable[Mapping[str, str]]) -> tuple[list[CodeRow], list[Problem]]:
    """The rows of one table as objects that are not saved, and what is wrong, each with `<table>:<row>:<column>`.

    Rows count from 2, as in a file with a header. A column that the file lacks keeps its default; one that the table
    does not have is refused, since nobody would obey it.
    """
    model = TABLES[name]
    fields = columns_of(model)
    made: list[CodeRow] = []
    problems: list[Problem] = []
    keys: dict[Any, int] = {}
    for number, row in enumerate(rows, start=2):
        if number == 2:
            problems += [
                Invalid("unknown_column", where=f"{name}:1", column=each) for each in row if each not in fields
            ]
            problems += [
                Invalid("missing_column", where=f"{name}:1", column=each) for each in sorted(needed(model) - set(row))
            ]
            if problems:
                return [], problems
        values: dict[str, Any] = {}
        for column, text in row.items():
            where = f"{name}:{number}:{column}"
            try:
                values[fields[column].attname] = read_value(fields[column], text)
            except Invalid as problem:
                problems.append(Invalid(problem.code, where=where, **problem.params))
                continue
            if column in ALLOWED and text not in ALLOWED[column]:
                wanted = ", ".join(sorted(ALLOWED[column]))
                problems.append(Invalid("not_one_of", where=where, value=text[:80], wanted=wanted))
        key = values.get(model._meta.pk.attname) if model._meta.pk else None
        if key in keys:
            problems.append(Invalid("code_twice", where=f"{name}:{number}", code=str(key), line=keys[key]))
        keys[key] = number
        since, until = values.get("since"), values.get("until")
        if since and until and until <= since:
            problems.append(Invalid("ends_before_it_begins", where=f"{name}:{number}:until"))
        if not problems:
            made.append(model(**values))
    return made, problems
