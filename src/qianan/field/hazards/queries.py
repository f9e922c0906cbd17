"""What is asked of hazards. `*_for(actor, …)` fetch for an actor; the others are for rooms above."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from qianan.field.hazards import access
from qianan.field.hazards.beside import Beside, beside, beside_many
from qianan.field.hazards.figures import Counts, counts_for, counts_of
from qianan.field.hazards.file import HazardFile, Parts, file_of
from qianan.field.hazards.lifecycle import MACRO
from qianan.field.hazards.models import DoubleReport, Hazard, Supervision, Transfer
from qianan.field.hazards.writing import Key, ref_of
from qianan.ground.codebook import queries as codebook
from qianan.ground.codebook.models import Criterion
from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotFound
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.duties import queries as duties
from qianan.registry.duties.models import Duty
from qianan.registry.duties.queries import Who
from qianan.tables.within import within

__all__ = [
    "Beside",
    "Counts",
    "HazardFile",
    "Parts",
    "beside",
    "beside_many",
    "counts_for",
    "counts_of",
    "facts_of",
    "file_of",
]

facts_of = beside


def _uuid(id: object, code: str) -> uuid.UUID:
    if isinstance(id, uuid.UUID):
        return id
    try:
        return uuid.UUID(str(id))
    except ValueError:
        raise NotFound(code) from None


def hazard_for(actor: Actor, business: object, id: object) -> Hazard:
    """This hazard, if the actor may see it. Raises NotFound("no_such_hazard")."""
    code = "no_such_hazard"
    found = access.visible_to(actor).filter(business_id=_uuid(business, code), id=_uuid(id, code)).first()
    if found is None:
        raise NotFound(code)
    return found


def known_hazard(actor: Actor, business: object, id: object) -> Hazard | None:
    """Whether a client-made id was reported before (and the actor may see it); None when not."""
    try:
        return hazard_for(actor, business, id)
    except NotFound:
        return None


def hazards_for(
    actor: Actor,
    *,
    place_code: str = "",
    line: str = "",
    industry: str = "",
    level: str = "",
    state: str = "",
    macro: str = "",
    overdue_at: datetime | None = None,
    rung: int | None = None,
    supervised: bool | None = None,
    business: uuid.UUID | None = None,
    site: uuid.UUID | None = None,
    text: str = "",
) -> QuerySet[Hazard]:
    """The actor's hazards that answer to all of these; "" or None = any. The most pressing first.

    `macro` is open, fixed or closed; `overdue_at` those to be fixed before it and not handed in; `rung` those with a
    promise that climbed at least so high; `text` words of the hazard or its number.
    """
    found = access.visible_to(actor).filter(within(place_code))
    if line:
        found = found.filter(line=line)
    if industry:
        found = (
            found.filter(industry_code__in=_below(industry))
            if len(industry) == 1
            else found.filter(industry_code__startswith=industry)
        )
    if level:
        found = found.filter(level=level)
    if state:
        found = found.filter(state=state)
    if macro:
        found = found.filter(state__in=[each for each, of in MACRO.items() if of == macro])
    if overdue_at is not None:
        found = found.filter(state="rectifying", due_at__lt=overdue_at)
    if rung is not None:
        found = found.filter(state="rectifying", id__in=_climbed(rung, place_code))
    if supervised is not None:
        found = found.filter(supervised=supervised)
    if business is not None:
        found = found.filter(business_id=business)
    if site is not None:
        found = found.filter(site_id=site)
    if words := text.strip():
        found = found.filter(Q(number__icontains=words) | Q(text__icontains=words) | Q(where__icontains=words))
    return found.order_by("due_at", "id")


def _below(section: str) -> list[str]:
    """The codes of a section (A, B, …), which do not begin with its letter."""
    return [section, *(row.code for row in codebook.industries(under=section))]


def _climbed(rung: int, place_code: str) -> list[uuid.UUID]:
    """The hazards of the late promises of an area: few beside the hazards, since most are kept in time."""
    rows = (
        Duty.objects.filter(within(place_code), kind="rectification", state="open", rung__gte=rung)
        .values_list("about", flat=True)
        .order_by()
    )
    return [Ref.parse(about).uuid for about in rows]


def hazards_by_ids(keys: Iterable[Key]) -> dict[Key, Hazard]:
    """Hazards by (business, id), without asking for whom."""
    wanted = set(keys)
    rows = Hazard.objects.filter(business_id__in={key[0] for key in wanted}, id__in={key[1] for key in wanted})
    return {(row.business_id, row.id): row for row in rows if (row.business_id, row.id) in wanted}


def hazards_from(origin: Ref) -> QuerySet[Hazard]:
    """What one submission or visit found, without asking for whom, in the order it was found."""
    return Hazard.objects.filter(business_id=origin.business, origin=str(origin)).order_by("found_at", "id")


def numbers_of(keys: Iterable[Key]) -> dict[uuid.UUID, str]:
    """Numbers for people by id: of hazards, and of the hazards behind reports, lists and transfers. Four statements."""
    wanted = set(keys)
    owners, ids = {key[0] for key in wanted}, {key[1] for key in wanted}
    found = dict(Hazard.objects.filter(business_id__in=owners, id__in=ids).values_list("id", "number"))
    behind: dict[uuid.UUID, uuid.UUID] = {}
    if missing := ids - set(found):
        for model in (DoubleReport, Supervision, Transfer):
            rows = model.objects.filter(business_id__in=owners, id__in=missing)
            behind |= dict(rows.values_list("id", "hazard_id"))
    if behind:
        numbered = Hazard.objects.filter(business_id__in=owners, id__in=set(behind.values()))
        numbers = dict(numbered.values_list("id", "number"))
        found |= {id: numbers[hazard] for id, hazard in behind.items() if hazard in numbers}
    return found


def macro_counts(actor: Actor, *, business: uuid.UUID | None = None, place_code: str = "") -> dict[str, int]:
    """How many are open, fixed, closed, as far as the actor may see. One statement."""
    rows = hazards_for(actor, business=business, place_code=place_code).order_by()
    counts = {"open": 0, "fixed": 0, "closed": 0}
    for state, count in rows.values_list("state").annotate(n=Count("id")):
        counts[MACRO[state]] += count
    return counts


@dataclass(frozen=True)
class Promise:
    """What is owed next about a hazard: which kind, until when, and who answers for the chair that owes it."""

    kind: str
    due_at: datetime
    who: Who | None
    duty: Duty


def next_promises(hazards: Sequence[Hazard], *, on: date) -> dict[Key, Promise]:
    """The most pressing open promise about each hazard itself. A few statements, however many hazards."""
    refs = {str(ref_of(hazard)): hazard for hazard in hazards}
    first: dict[str, Duty] = {}
    for duty in sorted(duties.open_about([ref_of(hazard) for hazard in hazards]), key=lambda each: each.due_at):
        first.setdefault(duty.about, duty)
    people = duties.who([duty.owner_post for duty in first.values()], on=on)
    return {
        (refs[about].business_id, refs[about].id): Promise(
            duty.kind, duty.due_at, people.get(duty.owner_post) if duty.owner_post else None, duty
        )
        for about, duty in first.items()
    }


def suggestions_for(hazard: Hazard, *, on: date) -> list[Criterion]:
    """The clauses that may make it a major one, likeliest first; each with its edition. A person rates."""
    site = businesses.sites_by_ids([(hazard.business_id, hazard.site_id)]).get((hazard.business_id, hazard.site_id))
    return codebook.suggest_criteria(
        item_code=hazard.item_code,
        venue=site.venue if site else "",
        tags=site.tags if site else (),
        text=hazard.text,
        on=on,
    )


def transfers_for(actor: Actor, *, direction: str = "in", state: str = "") -> QuerySet[Transfer]:
    """What was sent to the actor's offices (`in`), or out of their reach (`out`); newest first."""
    if direction == "in":
        found = (
            Transfer.objects.all() if actor.is_system else Transfer.objects.filter(to_body__in=access.bodies_of(actor))
        )
    else:
        found = (
            Transfer.objects.all()
            if actor.is_system
            else Transfer.objects.filter(from_body__in=access.bodies_of(actor))
        )
    if state:
        found = found.filter(state=state)
    return found.order_by("-sent_at", "-id")


def transfer_for(actor: Actor, business: object, id: object) -> Transfer:
    """This transfer, if the actor may see its hazard. Raises NotFound("no_such_transfer")."""
    code = "no_such_transfer"
    found = Transfer.objects.filter(business_id=_uuid(business, code), id=_uuid(id, code)).first()
    if found is None or known_hazard(actor, found.business_id, found.hazard_id) is None:
        raise NotFound(code)
    return found


def double_reports_of(keys: Iterable[Key]) -> dict[Key, dict[str, DoubleReport]]:
    """The reports of these hazards by side, without asking for whom; a hazard without any is missing."""
    wanted = set(keys)
    found: dict[Key, dict[str, DoubleReport]] = defaultdict(dict)
    rows = DoubleReport.objects.filter(
        business_id__in={key[0] for key in wanted}, hazard_id__in={key[1] for key in wanted}
    )
    for row in rows:
        found[row.business_id, row.hazard_id][row.side] = row
    return dict(found)
