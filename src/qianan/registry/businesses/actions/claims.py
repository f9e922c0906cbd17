"""认领: a person says "this business is mine"; its street decides, and the person takes the seat."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from qianan.ground.accounts import actions as accounts
from qianan.ground.evidence import actions as evidence
from qianan.ground.trail.actions import record
from qianan.kernel.actor import BUSINESS_ROLES, Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid, NotFound, NotYours, TooMany
from qianan.registry.businesses import access
from qianan.registry.businesses.events import ClaimAsked, ClaimDecided
from qianan.registry.businesses.lifecycle import CLAIM
from qianan.registry.businesses.models import Business, Claim
from qianan.registry.businesses.names import has_control, plain
from qianan.registry.businesses.queries import business_by_code

OPEN_AT_ONCE = 5
"""A person waits for at most so many decisions: nobody claims a whole street."""


@transaction.atomic
def ask_claim(
    credit_code: str,
    *,
    role: str = "principal",
    note: str = "",
    proof: Sequence[str] = (),
    by: Actor,
    now: datetime,
) -> Claim:
    """A signed-in person claims the business of this credit code (unified social credit code, 18 characters).

    Asking the same again while it waits gives the same claim. Whether there is a principal already or not, the
    street decides. `proof`: SHA-256s of kept files (the licence). Raises NotYours("sign_in_first");
    Invalid("unknown_role", "too_long", "unknown_photo"); NotFound("no_such_business"); Conflict("already_seated");
    TooMany("too_many_claims").
    """
    if by.person is None:
        raise NotYours("sign_in_first")
    if role not in BUSINESS_ROLES:
        raise Invalid("unknown_role", where="role")
    note = plain(note)
    if len(note) > 300:
        raise Invalid("too_long", where="note", limit=300)
    if has_control(note):
        raise Invalid("control_characters", where="note")
    business = business_by_code(credit_code)
    if business is None or business.state == "merged":
        raise NotFound("no_such_business", where="credit_code")
    if role in by.roles_at(business.id):
        raise Conflict("already_seated", where="role")
    waiting = Claim.objects.filter(person=by.person, state="asked")
    for claim in waiting:
        if claim.business_id == business.id and claim.role == role:
            return claim
    if len(waiting) >= OPEN_AT_ONCE:
        raise TooMany("too_many_claims", limit=OPEN_AT_ONCE, retry_after=3600)
    claim = Claim(
        business_id=business.id,
        id=uuid7(now),
        person=by.person,
        role=role,
        note=note,
        place_code=business.place_code,
        asked_at=now,
    )
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError:  # the same person, the same moment, another window
        return Claim.objects.get(business_id=business.id, person=by.person, role=role, state="asked")
    if proof:
        evidence.attach(list(proof), about=claim.ref, place_code=claim.place_code, stage="proof", by=by, now=now)
    record(
        ClaimAsked(about=business.ref, place_code=claim.place_code, claim=str(claim.id), person=str(by.person)),
        by=by,
        now=now,
    )
    return claim


@transaction.atomic
def decide_claim(
    claim: Claim,
    *,
    approve: bool,
    reason: str = "",
    post: uuid.UUID | None = None,
    by: Actor,
    now: datetime,
) -> Claim:
    """The street of the business (or its district) approves or refuses; nobody decides his own claim.

    Approval gives the person the seat, on the chair `post` when the door names one (`duties.posts_of`). A refusal
    says why. Raises NotFound("no_such_claim"), NotYours("not_your_area", "own_claim"), NotNow("not_now"),
    Invalid("reason_needed").
    """
    held = Claim.objects.select_for_update().filter(business_id=claim.business_id, id=claim.id).first()
    if held is None:
        raise NotFound("no_such_claim")
    if held.person == by.person:
        raise NotYours("own_claim")
    if not access.can_decide_claims(by, held.place_code):
        raise NotYours("not_your_area")
    then = "approved" if approve else "refused"
    CLAIM.check(held.state, then)
    reason = plain(reason)
    if not approve and len(reason) < 2:
        raise Invalid("reason_needed", where="reason")
    if len(reason) > 300:
        raise Invalid("too_long", where="reason", limit=300)
    if has_control(reason):
        raise Invalid("control_characters", where="reason")
    held.state, held.decided_at, held.reason = then, now, reason
    held.save(update_fields=["state", "decided_at", "reason"])
    business = Business.objects.get(id=held.business_id)
    record(
        ClaimDecided(
            about=business.ref,
            place_code=held.place_code,
            claim=str(held.id),
            person=str(held.person),
            approved=approve,
            reason=reason,
        ),
        by=by,
        now=now,
    )
    if approve:
        accounts.take_seat(
            held.person,
            role=held.role,
            business_id=held.business_id,
            place_code=business.place_code,
            post=post,
            by=by,
            now=now,
        )
    return held
