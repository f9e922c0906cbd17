"""Who comes in: a token, or a session with its CSRF token; how often; and acts that are done once."""

import hashlib
import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja.utils import check_csrf

from qianan.doors.api.refusals import NotKnown, answer
from qianan.doors.kit import actor as kit
from qianan.doors.kit import problems
from qianan.doors.kit.now import now
from qianan.ground.accounts import actions as accounts_actions
from qianan.ground.accounts import queries as accounts
from qianan.ground.accounts import signin
from qianan.ground.accounts.days import day_of
from qianan.ground.trail.once import once
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid_of
from qianan.kernel.problems import Invalid, NotYours, TooMany

SAFE = {"GET", "HEAD", "OPTIONS"}
KEY = "Idempotency-Key"
SEAT = "Seat"
MINUTE = 60

Run = Callable[..., HttpResponse]


def who(request: HttpRequest) -> Actor:
    """Who acts; every operation of the door has let somebody in."""
    return request.actor  # type: ignore[attr-defined]


def person_of(actor: Actor) -> uuid.UUID:
    """The person who acts; `let_in` lets nobody else in."""
    if actor.person is None:
        raise NotKnown()
    return actor.person


def keep_this(request: HttpRequest) -> None:
    """What this operation wrote is kept although it answers with a refusal (a conflict that stays on record)."""
    request.keeps = True  # type: ignore[attr-defined]


def let_in(request: HttpRequest) -> Actor:
    """The actor of a token or a session. Raises NotKnown, NotYours("csrf" | "second_factor_needed"), NotFound."""
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _, secret = header.partition(" ")
        found = accounts.person_by_token(secret.strip(), now=now()) if scheme.lower() == "bearer" else None
        if found is None:
            raise NotKnown("token_not_good")
        person, token = found
        actor = accounts.actor_of(
            person.id, door="api", on=day_of(now()), seat_id=token.seat, only=token.seat is not None
        )
        accounts_actions.note_use(token, now=now())
        request.allowance = f"token:{token.id}"  # type: ignore[attr-defined]
        if not request.headers.get("Accept-Language"):
            translation.activate(person.language)
    else:
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            raise NotKnown()
        if request.method not in SAFE and check_csrf(request) is not None:
            raise NotYours("csrf")
        actor = kit.actor_of(request)
        if settings.QIANAN_OFFICERS_NEED_TOTP and signin.needs_totp(actor, user):
            raise NotYours("second_factor_needed")
        request.allowance = f"person:{user.pk}"  # type: ignore[attr-defined]
    if wanted := request.headers.get(SEAT, ""):
        try:
            actor = accounts.choose_seat(actor, uuid.UUID(wanted))
        except ValueError as broken:
            raise Invalid("not_an_id", where=SEAT) from broken
    return actor


def check_allowance(name: str) -> None:
    """So many requests a minute for each token or person (QIANAN_API_PER_MINUTE). Raises TooMany."""
    most = settings.QIANAN_API_PER_MINUTE
    seconds = int(now().timestamp())
    window = f"api:{name}:{seconds // MINUTE}"
    cache.add(window, 0, 2 * MINUTE)
    try:
        used = cache.incr(window)
    except ValueError:  # forgotten between the two
        used = 1
    if used > most:
        raise TooMany("too_many_requests", limit=most, retry_after=MINUTE - seconds % MINUTE)


def _key_of(request: HttpRequest, actor: Actor) -> uuid.UUID | None:
    key = request.headers.get(KEY, "")
    if not key:
        return None
    if len(key) > 200 or not key.isprintable():
        raise Invalid("bad_key", where=KEY)
    return uuid_of("api", actor.person, key)


def _digest(request: HttpRequest) -> str:
    """SHA-256 of what was asked: method, address, body. JSON by its content, so that spaces do not matter."""
    body = request.body
    if request.content_type == "application/json":
        try:
            body = json.dumps(json.loads(body), sort_keys=True).encode()
        except (ValueError, RecursionError):
            body = request.body
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + body).hexdigest()


class _Refused(Exception):
    """Takes what an act wrote back with it."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def gate(run: Run) -> Run:
    """Around every operation: who, how often, once, whole or not at all."""

    @wraps(run)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            request.actor = let_in(request)  # type: ignore[attr-defined]
            check_allowance(request.allowance)  # type: ignore[attr-defined]
            if request.method in SAFE or getattr(run, "__self__", None) is None:
                return run(request, *args, **kwargs)
            return _act(request, run, args, kwargs)
        except _Refused as refused:
            return refused.response
        except Exception as error:
            problem = problems.problem_of(error)
            if problem is None:
                raise
            return answer(request, problem)

    return guarded


def _act(request: HttpRequest, run: Any, args: Any, kwargs: Any) -> HttpResponse:
    """An act is done whole or not at all; with a key, once."""
    operation = run.__self__

    def do() -> HttpResponse:
        response = run(request, *args, **kwargs)
        if response.status_code >= 400 and not getattr(request, "keeps", False):
            raise _Refused(response)
        return response

    if getattr(operation.view_func, "by_itself", False):
        return run(request, *args, **kwargs)
    key = _key_of(request, request.actor)  # type: ignore[attr-defined]
    if key is None:
        with transaction.atomic():
            return do()

    def kept() -> tuple[int, str]:
        response = do()
        return response.status_code, response.content.decode()

    (status, body), again = once(key, _digest(request), kept, now=now())
    headers = {"Idempotency-Replayed": "true"} if again else {}
    kind = "application/problem+json" if status >= 400 else "application/json; charset=utf-8"
    return HttpResponse(body, status=status, content_type=kind, headers=headers)


def by_itself(view: Any) -> Any:
    """Marks an operation without a transaction around it and without a key: what it keeps is named by its hash."""
    view.by_itself = True
    return view
