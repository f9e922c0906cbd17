"""企业微信: an application message to one member, found by mobile number.

https://developer.work.weixin.qq.com/document/path/91039 (gettoken), /95402 (user/getuserid), /90236 (message/send),
/90313 (error codes).
"""

import json
from typing import Any
from urllib.parse import urlencode

from qianan.ground.accounts.queries import Reach
from qianan.ground.notices.channels.message import Message, Refused, cut_bytes
from qianan.ground.notices.channels.tokens import checked, with_token
from qianan.ground.notices.wire import Answer, Call, Shown, Wire

SETTINGS: dict[str, Any] = {
    "corp_id": None,
    "secret": None,
    "agent_id": None,
    "endpoint": "https://qyapi.weixin.qq.com",
}
SECRETS = ("secret",)
LONGEST = 2048
"""Bytes of a text message."""

STALE = frozenset({40014, 42001})
CROWDED = frozenset({45009, 45033, -1})
NEVER = frozenset({46004, 60111, 81013, 40003, 60103})
"""No such member, or one whom the application must not write to."""


def address(reach: Reach, settings: dict[str, Any]) -> str:
    return reach.mobile


def send(message: Message, settings: dict[str, Any], wire: Wire) -> str:
    """Send one message; gives the provider's msgid. Raises Later, Refused."""
    member = _ask(
        settings,
        wire,
        "/cgi-bin/user/getuserid",
        {"mobile": message.to.removeprefix("+86")},
        good={"errcode": 0, "errmsg": "ok", "userid": f"u{message.person.int % 10**6}"},
    )
    user = str(member.get("userid", ""))
    said = _ask(
        settings,
        wire,
        "/cgi-bin/message/send",
        {
            "touser": user,
            "msgtype": "text",
            "agentid": int(settings["agent_id"]),
            "text": {"content": cut_bytes(message.text, LONGEST)},
        },
        good={"errcode": 0, "errmsg": "ok", "msgid": message.id.hex},
        shows=Shown(message.channel, message.masked, message.subject, message.text, message.at),
    )
    if said.get("invaliduser"):
        raise Refused(f"invalid member: {said['invaliduser']}"[:300])
    return str(said.get("msgid", ""))


def _ask(
    settings: dict[str, Any],
    wire: Wire,
    path: str,
    body: dict[str, Any],
    *,
    good: dict[str, Any],
    shows: Shown | None = None,
) -> dict[str, Any]:
    base = str(settings["endpoint"]).rstrip("/")

    def fetch() -> Answer:
        words = urlencode({"corpid": settings["corp_id"], "corpsecret": settings["secret"]})
        token = {"errcode": 0, "errmsg": "ok", "access_token": "token", "expires_in": 7200}
        return wire.call(Call("GET", f"{base}/cgi-bin/gettoken?{words}", good=json.dumps(token).encode()))

    def use(token: str) -> Answer:
        return wire.call(
            Call(
                "POST",
                f"{base}{path}?{urlencode({'access_token': token})}",
                {"Content-Type": "application/json; charset=utf-8"},
                json.dumps(body, ensure_ascii=False).encode(),
                good=json.dumps(good).encode(),
                shows=shows,
            )
        )

    said = with_token("wecom", base, settings["corp_id"], settings["secret"], fetch=fetch, use=use, stale=STALE)
    return checked(said, crowded=CROWDED, never=NEVER)
