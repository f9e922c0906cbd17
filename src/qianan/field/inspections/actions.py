"""A visit is written down with what it found, by sets."""

import uuid
from base64 import b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from qianan.field.hazards import actions as hazards
from qianan.field.hazards.actions import NewHazard
from qianan.field.inspections import access
from qianan.field.inspections.events import VisitMade
from qianan.field.inspections.models import Visit
from qianan.field.inspections.queries import HANDLINGS, KINDS, visit_ref
from qianan.ground.codebook.queries import local_day
from qianan.ground.evidence import actions as evidence
from qianan.ground.evidence.actions import Tie
from qianan.ground.trail.actions import record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.problems import Invalid
from qianan.kernel.ref import Ref
from qianan.registry.businesses.models import Site
from qianan.tables import bulk

LONGEST = 4000
AHEAD = timedelta(minutes=10)
"""A phone's clock may run a little before ours."""


@dataclass(frozen=True, kw_only=True)
class NewVisit:
    """A visit (检查): to which site, why (`kind`), when, by which officers (person ids), what was seen and ordered.

    `signed`: signed, refused or absent; a refusal is noted in `handling` (Work Safety Law art. 67). `findings` need
    no origin, it is the visit. `facts` is what a register said of it, kept as it was. `by` and `now` where they differ
    within a list.
    """

    site: Site
    kind: str
    at: datetime
    officers: Sequence[uuid.UUID]
    content: str = ""
    handling: str = ""
    outcome: str = ""
    signed: str = "signed"
    body_code: str = ""
    findings: Sequence[NewHazard] = ()
    photos: Sequence[str] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    origin_kind: str = "inspection"
    id: uuid.UUID | None = None
    by: Actor | None = None
    now: datetime | None = None


def record_visit(new: NewVisit, *, by: Actor, now: datetime) -> Visit:
    """One of `record_visits`."""
    return record_visits([new], by=by, now=now)[0]


@transaction.atomic
def record_visits(new: Sequence[NewVisit], *, by: Actor, now: datetime) -> list[Visit]:
    """Write visits down with the hazards they found; all or none. One whose id is there already stays as it is.

    Two officers at least, the writer among them (Administrative Penalty Law art. 42); a register's visit taken over by
    the house says what it says. Raises NotYours("not_your_area"); Invalid("unknown_kind" | "unknown_signed" |
    "two_officers_needed" | "not_among_the_officers" | "refusal_needs_a_note" | "visit_ahead" | "too_long").
    """
    there = _there(new)
    answer: list[Visit] = []
    rows: list[tuple[Visit, NewVisit, Actor, datetime]] = []
    for each in new:
        known = there.get((each.site.business_id, each.id)) if each.id else None
        if known is not None:
            answer.append(known)
            continue
        actor, at = each.by or by, each.now or now
        _check(each, actor, at)
        row = _row(each, actor)
        there[row.business_id, row.id] = row
        rows.append((row, each, actor, at))
        answer.append(row)
    bulk.insert([row for row, _, _, _ in rows])
    findings = [
        replace(finding, site=each.site, origin=visit_ref(row), origin_kind=each.origin_kind, by=actor, now=each.at)
        for row, each, actor, _ in rows
        for finding in each.findings
    ]
    if findings:
        hazards.report_hazards(findings, by=by, now=now)
    ties = [(Tie(each.photos, visit_ref(row), "proof", row.place_code), actor, at) for row, each, actor, at in rows]
    if any(each.photos for _, each, _, _ in rows):
        evidence.attach_many([tie for tie, _, _ in ties], by=[a for _, a, _ in ties], now=[at for _, _, at in ties])
    record_many(
        [
            VisitMade(
                about=visit_ref(row),
                place_code=row.place_code,
                site=str(row.site_id),
                kind=row.kind,
                hazards=row.hazards,
                signed=row.signed,
            )
            for row, _, _, _ in rows
        ],
        by=[actor for _, _, actor, _ in rows],
        now=[at for _, _, _, at in rows],
    )
    return answer


def _there(new: Sequence[NewVisit]) -> dict[tuple[uuid.UUID, uuid.UUID], Visit]:
    keys = [(each.site.business_id, each.id) for each in new if each.id]
    taken = bulk.existing(Visit, ("business_id", "id"), keys)
    if not taken:
        return {}
    rows = Visit.objects.filter(business_id__in={owner for owner, _ in taken}, id__in={id for _, id in taken})
    return {(row.business_id, row.id): row for row in rows}


def _check(new: NewVisit, by: Actor, now: datetime) -> None:
    access.check_may_visit(by, new.site.business)
    if new.kind not in KINDS:
        raise Invalid("unknown_kind", where="kind", kind=new.kind[:40])
    if new.signed not in HANDLINGS:
        raise Invalid("unknown_signed", where="signed", signed=new.signed[:40])
    if new.at > now + AHEAD:
        raise Invalid("visit_ahead", where="at")
    for name in ("content", "handling"):
        if len(getattr(new, name)) > LONGEST:
            raise Invalid("too_long", where=name, limit=LONGEST)
    if by.is_system:
        return
    if len(set(new.officers)) < 2:
        raise Invalid("two_officers_needed", where="officers")
    if by.person not in new.officers:
        raise Invalid("not_among_the_officers", where="officers")
    if new.signed != "signed" and not new.handling.strip():
        raise Invalid("refusal_needs_a_note", where="handling")


def _row(new: NewVisit, by: Actor) -> Visit:
    id = new.id or uuid7(new.at)
    return Visit(
        business_id=new.site.business_id,
        id=id,
        number=f"JC{local_day(new.at):%Y%m%d}-{b32encode(id.bytes[-5:]).decode()[-6:]}",
        site_id=new.site.id,
        kind=new.kind,
        body_code=new.body_code or (by.seat.body_code if by.seat else ""),
        officers=[str(Ref.of("accounts.person", NIL, officer)) for officer in dict.fromkeys(new.officers)],
        at=new.at,
        content=new.content.strip(),
        handling=new.handling.strip(),
        outcome=new.outcome or ("hazards" if new.findings else "clear"),
        signed=new.signed,
        place_code=new.site.place_code,
        industry_code=new.site.industry_code,
        hazards=len(new.findings),
        facts=dict(new.facts),
    )
