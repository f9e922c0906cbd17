"""Public bodies: offices and bureaus."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from qianan.ground.accounts import identity, queries
from qianan.ground.accounts.days import day_of
from qianan.ground.accounts.events import BodyAdded
from qianan.ground.accounts.models import Body
from qianan.ground.trail import actions as trail
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL
from qianan.kernel.problems import Invalid, NotYours
from qianan.kernel.ref import Ref
from qianan.tables import bulk


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBody:
    """A street office, a bureau. `code` "" is made from kind, place and line. `phone` as it is printed."""

    kind: str
    name_zh: str
    name_en: str
    place_code: str
    line: str = ""
    phone: str = ""
    code: str = ""
    since: date | None = None


@transaction.atomic
def add_bodies(rows: Sequence[NewBody], *, by: Actor, now: datetime) -> list[Body]:
    """Add the bodies that are not there yet, and bring names and numbers of the others up to date.

    Gives all of them, in the order of the rows. By the house or an admin. Raises NotYours("not_an_admin"), Invalid.
    """
    if not (by.is_system or by.is_admin):
        raise NotYours("not_an_admin")
    wanted = {body.code: body for body in (_row_of(new, day_of(now)) for new in rows)}
    there = Body.objects.in_bulk(list(wanted))
    fresh = [body for code, body in wanted.items() if code not in there]
    bulk.insert(fresh)
    changed = []
    for code, body in there.items():
        new = wanted[code]
        facts = (new.name_zh, new.name_en, new.phone or body.phone)
        if (body.name_zh, body.name_en, body.phone) != facts:
            body.name_zh, body.name_en, body.phone = facts
            changed.append(body)
    Body.objects.bulk_update(changed, ["name_zh", "name_en", "phone"], batch_size=300)
    trail.record_many(
        [
            BodyAdded(about=Ref.of("accounts.body", NIL, body.code), place_code=body.place_code, kind=body.kind)
            for body in fresh
        ],
        by=by,
        now=now,
    )
    return [there.get(code) or wanted[code] for code in wanted]


def _row_of(new: NewBody, today: date) -> Body:
    if new.kind not in Body.KINDS:
        raise Invalid("unknown_body_kind", where="kind")
    if not new.place_code or (new.kind == "department") != bool(new.line):
        raise Invalid("body_incomplete", where="line" if new.place_code else "place_code")
    return Body(
        code=new.code or queries.body_code(new.kind, new.place_code, new.line),
        kind=new.kind,
        name_zh=identity.line_of(new.name_zh, where="name_zh", limit=80),
        name_en=identity.line_of(new.name_en, where="name_en", limit=160),
        place_code=new.place_code,
        line=new.line,
        phone=identity.line_of(new.phone, where="phone", limit=30, empty=True),
        since=new.since or today,
    )
