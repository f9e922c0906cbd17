"""Loading the code tables. Nothing else changes them; no row is ever taken away: a rule that ended has an `until`."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from qianan.formats.tables import read_table
from qianan.ground.codebook import queries
from qianan.ground.codebook.events import CodebookLoaded
from qianan.ground.codebook.models import CodeRow, Department, LoadedFile
from qianan.ground.codebook.reading import TABLES, columns_of, read_rows
from qianan.ground.trail import actions as trail
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL
from qianan.kernel.problems import Invalid, InvalidMany
from qianan.kernel.ref import Ref

BATCH = 500


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading did: rows new, changed, the same; `absent` stand in the table and not in the file."""

    added: int
    changed: int
    same: int
    absent: int = 0


@transaction.atomic
def load_table(name: str, rows: Iterable[Mapping[str, str]], *, digest: str, by: Actor, now: datetime) -> Loaded:
    """Load one code table from rows of text, as a CSV file gives them; `digest` is the file's SHA-256 (hex).

    The same file twice changes nothing and says nothing. Rows are added or changed by their code; a row that the file
    no longer has stays, since old records point at it, and is counted as absent.

    Raises Invalid("no_table"), InvalidMany with one problem for each wrong cell: nothing is loaded then.
    """
    if name not in TABLES:
        raise Invalid("no_table", where=name, name=name)
    model = TABLES[name]
    digest = _digest_with_columns(digest, model)
    last = LoadedFile.objects.filter(table=name).first()
    if last is not None and last.digest == digest:
        return Loaded(0, 0, last.rows)
    made, problems = read_rows(name, rows)
    if name == "sector_departments" and not problems:
        known = set(Department.objects.values_list("code", flat=True))
        problems += [
            Invalid("no_department", where=f"{name}:{number}:department", code=row.department_id)  # type: ignore[attr-defined]
            for number, row in enumerate(made, start=2)
            if row.department_id not in known  # type: ignore[attr-defined]
        ]
    if problems:
        raise InvalidMany(problems)
    loaded = _write(model, made)
    LoadedFile.objects.update_or_create(table=name, defaults={"digest": digest, "rows": len(made), "at": now})
    queries.forget()
    about = Ref("codebook.table", NIL, name)
    event = CodebookLoaded(
        about=about, table=name, added=loaded.added, changed=loaded.changed, same=loaded.same, digest=digest
    )
    trail.record(event, by=by, now=now)
    return loaded


def _write(model: type[CodeRow], made: list[CodeRow]) -> Loaded:
    columns = [field.attname for field in columns_of(model).values() if not field.primary_key]
    have = {row.pk: row for row in model._default_manager.all()}
    new = [row for row in made if row.pk not in have]
    differs = [
        row for row in made if row.pk in have and any(getattr(row, c) != getattr(have[row.pk], c) for c in columns)
    ]
    model._default_manager.bulk_create(new, batch_size=BATCH)
    if differs:
        model._default_manager.bulk_update(differs, columns, batch_size=BATCH)
    absent = len(have.keys() - {row.pk for row in made})
    return Loaded(len(new), len(differs), len(made) - len(new) - len(differs), absent)


def _digest_with_columns(digest: str, model: type[CodeRow]) -> str:
    """A table that has got a new column is read again though the file is the same."""
    return hashlib.sha256(f"{digest} {' '.join(sorted(columns_of(model)))}".encode()).hexdigest()


@transaction.atomic
def load_all(folder: Path, *, by: Actor, now: datetime) -> dict[str, Loaded]:
    """Load every code table that has a file `<name>.csv` in the folder; all of them or none.

    A table without a file stays as it is. Raises Invalid("no_such_folder"), and what reading and loading raise.
    """
    if not folder.is_dir():
        raise Invalid("no_such_folder", where=str(folder))
    done: dict[str, Loaded] = {}
    for name in TABLES:
        path = folder / f"{name}.csv"
        if path.exists():
            data = path.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            done[name] = load_table(name, read_table(data).dicts(), digest=digest, by=by, now=now)
    return done
