"""Words of accounts: what is refused at the door, what happens to people and seats."""

from django.utils.translation import gettext_lazy as _

PROBLEMS = {
    "no_such_person": _("There is no such person, or the account is closed."),
    "no_such_seat": _("There is no such seat, or it is not one that you may see."),
    "no_such_body": _("There is no such office (%(body)s). Choose one from the list."),
    "no_such_token": _("There is no such token, or it is not yours."),
    "no_such_invitation": _("There is no such invitation, or it is not one that you may see."),
    "not_your_account": _("Only the person themselves can change this."),
    "not_an_admin": _("Only an administrator can do this."),
    "may_not_add_people": _("Adding people belongs to those who run a business and to officers."),
    "may_not_seat": _(
        "Giving or ending this seat is not yours to do. Ask the principal, the sub-district or an administrator."
    ),
    "password_is_theirs": _(
        "People choose their own passwords. Leave it empty: they come in by a code to their phone."
    ),
    "prove_the_number": _("Ask for a code to the new number first; with the code it becomes yours."),
    "missing": _("This is still empty. Please fill it in."),
    "not_text": _("This should be plain text."),
    "too_long": _("That is too long: %(limit)s characters at most."),
    "control_characters": _("There are hidden characters in this. Type it again instead of pasting it."),
    "not_a_mobile": _(
        "This is not a mobile number. A number of the mainland has 11 digits; others begin with + and the country code."
    ),
    "not_an_email": _("This is not an e-mail address. It looks like name@example.cn."),
    "bad_login": _("A login has 2 to 60 letters or digits, and . _ - @ + at most. No spaces."),
    "login_is_a_number": _("This login is a mobile number, but not yours. Choose a name, or your own number."),
    "login_taken": _("Somebody has this login already. Choose another one."),
    "mobile_taken": _("Somebody has this number already. Sign in with it, or ask the sub-district."),
    "unknown_language": _("Choose Chinese or English."),
    "unknown_field": _("This cannot be changed here."),
    "not_a_time": _("Choose an hour, such as 21:30."),
    "weak_password": _("This password is too easy to guess. Take at least 10 characters, no name, no number of yours."),
    "unknown_role": _("There is no such role. Choose one from the list."),
    "unknown_body_kind": _("There is no such kind of office."),
    "body_incomplete": _("An office needs its place; a department also its line."),
    "seat_incomplete": _(
        "A seat in a business needs the business; an officer's needs the place, an industry officer's also the line."
    ),
    "seat_ends_before_it_begins": _("The last day lies before the first one."),
    "invitation_unknown": _("This invitation link is not right. Open it again from the message."),
    "invitation_used": _("This invitation was taken up already. Ask for a new one if it was not you."),
    "invitation_withdrawn": _("This invitation was taken back. Ask whoever invited you."),
    "invitation_expired": _("This invitation has run out. Ask for a new one."),
    "invitation_for_another": _(
        "This invitation is for another mobile number. Sign in with that number, or ask for a new one."
    ),
    "code_too_often": _("A code was sent just now. Wait %(retry_after)s seconds, then ask for another."),
    "code_tried_too_often": _("Too many wrong codes. Ask for a new one."),
    "wrong_code": _("This code is not right, or it has run out. Look again, or ask for a new one."),
    "too_many_tokens": _("You have %(limit)s tokens already. Revoke those that you do not use."),
    "out_of_range": _("Choose a number from %(least)s to %(most)s."),
}
NEWS = {
    "accounts.PersonAdded": _("%(by)s opened an account."),
    "accounts.PersonErased": _("%(by)s erased an account: name and numbers are gone."),
    "accounts.ProfileChanged": _("%(by)s changed an account (%(fields)s)."),
    "accounts.SeatTaken": _("%(by)s: %(person)s took a seat as %(role)s."),
    "accounts.SeatLeft": _("%(by)s: %(person)s left the seat as %(role)s."),
    "accounts.BodyAdded": _("%(by)s added an office."),
    "accounts.InvitationMade": _("%(by)s invited somebody as %(role)s."),
    "accounts.InvitationUsed": _("%(person)s took up an invitation."),
    "accounts.InvitationWithdrawn": _("%(by)s took an invitation back."),
    "accounts.TokenMade": _("%(by)s made a token for programs."),
    "accounts.TokenRevoked": _("%(by)s revoked a token."),
    "accounts.CodeSent": _("A sign-in code was sent to %(person)s."),
}
LABELS = {
    "body.kind.community": _("community"),
    "body.kind.street": _("sub-district office"),
    "body.kind.district": _("district bureau"),
    "body.kind.city": _("city bureau"),
    "body.kind.department": _("department"),
    "person.field.name": _("name"),
    "person.field.mobile": _("mobile number"),
    "person.field.email": _("e-mail"),
    "person.field.login": _("login"),
    "person.field.language": _("language"),
    "person.field.password": _("password"),
    "person.field.quiet_from": _("quiet from"),
    "person.field.quiet_until": _("quiet until"),
}
