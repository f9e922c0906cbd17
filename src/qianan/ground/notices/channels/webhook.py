"""Webhook: a signed POST to a program of the city's own (https://www.standardwebhooks.com).

Thin: kinds, refs and an address to fetch the rest from; no words, no names. At least once, with the same `webhook-id`
each time; letters of one person keep their order unless one has to be tried again. Several secrets sign side by side,
so that one can be changed without a gap. Private networks are out of reach unless QIANAN_WEBHOOK_NETWORKS names them.
"""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import UTC
from typing import Any

from qianan.ground.accounts.queries import Reach
from qianan.ground.notices.channels.message import Later, Message, Refused
from qianan.ground.notices.channels.sms import retry_after
from qianan.ground.notices.wire import Call, Forbidden, Shown, Wire

SETTINGS: dict[str, Any] = {"url": None, "secrets": None}
SECRETS = ("secrets",)
PREFIX = "whsec_"


def address(reach: Reach, settings: dict[str, Any]) -> str:
    return str(settings["url"])


def send(message: Message, settings: dict[str, Any], wire: Wire) -> str:
    """Post one message; gives the status that answered. Raises Later, Refused."""
    body = json.dumps(payload(message), ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Qianan-Webhook/1"}
    headers |= signed(str(message.id), int(message.at.timestamp()), body, settings["secrets"])
    shows = Shown(message.channel, message.masked, message.subject, body.decode(), message.at)
    try:
        answer = wire.call(Call("POST", settings["url"], headers, body, shows=shows, guarded=True))
    except Forbidden as refused:
        raise Refused(str(refused)) from refused
    if 200 <= answer.status < 300:
        return str(answer.status)
    if answer.status == 410:
        raise Refused("410: the endpoint is gone")
    raise Later(str(answer.status), after=retry_after(answer.headers))


def payload(message: Message) -> dict[str, Any]:
    return {
        "type": "letters",
        "timestamp": message.at.astimezone(UTC).isoformat(),
        "data": {
            "person": str(message.person),
            "link": message.link,
            "letters": [
                {
                    "id": str(item.id),
                    "kind": item.kind,
                    "about": item.about,
                    "business": item.business,
                    "place_code": item.place_code,
                    "at": item.at.astimezone(UTC).isoformat(),
                    "ack_by": item.ack_by.astimezone(UTC).isoformat() if item.ack_by else None,
                }
                for item in message.items
            ],
        },
    }


def signed(id: str, timestamp: int, body: bytes, secrets: str) -> dict[str, str]:
    """The three headers. `secrets` are parted by spaces, each `whsec_` and base64; each signs."""
    content = f"{id}.{timestamp}.".encode() + body
    marks = []
    for secret in secrets.split():
        mac = hmac.new(key_of(secret), content, hashlib.sha256).digest()
        marks.append(f"v1,{base64.b64encode(mac).decode()}")
    return {"webhook-id": id, "webhook-timestamp": str(timestamp), "webhook-signature": " ".join(marks)}


def key_of(secret: str) -> bytes:
    """The bytes of a secret. Raises ValueError when it is no base64 or shorter than 24 bytes."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as wrong:
        raise ValueError("not base64") from wrong
    if len(key) < 24:
        raise ValueError("too short")
    return key
