"""Every operation answers as its schema says, whoever asks: with nothing there, and on a street with a history."""

import re
import uuid
from typing import Any

import pytest

from qianan.doors.api import schema
from qianan.doors.api.v1 import api as door
from tests.cast import Street
from tests.doors.api.client import Programs

OPERATIONS = [
    (method.upper(), path, operation)
    for path, methods in schema.build(door)["paths"].items()
    for method, operation in methods.items()
]
EVERYBODY = [
    "xiao_zhao",
    "lao_wang",
    "boss_qian",
    "officer_li",
    "chief_zhang",
    "director_sun",
    "ms_chen",
    "stranger",
    "admin",
]


def fill(path: str, street: Street) -> str:
    """A path with the street's own ids where it has some, else a forged one."""
    known = {"business": street.business.id, "site": street.site.id, "code": "110105001", "table": "deadlines"}

    def one(match: re.Match[str]) -> str:
        name = match[1]
        if name == "sha256":
            return "0" * 64
        if name == "id" and "/versions/" in path:
            return "restaurant-daily@1"
        return str(known.get(name, uuid.UUID(int=7)))

    return re.sub(r"{(\w+)}", one, path)


def query(operation: dict[str, Any]) -> dict[str, Any]:
    """What is needed to ask at all."""
    wanted = {"text": "建外", "about": "hazards.hazard::x", "kind": "rectification", "t": "x"}
    wanted |= {"since": "2026-11-01", "until": "2026-11-03"}
    return {
        each["name"]: wanted[each["name"]]
        for each in operation["parameters"]
        if each.get("required") and each.get("in") == "query"
    }


@pytest.mark.parametrize("person", EVERYBODY)
def test_whoever_reads_gets_an_answer_of_the_schema(api: Programs, street: Street, person: str) -> None:
    program = getattr(api, person)
    for method, path, operation in OPERATIONS:
        if method != "GET":
            continue
        answer = program.get(fill(path, street), query(operation))
        assert str(answer.status) in operation["responses"], (path, answer.status, answer.json)
        assert answer.status < 500


@pytest.mark.parametrize("person", ["lao_wang", "officer_li", "stranger", "admin"])
def test_whoever_acts_with_nothing_in_hand_is_told_what_is_missing(api: Programs, street: Street, person: str) -> None:
    program = getattr(api, person)
    for method, path, operation in OPERATIONS:
        if method == "GET":
            continue
        answer = program.call(method, fill(path, street), {})
        assert str(answer.status) in operation["responses"], (path, answer.status, answer.json)
        assert answer.status < 500
        if answer.status >= 400 and "problems" in answer.json:
            assert answer["detail"]


def test_nobody_unknown_gets_anything(api: Programs, street: Street) -> None:
    for method, path, _ in OPERATIONS:
        answer = api.nobody.call(method, fill(path, street), {})
        assert (answer.status, answer.code) == (401, "token_needed"), path


def test_every_operation_has_a_summary_a_name_of_its_own_and_its_refusals() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]

    assert len(names) == len(set(names)) > 120
    for _, path, operation in OPERATIONS:
        assert operation["summary"], path
        assert operation["tags"], path
        assert {"401", "403", "404", "422", "429", "503"} <= set(operation["responses"]), path
