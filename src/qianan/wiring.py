"""When this happens, do that. The whole choreography of the house is this page.

News on the left; on the right who listens, in another room above or aside. A worker hands each listener a list of
trail entries (`qianan.ground.trail.delivery`); listeners are safe to run twice.
"""

from collections.abc import Callable, Mapping

from qianan.field.hazards import listeners as hazards
from qianan.field.hazards.events import DoubleReportSent, FixReturned, HazardClosed, HazardSupervised, WorkSuspended
from qianan.field.selfchecks import listeners as selfchecks
from qianan.field.selfchecks.events import SubmissionReturned
from qianan.ground.accounts.events import BodyAdded, CodeSent, InvitationMade, PersonErased, SeatLeft, SeatTaken
from qianan.ground.notices import listeners as notices
from qianan.kernel.news import Event
from qianan.registry.businesses.events import BusinessRegistered, ClaimAsked, ClaimDecided, SiteOpened, SiteStateChanged
from qianan.registry.duties import listeners as duties
from qianan.registry.duties.events import (
    DutyEscalated,
    DutyOpened,
    DutyReassigned,
    DutyReminded,
    ExtensionAsked,
    ExtensionDecided,
    InstructionReceived,
    PostVacated,
)

WIRING: Mapping[type[Event], tuple[Callable[..., None], ...]] = {
    CodeSent: (notices.send_codes,),
    InvitationMade: (notices.send_invitations,),
    PersonErased: (notices.forget_erased,),
    # -- chairs: set up, taken, left ----------------------------------------------
    BusinessRegistered: (duties.equip_new_businesses, selfchecks.enrol_sites),
    BodyAdded: (duties.equip_new_bodies,),
    SeatTaken: (duties.seat_people,),
    SeatLeft: (duties.notice_empty_chairs,),
    PostVacated: (duties.tell_heirs,),
    ClaimAsked: (duties.owe_answers_to_claims,),
    ClaimDecided: (duties.answer_claims,),
    # -- promises: owed, late, given more time --------------------------------------
    DutyOpened: (duties.tell_of_new_duties,),
    DutyReminded: (duties.tell_of_reminders,),
    DutyEscalated: (duties.tell_of_climbs, hazards.put_under_supervision),
    DutyReassigned: (duties.tell_of_reassignments, hazards.follow_reassignments),
    ExtensionAsked: (duties.tell_of_requests,),
    ExtensionDecided: (duties.tell_of_decisions, hazards.follow_extensions),
    InstructionReceived: (duties.hand_out_instructions,),
    # -- hazards ----------------------------------------------------------------------
    FixReturned: (hazards.tell_of_returns,),
    HazardClosed: (hazards.tell_of_closing,),
    HazardSupervised: (hazards.tell_of_lists,),
    DoubleReportSent: (hazards.tell_of_reports,),
    WorkSuspended: (hazards.tell_of_stops,),
    # -- owed checks --------------------------------------------------------------------
    SiteOpened: (selfchecks.enrol_sites,),
    SiteStateChanged: (selfchecks.follow_site_state,),
    SubmissionReturned: (selfchecks.tell_returned,),
}
