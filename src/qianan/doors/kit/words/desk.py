"""Words of the desk: the acts an officer may do, and short marks for its lists."""

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "admin_only": _("This belongs to the administrator of the house."),
    "no_such_place": _("There is no such place, or none that you may see."),
    "no_such_table": _("There is no such code table."),
    "no_such_act": _("There is no such act."),
    "no_such_state": _("There is no such state."),
    "nobody_chosen": _("Nobody is chosen. Go back and tick at least one row."),
    "too_many_chosen": _("That is more than %(limit)s businesses at once. Narrow the list with its filters."),
    "district_assigns": _(
        "The department is assigned by the district or the city. Ask them; the business stands in their list."
    ),
}

NEWS: dict[str, str] = {}

LABELS = {
    "hazard.act.rate": _("Rate it"),
    "hazard.act.reject": _("No hazard"),
    "hazard.act.order_rectification": _("Order the fix"),
    "hazard.act.reassign": _("Hand to another post"),
    "hazard.act.set_interim": _("Set what holds meanwhile"),
    "hazard.act.ask_extension": _("Ask for more time"),
    "hazard.act.decide_extension": _("Decide about more time"),
    "hazard.act.hand_in": _("Hand in the fix"),
    "hazard.act.verify": _("Check the fix"),
    "hazard.act.review": _("Review on the spot"),
    "hazard.act.close": _("Close it"),
    "hazard.act.reopen": _("Open it again"),
    "hazard.act.show_result": _("Show the result to the staff"),
    "hazard.act.send_double_report": _("Send the double report"),
    "hazard.act.receive_double_report": _("Receive the report"),
    "hazard.act.make_plan": _("Make the plan"),
    "hazard.act.supervise": _("Put on the supervision list"),
    "hazard.act.lift_supervision": _("Take off the supervision list"),
    "hazard.act.suspend_work": _("Stop the work"),
    "hazard.act.resume_work": _("Let work go on"),
    "hazard.act.transfer": _("Transfer to another body"),
    "hazard.act.receive_transfer": _("Receive the transfer"),
    "hazard.act.add_photos": _("Add pictures"),
    "hazard.lacks.report_regulator_missing": _("the report to the regulator"),
    "hazard.lacks.report_workers_missing": _("the report to the workers"),
    "hazard.lacks.interim_missing": _("what holds until it is fixed"),
    "hazard.lacks.plan_missing": _("the five-part plan"),
    "hazard.lacks.review_missing": _("a review by two officers"),
    "double_report.lacks.regulator": _("regulator not told"),
    "double_report.lacks.workers": _("workers not told"),
    "item.answer.select": _("choice"),
    "item.answer.integer": _("whole number"),
    "item.answer.decimal": _("number"),
    "item.answer.text": _("words"),
    "item.answer.date": _("day"),
}
