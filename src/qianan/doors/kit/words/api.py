"""The words of the programs' door: what was wrong with a request, and how to mend it."""

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "token_needed": _("Nobody known is asking. Send a token as `Authorization: Bearer …`, or sign in."),
    "token_not_good": _("This token opens nothing: it is mistyped, revoked or has run out. Make a new one."),
    "token_of_one_seat": _("A token of one seat makes only tokens of that seat. Use a wider one, or sign in."),
    "second_factor_needed": _("Officers need a second factor here. Sign in on the pages and set it up first."),
    "admins_only": _("This is for administrators."),
    "too_many_requests": _("More than %(limit)s requests within a minute. Wait %(retry_after)s seconds, then go on."),
    "key_used_otherwise": _("This Idempotency-Key came before with other content. Use a new key for a new act."),
    "bad_key": _("An Idempotency-Key is at most 200 printable characters."),
    "bad_cursor": _("This cursor is not one of this list. Begin again without a cursor."),
    "body_too_large": _("One request takes at most %(limit_bytes)s. Send it in parts."),
    "broken_json": _("The body is not JSON as it should be. Look for a missing bracket, NaN, or broken text."),
    "field_missing": _("This must be given."),
    "field_unknown": _("There is no such field. Look at its name in the API's pages."),
    "text_wanted": _("This must be text."),
    "not_a_code": _("This is not written as it should be. Look at its pattern in the API's pages."),
    "not_a_choice": _("This is none of the words that can stand here."),
    "not_an_id": _("This must be a UUID."),
    "moment_wanted": _("This must be a time such as 2026-11-02T09:00:00+08:00."),
    "time_without_zone": _("A time needs its offset, such as +08:00."),
    "day_wanted": _("This must be a day such as 2026-11-02."),
    "number_wanted": _("This must be a number."),
    "out_of_bounds": _("This number or time is outside of what can be."),
    "days_out_of_bounds": _("Ask for at most %(most)s days, the first before the last."),
    "boolean_wanted": _("This must be true or false."),
    "list_wanted": _("This must be a list."),
    "object_wanted": _("This must be an object with named fields."),
    "not_right": _("This is not as it should be."),
    "too_short": _("This is too short."),
    "too_many_at_once": _("There are too many of these at once. Send them in parts."),
    "too_few": _("There are too few of these."),
    "no_such_method": _("This address does not take this method. The header Allow names those it takes."),
    "somebody_was_quicker": _("Somebody was quicker, or this is there already. Load it again and look."),
    "no_trail_of_this": _("There is no trail of this kind of thing here."),
    "not_a_ref": _("This is no reference such as hazards.hazard:<business>:<id>."),
    "not_your_people": _("Who works there is for its own people and the officers over it."),
    "not_your_trail": _("The trail of a business is for its managers and the officers over it."),
    "no_such_tenancy": _("There is no such tenancy today."),
    "ticket_not_found": _("No such news is set aside. It may have been served meanwhile."),
}

NEWS = {
    "trail.TicketRetried": _("%(by)s put news that could not be delivered back into the queue."),
}
