"""What submissions found: each failed item opens a hazard, unless the same item's hazard is still open."""

import uuid
from collections.abc import Sequence

from qianan.field.hazards import actions as hazards
from qianan.field.hazards.actions import NewHazard
from qianan.field.hazards.lifecycle import OPEN
from qianan.field.hazards.models import Hazard
from qianan.field.selfchecks.actions.drafts import Good
from qianan.kernel.ids import uuid7_of
from qianan.registry.businesses.models import Site
from qianan.registry.businesses.queries import sites_by_ids
from qianan.registry.checklists.answering import Fail

Spot = tuple[uuid.UUID, str, str]
"""Site, item, and in a repeated section which of the things."""


def report_findings(some: Sequence[Good]) -> None:
    """Open the hazards of all of these at once. An item that fails again names the hazard that is open already."""
    failing = [good for good in some if good.checked.fails]
    if not failing:
        return
    standing = _open_hazards(failing)
    sites = sites_by_ids((good.site.business_id, good.site.id) for good in failing)
    new: list[NewHazard] = []
    finders: list[Good] = []
    again: list[tuple[Good, int]] = []
    opening: dict[Spot, int] = {}
    for good in failing:
        for fail in good.checked.fails:
            spot = (good.site.id, fail.item_code, _where(fail))
            if spot in standing:
                good.known.append(standing[spot])
            elif spot in opening:
                again.append((good, opening[spot]))
            else:
                opening[spot] = len(new)
                new.append(_hazard(good, fail, sites[good.site.business_id, good.site.id]))
                finders.append(good)
    if not new:
        return
    made = hazards.report_hazards(new, by=finders[0].by, now=finders[0].now)
    for good, hazard in zip(finders, made, strict=True):
        good.opened.append(hazard)
    for good, number in again:
        good.known.append(made[number])


def _open_hazards(failing: Sequence[Good]) -> dict[Spot, Hazard]:
    rows = Hazard.objects.filter(
        business_id__in={good.site.business_id for good in failing},
        site_id__in={good.site.id for good in failing},
        item_code__in={fail.item_code for good in failing for fail in good.checked.fails},
        state__in=OPEN,
    ).order_by("-id")
    return {(row.site_id, row.item_code, row.where if row.where.startswith("#") else ""): row for row in rows}


def _where(fail: Fail) -> str:
    return f"#{fail.place}" if fail.place else ""


def _hazard(good: Good, fail: Fail, site: Site) -> NewHazard:
    major = fail.level == "suggest_major"
    return NewHazard(
        id=uuid7_of(f"{good.row.id}/{fail.item_code}/{fail.place}", good.now),
        site=site,
        text=fail.note or fail.text_zh,
        where=_where(fail),
        item_code=fail.item_code,
        version_id=good.row.version_id,
        category=fail.category,
        origin=good.ref,
        origin_kind="selfcheck",
        level="unrated" if major else "general",
        suggested="major" if major else "",
        photos=tuple(fail.photos),
        by=good.by,
        now=good.now,
    )
