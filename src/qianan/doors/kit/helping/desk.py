"""Help for the pages of the desk."""

from django.utils.translation import gettext_lazy as _

from qianan.doors.kit.helping import Help

PAGES = {
    "home": Help(
        _("The board"),
        _("Your area at one look: who has not checked itself, what is open, what is late and on which rung."),
        (
            _("Begin at the left: who is silent comes first."),
            _(
                "Every figure opens the records behind it; go down from city to district, sub-district, "
                "business, site, hazard."
            ),
        ),
        _("Each figure says of how many, and as of when. Areas that are behind are named, not smoothed over."),
    ),
    "place": Help(
        _("A place"),
        _("The same board for a district, a sub-district or a community within your area."),
        (_("The trail of places at the top leads back up."),),
    ),
    "selfchecks": Help(
        _("Who has checked"),
        _("Sites by how long they have been silent, and coverage by area and trade."),
        (_("Choose some and urge them at once: each person gets one letter, and you see whether it arrived."),),
    ),
    "submission": Help(
        _("A self-check"),
        _("What was answered, item by item, with its photos and quiet notes."),
        (_("Send it back with a reason if it cannot be right."),),
    ),
    "hazards": Help(
        _("Hazards"),
        _("By level, state, age, trade and rung. The filters stand in the address: send it to a colleague as it is."),
    ),
    "hazard": Help(
        _("A hazard"),
        _(
            "Everything about it: the three people, the deadline and its rule, the ladder, the papers, the "
            "photos, the trail."
        ),
        (
            _("The acts on the right are those open to you now."),
            _(
                "A major one can be put under special supervision, reviewed by two officers, transferred with a "
                "receipt."
            ),
        ),
    ),
    "duties": Help(
        _("Duties"),
        _("Every promise with a deadline: what is late, which rung it has reached, who has it now."),
    ),
    "duty": Help(_("A duty"), _("One promise: owner, deadline, extensions, the ladder with dates to come.")),
    "extensions": Help(
        _("More time asked for"),
        _("Requests that you may decide. The present deadline stands until you do."),
        (_("Grant or refuse with a note; both keep the old deadline on record."),),
    ),
    "extension": Help(_("A request for more time"), _("Why, until when, and what the deadline was.")),
    "transfers": Help(
        _("Transfers"),
        _("Hazards sent to your office or from it, each with a receipt."),
        (_("Take it, or say why it is not yours."),),
    ),
    "transfer": Help(_("A transfer"), _("Who sent it, why, and the answer.")),
    "claims": Help(
        _("Claims"),
        _("People who say that a registered business is theirs."),
        (_("Look at the proof, call if in doubt, then approve or refuse with a reason."),),
        _("Approving gives the seat at once."),
    ),
    "claim": Help(_("A claim"), _("Who asks for which business, with what proof.")),
    "unassigned": Help(
        _("Without a department"),
        _("Businesses for whose trade no industry department answers yet, the longest waiting first."),
        (_("Assign one, and write down the basis."),),
    ),
    "assign": Help(_("Assigning a department"), _("Which department answers for the trade, and on what basis.")),
    "instructions": Help(
        _("Instructions"),
        _("What was sent to many at once, and how many have acknowledged."),
        (_("Open one to see who has not, and send again what did not arrive."),),
    ),
    "instruct": Help(
        _("Writing an instruction"),
        _("One text to one or many businesses, to be acknowledged by a time."),
        (_("The page says whom it reaches and whom not, before you send."),),
    ),
    "instruction": Help(_("An instruction"), _("Who acknowledged when, who is late, what each channel delivered.")),
    "letter": Help(_("Sending again"), _("A letter that did not arrive is tried once more.")),
    "businesses": Help(
        _("Businesses"),
        _("All within your area and line, found by name, pinyin, initials or credit code."),
    ),
    "business": Help(
        _("A business"),
        _("Its sites, checks, hazards, people, and the three musts with names and dates."),
    ),
    "site": Help(_("A site"), _("Its lists, its calendar of checks, its hazards, what was said about it.")),
    "imports": Help(
        _("Importing a registry"),
        _("A file of businesses, sites and people, with a mapping of its columns."),
        (
            _("Choose the file; the preview shows every wrong row with line, column and how to mend it."),
            _("Nothing is taken in before you confirm; the same file twice changes nothing."),
        ),
    ),
    "import": Help(_("An import"), _("The preview of one file, row by row.")),
    "inspections": Help(_("Visits"), _("Visits made in your area, and what they found.")),
    "visit": Help(_("A visit"), _("When, who, what was looked at, what was found, signed or refused.")),
    "checklists": Help(_("Lists"), _("The lists by venue, with their editions and the days on which they are owed.")),
    "checklist": Help(_("A list"), _("Its editions; only published ones are filled in, and those never change.")),
    "version": Help(_("An edition"), _("The items, their answers, their basis; unverified sources are marked.")),
    "codebook": Help(
        _("The codebook"),
        _("Deadlines, ladder, frequencies, criteria, departments: rows with source, edition and dates."),
    ),
    "code": Help(_("A table of the codebook"), _("Every row with its source; unverified ones are marked.")),
    "seats": Help(
        _("Seats of officers"),
        _("Who acts for which office, from which day."),
        (_("Give a seat, invite by link, or end one."),),
    ),
    "seat": Help(_("A seat"), _("A dated right to act: role, place, line.")),
    "invite": Help(_("Inviting an officer"), _("The link is shown once; hand it on.")),
    "bodies": Help(_("Offices"), _("Public bodies with their posts.")),
    "channels": Help(
        _("Channels"),
        _("How letters leave the house: SMS, mail, webhook, WeCom, DingTalk. Secrets are never shown again."),
    ),
    "channel": Help(_("A channel"), _("Its settings, and which kinds of letters it carries.")),
    "queue": Help(
        _("The queue"),
        _("What is still to be done, what failed for good, and what could not be delivered."),
        (_("Try a failed one again after mending its cause."),),
    ),
    "ticket": Help(_("A ticket"), _("One act whose listeners are still to serve.")),
    "trail": Help(_("The trail"), _("Whether every chain is whole, and how many acts are not sealed yet.")),
}
