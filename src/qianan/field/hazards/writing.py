"""How the room's rows are locked, changed by sets, numbered and named in refs."""

import base64
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db import connection, models

from qianan.field.hazards.lifecycle import UNDER_WAY
from qianan.field.hazards.models import Hazard, Rectification
from qianan.kernel.problems import Conflict, NotFound
from qianan.kernel.ref import Ref
from qianan.tables import bulk
from qianan.tables.shard import is_citus

Key = tuple[uuid.UUID, uuid.UUID]


def ref_of(hazard: Hazard) -> Ref:
    return Ref("hazards.hazard", hazard.business_id, str(hazard.id))


def side_ref(row: models.Model) -> Ref:
    """The ref of a row beside the hazard: `hazards.supervision:<business>:<id>`, `hazards.transfer:…`."""
    return Ref(f"hazards.{row._meta.model_name}", row.business_id, str(row.id))  # type: ignore[attr-defined]


def key_of(hazard: Hazard) -> Key:
    return hazard.business_id, hazard.id


def paper_number(prefix: str, id: uuid.UUID, day: date) -> str:
    """A number for people: prefix, day, six base-32 signs of the id's own chance (`YH20261102-7QK3ZD`)."""
    tail = base64.b32encode((id.int & ((1 << 30) - 1)).to_bytes(4, "big") + b"\0").decode()
    return f"{prefix}{day:%Y%m%d}-{tail[1:7]}"


def subject_of(hazard: Hazard) -> str:
    """The hazard in a few words, for lists of duties and letters."""
    return f"{hazard.number} {hazard.text}"[:200]


CHUNK = 5000
"""So many ids go into one statement; an engine binds some tens of thousands at most."""


def chunks(hazards: Sequence[Hazard]) -> Iterator[Sequence[Hazard]]:
    for start in range(0, len(hazards), CHUNK):
        yield hazards[start : start + CHUNK]


def lock(hazards: Sequence[Hazard], *, expected: Iterable[int | None] = ()) -> None:
    """Read these rows anew, for this transaction alone, into the very objects given. One statement per 5,000.

    Raises NotFound("no_such_hazard"); Conflict("changed_meanwhile") when a version is not the expected one.
    """
    found: dict[Key, Hazard] = {}
    for some in chunks(hazards):
        owners = {hazard.business_id for hazard in some}
        rows = Hazard.objects.filter(business_id__in=owners, id__in=[hazard.id for hazard in some])
        if connection.vendor == "postgresql" and (len(owners) == 1 or not is_citus(connection)):
            # always in the same order, so that two sets that overlap do not wait for each other in a ring
            rows = rows.order_by("business_id", "id").select_for_update()
        found |= {(row.business_id, row.id): row for row in rows}
    for hazard in hazards:
        row = found.get(key_of(hazard))
        if row is None:
            raise NotFound("no_such_hazard")
        for field in Hazard._meta.concrete_fields:
            setattr(hazard, field.attname, getattr(row, field.attname))
    for hazard, version in zip(hazards, expected, strict=False):
        if version is not None and version != hazard.version:
            raise Conflict("changed_meanwhile", where="version", expected=version, version=hazard.version)


def write(rows: Sequence[models.Model], *fields: str) -> None:
    """Write these columns of these rows; a hazard's version goes up with each change. One statement for all."""
    if not rows:
        return
    model = type(rows[0])
    names = list(fields)
    if model is Hazard:
        names.append("version")
        for row in rows:
            row.version += 1  # type: ignore[attr-defined]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(str(model._meta.get_field(name).column))} = %s" for name in names)  # type: ignore[union-attr]
    bulk.run(
        f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE business_id = %s AND id = %s",  # noqa: S608  names
        [[*(getattr(row, name) for name in names), row.business_id, row.id] for row in rows],  # type: ignore[attr-defined]
    )


def in_force(rows: Iterable[Rectification]) -> Rectification | None:
    """Of a hazard's rectifications, oldest first: the one under way (there is one at most), else the last accepted.

    Two acts of one moment may stand in either order; what is under way does not depend on it.
    """
    found: Rectification | None = None
    for row in rows:
        if row.state in UNDER_WAY:
            return row
        if row.state == "accepted":
            found = row
    return found


def current_rectifications(hazards: Sequence[Hazard]) -> dict[Key, Rectification]:
    """The rectification in force of each hazard; one without any is missing. One statement per 5,000."""
    rows: dict[Key, list[Rectification]] = defaultdict(list)
    for some in chunks(hazards):
        found = Rectification.objects.filter(
            business_id__in={hazard.business_id for hazard in some}, hazard_id__in=[hazard.id for hazard in some]
        )
        for row in found.exclude(state="withdrawn").order_by("ordered_at", "id"):
            rows[row.business_id, row.hazard_id].append(row)
    return {key: fix for key, some in rows.items() if (fix := in_force(some))}
