"""The schema (OpenAPI 3.1) and its page. The committed copy is docs/reference/openapi.json (`./qianan openapi`)."""

import json
from collections import defaultdict
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.openapi.schema import get_schema

from qianan.doors.api.shapes import ProblemOut, ProblemPart

REFUSALS = {
    401: ("NotKnown", "No token, or one that opens nothing."),
    403: ("NotYours", "Seen, but not this actor's to do."),
    404: ("NotFound", "No such thing, or none that this actor may see."),
    409: ("NotNow", "Not in this state; or the same id or key came before with other content."),
    413: ("TooLarge", "More bytes, rows or pixels than are taken."),
    422: ("Invalid", "What came in is not right; `where` names the part, `problems` each of several."),
    429: ("TooMany", "Too often in too short a time; `Retry-After` is in seconds."),
    503: ("Unavailable", "The database is locked or the disk full: nothing was kept; try again with the same key."),
}
READS = (401, 403, 404, 422, 429, 503)
METHODS = ("get", "post", "put", "patch", "delete")

DESCRIPTION = """Everything that the pages of Qianan (企安安) do, for programs.

**Who.** A person makes a token (`POST /api/v1/tokens`, or the profile page) and sends it as
`Authorization: Bearer …`. It acts with all seats of its person, or with the one it was made for; the header `Seat`
(an id from `GET /api/v1/me`) chooses another. A signed-in session works too, with `X-CSRFToken` on acts.

**Once.** Every act may carry an `Idempotency-Key` (a UUID, or any printable text up to 200 characters). The same key
and content again gives the same answer, with `Idempotency-Replayed: true`; other content under the same key is 409.
Ids that a client makes itself (submissions, hazards) are UUIDv7.

**Refusals** are `application/problem+json` with a stable `code`; `detail` says what happened and what to do, in the
language of `Accept-Language` (`zh-hans`, `en`). After 503 and 429 wait `Retry-After` seconds and send the same again.

**Lists** are pages: give `next` as `cursor` to go on. Times are ISO 8601 with their offset; places, lines and levels
are codes; names come as `{"zh", "en"}`. A thing out of reach looks like one that is not there (404)."""

HEADERS = {
    "IdempotencyKey": {
        "in": "header",
        "name": "Idempotency-Key",
        "required": False,
        "description": "Names this act, so that it is done once however often it is sent.",
        "schema": {"type": "string", "maxLength": 200, "pattern": "^[!-~]*$"},
    },
    "Seat": {
        "in": "header",
        "name": "Seat",
        "required": False,
        "description": "Act from this one of your seats.",
        "schema": {"type": "string", "format": "uuid"},
    },
}


PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}


def _refused(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{name}"}


def _dress(operation: dict[str, Any], method: str) -> None:
    """What every operation shares: its refusals, its headers."""
    codes = READS if method == "get" else tuple(REFUSALS)
    for code in codes:
        own = operation["responses"].setdefault(str(code), _refused(REFUSALS[code][0]))
        if "content" in own:  # an answer of its own, or the refusal that every operation may give
            own["content"] |= PROBLEM
            own["description"] = REFUSALS[code][1]  # Python's own phrases differ from version to version
    operation["responses"] = {
        str(code): operation["responses"][code] for code in sorted(operation["responses"], key=str)
    }
    names = ["Seat"] if method == "get" else ["Seat", "IdempotencyKey"]
    operation["parameters"] += [{"$ref": f"#/components/parameters/{name}"} for name in names]


def build(door: NinjaAPI) -> dict[str, Any]:
    """The whole schema as plain JSON values, in English and in a stable order."""
    with translation.override("en"):
        found: dict[str, Any] = json.loads(json.dumps(get_schema(door, path_prefix="/api/v1/")))
    for each in found["paths"].values():
        for method in METHODS:
            if method in each:
                _dress(each[method], method)
    components = found["components"]
    for shape in (ProblemOut, ProblemPart):
        drawn = shape.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        drawn.pop("$defs", None)
        components["schemas"][shape.__name__] = drawn
    components["responses"] = {name: {"description": words, "content": PROBLEM} for name, words in REFUSALS.values()}
    components["parameters"] = HEADERS
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of a person."},
        "session": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "A signed-in session."},
    }
    components["schemas"] = dict(sorted(components["schemas"].items()))
    found["security"] = [{"token": []}, {"session": []}]
    found["servers"] = [{"url": "/"}]
    found["paths"] = dict(sorted(found["paths"].items()))
    return found


@lru_cache(maxsize=2)
def _built(door: NinjaAPI) -> dict[str, Any]:
    return build(door)


def as_text(door: NinjaAPI) -> str:
    """The schema as it is served and committed."""
    return json.dumps(_built(door), ensure_ascii=False, indent=1) + "\n"


@require_safe
def openapi_json(request: HttpRequest, door: NinjaAPI) -> HttpResponse:
    """Open to everybody: it says what there is, nothing of what is in it."""
    return HttpResponse(as_text(door), content_type="application/json; charset=utf-8")


def _shape(schema: dict[str, Any]) -> str:
    """A schema in a few words: `Hazard`, `list of Hazard`, `text ≤ 500`."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " | ".join(_shape(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    kind = schema.get("type", "any")
    if kind == "array":
        return f"[{_shape(schema.get('items', {}))}]"
    if "format" in schema:
        return str(schema["format"])
    return f"{kind} ≤ {schema['maxLength']}" if "maxLength" in schema else str(kind)


def _fields(schema: dict[str, Any], shapes: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in schema:
        schema = shapes[schema["$ref"].rsplit("/", 1)[-1]]
    needed = set(schema.get("required", ()))
    return [
        {"name": name, "shape": _shape(each), "needed": name in needed, "about": each.get("description", "")}
        for name, each in schema.get("properties", {}).items()
    ]


@require_safe
def docs(request: HttpRequest, door: NinjaAPI) -> HttpResponse:
    """The schema as a page: no script, nothing from elsewhere."""
    found = _built(door)
    shapes, groups = found["components"]["schemas"], defaultdict(list)
    for address, methods in found["paths"].items():
        for method in METHODS:
            if method not in methods:
                continue
            operation = methods[method]
            body: tuple[str, dict[str, Any]] = next(
                iter(operation.get("requestBody", {}).get("content", {}).items()), ("", {})
            )
            good = next((code for code in operation["responses"] if code < "300"), "")
            content = operation["responses"].get(good, {}).get("content", {})
            groups[operation.get("tags", ["…"])[0]].append(
                {
                    "method": method.upper(),
                    "address": address,
                    "id": operation["operationId"],
                    "summary": operation.get("summary", ""),
                    "about": operation.get("description", ""),
                    "params": [
                        {
                            "name": each["name"],
                            "in": each["in"],
                            "shape": _shape(each["schema"]),
                            "needed": each["required"],
                        }
                        for each in operation["parameters"]
                        if "$ref" not in each
                    ],
                    "body_kind": body[0],
                    "body": _fields(body[1].get("schema", {}), shapes),
                    "status": good,
                    "answer": _shape(next(iter(content.values()))["schema"]) if content else "",
                }
            )
    drawn = [
        {"name": name, "about": shape.get("description", ""), "fields": _fields(shape, shapes)}
        for name, shape in shapes.items()
        if shape.get("properties")
    ]
    context = {"title": found["info"]["title"], "about": DESCRIPTION, "groups": sorted(groups.items()), "shapes": drawn}
    return render(request, "api/docs.html", context)
