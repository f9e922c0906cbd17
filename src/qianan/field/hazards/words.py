"""Texts that people type: trimmed, printable, not endless; and what of them the trail keeps."""

import re

from qianan.kernel.problems import Invalid

_DIGITS = re.compile(r"\d[\d\s-]{5,}\d")
LONGEST = 2000


def text_of(value: str, *, where: str, limit: int = LONGEST, needed: str = "") -> str:
    """The text as it is kept. Raises Invalid("too_long"), and Invalid(needed) when it must not be empty."""
    kept = "".join(sign for sign in value if sign in "\n\t\u3000" or sign.isprintable())
    kept = kept.strip()
    if needed and not kept:
        raise Invalid(needed, where=where)
    if len(kept) > limit:
        raise Invalid("too_long", where=where, limit=limit)
    return kept


def for_the_trail(text: str) -> str:
    """A reason as the trail keeps it for ever: one line, at most 200 signs, long numbers (phones) blotted out."""
    return _DIGITS.sub("…", " ".join(text.split()))[:200]
