"""When this happens, do that. The whole choreography of the house is this page.

News on the left; on the right who listens, in another room above or aside. A worker hands each listener a list of
trail entries (`qianan.ground.trail.delivery`); listeners are safe to run twice.
"""

from collections.abc import Callable, Mapping

from qianan.ground.accounts.events import CodeSent, InvitationMade, PersonErased
from qianan.ground.notices import listeners as notices
from qianan.kernel.news import Event

WIRING: Mapping[type[Event], tuple[Callable[..., None], ...]] = {
    CodeSent: (notices.send_codes,),
    InvitationMade: (notices.send_invitations,),
    PersonErased: (notices.forget_erased,),
}
