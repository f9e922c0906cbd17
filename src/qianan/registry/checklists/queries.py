"""What is asked of lists. Editions are parsed once a process and content; a small query says which one holds."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, QuerySet

from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotFound
from qianan.registry.checklists.access import can_draft
from qianan.registry.checklists.editions import Edition, read
from qianan.registry.checklists.lifecycle import ANSWERABLE
from qianan.registry.checklists.models import Checklist, Item, Version
from qianan.tables.shelf import Shelf

_SHELF = Shelf("checklists")
_PARSED: dict[tuple[str, str, str], Edition] = {}
"""By (version, state, content hash): what is published never changes, so this is never wrong, only full."""

KEPT = 500
COMMON = "common"
ANYWHERE = ("", COMMON)
"""Venues of lists that are chosen by hazard tags alone."""


def forget() -> None:
    """After a version moved: everybody reads anew which lists hold."""
    _SHELF.clear()


def _edition_of(row: Version) -> Edition:
    key = (row.id, row.state, row.content_hash)
    found = _PARSED.get(key)
    if found is None:
        found = read(row.document, version_id=row.id, number=row.number, state=row.state, content_hash=row.content_hash)
        if len(_PARSED) >= KEPT:
            _PARSED.clear()
        _PARSED[key] = found
    return found


def current(code: str) -> Edition:
    """The published edition of a list that is answered now. Raises NotFound("no_such_list")."""
    found = currents([code]).get(code)
    if found is None:
        raise NotFound("no_such_list", code=code[:60])
    return found


def currents(codes: Iterable[str]) -> dict[str, Edition]:
    """The published edition of each of these lists; those that have none are missing."""
    held = _SHELF.take("current", _read_current)
    return {code: held[code] for code in codes if code in held}


def _read_current() -> dict[str, Edition]:
    rows = Version.objects.filter(state="published").order_by("checklist_id", "number")
    return {row.checklist_id: _edition_of(row) for row in rows}


def edition(version_id: str) -> Edition:
    """An edition that can be answered: published, or retired since. Raises NotFound("no_such_version")."""
    found = editions([version_id]).get(version_id)
    if found is None:
        raise NotFound("no_such_version", version=version_id[:80])
    return found


def editions(version_ids: Iterable[str]) -> dict[str, Edition]:
    """Editions that can be answered, by version id; drafts and unknown ones are missing from the answer."""
    held: dict[str, Edition] = _SHELF.take("editions", dict)
    wanted = set(version_ids)
    missing = [id for id in wanted if id not in held and len(id) <= 80 and id.isprintable()]
    if missing:
        rows = Version.objects.filter(id__in=missing, state__in=ANSWERABLE)
        held.update({row.id: _edition_of(row) for row in rows})
    return {id: held[id] for id in wanted if id in held}


def _lists() -> list[Checklist]:
    """Every list that has a published edition, by code."""
    return _SHELF.take("lists", _read_lists)


def _read_lists() -> list[Checklist]:
    live = Version.objects.filter(checklist=OuterRef("code"), state="published")
    return list(Checklist.objects.filter(Exists(live)).order_by("code"))


def lists_for(*, venue: str, tags: Collection[str] = ()) -> list[Checklist]:
    """The lists a site of this venue and with these hazard tags owes: its venue's (or the common ones, when the venue
    has none), and those written for its tags, as far as they ask more than the venue's own lists do."""
    key = ("for", venue, frozenset(tags))
    return list(_SHELF.take(key, lambda: _lists_for(venue, key[2])))


def _lists_for(venue: str, have: frozenset[str]) -> list[Checklist]:
    lists = [each for each in _lists() if set(each.tags) <= have]
    own = [each for each in lists if each.venue == venue and not each.tags]
    own = own or [each for each in lists if each.venue == COMMON and not each.tags]
    tagged = [each for each in lists if each.tags and each.venue in {venue, *ANYWHERE}]
    editions_of = currents(each.code for each in (*own, *tagged))
    asked = {code for each in own for code in editions_of[each.code].by_code}
    further = [each for each in tagged if not set(editions_of[each.code].by_code) <= asked]
    return sorted([*own, *further], key=lambda each: each.code)


class _Sited(Protocol):
    id: Any
    venue: str
    tags: Any


def lists_for_sites(sites: Iterable[_Sited]) -> dict[Any, list[Checklist]]:
    """`lists_for` of many sites, by site id."""
    known: dict[tuple[str, frozenset[str]], list[Checklist]] = {}
    found: dict[Any, list[Checklist]] = {}
    for site in sites:
        key = (site.venue, frozenset(site.tags))
        if key not in known:
            known[key] = lists_for(venue=key[0], tags=key[1])
        found[site.id] = known[key]
    return found


def checklist(code: str) -> Checklist:
    """The list's own row. Raises NotFound("no_such_list")."""
    found = Checklist.objects.filter(code=code).first() if code.isprintable() else None
    if found is None:
        raise NotFound("no_such_list", code=code[:60])
    return found


def checklists(codes: Iterable[str] | None = None) -> dict[str, Checklist]:
    """Lists by code; all of them without `codes`."""
    rows = Checklist.objects.all() if codes is None else Checklist.objects.filter(code__in=set(codes))
    return {row.code: row for row in rows}


def versions_of(code: str) -> QuerySet[Version]:
    """All versions of a list, newest first. Published ones are public; drafts are for `can_draft`."""
    return Version.objects.filter(checklist_id=code).order_by("-number")


def version_for(actor: Actor, version_id: str) -> Version:
    """A version: anybody's when it was published, a list maker's when it is a draft. Raises NotFound."""
    wanted = Version.objects.select_related("checklist").filter(id=version_id[:80])
    found = wanted.first() if version_id.isprintable() else None
    if found is None or not (found.state in ANSWERABLE or can_draft(actor)):
        raise NotFound("no_such_version", version=version_id[:80])
    return found


def trial(version: Version) -> Edition:
    """The edition of any version, drafts too: to be shown and tried, not to be handed in."""
    return _edition_of(version)


def items_of(version_id: str) -> QuerySet[Item]:
    """The exploded items of a version, for reports."""
    return Item.objects.filter(version_id=version_id).order_by("position")


def differences(old: Edition, new: Edition) -> Mapping[str, tuple[str, ...]]:
    """What a new edition changes: codes of items kept, changed (words, answer or rules), added, retired."""
    before, after = old.by_code, new.by_code

    def asks(item: Any) -> tuple[Any, ...]:
        return (item.text_zh, item.text_en, item.answer, item.required, str(item.relevant), str(item.constraint),
                item.hazard_level, tuple(item.responses.values()))  # fmt: skip

    both = [code for code in after if code in before]
    return {
        "kept": tuple(code for code in both if asks(before[code]) == asks(after[code])),
        "changed": tuple(code for code in both if asks(before[code]) != asks(after[code])),
        "added": tuple(code for code in after if code not in before),
        "retired": tuple(code for code in before if code not in after),
    }
