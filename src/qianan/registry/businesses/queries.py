"""What is asked of the registry. `*_for(actor, …)` fetch for an actor; the others are for rooms above."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from qianan.ground.accounts import queries as accounts
from qianan.ground.accounts.models import Body, Seat
from qianan.ground.codebook import queries as codebook
from qianan.ground.codebook.models import SectorDepartment
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL
from qianan.kernel.problems import NotFound
from qianan.registry.businesses import access
from qianan.registry.businesses.models import (
    Business,
    Claim,
    CreditCode,
    Import,
    Oversight,
    Site,
    SiteChange,
    Tenancy,
)
from qianan.registry.businesses.names import is_code, searched
from qianan.tables.within import within

__all__ = ["visible_to"]

visible_to = access.visible_to


def _uuid(id: object) -> uuid.UUID:
    if isinstance(id, uuid.UUID):
        return id
    try:
        return uuid.UUID(str(id))
    except ValueError:
        raise NotFound("no_such_business") from None


def business_for(actor: Actor, id: object) -> Business:
    """This business, if the actor may see it. Raises NotFound("no_such_business")."""
    found = access.visible_to(actor).filter(id=_uuid(id)).select_related("industry").first()
    if found is None:
        raise NotFound("no_such_business")
    return found


def site_for(actor: Actor, business: object, id: object) -> Site:
    """This site (its `business` filled in), if the actor may see its business. Raises NotFound("no_such_site")."""
    owner = business if isinstance(business, Business) else business_for(actor, business)
    if isinstance(business, Business) and not access.can_see(actor, business):
        raise NotFound("no_such_business")
    found = Site.objects.filter(business_id=owner.id, id=_uuid(id)).first()
    if found is None:
        raise NotFound("no_such_site")
    found.business = owner
    return found


def businesses_for(
    actor: Actor,
    *,
    place_code: str = "",
    line: str = "",
    industry: str = "",
    venue: str = "",
    tier: str = "",
    state: str = "active",
    text: str = "",
    landlord: uuid.UUID | None = None,
) -> QuerySet[Business]:
    """The actor's businesses that answer to all of these; "" = any. `text` is a name (any two characters of it on,
    pinyin, initials) or a credit code. Sorted by place and name."""
    if not is_code("".join((place_code, line, industry, venue, tier, state))):
        return Business.objects.none()
    found = access.visible_to(actor).filter(within(place_code))
    if line:
        found = found.filter(line=line)
    if industry:
        below = [row.code for row in codebook.industries(under=industry)]
        found = found.filter(industry_id__in=[industry, *below])
    if venue:
        found = found.filter(venue=venue)
    if tier:
        found = found.filter(tier=tier)
    if state:
        found = found.filter(state=state)
    if landlord is not None:
        found = found.filter(id__in=Tenancy.objects.filter(landlord=landlord, until=None).values("business_id"))
    if text.strip():
        found = found.filter(searched(text))
    return found.order_by("place_code", "name_zh", "id")


def business(id: uuid.UUID) -> Business:
    """The row, without asking for whom: for rooms above. Raises NotFound("no_such_business")."""
    found = Business.objects.filter(id=id).first()
    if found is None:
        raise NotFound("no_such_business")
    return found


def businesses_by_ids(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Business]:
    """Many rows by id, without asking for whom."""
    return {each.id: each for each in Business.objects.filter(id__in=set(ids))}


def business_by_code(credit_code: str) -> Business | None:
    """The business of a unified social credit code, without asking for whom (the code is public)."""
    code = credit_code.strip().upper()
    held = CreditCode.objects.filter(code=code).first() if is_code(code) else None
    return Business.objects.filter(id=held.business_id).first() if held else None


def sites_of(business_id: uuid.UUID) -> QuerySet[Site]:
    """All sites of a business by number, closed ones too."""
    return Site.objects.filter(business_id=business_id).order_by("number")


def sites_by_ids(keys: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> dict[tuple[uuid.UUID, uuid.UUID], Site]:
    """Sites by (business, id), their `business` filled in; unknown ones are missing from the answer."""
    wanted = set(keys)
    rows = Site.objects.filter(
        business_id__in={business for business, _ in wanted}, id__in={id for _, id in wanted}
    ).select_related("business")
    return {(row.business_id, row.id): row for row in rows if (row.business_id, row.id) in wanted}


def sites_for(actor: Actor, *, place_code: str = "", state: str = "", venue: str = "") -> QuerySet[Site]:
    """The sites of the actor's businesses, by the site's own place."""
    if not is_code("".join((place_code, state, venue))):
        return Site.objects.none()
    found = Site.objects.filter(access.scope_q(actor, line="")).filter(within(place_code))
    if state:
        found = found.filter(state=state)
    if venue:
        found = found.filter(venue=venue)
    return found.order_by("place_code", "name_zh", "id")


def changes_of(business_id: uuid.UUID, site_id: uuid.UUID | None = None) -> QuerySet[SiteChange]:
    """What was said about the business's sites (paused, closed, moved, open again), newest first."""
    found = SiteChange.objects.filter(business_id=business_id)
    return (found if site_id is None else found.filter(site_id=site_id)).order_by("-at", "-id")


def oversight_of(business_id: uuid.UUID, *, on: date) -> list[Oversight]:
    """Who answers from outside on this day: territory, industry, comprehensive, special; longest first."""
    order = {"territory": 0, "industry": 1, "comprehensive": 2, "special": 3}
    rows = Oversight.objects.filter(business_id=business_id, since__lte=on).filter(Q(until=None) | Q(until__gt=on))
    return sorted(rows, key=lambda row: (order[row.duty_type], row.since, row.body_code))


@dataclass(frozen=True)
class OutsideOwner:
    """A body that must answer for the business: why, since when, and who sits there today.

    `body` is None when the office has not been set up yet. `people` are names with the role and since when.
    `basis_zh`/`basis_en` is the recorded ground; `verified` says whether its source was read.
    """

    row: Oversight
    body: Body | None
    people: tuple[accounts.Sitting, ...]
    basis_zh: str
    basis_en: str
    verified: bool

    @property
    def since(self) -> date:
        return self.row.since

    @property
    def name_zh(self) -> str:
        return self.body.name_zh if self.body else self.row.body_code

    @property
    def name_en(self) -> str:
        return self.body.name_en if self.body else self.row.body_code


@dataclass(frozen=True)
class ThreeMusts:
    """三管三必须, the half outside the business. Empty `industry` = it stands in the queue."""

    territory: tuple[OutsideOwner, ...]
    industry: tuple[OutsideOwner, ...]
    comprehensive: tuple[OutsideOwner, ...]
    special: tuple[OutsideOwner, ...]


def three_musts(business_id: uuid.UUID, *, on: date) -> ThreeMusts:
    """Who answers for this business from outside, by name, with dates. Posts inside are `duties.posts_of`."""
    rows = oversight_of(business_id, on=on)
    grounds = _grounds({row.basis for row in rows})
    bodies = accounts.bodies([row.body_code for row in rows])
    people = _people_in([row.body_code for row in rows], on=on)
    owners = [
        OutsideOwner(row, bodies.get(row.body_code), tuple(people.get(row.body_code, ())), *grounds[row.basis])
        for row in rows
    ]

    def of(duty_type: str) -> tuple[OutsideOwner, ...]:
        return tuple(owner for owner in owners if owner.row.duty_type == duty_type)

    return ThreeMusts(of("territory"), of("industry"), of("comprehensive"), of("special"))


def _people_in(bodies: Iterable[str], *, on: date) -> dict[str, list[accounts.Sitting]]:
    """Who sits in these offices that day, longest first."""
    seats = Seat.objects.filter(
        accounts.valid_on(on), body_code__in=set(bodies), person__is_active=True, person__erased_at=None
    ).select_related("person")
    found: dict[str, list[accounts.Sitting]] = {}
    for seat in seats.order_by("since", "id"):
        found.setdefault(seat.body_code, []).append(
            accounts.Sitting(
                person=seat.person_id,
                name=seat.person.name,
                mobile=seat.person.mobile or "",
                role=seat.role,
                since=seat.since,
                seat=seat.id,
                post=seat.post,
                place_code=seat.place_code,
                line=seat.line,
            )
        )
    return found


def mapped_departments(codes: Iterable[str]) -> dict[str, SectorDepartment]:
    """Rows of the department mapping by their code, those of former editions too."""
    return {row.code: row for row in SectorDepartment.objects.filter(code__in=set(codes))}


def _grounds(bases: set[str]) -> dict[str, tuple[str, str, bool]]:
    """The words of recorded grounds: codes of the codebook, or what an officer wrote (then as written)."""
    found = {basis: (basis, basis, True) for basis in bases}
    for clause in codebook.law_clauses(sorted(bases)):
        found[clause.code] = (
            f"{clause.law_zh}第{clause.article}条:{clause.summary_zh}",
            f"{clause.law_en}, art. {clause.article}: {clause.summary_en}",
            clause.verified,
        )
    for code, row in mapped_departments(bases - {"wsl-9", "wsl-10"}).items():
        found[code] = (row.basis_zh, row.basis_en, row.verified)
    return found


def unassigned_for(actor: Actor) -> QuerySet[Business]:
    """The queue: active businesses for whose trade no industry department answers, longest first."""
    return access.visible_to(actor).filter(line="", state="active").order_by("registered_at", "id")


def claims_for(actor: Actor, *, state: str = "asked") -> QuerySet[Claim]:
    """The claims this officer may decide (never his own), oldest first. `state=""` = also those decided."""
    if actor.is_system:
        found = Claim.objects.all()
    else:
        reach = Q(business_id__in=[])
        for seat in actor.officer_seats(access.DECIDERS):
            if not seat.line:
                reach |= within(seat.place_code)
        found = Claim.objects.filter(reach).exclude(person=actor.person or NIL)
    return (found.filter(state=state) if state else found).order_by("asked_at", "id")


def claim_for(actor: Actor, business: object, id: object) -> Claim:
    """This claim, for the officer who decides it or the person who asked. Raises NotFound("no_such_claim")."""
    claim = Claim.objects.filter(business_id=_uuid(business), id=_uuid(id)).first()
    if claim is None or not (claim.person == actor.person or access.can_decide_claims(actor, claim.place_code)):
        raise NotFound("no_such_claim")
    return claim


def my_claims(actor: Actor) -> QuerySet[Claim]:
    """What this person has claimed, newest first."""
    return Claim.objects.filter(person=actor.person or NIL).order_by("-asked_at", "-id")


def tenants_of(actor: Actor, landlord_id: uuid.UUID) -> QuerySet[Business]:
    """The businesses that work in this landlord's premises today, as far as the actor may see them."""
    return businesses_for(actor, landlord=landlord_id)


def landlords_of(business_id: uuid.UUID, *, on: date) -> list[tuple[Tenancy, Business]]:
    """In whose premises this business works on this day."""
    rows = list(
        Tenancy.objects.filter(business_id=business_id, since__lte=on)
        .filter(Q(until=None) | Q(until__gt=on))
        .order_by("since", "id")
    )
    owners = businesses_by_ids(row.landlord for row in rows)
    return [(row, owners[row.landlord]) for row in rows if row.landlord in owners]


def tenancies_of(landlord_id: uuid.UUID, *, on: date) -> QuerySet[Tenancy]:
    """The tenancies in this landlord's premises on this day, without asking for whom."""
    return (
        Tenancy.objects.filter(landlord=landlord_id, since__lte=on)
        .filter(Q(until=None) | Q(until__gt=on))
        .order_by("since", "id")
    )


def import_for(actor: Actor, id: object) -> Import:
    """A registry file of this person's own. Raises NotFound("no_such_import")."""
    found = Import.objects.filter(id=_uuid(id)).first()
    if found is None or not (actor.is_system or found.by == actor.person):
        raise NotFound("no_such_import")
    return found


def imports_for(actor: Actor) -> Sequence[Import]:
    """The registry files this person has brought in, newest first; without their bytes."""
    found = Import.objects.defer("content").order_by("-at")
    return list(found if actor.is_system else found.filter(by=actor.person))
