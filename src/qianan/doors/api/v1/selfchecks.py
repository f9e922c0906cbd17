"""Self-checks: what is owed, what was handed in (one or many), conflicts, standings."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from qianan.doors.api import names
from qianan.doors.api.entry import keep_this, who
from qianan.doors.api.paging import Paging, page_of, whole
from qianan.doors.api.shapes import Code, Coded, In, Moment, Name, Page, PersonOut, ProblemPart, When
from qianan.doors.api.v1.checklists import VersionId
from qianan.doors.api.v1.evidence import PhotoOut, show_photos
from qianan.doors.api.v1.hazard_file import HazardOut, show_hazards
from qianan.doors.kit import words
from qianan.doors.kit.now import now
from qianan.field.hazards import queries as hazards
from qianan.field.selfchecks import actions, queries
from qianan.ground.accounts.days import day_of
from qianan.ground.evidence import queries as evidence
from qianan.kernel.problems import Invalid, NotFound, NotYours, Problem, TooLarge
from qianan.registry.businesses import queries as businesses
from qianan.registry.checklists import answering
from qianan.registry.checklists import queries as checklists

router = Router(tags=["selfchecks"])


class OwedOut(Schema):
    """An owed check (应查). `state`: due, missed …; `version` is the edition to answer."""

    id: uuid.UUID
    business: uuid.UUID
    site: uuid.UUID
    site_name: Name
    checklist: str
    title: Name
    version: str
    due_day: date
    due_at: Moment
    state: str


class SubmissionOut(Schema):
    """A filled-in list (自查记录). `letters` holds one letter an item in document order: p f n o v -."""

    id: uuid.UUID
    business: uuid.UUID
    site: uuid.UUID
    checklist: str
    version: str
    receipt: str
    state: str
    by: PersonOut | None
    role: str
    led: bool
    started_at: Moment | None
    ended_at: Moment | None
    received_at: Moment
    seconds: int
    items: int
    fails: int
    hazards: int
    letters: str
    returned_why: str
    replaces: uuid.UUID | None
    replaced_by: uuid.UUID | None
    place: Coded


class SubmissionFile(SubmissionOut):
    """A submission with its answers by item code, its photos, and the hazards that it opened."""

    answers: dict[str, Any]
    photos: list[PhotoOut]
    opened: list[HazardOut]


class Handed(In):
    """What is handed in. `id` is a UUIDv7 of yours: the same id and content again is the same answer (200), other
    content a conflict (409) that keeps both. `answers` by item code: a letter, or `{"a", "note", "photos"}`.
    """

    id: uuid.UUID
    site: uuid.UUID
    version: VersionId
    answers: dict[str, Any]
    started_at: When | None = None
    ended_at: When | None = None
    sent_at: When | None = None
    day: date | None = None
    replaces: uuid.UUID | None = None
    facts: dict[str, Any] = {}


class HandedTo(Handed):
    business: uuid.UUID


class Batch(In):
    submissions: Annotated[list[HandedTo], Field(min_length=1, max_length=200)]


class Result(Schema):
    """What became of one submission: received, same, conflict, refused. `hazards` were opened by it; `known` ones
    were open already."""

    id: uuid.UUID
    status: Literal["received", "same", "conflict", "refused"]
    receipt: str
    submission: SubmissionOut | None
    hazards: list[HazardOut]
    known: list[HazardOut]
    problems: list[ProblemPart]


class Reason(In):
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class ConflictOut(Schema):
    """A second version under an id that was taken: kept whole, until somebody chooses."""

    id: uuid.UUID
    business: uuid.UUID
    submission: uuid.UUID
    body: dict[str, Any]
    by: PersonOut | None
    received_at: Moment
    settled_at: Moment | None


class Choice(In):
    """`second` comes in anew under `id`, a new UUIDv7 of yours."""

    keep: Literal["first", "second"]
    id: uuid.UUID | None = None


class Waiver(In):
    since: date
    until: date
    reason: Annotated[str, Field(min_length=1, max_length=200)]
    checklist: Code = ""


class Waived(Schema):
    waived: int


class DayOut(Schema):
    """A day of a site's calendar with what was due then."""

    day: date
    state: str
    checks: list["MarkOut"]


class MarkOut(Schema):
    checklist: str
    state: str
    submission: uuid.UUID | None


class StandingOut(Schema):
    """How a site stands with a list (自查现状). `missed_in_row` > 0: silent."""

    business: uuid.UUID
    business_name: Name
    site: uuid.UUID
    site_name: Name
    checklist: str
    place: Coded
    active: bool
    owed_since: date
    last_at: Moment | None
    last_led_at: Moment | None
    next_due_day: date | None
    checks: int
    led_checks: int
    late_checks: int
    missed: int
    missed_in_row: int


def _owed(rows: Iterable[Any]) -> list[OwedOut]:
    return [
        OwedOut(
            id=each.occurrence.id,
            business=each.occurrence.business_id,
            site=each.site.id,
            site_name=Name.of(each.site),
            checklist=each.checklist.code,
            title=Name.of(each.checklist),
            version=each.edition.version_id,
            due_day=each.occurrence.due_day,
            due_at=each.occurrence.due_at,
            state=each.state,
        )
        for each in rows
    ]


def show_submissions(rows: Sequence[Any]) -> list[SubmissionOut]:
    placed = names.coded_places(row.place_code for row in rows)
    people = names.people_of_refs(row.by for row in rows)
    same: tuple[str, ...] = (
        "receipt",
        "state",
        "role",
        "led",
        "started_at",
        "ended_at",
        "received_at",
        "seconds",
        "items",
        "fails",
    )
    same += ("hazards", "letters", "returned_why", "replaces", "replaced_by", "checklist", "id")
    return [
        SubmissionOut(
            **{name: getattr(row, name) for name in same},
            business=row.business_id,
            site=row.site_id,
            version=row.version_id,
            by=people.get(row.by),
            place=placed[row.place_code],
        )
        for row in rows
    ]


def _parts(problems: Iterable[Problem]) -> list[ProblemPart]:
    return [ProblemPart(code=each.code, where=each.where, detail=words.say_problem(each)) for each in problems]


def _result(result: Any) -> Result:
    return Result(
        id=result.id,
        status=result.status,
        receipt=result.submission.receipt if result.submission else "",
        submission=show_submissions([result.submission])[0] if result.submission else None,
        hazards=show_hazards(result.hazards),
        known=show_hazards(result.known),
        problems=_parts(result.problems),
    )


def _handed(data: Handed, business: uuid.UUID) -> actions.Handed:
    facts = data.dict(exclude={"site", "version", "business"})
    return actions.Handed(business_id=business, site_id=data.site, version_id=data.version, **facts)


STATUS = {"received": 201, "same": 200, "conflict": 409, "refused": 422}


@router.get("/selfchecks/owed", response=Page[OwedOut], summary="The checks that my businesses owe on a day")
def owed(request: HttpRequest, on: date | None = None, business: uuid.UUID | None = None) -> Page[OwedOut]:
    return whole(_owed(queries.owed_for(who(request), on=on or day_of(now()), business=business)))


@router.post(
    "/businesses/{uuid:business}/submissions",
    response={200: Result, 201: Result, 409: Result, 422: Result},
    summary="Hand a filled-in list in",
)
def submit(request: HttpRequest, business: uuid.UUID, data: Handed) -> Status[Result]:
    """201 received, 200 the same again, 409 the id came before with other content (both are kept), 422 refused."""
    result = actions.receive_submission(_handed(data, business), by=who(request), now=now())
    if result.status == "conflict":
        keep_this(request)
    for problem in result.problems:
        if isinstance(problem, NotFound | NotYours | TooLarge):
            raise problem
    return Status(STATUS[result.status], _result(result))


@router.post("/submissions", response=Page[Result], summary="Hand many filled-in lists in, each answered by itself")
def submit_many(request: HttpRequest, data: Batch) -> Page[Result]:
    handed = [_handed(each, each.business) for each in data.submissions]
    return whole([_result(each) for each in actions.receive_submissions(handed, by=who(request), now=now())])


@router.get(
    "/submissions", response=Page[SubmissionOut], summary="What was handed in, as far as I may see; newest first"
)
def list_submissions(
    request: HttpRequest,
    paged: Paging,
    place: Code = "",
    business: uuid.UUID | None = None,
    site: uuid.UUID | None = None,
    checklist: Code = "",
    state: Literal["complete", "accepted", "returned", ""] = "",
    led: bool | None = None,
    since: When | None = None,
    until: When | None = None,
) -> Page[SubmissionOut]:
    found = queries.submissions_for(
        who(request),
        place_code=place,
        business=business,
        site=site,
        checklist=checklist,
        state=state,
        led=led,
        since=since,
        until=until,
    )
    return page_of(found, paged, order=("-received_at", "-id"), show=show_submissions)


def _file(request: HttpRequest, row: Any) -> SubmissionFile:
    edition = checklists.edition(row.version_id)
    ref = queries.submission_ref(row)
    return SubmissionFile(
        **show_submissions([row])[0].dict(exclude={"hazards"}),
        hazards=row.hazards,
        answers=answering.unpack(edition, row.letters, row.sparse),
        photos=show_photos(evidence.files_of(ref), who(request)),
        opened=show_hazards(list(hazards.hazards_from(ref))),
    )


@router.get(
    "/submissions/{uuid:business}/{uuid:id}", response=SubmissionFile, summary="One submission with its answers"
)
def get_submission(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> SubmissionFile:
    return _file(request, queries.submission_for(who(request), business, id))


@router.post("/submissions/{uuid:business}/{uuid:id}/return", response=SubmissionFile, summary="Send it back")
def return_submission(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, data: Reason) -> SubmissionFile:
    actor = who(request)
    row = queries.submission_for(actor, business, id)
    return _file(request, actions.return_submission(row, reason=data.reason, by=actor, now=now()))


@router.post("/submissions/{uuid:business}/{uuid:id}/accept", response=SubmissionFile, summary="Read and found good")
def accept_submission(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> SubmissionFile:
    actor = who(request)
    row = queries.submission_for(actor, business, id)
    return _file(request, actions.accept_submission(row, by=actor, now=now()))


def _conflicts(rows: Sequence[Any]) -> list[ConflictOut]:
    people = names.people_of_refs(row.by for row in rows)
    return [
        ConflictOut(
            id=row.id,
            business=row.business_id,
            submission=row.submission_id,
            body=row.body,
            by=people.get(row.by),
            received_at=row.received_at,
            settled_at=row.settled_at,
        )
        for row in rows
    ]


@router.get("/conflicts", response=Page[ConflictOut], summary="Second versions that wait for a choice")
def list_conflicts(request: HttpRequest, paged: Paging, settled: bool = False) -> Page[ConflictOut]:
    found = queries.conflicts_for(who(request), settled=settled)
    return page_of(found, paged, order=("-received_at", "-id"), show=_conflicts)


@router.post("/conflicts/{uuid:business}/{uuid:id}/settle", response=SubmissionOut, summary="Say which version stands")
def settle(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, data: Choice) -> SubmissionOut:
    actor = who(request)
    row = queries.conflict_for(actor, business, id)
    return show_submissions([actions.settle_conflict(row, keep=data.keep, id=data.id, by=actor, now=now())])[0]


@router.post(
    "/businesses/{uuid:business}/sites/{uuid:site}/waive", response=Waived, summary="Let a site off owed checks"
)
def waive(request: HttpRequest, business: uuid.UUID, site: uuid.UUID, data: Waiver) -> Waived:
    actor = who(request)
    row = businesses.site_for(actor, business, site)
    return Waived(waived=actions.waive(row, by=actor, now=now(), **data.dict()))


@router.get(
    "/businesses/{uuid:business}/sites/{uuid:site}/calendar", response=Page[DayOut], summary="What was due day by day"
)
def calendar(request: HttpRequest, business: uuid.UUID, site: uuid.UUID, since: date, until: date) -> Page[DayOut]:
    """At most 400 days."""
    if not 0 <= (until - since).days < 400:
        raise Invalid("days_out_of_bounds", where="until", most=400)
    row = businesses.site_for(who(request), business, site)
    days = queries.calendar_of(row.business_id, row.id, since, until)
    return whole(
        [
            DayOut(
                day=each.day,
                state=each.state,
                checks=[MarkOut(checklist=m.checklist, state=m.state, submission=m.submission) for m in each.marks],
            )
            for each in days
        ]
    )


def show_standings(rows: Sequence[Any]) -> list[StandingOut]:
    placed = names.coded_places(row.place_code for row in rows)
    shops = businesses.businesses_by_ids({row.business_id for row in rows})
    sites = businesses.sites_by_ids({(row.business_id, row.site_id) for row in rows})
    same = [
        name
        for name in StandingOut.model_fields
        if name not in {"business", "business_name", "site", "site_name", "place"}
    ]
    return [
        StandingOut(
            **{name: getattr(row, name) for name in same},
            business=row.business_id,
            business_name=Name.of(shops[row.business_id]),
            site=row.site_id,
            site_name=Name.of(sites[row.business_id, row.site_id]),
            place=placed[row.place_code],
        )
        for row in rows
    ]


@router.get(
    "/businesses/{uuid:business}/sites/{uuid:site}/standings", response=Page[StandingOut], summary="How a site stands"
)
def standings(request: HttpRequest, business: uuid.UUID, site: uuid.UUID) -> Page[StandingOut]:
    return whole(show_standings(queries.standing_of(businesses.site_for(who(request), business, site))))


DayOut.model_rebuild()
