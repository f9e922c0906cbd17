"""API tokens: shown once, kept as a hash, revoked for good."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from qianan.ground.accounts import access, derived, identity
from qianan.ground.accounts.days import day_of
from qianan.ground.accounts.events import TokenMade, TokenRevoked
from qianan.ground.accounts.models import Person, Seat, Token
from qianan.ground.accounts.queries import valid_on
from qianan.ground.trail import actions as trail
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.problems import Invalid, NotFound, NotYours, TooMany
from qianan.kernel.ref import Ref

LABEL_LENGTH = 80
MOST_DAYS = 3660
MOST_TOKENS = 50
"""Live tokens one person may hold."""


@transaction.atomic
def make_token(
    person: Person,
    *,
    label: str,
    seat: uuid.UUID | None = None,
    days: int | None = None,
    by: Actor,
    now: datetime,
) -> tuple[Token, str]:
    """A token of one's own: with all one's seats, or with `seat` alone; good for `days` (1–3660), or until revoked.

    Gives the row and the secret, which is never seen again. Raises NotYours("not_your_account"),
    NotFound("no_such_seat"), Invalid, TooMany("too_many_tokens").
    """
    access.check_may_change_person(by, person.id)
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Invalid("out_of_range", where="days", least=1, most=MOST_DAYS)
    name = identity.line_of(label, where="label", limit=LABEL_LENGTH)
    if seat is not None and not Seat.objects.filter(valid_on(day_of(now)), id=seat, person=person).exists():
        raise NotFound("no_such_seat")
    if Token.objects.filter(person=person, revoked_at=None).count() >= MOST_TOKENS:
        raise TooMany("too_many_tokens", limit=MOST_TOKENS)
    secret = derived.new_token()
    token = Token.objects.create(
        id=uuid7(now),
        person=person,
        secret_sha256=derived.sha256(secret),
        label=name,
        seat=seat,
        made_at=now,
        expires_at=None if days is None else now + timedelta(days=days),
    )
    trail.record(TokenMade(about=Ref.of("accounts.person", NIL, person.id), token=str(token.id)), by=by, now=now)
    return token, secret


@transaction.atomic
def revoke_token(token: Token, *, by: Actor, now: datetime) -> Token:
    """It opens nothing any more. Twice is once. Raises NotYours("not_your_account")."""
    if not access.can_revoke(by, token):
        raise NotYours("not_your_account")
    if Token.objects.filter(id=token.id, revoked_at=None).update(revoked_at=now):
        token.revoked_at = now
        about = Ref.of("accounts.person", NIL, token.person_id)
        trail.record(TokenRevoked(about=about, token=str(token.id)), by=by, now=now)
    return token


def note_use(token: Token, *, now: datetime) -> None:
    """The day it was last used, so that a forgotten token can be told; written at most once a day, and no news."""
    today = day_of(now)
    if token.last_used_on != today:
        Token.objects.filter(id=token.id).update(last_used_on=today)
        token.last_used_on = today
