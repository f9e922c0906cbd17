"""How often a list is owed."""

from collections.abc import Collection
from datetime import date
from fnmatch import fnmatchcase

from qianan.ground.codebook.models import Frequency
from qianan.ground.codebook.queries.shelf import held, in_force, stretch, table
from qianan.kernel.problems import NotFound


def frequency_for(*, checklist: str, venue: str, tags: Collection[str], tier: str, default: str, on: date) -> Frequency:
    """How often this list is owed by a site of this venue, tags and tier.

    The most specific row wins: one that names the list before one with a pattern for it (`*-daily`), then one that
    names the venue, then more tags, then the tier. When none speaks of it, the list's own frequency (`default`)
    holds, through the row `any-<default>`. Raises NotFound("no_frequency") when that is missing too.
    """
    key = ("frequency", checklist, venue, frozenset(tags), tier, default, stretch(Frequency, on))
    return held(key, lambda: _frequency(checklist, venue, frozenset(tags), tier, default, on))


def _frequency(checklist: str, venue: str, tags: frozenset[str], tier: str, default: str, on: date) -> Frequency:
    best: Frequency | None = None
    best_rank: tuple[object, ...] = ()
    fallback: Frequency | None = None
    for row in in_force(table(Frequency), on):
        if row.code == f"any-{default}":
            fallback = row
        if not (row.checklist or row.venue or row.tags or row.tier):
            continue
        wanted = frozenset(tag for tag in row.tags.split(";") if tag)
        named = row.checklist in ("", checklist) or fnmatchcase(checklist, row.checklist)
        if not named or row.venue not in ("", venue) or row.tier not in ("", tier) or not wanted <= tags:
            continue
        how_named = 0 if not row.checklist else 2 if row.checklist == checklist else 1
        rank = (how_named, bool(row.venue), len(wanted), bool(row.tier), row.since or date.min, row.code)
        if best is None or rank > best_rank:
            best, best_rank = row, rank
    if found := best or fallback:
        return found
    raise NotFound("no_frequency", checklist=checklist, frequency=default)
