"""Names in Latin letters: pinyin and initials for searching, and an English name when a table brings none."""

import re
from functools import cache

_KINDS = (
    ("股份经济合作社生活区", "Cooperative Residential Area"),
    ("社区居民委员会", "Community"),
    ("村村民委员会", "Village"),
    ("村民委员会", "Village"),
    ("居民委员会", "Community"),
    ("社区居委会", "Community"),
    ("虚拟社区", "Nominal Community"),
    ("社区", "Community"),
    ("居委会", "Community"),
    ("村村委会", "Village"),
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
    ("国际机场", "International Airport"),
    ("镇", "Town"),
    ("乡", "Township"),
    ("村", "Village"),
    ("区", "District"),
    ("县", "County"),
    ("市", "City"),
)
_READINGS = {
    "朝阳": ["chao", "yang"],
    "什刹海": ["shi", "cha", "hai"],
    "大栅栏": ["da", "shi", "lan"],
    "长子营": ["zhang", "zi", "ying"],
}
"""Where the readings of the phrase book are not those of the place."""

_COUNTED = "一二三四五六七八九十东西南北上下前后中"
"""Before 村 these are the village's own name: 张家湾一村 is not 张家湾一."""

_NUMBERED = re.compile(
    r"第?([甲乙丙丁]?)([0-9]+|[一二三四五六七八九十]+)(号院|号)|第([一二三四五六七八九十]+)|([0-9]+|[A-Z]+)"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_VOWEL = re.compile(r"[aeo]")
_DIGITS = {mark: number for number, mark in enumerate("一二三四五六七八九", start=1)}


@cache
def _phrase_book() -> None:
    from pypinyin import load_phrases_dict

    load_phrases_dict({word: [[part] for part in parts] for word, parts in _READINGS.items()})


def _syllables(text: str) -> list[str]:
    """One syllable a character; what is no Han character stands for itself."""
    from pypinyin import lazy_pinyin

    _phrase_book()
    return [part.lower() for part in lazy_pinyin(text, errors=list)]  # type: ignore[arg-type]  # one item a mark


def pinyin_of(name: str) -> str:
    """The whole name in pinyin without tones or spaces (建外街道 → jianwaijiedao), for searching."""
    return re.sub(r"[^a-z0-9]", "", "".join(_syllables(name)))


def initials_of(name: str) -> str:
    """The first letter of each syllable (建外街道 → jwjd)."""
    return "".join(part[0] for part in _syllables(name) if part[:1].isascii() and part[:1].isalnum())


def _word(parts: list[str]) -> str:
    """One word, with an apostrophe where two syllables would run together (Xichang'anjie)."""
    word = ""
    for part in (each.replace("v", "ü") for each in parts):
        word += f"'{part}" if word and word[-1].isalpha() and _VOWEL.match(part) else part
    return word[:1].upper() + word[1:]


def _number(text: str) -> str:
    """十二 → 12; digits stay."""
    if text.isdigit():
        return text
    tens, ten, ones = text.rpartition("十")
    return str((_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0))


def _proper(name: str, syllables: list[str]) -> str:
    """The proper part: pinyin words, and numbers as numbers (复兴路24号院 → Fuxinglu No. 24 Compound)."""
    words: list[str] = []
    start = 0

    def spell(end: int) -> None:
        run = [part for mark, part in zip(name[start:end], syllables[start:end], strict=True) if _HAN.match(mark)]
        if run:
            words.append(_word(run))

    for found in _NUMBERED.finditer(name):
        spell(found.start())
        if found[5]:
            words.append(found[5])
        else:
            stem = {"甲": "A", "乙": "B", "丙": "C", "丁": "D"}.get(found[1] or "", "")
            words.append(f"No. {stem}{_number(found[2] or found[4])}")
        if found[3] == "号院":
            words.append("Compound")
        start = found.end()
    spell(len(name))
    return " ".join(words)


def english_of(name: str) -> str:
    """An English name: the proper part in pinyin, the kind of place in English (张镇 keeps its kind: Zhangzhen Town).

    The whole name is read at once, since a character's sound depends on its neighbours (朝阳区).
    """
    if not _HAN.search(name):
        return name
    syllables = _syllables(name)
    if len(syllables) != len(name):
        return _word([part for part in syllables if part.strip()])
    for suffix, kind in _KINDS:
        length = len(name) - len(suffix)
        if not name.endswith(suffix) or not length:
            continue
        if suffix.startswith("村村") and name[length - 1] in _COUNTED:
            length += 1
        if length == 1 and suffix[0] in "镇乡村区县市":
            length += 1
        return f"{_proper(name[:length], syllables[:length])} {kind}"
    return _proper(name, syllables)
