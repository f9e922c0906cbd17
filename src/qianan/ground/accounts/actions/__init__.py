"""Everything that changes people, seats, invitations, tokens, codes and bodies."""

from qianan.ground.accounts.actions.bodies import NewBody, add_bodies
from qianan.ground.accounts.actions.codes import (
    ask_mobile,
    change_mobile,
    check_code,
    forget_codes,
    forget_old,
    send_code,
)
from qianan.ground.accounts.actions.invitations import invite, use_invitation, withdraw_invitation
from qianan.ground.accounts.actions.people import (
    NewPerson,
    add_people,
    add_person,
    erase_person,
    set_password,
    set_profile,
    sign_up,
)
from qianan.ground.accounts.actions.seats import (
    NewSeat,
    assign_post,
    hand_over,
    leave_seat,
    leave_seats,
    take_seat,
    take_seats,
)
from qianan.ground.accounts.actions.tokens import make_token, note_use, revoke_token

__all__ = [
    "NewBody",
    "NewPerson",
    "NewSeat",
    "add_bodies",
    "add_people",
    "add_person",
    "ask_mobile",
    "assign_post",
    "change_mobile",
    "check_code",
    "erase_person",
    "forget_codes",
    "forget_old",
    "hand_over",
    "invite",
    "leave_seat",
    "leave_seats",
    "make_token",
    "note_use",
    "revoke_token",
    "send_code",
    "set_password",
    "set_profile",
    "sign_up",
    "take_seat",
    "take_seats",
    "use_invitation",
    "withdraw_invitation",
]
