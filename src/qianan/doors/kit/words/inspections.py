"""Words of inspections: why officers come, who signed."""

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "unknown_kind": _("There is no such kind. Choose one from the list."),
    "unknown_signed": _("Say whether the business signed, refused, or nobody was there."),
    "visit_ahead": _("A visit cannot lie in the future. Look at the time."),
    "two_officers_needed": _("A visit is made by two officers at least. Add your colleague."),
    "not_among_the_officers": _("Whoever writes a visit down was there. Add yourself."),
    "refusal_needs_a_note": _("Nobody signed. Write down what was said and to whom you report it."),
    "no_such_visit": _("There is no such visit, or it is not one that you may see."),
}
NEWS = {
    "inspections.VisitMade": _("%(by)s made a visit (%(kind)s). Hazards found: %(hazards)s. %(signed)s."),
}
LABELS = {
    "visit.kind.routine": _("by plan"),
    "visit.kind.special": _("special check"),
    "visit.kind.follow_up": _("looking again"),
    "visit.kind.complaint": _("after a complaint"),
    "visit.kind.joint": _("together with others"),
    "visit.kind.opening": _("before opening"),
    "visit.kind.other": _("another reason"),
    "visit.signed.signed": _("The business signed"),
    "visit.signed.refused": _("The business refused to sign"),
    "visit.signed.absent": _("Nobody was there to sign"),
    "visit.outcome.clear": _("nothing found"),
    "visit.outcome.hazards": _("hazards found"),
    "visit.state.planned": _("planned"),
    "visit.state.made": _("made"),
    "visit.state.dropped": _("dropped"),
}
