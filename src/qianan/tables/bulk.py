"""Many rows at once, as fast as the engine takes them: what actions use where sets are large.

Django's `bulk_create` binds at most 999 values a statement on SQLite and asks every field of every row how it wants to
be written; here the embedded engine gets one prepared statement and many rows. Other engines keep Django's own way.
"""

import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models

BATCH = 2000


def _moment(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(" ")[:-6]  # without "+00:00"


def _hex(value: uuid.UUID | None) -> str | None:
    return None if value is None else value.hex


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _json(value: Any) -> str | None:
    if value == {}:  # most are
        return "{}"
    return None if value is None else json.dumps(value)


def _same(value: Any) -> Any:
    return value


PLAIN = (models.CharField, models.TextField, models.IntegerField, models.FloatField, models.BooleanField)


def _writer(field: Any) -> Callable[[Any], Any]:
    """How a value of this field is bound on SQLite: what its `get_db_prep_save` would give, without the asking."""
    if isinstance(field, models.ForeignKey):
        return _writer(field.target_field)
    if isinstance(field, models.UUIDField):
        return _hex
    if isinstance(field, models.DateTimeField):  # before DateField: it is one
        return _moment
    if isinstance(field, models.DateField):
        return _day
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, PLAIN):
        return _same
    return lambda value: field.get_db_prep_save(value, connection)


@lru_cache(maxsize=64)
def _plan(model: type[models.Model]) -> tuple[str, list[tuple[str, Callable[[Any], Any]]]]:
    quote = connection.ops.quote_name
    fields = model._meta.concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608  names, no values
    return sql, [(field.attname, _writer(field)) for field in fields]


def insert(rows: Iterable[models.Model], *, ignore: bool = False) -> None:
    """Insert rows of one model, ids already made. With `ignore`, a row whose unique key is taken is left out.

    Raises IntegrityError like any insert; the caller's transaction is the caller's.
    """
    objects = list(rows)
    if not objects:
        return
    model = type(objects[0])
    if connection.vendor != "sqlite":
        model._base_manager.bulk_create(objects, batch_size=BATCH, ignore_conflicts=ignore)
        return
    sql, plan = _plan(model)
    if ignore:
        sql += " ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.executemany(
            sql, [tuple([write(row[name]) for name, write in plan]) for row in (each.__dict__ for each in objects)]
        )
    for each in objects:
        each._state.adding = False
        each._state.db = "default"


def update(rows: Iterable[models.Model], names: Iterable[str]) -> None:
    """Save these fields (by name) of rows of one model, found by their key: one prepared statement for all.

    `bulk_update` writes a CASE over every row for every field, which an engine reads for seconds.
    """
    objects = list(rows)
    if not objects:
        return
    meta = type(objects[0])._meta
    wanted = list(names)
    if connection.vendor != "sqlite":
        type(objects[0])._base_manager.bulk_update(objects, wanted, batch_size=KEYS)
        return
    quote = connection.ops.quote_name
    fields = [meta.get_field(name) for name in wanted]
    keys = list(meta.pk_fields)
    sets = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)  # type: ignore[union-attr]
    where = " AND ".join(f"{quote(str(field.column))} = %s" for field in keys)
    sql = f"UPDATE {quote(meta.db_table)} SET {sets} WHERE {where}"  # noqa: S608  names, no values
    plan = [(field.attname, _writer(field)) for field in (*fields, *keys)]  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.executemany(sql, [tuple(write(getattr(each, name)) for name, write in plan) for each in objects])


_BINDS: dict[type, Callable[[Any], Any]] = {uuid.UUID: _hex, datetime: _moment, date: _day}


def bound(value: Any) -> Any:
    """A value as raw SQL binds it on this engine: ids, moments and days become what the columns hold."""
    return _BINDS.get(type(value), _same)(value) if connection.vendor == "sqlite" else value


def _bound_rows(rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    if connection.vendor != "sqlite":
        return [tuple(row) for row in rows]
    binds = _BINDS
    return [tuple([binds[type(value)](value) if type(value) in binds else value for value in row]) for row in rows]


def run(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """One statement for many rows of values (`%s`), e.g. an UPDATE by key."""
    every = _bound_rows(rows)
    if not every:
        return
    with connection.cursor() as cursor:
        cursor.executemany(sql, every)


def insert_values(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]], *, ignore: bool = False
) -> None:
    """Insert rows given as plain values in the order of `names` (attnames), without making objects of them.

    For rows that nobody reads in this process. Columns that are not named must have a default in the database or be
    nullable; texts, numbers, ids, moments and days only. Raises IntegrityError like any insert.
    """
    every = _bound_rows(rows)
    if not every:
        return
    quote = connection.ops.quote_name
    by_name = {field.attname: quote(str(field.column)) for field in model._meta.concrete_fields}
    columns = ", ".join(by_name[name] for name in names)
    marks = ", ".join(["%s"] * len(names))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608  names, no values
    with connection.cursor() as cursor:
        cursor.executemany(sql + (" ON CONFLICT DO NOTHING" if ignore else ""), every)


def unbound_uuid(value: Any) -> uuid.UUID:
    """A UUID from a raw column of either engine."""
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)


def unbound_day(value: Any) -> date:
    """A day from a raw column of either engine."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def unbound_moment(value: datetime) -> datetime:
    """An aware UTC moment from a raw column of either engine (SQLite's are naive, in UTC)."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


KEYS = 200
"""Keys looked up in one statement; each binds a value a column."""


def select(
    model: type[models.Model], columns: Sequence[str], key: Sequence[str], keys: Iterable[Sequence[Any]]
) -> list[tuple[Any, ...]]:
    """These columns (fields by attname) of the rows with these composite keys, as raw values; unknown keys give none.

    `business_id IN (…) AND id IN (…)` would try every pair; a list of keys joined to the table looks each up once.
    """
    quote = connection.ops.quote_name
    names = {field.attname: quote(str(field.column)) for field in model._meta.concrete_fields}
    wanted = ", ".join(f"t.{names[column]}" for column in columns)
    on = " AND ".join(f"t.{names[column]} = k.c{number}" for number, column in enumerate(key))
    heads = ", ".join(f"c{number}" for number in range(len(key)))
    marks = "(" + ", ".join(["%s"] * len(key)) + ")"
    table = quote(model._meta.db_table)
    found: list[tuple[Any, ...]] = []
    every = _bound_rows(keys)
    with connection.cursor() as cursor:
        for start in range(0, len(every), KEYS):
            some = every[start : start + KEYS]
            values = ", ".join([marks] * len(some))
            sql = f"WITH k({heads}) AS (VALUES {values}) SELECT {wanted} FROM k CROSS JOIN {table} t WHERE {on}"  # noqa: S608
            cursor.execute(sql, [value for each in some for value in each])
            found += cursor.fetchall()
    return found


def existing(model: type[models.Model], key: Sequence[str], keys: Iterable[Sequence[Any]]) -> set[tuple[Any, ...]]:
    """Which of these composite keys (ids and numbers) are taken."""
    by_column = {field.attname: field for field in model._meta.concrete_fields}
    reads = [unbound_uuid if isinstance(by_column[name], models.UUIDField) else _same for name in key]
    return {tuple(read(value) for read, value in zip(reads, row, strict=True)) for row in select(model, key, key, keys)}
