"""One-time codes: to come in, and to prove a new number."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from qianan.ground.accounts import access, derived, identity
from qianan.ground.accounts.actions.people import change_person
from qianan.ground.accounts.events import CodeSent
from qianan.ground.accounts.models import OneTimeCode, Person
from qianan.ground.accounts.queries import find_person
from qianan.ground.trail import actions as trail
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.problems import Invalid, TooMany
from qianan.kernel.ref import Ref

LIFE = timedelta(minutes=10)
TRIES = 5
"""Wrong guesses a code bears."""

GAP = timedelta(seconds=60)
WINDOW, IN_WINDOW = timedelta(hours=1), 5
"""No two codes within GAP, and no more than IN_WINDOW an hour, for one person or one name typed at the door."""

KEPT, LOGS_KEPT = timedelta(days=1), timedelta(days=90)


def send_code(login: str, *, by: Actor, now: datetime) -> None:
    """A code to come in with goes to the person's phone; it is good for ten minutes and ends the one before.

    A name that nobody has is answered in the same way and by the same limits, so that the door does not tell who has
    an account. Raises Invalid, TooMany("code_too_often", retry_after=seconds).
    """
    typed = identity.fold(identity.line_of(login, where="login", limit=identity.LOGIN_LENGTH))
    person = find_person(typed)
    if person is not None and not person.mobile:
        person = None
    _send(_asked(typed, person), person=person, mobile="", by=by, now=now)


def _asked(typed: str, person: Person | None) -> str:
    """One counter for a person, whether named by login or by number; one for a name that nobody has."""
    return derived.asked_hash(str(person.id) if person else identity.mobile_of(typed) or typed)


@transaction.atomic
def _send(asked: str, *, person: Person | None, mobile: str, by: Actor, now: datetime) -> None:
    if person is not None:
        Person.objects.select_for_update().get(id=person.id)
    recent = list(
        OneTimeCode.objects.filter(asked=asked, made_at__gt=now - WINDOW)
        .order_by("-made_at")
        .values_list("made_at", flat=True)[:IN_WINDOW]
    )
    wait = timedelta(0)
    if recent:
        wait = GAP - (now - recent[0])
    if len(recent) == IN_WINDOW:
        wait = max(wait, WINDOW - (now - recent[-1]))
    if wait > timedelta(0):
        raise TooMany("code_too_often", retry_after=int(wait.total_seconds()) + 1)
    id = uuid7(now)
    code = derived.code_of(id)
    OneTimeCode.objects.create(
        id=id,
        person=person,
        asked=asked,
        mobile=mobile,
        hash=derived.code_hash(id, code),
        made_at=now,
        expires_at=now + LIFE,
    )
    if person is not None:
        about = Ref.of("accounts.person", NIL, person.id)
        trail.record(CodeSent(about=about, person=str(person.id), code=str(id)), by=by, now=now)


def check_code(login: str, code: str, *, now: datetime) -> Person | None:
    """The person whose code this is; None for a wrong, used or outlived one. A right one is used up.

    Raises TooMany("code_tried_too_often") when the code has borne its TRIES: a new one is needed.
    Call it outside a transaction that may be undone: every try counts.
    """
    person = find_person(login)
    if person is not None and not person.mobile:
        person = None
    found = _right(_asked(identity.fold(login), person), code, mobile="", now=now)
    return found.person if found else None


def _right(asked: str, code: str, *, mobile: str, now: datetime) -> OneTimeCode | None:
    last = (
        OneTimeCode.objects.select_related("person")
        .filter(asked=asked, mobile=mobile, expires_at__gt=now)
        .order_by("-made_at", "-id")
        .first()
    )
    if last is None or last.used_at is not None:
        return None
    mine = OneTimeCode.objects.filter(id=last.id, used_at=None)
    if not mine.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        raise TooMany("code_tried_too_often", where="code")
    digits = "".join(identity.fold(code)[:20].split())
    if last.person is None or not derived.is_code(last.id, digits, last.hash):
        return None
    if not mine.update(used_at=now):
        return None
    return last


def ask_mobile(person: Person, mobile: str, *, by: Actor, now: datetime) -> None:
    """A code goes to a number that the person says is theirs. Raises NotYours("not_your_account"), Invalid, TooMany.

    A number that somebody has is answered the same; `change_mobile` will refuse it.
    """
    access.check_may_change_person(by, person.id)
    number = identity.checked_mobile(mobile)
    _send(derived.asked_hash(f"mobile:{person.id}"), person=person, mobile=number, by=by, now=now)


def change_mobile(person: Person, mobile: str, code: str, *, by: Actor, now: datetime) -> Person:
    """The proven number becomes the person's; a login that was the old number becomes the new one.

    Raises NotYours("not_your_account"), Invalid("wrong_code" | "mobile_taken"), TooMany("code_tried_too_often").
    """
    access.check_may_change_person(by, person.id)
    number = identity.checked_mobile(mobile)
    found = _right(derived.asked_hash(f"mobile:{person.id}"), code, mobile=number, now=now)
    if found is None or found.person_id != person.id:
        raise Invalid("wrong_code", where="code")
    changes = {"mobile": number} | ({"login": number} if person.login == person.mobile else {})
    with transaction.atomic():
        return change_person(person, changes, by=by, now=now)


def forget_codes(now: datetime) -> int:
    """Drop codes that are a day old. No news: nothing that anybody did."""
    return OneTimeCode.objects.filter(made_at__lt=now - KEPT).delete()[0]


def forget_old(now: datetime) -> int:
    """Drop what has served its time: codes, sessions that have run out, who came from which address when (90 days).

    Gives how many rows went. No news.
    """
    gone = forget_codes(now)
    gone += Session.objects.filter(expire_date__lt=now).delete()[0]
    for log in (AccessLog, AccessAttempt):
        gone += log.objects.filter(attempt_time__lt=now - LOGS_KEPT).delete()[0]
    return gone
