"""Names of businesses: how they are cleaned, spelled in pinyin and found again."""

import re
import unicodedata
from functools import lru_cache

from django.db.models import Q
from pypinyin import Style, lazy_pinyin

_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """A name as it is kept: NFC, single spaces, no control characters left to look at (they are refused before)."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def has_control(text: str) -> bool:
    """Whether the text holds characters nobody types: controls, unpaired surrogates, direction overrides."""
    return any(
        (unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t")
        or char in "\u202a\u202b\u202d\u202e\u2066\u2067"
        for char in text
    )


def is_code(text: str) -> bool:
    """Whether this may be a code at all: plain ASCII signs. Anything else is not put to a database that refuses it."""
    return text.isascii() and text.isprintable()


@lru_cache(maxsize=4096)
def spelled(name: str) -> tuple[str, str]:
    """(pinyin, initials) of a Chinese name, lower case, without spaces: 老王面馆 → laowangmianguan, lwmg."""
    whole = "".join(lazy_pinyin(name)).lower()
    first = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return _letters(whole)[:400], _letters(first)[:120]


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def searched(text: str) -> Q:
    """Businesses found by what somebody types: part of a name in either language, pinyin, initials, a credit code.

    Two Han characters are enough; words parted by spaces must all be found.
    """
    found = Q()
    if has_control(text):
        return Q(id__in=[])
    for word in plain(text)[:80].split(" ")[:6]:
        part = Q(name_zh__contains=word) | Q(name_en__icontains=word)
        if word.isascii() and word.isalnum():
            small = word.lower()
            part |= Q(initials__contains=small)
            if len(small) >= 2:
                part |= Q(pinyin__contains=small)
            if len(small) >= 4:
                part |= Q(credit_code__startswith=word.upper())
        found &= part
    return found
