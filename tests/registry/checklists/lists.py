"""Lists to be tried: small ones, and one with everything in it."""

import copy
from typing import Any

PLAIN = {
    "version": 1,
    "responses": [
        {"code": "p", "label_zh": "合格", "label_en": "Pass", "verdict": "pass", "score": 2},
        {
            "code": "f",
            "label_zh": "不合格",
            "label_en": "Not pass",
            "verdict": "fail",
            "score": 0,
            "evidence": "photo_or_note",
            "hazard": {"level": "general"},
        },
        {"code": "n", "label_zh": "不适用", "label_en": "Not applicable", "verdict": "n/a"},
        {"code": "o", "label_zh": "观察", "label_en": "Observe", "verdict": "observe", "score": 1, "evidence": "note"},
    ],
}


def item(code: str, **facts: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "code": code,
        "text_zh": f"检查{code}",
        "text_en": f"Check {code}",
        "answer": "select",
        "response_set": "plain",
        "required": True,
        "basis_zh": "安全生产法第三十六条",
        "basis_en": "Work Safety Law, art. 36",
        "basis_codes": ["wsl-36"],
        "verified": True,
        "source": "read",
        "category": "gas",
        "minutes": 0.25,
    }
    if facts.get("answer", "select") != "select":
        del base["response_set"]
    return base | facts


def a_list(*items: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """A list of one section with these items (two plain ones when none are given)."""
    return {
        "code": "noodle-daily",
        "title_zh": "面馆每日自查",
        "title_en": "Noodle shop: daily check",
        "venue": "restaurant",
        "tags": [],
        "for_role": "worker",
        "frequency": "daily",
        "minutes": 1.0,
        "edition": "2026-11",
        "response_sets": {"plain": copy.deepcopy(PLAIN)},
        "sections": [
            {
                "code": "kitchen",
                "title_zh": "后厨",
                "title_en": "Kitchen",
                "items": list(items) or [item("stove"), item("exit")],
            }
        ],
    } | facts


def everything() -> dict[str, Any]:
    """Conditions, constraints, each kind of answer, a conditional section and a repeated one."""
    return a_list(
        item("gas"),
        item("gas-kind", answer="text", relevant="${gas} != 'n'", required=True),
        item(
            "seats",
            answer="integer",
            constraint=". >= 0 and . <= 500",
            constraint_zh="0 到 500",
            constraint_en="0 to 500",
        ),
        item("temperature", answer="decimal", required=False),
        item("extinguisher-day", answer="date", constraint=". <= today()", required=False),
        sections=[
            {
                "code": "kitchen",
                "title_zh": "后厨",
                "title_en": "Kitchen",
                "items": [
                    item("gas"),
                    item("gas-kind", answer="text", relevant="${gas} != 'n'", required=True),
                    item(
                        "seats",
                        answer="integer",
                        constraint=". >= 0 and . <= 500",
                        constraint_zh="0 到 500",
                        constraint_en="0 to 500",
                    ),
                    item("temperature", answer="decimal", required=False),
                    item("extinguisher-day", answer="date", constraint=". <= today()", required=False),
                ],
            },
            {
                "code": "crowd",
                "title_zh": "人多时",
                "title_en": "When crowded",
                "relevant": "${seats} > 100",
                "items": [item("exits-open", hazard_level="suggest_major")],
            },
            {
                "code": "cylinders",
                "title_zh": "气瓶",
                "title_en": "Cylinders",
                "relevant": "selected(${gas-kind}, 'lpg')",
                "repeat": {"max": 3},
                "items": [item("valve"), item("kg", answer="integer", constraint=". <= 50", required=False)],
            },
        ],
        code="everything",
        frequency="monthly",
        minutes=5,
    )
