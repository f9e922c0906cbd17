"""Registry import (导入): a file is previewed with its row-level problems, then taken in whole or not at all."""

import json
import uuid
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from qianan.doors.api.entry import by_itself, who
from qianan.doors.api.paging import whole
from qianan.doors.api.shapes import Moment, Page
from qianan.doors.kit import words
from qianan.doors.kit.now import now
from qianan.kernel.problems import Invalid
from qianan.registry.businesses import importing, queries

router = Router(tags=["imports"])

BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "CSV (UTF-8, GB18030) or XLSX."},
                        "mapping": {
                            "type": "string",
                            "description": "JSON of a mapping; headings are used without it.",
                        },
                    },
                    "required": ["file"],
                }
            }
        },
    }
}


class RowProblemOut(Schema):
    """What is wrong in one cell, and how to mend it."""

    line: int
    column: str
    code: str
    value: str
    detail: str


class CountsOut(Schema):
    added: int
    changed: int
    same: int


class RowOut(Schema):
    line: int
    name: str
    outcome: str


class PreviewOut(Schema):
    """What the file would do. Nothing was changed yet; with `problems` it can't be taken in."""

    id: uuid.UUID
    name: str
    digest: str
    rows: int
    columns: list[str]
    ok: bool
    problem_count: int
    problems: list[RowProblemOut]
    businesses: CountsOut
    sites: CountsOut
    people: CountsOut
    sample: list[RowOut]


class ImportOut(Schema):
    """A registry file."""

    id: uuid.UUID
    name: str
    digest: str
    state: str
    rows: int
    added: int
    changed: int
    same: int
    at: Moment


def _mapping(text: str) -> dict[str, Any] | None:
    if not text:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as broken:
        raise Invalid("broken_json", where="mapping") from broken
    if not isinstance(found, dict):
        raise Invalid("object_wanted", where="mapping")
    return found


@router.get("/imports/template", response={200: None}, summary="A table to fill in, as CSV")
def template(request: HttpRequest, language: Annotated[str, Field(pattern=r"^(zh-hans|en)$")] = "zh-hans") -> Any:
    return HttpResponse(importing.template(language), content_type="text/csv; charset=utf-8")


@router.post("/imports", response={201: PreviewOut}, openapi_extra=BODY, summary="Preview a registry file")
@by_itself
def preview(request: HttpRequest) -> Status[PreviewOut]:
    upload = request.FILES.get("file")
    if upload is None:
        raise Invalid("field_missing", where="file")
    found = importing.preview(
        upload.read(),
        name=(upload.name or "")[:200],
        mapping=_mapping(request.POST.get("mapping", "")),
        by=who(request),
        now=now(),
    )
    shown = PreviewOut(
        id=found.id,
        name=found.name,
        digest=found.digest,
        rows=found.rows,
        columns=list(found.columns),
        ok=found.ok,
        problem_count=found.count,
        problems=[
            RowProblemOut(
                line=each.line,
                column=each.column,
                code=each.code,
                value=each.value,
                detail=words.say_problem(each.problem),
            )
            for each in found.problems
        ],
        businesses=CountsOut.from_orm(found.businesses),
        sites=CountsOut.from_orm(found.sites),
        people=CountsOut.from_orm(found.people),
        sample=[RowOut.from_orm(each) for each in found.sample],
    )
    return Status(201, shown)


@router.get("/imports", response=Page[ImportOut], summary="The files that I brought in, newest first")
def list_imports(request: HttpRequest) -> Page[ImportOut]:
    return whole([ImportOut.from_orm(row) for row in queries.imports_for(who(request))])


@router.get("/imports/{uuid:id}", response=ImportOut, summary="One file of mine")
def get(request: HttpRequest, id: uuid.UUID) -> ImportOut:
    return ImportOut.from_orm(queries.import_for(who(request), id))


@router.post("/imports/{uuid:id}/commit", response=ImportOut, summary="Take a previewed file in, whole")
def commit(request: HttpRequest, id: uuid.UUID) -> ImportOut:
    """Twice is once."""
    return ImportOut.from_orm(importing.commit(id, by=who(request), now=now()))
