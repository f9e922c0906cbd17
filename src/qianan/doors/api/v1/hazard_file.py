"""The file of a hazard as it is answered: its facts, the rows beside its state, what this actor may do."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from ninja import Schema

from qianan.doors.api import names
from qianan.doors.api.shapes import Coded, Moment, Name, PersonOut
from qianan.doors.api.v1.businesses import ChairOut, show_chair
from qianan.doors.api.v1.evidence import PhotoOut, show_photos
from qianan.doors.api.v1.sites import SiteOut, show_sites
from qianan.doors.kit.now import now
from qianan.field.hazards import access
from qianan.field.hazards.file import file_of
from qianan.field.hazards.lifecycle import MACRO
from qianan.ground.accounts.days import day_of
from qianan.kernel.actor import Actor
from qianan.registry.businesses import queries as businesses


class HazardOut(Schema):
    """A hazard (隐患). `macro` is open, fixed or closed; `due_at` is when its fix is due."""

    id: uuid.UUID
    business: uuid.UUID
    business_name: Name
    site: uuid.UUID
    site_name: Name
    number: str
    text: str
    where: str
    level: str
    suggested: str
    state: str
    macro: str
    place: Coded
    line: Coded | None
    origin_kind: str
    item: str
    category: str
    found_at: Moment
    due_at: Moment | None
    fixed_at: Moment | None
    closed_at: Moment | None
    late: bool
    supervised: bool
    recurrence: int
    version: int


class RectificationOut(Schema):
    """A promise to fix it (整改)."""

    id: uuid.UUID
    state: str
    owner_post: uuid.UUID | None
    accountable_post: uuid.UUID | None
    verifier_post: uuid.UUID | None
    measures: str
    ordered_at: Moment
    due_at: Moment
    handed_in_at: Moment | None
    handed_in_by: PersonOut | None
    note: str
    verified_at: Moment | None
    verified_by: PersonOut | None
    verdict: str
    returns: int


class StepOut(Schema):
    """A rung of the ladder (升级): whom lateness reaches, when, and whether it has."""

    rung: int
    role: str
    at: Moment
    reached: Moment | None
    name: Name
    body: str
    people: list[PersonOut]
    rule: str
    verified: bool


class DutyShort(Schema):
    """A promise with its clock."""

    id: uuid.UUID
    kind: str
    state: str
    opened_at: Moment
    due_at: Moment
    rung: int


class ExtensionOut(Schema):
    """More time asked for (延期), and what was decided."""

    id: uuid.UUID
    business: uuid.UUID
    duty: uuid.UUID
    was: Moment
    until: Moment
    reason: str
    state: str
    asked_at: Moment
    asked_by: PersonOut | None
    decided_at: Moment | None
    decided_by: PersonOut | None
    note: str


class ReportOut(Schema):
    """One side of the double report (双报告)."""

    side: str
    receipt: str
    addressee: str
    how: str
    text: str
    sent_at: Moment
    received_at: Moment | None
    received_by: PersonOut | None


class PlanOut(Schema):
    """The five-part plan (治理方案)."""

    version: int
    responsibility: str
    measures: str
    funds: str
    time_limit: str
    contingency: str
    made_at: Moment


class SupervisionOut(Schema):
    """On a body's supervision list (挂牌督办)."""

    level: str
    body: Coded
    reason: str
    due_on: date
    state: str
    listed_at: Moment
    lifted_at: Moment | None
    lifted_why: str


class SuspensionOut(Schema):
    """Work stopped because of it (停产停业)."""

    number: str
    scope: str
    from_at: Moment
    resumed_at: Moment | None
    consent: str


class TransferOut(Schema):
    """Sent to another competent body (移送)."""

    id: uuid.UUID
    business: uuid.UUID
    hazard: uuid.UUID
    from_body: Coded | None
    to_body: Coded
    reason: str
    receipt: str
    state: str
    sent_at: Moment
    received_at: Moment | None
    answer: str


class ReviewOut(Schema):
    """A regulator's review of the fix (复查)."""

    passed: bool
    note: str
    officers: list[PersonOut]
    at: Moment


class HazardFile(HazardOut):
    """The whole file of a hazard. `acts` is what this actor may do to it now; `lacks` what a major one still needs."""

    origin: str
    site_facts: SiteOut | None
    criterion: Coded | None
    criterion_edition: str
    interim: str
    shown_at: Moment | None
    shown_how: str
    found_by: PersonOut | None
    fixed_by: PersonOut | None
    closed_by: PersonOut | None
    earlier: uuid.UUID | None
    owner: ChairOut | None
    accountable: ChairOut | None
    verifier: ChairOut | None
    rectifications: list[RectificationOut]
    duty: DutyShort | None
    duties: list[DutyShort]
    ladder: list[StepOut]
    extensions: list[ExtensionOut]
    reports: list[ReportOut]
    plans: list[PlanOut]
    supervisions: list[SupervisionOut]
    suspensions: list[SuspensionOut]
    transfers: list[TransferOut]
    reviews: list[ReviewOut]
    photos: list[PhotoOut]
    lacks: list[str]
    acts: list[str]


def _facts(row: Any, placed: dict[str, Coded], shops: dict[Any, Any], sites: dict[Any, Any]) -> dict[str, Any]:
    site = sites.get((row.business_id, row.site_id))
    return {
        "id": row.id,
        "business": row.business_id,
        "business_name": Name.of(shops[row.business_id]),
        "site": row.site_id,
        "site_name": Name.of(site) if site is not None else Name(zh="", en=""),
        "number": row.number,
        "text": row.text,
        "where": row.where,
        "level": row.level,
        "suggested": row.suggested,
        "state": row.state,
        "macro": MACRO[row.state],
        "place": placed[row.place_code],
        "line": names.coded_line(row.line),
        "origin_kind": row.origin_kind,
        "item": row.item_code,
        "category": row.category,
        "found_at": row.found_at,
        "due_at": row.due_at,
        "fixed_at": row.fixed_at,
        "closed_at": row.closed_at,
        "late": row.late,
        "supervised": row.supervised,
        "recurrence": row.recurrence,
        "version": row.version,
    }


def show_hazards(rows: Sequence[Any]) -> list[HazardOut]:
    """Rows of a page; names are looked up once for all."""
    placed = names.coded_places(row.place_code for row in rows)
    shops = businesses.businesses_by_ids({row.business_id for row in rows})
    sites = businesses.sites_by_ids({(row.business_id, row.site_id) for row in rows})
    return [HazardOut(**_facts(row, placed, shops, sites)) for row in rows]


def show_duty(duty: Any) -> DutyShort:
    return DutyShort(
        id=duty.id,
        kind=duty.kind,
        state=duty.state,
        opened_at=duty.opened_at,
        due_at=duty.due_at,
        rung=duty.rung,
    )


def show_step(step: Any) -> StepOut:
    return StepOut(
        rung=step.rung,
        role=step.role,
        at=step.at,
        reached=step.reached,
        name=Name.of(step),
        body=step.body_code,
        people=[PersonOut(id=each.person, name=each.name) for each in step.people],
        rule=step.rule,
        verified=step.verified,
    )


def show_extensions(rows: Iterable[Any]) -> list[ExtensionOut]:
    some = list(rows)
    people = names.people_of_refs(ref for row in some for ref in (row.asked_by, row.decided_by))
    return [
        ExtensionOut(
            id=row.id,
            business=row.business_id,
            duty=row.duty_id,
            was=row.was,
            until=row.until,
            reason=row.reason,
            state=row.state,
            asked_at=row.asked_at,
            asked_by=people.get(row.asked_by),
            decided_at=row.decided_at,
            decided_by=people.get(row.decided_by),
            note=row.note,
        )
        for row in some
    ]


def show_transfers(rows: Iterable[Any]) -> list[TransferOut]:
    some = list(rows)
    bodies = names.coded_bodies(code for row in some for code in (row.from_body, row.to_body))
    return [
        TransferOut(
            id=row.id,
            business=row.business_id,
            hazard=row.hazard_id,
            from_body=bodies.get(row.from_body),
            to_body=bodies[row.to_body],
            reason=row.reason,
            receipt=row.receipt,
            state=row.state,
            sent_at=row.sent_at,
            received_at=row.received_at,
            answer=row.answer,
        )
        for row in some
    ]


def _beside(facts: Any) -> dict[str, Any]:
    """The rows that run beside the state."""
    refs = [ref for row in facts.rectifications for ref in (row.handed_in_by, row.verified_by)]
    refs += [row.received_by for row in facts.reports]
    by_ref = names.people_of_refs(refs)
    by_id = names.people(uuid.UUID(str(each)) for row in facts.reviews for each in row.officers)
    bodies = names.coded_bodies(row.body_code for row in facts.supervisions)
    return {
        "rectifications": [
            RectificationOut(
                **{
                    name: getattr(row, name)
                    for name in RectificationOut.model_fields
                    if name not in {"handed_in_by", "verified_by"}
                },
                handed_in_by=by_ref.get(row.handed_in_by),
                verified_by=by_ref.get(row.verified_by),
            )
            for row in facts.rectifications
        ],
        "reports": [
            ReportOut(
                **{name: getattr(row, name) for name in ReportOut.model_fields if name != "received_by"},
                received_by=by_ref.get(row.received_by),
            )
            for row in facts.reports
        ],
        "plans": [PlanOut.from_orm(row) for row in facts.plans],
        "supervisions": [
            SupervisionOut(
                **{name: getattr(row, name) for name in SupervisionOut.model_fields if name != "body"},
                body=bodies[row.body_code],
            )
            for row in facts.supervisions
        ],
        "suspensions": [SuspensionOut.from_orm(row) for row in facts.suspensions],
        "transfers": show_transfers(facts.transfers),
        "reviews": [
            ReviewOut(
                passed=row.passed,
                note=row.note,
                officers=[by_id[uuid.UUID(str(each))] for each in row.officers],
                at=row.at,
            )
            for row in facts.reviews
        ],
    }


def show_file(actor: Actor, hazard: Any) -> HazardFile:
    found = file_of(hazard, on=day_of(now()))
    row = found.hazard
    placed = names.coded_places([row.place_code])
    sites = {(row.business_id, row.site_id): found.site} if found.site else {}
    people = names.people_of_refs([row.found_by, row.fixed_by, row.closed_by])
    chairs: dict[str, Any] = {
        part: show_chair(chair) if (chair := getattr(found.people, part)) else None
        for part in ("owner", "accountable", "verifier")
    }
    return HazardFile(
        **_facts(row, placed, {row.business_id: found.business}, sites),
        **chairs,
        **_beside(found.facts),
        origin=row.origin,
        site_facts=show_sites([found.site])[0] if found.site else None,
        criterion=Coded(code=found.criterion.code, name=Name.of(found.criterion)) if found.criterion else None,
        criterion_edition=row.criterion_edition,
        interim=row.interim,
        shown_at=row.shown_at,
        shown_how=row.shown_how,
        found_by=people.get(row.found_by),
        fixed_by=people.get(row.fixed_by),
        closed_by=people.get(row.closed_by),
        earlier=row.recurrence_of,
        duty=show_duty(found.duty) if found.duty else None,
        duties=[show_duty(each) for each in found.duties],
        ladder=[show_step(each) for each in found.ladder],
        extensions=show_extensions(found.extensions),
        photos=show_photos(found.photos, actor),
        lacks=list(found.lacks),
        acts=access.acts_open_to(actor, row, found.facts),
    )
