"""Names in Latin letters: pinyin and initials for searching, and an English name when a table brings none."""

import re

_SUFFIXES = (
    ("社区居民委员会", "Community"),
    ("村民委员会", "Village"),
    ("居民委员会", "Community"),
    ("社区居委会", "Community"),
    ("社区", "Community"),
    ("居委会", "Community"),
    ("村委会", "Village"),
    ("街道办事处", "Sub-district"),
    ("街道", "Sub-district"),
    ("地区", "Area"),
    ("满族乡", "Manchu Ethnic Township"),
    ("回族乡", "Hui Ethnic Township"),
    ("民族乡", "Ethnic Township"),
    ("经济技术开发区", "Economic-Technological Development Area"),
    ("经济开发区", "Economic Development Area"),
    ("开发区", "Development Area"),
    ("镇", "Town"),
    ("乡", "Township"),
    ("村", "Village"),
    ("区", "District"),
    ("县", "County"),
    ("市", "City"),
)
_VOWEL = re.compile(r"[aeo]")


def _syllables(text: str) -> list[str]:
    from pypinyin import lazy_pinyin

    return [part.lower() for part in lazy_pinyin(text, v_to_u=False, errors=list)]


def pinyin_of(name: str) -> str:
    """The whole name in pinyin without tones or spaces (建外街道 → jianwaijiedao), for searching."""
    return re.sub(r"[^a-z0-9]", "", "".join(_syllables(name)))


def initials_of(name: str) -> str:
    """The first letter of each syllable (建外街道 → jwjd)."""
    return "".join(part[0] for part in _syllables(name) if part[:1].isascii() and part[:1].isalnum())


def _word(parts: list[str]) -> str:
    """One word, with an apostrophe where two syllables would run together (Xichang'anjie)."""
    word = ""
    for part in parts:
        word += f"'{part}" if word and word[-1].isalpha() and _VOWEL.match(part) else part
    return word[:1].upper() + word[1:]


def english_of(name: str) -> str:
    """An English name: the proper part in pinyin, the kind of place in English (张镇 keeps its kind: Zhangzhen Town).

    The whole name is read at once, since a character's sound depends on its neighbours (朝阳区).
    """
    parts = _syllables(name)
    for suffix, kind in _SUFFIXES:
        length = len(name) - len(suffix)
        if name.endswith(suffix) and length and len(parts) == len(name):
            return f"{_word(parts[: length + (length == 1 and len(suffix) == 1)])} {kind}"
    return _word(parts)
