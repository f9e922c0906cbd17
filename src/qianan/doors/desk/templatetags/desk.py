"""The row of nouns, on every page an officer sees; and what people wrote or chose from a list, said alike."""

from typing import Any

from django import template

from qianan.doors.desk import frame
from qianan.doors.kit import words
from qianan.kernel.problems import NotYours

register = template.Library()


@register.inclusion_tag("desk/nouns.html", takes_context=True)
def nouns(context: template.Context) -> dict[str, Any]:
    """The nouns of the desk, the present one marked; nothing for who has no seat in a public body."""
    request = context.get("request")
    actor = context["house"].actor
    try:
        frame.desk_seat(actor)
    except NotYours:
        return {"nav": []}
    return {"nav": frame.nav(actor, request.path if request is not None else "")}


@register.simple_tag
def code_or_words(key: str, value: str) -> str:
    """The word for a code that was chosen from a list; people's own words as they wrote them."""
    return words.label(f"{key}.{value}") if f"{key}.{value}" in words.labels() else value
