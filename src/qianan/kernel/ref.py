"""Ref: a link to a thing, as plain text; doors turn it into an address."""

import uuid
from dataclasses import dataclass

from qianan.kernel.ids import NIL


@dataclass(frozen=True, slots=True)
class Ref:
    """`Ref("hazards.hazard", business, id)`, as text `hazards.hazard:<business>:<id>`.

    `id` is a UUID for rows, a code for reference rows (`places.place::110105`). Links that would point up
    the stairs, and every link in the trail, are refs: no foreign key, no import.
    """

    noun: str
    business: uuid.UUID
    id: str

    @classmethod
    def of(cls, noun: str, business: uuid.UUID | None, id: object) -> "Ref":
        return cls(noun, business or NIL, str(id))

    @classmethod
    def parse(cls, text: str) -> "Ref":
        """Read a ref from its text. Raises ValueError when it is not one."""
        noun, _, rest = text.partition(":")
        business, sep, id = rest.partition(":")
        if not sep or "." not in noun or not id:
            raise ValueError(f"not a ref: {text!r}")
        return cls(noun, uuid.UUID(business) if business else NIL, id)

    @property
    def uuid(self) -> uuid.UUID:
        """The id as a UUID. Raises ValueError for a code."""
        return uuid.UUID(self.id)

    def __str__(self) -> str:
        return f"{self.noun}:{'' if self.business == NIL else self.business}:{self.id}"
