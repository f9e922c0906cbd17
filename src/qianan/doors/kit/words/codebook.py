"""Words of the codebook: what is wrong in a code table, what a row means."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PROBLEMS = {
    "no_such_folder": _("There is no such folder. Name one like data/."),
    "no_table": _("There is no code table “%(name)s”."),
    "no_deadline": _("Nobody has set how long this may take (%(kind)s, %(level)s). Add a row to deadlines.csv."),
    "no_frequency": _("Nobody has set how often “%(checklist)s” is owed. Add a row to frequencies.csv."),
    "no_criterion": _("There is no clause “%(code)s” in the criteria."),
    "no_industry": _("GB/T 4754 has no trade with the code “%(code)s”. Take one from the list."),
    "no_department": _("There is no department “%(code)s”. Take one from the list."),
    "no_term": _("“%(code)s” is not in the list. Take one that is."),
    "no_risk_scale": _("There is no scale for the method “%(method)s”."),
    "unknown_column": _("Nobody reads a column “%(column)s”. Rename it, or take it out."),
    "missing_column": _("The column “%(column)s” is missing."),
    "cell_empty": _("This cell must not be empty."),
    "not_a_number": _("“%(value)s” is not a number."),
    "not_a_clock_time": _("“%(value)s” is not a time of day. Write it like 20:00."),
    "not_one_of": _("“%(value)s” is not one of: %(wanted)s."),
    "text_too_long": _("This text is too long: %(limit)s characters at most."),
    "code_twice": _("The code %(code)s stands here twice. Keep one row."),
    "ends_before_it_begins": _("It would end before it begins. Check both days."),
}
NEWS = {
    "codebook.CodebookLoaded": _(
        "%(by)s loaded the code table %(table)s: %(added)s new, %(changed)s changed, %(same)s as before."
    ),
}
LABELS = {
    "deadline.unit.calendar": pgettext_lazy("deadline", "calendar days"),
    "deadline.unit.working": pgettext_lazy("deadline", "working days"),
    "deadline.unit.hours": pgettext_lazy("deadline", "hours"),
    "criterion.logic.direct": pgettext_lazy("criterion", "makes it major by itself"),
    "criterion.logic.composite": pgettext_lazy("criterion", "counts together with others"),
    "criterion.logic.rule": pgettext_lazy("criterion", "says how to count"),
    "calendar.kind.holiday": pgettext_lazy("calendar", "holiday"),
    "calendar.kind.makeup": pgettext_lazy("calendar", "worked weekend day"),
    "calendar.kind.statutory": pgettext_lazy("calendar", "statutory holiday; the year is not announced yet"),
    "industry.level.1": pgettext_lazy("trade", "section"),
    "industry.level.2": pgettext_lazy("trade", "division"),
    "industry.level.3": pgettext_lazy("trade", "group"),
    "industry.level.4": pgettext_lazy("trade", "class"),
    "codebook.table.industries": _("Trades (GB/T 4754)"),
    "codebook.table.departments": _("Departments"),
    "codebook.table.sector_departments": _("Who answers for which trade"),
    "codebook.table.terms": _("Lists of words"),
    "codebook.table.criteria": _("Criteria of major hazards"),
    "codebook.table.law_clauses": _("Articles of law"),
    "codebook.table.deadlines": _("Deadlines"),
    "codebook.table.ladder": _("The ladder"),
    "codebook.table.frequencies": _("How often lists are owed"),
    "codebook.table.calendar": _("Working calendar"),
    "codebook.table.risk_scales": _("Scales of risk"),
}
