"""Within a place: codes nest by prefix, so "within" is a range of codes, which every engine can find by its index.

`LIKE '110105%'` scans on SQLite (its LIKE folds case) and on PostgreSQL without a pattern index; a range does not.
"""

from django.db.models import Q

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def successor(code: str) -> str:
    """The first code after all that begin with this one (`110105` → `110106`, `110109` → `11010A`); "" when none."""
    while code:
        place = _ALPHABET.find(code[-1])
        if place < 0:
            return ""
        if place + 1 < len(_ALPHABET):
            return code[:-1] + _ALPHABET[place + 1]
        code = code[:-1]
    return ""


def within(code: str, column: str = "place_code") -> Q:
    """Rows whose place is this one or lies in it. An empty code is the whole world."""
    if not code:
        return Q()
    after = successor(code)
    if not after:
        return Q(**{f"{column}__startswith": code})
    return Q(**{f"{column}__gte": code, f"{column}__lt": after})
