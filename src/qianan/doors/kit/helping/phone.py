"""Help for the pages of the phone."""

from django.utils.translation import gettext_lazy as _

from qianan.doors.kit.helping import Help

PAGES = {
    "home": Help(
        _("Today"),
        _("Everything that you owe today, first what falls due first, with the minutes it takes."),
        (
            _("Press the dark button: it opens what is due next."),
            _("A hatched mark means late or missed; it can still be made up."),
            _("The strip of the week shows each day: green done, hatched missed, framed still owed."),
        ),
        _("When everything is done the page says so. What nobody does goes up to the sub-district by itself."),
    ),
    "check": Help(
        _("Filling in a check"),
        _("One card, one question. Walk the round with the list; most checks take two or three minutes."),
        (
            _("Press Pass, Not pass or Not applicable on every card."),
            _("For Not pass add a photo or a few words: one of the two is enough unless the card asks for both."),
            _("Send it at the bottom. If the net is weak, send again: it is taken only once."),
        ),
        _("You get a receipt at once. What did not pass becomes a hazard with a person and a deadline."),
    ),
    "receipts": Help(
        _("Receipts"),
        _("Every check that your business handed in, newest first."),
        (_("Open one to see what it found and what came of it."),),
        _("A receipt that was sent back to you says why; fill the list in again."),
    ),
    "submission": Help(
        _("A receipt"),
        _("The proof that your check arrived: number, times, result, fingerprint."),
        (_("Below it stands each hazard it opened: who must do what by when."),),
        _("The fingerprint changes if anybody alters what you sent; the trail keeps it."),
    ),
    "report": Help(
        _("Reporting a hazard"),
        _("For anything dangerous that is on no list. Everybody who works here may report."),
        (
            _("Take a photo, say in a few words what is wrong and where."),
            _("In danger of life: first get people out, then call 119 or 120."),
        ),
        _("The safety manager is told at once and rates it; then somebody is named to fix it."),
    ),
    "hazards": Help(
        _("Hazards"),
        _("All hazards of your business: open ones by their deadlines, closed ones behind the second tab."),
        (_("Open one to see who fixes, who answers, who checks, and by when."),),
        _("A hazard is closed only after somebody other than the fixer has seen the fix."),
    ),
    "hazard": Help(
        _("A hazard"),
        _(
            "What it is, by when it must be fixed, the three people, where it goes if nobody acts, and what "
            "happened so far."
        ),
        (
            _("The buttons at the bottom are what you may do now; they change with its state."),
            _("The fixer hands in the fix with a photo from the same angle."),
            _("Somebody else looks at it: in order, or back with a reason."),
        ),
        _(
            "Late hazards climb: the sub-district the same day, then the district, then the city. The dates "
            "stand on the page."
        ),
    ),
    "hazard_act": Help(
        _("One step of a hazard"),
        _("A form for one step: rating, assigning, handing in, checking, closing, more time, reports, plan."),
        (_("Fill in what is asked; what is marked “if you like” may stay empty."),),
        _("If somebody was quicker the page says so, and nothing is changed twice."),
    ),
    "order": Help(
        _("An instruction"),
        _("What an officer tells your business, and by when you must acknowledge it."),
        (_("Read it, then press the button. A word back is possible, not needed."),),
        _("The officer sees when you acknowledged. After the hour it goes up a rung."),
    ),
    "duty": Help(_("A duty"), _("A promise with a deadline. Its page is that of the thing it is about.")),
    "me": Help(
        _("Mine"),
        _("Your business, your letters, your seat, your profile."),
        (_("Under Change seat you go to another shop without signing in again."),),
    ),
    "businesses": Help(_("My business"), _("Leads to the board of the business that you act from.")),
    "business": Help(
        _("The board of the business"),
        _("For the principal and the safety manager: missed checks first, then open hazards by their clocks."),
        (
            _("Make up what was missed; rate and assign what is new; check what was handed in."),
            _("Under Posts and people fill vacant posts: their duties wait for somebody."),
        ),
        _("The line under the checks counts how many the principal did himself."),
    ),
    "business_checks": Help(
        _("Checks of the business"),
        _("What was missed and can be made up, and everything that came in; the principal's own are marked."),
    ),
    "business_people": Help(
        _("Posts and people"),
        _("Duties hang on posts, people sit on them from one day to another."),
        (
            _("Invite somebody by a link: who opens it proves his number and has the seat."),
            _("Leave ends a seat today; Move puts somebody on another post."),
        ),
        _("What hangs on a vacant post falls to the next one up, visibly, until somebody takes it."),
    ),
    "business_musts": Help(
        _("Who answers for safety"),
        _(
            "Three musts: who runs the trade, who runs the line of business, who runs production answer for "
            "its safety. Here they stand by name, with dates."
        ),
        (),
        _("Without an industry department the business stands in the district's queue until one is assigned."),
    ),
    "business_tenants": Help(
        _("Tenants"),
        _(
            "For landlords, parks and markets: which tenant has not checked itself, and what is open there. "
            "You see, the tenant acts."
        ),
    ),
    "business_trail": Help(
        _("The trail"),
        _(
            "Every act in your business as a sentence: who, what, when. Nobody can alter it, not even the "
            "system's keepers."
        ),
    ),
    "site": Help(
        _("A site"),
        _("Which lists it owes, how it stands with each, and what was said about it."),
        (_("Any list can be filled in at any time, also when it is not due."),),
    ),
    "site_state": Help(
        _("A site pauses, closes or moves"),
        _("Say it with proof, and its checks stop from that day."),
        (
            _("Choose what happens and from when; a pause has an end, a move a new address."),
            _("Add a photo or a PDF that shows it."),
        ),
        _("On the day named, checks stop or begin again by themselves."),
    ),
}
