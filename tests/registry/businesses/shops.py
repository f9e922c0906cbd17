"""Shops to be registered: names and credit codes that are right."""

from typing import Any

from stdnum.cn import uscc

from qianan.registry.businesses.actions import NewBusiness
from tests.cast import COMMUNITY


def credit_code(number: int) -> str:
    """The unified social credit code of the n-th shop, its check digit right."""
    stem = f"92110105MA{number:07d}"
    return stem + uscc.calc_check_digit(stem)


def a_shop(number: int = 1, **facts: Any) -> NewBusiness:
    given: dict[str, Any] = {
        "name_zh": f"第{number}饺子馆",
        "name_en": f"Dumplings No. {number}",
        "credit_code": credit_code(number),
        "industry": "6210",
        "place_code": COMMUNITY,
    }
    return NewBusiness(**(given | facts))
