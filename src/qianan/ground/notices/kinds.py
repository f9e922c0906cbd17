"""The table of letters: each kind's words. A new kind is an entry here; params go in by name.

One kind, one entry in WORDS; `kind.variant` where a param chooses (the kind of a duty, granted or refused).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Words:
    """`subject` in a line, `what` happened, what `todo`: lazy texts with %(params)s; `todo` "" = nothing."""

    subject: Any
    what: Any
    todo: Any = ""


def _w(subject: Any, what: Any, todo: Any = "") -> Words:
    return Words(subject, what, todo)


WORDS: dict[str, Words] = {
    # -- who comes in ---------------------------------------------------------------
    "code": _w(
        _("%(code)s is your Qianan code"),
        _("The code %(code)s lets you in once. It is good for ten minutes."),
        _("Give it to nobody: nobody from the office will ever ask you for it. If it was not you, do nothing."),
    ),
    "invitation": _w(
        _("You are invited to Qianan as %(role)s"),
        _("Somebody holds out a seat to you: %(role)s."),
        _("Open the link and sign in with this mobile number to take it. It is good for %(days)s days."),
    ),
    "claim_asked": _w(
        _("%(business)s: somebody says it is theirs"),
        _("A person asks to take over %(business)s as %(role)s."),
        _("Look at the proof and approve or refuse it, with the reason."),
    ),
    "claim_decided.yes": _w(
        _("%(business)s is now yours to look after"),
        _("The sub-district approved your claim to %(business)s."),
        _("Sign in and begin with today's self-check."),
    ),
    "claim_decided.no": _w(
        _("Your claim to %(business)s was refused"),
        _("The sub-district did not approve your claim to %(business)s. Reason: %(reason)s."),
        _("Send it again with what is missing, or call the sub-district."),
    ),
    "seat_left": _w(
        _("%(who)s has left: %(post)s at %(business)s"),
        _("%(who)s no longer sits on %(post)s at %(business)s. What was owed there falls to you for now."),
        _("Seat somebody on the post, or see to what is open yourself."),
    ),
    # -- hazards --------------------------------------------------------------------
    "rating_owed": _w(
        _("Rate a hazard: %(subject)s"),
        _("A hazard was found at %(business)s: %(subject)s (%(number)s)."),
        _("Say whether it is general or major, and who fixes it."),
    ),
    "rectification_ordered": _w(
        _("Fix a hazard: %(subject)s"),
        _("%(subject)s at %(business)s (%(number)s, %(level)s) is yours to fix."),
        _("Fix it, take a photo, and hand it in."),
    ),
    "handed_in": _w(
        _("Check a fix: %(subject)s"),
        _("The fix of %(subject)s at %(business)s (%(number)s) was handed in."),
        _("Look at it on the spot or by the photos, and accept it or send it back."),
    ),
    "fix_returned": _w(
        _("Not fixed yet: %(subject)s"),
        _("The fix of %(subject)s at %(business)s (%(number)s) was sent back. Reason: %(reason)s."),
        _("Put it right and hand it in again."),
    ),
    "fix_accepted": _w(
        _("Fix accepted: %(subject)s"),
        _("The fix of %(subject)s at %(business)s (%(number)s) was accepted."),
        _("Somebody who did not fix it can close it now."),
    ),
    "hazard_closed": _w(
        _("Closed: %(subject)s"),
        _("%(subject)s at %(business)s (%(number)s) is closed."),
        _("Show the result to the staff."),
    ),
    "hazard_supervised": _w(
        _("Under special supervision: %(subject)s"),
        _("%(body)s put %(subject)s at %(business)s (%(number)s) under special supervision."),
        _("Keep the interim control in place, fix it by the day set, and ask for the review."),
    ),
    "supervision_lifted": _w(
        _("Supervision lifted: %(subject)s"),
        _("%(body)s lifted the special supervision of %(subject)s at %(business)s (%(number)s)."),
    ),
    "hazard_transferred": _w(
        _("Transferred to you: %(subject)s"),
        _("A hazard at %(business)s was transferred to %(body)s: %(subject)s (%(number)s). Reason: %(reason)s."),
        _("Give the receipt, or send it back with the reason."),
    ),
    "double_report": _w(
        _("Major hazard reported: %(subject)s"),
        _("%(business)s reported a major hazard: %(subject)s (%(number)s)."),
        _("Read it and give the receipt."),
    ),
    "double_report.workers": _w(
        _("Major hazard at your workplace: %(subject)s"),
        _("%(business)s tells its staff of a major hazard: %(subject)s (%(number)s)."),
        _("Keep to the interim control, and say that you have read this."),
    ),
    "work_suspended": _w(
        _("Work is stopped: %(scope)s"),
        _("Because of %(subject)s at %(business)s, work is stopped: %(scope)s (order %(number)s)."),
        _("Stop at once. Work goes on only after the review has passed."),
    ),
    # -- duties ---------------------------------------------------------------------
    "duty_opened": _w(
        _("To do: %(subject)s"),
        _("Something at %(business)s is now yours to see to: %(subject)s."),
        _("Open it to see what is asked."),
    ),
    "duty_opened.rating": _w(
        _("Rate a hazard: %(subject)s"),
        _("A hazard was found at %(business)s: %(subject)s."),
        _("Say whether it is general or major, and who fixes it."),
    ),
    "duty_opened.rectification": _w(
        _("Fix a hazard: %(subject)s"),
        _("%(subject)s at %(business)s (%(level)s) is yours to fix."),
        _("Fix it, take a photo, and hand it in."),
    ),
    "duty_opened.verification": _w(
        _("Check a fix: %(subject)s"),
        _("The fix of %(subject)s at %(business)s was handed in."),
        _("Look at it on the spot or by the photos, and accept it or send it back."),
    ),
    "duty_opened.silence": _w(
        _("No self-check yet: %(business)s"),
        _("%(site)s has not done its self-check: %(subject)s."),
        _("Do it today: a few minutes on the phone are enough."),
    ),
    "duty_opened.claim": _w(
        _("%(business)s: somebody says it is theirs"),
        _("A person asks to take over %(business)s."),
        _("Look at the proof and approve or refuse it, with the reason."),
    ),
    "duty_opened.double_report": _w(
        _("Report a major hazard: %(subject)s"),
        _("%(subject)s at %(business)s is major: the law asks for two reports."),
        _("Report it to the regulator and tell the staff's representatives; each gets its own receipt."),
    ),
    "duty_opened.plan": _w(
        _("Plan for a major hazard: %(subject)s"),
        _("%(subject)s at %(business)s is major: it needs a plan of five parts."),
        _("Set down who, what, with which money, by when, and what holds until then."),
    ),
    "duty_opened.supervision": _w(
        _("Review a supervised hazard: %(subject)s"),
        _("%(subject)s at %(business)s is under special supervision by your office."),
        _("Follow it up, and review it on the spot when it is handed in."),
    ),
    "duty_opened.transfer": _w(
        _("Transferred to you: %(subject)s"),
        _("A hazard at %(business)s was transferred to your office: %(subject)s."),
        _("Give the receipt, or send it back with the reason."),
    ),
    "duty_reminded": _w(
        _("Due soon: %(subject)s"),
        _("%(subject)s at %(business)s is not done yet."),
        _("Finish it in time, or ask for an extension with the reason."),
    ),
    "duty_reminded.silence": _w(
        _("No self-check yet: %(business)s"),
        _("%(site)s has still not done its self-check: %(subject)s."),
        _("Do it today: a few minutes on the phone are enough."),
    ),
    "duty_escalated": _w(
        _("%(days)s days late at %(business)s: %(subject)s"),
        _("%(subject)s at %(business)s is %(days)s days late and has come to %(body)s."),
        _("Call the business, urge it, or go there."),
    ),
    "duty_escalated.silence": _w(
        _("%(days)s days without a self-check: %(business)s"),
        _("%(site)s has not checked itself for %(days)s days (%(subject)s); it has come to %(body)s."),
        _("Call the business, urge it, or go there."),
    ),
    "duty_fell": _w(
        _("Fell to you: %(subject)s"),
        _("Nobody sits on the post %(from)s. %(subject)s at %(business)s is with you for now."),
        _("See to it, or seat somebody on that post."),
    ),
    "duty_reassigned": _w(
        _("Now yours: %(subject)s"),
        _("%(subject)s at %(business)s was given to you."),
        _("Open it to see what is asked."),
    ),
    "extension_asked": _w(
        _("More time is asked for: %(subject)s"),
        _("%(business)s asks for time until %(until)s for %(subject)s. Reason: %(reason)s."),
        _("Grant or refuse it. Until then the old deadline stands."),
    ),
    "extension_decided.yes": _w(
        _("More time granted: %(subject)s"),
        _("For %(subject)s at %(business)s you now have until %(until)s."),
    ),
    "extension_decided.no": _w(
        _("No more time: %(subject)s"),
        _("More time for %(subject)s at %(business)s was refused. %(note)s"),
        _("The deadline stands: %(was)s."),
    ),
    # -- checks and instructions --------------------------------------------------------
    "silence": _w(
        _("No self-check yet: %(business)s"),
        _("%(site)s has not done its self-check: %(subject)s."),
        _("Do it today: a few minutes on the phone are enough."),
    ),
    "submission_returned": _w(
        _("Self-check sent back: %(subject)s"),
        _("The self-check %(subject)s of %(site)s was sent back. Reason: %(reason)s."),
        _("Do the items again that are named, and send it once more."),
    ),
    "instruction": _w(
        _("Instruction from %(body)s"),
        _("%(text)s"),
        _("Say that you have received it."),
    ),
    "urge": _w(
        _("%(body)s asks you to hurry"),
        _("%(text)s"),
        _("See to it now, and say that you have received this."),
    ),
    "test": _w(
        _("Test from Qianan"),
        _("The channel %(subject)s carries letters."),
    ),
}
ALSO = {
    "supervised": "hazard_supervised",
    "transferred": "hazard_transferred",
    "suspended": "work_suspended",
    "letter": "instruction",
}
"""Kinds that are called by two names."""

PLAIN = _w(
    _("News about %(subject)s"), _("Something happened that concerns you: %(subject)s."), _("Open it to see more.")
)

ROLES = {
    "worker": _("staff"),
    "safety_manager": _("safety manager"),
    "principal": _("principal"),
    "community": _("community officer"),
    "street": _("sub-district officer"),
    "district": _("district officer"),
    "city": _("city officer"),
    "industry": _("industry officer"),
    "admin": _("administrator"),
}
LEVELS = {"unrated": _("not rated yet"), "general": _("general hazard"), "major": _("major hazard")}


def kinds() -> list[str]:
    """Every kind of letter, without variants."""
    return list(dict.fromkeys(key.partition(".")[0] for key in WORDS))


def words_of(kind: str, params: Mapping[str, Any]) -> Words:
    """The most particular words that there are for this kind and these params."""
    kind = ALSO.get(kind, kind)
    variants = [str(params.get(name)) for name in ("kind", "side") if params.get(name)]
    for name in ("granted", "approved"):
        if name in params:
            variants.append("yes" if params[name] else "no")
    for variant in variants:
        if found := WORDS.get(f"{kind}.{variant}"):
            return found
    return WORDS.get(kind) or WORDS.get(f"{kind}.yes") or PLAIN
