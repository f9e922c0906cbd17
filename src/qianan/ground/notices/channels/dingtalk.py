"""钉钉: a work notification to one member, found by mobile number.

https://open.dingtalk.com/document/orgapp/obtain-orgapp-token (gettoken),
/query-users-by-phone-number (topapi/v2/user/getbymobile),
/asynchronous-sending-of-enterprise-session-messages (topapi/message/corpconversation/asyncsend_v2).
"""

import json
from typing import Any
from urllib.parse import urlencode

from qianan.ground.accounts.queries import Reach
from qianan.ground.notices.channels.message import Later, Message, cut_bytes
from qianan.ground.notices.channels.tokens import checked, with_token
from qianan.ground.notices.wire import Answer, Call, Shown, Wire

SETTINGS: dict[str, Any] = {
    "app_key": None,
    "app_secret": None,
    "agent_id": None,
    "endpoint": "https://oapi.dingtalk.com",
}
SECRETS = ("app_secret",)
LONGEST = 1000
"""Bytes of a text; the whole message must stay under 2,048."""

STALE = frozenset({40014, 42001})
CROWDED = frozenset({90018, 90002, 90005, -1})
NEVER = frozenset({60121, 33012})
"""No such member, or one whom the application must not see."""


def address(reach: Reach, settings: dict[str, Any]) -> str:
    return reach.mobile


def send(message: Message, settings: dict[str, Any], wire: Wire) -> str:
    """Send one message; gives the provider's task_id. Raises Later, Refused."""
    member = _ask(
        settings,
        wire,
        "/topapi/v2/user/getbymobile",
        {"mobile": message.to.removeprefix("+86")},
        good={"errcode": 0, "errmsg": "ok", "result": {"userid": f"u{message.person.int % 10**6}"}},
    )
    result = member.get("result")
    user = str(result.get("userid", "")) if isinstance(result, dict) else ""
    if not user:
        raise Later("no userid in the answer")
    said = _ask(
        settings,
        wire,
        "/topapi/message/corpconversation/asyncsend_v2",
        {
            "agent_id": int(settings["agent_id"]),
            "userid_list": user,
            "to_all_user": False,
            "msg": {"msgtype": "text", "text": {"content": cut_bytes(message.text, LONGEST)}},
        },
        good={"errcode": 0, "errmsg": "ok", "task_id": message.id.int % 10**12, "request_id": "0"},
        shows=Shown(message.channel, message.masked, message.subject, message.text, message.at),
    )
    return str(said.get("task_id", ""))


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
        words = urlencode({"appkey": settings["app_key"], "appsecret": settings["app_secret"]})
        token = {"errcode": 0, "errmsg": "ok", "access_token": "token", "expires_in": 7200}
        return wire.call(Call("GET", f"{base}/gettoken?{words}", good=json.dumps(token).encode()))

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

    said = with_token("dingtalk", base, settings["app_key"], settings["app_secret"], fetch=fetch, use=use, stale=STALE)
    return checked(said, crowded=CROWDED, never=NEVER)
