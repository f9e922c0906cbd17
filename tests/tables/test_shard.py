"""The sharding operation does nothing on SQLite and plain PostgreSQL, and speaks Citus's words on Citus."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.writer import MigrationWriter, OperationWriter

from qianan.tables import shard
from qianan.tables.shard import Shard


class Editor:
    """A schema editor that only listens."""

    def __init__(self, connection: Any) -> None:
        self.connection, self.said = connection, []

    def execute(self, sql: str, params: Any = None) -> None:
        self.said.append((sql, params))


@pytest.mark.django_db
def test_here_it_does_nothing() -> None:
    editor = Editor(connection)

    Shard("trail_entry", "business_id").database_forwards("trail", editor, None, None)
    Shard("trail_entry", "business_id").database_backwards("trail", editor, None, None)

    assert editor.said == []
    assert not shard.is_citus(connection)


def test_on_citus_it_distributes_or_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard, "is_citus", lambda connection: True)
    editor = Editor(None)

    Shard("trail_entry", "business_id").database_forwards("trail", editor, None, None)
    Shard("places_place").database_forwards("places", editor, None, None)
    Shard("trail_entry", "business_id").database_backwards("trail", editor, None, None)

    sequential = ("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'", None)
    assert editor.said == [
        sequential,
        ("SELECT create_distributed_table(%s, %s, colocate_with => %s)", ["trail_entry", "business_id", "default"]),
        sequential,
        ("SELECT create_reference_table(%s)", ["places_place"]),
        ("SELECT undistribute_table(%s)", ["trail_entry"]),
    ]


def test_a_migration_can_write_it_down() -> None:
    text, imports = OperationWriter(Shard("trail_entry", "business_id", colocate="none")).serialize()

    assert "trail_entry" in text
    assert "colocate='none'" in text
    assert MigrationWriter.serialize("x")[0] == "'x'"
    assert any("qianan.tables.shard" in each for each in imports)
    assert Shard("trail_entry", "business_id").describe() == "Shard trail_entry by business_id"
    assert Shard("places_place").describe() == "Shard places_place by copying it to every node"


def test_every_business_row_of_the_house_is_sharded_in_its_first_migration() -> None:
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    from qianan.tables import sets

    operations = [
        operation
        for migration in MigrationLoader(None).disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, Shard)
    ]
    sharded = {each.table: each.column for each in operations}
    for model in apps.get_models():
        where = sets.set_of(model)
        if model.__module__.startswith("qianan.") and where == sets.BUSINESS:
            column = "id" if model._meta.label == "businesses.Business" else "business_id"
            assert sharded.get(model._meta.db_table) == column, model._meta.label
        elif model.__module__.startswith("qianan.") and where == sets.REFERENCE:
            assert sharded.get(model._meta.db_table, "missing") is None, model._meta.label
        else:
            assert model._meta.db_table not in sharded
