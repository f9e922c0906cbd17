"""Where a thing is shown: a ref or a row becomes an address, each door its own."""

from typing import Any

from django.urls import NoReverseMatch, reverse

from qianan.kernel.ref import Ref

PAGES = {
    "hazards.hazard": "hazard",
    "businesses.business": "business",
    "businesses.site": "site",
    "selfchecks.submission": "submission",
    "selfchecks.occurrence": "check",
    "inspections.visit": "visit",
    "duties.order": "order",
    "duties.instruction": "instruction",
    "duties.duty": "duty",
    "checklists.version": "version",
}
"""Noun → name of its page within a door (`phone:hazard`, `desk:hazard`). A door that has no such page has no link."""

CITYWIDE = {"duties.instruction", "checklists.version"}
"""Their pages are named by the id alone."""


def ref_of(thing: Any) -> Ref:
    """The ref of a row (`<room>.<model>`), or the ref itself, or one in text. Raises ValueError for anything else."""
    if isinstance(thing, Ref):
        return thing
    if isinstance(thing, str):
        return Ref.parse(thing)
    if hasattr(thing, "_meta"):
        noun = f"{thing._meta.app_label}.{thing._meta.model_name}"
        business = thing.id if noun == "businesses.business" else getattr(thing, "business_id", None)
        return Ref.of(noun, business, thing.id if hasattr(thing, "id") else thing.pk)
    raise ValueError(f"no ref for {thing!r}")


def link_to(thing: Any, door: str = "phone") -> str:
    """The address of a thing at a door, or "" when the door has no page for it."""
    try:
        ref = ref_of(thing)
    except ValueError:
        return ""
    name = PAGES.get(ref.noun)
    if not name or door not in {"phone", "desk"}:
        return ""
    if ref.noun in CITYWIDE:
        args: list[str] = [ref.id]
    elif ref.noun == "businesses.business":
        args = [ref.id]
    else:
        args = [str(ref.business), ref.id]
    try:
        return reverse(f"{door}:{name}", args=args)
    except NoReverseMatch:
        return ""
