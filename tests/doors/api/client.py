"""A program at the API: `api.lao_wang.get("/hazards")`."""

import json
import uuid
from typing import Any

from django.test import Client

from qianan.ground.accounts import actions, queries
from qianan.kernel.actor import Actor
from tests.cast import MONDAY, Street

ROOT = "/api/v1"


class Answer:
    """What came back: `status`, `json`, headers by name; `code` of a problem."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status = response.status_code
        kind = response.headers.get("Content-Type", "")
        self.json: Any = json.loads(response.content) if "json" in kind and response.content else None

    @property
    def code(self) -> str:
        return str(self.json["code"]) if isinstance(self.json, dict) and "code" in self.json else ""

    def __getitem__(self, name: str) -> Any:
        return self.json[name]

    def header(self, name: str) -> str:
        return str(self.response.headers.get(name, ""))


class Program:
    """One token's calls. A server's fault is answered, not raised, as it would be over the wire."""

    def __init__(self, token: str = "", language: str = "en") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"accept-language": language}
        if token:
            self.headers["authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: Any = None, *, key: str = "", **headers: str) -> Answer:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            more["idempotency-key"] = key
        data = body if isinstance(body, bytes | str) else "" if body is None else json.dumps(body, default=str)
        kind = more.pop("content-type", "application/json")
        response = self.client.generic(
            method, path if path.startswith("/api") else ROOT + path, data, kind, headers={**self.headers, **more}
        )
        return Answer(response)

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Answer:
        from urllib.parse import urlencode

        return self.call("GET", f"{path}?{urlencode(query, doseq=True)}" if query else path, **headers)

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("POST", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("PATCH", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("PUT", path, body, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        return self.call("DELETE", path, **more)


class Programs:
    """Everybody of the street with a token of their own, made when first asked for."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.made: dict[str, Program] = {}

    def __getattr__(self, name: str) -> Program:
        if name not in self.street.actors and name != "nobody":
            raise AttributeError(name)
        if name not in self.made:
            token = "" if name == "nobody" else token_for(self.street.actors[name])
            self.made[name] = Program(token)
        return self.made[name]


def token_for(actor: Actor, seat: uuid.UUID | None = None) -> str:
    assert actor.person is not None
    person = queries.person(actor.person)
    return actions.make_token(person, label="test", seat=seat, by=actor, now=MONDAY)[1]
