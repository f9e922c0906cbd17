"""The row of nouns, on every page an officer sees."""

from typing import Any

from django import template

from qianan.doors.desk import frame
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
