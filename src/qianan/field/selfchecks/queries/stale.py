"""Standings whose next check must be made, with all that making it asks about site, business and post.

One statement by hand, the same for both engines: half a million standings are read through it every night.
"""

import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from qianan.registry.businesses.lifecycle import OWES_CHECKS
from qianan.tables import bulk

_SQL = """
SELECT s.business_id, s.id, s.site_id, s.checklist, s.owed_since, s.next_due_day,
       s.place_code, s.industry_code, s.line, s.tier,
       t.place_code, t.industry_code, b.line, t.tier, t.venue, t.tags, t.state, b.state,
       (SELECT p.id FROM duties_post p
         WHERE p.business_id = s.business_id AND p.kind IN (c.for_role, 'principal')
           AND (p.until IS NULL OR p.until > %s)
         ORDER BY p.position DESC, p.since LIMIT 1)
  FROM selfchecks_standing s
  JOIN checklists_checklist c ON c.code = s.checklist
  LEFT JOIN businesses_site t ON t.business_id = s.business_id AND t.id = s.site_id
  LEFT JOIN businesses_business b ON b.id = s.business_id
 WHERE s.active AND (s.next_due_day < %s OR s.next_due_day IS NULL) {mine}
 ORDER BY s.business_id, s.id LIMIT %s
"""


@dataclass(slots=True)
class Stale:
    """One standing. `facts` are those of the site today: place, trade, line, tier; `changed` when they were others.

    `owes`: the site is open and its business active. `post` is the chair the list is for, else the principal's.
    `tags` is JSON text, the same text for the same tags.
    """

    business_id: uuid.UUID
    id: uuid.UUID
    site_id: uuid.UUID
    checklist: str
    owed_since: date
    next_due_day: date | None
    facts: tuple[str, str, str, str]
    changed: bool
    owes: bool
    venue: str
    tags: str
    post: uuid.UUID | None

    @property
    def place_code(self) -> str:
        return self.facts[0]

    @property
    def industry_code(self) -> str:
        return self.facts[1]

    @property
    def tier(self) -> str:
        return self.facts[3]


def stale_standings(day: date, businesses: Collection[uuid.UUID] | None, *, limit: int) -> list[Stale]:
    """The first `limit` active standings whose last check was due before this day, of these businesses or of all."""
    mine, wanted = "", []
    if businesses is not None:
        if not businesses:
            return []
        mine = f"AND s.business_id IN ({', '.join(['%s'] * len(businesses))})"
        wanted = [bulk.bound(id) for id in businesses]
    params = [bulk.bound(day), bulk.bound(day), *wanted, limit]
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(mine=mine), params)
        return [_stale(row) for row in cursor.fetchall()]


def _stale(row: tuple[Any, ...]) -> Stale:
    facts = row[10:14]
    tags = row[15]
    return Stale(
        bulk.unbound_uuid(row[0]),
        bulk.unbound_uuid(row[1]),
        bulk.unbound_uuid(row[2]),
        row[3],
        bulk.unbound_day(row[4]),
        None if row[5] is None else bulk.unbound_day(row[5]),
        facts,
        facts != row[6:10],
        row[16] in OWES_CHECKS and row[17] == "active",
        row[14],
        tags if isinstance(tags, str) else json.dumps(tags),
        None if row[18] is None else bulk.unbound_uuid(row[18]),
    )
