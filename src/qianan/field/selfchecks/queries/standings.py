"""How a site stands with each of its lists, and which post owes them."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from qianan.field.selfchecks.models import Standing
from qianan.kernel.ids import uuid_of
from qianan.kernel.ref import Ref
from qianan.registry.businesses.models import Site
from qianan.registry.checklists.models import Checklist, Version

NOUN = "selfchecks.standing"


def standing_id(site_id: uuid.UUID, checklist: str) -> uuid.UUID:
    """The id of a site's standing with a list: made from the two, so it can be named before it is looked up."""
    return uuid_of("standing", site_id, checklist)


def standing_ref(standing: Standing) -> Ref:
    """What a silence is about: `selfchecks.standing:<business>:<id>`."""
    return Ref.of(NOUN, standing.business_id, standing.id)


def standing_of(site: Site) -> list[Standing]:
    """The site's standing with each list it has owed or filled in, those it owes now first. The caller has fetched
    the site for an actor."""
    return list(Standing.objects.filter(business_id=site.business_id, site_id=site.id).order_by("-active", "checklist"))


def standings_by_ref(refs: Iterable[Ref]) -> dict[str, Standing]:
    """Standings by the text of their refs (what silence duties are about), without asking for whom."""
    wanted = [ref for ref in refs if ref.noun == NOUN]
    rows = Standing.objects.filter(business_id__in={ref.business for ref in wanted})
    by_ref = {str(standing_ref(row)): row for row in rows}
    return {str(ref): by_ref[str(ref)] for ref in wanted if str(ref) in by_ref}


def lists_published(since: datetime, until: datetime) -> list[Checklist]:
    """Lists of which a version was published between two moments: sites may have to be enrolled for them."""
    fresh = Version.objects.filter(state="published", published_at__gte=since, published_at__lte=until)
    return list(Checklist.objects.filter(code__in=fresh.values("checklist_id")))
