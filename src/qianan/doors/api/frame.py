"""The door itself: strict JSON in, JSON with its own letters out, every refusal a problem, the schema told in full."""

import json
import math
from collections.abc import Callable
from typing import Any

from django.db import DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from qianan.doors.api import entry, schema
from qianan.doors.api.refusals import answer
from qianan.doors.kit import problems
from qianan.kernel.problems import Conflict, Invalid, InvalidMany, Problem, TooLarge

JSON_MAX = 4 * 1024 * 1024
"""Bytes of one JSON body; photos come by themselves."""

KINDS = {
    "missing": "field_missing",
    "extra_forbidden": "field_unknown",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "too_long": "too_many_at_once",
    "too_short": "too_few",
    "string_type": "text_wanted",
    "string_pattern_mismatch": "not_a_code",
    "literal_error": "not_a_choice",
    "enum": "not_a_choice",
    "uuid_parsing": "not_an_id",
    "uuid_type": "not_an_id",
    "timezone_aware": "time_without_zone",
    "json_invalid": "broken_json",
}
"""pydantic's kind of error → our stable code. What is not here is told by its beginning, else `not_right`."""

STARTS = {
    "datetime": "moment_wanted",
    "date": "day_wanted",
    "time": "moment_wanted",
    "int": "number_wanted",
    "float": "number_wanted",
    "finite": "number_wanted",
    "decimal": "number_wanted",
    "greater": "out_of_bounds",
    "less": "out_of_bounds",
    "bool": "boolean_wanted",
    "list": "list_wanted",
    "dict": "object_wanted",
    "model": "object_wanted",
    "mapping": "object_wanted",
}


class Renderer(JSONRenderer):
    """Chinese as Chinese."""

    json_dumps_params = {"ensure_ascii": False, "allow_nan": False}


def _no(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("beyond all numbers")
    return value


def check_texts(value: Any, where: str = "") -> None:
    """No control characters but tab and line ends, no halves of characters. Raises Invalid("control_characters")."""
    if isinstance(value, str):
        if any((c < " " and c not in "\t\n\r") or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in value):
            raise Invalid("control_characters", where=where)
    elif isinstance(value, dict):
        for key, each in value.items():
            check_texts(key, where)
            check_texts(each, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            check_texts(each, f"{where}.{number}" if where else str(number))


class StrictParser(Parser):
    """JSON by the letter: no NaN, no bare surrogates, no control characters, not endless."""

    def parse_body(self, request: HttpRequest) -> Any:
        if len(request.body) > JSON_MAX:
            raise TooLarge("body_too_large", limit_bytes=JSON_MAX)
        try:
            found = json.loads(request.body, parse_constant=_no, parse_float=_finite)
        except (ValueError, RecursionError) as broken:
            raise Invalid("broken_json") from broken
        try:
            check_texts(found)
        except RecursionError as deep:
            raise Invalid("broken_json") from deep
        return found

    def parse_querydict(self, data: MultiValueDict, list_fields: list[str], request: HttpRequest) -> Any:
        found = super().parse_querydict(data, list_fields, request)
        check_texts(found)
        return found


def code_of(kind: str) -> str:
    return KINDS.get(kind) or STARTS.get(kind.split("_", maxsplit=1)[0], "not_right")


def _validation(request: HttpRequest, error: Any) -> HttpResponse:
    """422: each thing that is wrong, with its place as the sender wrote it."""
    found: list[Problem] = []
    for each in error.errors:
        source, *place = [str(part) for part in each["loc"]]
        where = ".".join(place if source != "body" else place[1:] or place)
        params = {key: value for key, value in each.get("ctx", {}).items() if isinstance(value, str | int | float)}
        code = code_of(each["type"])
        if not any((known.code, known.where) == (code, where) for known in found):
            found.append(Invalid(code, where=where, **params))
    return answer(request, found[0] if len(found) == 1 else InvalidMany(found))


def _known(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(request, error)


def _any(request: HttpRequest, error: Any) -> HttpResponse:
    """Errors of the machine that stand for a problem; what is our own fault goes on to the log and a 500."""
    if isinstance(error, IntegrityError):
        return answer(request, Conflict("somebody_was_quicker"))
    if isinstance(error, DataError | OverflowError):
        return answer(request, Invalid("out_of_bounds"))
    problem = problems.problem_of(error)
    if problem is None:
        raise error
    return answer(request, problem)


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error.__context__, Problem):  # what our parser refused
        return answer(request, error.__context__)
    if error.status_code == 400:
        return answer(request, Invalid("broken_json"))
    return problems.answer(request, Invalid("not_right"), status=error.status_code)


class Door(NinjaAPI):
    """The API of one version."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(openapi_url=None, docs_url=None, renderer=Renderer(), parser=StrictParser(), **kwargs)
        self.add_decorator(entry.gate, mode="view")
        self.add_exception_handler(Exception, _any)
        self.add_exception_handler(Problem, _known)
        self.add_exception_handler(Http404, _any)
        self.add_exception_handler(HttpError, _http)
        self.add_exception_handler(ValidationError, _validation)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """`hazards_rate`: the noun's file and the verb."""
        view = operation.view_func
        return f"{view.__module__.rsplit('.', 1)[-1]}_{view.__name__}"

    @property
    def urls(self) -> Any:
        patterns, app, namespace = super().urls
        wrapped = [_wrapped(each) for each in patterns if isinstance(each, URLPattern)]
        own = [
            path("openapi.json", schema.openapi_json, {"door": self}, name="openapi"),
            path("docs", schema.docs, {"door": self}, name="docs"),
        ]
        return own + wrapped, app, namespace


def _wrapped(pattern: URLPattern) -> URLPattern:
    """HEAD as GET, other methods as a problem that names those there are."""
    view: Callable[..., HttpResponse] = pattern.callback

    def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "HEAD":
            request.method = "GET"
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            refused = problems.answer(request, Invalid("no_such_method"), status=405)
            refused["Allow"] = response["Allow"]
            return refused
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    call.csrf_exempt = True  # type: ignore[attr-defined]  # a session's own token is asked for in `entry`
    pattern.callback = call
    return pattern
