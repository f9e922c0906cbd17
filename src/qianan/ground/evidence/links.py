"""Short-lived links: a token says that this person may fetch this file until then. Nobody else can use it."""

import re
from datetime import datetime

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_TOKEN = re.compile(r"([0-9a-f]{8,12})-([0-9a-f]{40})")


def sign(sha256: str, *, person: object, now: datetime) -> str:
    """A token for one file and one person, good for QIANAN_PHOTO_LINK_SECONDS at most and half of them at least.

    Within half that time the token stays the same, so that a browser shows the picture it already has. Sign only
    for a person who may see the object that the file belongs to.
    """
    step = max(1, settings.QIANAN_PHOTO_LINK_SECONDS // 2)
    until = (int(now.timestamp()) // step + 2) * step
    return f"{until:08x}-{_seal(sha256, person, until)}"


def check(sha256: str, token: str, *, person: object, now: datetime) -> bool:
    """Whether the token is for this file, this person and still good."""
    found = _TOKEN.fullmatch(token)
    if not found:
        return False
    until = int(found[1], 16)
    return constant_time_compare(found[2], _seal(sha256, person, until)) and now.timestamp() < until


def _seal(sha256: str, person: object, until: int) -> str:
    return salted_hmac("qianan.evidence.link", f"{sha256} {person} {until}", algorithm="sha256").hexdigest()[:40]
