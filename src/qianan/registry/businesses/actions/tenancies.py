"""Who works in whose premises (租赁): the landlord then sees its tenants, so the tenant or an officer says so."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from qianan.ground.codebook.queries import local_day
from qianan.ground.trail.actions import record, record_many
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid, NotFound, NotNow, NotYours
from qianan.registry.businesses import access
from qianan.registry.businesses.events import TenancyEnded, TenancyRecorded
from qianan.registry.businesses.models import Business, Site, Tenancy
from qianan.registry.businesses.queries import businesses_by_ids
from qianan.tables import bulk

ROLES = ("landlord", "park", "market", "property")
"""出租人、园区、市场开办者、物业服务人."""


@dataclass(frozen=True, kw_only=True)
class NewTenancy:
    """`business` works in premises of `landlord` since a day; `site_id` when it is one of its sites only."""

    business: Business
    landlord: Business
    role: str = "landlord"
    site_id: uuid.UUID | None = None
    since: date | None = None


def record_tenancy(
    business: Business,
    *,
    landlord: Business,
    role: str = "landlord",
    site_id: uuid.UUID | None = None,
    since: date | None = None,
    by: Actor,
    now: datetime,
) -> Tenancy:
    """One tenancy; see `record_tenancies`."""
    new = NewTenancy(business=business, landlord=landlord, role=role, site_id=site_id, since=since)
    return record_tenancies([new], by=by, now=now)[0]


@transaction.atomic
def record_tenancies(news: Sequence[NewTenancy], *, by: Actor, now: datetime) -> list[Tenancy]:
    """The tenant's manager or an officer who oversees the tenant says in whose premises it works.

    A landlord cannot say it alone: it would then see whom it likes. One that stands already is given back as it is.
    Raises NotYours("not_your_business"), Invalid("unknown_tenancy_role", "own_landlord", "bad_since"),
    NotFound("no_such_site"), Conflict("tenancy_ended_today").
    """
    today = local_day(now)
    for new in news:
        if not (access.can_manage(by, new.business) or access.can_oversee(by, new.business)):
            raise NotYours("not_your_business")
        if new.role not in ROLES:
            raise Invalid("unknown_tenancy_role", where="role")
        if new.landlord.id == new.business.id:
            raise Invalid("own_landlord", where="landlord")
        if new.since and new.since > today:
            raise Invalid("bad_since", where="since")
    sited = [new for new in news if new.site_id]
    if sited:
        there = set(
            Site.objects.filter(
                business_id__in={new.business.id for new in sited}, id__in={new.site_id for new in sited}
            ).values_list("business_id", "id")
        )
        if any((new.business.id, new.site_id) not in there for new in sited):
            raise NotFound("no_such_site", where="site_id")
    held = {
        (row.business_id, row.landlord, row.role): row
        for row in Tenancy.objects.filter(business_id__in={new.business.id for new in news}, until=None)
    }
    ended = set(
        Tenancy.objects.filter(business_id__in={new.business.id for new in news})
        .exclude(until=None)
        .values_list("business_id", "landlord", "role", "since")
    )
    answer, fresh = [], []
    for new in news:
        key = (new.business.id, new.landlord.id, new.role)
        if key not in held:
            since = new.since or today
            if (*key, since) in ended:
                raise Conflict("tenancy_ended_today", where="since")
            held[key] = Tenancy(
                business_id=new.business.id,
                id=uuid7(now),
                landlord=new.landlord.id,
                role=new.role,
                site_id=new.site_id,
                since=since,
            )
            fresh.append((held[key], new))
        answer.append(held[key])
    bulk.insert([row for row, _ in fresh])
    Business.objects.filter(id__in={row.landlord for row, _ in fresh}, is_landlord=False).update(is_landlord=True)
    record_many(
        [
            TenancyRecorded(
                about=new.business.ref, place_code=new.business.place_code, landlord=str(row.landlord), role=row.role
            )
            for row, new in fresh
        ],
        by=by,
        now=now,
    )
    return answer


@transaction.atomic
def end_tenancy(tenancy: Tenancy, *, by: Actor, now: datetime) -> Tenancy:
    """The tenant left, or the landlord's manager or an officer says so. Raises NotYours, NotNow("tenancy_over")."""
    rows = businesses_by_ids([tenancy.business_id, tenancy.landlord])
    tenant, landlord = rows.get(tenancy.business_id), rows.get(tenancy.landlord)
    if tenant is None:
        raise NotFound("no_such_business")
    may = access.can_manage(by, tenant) or access.can_oversee(by, tenant)
    if not may and not (landlord is not None and access.can_manage(by, landlord)):
        raise NotYours("not_your_business")
    if not Tenancy.objects.filter(business_id=tenancy.business_id, id=tenancy.id, until=None).update(
        until=local_day(now)
    ):
        raise NotNow("tenancy_over")
    tenancy.until = local_day(now)
    record(TenancyEnded(about=tenant.ref, place_code=tenant.place_code, landlord=str(tenancy.landlord)), by=by, now=now)
    return tenancy
