"""What is asked of self-checks, by question: what is owed, what came in, how sites stand, how far an area is covered.

`*_for(actor, …)` fetch for an actor; the others are for rooms above. Nothing here counts history: standings and
duties hold what the boards need.
"""

from qianan.field.selfchecks.queries.coverage import (
    Cover,
    Led,
    Week,
    coverage,
    principal_led_counts,
    silent_for,
    standings_for,
    weekly,
)
from qianan.field.selfchecks.queries.owed import (
    CalendarDay,
    Mark,
    Owed,
    calendar_of,
    missed_for,
    occurrence_for,
    owed_for,
    owed_in,
)
from qianan.field.selfchecks.queries.standings import standing_id, standing_of, standing_ref, standings_by_ref
from qianan.field.selfchecks.queries.submissions import (
    conflict_for,
    conflicts_for,
    occurrence_of,
    submission_for,
    submission_ref,
    submissions_for,
)

__all__ = [
    "CalendarDay",
    "Cover",
    "Led",
    "Mark",
    "Owed",
    "Week",
    "calendar_of",
    "conflict_for",
    "conflicts_for",
    "coverage",
    "missed_for",
    "occurrence_for",
    "occurrence_of",
    "owed_for",
    "owed_in",
    "principal_led_counts",
    "silent_for",
    "standing_id",
    "standing_of",
    "standing_ref",
    "standings_by_ref",
    "standings_for",
    "submission_for",
    "submission_ref",
    "submissions_for",
    "weekly",
]
