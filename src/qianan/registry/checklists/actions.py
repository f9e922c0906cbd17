"""Versions are drafted, tested, published, retired. What was published is never changed: a new version is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from qianan.ground.codebook import queries as codebook
from qianan.ground.trail.actions import record
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL
from qianan.kernel.problems import Conflict, Invalid, InvalidMany, NotFound
from qianan.kernel.ref import Ref
from qianan.registry.checklists import access, queries
from qianan.registry.checklists.document import canonical, items_of, meaning, problems_of
from qianan.registry.checklists.events import VersionDrafted, VersionMoved
from qianan.registry.checklists.lifecycle import VERSION
from qianan.registry.checklists.models import Checklist, Item, Version
from qianan.tables import bulk


def ref_of(version_id: str) -> Ref:
    return Ref("checklists.version", NIL, version_id)


def checked(document: Any) -> dict[str, Any]:
    """The document in its canonical form. Raises Invalid or InvalidMany, `where` naming section and item."""
    problems = problems_of(
        document,
        venues=frozenset(term.key for term in codebook.terms("venue")),
        tags=frozenset(term.key for term in codebook.terms("tag")),
    )
    if problems:
        raise InvalidMany(problems) if len(problems) > 1 else problems[0]
    found: dict[str, Any] = json.loads(canonical(document))
    return found


@transaction.atomic
def draft_version(document: Mapping[str, Any], *, by: Actor, now: datetime) -> Version:
    """Draft the next version of a list; a code not seen before makes the list. One draft of a list at a time:
    drafting again writes into the draft that is there, as long as it is not published.

    Raises NotYours("not_a_list_maker"); Invalid/InvalidMany; Conflict("nothing_new") when the published version
    asks the same already.
    """
    access.check_may_draft(by)
    clean = checked(document)
    code = clean["code"]
    digest = meaning(clean)
    checklist, _ = Checklist.objects.get_or_create(code=code, defaults=_facts(clean))
    Checklist.objects.select_for_update().get(code=code)
    live = checklist.versions.filter(state="published").first()
    if live is not None and live.content_hash == digest:
        raise Conflict("nothing_new", version=live.id)
    draft = checklist.versions.filter(state__in=["draft", "testing"]).first()
    if draft is not None and draft.state == "testing":
        VERSION.check(draft.state, "draft")
    if draft is None:
        number = (checklist.versions.aggregate(last=Max("number"))["last"] or 0) + 1
        draft = Version(id=f"{code}@{number}", checklist=checklist, number=number)
    draft.state, draft.document, draft.content_hash = "draft", clean, digest
    draft.edition = str(clean.get("edition", ""))[:80]
    draft.save()
    _explode(draft)
    record(VersionDrafted(about=ref_of(draft.id), number=draft.number), by=by, now=now)
    return draft


def _facts(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title_zh": document["title_zh"],
        "title_en": document["title_en"],
        "venue": document["venue"],
        "tags": document.get("tags", []),
        "frequency": document["frequency"],
        "minutes": Decimal(str(document["minutes"])).quantize(Decimal("0.1")),
        "for_role": document.get("for_role", "worker"),
    }


def _explode(version: Version) -> None:
    """The item table of a version, for reports."""
    Item.objects.filter(version=version).delete()
    bulk.insert(
        Item(
            id=f"{version.id}/{item['code']}",
            version=version,
            code=item["code"],
            position=position,
            section=section["code"],
            text_zh=item["text_zh"],
            text_en=item["text_en"],
            basis_zh=item.get("basis_zh", ""),
            basis_en=item.get("basis_en", ""),
            hazard_level=item.get("hazard_level", ""),
            verified=item.get("verified", False),
            source=item.get("source", ""),
        )
        for position, (section, item) in enumerate(items_of(version.document))
    )


@transaction.atomic
def move_version(version_id: str, to: str, *, by: Actor, now: datetime) -> Version:
    """A version goes on: testing, published, retired, discarded, or from testing back to draft.

    Publishing retires the version that was published before, in the same act; what was handed in against it stays
    answerable. Raises NotYours("not_a_list_maker"), NotFound("no_such_version"), NotNow("not_now").
    """
    access.check_may_draft(by)
    known = Version.objects.select_for_update().filter(id=version_id)
    version = known.first() if version_id.isprintable() else None
    if version is None:
        raise NotFound("no_such_version", version=version_id[:80])
    VERSION.check(version.state, to)
    if to == "published":
        before = Version.objects.filter(checklist_id=version.checklist_id, state="published").first()
        if before is not None:
            _move(before, "retired", by=by, now=now)
        Checklist.objects.filter(code=version.checklist_id).update(**_facts(version.document))
    _move(version, to, by=by, now=now)
    queries.forget()
    return version


def _move(version: Version, to: str, *, by: Actor, now: datetime) -> None:
    was, version.state = version.state, to
    if to == "published":
        version.published_at = now
    if to == "retired":
        version.retired_at = now
    version.save(update_fields=["state", "published_at", "retired_at"])
    record(
        VersionMoved(
            about=ref_of(version.id), number=version.number, was=was, now=to, content_hash=version.content_hash
        ),
        by=by,
        now=now,
    )


@dataclass(frozen=True)
class Shipped:
    """What became of the files of a folder: list codes by outcome."""

    published: tuple[str, ...]
    same: tuple[str, ...]


def load_shipped(folder: Path, *, by: Actor, now: datetime) -> Shipped:
    """Publish the lists of a folder (`*.json`), each in its own transaction; what asks the same already stays.

    Safe to run twice. Raises Invalid("not_json") with the file's name, or what `draft_version` raises.
    """
    published, same = [], []
    held = dict(Version.objects.filter(state="published").values_list("checklist_id", "content_hash"))
    for path in sorted(folder.glob("*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise Invalid("not_json", where=path.name) from error
        code = document.get("code") if isinstance(document, dict) else None
        if isinstance(code, str) and held.get(code) == meaning(document):
            same.append(code)
            continue
        publish(document, by=by, now=now)
        published.append(str(code))
    return Shipped(tuple(published), tuple(same))


@transaction.atomic
def publish(document: Mapping[str, Any], *, by: Actor, now: datetime) -> Version:
    """Draft, test and publish in one act's time: for shipped lists."""
    version = draft_version(document, by=by, now=now)
    move_version(version.id, "testing", by=by, now=now)
    return move_version(version.id, "published", by=by, now=now)


__all__: Sequence[str] = ("Shipped", "checked", "draft_version", "load_shipped", "move_version", "publish", "ref_of")
