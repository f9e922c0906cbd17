"""A seat is held out to somebody: somebody else's, used twice, expired, withdrawn."""

from datetime import timedelta

import pytest

from qianan.ground.accounts import actions, queries
from qianan.ground.accounts.derived import invitation_secret
from qianan.ground.accounts.models import Invitation, Seat
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Conflict, NotFound, NotNow, NotYours, Problem
from tests.cast import COMMUNITY, MONDAY, Street

STRANGERS_NUMBER = "+8613800000009"


def invite(street: Street, mobile: str = "", role: str = "worker") -> tuple[Invitation, str]:
    return actions.invite(
        role=role,
        business_id=street.business.id,
        place_code=COMMUNITY,
        post=street.posts["worker"].id,
        mobile=mobile,
        by=street.lao_wang,
        now=MONDAY,
    )


def nothing_taken(street: Street) -> bool:
    return not Seat.objects.filter(person=street.people["stranger"]).exists()


def test_a_stranger_takes_the_seat_held_out_to_him(street: Street) -> None:
    invitation, secret = invite(street, mobile="13800000009")
    later = MONDAY + timedelta(days=2)

    seat = actions.use_invitation(secret, person=street.people["stranger"], by=street.stranger, now=later)

    assert (seat.role, seat.business_id, seat.post) == ("worker", street.business.id, street.posts["worker"].id)
    invitation.refresh_from_db()
    assert (invitation.used_by, invitation.used_at) == (street.stranger.person, later)
    entries = street.trail_since(MONDAY)
    assert sorted(e.news for e in entries) == [
        "accounts.InvitationMade",
        "accounts.InvitationUsed",
        "accounts.SeatTaken",
    ]
    assert all(secret not in str(e.body) + e.about and "13800000009" not in str(e.body) for e in entries)


def test_the_secret_is_not_in_the_table(street: Street) -> None:
    invitation, secret = invite(street)

    row = Invitation.objects.filter(id=invitation.id).values().get()
    assert secret not in str(row)
    assert secret == invitation_secret(invitation.id)
    assert queries.invitation_link(invitation) == f"http://127.0.0.1:8000/accounts/invitations/{secret}/"


def refused(street: Street, secret: str, at: object = MONDAY) -> Problem:
    with pytest.raises(Problem) as found:
        actions.use_invitation(secret, person=street.people["stranger"], by=street.stranger, now=at)  # type: ignore[arg-type]
    assert nothing_taken(street)
    return found.value


def test_an_invitation_for_another_number_is_not_ones_own(street: Street) -> None:
    _, secret = invite(street, mobile="13911112222")

    assert refused(street, secret) == NotYours("invitation_for_another")


def test_nobody_takes_an_invitation_in_anothers_name(street: Street) -> None:
    _, secret = invite(street)

    with pytest.raises(NotYours, match="not_your_account"):
        actions.use_invitation(secret, person=street.people["stranger"], by=street.boss_qian, now=MONDAY)
    assert nothing_taken(street)


def test_an_invitation_is_used_once(street: Street) -> None:
    _, secret = invite(street)
    actions.use_invitation(secret, person=street.people["boss_qian"], by=street.boss_qian, now=MONDAY)

    assert refused(street, secret) == Conflict("invitation_used")


def test_an_invitation_expires(street: Street) -> None:
    _, secret = invite(street)

    assert refused(street, secret, MONDAY + timedelta(days=14)) == NotNow("invitation_expired")


def test_a_withdrawn_invitation_is_dead(street: Street) -> None:
    invitation, secret = invite(street)

    with pytest.raises(NotYours):
        actions.withdraw_invitation(invitation, by=street.boss_qian, now=MONDAY)
    actions.withdraw_invitation(invitation, by=street.sister_liu, now=MONDAY)

    assert refused(street, secret) == NotNow("invitation_withdrawn")
    assert list(queries.invitations_for(street.lao_wang, business_id=street.business.id, now=MONDAY)) == []


def test_who_has_left_hands_out_nothing(street: Street) -> None:
    _, secret = invite(street)
    actions.leave_seat(queries.seat(street.lao_wang.seat.id), by=street.lao_wang, now=MONDAY)

    assert refused(street, secret) == NotNow("invitation_withdrawn")


@pytest.mark.parametrize("secret", ["", "x", "\0", "é" * 5000, "\ud800"])
def test_a_made_up_secret_opens_nothing(street: Street, secret: str) -> None:
    assert refused(street, secret) == NotFound("invitation_unknown")


def test_a_safety_manager_invites_no_principal(street: Street) -> None:
    with pytest.raises(NotYours, match="may_not_seat"):
        actions.invite(role="principal", business_id=street.business.id, by=street.sister_liu, now=MONDAY)

    assert Invitation.objects.count() == 0
    assert street.trail_since(MONDAY) == []


def test_an_admin_invites_an_officer(street: Street) -> None:
    _, secret = actions.invite(role="industry", body_code="dept:fire:110105", line="fire", by=street.admin, now=MONDAY)

    seat = actions.use_invitation(secret, person=street.people["stranger"], by=street.stranger, now=MONDAY)

    assert (seat.role, seat.line, seat.place_code) == ("industry", "fire", "110105")


def test_open_invitations_are_seen_by_who_runs_the_place(street: Street) -> None:
    invitation, _ = invite(street)
    business = street.business.id

    for who, seen in [("lao_wang", 1), ("sister_liu", 1), ("xiao_zhao", 0), ("boss_qian", 0), ("admin", 1)]:
        assert queries.invitations_for(street.actors[who], business_id=business, now=MONDAY).count() == seen, who
    assert queries.invitation_for(street.lao_wang, invitation.id) == invitation
    with pytest.raises(NotFound, match="no_such_invitation"):
        queries.invitation_for(street.boss_qian, invitation.id)


def test_the_house_invites_without_an_inviter(street: Street) -> None:
    _, secret = actions.invite(role="principal", business_id=street.business.id, by=Actor.system("setup"), now=MONDAY)

    seat = actions.use_invitation(secret, person=street.people["stranger"], by=street.stranger, now=MONDAY)

    assert seat.role == "principal"
