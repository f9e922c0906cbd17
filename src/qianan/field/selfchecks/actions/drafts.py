"""One submission on its way in: screened, then checked against its edition and made into a row."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qianan.field.hazards.models import Hazard
from qianan.field.selfchecks.actions.handed import Handed, receipt_number
from qianan.field.selfchecks.models import Submission
from qianan.field.selfchecks.queries.standings import standing_id
from qianan.field.selfchecks.queries.submissions import submission_ref
from qianan.ground.codebook.queries import local_day
from qianan.kernel.actor import Actor
from qianan.kernel.ids import month_of
from qianan.kernel.problems import Invalid, NotFound, Problem
from qianan.kernel.ref import Ref
from qianan.registry.businesses.models import Site
from qianan.registry.checklists import answering
from qianan.registry.checklists import queries as checklists

FAR = 2**31 - 1

Key = tuple[uuid.UUID, int, uuid.UUID]
"""Business, month, id of a submission."""


@dataclass(frozen=True, slots=True)
class Spot:
    """What a check needs to know of its site: the rest is read where something was found."""

    business_id: uuid.UUID
    id: uuid.UUID
    place_code: str
    industry_code: str
    tier: str
    line: str


def spots_of(businesses: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, uuid.UUID], Spot]:
    """The sites of these businesses by (business, id)."""
    rows = Site.objects.filter(business_id__in=businesses).values_list(
        "business_id", "id", "place_code", "industry_code", "tier", "business__line"
    )
    return {(row[0], row[1]): Spot(*row) for row in rows}


@dataclass(slots=True)
class Draft:
    """What was handed in, by whom, when, for which site; its number in the batch and its fingerprint."""

    number: int
    handed: Handed
    by: Actor
    now: datetime
    digest: str
    site: Spot

    @property
    def key(self) -> Key:
        return (self.handed.business_id, month_of(self.handed.id), self.handed.id)


@dataclass(slots=True)
class Good:
    """A draft that was found good: its row, and what it came to (`occurrence`: the owed check it answers, or None)."""

    draft: Draft
    checked: answering.Checked
    row: Submission
    counted: bool = True
    occurrence: Any = None
    late: bool = False
    opened: list[Hazard] = field(default_factory=list)
    known: list[Hazard] = field(default_factory=list)

    @property
    def by(self) -> Actor:
        return self.draft.by

    @property
    def now(self) -> datetime:
        return self.draft.now

    @property
    def site(self) -> Spot:
        return self.draft.site

    @property
    def ref(self) -> Ref:
        return submission_ref(self.row)

    @property
    def standing_key(self) -> tuple[uuid.UUID, uuid.UUID]:
        return (self.row.business_id, standing_id(self.row.site_id, self.row.checklist))

    def photos(self) -> dict[str, list[str]]:
        """Photo hashes by stage `item:<code>`, of passed and failed items alike."""
        found: dict[str, list[str]] = {}
        for code, said in self.checked.sparse.items():
            rows = [{code: said}] if isinstance(said, Mapping) else said  # a repeated section has a row for each thing
            for row in rows:
                for item, answer in row.items():
                    if answer.get("photos"):
                        found.setdefault(f"item:{item}"[:40], []).extend(answer["photos"])
        return found


def read(draft: Draft) -> Good | list[Problem]:
    """The draft against the very edition it was filled in with, old ones too; or what is wrong with it."""
    handed = draft.handed
    edition = checklists.editions([handed.version_id]).get(handed.version_id)
    if edition is None:
        return [NotFound("no_such_version", where="version", version=handed.version_id[:80])]
    if handed.replaces == handed.id:
        return [Invalid("replaces_itself", where="replaces")]
    checked = answering.check(edition, handed.answers, today=local_day(draft.now))
    if checked.problems:
        return list(checked.problems)
    seat = draft.by.at(handed.business_id)
    role = seat.role if seat else ""
    row = Submission(
        business_id=handed.business_id,
        month=draft.key[1],
        id=handed.id,
        site_id=handed.site_id,
        checklist=edition.code,
        version_id=edition.version_id,
        letters=checked.letters,
        sparse=checked.sparse,
        digest=draft.digest,
        by=draft.by.ref,
        role=role,
        led=role == "principal",
        started_at=handed.started_at,
        ended_at=handed.ended_at,
        received_at=draft.now,
        offset_s=_seconds(draft.now, handed.sent_at),
        seconds=max(0, _seconds(handed.started_at, handed.ended_at)),
        items=len(checked.letters) - checked.letters.count("-"),
        fails=len(checked.fails),
        replaces=handed.replaces,
        place_code=draft.site.place_code,
        industry_code=draft.site.industry_code,
        facts=dict(handed.facts),
        receipt=receipt_number(handed.id, draft.now),
    )
    return Good(draft, checked, row)


def _seconds(first: datetime | None, last: datetime | None) -> int:
    """Whole seconds from first to last; 0 when one is unknown."""
    if first is None or last is None:
        return 0
    return max(-FAR, min(FAR, int((last - first).total_seconds())))
