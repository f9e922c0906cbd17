"""Refusals as programs get them."""

import json

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from qianan.doors.kit import problems
from qianan.kernel.problems import Problem


class NotKnown(Problem):
    """Nobody known is at the door (401)."""

    family = "not_known"
    default_code = "token_needed"


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A refusal as problem+json; nobody known is 401 with its challenge."""
    if not isinstance(problem, NotKnown):
        return problems.answer(request, problem)
    body = problems.as_json(problem, status=401) | {"title": _("Sign in first")}
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=401, content_type="application/problem+json")
    response["WWW-Authenticate"] = 'Bearer realm="qianan"'
    return response
