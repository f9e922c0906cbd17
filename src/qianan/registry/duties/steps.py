"""The ladder of a duty as a page shows it: every rung, when it is or was told, who sits there."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from qianan.ground.accounts import queries as accounts
from qianan.ground.accounts.models import Body
from qianan.ground.codebook import queries as codebook
from qianan.ground.codebook.models import Rung
from qianan.registry.duties import ladder
from qianan.registry.duties.chairs import Chairs, Houses, chairs_and_offices
from qianan.registry.duties.models import Climb, Duty


@dataclass(frozen=True)
class Step:
    """One rung of a duty's ladder. `at` is when it is (or was to be) told; `reached` when it was, None until then.

    `body` is the office, None within the business; `post` and `people` who is told there (today, or was, by chair).
    `fell` when nobody sat there and it went on to the next. `rule` is the codebook row, `verified` whether its source
    was read.
    """

    rung: int
    role: str
    line: str
    at: datetime
    reached: datetime | None
    body_code: str
    body: Body | None
    post: uuid.UUID | None
    people: tuple[accounts.Sitting, ...]
    fell: bool
    rule: str
    verified: bool

    @property
    def name_zh(self) -> str:
        return self.body.name_zh if self.body else self.body_code

    @property
    def name_en(self) -> str:
        return self.body.name_en if self.body else self.body_code


def ladder_of(duty: Duty, *, on: date) -> list[Step]:
    """The rungs of one duty, reminder first."""
    return ladders_of([duty], on=on)[duty.id]


def offices_on_ladders(duties: Iterable[Duty], *, on: date) -> set[str]:
    """The offices that the rungs of these duties lead to. No statement."""
    return {
        code
        for duty in duties
        for rung in codebook.rungs_for(duty.kind, duty.level, on=on)
        for code in ladder.bodies_of(rung, duty)
    }


def ladders_of(
    duties: Sequence[Duty], *, on: date, known: Houses | None = None, bodies: Mapping[str, Body] | None = None
) -> dict[uuid.UUID, list[Step]]:
    """The ladders of these duties by id. Four statements, however many duties; one when the houses of the duties'
    businesses and of `offices_on_ladders`, and those bodies, are known."""
    climbs: dict[tuple[uuid.UUID, int], Climb] = {}
    rows = Climb.objects.filter(
        business_id__in={duty.business_id for duty in duties}, duty_id__in=[duty.id for duty in duties]
    )
    due = {duty.id: duty.due_at for duty in duties}
    for climb in rows:
        if climb.due_at == due[climb.duty_id]:
            climbs[climb.duty_id, climb.rung] = climb
    if known is None or bodies is None:
        codes = offices_on_ladders(duties, on=on) | {climb.body_code for climb in climbs.values() if climb.body_code}
        known = chairs_and_offices({duty.business_id for duty in duties}, codes, on=on)
        bodies = accounts.bodies(codes)
    return {
        duty.id: [
            _step(duty, rung, climbs.get((duty.id, rung.rung)), known, bodies)
            for rung in codebook.rungs_for(duty.kind, duty.level, on=on)
        ]
        for duty in duties
    }


def _step(duty: Duty, rung: Rung, climb: Climb | None, known: Houses, bodies: Mapping[str, Body]) -> Step:
    chairs, offices = known
    codes = ladder.bodies_of(rung, duty)
    code = climb.body_code if climb else next((each for each in codes if each in bodies), next(iter(codes), ""))
    inside = rung.line == "business"
    house = (chairs.get(duty.business_id) if inside else offices.get(code)) or Chairs()
    kinds = (rung.tells_role, "principal", "safety_manager") if inside else ("head", "inspector")
    view = house.view(climb.post) if climb else house.first_occupied(*kinds)
    return Step(
        rung=rung.rung,
        role=rung.tells_role,
        line=rung.line,
        at=codebook.climb_at(rung, due_at=duty.due_at),
        reached=climb.at if climb else None,
        body_code=code,
        body=bodies.get(code),
        post=climb.post if climb else view.id if view else None,
        people=view.people if view else (),
        fell=climb is not None and climb.post is None,
        rule=rung.code,
        verified=rung.verified,
    )
