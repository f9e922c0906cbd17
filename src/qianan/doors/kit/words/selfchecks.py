"""Words of selfchecks: what is refused when a check is handed in, what happens to owed checks."""

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "not_uuid7": _("The number of this check is not one that the app gives. Fill the list in anew and send it."),
    "bad_characters": _("There are characters in this that cannot be kept. Type the notes again and send it."),
    "bad_time": _("A time in this has no zone, or lies outside all calendars. Look at the clock of the phone."),
    "not_an_object": _("The answers did not come in the form that is agreed. Bring the app up to date."),
    "replaces_itself": _("A check cannot correct itself. Send the correction under a number of its own."),
    "submission_too_large": _("This check is too long to be taken. Shorten the notes and send it again."),
    "same_id_other_bytes": _(
        "A check with this number came before, with other answers. Both are kept; say on your page which one stands."
    ),
    "not_kept": _("This one could not be kept. Send it again; if it fails once more, tell the sub-district."),
    "own_submission": _("You filled this in yourself. Somebody else must read it."),
    "reason_missing": _("Please say why."),
    "days_reversed": _("The last day lies before the first one."),
    "not_your_conflict": _("Which version stands is said by whoever filled it in, or by who runs the business."),
    "conflict_settled": _("It has been said already which version stands."),
    "keep_unknown": _("Say which stands: the first version or the second."),
    "id_missing": _("The second version needs a number of its own."),
    "no_such_check": _("There is no such owed check, or it is not one that you may see."),
    "no_such_submission": _("There is no such self-check, or it is not one that you may see."),
    "no_such_conflict": _("There is no such conflict, or it is not of your business."),
}
NEWS = {
    "selfchecks.ChecksFellDue": _("Checks due on %(day)s were made (%(checklist)s): %(count)s."),
    "selfchecks.ChecksMissed": _("Checks due on %(day)s were not handed in (%(checklist)s): %(count)s."),
    "selfchecks.SubmissionReceived": _(
        "%(by)s handed in a self-check (%(version)s). Items not passed: %(fails)s; hazards opened: %(hazards)s."
    ),
    "selfchecks.SubmissionReceived:led": _(
        "%(by)s led a self-check as principal (%(version)s). Items not passed: %(fails)s; hazards opened: %(hazards)s."
    ),
    "selfchecks.SubmissionReceived:late": _(
        "%(by)s handed in a self-check late (%(version)s). Items not passed: %(fails)s; hazards opened: %(hazards)s."
    ),
    "selfchecks.SubmissionConflicted": _("%(by)s sent other answers under the same number; both are kept."),
    "selfchecks.ConflictSettled": _("%(by)s said which of two versions stands: %(kept)s."),
    "selfchecks.SubmissionAccepted": _("%(by)s read the self-check and accepted it."),
    "selfchecks.SubmissionReturned": _("%(by)s sent the self-check back. Reason: %(reason)s."),
    "selfchecks.ChecksWaived": _("%(by)s waived owed checks: %(count)s. Reason: %(reason)s."),
    "selfchecks.ChecksStopped": _(
        "The site owes no checks from now on (%(reason)s). Open ones that fell away: %(waived)s."
    ),
    "selfchecks.ChecksResumed": _("The site owes its checks again."),
    "selfchecks.SilenceBegan": _("No self-check came in (%(checklist)s): the site fell silent."),
    "selfchecks.SilenceEnded": _("A self-check came in again (%(checklist)s). Days of silence: %(days)s."),
}
LABELS = {
    "occurrence.state.due": _("owed"),
    "occurrence.state.done": _("done"),
    "occurrence.state.late": _("done late"),
    "occurrence.state.missed": _("missed"),
    "occurrence.state.waived": _("waived"),
    "submission.state.complete": _("handed in"),
    "submission.state.accepted": _("accepted"),
    "submission.state.returned": _("sent back"),
    "submission.letter.p": _("pass"),
    "submission.letter.f": _("not pass"),
    "submission.letter.n": _("not applicable"),
    "submission.letter.o": _("to watch"),
    "conflict.kept.first": _("the first version"),
    "conflict.kept.second": _("the second version"),
    "frequency.daily": _("every day"),
    "frequency.weekly": _("every week"),
    "frequency.monthly": _("every month"),
    "frequency.quarterly": _("every quarter"),
    "frequency.half_yearly": _("every half year"),
    "frequency.yearly": _("every year"),
}
