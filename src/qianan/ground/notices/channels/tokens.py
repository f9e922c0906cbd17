"""Access tokens that WeCom and DingTalk hand out: kept until they end, fetched anew once when refused."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from qianan.ground.notices.channels.message import Later, Refused
from qianan.ground.notices.channels.sms import retry_after
from qianan.ground.notices.wire import Answer

EARLY = 300
"""Seconds before its end that a token is given up."""


@dataclass(slots=True)
class _Kept:
    token: str
    until: float


_kept: dict[str, _Kept] = {}
_lock = Lock()


def forget() -> None:
    with _lock:
        _kept.clear()


def with_token(
    name: str,
    *secrets: str,
    fetch: Callable[[], Answer],
    use: Callable[[str], Answer],
    stale: frozenset[int],
) -> dict[str, Any]:
    """Use a token, the kept one or a new one; when the provider says it is stale, once more with a new one.

    Gives the provider's JSON. Raises Later when there is none to be had.
    """
    key = hashlib.sha256("\x1f".join([name, *secrets]).encode()).hexdigest()
    with _lock:
        kept = _kept.get(key)
    if kept is not None and kept.until > time.monotonic():
        said = _json(use(kept.token))
        if not codes_of(said) & stale:
            return said
    answer = fetch()
    fresh = _json(answer)
    token = fresh.get("access_token")
    if fresh.get("errcode", 0) != 0 or not isinstance(token, str) or not token:
        raise Later(f"no token: {fresh.get('errcode')} {fresh.get('errmsg', '')}"[:300])
    lasts = fresh.get("expires_in")
    seconds = lasts if isinstance(lasts, int) else 7200
    with _lock:
        _kept[key] = _Kept(token, time.monotonic() + max(seconds - EARLY, 0))
    said = _json(use(token))
    if codes_of(said) & stale:
        with _lock:
            _kept.pop(key, None)
        raise Later(f"token refused: {said.get('errcode')} {said.get('errmsg', '')}"[:300])
    return said


def _json(answer: Answer) -> dict[str, Any]:
    """The provider's JSON. Raises Later for an answer that is none, or an HTTP error."""
    said = answer.json()
    if answer.status != 200 or "errcode" not in said:
        raise Later(f"HTTP {answer.status}", after=retry_after(answer.headers))
    return said


def codes_of(said: dict[str, Any]) -> set[int]:
    """The provider's codes: its own, and the one that DingTalk puts inside error 88."""
    found = {str(said.get("errcode")), str(said.get("sub_code"))}
    return {int(code) for code in found if code.removeprefix("-").isdecimal() and len(code) < 12}


def checked(said: dict[str, Any], *, crowded: frozenset[int], never: frozenset[int]) -> dict[str, Any]:
    """The answer when it is good. Raises Later, Refused by the provider's code."""
    if said.get("errcode") == 0:
        return said
    codes = codes_of(said)
    why = f"{said.get('errcode')} {said.get('sub_code', '')} {said.get('errmsg', '')}"[:300]
    if codes & never:
        raise Refused(why)
    raise Later(why, after=60 if codes & crowded else 0)
