"""短信: Alibaba Cloud SMS (Dysmsapi 2017-05-25, SendSms), signed by ACS3-HMAC-SHA256.

https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms
https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
Texts are templates approved beforehand: `templates` names one for each kind of letter, "*" for the rest, with the
variable `text` (`code` in the template of codes, `link` as well in the one of invitations).
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from qianan.ground.accounts.queries import Reach
from qianan.ground.notices.channels.message import Later, Message, Refused, cut
from qianan.ground.notices.wire import Call, Shown, Wire

SETTINGS: dict[str, Any] = {
    "access_key_id": None,
    "access_key_secret": None,
    "sign_name": None,
    "templates": None,
    "endpoint": "https://dysmsapi.aliyuncs.com",
    "longest": 35,
}
"""`longest`: signs that the provider takes in one variable of a template."""

SECRETS = ("access_key_secret",)
ALGORITHM = "ACS3-HMAC-SHA256"
NEVER = {
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.BLACK_KEY_CONTROL_LIMIT",
    "isv.DENY_IP_RANGE",
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
    "isv.MOBILE_COUNT_OVER_LIMIT",
    "isv.BLACK_LIST",
}
"""The number, or what is said, will be refused again tomorrow. What is wrong with the account is mended and retried."""

CROWDED = {"isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL"}
WAIT = 3600
"""Seconds after the provider's own limit: it counts by the hour and the day."""


def address(reach: Reach, settings: dict[str, Any]) -> str:
    return reach.mobile


def send(message: Message, settings: dict[str, Any], wire: Wire) -> str:
    """Send one message; gives the provider's BizId. Raises Later, Refused."""
    templates = settings["templates"]
    template = templates.get(message.kind) or templates.get("*")
    if not template:
        raise Refused(f"no template for {message.kind}")
    query = {
        "PhoneNumbers": number_of(message.to),
        "SignName": settings["sign_name"],
        "TemplateCode": template,
        "TemplateParam": json.dumps(variables(message, int(settings["longest"])), ensure_ascii=False),
        "OutId": message.id.hex,
    }
    url, headers = signed(
        endpoint=settings["endpoint"],
        action="SendSms",
        version="2017-05-25",
        query=query,
        key=settings["access_key_id"],
        secret=settings["access_key_secret"],
        nonce=f"{message.id.hex}{int(message.at.timestamp() * 1000)}",
        at=message.at,
    )
    good = json.dumps({"Code": "OK", "Message": "OK", "BizId": f"0^{message.id.int % 10**9}", "RequestId": "0"})
    shows = Shown(message.channel, message.masked, message.subject, message.text, message.at)
    answer = wire.call(Call("POST", url, headers, good=good.encode(), shows=shows))
    said = answer.json()
    code = str(said.get("Code", ""))
    if answer.status == 200 and code == "OK":
        return str(said.get("BizId", ""))
    why = f"{answer.status} {code}: {said.get('Message', '')}"[:300]
    if code in NEVER:
        raise Refused(why)
    if code in CROWDED:
        raise Later(why, after=WAIT)
    raise Later(why, after=retry_after(answer.headers))


def number_of(mobile: str) -> str:
    """Numbers of the mainland without the country code, others with it and without the plus sign."""
    return mobile.removeprefix("+86") if mobile.startswith("+86") else mobile.removeprefix("+")


def variables(message: Message, longest: int) -> dict[str, str]:
    if message.code:
        return {"code": message.code}
    found = {"text": cut(message.subject, longest)}
    return found | {"link": message.link} if message.kind == "invitation" else found


def retry_after(headers: dict[str, str]) -> int:
    """Seconds of a Retry-After header; 0 when there is none that is a number."""
    value = headers.get("retry-after", "")
    return min(int(value), 24 * 3600) if value.isdigit() and len(value) < 9 else 0


def signed(
    *,
    endpoint: str,
    action: str,
    version: str,
    query: dict[str, str],
    key: str,
    secret: str,
    nonce: str,
    at: datetime,
) -> tuple[str, dict[str, str]]:
    """The address and headers of a signed RPC call without a body."""
    parts = urlsplit(endpoint)
    payload = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": parts.netloc,
        "x-acs-action": action,
        "x-acs-content-sha256": payload,
        "x-acs-date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    words = "&".join(f"{_quote(name)}={_quote(query[name])}" for name in sorted(query))
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    canonical = "\n".join(["POST", "/", words, lines, names, payload])
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = f"{ALGORITHM} Credential={key},SignedHeaders={names},Signature={signature}"
    return f"{parts.scheme}://{parts.netloc}/?{words}", headers


def _quote(text: str) -> str:
    return quote(text, safe="-_.~")
