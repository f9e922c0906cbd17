"""The words of letters, in the reader's language: what happened, what to do, by when, whom to call.

The words stand in `kinds.py`. Params are put in by name and a missing one is said as a dash.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from qianan.ground.accounts import identity
from qianan.ground.accounts.models import Body, Invitation
from qianan.ground.accounts.queries import bodies_over_many, invitation_link, names_of_people
from qianan.ground.notices.kinds import ALSO, LEVELS, ROLES, WORDS, kinds, words_of
from qianan.ground.notices.models import Notice
from qianan.ground.places.queries import names_of

__all__ = ["ALSO", "WORDS", "Said", "digest", "inbox_link", "kinds", "say", "say_all", "when"]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Said:
    """A letter in words. `lines`: what happened, what to do, by when, whom to call, in this order; none is empty."""

    notice: Notice
    subject: str
    lines: tuple[str, ...]
    link: str

    @property
    def text(self) -> str:
        return "\n".join([self.subject, "", *self.lines, "", self.link])


class _Params(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def say(notice: Notice, *, language: str) -> Said:
    return say_all([notice], language=language)[0]


def say_all(notices: Sequence[Notice], *, language: str, more: Mapping[str, str] | None = None) -> list[Said]:
    """Letters in words, in the order given, with a fixed number of queries. `more` are params that no table keeps."""
    with translation.override(language):
        people = names_of_people(_people_in(notices))
        places = names_of({notice.place_code for notice in notices if notice.place_code})
        over = bodies_over_many({notice.place_code for notice in notices if notice.place_code})
        wanted = [notice.person for notice in notices if notice.kind == "invitation"]
        wanted += [uuid.UUID(notice.params["invitation"]) for notice in notices if notice.params.get("invitation")]
        invitations = Invitation.objects.in_bulk(wanted) if wanted else {}
        found = []
        for notice in notices:
            place = places.get(notice.place_code)
            params = _params(notice, language, people, place.zh if place else "", place.en if place else "")
            params.update(more or {})
            invitation = invitations.get(uuid.UUID(notice.params.get("invitation") or str(notice.person)))
            found.append(_said(notice, params, language, over.get(notice.place_code, []), invitation))
        return found


def digest(said: Sequence[Said], *, language: str, most: int) -> tuple[str, str]:
    """Subject and text of one message that carries these letters."""
    if len(said) == 1:
        return said[0].subject, said[0].text
    with translation.override(language):
        count = len(said)
        subject = ngettext("%(count)s letter: %(first)s", "%(count)s letters: %(first)s", count) % {
            "count": count,
            "first": said[0].subject,
        }
        parts = ["\n".join([f"{number}. {each.subject}", *each.lines]) for number, each in enumerate(said[:most], 1)]
        if count > most:
            more = ngettext("And %(count)s more.", "And %(count)s more.", count - most) % {"count": count - most}
            parts.append(more)
        return subject, "\n\n".join([subject, *parts, inbox_link()])


def inbox_link() -> str:
    return f"{settings.QIANAN_ADDRESS.rstrip('/')}/inbox/"


def _said(notice: Notice, params: _Params, language: str, over: Sequence[Body], invitation: Invitation | None) -> Said:
    words = words_of(notice.kind, notice.params)
    lines = [_line(words.what, params), _line(words.todo, params)]
    if due := notice.params.get("due_at") or notice.params.get("due_on"):
        lines.append(gettext("Due: %(when)s.") % {"when": when(due, language)})
    if notice.ack_by is not None:
        lines.append(gettext("Please acknowledge by %(when)s.") % {"when": when(notice.ack_by, language)})
    if notice.kind not in {"code", "invitation"} and (call := _whom_to_call(params, language, over)):
        lines.append(gettext("Questions: %(call)s.") % {"call": call})
    link = f"{inbox_link()}{notice.id}/"
    if notice.kind == "invitation" and invitation is not None:
        link = invitation_link(invitation)
    elif notice.kind == "code":
        link = settings.QIANAN_ADDRESS
    return Said(notice, _line(words.subject, params), tuple(line for line in lines if line), link)


def _line(text: Any, params: _Params) -> str:
    """Words with params put in: one line, whatever a user typed into them."""
    filled = str(text) % params if text else ""
    return " ".join("".join(sign if identity.is_printable(sign) else " " for sign in filled).split())


def _params(notice: Notice, language: str, people: Mapping[uuid.UUID, str], place_zh: str, place_en: str) -> _Params:
    given = notice.params
    chinese = language.startswith("zh")
    found = _Params(place=(place_zh if chinese else place_en) or "—")
    for name, value in given.items():
        if value in (None, ""):
            continue
        base, _sep, ending = name.rpartition("_")
        if base and ending in {"zh", "en"}:
            mine = given.get(f"{base}_zh" if chinese else f"{base}_en")
            other = given.get(base) or given.get(f"{base}_zh") or given.get(f"{base}_en")
            found[base] = str(mine or other)
        elif base and ending == "person":
            found[base] = people.get(_uuid(value) or uuid.UUID(int=0), "—")
        elif name == "role":
            found[name] = str(ROLES.get(str(value), value))
        elif name == "level":
            found[name] = str(LEVELS.get(str(value), value))
        elif name in {"until", "was"} or (ending in {"at", "on"} and base):
            found[name] = when(value, language)
        elif f"{name}_en" not in given and f"{name}_zh" not in given:
            found[name] = str(value)
    if "days_late" in given:
        found["days"] = str(given["days_late"])
    if "subject" not in found:
        found["subject"] = found.get("number") or found.get("business") or gettext("an open matter")
    if "site" not in found and "business" in found:
        found["site"] = found["business"]
    return found


def _people_in(notices: Iterable[Notice]) -> set[uuid.UUID]:
    found = {_uuid(value) for notice in notices for name, value in notice.params.items() if name.endswith("_person")}
    return {id for id in found if id is not None}


def _uuid(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


def _whom_to_call(params: _Params, language: str, over: Sequence[Body]) -> str:
    """The number that came with the letter, else that of the nearest office that has one, else its name."""
    if phone := params.get("phone"):
        return " ".join(str(part) for part in (params.get("body"), phone) if part)
    for body in [each for each in over if each.phone] or list(over)[:1]:
        name = body.name_zh if language.startswith("zh") else body.name_en
        return f"{name} {body.phone}".strip()
    return ""


def when(value: Any, language: str) -> str:
    """A day or moment of ISO 8601 in the reader's words, in the instance's zone; other text as it is.

    The last second of a day is said as the day.
    """
    moment: date | datetime
    if isinstance(value, (date, datetime)):
        moment = value
    else:
        text = str(value)
        try:
            moment = datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)
        except ValueError:
            return text
    hour = ""
    if isinstance(moment, datetime):
        zone = timezone.get_default_timezone()
        moment = moment.astimezone(zone) if timezone.is_aware(moment) else moment
        hour = "" if (moment.hour, moment.minute) == (23, 59) else f" {moment:%H:%M}"
    if language.startswith("zh"):
        return f"{moment.year}年{moment.month}月{moment.day}日{hour}"
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}{hour}"
