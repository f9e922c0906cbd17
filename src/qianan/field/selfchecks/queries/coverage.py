"""Who has checked and who has not, over areas and trades: a constant number of statements over standings."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Substr

from qianan.field.selfchecks import access
from qianan.field.selfchecks.models import Standing
from qianan.ground.codebook import queries as codebook
from qianan.ground.places import queries as places
from qianan.kernel.actor import Actor
from qianan.kernel.named import Named
from qianan.registry.businesses.models import Business
from qianan.tables.within import within

CHILD = {2: 6, 6: 9, 9: 12}
"""Length of a place's code → of its children's: city, district, street, community."""


@dataclass(frozen=True)
class Cover:
    """One row of the coverage board, in sites that owe checks.

    `checked`: some list came in since the day asked for. `silent`: some list was missed and nothing has come in
    since. `led`: a principal filled one in himself. `never`: nothing ever came in. A site may be checked and silent.
    """

    code: str
    names: Named
    sites: int
    checked: int
    silent: int
    led: int
    never: int

    @property
    def name_zh(self) -> str:
        return self.names.name_zh

    @property
    def name_en(self) -> str:
        return self.names.name_en


@dataclass(frozen=True)
class Led:
    """Checks that principals led (负责人带头检查) beneath a place: sites led since the day, and checks of all time."""

    code: str
    names: Named
    sites: int
    led_sites: int
    checks: int
    led_checks: int


def standings_for(
    actor: Actor,
    *,
    place_code: str = "",
    line: str = "",
    silent: bool | None = None,
    since: datetime | None = None,
) -> QuerySet[Standing]:
    """The standings of sites that owe checks and that this actor may see: what stands behind every number here.

    `silent`: those with misses since the last check, or those without. `since`: those checked at or after it.
    """
    found = access.standings_visible_to(actor).filter(within(place_code), active=True)
    if line:
        found = found.filter(line=line)
    if silent is not None:
        found = found.filter(missed_in_row__gt=0) if silent else found.filter(missed_in_row=0)
    if since is not None:
        found = found.filter(last_at__gte=since)
    return found


def silent_for(actor: Actor, *, place_code: str = "", line: str = "", on: date | None = None) -> QuerySet[Standing]:
    """Who has not reported: standings with misses since the last check, the longest silence first.

    With `on`, only sites that owed checks by that day.
    """
    found = standings_for(actor, place_code=place_code, line=line, silent=True)
    if on is not None:
        found = found.filter(owed_since__lte=on)
    return found.order_by("-missed_in_row", F("last_at").asc(nulls_first=True), "place_code", "business_id", "id")


@dataclass(frozen=True)
class Week:
    """The checks due in one week (Monday to Sunday) by what became of them; `led`: answered by a principal.

    `owed` is all but the waived; what is neither done, late nor missed may still come in.
    """

    monday: date
    owed: int
    done: int
    late: int
    missed: int
    led: int


def weekly(actor: Actor, *, place_code: str = "", line: str = "", weeks: int = 12, on: date) -> list[Week]:
    """The trend: the last weeks up to the one that holds `on`, oldest first. One statement over their due days."""
    last = on - timedelta(days=on.weekday())
    first = last - timedelta(weeks=weeks - 1)
    rows = access.occurrences_visible_to(actor).filter(
        within(place_code), due_day__gte=first, due_day__lt=last + timedelta(days=7)
    )
    if line:
        rows = rows.filter(business_id__in=Business.objects.filter(line=line).values("id"))
    sums = {first + timedelta(weeks=number): [0, 0, 0, 0, 0] for number in range(weeks)}
    days = rows.values("due_day").annotate(
        owed=Count("id", filter=~Q(state="waived")),
        done=Count("id", filter=Q(state="done")),
        late=Count("id", filter=Q(state="late")),
        missed=Count("id", filter=Q(state="missed")),
        by_principal=Count("id", filter=Q(led=True)),
    )
    for row in days.order_by("due_day"):
        into = sums[row["due_day"] - timedelta(days=row["due_day"].weekday())]
        for number, name in enumerate(("owed", "done", "late", "missed", "by_principal")):
            into[number] += row[name]  # type: ignore[literal-required]
    return [Week(monday, *counts) for monday, counts in sorted(sums.items())]


def coverage(
    actor: Actor, *, place_code: str = "", line: str = "", by: str = "place", since: datetime, on: date
) -> list[Cover]:
    """Coverage of a place, by its child places or by trade (`by`: "place", "trade"). Three statements at most.

    `since` (aware) is where "has checked" begins, e.g. thirty days ago; `on` the day whose sites count.
    """
    rows = standings_for(actor, place_code=place_code, line=line).filter(owed_since__lte=on)
    if by == "trade":
        grouped = _grouped(rows.annotate(group=Substr("industry_code", 1, 2)), since)
        return _by_section(grouped)
    grouped = _grouped(rows.annotate(group=Substr("place_code", 1, CHILD.get(len(place_code), 6))), since)
    names = places.names_of([row["group"] for row in grouped])
    return [_cover(row["group"], names.get(row["group"], Named(row["group"], "")), row) for row in grouped]


def _grouped(rows: Any, since: datetime) -> list[dict[str, Any]]:
    site = "site_id"
    return list(
        rows.values("group")
        .annotate(
            sites=Count(site, distinct=True),
            checked=Count(site, distinct=True, filter=Q(last_at__gte=since)),
            silent=Count(site, distinct=True, filter=Q(missed_in_row__gt=0)),
            led=Count(site, distinct=True, filter=Q(last_led_at__gte=since)),
            ever=Count(site, distinct=True, filter=Q(last_at__isnull=False)),
        )
        .order_by("group")
    )


def _cover(code: str, names: Named, row: dict[str, Any]) -> Cover:
    return Cover(code, names, row["sites"], row["checked"], row["silent"], row["led"], row["sites"] - row["ever"])


def _by_section(grouped: list[dict[str, Any]]) -> list[Cover]:
    """Divisions of GB/T 4754 folded into sections; a site has one trade, so its sections do not overlap."""
    folded: dict[str, dict[str, Any]] = {}
    for row in grouped:
        section = codebook.section_of(row["group"]) if row["group"] else ""
        into = folded.setdefault(section, dict.fromkeys(("sites", "checked", "silent", "led", "ever"), 0))
        for key in into:
            into[key] += row[key]
    names = codebook.industry_names([section for section in folded if section])
    return [
        _cover(section, names.get(section, Named("行业未填", "No trade given")), row)
        for section, row in sorted(folded.items())
    ]


def principal_led_counts(actor: Actor, *, place_code: str = "", line: str = "", since: datetime, on: date) -> list[Led]:
    """How far principals lead checks themselves, by child place. Two statements."""
    rows = standings_for(actor, place_code=place_code, line=line).filter(owed_since__lte=on)
    grouped = (
        rows.annotate(group=Substr("place_code", 1, CHILD.get(len(place_code), 6)))
        .values("group")
        .annotate(
            sites=Count("site_id", distinct=True),
            led_sites=Count("site_id", distinct=True, filter=Q(last_led_at__gte=since)),
            all_checks=Sum("checks"),
            all_led=Sum("led_checks"),
        )
        .order_by("group")
    )
    found = list(grouped)
    names = places.names_of([row["group"] for row in found])
    return [
        Led(
            row["group"],
            names.get(row["group"], Named(row["group"], "")),
            row["sites"],
            row["led_sites"],
            row["all_checks"],
            row["all_led"],
        )
        for row in found
    ]
