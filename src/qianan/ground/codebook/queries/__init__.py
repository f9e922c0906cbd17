"""What is asked of the code tables. All of it is held in the process and read anew when a table is loaded.

Rows come as they stand in the table: each carries `verified`, `source`, `edition`, `since`, `until`.
"""

from qianan.ground.codebook.queries.criteria import (
    criteria_in_force,
    criteria_of,
    criterion,
    law_clauses,
    suggest_criteria,
)
from qianan.ground.codebook.queries.deadlines import (
    Due,
    add_workdays,
    calendar_day,
    calendar_is_announced,
    climb_at,
    deadline_for,
    deadline_row,
    due_from,
    instance_zone,
    is_workday,
    local_day,
    rungs_for,
    workdays,
)
from qianan.ground.codebook.queries.frequencies import frequency_for
from qianan.ground.codebook.queries.shelf import Provenance, forget, is_in_force, provenance
from qianan.ground.codebook.queries.trades import (
    department,
    departments,
    departments_for,
    industries,
    industry,
    industry_names,
    prefixes,
    section_of,
)
from qianan.ground.codebook.queries.words import loaded_files, risk_scale, risk_values, rows_of, term, terms

__all__ = [
    "Due",
    "Provenance",
    "add_workdays",
    "calendar_day",
    "calendar_is_announced",
    "climb_at",
    "criteria_in_force",
    "criteria_of",
    "criterion",
    "deadline_for",
    "deadline_row",
    "department",
    "departments",
    "departments_for",
    "due_from",
    "forget",
    "frequency_for",
    "industries",
    "industry",
    "industry_names",
    "instance_zone",
    "is_in_force",
    "is_workday",
    "law_clauses",
    "loaded_files",
    "local_day",
    "prefixes",
    "provenance",
    "risk_scale",
    "risk_values",
    "rows_of",
    "rungs_for",
    "section_of",
    "suggest_criteria",
    "term",
    "terms",
    "workdays",
]
