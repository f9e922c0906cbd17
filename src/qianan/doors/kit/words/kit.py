"""Words of the kit: general refusals, roles, and the states that several rooms share."""

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "no_such_act": _("There is no such act."),
    "not_found": _("There is nothing here, or nothing that you may see."),
    "not_yours": _("You can see this, but doing it belongs to somebody else."),
    "not_now": _("This cannot be done at this stage. Look at the page again: it may have moved on."),
    "conflict": _("Somebody was quicker, or this was sent before with other content. Nothing was changed."),
    "invalid": _("Something in what you sent is not right. Please look it over and send it again."),
    "invalid_many": _("%(count)s things are not right. Each is marked below."),
    "too_large": _("That is more than can be taken at once. Send less, or smaller pictures."),
    "too_many": _("Too often in a short time. Wait a little, then try again."),
    "unavailable": _("The system is busy and kept nothing of this. Try again in a minute."),
    "database_locked": _(
        "The database is busy and kept nothing of this. Try again in a minute; nothing is sent twice."
    ),
    "disk_full": _("The server has no room left and kept nothing of this. Keep your page open and try again later."),
    "too_many_files": _("Too many files at once: %(limit)s at most. Send fewer pictures."),
    "too_many_fields": _("The form has too many fields to be taken at once. Send it in two parts."),
    "upload_too_large": _("More than %(limit)s MB at once. Send fewer or smaller pictures."),
    "broken_request": _("What came in could not be read. Load the page again and send it once more."),
    "csrf": _("The page was open too long or came from elsewhere. Go back, load it again, and send once more."),
    "method_not_allowed": _("This address does not take that kind of request. Go back and use the page's own buttons."),
    "locked_out": _("Too many wrong tries. Signing in rests for a while; then it works again."),
    "officers_only": _("These pages belong to officers. Your own pages are under Today."),
    "business_only": _("These pages belong to people with a seat in a business."),
    "managers_only": _("This is for the principal and the safety managers of the business. Ask one of them."),
    "account_not_in_use": _("This account is not in use any more. Ask who gave you the seat."),
    "photo_gone": _("This picture link has run out. Load the page again and open it from there."),
    "bad_id": _("The address names something in a way that cannot be read. Go back and follow the link again."),
    "nothing_chosen": _("Choose one first."),
    "sign_in_first": _("Sign in first; then you come back to this page."),
    "server_error": _(
        "Something went wrong on our side and was written down. What you typed before this page is kept."
    ),
}
NEWS: dict[str, object] = {}
LABELS = {
    "role.worker": _("staff"),
    "role.safety_manager": _("safety manager"),
    "role.principal": _("principal"),
    "role.community": _("community officer"),
    "role.street": _("sub-district officer"),
    "role.district": _("district officer"),
    "role.city": _("city officer"),
    "role.industry": _("industry officer"),
    "role.admin": _("administrator"),
    "door.phone": _("by phone"),
    "door.desk": _("at a desk"),
    "door.web": _("on the web"),
    "door.api": _("through the interface for programs"),
    "door.clock": _("by the clock"),
    "door.wiring": _("by the system"),
    "door.setup": _("at set-up"),
    "door.replay": _("replayed from records"),
    "door.plant": _("planted for the demo"),
    "door.console": _("at the console"),
}
