"""People come, change and are erased."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from qianan.ground.accounts import access, identity
from qianan.ground.accounts.actions.seats import leave_seats
from qianan.ground.accounts.events import PersonAdded, PersonErased, ProfileChanged
from qianan.ground.accounts.models import Invitation, OneTimeCode, Person, Seat, Token
from qianan.ground.trail import actions as trail
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.problems import Invalid, InvalidMany, NotYours, Problem
from qianan.kernel.ref import Ref
from qianan.tables import bulk

PASSWORD_LENGTH = 200
"""A longer password is refused before it is hashed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Somebody to be added. `mobile` as people write it; `login` "" takes the mobile number.

    `password_hash` is a ready hash, so that planting thousands hashes once; only the house may give one.
    """

    name: str
    login: str = ""
    mobile: str | None = None
    email: str = ""
    password: str | None = None
    password_hash: str = ""
    language: str = "zh-hans"
    id: uuid.UUID | None = None


def person_ref(id: uuid.UUID) -> Ref:
    return Ref.of("accounts.person", NIL, id)


def add_person(
    *,
    name: str,
    login: str = "",
    mobile: str | None = None,
    email: str = "",
    password: str | None = None,
    language: str = "zh-hans",
    id: uuid.UUID | None = None,
    by: Actor,
    now: datetime,
) -> Person:
    """Add one person; see `add_people`. Raises what it found wrong: Invalid, or InvalidMany for several things."""
    new = NewPerson(name=name, login=login, mobile=mobile, email=email, password=password, language=language, id=id)
    try:
        return add_people([new], by=by, now=now)[0]
    except InvalidMany as many:
        if len(many.problems) == 1:
            one = many.problems[0]
            raise type(one)(one.code, where=one.where.partition(".")[2], **one.params) from many
        raise


@transaction.atomic
def add_people(people: Sequence[NewPerson], *, by: Actor, now: datetime) -> list[Person]:
    """Add people, all or none, in the order given.

    Whoever is added by somebody else gets no password from them: they come in by a code to their own phone.
    Raises NotYours("may_not_add_people"), NotYours("password_is_theirs"); InvalidMany whose problems' `where` is
    `<row>.<field>`: login_taken, mobile_taken, not_a_mobile, bad_login, login_is_a_number, missing, too_long,
    control_characters, weak_password, not_an_email, unknown_language.
    """
    if not access.can_add_people(by):
        raise NotYours("may_not_add_people")
    if not (by.is_system or by.is_admin) and any(new.password or new.password_hash for new in people):
        raise NotYours("password_is_theirs")
    problems: list[Problem] = []
    rows: list[Person] = []
    for number, new in enumerate(people):
        try:
            rows.append(_row_of(new, now))
        except Problem as wrong:
            problems.append(type(wrong)(wrong.code, where=f"{number}.{wrong.where}", **wrong.params))
    if not problems:
        problems = _taken(rows)
    if problems:
        raise InvalidMany(problems)
    try:
        with transaction.atomic():
            bulk.insert(rows)
    except IntegrityError as race:  # somebody took a login between the question and the answer
        raise InvalidMany(_taken(rows) or [Invalid("login_taken", where="0.login")]) from race
    trail.record_many([PersonAdded(about=person_ref(row.id)) for row in rows], by=by, now=now)
    return rows


def _row_of(new: NewPerson, now: datetime) -> Person:
    mobile = identity.checked_mobile(new.mobile) if new.mobile else None
    row = Person(
        id=new.id or uuid7(now),
        name=identity.line_of(new.name, where="name", limit=identity.NAME_LENGTH),
        mobile=mobile,
        login=identity.checked_login(new.login or mobile or "", mobile=mobile),
        email=identity.checked_email(new.email),
        language=identity.checked_language(new.language),
        joined_at=now,
    )
    if new.password_hash:
        row.password = new.password_hash
    elif new.password:
        row.password = _hashed(new.password, row)
    else:
        row.password = make_password(None)
    return row


def _hashed(password: str, person: Person) -> str:
    if len(password) > PASSWORD_LENGTH:
        raise Invalid("too_long", where="password", limit=PASSWORD_LENGTH)
    if not identity.is_printable(password):
        raise Invalid("control_characters", where="password")
    try:
        validate_password(password, person)
    except ValidationError as weak:
        why = sorted(error.code or "" for error in weak.error_list)
        raise Invalid("weak_password", where="password", why=why) from weak
    return make_password(password)


def _taken(rows: Sequence[Person]) -> list[Problem]:
    """Logins and numbers that somebody has, or that stand twice in the list."""
    logins, mobiles = [row.login for row in rows], [row.mobile for row in rows if row.mobile]
    held_logins: set[str] = set()
    held_mobiles: set[str | None] = set()
    for start in range(0, len(rows), 10_000):
        some = slice(start, start + 10_000)
        held_logins |= set(Person.objects.filter(login__in=logins[some]).values_list("login", flat=True))
        held_mobiles |= set(Person.objects.filter(mobile__in=mobiles[some]).values_list("mobile", flat=True))
    twice_login = {login for login, count in Counter(logins).items() if count > 1}
    twice_mobile = {mobile for mobile, count in Counter(mobiles).items() if count > 1}
    problems: list[Problem] = []
    for number, row in enumerate(rows):
        if row.mobile and row.mobile in held_mobiles | twice_mobile:
            problems.append(Invalid("mobile_taken", where=f"{number}.mobile"))
        elif row.login in held_logins | twice_login:
            problems.append(Invalid("login_taken", where=f"{number}.login"))
    return problems


@transaction.atomic
def sign_up(*, mobile: str, name: str, language: str = "zh-hans", by: Actor, now: datetime) -> Person:
    """An account for a mobile number, without a password: whoever holds the phone comes in by a code to it.

    For a claim or an invitation, by somebody who is not signed in. A number that has an account gives that account,
    unchanged: the answer does not tell which. Raises Invalid.
    """
    number = identity.checked_mobile(mobile)
    clean = identity.line_of(name, where="name", limit=identity.NAME_LENGTH)
    language = identity.checked_language(language)
    known = Person.objects.filter(mobile=number).first()
    if known is not None:
        return known
    row = Person(
        id=uuid7(now),
        login=number,
        mobile=number,
        name=clean,
        language=language,
        joined_at=now,
        password=make_password(None),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return Person.objects.get(mobile=number)
    trail.record(PersonAdded(about=person_ref(row.id)), by=by, now=now)
    return row


@transaction.atomic
def set_profile(person: Person, *, by: Actor, now: datetime, **facts: Any) -> Person:
    """Change some of: name, email, login, language, quiet_from and quiet_until (local times of day, or None).

    `mobile` only by the house or an admin: everybody else proves a new number by `ask_mobile` and `change_mobile`.
    Raises NotYours("not_your_account"), NotYours("prove_the_number"), Invalid.
    """
    access.check_may_change_person(by, person.id)
    if "mobile" in facts and not (by.is_system or by.is_admin):
        raise NotYours("prove_the_number", where="mobile")
    if unknown := set(facts) - {"name", "email", "login", "mobile", "language", "quiet_from", "quiet_until"}:
        raise Invalid("unknown_field", where=sorted(unknown)[0])
    changes: dict[str, Any] = {}
    if "name" in facts:
        changes["name"] = identity.line_of(facts["name"], where="name", limit=identity.NAME_LENGTH)
    if "email" in facts:
        changes["email"] = identity.checked_email(facts["email"])
    if "language" in facts:
        changes["language"] = identity.checked_language(facts["language"])
    for field in ("quiet_from", "quiet_until"):
        if field in facts:
            if not (facts[field] is None or isinstance(facts[field], time)):
                raise Invalid("not_a_time", where=field)
            changes[field] = facts[field]
    if "mobile" in facts:
        changes["mobile"] = identity.checked_mobile(facts["mobile"]) if facts["mobile"] else None
        if person.login == person.mobile:
            changes["login"] = changes["mobile"] or f"person:{person.id}"
    if "login" in facts:
        changes["login"] = identity.checked_login(facts["login"], mobile=changes.get("mobile", person.mobile))
    return change_person(person, changes, by=by, now=now)


def change_person(person: Person, changes: dict[str, Any], *, by: Actor, now: datetime) -> Person:
    """Write checked facts down; what is as it was is no news. Raises Invalid("login_taken" | "mobile_taken")."""
    changed = {field: value for field, value in changes.items() if getattr(person, field) != value}
    if not changed:
        return person
    others = Person.objects.exclude(id=person.id)
    for field in ("login", "mobile"):
        if changed.get(field) and others.filter(**{field: changed[field]}).exists():
            raise Invalid(f"{field}_taken", where=field)
    for field, value in changed.items():
        setattr(person, field, value)
    person.save(update_fields=sorted(changed))
    trail.record(ProfileChanged(about=person_ref(person.id), fields=tuple(sorted(changed))), by=by, now=now)
    return person


@transaction.atomic
def set_password(person: Person, password: str, *, by: Actor, now: datetime) -> Person:
    """A new password of one's own. Raises NotYours("not_your_account"), Invalid("weak_password", why=[…])."""
    access.check_may_change_person(by, person.id)
    person.password = _hashed(password, person)
    person.save(update_fields=["password"])
    trail.record(ProfileChanged(about=person_ref(person.id), fields=("password",)), by=by, now=now)
    return person


@transaction.atomic
def erase_person(person: Person, *, by: Actor, now: datetime) -> Person:
    """Name, number, e-mail and login go (Personal Information Protection Law, art. 47); the row and its id stay.

    Seats end today and their posts fall vacant; tokens, codes and open invitations die. Twice is once.
    Raises NotYours("not_your_account").
    """
    access.check_may_change_person(by, person.id)
    person = Person.objects.select_for_update().get(id=person.id)
    if person.erased_at is not None:
        return person
    leave_seats(list(Seat.objects.filter(person=person, until=None)), by=by, now=now)
    Token.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
    if person.mobile:
        Invitation.objects.filter(mobile=person.mobile).update(mobile="")
    OneTimeCode.objects.filter(person=person).delete()
    person.login, person.mobile, person.name, person.email = f"erased:{person.id}", None, "", ""
    person.quiet_from = person.quiet_until = None
    person.is_active, person.erased_at, person.password = False, now, make_password(None)
    person.save()
    trail.record(PersonErased(about=person_ref(person.id)), by=by, now=now)
    return person
