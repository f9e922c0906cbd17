"""Hazards: found, rated, fixed, verified, closed; the facts beside the state; transfers."""

import uuid
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from qianan.doors.api.entry import who
from qianan.doors.api.paging import Paging, page_of, whole
from qianan.doors.api.shapes import Code, In, Page, Photos, ShortWords, When, Words
from qianan.doors.api.v1.codebook import CodeRow, show_row
from qianan.doors.api.v1.hazard_file import (
    HazardFile,
    HazardOut,
    TransferOut,
    show_file,
    show_hazards,
    show_transfers,
)
from qianan.doors.kit.now import now
from qianan.field.hazards import actions, queries
from qianan.ground.accounts.days import day_of
from qianan.kernel.actor import Actor
from qianan.registry.businesses import queries as businesses

router = Router(tags=["hazards"])

Level = Literal["unrated", "general", "major"]
Side = Literal["regulator", "workers"]
Reason = Annotated[str, Field(min_length=1, max_length=500)]


class NewHazard(In):
    """A hazard found outside any checklist. `id`: a UUIDv7 of yours, so that a resend is known."""

    id: uuid.UUID | None = None
    site: uuid.UUID
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    where: Annotated[str, Field(max_length=120)] = ""
    level: Level = "unrated"
    category: Code = ""
    interim: ShortWords = ""
    photos: Photos = []


class Versioned(In):
    """`expected_version`: the `version` you saw; another one is a conflict (409)."""

    expected_version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class Rating(Versioned):
    level: Literal["general", "major"]
    criterion: Code = ""
    reason: ShortWords = ""


class Why(Versioned):
    reason: Reason


class Ordering(Versioned):
    """Posts that are not named are the usual ones; without `due_at` the code table says when."""

    owner_post: uuid.UUID | None = None
    accountable_post: uuid.UUID | None = None
    verifier_post: uuid.UUID | None = None
    due_at: When | None = None
    measures: Words = ""


class Reassigning(Versioned):
    owner_post: uuid.UUID
    verifier_post: uuid.UUID | None = None


class Interim(Versioned):
    text: Reason


class HandingIn(Versioned):
    note: Words = ""
    photos: Photos = []


class Verdict(Versioned):
    accept: bool
    note: Words = ""
    photos: Photos = []


class Note(Versioned):
    note: Words = ""


class Shown(Versioned):
    how: Literal["meeting", "board", "group", "screen"]


class Asking(Versioned):
    until: When
    reason: Reason


class Granting(Versioned):
    grant: bool
    note: ShortWords = ""


class Report(Versioned):
    side: Side
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    how: Annotated[str, Field(max_length=40)] = ""
    addressee: Annotated[str, Field(max_length=120)] = ""
    photos: Photos = []


class OneSide(Versioned):
    side: Side


class Planning(Versioned):
    responsibility: Annotated[str, Field(min_length=1, max_length=2000)]
    measures: Annotated[str, Field(min_length=1, max_length=2000)]
    funds: Annotated[str, Field(min_length=1, max_length=2000)]
    time_limit: Annotated[str, Field(min_length=1, max_length=2000)]
    contingency: Annotated[str, Field(min_length=1, max_length=2000)]
    photos: Photos = []


class Reviewing(Versioned):
    """`officers`: the two who looked, by person id."""

    passed: bool
    note: Words = ""
    officers: Annotated[list[uuid.UUID], Field(max_length=10)] = []
    photos: Photos = []


class Listing(Versioned):
    reason: Reason
    level: Annotated[str, Field(max_length=10, pattern=r"^[a-z]*$")] = ""
    due_on: date | None = None
    body: Code = ""


class Lifting(Versioned):
    reason: Reason
    body: Code = ""


class Stopping(Versioned):
    scope: Annotated[str, Field(min_length=1, max_length=300)]
    number: Annotated[str, Field(max_length=40)] = ""


class Resuming(Versioned):
    consent: Annotated[str, Field(min_length=1, max_length=300)]


class Sending(Versioned):
    to_body: Code
    reason: Reason


class Answering(Versioned):
    accept: bool
    answer: ShortWords = ""


class AddPhotos(Versioned):
    photos: Annotated[Photos, Field(min_length=1)]
    stage: Literal["before", "after", "proof", "receipt", "plan"] = "before"


def _fresh(actor: Actor, hazard: Any) -> HazardFile:
    """The file after an act. An officer who sent it out of his reach still gets the last view of it."""
    return show_file(actor, queries.hazards_by_ids([(hazard.business_id, hazard.id)])[hazard.business_id, hazard.id])


# -- reads -------------------------------------------------------------------------------


@router.get("/hazards", response=Page[HazardOut], summary="Hazards that I may see, the newest first")
def list_hazards(
    request: HttpRequest,
    paged: Paging,
    place: Code = "",
    line: Code = "",
    industry: Code = "",
    level: Level | Literal[""] = "",
    state: Code = "",
    macro: Literal["open", "fixed", "closed", ""] = "",
    overdue: bool = False,
    rung: Annotated[int, Field(ge=0, le=3)] | None = None,
    supervised: bool | None = None,
    business: uuid.UUID | None = None,
    site: uuid.UUID | None = None,
    text: ShortWords = "",
) -> Page[HazardOut]:
    """`overdue`: past their deadline now; `rung`: climbed at least so far."""
    found = queries.hazards_for(
        who(request),
        place_code=place,
        line=line,
        industry=industry,
        level=level,
        state=state,
        macro=macro,
        overdue_at=now() if overdue else None,
        rung=rung,
        supervised=supervised,
        business=business,
        site=site,
        text=text,
    )
    return page_of(found, paged, order=("-found_at", "-id"), show=show_hazards)


@router.get("/hazards/{uuid:business}/{uuid:id}", response=HazardFile, summary="The whole file of a hazard")
def get(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> HazardFile:
    actor = who(request)
    return show_file(actor, queries.hazard_for(actor, business, id))


@router.get(
    "/hazards/{uuid:business}/{uuid:id}/suggestions", response=Page[CodeRow], summary="Clauses that may make it major"
)
def suggestions(request: HttpRequest, business: uuid.UUID, id: uuid.UUID) -> Page[CodeRow]:
    """The likeliest first, each with its edition; a person rates."""
    hazard = queries.hazard_for(who(request), business, id)
    return whole([show_row(row) for row in queries.suggestions_for(hazard, on=day_of(now()))])


@router.post("/businesses/{uuid:business}/hazards", response={201: HazardFile}, summary="Report a hazard")
def report(request: HttpRequest, business: uuid.UUID, data: NewHazard) -> Status[HazardFile]:
    actor = who(request)
    site = businesses.site_for(actor, business, data.site)
    officer = actor.at(site.business_id) is None
    new = actions.NewHazard(
        site=site,
        text=data.text,
        where=data.where,
        level=data.level,
        category=data.category,
        interim=data.interim,
        photos=data.photos,
        id=data.id,
        origin_kind="officer" if officer else _origin_of(actor, site.business_id),
    )
    return Status(201, _fresh(actor, actions.report_hazard(new, by=actor, now=now())))


def _origin_of(actor: Actor, business: uuid.UUID) -> str:
    seat = actor.at(business)
    return "worker" if seat is not None and seat.role == "worker" else "manager"


# -- acts: one endpoint each ------------------------------------------------------------------


def _act(name: str, shape: Any, do: Any, summary: str) -> None:
    """One endpoint of one act: find the hazard for the actor, act, answer with its file."""

    def endpoint(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, data: Any) -> HazardFile:
        actor = who(request)
        hazard = queries.hazard_for(actor, business, id)
        facts = data.dict()
        do(hazard, by=actor, now=now(), **facts)
        return _fresh(actor, hazard)

    endpoint.__name__ = name.replace("-", "_")
    endpoint.__annotations__["data"] = shape
    router.post(f"/hazards/{{uuid:business}}/{{uuid:id}}/{name}", response=HazardFile, summary=summary)(endpoint)


def _supervise(hazard: Any, *, body: str, **facts: Any) -> None:
    actions.supervise(hazard, body_code=body, **facts)


def _lift(hazard: Any, *, body: str, **facts: Any) -> None:
    actions.lift_supervision(hazard, body_code=body, **facts)


_act("rate", Rating, actions.rate, "Grade it general or major")
_act("reject", Why, actions.reject, "It was no hazard, with the reason")
_act("order-rectification", Ordering, actions.order_rectification, "Order its fix: owner, verifier, deadline")
_act("reassign", Reassigning, actions.reassign, "Hand the fix to another chair")
_act("set-interim", Interim, actions.set_interim, "Say what holds until it is fixed")
_act("hand-in", HandingIn, actions.hand_in, "Hand in the fix")
_act("verify", Verdict, actions.verify, "Accept or return a fix, never one's own")
_act("close", Note, actions.close_hazard, "Close it (销号)")
_act("reopen", Why, actions.reopen, "It is not fixed after all")
_act("show-result", Shown, actions.show_result, "The result was shown to the staff (公示)")
_act("ask-extension", Asking, actions.ask_extension, "Ask for more time")
_act("decide-extension", Granting, actions.decide_extension, "Grant or refuse more time")
_act("send-double-report", Report, actions.send_double_report, "Report a major one to one side (双报告)")
_act("receive-double-report", OneSide, actions.receive_double_report, "Give the receipt of a report")
_act("make-plan", Planning, actions.make_plan, "Make the five-part plan")
_act("review", Reviewing, actions.review, "Review the fix of a major one (复查)")
_act("supervise", Listing, _supervise, "Put it on the supervision list (挂牌督办)")
_act("lift-supervision", Lifting, _lift, "Take it off the list")
_act("suspend-work", Stopping, actions.suspend_work, "Stop work because of it")
_act("resume-work", Resuming, actions.resume_work, "Let work go on")
_act("transfer", Sending, actions.transfer, "Send it to another body (移送)")
_act("add-photos", AddPhotos, actions.add_photos, "Hang photos or papers on it")


# -- transfers ----------------------------------------------------------------------------------


@router.get("/transfers", response=Page[TransferOut], summary="What was sent to my offices, or out of my reach")
def list_transfers(
    request: HttpRequest,
    paged: Paging,
    direction: Literal["in", "out"] = "in",
    state: Literal["sent", "received", "answered", "declined", ""] = "",
) -> Page[TransferOut]:
    found = queries.transfers_for(who(request), direction=direction, state=state)
    return page_of(found, paged, order=("-sent_at", "-id"), show=show_transfers)


@router.post(
    "/transfers/{uuid:business}/{uuid:id}/receive", response=TransferOut, summary="Accept or decline a transfer"
)
def receive_transfer(request: HttpRequest, business: uuid.UUID, id: uuid.UUID, data: Answering) -> TransferOut:
    actor = who(request)
    sent = queries.transfer_for(actor, business, id)
    return show_transfers([actions.receive_transfer(sent, by=actor, now=now(), **data.dict())])[0]
