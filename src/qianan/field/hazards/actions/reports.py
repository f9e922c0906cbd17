"""A hazard is reported: by a self-check, a worker, a manager, an officer. One form for one and many."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from qianan.field.hazards import access
from qianan.field.hazards.actions.ordering import Order, houses_of, major_promises, order_all, rating_promise
from qianan.field.hazards.beside import beside
from qianan.field.hazards.events import HazardReported, PhotosAdded
from qianan.field.hazards.lifecycle import HAZARD, LEVELS, STAGES
from qianan.field.hazards.models import Hazard
from qianan.field.hazards.words import text_of
from qianan.field.hazards.writing import key_of, lock, paper_number, ref_of, write
from qianan.ground.codebook import queries as codebook
from qianan.ground.codebook.models import Criterion
from qianan.ground.evidence import actions as evidence
from qianan.ground.evidence.actions import Tie
from qianan.ground.trail.actions import record, record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid, NotYours
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.businesses.models import Business, Site
from qianan.registry.duties import actions as duties
from qianan.tables import bulk

ORIGINS = frozenset({"selfcheck", "worker", "manager", "inspection", "tipoff", "replay", "officer"})
CHUNK = 500


@dataclass(frozen=True, slots=True)
class NewHazard:
    """A hazard to be reported at a site.

    `level` general or major: rated by the list's own rule or by who may rate, and its fix is ordered at once to the
    usual posts (or `owner_post`, until `due_at`); unrated: the safety manager owes the rating. `suggested` "major"
    asks the codebook for the criterion; a text may suggest one by itself. `id` is the client's UUIDv7: the same again
    gives the same hazard. `photos` are hashes that evidence keeps. `by`, `now` only where rows differ.
    """

    site: Site
    text: str
    where: str = ""
    item_code: str = ""
    version_id: str = ""
    category: str = ""
    origin: Ref | None = None
    origin_kind: str = ""
    level: str = "unrated"
    suggested: str = ""
    criterion: str = ""
    photos: Sequence[str] = ()
    id: uuid.UUID | None = None
    due_at: datetime | None = None
    owner_post: uuid.UUID | None = None
    rated_basis: str = ""
    line: str = ""
    interim: str = ""
    by: Actor | None = None
    now: datetime | None = None


def report_hazard(new: NewHazard, *, by: Actor, now: datetime) -> Hazard:
    """Report one hazard."""
    return report_hazards([new], by=by, now=now)[0]


@transaction.atomic
def report_hazards(new: Sequence[NewHazard], *, by: Actor, now: datetime) -> list[Hazard]:
    """Report hazards; the answer stands in the same order. All or none.

    A constant number of statements for each day that the rows belong to, however many they are.
    Raises NotYours("not_your_site" | "not_to_rate"), Invalid("words_needed" | "too_long" | "unknown_level" |
    "unknown_origin" | "no_criterion" | "unknown_photo"), Conflict("other_hazard") when an id is taken by another one.
    """
    owners = businesses.businesses_by_ids({each.site.business_id for each in new})
    standing = _standing([each for each in new if each.id is not None])
    answer: list[Hazard] = []
    fresh: list[tuple[Hazard, NewHazard, Actor, datetime]] = []
    criteria = _Criteria()
    for number, each in enumerate(new):
        known = standing.get((each.site.business_id, each.id)) if each.id else None
        if known is not None:
            if known.site_id != each.site.id:
                raise Conflict("other_hazard", where="id")
            answer.append(known)
            continue
        actor, at = each.by or by, each.now or now
        hazard = _row(each, owners[each.site.business_id], actor, at, criteria, str(number) if len(new) > 1 else "")
        if each.id is not None:
            standing[key_of(hazard)] = hazard
        answer.append(hazard)
        fresh.append((hazard, each, actor, at))
    _link_recurrences([hazard for hazard, *_ in fresh])
    _write_down(fresh)
    return answer


class _Criteria:
    """What the codebook suggests, asked once for hazards that look alike."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Criterion | None] = {}

    def likely(self, new: NewHazard, text: str, on: date) -> Criterion | None:
        site = new.site
        said = "" if new.item_code else text
        key = (new.item_code, site.venue, tuple(site.tags), said, on)
        if key not in self._known:
            found = codebook.suggest_criteria(
                item_code=new.item_code, venue=site.venue, tags=site.tags, text=text, on=on, most=1
            )
            self._known[key] = found[0] if found else None
        return self._known[key]


def _standing(new: Sequence[NewHazard]) -> dict[tuple[uuid.UUID, uuid.UUID], Hazard]:
    found: dict[tuple[uuid.UUID, uuid.UUID], Hazard] = {}
    for start in range(0, len(new), CHUNK):
        some = new[start : start + CHUNK]
        rows = Hazard.objects.filter(
            business_id__in={each.site.business_id for each in some}, id__in=[each.id for each in some]
        )
        found |= {(row.business_id, row.id): row for row in rows}
    return found


def _row(new: NewHazard, business: Business, by: Actor, now: datetime, criteria: _Criteria, number: str) -> Hazard:
    dot = f"{number}." if number else ""
    site = new.site
    id = new.id or uuid7(now)
    on = codebook.local_day(now)
    hazard = Hazard(
        business_id=site.business_id,
        id=id,
        number=paper_number("YH", id, on),
        site_id=site.id,
        where=text_of(new.where, where=f"{dot}where", limit=120),
        text=text_of(new.text, where=f"{dot}text", needed="words_needed"),
        item_code=new.item_code,
        version_id=new.version_id,
        category=new.category[:40],
        origin=str(new.origin or Ref("hazards.report", site.business_id, str(id))),
        origin_kind=new.origin_kind or _origin_kind(by, site),
        level=new.level,
        suggested=new.suggested,
        state=HAZARD.start,
        place_code=site.place_code,
        industry_code=site.industry_code or business.industry_id or "",
        tier=site.tier or business.tier,
        line=new.line or business.line,
        found_at=now,
        found_by=by.ref,
        interim=text_of(new.interim, where=f"{dot}interim", limit=500),
    )
    if hazard.level not in LEVELS:
        raise Invalid("unknown_level", where=f"{dot}level", level=hazard.level)
    if hazard.origin_kind not in ORIGINS:
        raise Invalid("unknown_origin", where=f"{dot}origin_kind")
    if not access.can_report(by, hazard):
        raise NotYours("not_your_site")
    _grade(hazard, new, by, on, criteria, dot)
    return hazard


def _origin_kind(by: Actor, site: Site) -> str:
    roles = by.roles_at(site.business_id)
    if roles & {"principal", "safety_manager"}:
        return "manager"
    return "worker" if roles else "officer"


def _grade(hazard: Hazard, new: NewHazard, by: Actor, on: date, criteria: _Criteria, dot: str) -> None:
    """What is rated at once, and what the codebook suggests. A list's own rule grades general; majors need a rater."""
    may_rate = access.may_rate_new(by, hazard)
    if hazard.level != "unrated" and not may_rate:
        if hazard.level == "major" and hazard.origin_kind == "selfcheck":
            hazard.level, hazard.suggested = "unrated", "major"
        elif hazard.origin_kind != "selfcheck":
            raise NotYours("not_to_rate")
    found = None
    if new.criterion:
        found = codebook.criteria_of([new.criterion]).get(new.criterion)
        if found is None:
            raise Invalid("no_criterion", where=f"{dot}criterion", code=new.criterion)
    elif hazard.level == "unrated" and hazard.origin_kind != "replay":  # a register graded by its own rules
        found = criteria.likely(new, hazard.text, on)
    if found is not None:
        hazard.criterion, hazard.criterion_edition = found.code, found.edition
        if hazard.level == "unrated":
            hazard.suggested = "major"
    if hazard.level != "unrated":
        hazard.state = "rated"
        hazard.rated_by = by.ref


def _link_recurrences(hazards: Sequence[Hazard]) -> None:
    """The same item at the same site before: link back to the last one and count. One statement per 500."""
    asked = [hazard for hazard in hazards if hazard.item_code]
    last: dict[tuple[uuid.UUID, str, str], Hazard] = {}
    for start in range(0, len(asked), CHUNK):
        some = asked[start : start + CHUNK]
        rows = (
            Hazard.objects.filter(
                business_id__in={hazard.business_id for hazard in some},
                site_id__in={hazard.site_id for hazard in some},
                item_code__in={hazard.item_code for hazard in some},
            )
            .exclude(state="rejected")
            .only("business_id", "id", "site_id", "item_code", "where", "found_at", "recurrence")
            .order_by("found_at", "id")
        )
        for row in rows:
            last[row.site_id, row.item_code, row.where] = row
    for hazard in sorted(asked, key=lambda each: each.found_at):
        spot = (hazard.site_id, hazard.item_code, hazard.where)
        earlier = last.get(spot)
        if earlier is not None and earlier.found_at <= hazard.found_at:
            hazard.recurrence_of = earlier.id
            hazard.recurrence = earlier.recurrence + 1
        last[spot] = hazard


def _write_down(fresh: Sequence[tuple[Hazard, NewHazard, Actor, datetime]]) -> None:
    if not fresh:
        return
    record_many(
        [_reported(hazard) for hazard, *_ in fresh],
        by=[actor for _, _, actor, _ in fresh],
        now=[at for *_, at in fresh],
    )
    houses = houses_of([(hazard, actor, at) for hazard, _, actor, at in fresh])
    order_all(
        [
            Order(hazard, actor, at, owner_post=each.owner_post, due_at=each.due_at)
            for hazard, each, actor, at in fresh
            if hazard.state == "rated"
        ],
        houses,
    )
    promises = []
    for hazard, _, actor, at in fresh:
        if hazard.level == "unrated":
            promises.append(rating_promise(hazard, houses[hazard.id], by=actor, now=at))
        elif hazard.level == "major":
            promises += major_promises(hazard, houses[hazard.id], by=actor, now=at)
    duties.open_duties(promises, by=fresh[0][2], now=fresh[0][3])
    bulk.insert([hazard for hazard, *_ in fresh])
    pictured = [(hazard, each, actor, at) for hazard, each, actor, at in fresh if each.photos]
    evidence.attach_many(
        [Tie(each.photos, ref_of(hazard), "before", hazard.place_code) for hazard, each, *_ in pictured],
        by=[actor for _, _, actor, _ in pictured],
        now=[at for *_, at in pictured],
    )


def _reported(hazard: Hazard) -> HazardReported:
    earlier = hazard.recurrence_of
    return HazardReported(
        about=ref_of(hazard),
        place_code=hazard.place_code,
        level=hazard.level,
        origin=hazard.origin,
        item=hazard.item_code,
        recurrence_of=str(Ref("hazards.hazard", hazard.business_id, str(earlier))) if earlier else "",
    )


@transaction.atomic
def add_photos(
    hazard: Hazard,
    photos: Sequence[str],
    *,
    stage: str = "before",
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Hazard:
    """Hang photos or papers on it: `stage` before, after, proof, receipt, plan.

    Raises Invalid("unknown_stage" | "photos_needed" | "unknown_photo").
    """
    lock([hazard], expected=[expected_version])
    access.check_may(by, hazard, "add_photos", beside(hazard))
    if stage not in STAGES:
        raise Invalid("unknown_stage", where="stage")
    if not photos:
        raise Invalid("photos_needed", where="photos")
    evidence.attach(photos, about=ref_of(hazard), place_code=hazard.place_code, stage=stage, by=by, now=now)
    write([hazard])
    record(
        PhotosAdded(about=ref_of(hazard), place_code=hazard.place_code, stage=stage, count=len(photos)), by=by, now=now
    )
    return hazard
