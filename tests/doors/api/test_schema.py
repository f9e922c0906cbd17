"""Whatever the schema allows or not: never a server's fault, never an answer that it does not promise."""

import random
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from qianan.doors.kit import now
from qianan.wsgi import application
from tests.cast import MONDAY, Street
from tests.doors.api.client import Programs

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CALLERS = ("xiao_zhao", "sister_liu", "officer_li", "admin")
FUZZ: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "derandomize": True,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def known(street: Street, settings: Any) -> Iterator[dict[str, Any]]:
    """A street with a history: the ids that a path may be filled with, and everybody's token."""
    settings.QIANAN_API_PER_MINUTE = 10_000_000
    now.turn_to(MONDAY)
    api = Programs(street)
    found: dict[str, Any] = {
        "tokens": {
            name: getattr(api, name).headers["authorization"]
            for name in ("xiao_zhao", "sister_liu", "officer_li", "admin")
        }
    }
    path = f"/businesses/{street.business.id}/hazards"
    hazard = api.xiao_zhao.post(path, {"site": str(street.site.id), "text": "灭火器过期"}).json
    api.sister_liu.post(f"/hazards/{hazard['business']}/{hazard['id']}/rate", {"level": "general"})
    told = api.officer_li.post("/instructions", {"businesses": [str(street.business.id)], "text": "请自查"}).json
    order = api.lao_wang.get("/orders").json["items"][0]
    duty = api.officer_li.get("/duties").json["items"][0]
    post = api.lao_wang.get(f"/businesses/{street.business.id}/posts").json["items"][-1]
    found["ids"] = {
        "/hazards/": hazard["id"],
        "/instructions/": told["id"],
        "/orders/": order["id"],
        "/duties/": duty["id"],
    }
    found["path"] = {
        "business": str(street.business.id),
        "site": str(street.site.id),
        "post": post["id"],
        "seat": str(street.xiao_zhao.seat.id),
        "code": "110105001",
    }
    for signal in (request_started, request_finished):  # as Django's own test client: the test's connection stays
        signal.disconnect(close_old_connections)
    yield found
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def lead(case: Any, known: dict[str, Any], dice: random.Random) -> str:
    """Put real ids into most paths, and say who calls."""
    for name in list(case.path_parameters or {}):
        if dice.random() < 0.3:
            continue
        if name == "id":
            real = next((id for start, id in known["ids"].items() if start in case.path), None)
            case.path_parameters["id"] = real or str(uuid.UUID(int=dice.getrandbits(64)))
        elif name in known["path"]:
            case.path_parameters[name] = known["path"][name]
    return str(dice.choice(sorted(known["tokens"])))


def call(case: Any, known: dict[str, Any]) -> None:
    dice = random.Random(repr(case.path_parameters) + repr(case.query) + repr(case.body)[:200])
    caller = lead(case, known, dice)
    case.headers = {key: value for key, value in (case.headers or {}).items() if key.lower() != "authorization"}
    case.call_and_validate(headers={"Authorization": known["tokens"][caller]}, checks=CHECKS)


@schema.parametrize()
@settings(max_examples=4, **FUZZ)
def test_the_schema_is_kept(case: schemathesis.Case, known: dict[str, Any]) -> None:
    call(case, known)


@pytest.mark.long
@schema.parametrize()
@settings(max_examples=200, **(FUZZ | {"derandomize": False}))
def test_the_schema_is_kept_for_long(case: schemathesis.Case, known: dict[str, Any]) -> None:
    call(case, known)
