"""Who acts, by which seat, through which door. Comes in by the door; no room reads a request."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from qianan.kernel.ids import NIL
from qianan.kernel.ref import Ref

BUSINESS_ROLES = frozenset({"worker", "safety_manager", "principal"})
"""Roles within one business: staff 员工, safety manager 安全管理人员, principal 主要负责人."""

OFFICER_ROLES = frozenset({"community", "street", "district", "city", "industry"})
"""Roles of a public body, over a place subtree and, for industry officers, a line."""

ADMIN_ROLES = frozenset({"admin"})
ROLES = BUSINESS_ROLES | OFFICER_ROLES | ADMIN_ROLES


@dataclass(frozen=True, slots=True)
class SeatView:
    """A person's dated right to act, as the actor carries it (席位).

    `place_code` is the subtree an officer may see; `line` a department code ("" = all lines);
    `business` the one business of a business seat; `post` the ref of the chair it fills.
    """

    id: uuid.UUID
    role: str
    place_code: str = ""
    line: str = ""
    business: uuid.UUID = NIL
    body_code: str = ""
    post: uuid.UUID | None = None

    def covers(self, place_code: str) -> bool:
        """Whether this officer's seat reaches the place: codes nest, so "within" is a prefix."""
        return self.role in OFFICER_ROLES | ADMIN_ROLES and place_code.startswith(self.place_code)


@dataclass(frozen=True, slots=True)
class Actor:
    """One person (or the clock) at one door. `seat` is the seat acted from; `seats` are all of today's."""

    person: uuid.UUID | None
    seats: tuple[SeatView, ...] = ()
    seat: SeatView | None = None
    door: str = "system"
    name: str = field(default="", compare=False)

    @classmethod
    def system(cls, door: str = "clock") -> "Actor":
        """The house itself: the clock, a listener, a set-up command."""
        return cls(person=None, door=door)

    @property
    def is_system(self) -> bool:
        return self.person is None and self.door in {"clock", "wiring", "setup", "replay", "plant"}

    @property
    def ref(self) -> str:
        """What the trail keeps: a ref to the person, never a name."""
        if self.person is None:
            return f"system:{self.door}"
        return str(Ref("accounts.person", NIL, str(self.person)))

    @property
    def seat_ref(self) -> str:
        return str(Ref("accounts.seat", NIL, str(self.seat.id))) if self.seat else ""

    def at(self, business: uuid.UUID) -> SeatView | None:
        """This person's strongest seat in the business, or None."""
        rank = {"principal": 0, "safety_manager": 1, "worker": 2}
        own = [seat for seat in self.seats if seat.business == business and seat.role in rank]
        return min(own, key=lambda seat: rank[seat.role]) if own else None

    def roles_at(self, business: uuid.UUID) -> frozenset[str]:
        return frozenset(seat.role for seat in self.seats if seat.business == business)

    def posts(self) -> frozenset[uuid.UUID]:
        return frozenset(seat.post for seat in self.seats if seat.post is not None)

    def officer_seats(self, roles: Iterable[str] = OFFICER_ROLES) -> tuple[SeatView, ...]:
        wanted = set(roles)
        return tuple(seat for seat in self.seats if seat.role in wanted)

    @property
    def is_admin(self) -> bool:
        return any(seat.role in ADMIN_ROLES for seat in self.seats)
