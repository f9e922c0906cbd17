"""A letter as the room with the news hands it in."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qianan.kernel.ids import NIL
from qianan.kernel.ref import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """To whom, what about, in which words (`kind`), with which params; words are made when it is read or sent.

    `source` is unique per person (the trail entry's id, say): the same again is written once. `params` are JSON
    values: texts as users typed them, days and moments in ISO 8601, names in both languages as `x_zh`/`x_en` (or `x`
    and `x_en`), people by id as `x_person`: never a person's name or number, which must stay erasable.
    `business_id` nil = that of `about`. `urgent` goes out at once, also in quiet hours. `ack_by` asks the reader to
    acknowledge by then.
    """

    person: uuid.UUID
    kind: str
    about: Ref
    source: str
    params: Mapping[str, Any] = field(default_factory=dict)
    place_code: str = ""
    business_id: uuid.UUID = NIL
    urgent: bool = False
    ack_by: datetime | None = None
