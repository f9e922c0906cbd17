"""A seat is held out to somebody, and taken."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from qianan.ground.accounts import access, derived, identity
from qianan.ground.accounts.actions.seats import NewSeat, take_seats
from qianan.ground.accounts.days import day_of
from qianan.ground.accounts.events import InvitationMade, InvitationUsed, InvitationWithdrawn
from qianan.ground.accounts.models import Body, Invitation, Person, Seat
from qianan.ground.accounts.queries import actor_of, invitation_by_secret
from qianan.ground.trail import actions as trail
from qianan.kernel.actor import BUSINESS_ROLES, ROLES, Actor
from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.problems import Conflict, Invalid, NotFound, NotNow, NotYours
from qianan.kernel.ref import Ref


def invitation_ref(invitation: Invitation) -> Ref:
    return Ref.of("accounts.invitation", invitation.business_id, invitation.id)


@transaction.atomic
def invite(
    *,
    role: str,
    business_id: uuid.UUID = NIL,
    place_code: str = "",
    line: str = "",
    body_code: str = "",
    post: uuid.UUID | None = None,
    mobile: str = "",
    by: Actor,
    now: datetime,
) -> tuple[Invitation, str]:
    """Hold a seat out; gives the row and the secret word of its link. With a `mobile`, only who holds that number may
    take it, and the link goes there by letter. Good for QIANAN_INVITATION_DAYS.

    Raises NotYours("may_not_seat"), NotFound("no_such_body"), Invalid.
    """
    if role not in ROLES:
        raise Invalid("unknown_role", where="role")
    if body_code:
        body = Body.objects.filter(code=body_code).first()
        if body is None:
            raise NotFound("no_such_body", body=body_code)
        place_code = place_code or body.place_code
    in_business = role in BUSINESS_ROLES
    complete = business_id != NIL if in_business else business_id == NIL and bool(place_code)
    if not complete or (role == "industry") != bool(line):
        raise Invalid("seat_incomplete", where="role")
    access.check_may_seat(by, role=role, business_id=business_id, place_code=place_code)
    id = uuid7(now)
    secret = derived.invitation_secret(id)
    invitation = Invitation.objects.create(
        id=id,
        secret_sha256=derived.sha256(secret),
        role=role,
        business_id=business_id,
        place_code=place_code,
        line=line,
        body_code=body_code,
        post=post,
        mobile=identity.checked_mobile(mobile) if mobile else "",
        invited_by=by.person or NIL,
        made_at=now,
        expires_at=now + timedelta(days=settings.QIANAN_INVITATION_DAYS),
    )
    trail.record(InvitationMade(about=invitation_ref(invitation), place_code=place_code, role=role), by=by, now=now)
    return invitation, secret


@transaction.atomic
def use_invitation(secret: str, *, person: Person, by: Actor, now: datetime) -> Seat:
    """Take the seat that was held out. The inviter must still be one who may give it.

    Raises NotFound("invitation_unknown"), Conflict("invitation_used"), NotNow("invitation_withdrawn" |
    "invitation_expired"), NotYours("invitation_for_another" | "not_your_account").
    """
    access.check_may_change_person(by, person.id)
    invitation = invitation_by_secret(secret)
    if invitation is None:
        raise NotFound("invitation_unknown")
    if invitation.mobile and invitation.mobile != person.mobile:
        raise NotYours("invitation_for_another")
    if invitation.used_at is not None:
        raise Conflict("invitation_used")
    if invitation.withdrawn_at is not None or not _still_meant(invitation, now):
        raise NotNow("invitation_withdrawn")
    if invitation.expires_at <= now:
        raise NotNow("invitation_expired")
    free = Invitation.objects.filter(id=invitation.id, used_at=None, withdrawn_at=None)
    if not free.update(used_at=now, used_by=person.id):
        raise Conflict("invitation_used")
    seat = take_seats(
        [
            NewSeat(
                person=person.id,
                role=invitation.role,
                business_id=invitation.business_id,
                place_code=invitation.place_code,
                line=invitation.line,
                body_code=invitation.body_code,
                post=invitation.post,
            )
        ],
        by=Actor.system("setup"),  # the right to give it was the inviter's, and is checked above
        now=now,
    )[0]
    trail.record(
        InvitationUsed(about=invitation_ref(invitation), place_code=invitation.place_code, person=str(person.id)),
        by=by,
        now=now,
    )
    return seat


def _still_meant(invitation: Invitation, now: datetime) -> bool:
    """Whether the inviter could still give this seat: who has left hands out nothing. The house always can."""
    if invitation.invited_by == NIL:
        return True
    try:
        inviter = actor_of(invitation.invited_by, door="system", on=day_of(now))
    except NotFound:
        return False
    return access.can_seat(
        inviter, role=invitation.role, business_id=invitation.business_id, place_code=invitation.place_code
    )


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Actor, now: datetime) -> Invitation:
    """Take an invitation back. Raises NotYours("may_not_seat"), Conflict("invitation_used")."""
    access.check_may_seat(
        by, role=invitation.role, business_id=invitation.business_id, place_code=invitation.place_code
    )
    if invitation.withdrawn_at is not None:
        return invitation
    if not Invitation.objects.filter(id=invitation.id, used_at=None).update(withdrawn_at=now):
        raise Conflict("invitation_used")
    invitation.withdrawn_at = now
    trail.record(
        InvitationWithdrawn(about=invitation_ref(invitation), place_code=invitation.place_code), by=by, now=now
    )
    return invitation
