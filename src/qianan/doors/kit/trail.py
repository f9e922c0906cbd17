"""The trail as sentences: who did what, when, by which door, in the reader's language.

Entries hold refs and codes; here they become names, fetched in bulk, whatever the number of entries. A person who was
erased is a dash: the act stays, the name is gone.
"""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qianan.doors.kit import dates, words
from qianan.doors.kit.templatetags.kit import named
from qianan.field.hazards import queries as hazards
from qianan.field.selfchecks import queries as selfchecks
from qianan.ground.accounts import queries as accounts
from qianan.ground.codebook import queries as codebook
from qianan.ground.places import queries as places
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL
from qianan.kernel.problems import Problem
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.checklists import queries as checklists
from qianan.registry.duties import queries as duties

PEOPLE = {"person", "by"}
POSTS = {"owner", "accountable", "verifier", "post", "from_post", "to_post"}
BODIES = {"body", "to_body", "from_body"}
THINGS = {"of", "origin", "earlier", "recurrence_of", "about"}
DAYS = {"due_at", "until", "until_day", "from_day", "ack_by", "day", "since"}
CODES = {
    "level": "hazard.level",
    "kind": "duty.kind",
    "role": "role",
    "side": "double_report.side",
    "tier": "business.tier",
    "duty_type": "oversight.duty_type",
    "rung": "duty.rung",
    "stage": "photo.stage",
    "signed": "visit.signed",
    "handling": "visit.handling",
    "channel": "channel",
    "how": "how",
}
"""Field of an event → the family of labels its codes belong to."""

OWN_CODES = {
    ("businesses.SiteStateChanged", "was"): "site.state",
    ("businesses.SiteStateChanged", "now"): "site.state",
    ("businesses.TierSet", "was"): "business.tier",
    ("businesses.TierSet", "now"): "business.tier",
    ("businesses.TenancyRecorded", "role"): "tenancy.role",
    ("checklists.VersionMoved", "was"): "version.state",
    ("checklists.VersionMoved", "now"): "version.state",
    ("hazards.HazardRated", "was"): "hazard.level",
    ("hazards.HazardSupervised", "level"): "supervision.level",
    ("hazards.ResultShown", "how"): "hazard.shown",
    ("accounts.BodyAdded", "kind"): "body.kind",
    ("duties.PostMade", "kind"): "post.kind",
    ("inspections.VisitMade", "kind"): "visit.kind",
    ("notices.NoticesWritten", "kind"): "notice.kind",
    ("notices.NoticeAcknowledged", "kind"): "notice.kind",
    ("businesses.BusinessRegistered", "how"): "business.how",
}
"""Fields that mean something else in one event."""

QUIET = frozenset(
    {
        "duties.DutyOpened",
        "duties.DutyDischarged",
        "duties.DutyReminded",
        "notices.NoticesWritten",
        "evidence.EvidenceKept",
    }
)
"""News that only repeats what a page about the thing shows anyway; the whole trail has it."""

PLAIN = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Sentence:
    """One line of the trail. `via` the door in words; `system` when no person did it; `about` the ref in text."""

    at: datetime
    by: str
    text: str
    via: str
    system: bool = False
    about: str = ""
    news: str = ""


@dataclass
class Wanted:
    """What the entries name, by kind, before it is fetched."""

    people: set[uuid.UUID] = field(default_factory=set)
    posts: set[uuid.UUID] = field(default_factory=set)
    bodies: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    businesses: set[uuid.UUID] = field(default_factory=set)
    hazards: set[tuple[uuid.UUID, uuid.UUID]] = field(default_factory=set)
    sites: set[tuple[uuid.UUID, uuid.UUID]] = field(default_factory=set)
    standings: set[Ref] = field(default_factory=set)


@dataclass(frozen=True)
class Known:
    """Names that a page has at hand already, so that they are not fetched again."""

    people: Mapping[uuid.UUID, str] = field(default_factory=dict)
    posts: Mapping[uuid.UUID, Any] = field(default_factory=dict)
    hazards: Mapping[uuid.UUID, str] = field(default_factory=dict)


class Names:
    """Names of all that some entries speak of."""

    def __init__(self, entries: Sequence[Any], known: "Known | None" = None) -> None:
        wanted, given = Wanted(), known or Known()
        for entry in entries:
            self._note_ref(wanted, entry.by)
            self._note_ref(wanted, entry.about)
            for key, value in entry.body.items():
                self._note(wanted, key, value, entry.business_id)
        self.people: dict[uuid.UUID, str] = dict(given.people)
        if missing := wanted.people - set(self.people):
            self.people |= accounts.names_of_people(missing)
        self.posts: dict[uuid.UUID, Any] = dict(given.posts)
        if missing := wanted.posts - set(self.posts):
            self.posts |= duties.names_of_posts(missing)
        self.bodies = accounts.bodies(wanted.bodies) if wanted.bodies else {}
        self.places = places.names_of(wanted.places) if wanted.places else {}
        self.businesses = businesses.businesses_by_ids(wanted.businesses) if wanted.businesses else {}
        self.sites = businesses.sites_by_ids(wanted.sites) if wanted.sites else {}
        self.hazards: dict[uuid.UUID, str] = dict(given.hazards)
        if unnamed := {key for key in wanted.hazards if key[1] not in self.hazards}:
            self.hazards |= hazards.numbers_of(unnamed)
        self.standings = selfchecks.standings_by_ref(wanted.standings) if wanted.standings else {}

    def _note(self, wanted: Wanted, key: str, value: Any, business: uuid.UUID) -> None:
        if not isinstance(value, str) or not value:
            return
        if key in BODIES:
            wanted.bodies.add(_bare(value))
        elif key in PEOPLE and (id := _uuid(value)):
            wanted.people.add(id)
        elif key in POSTS and (id := _uuid(value)):
            wanted.posts.add(id)
        elif key == "landlord" and (id := _uuid(value)):
            wanted.businesses.add(id)
        elif key == "site" and (id := _uuid(value)):
            wanted.sites.add((business, id))
        elif key in THINGS:
            self._note_ref(wanted, value)

    def _note_ref(self, wanted: Wanted, text: str) -> None:
        try:
            ref = Ref.parse(text)
        except ValueError:
            return
        if ref.noun == "accounts.body":
            wanted.bodies.add(ref.id)
        elif ref.noun == "places.place":
            wanted.places.add(ref.id)
        elif ref.noun == "selfchecks.standing":
            wanted.standings.add(ref)
        elif (id := _uuid(ref.id)) is not None:
            if ref.noun == "accounts.person":
                wanted.people.add(id)
            elif ref.noun == "duties.post":
                wanted.posts.add(id)
            elif ref.noun == "businesses.business":
                wanted.businesses.add(id)
            elif ref.noun == "businesses.site":
                wanted.sites.add((ref.business, id))
            elif ref.noun in {"hazards.hazard", "hazards.double_report"} and ref.business != NIL:
                wanted.hazards.add((ref.business, id))

    def person(self, text: str) -> str:
        if text.startswith("system:"):
            return _("The system")
        id = _uuid(text)
        return self.people.get(id, "—") if id else "—"

    def thing(self, text: str) -> str:
        """A ref in words: a hazard by its number, a business by its name, a check by its list."""
        try:
            ref = Ref.parse(text)
        except ValueError:
            return text or "—"
        id = _uuid(ref.id)
        if ref.noun == "hazards.hazard" and id in self.hazards:
            return _("hazard %(number)s") % {"number": self.hazards[id]}
        if ref.noun == "businesses.business" and id in self.businesses:
            return named(self.businesses[id])
        if ref.noun == "businesses.site" and id is not None and (ref.business, id) in self.sites:
            return named(self.sites[ref.business, id])
        if ref.noun == "accounts.person":
            return self.person(text)
        if ref.noun == "accounts.body" and ref.id in self.bodies:
            return named(self.bodies[ref.id])
        if ref.noun == "duties.post" and id in self.posts:
            return named(self.posts[id])
        if ref.noun == "places.place" and ref.id in self.places:
            return named(self.places[ref.id])
        if ref.noun == "selfchecks.standing" and str(ref) in self.standings:
            return list_title(self.standings[str(ref)].checklist)
        return nouns().get(ref.noun, ref.noun.partition(".")[2].replace("_", " "))

    def value(self, news: str, key: str, value: Any, business: uuid.UUID) -> Any:
        """One fact of an event as people read it."""
        if isinstance(value, bool):
            return str(words.YES_NO[value])
        if isinstance(value, list):
            return ("、" if dates.in_chinese() else ", ").join(_field(each) for each in value)
        if value is None or value == "":
            return "—"
        own = OWN_CODES.get((news, key))
        if own:
            return words.label(own, value)
        if not isinstance(value, str):
            return words.label(CODES[key], value) if key == "rung" else value
        if key in PEOPLE:
            return self.person(value)
        if key in POSTS:
            id = _uuid(value)
            return named(self.posts[id]) if id in self.posts else "—"
        if key in BODIES:
            code = _bare(value)
            return named(self.bodies[code]) if code in self.bodies else code
        if key in THINGS:
            return self.thing(value)
        if key == "landlord":
            id = _uuid(value)
            return named(self.businesses[id]) if id in self.businesses else "—"
        if key == "site":
            id = _uuid(value)
            return named(self.sites[business, id]) if id and (business, id) in self.sites else "—"
        if key in DAYS or (key == "was" and value[:2] == "20"):
            try:
                return dates.until(value)
            except ValueError:
                return value
        if key == "checklist":
            return list_title(value)
        if key == "version":
            return list_title(value.partition("@")[0])
        if key in {"line", "department"}:
            return _coded(codebook.department, value)
        if key in CODES:
            return words.label(CODES[key], value)
        return value


def nouns() -> Mapping[str, str]:
    """What a thing is called when it has no name of its own."""
    return {
        "hazards.hazard": _("a hazard"),
        "hazards.double_report": _("a double report"),
        "hazards.report": _("a direct report"),
        "selfchecks.submission": _("a self-check"),
        "selfchecks.occurrence": _("an owed check"),
        "selfchecks.standing": _("a list"),
        "duties.duty": _("a duty"),
        "duties.order": _("an instruction"),
        "duties.instruction": _("an instruction"),
        "duties.post": _("a post"),
        "businesses.business": _("a business"),
        "businesses.site": _("a site"),
        "businesses.claim": _("a claim"),
        "businesses.site_change": _("a change of a site"),
        "accounts.seat": _("a seat"),
        "accounts.invitation": _("an invitation"),
        "inspections.visit": _("a visit"),
    }


def sentences(entries: Iterable[Any], actor: Actor | None = None, *, known: Known | None = None) -> list[Sentence]:
    """Entries (already fetched for the reader) as sentences, in their order. A constant number of queries."""
    rows = list(entries)
    names = Names(rows, known)
    return [_sentence(entry, names) for entry in rows]


def _sentence(entry: Any, names: Names) -> Sentence:
    said = words.news()
    by = names.person(entry.by)
    facts = {key: names.value(entry.news, key, value, entry.business_id) for key, value in entry.body.items()}
    about = names.thing(entry.about)
    text = said.get(entry.news)
    for key, value in entry.body.items():
        if value is True and (more := said.get(f"{entry.news}:{key}")) is not None:
            text = more
            break
    for key, value in entry.body.items():
        if value == "" and (more := said.get(f"{entry.news}:no_{key}")) is not None:
            text = more
            break
    if text is None:
        plain = PLAIN.sub(" ", entry.news.partition(".")[2]).lower()
        said_plainly = _("%(by)s: %(what)s (%(about)s)") % {"by": by, "what": plain, "about": about}
        return Sentence(entry.at, by, said_plainly, _via(entry), _of_system(entry), entry.about, entry.news)
    line = words.fill(text, {**facts, "by": by, "about": about})
    return Sentence(entry.at, by, line, _via(entry), _of_system(entry), entry.about, entry.news)


def _via(entry: Any) -> str:
    return words.label("door", entry.via) if entry.via and not _of_system(entry) else ""


def _of_system(entry: Any) -> bool:
    return str(entry.by).startswith("system:")


def _uuid(text: str) -> uuid.UUID | None:
    """The UUID of a bare id or of a ref."""
    try:
        return uuid.UUID(text.rpartition(":")[2])
    except ValueError:
        return None


def _bare(text: str) -> str:
    """A body's code, bare or within a ref (`accounts.body::street:110105001`)."""
    return text.removeprefix("accounts.body::")


def _field(value: Any) -> str:
    key = f"field.{value}"
    return words.label(key) if key in words.labels() else str(value)


def _coded(look_up: Any, code: str) -> str:
    try:
        return named(look_up(code))
    except Problem:  # a code that no edition knows stays as it is
        return code


def list_title(code: str) -> str:
    """The title of a list by its code; the code when no edition is known."""
    return _coded(checklists.checklist, code)


def by_day(lines: Iterable[Sentence]) -> dict[str, list[Sentence]]:
    """Sentences under their days, for long trails."""
    found: dict[str, list[Sentence]] = defaultdict(list)
    for line in lines:
        found[dates.day(line.at)].append(line)
    return dict(found)
