"""Counts for boards: by level and state, by place, by age, by rung. Each is one statement; nothing is fetched."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import CharField, Count, Q, QuerySet
from django.db.models.functions import Substr

from qianan.field.hazards import access
from qianan.field.hazards.lifecycle import MACRO, OPEN
from qianan.field.hazards.models import Hazard
from qianan.kernel.actor import Actor
from qianan.registry.duties import access as duty_access
from qianan.tables.within import within

BANDS = ((0, 3), (3, 7), (7, 30), (30, 90), (90, None))
"""Age bands of open hazards in days since they were found: from, before."""

DEPTHS = {0: 2, 2: 6, 6: 9, 9: 12}
"""How deep the places beneath a place are coded."""


@dataclass(frozen=True)
class Counts:
    """What stands in an area at a moment.

    `by_state[level][state]`; `by_place[code][level]` open ones of each place beneath; `by_age` open ones per BANDS;
    `by_rung[n]` fixes that climbed to rung n (0 = late, nobody told yet); `overdue` fixes past their deadline.
    """

    at: datetime
    place_code: str
    by_state: dict[str, dict[str, int]] = field(default_factory=dict)
    by_place: dict[str, dict[str, int]] = field(default_factory=dict)
    by_age: tuple[int, ...] = ()
    by_rung: dict[int, int] = field(default_factory=dict)
    overdue: int = 0
    supervised: int = 0

    @property
    def total(self) -> int:
        return sum(count for states in self.by_state.values() for count in states.values())

    @property
    def open(self) -> int:
        return self.macro("open") + self.macro("fixed")

    def macro(self, name: str, level: str = "") -> int:
        """How many are open, fixed or closed, of one level or of all."""
        return sum(
            count
            for of, states in self.by_state.items()
            if level in {"", of}
            for state, count in states.items()
            if MACRO[state] == name
        )


def counts_for(actor: Actor, place_code: str = "", *, line: str = "", industry: str = "", at: datetime) -> Counts:
    """The counts of what the actor may see within a place. Four statements, however many hazards."""
    found = access.visible_to(actor).filter(within(place_code))
    if line:
        found = found.filter(line=line)
    if industry:
        found = found.filter(industry_code__startswith=industry)
    late = duty_access.visible_to(actor).filter(within(place_code), kind="rectification", state="open", due_at__lt=at)
    if line:
        late = late.filter(line=line)
    if industry:
        late = late.filter(industry_code__startswith=industry)
    rungs = dict(late.order_by().values_list("rung").annotate(n=Count("id")))
    return counts_of(found, place_code, at=at, rungs=rungs)


def counts_of(
    found: QuerySet[Hazard], place_code: str = "", *, at: datetime, rungs: dict[int, int] | None = None
) -> Counts:
    """The counts of a set of hazards. Three statements."""
    found = found.order_by()
    by_state: dict[str, dict[str, int]] = {}
    for level, state, count in found.values_list("level", "state").annotate(n=Count("id")):
        by_state.setdefault(level, {})[state] = count
    open_ones = found.filter(state__in=sorted(OPEN))
    by_place: dict[str, dict[str, int]] = {}
    depth = DEPTHS.get(len(place_code))
    if depth:
        rows = open_ones.annotate(child=Substr("place_code", 1, depth, output_field=CharField()))
        for code, level, count in rows.values_list("child", "level").annotate(n=Count("id")):
            by_place.setdefault(code, {})[level] = count
    ages = open_ones.aggregate(
        overdue=Count("id", filter=Q(state="rectifying", due_at__lt=at)),
        supervised=Count("id", filter=Q(supervised=True)),
        **{
            f"band_{number}": Count(
                "id",
                filter=Q(found_at__lte=at - timedelta(days=low))
                & (Q() if high is None else Q(found_at__gt=at - timedelta(days=high))),
            )
            for number, (low, high) in enumerate(BANDS)
        },
    )
    return Counts(
        at=at,
        place_code=place_code,
        by_state=by_state,
        by_place=by_place,
        by_age=tuple(ages[f"band_{number}"] for number in range(len(BANDS))),
        by_rung=dict(rungs or {}),
        overdue=ages["overdue"],
        supervised=ages["supervised"],
    )
