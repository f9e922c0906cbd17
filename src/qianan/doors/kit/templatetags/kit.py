"""Tags and filters of the kit; built in, so that templates need not load them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qianan.doors.kit import dates, links, words
from qianan.doors.kit.now import now

register = template.Library()


@register.filter
def named(thing: Any) -> str:
    """The name of a row in the reader's language: `name_`, `title_` or `text_`; Chinese when there is no other."""
    if thing is None or thing == "":
        return "—"
    if isinstance(thing, str):
        return thing
    tongue = "zh" if (get_language() or "zh").startswith("zh") else "en"
    get = thing.get if isinstance(thing, dict) else lambda key: getattr(thing, key, None)
    for stem in ("name", "title", "text", "label", "summary", "basis"):
        if (found := get(f"{stem}_{tongue}")) or (found := get(f"{stem}_zh")):
            return str(found)
    return str(get(tongue) or get("zh") or get("name") or thing)


@register.filter
def described(thing: Any, stem: str) -> str:
    """A field in the reader's language by its stem: `{{ clause|described:"summary" }}`."""
    tongue = "zh" if dates.in_chinese() else "en"
    get = thing.get if isinstance(thing, dict) else lambda key: getattr(thing, key, None)
    return str(get(f"{stem}_{tongue}") or get(f"{stem}_zh") or "")


register.filter("when", dates.when)
register.filter("moment", dates.when)
register.filter("day", dates.day)
register.filter("hour", dates.hour)
register.filter("weekday", dates.weekday)
register.filter("by", dates.by)
register.filter("ago", dates.ago)
register.filter("num", dates.num)


@register.filter
def on_paper(value: Any) -> str:
    """A moment as papers and receipts give it: always with its year."""
    return dates.when(value, year=True)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`{{ mapping|get:key }}`; None when it is not there."""
    if mapping is None:
        return None
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return mapping.get(str(key)) if hasattr(mapping, "get") else None


@register.filter
def initial(name: Any) -> str:
    """The one character that stands in a person's round mark."""
    text = str(name or "").strip()
    return text[:1].upper() if text and text != "—" else "?"


@register.filter
def tel(number: Any) -> str:
    """A telephone number as a link's target: digits and a plus only."""
    return "".join(sign for sign in str(number or "") if sign.isdigit() or sign == "+")


@register.simple_tag
def icon(name: str, title: str = "", small: bool = False) -> SafeString:
    """A drawing of the sprite; silent unless it has a title."""
    kind = "i i-s" if small else "i"
    if title:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="#i-{}"/></svg>', kind, title, name)
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>', kind, name)


@register.simple_tag
def label(key: str, value: Any = None) -> str:
    """The word for a code: `{% label "hazard.state" hazard.state %}`."""
    return "—" if value == "" else words.label(key, value)


@register.filter
def labelled(value: Any, key: str) -> str:
    """The word for a code, as a filter: `{{ hazard.state|labelled:"hazard.state" }}`."""
    return words.label(key, value) if value not in {"", None} else "—"


@register.simple_tag(takes_context=True)
def link(context: template.Context, thing: Any, door: str = "") -> str:
    """The address of a thing at this page's door, or ""."""
    return links.link_to(thing, door or context["house"].door)


@register.inclusion_tag("kit/field.html")
def field(bound: Any, hint: str = "", optional: bool | None = None) -> dict[str, Any]:
    """One form field: label above, hint below, error below that with what would be right."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "")
    return {
        "field": bound,
        "hint": hint or bound.help_text,
        "kind": "group" if kind in {"radio"} or widget.__class__.__name__ == "CheckboxSelectMultiple" else kind,
        "optional": (not bound.field.required and kind != "checkbox") if optional is None else optional,
    }


@register.simple_block_tag(takes_context=True)
def card(
    context: template.Context,
    content: str,
    title: str = "",
    count: Any = "",
    link: str = "",
    link_label: str = "",
    id: str = "",
    flush: bool = False,
) -> SafeString:
    """A card: `{% card title=… count=… link=… link_label=… %}…{% endcard %}`; `flush` for tables and tasks."""
    inside = {
        "content": content,
        "title": title,
        "count": count,
        "link": link,
        "link_label": link_label,
        "id": id,
        "flush": flush,
    }
    return mark_safe(render_to_string("kit/card.html", inside))


MOONS = {
    "found": "0",
    "rated": "1",
    "rectifying": "2",
    "handed_in": "3",
    "accepted": "3",
    "closed": "4",
    "rejected": "4",
    "transferred": "1",
    "ordered": "2",
    "returned": "2",
    "withdrawn": "4",
    "due": "0",
    "done": "4",
    "late": "4",
    "missed": "late",
    "waived": "4",
    "open": "0",
    "discharged": "4",
    "cancelled": "4",
    "asked": "1",
    "granted": "4",
    "refused": "4",
    "approved": "4",
    "complete": "4",
}
"""How far a thing has come, drawn as a moon. A new state needs one."""


@register.inclusion_tag("kit/state.html")
def state(value: str, key: str = "hazard.state", days_late: int = 0) -> dict[str, Any]:
    """How far it has come: moon and word; hatched when late."""
    return {
        "value": value,
        "word": words.label(key, value),
        "moon": "late" if days_late else MOONS[value],
        "done": MOONS[value] == "4" and value not in {"rejected", "refused", "cancelled", "waived", "withdrawn"},
        "days_late": days_late,
    }


@register.inclusion_tag("kit/level.html")
def level(value: str) -> dict[str, Any]:
    """A hazard's legal level; the red octagon stands inside the major one only."""
    return {"level": value, "word": words.label("hazard.level", value)}


@register.inclusion_tag("kit/risk.html")
def risk(colour: str, box: bool = False, bare: bool = False) -> dict[str, Any]:
    """One of the four legal colours: shape and word; `bare` keeps the word for screen readers only."""
    word = {"red": _("red"), "orange": _("orange"), "yellow": _("yellow"), "blue": _("blue")}[colour]
    return {"colour": colour, "box": box, "bare": bare, "word": word}


@register.inclusion_tag("kit/clock.html")
def clock(
    due_at: datetime,
    allowed: timedelta | int | None = None,
    basis: str = "",
    interim: str = "",
    began_at: datetime | None = None,
    rung: str = "",
    title: str = "",
) -> dict[str, Any]:
    """The deadline clock: a full ring is the time allowed; under a day in hours; late is a toothed ring with a plus.

    `allowed` in days, or from `began_at`; `rung` the words for where a late duty has climbed to.
    """
    left = due_at - now()
    whole = timedelta(days=allowed) if isinstance(allowed, int) else allowed
    if whole is None and began_at is not None:
        whole = due_at - began_at
    late = left < timedelta(0)
    size = abs(left)
    if size >= timedelta(days=1):
        figure, unit = size.days, _("days") if size.days != 1 else _("day")
    elif size >= timedelta(hours=1):
        hours = size.seconds // 3600
        figure, unit = hours, _("hours") if hours != 1 else _("hour")
    else:
        figure, unit = size.seconds // 60, _("min")
    share = 1.0 if not whole or whole <= timedelta(0) else max(0.0, min(1.0, left / whole))
    return {
        "due_at": due_at,
        "late": late,
        "figure": f"+{figure}" if late else str(figure),
        "unit": unit,
        "span": dates.span(left),
        "share": f"{share * 100:.1f}",
        "basis": basis,
        "interim": interim,
        "rung": rung,
        "title": title,
    }


@register.inclusion_tag("kit/who.html")
def who(
    post: Any, part: str = "", person: str = "", contact: str = "", since: Any = None, tag: str = ""
) -> dict[str, Any]:
    """One of the people who answer for something: post before person; a vacant post is hatched, with since-when."""
    colon = "：" if dates.in_chinese() else ": "
    return {
        "post": post,
        "part": part,
        "colon": colon,
        "person": person,
        "contact": contact,
        "since": since,
        "tag": tag,
    }


@register.inclusion_tag("kit/timeline.html")
def timeline(entries: Iterable[Any], due: Iterable[Any] = ()) -> dict[str, Any]:
    """What happened, newest first; what is due stands on top, hollow. `entries` are kit.trail sentences."""
    return {"entries": list(entries), "due": list(due)}


@register.inclusion_tag("kit/photos.html", takes_context=True)
def photos(context: template.Context, pictures: Iterable[Any], two: bool = False, empty: str = "") -> dict[str, Any]:
    """A strip of photographs with their times as text over them."""
    from qianan.doors.kit.photos import shown

    actor = context["house"].actor
    return {"pictures": shown(pictures, actor), "two": two, "empty": empty}


@register.inclusion_tag("kit/qr.html")
def qr(text: str, code: str = "", size: int = 0) -> dict[str, Any]:
    """A QR code, always black on white, with the code in letters beneath."""
    import segno

    drawing = segno.make(text, error="m", micro=False)
    svg = drawing.svg_inline(scale=1, border=2, omitsize=True, svgclass=None, lineclass=None, title=None)
    return {"svg": mark_safe(svg), "code": code, "text": text}


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """This page's query with some parameters changed: `?{% query page=2 %}`; None takes one away."""
    asked = context["request"].GET.copy()
    for key, value in changes.items():
        asked.pop(key, None)
        if value not in {None, ""}:
            asked[key] = value
    return asked.urlencode()
