"""A registry file is kept, taken in, forgotten. Reading and planning it is `businesses.importing`."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts import queries as people_of
from qianan.ground.trail.actions import record
from qianan.kernel.actor import ADMIN_ROLES, Actor
from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.problems import NotFound, NotYours
from qianan.kernel.ref import Ref
from qianan.registry.businesses import access
from qianan.registry.businesses.actions.changing import change_businesses
from qianan.registry.businesses.actions.oversight import set_tier
from qianan.registry.businesses.actions.registering import open_sites, register_businesses
from qianan.registry.businesses.actions.sites import describe_sites
from qianan.registry.businesses.events import RegistryImported
from qianan.registry.businesses.models import Business, Import, Site
from qianan.registry.businesses.names import plain
from qianan.registry.businesses.newcomers import NewBusiness, NewSite, chunks

KEPT_DAYS = 2
"""How long a file with people in it waits for its commit."""


def check_may_import(by: Actor) -> None:
    """Officers who keep a registry, admins, the house. Raises NotYours("may_not_import")."""
    seats = by.officer_seats(access.REGISTRARS | ADMIN_ROLES)
    if not by.is_system and not any(not seat.line for seat in seats):
        raise NotYours("may_not_import")


@transaction.atomic
def keep(
    data: bytes,
    *,
    name: str,
    digest: str,
    mapping: Mapping[str, Any],
    rows: int,
    errors: list[dict[str, Any]],
    by: Actor,
    now: datetime,
) -> Import:
    """Keep a previewed file until it is taken in. The same file with the same mapping, by the same person: that row."""
    check_may_import(by)
    held = Import.objects.filter(digest=digest, by=by.person, state="previewed", mapping=dict(mapping)).first()
    kept = held or Import(id=uuid7(now), digest=digest, mapping=dict(mapping), by=by.person)
    kept.name, kept.rows, kept.errors = (
        plain("".join(char for char in name if char.isprintable()))[:200] or "file",
        rows,
        errors,
    )
    kept.content, kept.at = data, now
    kept.place_code = by.seat.place_code if by.seat else ""
    kept.save()
    return kept


def taken_for(import_id: uuid.UUID, *, by: Actor) -> Import:
    """The person's own file. Raises NotFound("no_such_import")."""
    check_may_import(by)
    found = Import.objects.filter(id=import_id).first()
    if found is None or not (by.is_system or found.by == by.person):
        raise NotFound("no_such_import")
    return found


@transaction.atomic
def take_in(
    kept: Import,
    *,
    new: Sequence[NewBusiness],
    changes: Sequence[tuple[Business, Mapping[str, Any]]],
    tiers: Sequence[tuple[Business, str]],
    new_sites: Sequence[tuple[Business, NewSite]],
    site_changes: Sequence[tuple[Site, Mapping[str, Any]]],
    people: Sequence[tuple[str, str]],
    seats: Sequence[tuple[uuid.UUID, str, str]],
    counts: tuple[int, int, int],
    by: Actor,
    now: datetime,
) -> Import:
    """Everything a plan says, or nothing. `people` are (name, E.164 mobile), `seats` (business, role, mobile).

    Raises what each of the actions raises; then nothing of the file is in the registry.
    """
    held = Import.objects.select_for_update().get(id=kept.id)
    if held.state == "committed":
        return held
    register_businesses(new, by=by, now=now)
    change_businesses(changes, by=by, now=now)
    for business, tier in tiers:
        set_tier(business, tier=tier, reason=f"导入 / import {kept.digest[:12]}", by=by, now=now)
    open_sites(new_sites, by=by, now=now)
    describe_sites(site_changes, by=by, now=now)
    _seat(people, seats, by=by, now=now)
    held.state, held.content = "committed", None
    held.added, held.changed, held.same = counts
    held.errors = []
    held.save(update_fields=["state", "content", "added", "changed", "same", "errors"])
    record(
        RegistryImported(
            about=Ref("businesses.import", NIL, str(held.id)),
            place_code=held.place_code,
            digest=held.digest,
            added=held.added,
            changed=held.changed,
            same=held.same,
        ),
        by=by,
        now=now,
    )
    return held


def _seat(
    people: Sequence[tuple[str, str]], seats: Sequence[tuple[uuid.UUID, str, str]], *, by: Actor, now: datetime
) -> None:
    if people:
        accounts.add_people([accounts.NewPerson(name=name, mobile=mobile) for name, mobile in people], by=by, now=now)
    known: dict[str, Any] = {}
    for mobiles in chunks({mobile for _, _, mobile in seats}):
        known |= people_of.people_by_mobile(mobiles)
    places: dict[uuid.UUID, str] = {}
    for ids in chunks({business for business, _, _ in seats}):
        places |= dict(Business.objects.filter(id__in=ids).values_list("id", "place_code"))
    accounts.take_seats(
        [
            accounts.NewSeat(person=known[mobile].id, role=role, business_id=business, place_code=places[business])
            for business, role, mobile in seats
        ],
        by=by,
        now=now,
    )


def forget_previews(now: datetime) -> int:
    """The clock's: files that nobody took in for two days are emptied of what they hold. Gives how many."""
    old = Import.objects.filter(state="previewed", at__lt=now - timedelta(days=KEPT_DAYS))
    return old.update(state="forgotten", content=None, errors=[])
