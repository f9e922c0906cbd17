"""Help for the pages that belong to no door: coming in, letters, profile."""

from django.utils.translation import gettext_lazy as _

from qianan.doors.kit.helping import Help

PAGES = {
    "account_login": Help(
        _("Signing in"),
        _("By your sign-in name or mobile number and your password, or by a code to your phone."),
        (
            _("Forgotten the password? Take “With a code”, then set a new one in your profile."),
            _("After five wrong tries signing in rests for a while. A code still works."),
        ),
    ),
    "account_ask_code": Help(
        _("Signing in with a code"),
        _("Six digits come to the mobile number of your account and last ten minutes."),
        (_("Type the name or number, then the code. You may paste it."),),
    ),
    "account_code": Help(
        _("The code"),
        _("Type the six digits that came to your phone. After five wrong ones a new code is needed."),
    ),
    "mfa": Help(
        _("The second step"),
        _(
            "A code of an authenticator app after the password, so that a lost password opens nothing. "
            "Officers need it where the city demands it."
        ),
        (
            _("Scan the QR code with the app, type the six digits."),
            _("Keep the spare codes on paper: each opens the door once."),
        ),
    ),
    "invitation": Help(
        _("An invitation"),
        _("A seat is held out to you by link."),
        (_("Say your name, prove your number by the code, take the seat."),),
    ),
    "join": Help(
        _("An invitation"),
        _("A seat is held out to you by link."),
        (_("Say your name, prove your number by the code, take the seat."),),
    ),
    "claim": Help(
        _("Claiming a business"),
        _("When your business is registered but nobody there has a seat yet."),
        (
            _("Type the unified social credit code of the licence."),
            _("Say what you are there; a photo of the licence helps the officer."),
        ),
        _("The sub-district office decides within days and you are told. Until then nothing changes."),
    ),
    "seats": Help(
        _("Seats"),
        _("Each seat is a right to act: in one business, or for one office. One person may have several."),
        (_("Press Work from here to change. Leave ends a seat today and hands over what is owed."),),
    ),
    "seat": Help(
        _("Leaving a seat"),
        _("Your right to act there ends today."),
        (_("Look at what hangs on your post; then leave, or stay."),),
        _("What is owed goes to the next person at once, who is told."),
    ),
    "inbox": Help(
        _("Inbox"),
        _("Letters to you: what was opened for you, falls due, went up a rung, was decided."),
        (_("Some ask to be acknowledged by a time: open them and press the button."),),
        _("The same letters go to your phone, several at once, and wait in your quiet hours unless urgent."),
    ),
    "letter": Help(_("A letter"), _("What happened, what to do, by when, whom to call.")),
    "profile": Help(
        _("Profile"),
        _("Your name, the language of letters, quiet hours, and how you come in."),
        (_("The language of the pages changes with the switch at the top right."),),
    ),
    "number": Help(_("Your number"), _("A new number is proven by a code that goes to it.")),
    "password": Help(_("Your password"), _("Ten characters at least; a short sentence is easy to keep.")),
    "tokens": Help(
        _("Tokens for programs"),
        _("A program acts for you with a token. Each is shown once, named, and can be revoked alone."),
        (_("Give it one seat only, if that is enough, and a short life."),),
    ),
    "token": Help(_("Revoking a token"), _("A revoked token opens nothing any more; the program needs a new one.")),
    "lang": Help(
        _("The language"),
        _("The switch at the top right keeps the page and remembers your choice, here and in your profile."),
    ),
    "photo": Help(
        _("Pictures"), _("Links to pictures last some minutes and work for you only. Load the page again for new ones.")
    ),
    "help": Help(_("Help"), _("Every page has its help behind the sign at the top right.")),
    "home": Help(_("The first page"), _("Officers come to the desk, people of businesses to Today.")),
}
