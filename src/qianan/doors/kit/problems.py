"""Problems in words, and as answers: each family of refusal mapped once to HTTP.

Pages get what happened, what to do and whom to ask; the API gets `application/problem+json`. Never a bare code.
"""

import errno
import json
import logging
import secrets
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext as _

from qianan.doors.kit import words
from qianan.kernel.problems import (
    Conflict,
    Invalid,
    InvalidMany,
    NotFound,
    NotYours,
    Problem,
    TooLarge,
    TooMany,
    Unavailable,
)

log = logging.getLogger("qianan.doors")

STATUS = {
    "not_found": 404,
    "not_yours": 403,
    "not_now": 409,
    "conflict": 409,
    "invalid": 422,
    "too_large": 413,
    "too_many": 429,
    "unavailable": 503,
}
RETRY_AFTER = 20
"""Seconds after which a locked database is worth another try."""


def status_of(problem: Problem) -> int:
    return STATUS.get(problem.family, 400)


def title_of(status: int) -> str:
    """The heading of a refusal, by its HTTP status."""
    return {
        400: _("This could not be read"),
        403: _("Not yours to do"),
        404: _("Not found"),
        405: _("Not this way"),
        409: _("Not at this stage"),
        413: _("Too much at once"),
        422: _("Something is not right"),
        429: _("A little too fast"),
        500: _("Something went wrong on our side"),
        503: _("Busy just now"),
    }.get(status, _("This could not be done"))


def advice_of(status: int) -> str:
    """What a person can do about it."""
    return {
        400: _("Go back, load the page again, and send it once more."),
        403: _(
            "If it should be yours, change to the right seat, or ask the person who gives out seats where you work."
        ),
        404: _("Check the address, or start again from your first page. A link from an old message may have run out."),
        405: _("Go back and use the buttons of the page."),
        409: _("Go back and load the page again: it shows what can be done now."),
        413: _("Go back, take fewer or smaller pictures, and send again. Nothing of this try was kept."),
        422: _("Go back: what you typed is still there. Mend what is named here, then send again."),
        429: _("Wait a few minutes, then try again. Nothing is lost."),
        500: _("Try again in a minute. If it happens again, tell us the reference below."),
        503: _("Wait half a minute, then send again. Sending twice is safe: it is taken only once."),
    }.get(status, _("Go back and try again."))


def problem_of(error: BaseException) -> Problem | None:
    """The problem that an error of the machine stands for, or None when it is a fault of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestDataTooBig):
        return TooLarge("upload_too_large", limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_048_576)
    if isinstance(error, TooManyFilesSent):
        return TooLarge("too_many_files", limit=settings.DATA_UPLOAD_MAX_NUMBER_FILES)
    if isinstance(error, TooManyFieldsSent):
        return TooLarge("too_many_fields")
    if isinstance(error, MultiPartParserError):
        return Invalid("broken_request")
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return NotYours()
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
        return Unavailable("disk_full")
    if isinstance(error, DatabaseError):
        text = str(error).lower()
        if "locked" in text or "lock timeout" in text or "deadlock" in text or "could not serialize" in text:
            return Unavailable("database_locked")
        if "disk is full" in text or "no space left" in text or "readonly database" in text or "disk i/o" in text:
            return Unavailable("disk_full")
    return None


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def as_json(problem: Problem, *, status: int | None = None) -> dict[str, Any]:
    """The body of `application/problem+json` (RFC 9457) with our code, where it is, and each single problem."""
    status = status or status_of(problem)
    return {
        "type": f"/help/problems/#{problem.code}",
        "title": title_of(status),
        "status": status,
        "code": problem.code,
        "detail": words.say_problem(problem),
        "where": problem.where,
        "problems": [
            {"code": each.code, "where": each.where, "detail": words.say_problem(each)}
            for each in (problem.problems if isinstance(problem, InvalidMany) else ())
        ],
    }


def answer(request: HttpRequest, problem: Problem, *, status: int | None = None) -> HttpResponse:
    """The refusal as a page in the person's language, or as problem+json under /api/."""
    status = status or status_of(problem)
    if wants_json(request):
        response = HttpResponse(
            json.dumps(as_json(problem, status=status), ensure_ascii=False, default=str),
            status=status,
            content_type="application/problem+json",
        )
    else:
        response = render(
            request,
            "kit/problem.html",
            {
                "title": title_of(status),
                "said": words.say_all(problem),
                "advice": advice_of(status),
                "code": problem.code,
                "reference": reference(),
                "status": status,
            },
            status=status,
        )
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER)
    if isinstance(problem, TooMany) and (wait := problem.params.get("retry_after")):
        response["Retry-After"] = str(int(wait))
    return response


def reference() -> str:
    """A short reference to quote; it stands in the log beside what went wrong."""
    return secrets.token_hex(4)


def _bare(request: HttpRequest, status: int, problem: Problem) -> HttpResponse:
    """A page that needs neither database nor session: when those are what failed."""
    quote = reference()
    log.error(
        "answered %s %s with %s, reference %s", request.method, request.path, status, quote, exc_info=status == 500
    )
    if wants_json(request):
        return HttpResponse(
            json.dumps(as_json(problem, status=status), ensure_ascii=False),
            status=status,
            content_type="application/problem+json",
            headers={"Retry-After": str(RETRY_AFTER)} if status == 503 else {},
        )
    from django.template.loader import render_to_string
    from django.utils import translation

    body = render_to_string(
        "kit/bare.html",
        {
            "title": title_of(status),
            "said": words.say_problem(problem),
            "advice": advice_of(status),
            "reference": quote,
            "html_lang": "en" if (translation.get_language() or "").startswith("en") else "zh-CN",
        },
    )
    return HttpResponse(body, status=status, headers={"Retry-After": str(RETRY_AFTER)} if status == 503 else {})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400: too large a form, a forged host, bytes that are no request."""
    problem = problem_of(exception) if exception else None
    if problem is not None:
        return _bare(request, status_of(problem), problem)
    if isinstance(exception, SuspiciousOperation):
        log.warning("suspicious: %s", exception)
    return _bare(request, 400, Invalid("broken_request"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return answer(request, NotYours())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: no such address."""
    return answer(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: a locked database or a full disk is 503, anything else is ours and goes to the log."""
    error = sys.exc_info()[1]
    problem = problem_of(error) if error else None
    if problem is not None:
        return _bare(request, status_of(problem), problem)
    return _bare(request, 500, Problem("server_error"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: open too long, or sent from elsewhere."""
    return answer(request, NotYours("csrf"))


def locked_out(
    request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """What axes answers after too many wrong tries."""
    return answer(request, TooMany("locked_out", retry_after=int(settings.AXES_COOLOFF_TIME.total_seconds())))


__all__ = ["Conflict", "answer", "as_json", "problem_of", "status_of", "wants_json"]
