"""What an adapter is given, and how it says that it could not: the shape that all channels share.

A channel module has: SETTINGS (name → default; None = must be given), SECRETS (names kept encrypted),
`address(reach, settings)` → where this person is reached, "" for nowhere, and `send(message, settings, wire)` → the
provider's receipt. It raises Later (try again) or Refused (never).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime


class Later(Exception):
    """Not now: too many, a broken gateway, a wrong password of ours. `after` is in seconds, 0 = as the house likes."""

    def __init__(self, why: str, *, after: int = 0) -> None:
        super().__init__(why)
        self.after = after


class Refused(Exception):
    """Never: no such number, no such user, an endpoint that is gone."""


@dataclass(frozen=True, slots=True)
class Item:
    """One letter within a message, as machines read it: refs and codes, no words."""

    id: uuid.UUID
    kind: str
    about: str
    business: str
    place_code: str
    at: datetime
    ack_by: datetime | None


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one address: in words for people, as `items` for machines.

    `id` is the attempt's and stays the same when it is tried again. `code` holds the digits of a one-time code.
    """

    id: uuid.UUID
    channel: str
    person: uuid.UUID
    to: str
    masked: str
    language: str
    subject: str
    text: str
    kind: str
    link: str
    at: datetime
    items: tuple[Item, ...]
    code: str = ""
    host: str = "localhost"


def cut_bytes(text: str, limit: int) -> str:
    """The text in at most so many bytes of UTF-8, no sign torn in two."""
    raw = text.encode()
    return text if len(raw) <= limit else raw[: limit - 3].decode(errors="ignore") + "…"


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
