"""Whose letters these are, and who looks after the channels."""

from qianan.ground.notices.models import Notice
from qianan.kernel.actor import OFFICER_ROLES, Actor
from qianan.kernel.problems import NotYours


def can_read(actor: Actor, notice: Notice) -> bool:
    """One's own letters only: not even an admin reads another's."""
    return actor.person is not None and actor.person == notice.person


def can_look_after_channels(actor: Actor) -> bool:
    return actor.is_system or actor.is_admin


def check_may_look_after_channels(actor: Actor) -> None:
    if not can_look_after_channels(actor):
        raise NotYours("not_an_admin")


def can_resend(actor: Actor) -> bool:
    """Officers, who sent the instruction, and admins. An attempt shows no words and no full address."""
    return can_look_after_channels(actor) or any(seat.role in OFFICER_ROLES for seat in actor.seats)
