"""Words of the desk: the acts an officer may do, and short marks for its lists."""

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "admin_only": _("This belongs to the administrator of the house."),
    "no_such_place": _("There is no such place, or none that you may see."),
    "no_such_table": _("There is no such code table."),
    "no_such_state": _("There is no such state."),
    "nobody_chosen": _("Nobody is chosen. Go back and tick at least one row."),
    "too_many_chosen": _("That is more than %(limit)s businesses at once. Narrow the list with its filters."),
    "district_assigns": _(
        "The department is assigned by the district or the city. Ask them; the business stands in their list."
    ),
}

NEWS: dict[str, str] = {}

LABELS = {
    "hazard.lacks.report_regulator_missing": _("the report to the regulator"),
    "hazard.lacks.report_workers_missing": _("the report to the workers"),
    "hazard.lacks.interim_missing": _("what holds until it is fixed"),
    "hazard.lacks.plan_missing": _("the five-part plan"),
    "hazard.lacks.review_missing": _("a review by two officers"),
    "double_report.lacks.regulator": _("regulator not told"),
    "double_report.lacks.workers": _("workers not told"),
    "double_report.how.system": _("through this system"),
    "double_report.how.paper": _("on paper"),
    "double_report.how.meeting": _("at a meeting"),
    "item.answer.select": _("choice"),
    "item.answer.integer": _("whole number"),
    "item.answer.decimal": _("number"),
    "item.answer.text": _("words"),
    "item.answer.date": _("day"),
}
