"""Migration operations for the engine beyond one machine. They do nothing on SQLite and plain PostgreSQL."""

from typing import Any

from django.db import migrations


def is_citus(connection: Any) -> bool:
    """Whether this connection speaks to PostgreSQL with the Citus extension."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'citus'")
        return cursor.fetchone() is not None


class Shard(migrations.operations.base.Operation):
    """Distribute a table by a column, or copy it to every node when no column is given.

    Belongs in the same migration as CreateModel, after it: Django adds foreign keys at the end, so tables are
    sharded first.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, column: str | None = None, colocate: str = "default") -> None:
        self.table, self.column, self.colocate = table, column, colocate

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [self.table, self.column], {"colocate": self.colocate})

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if not is_citus(schema_editor.connection):
            return
        schema_editor.execute("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'")
        if self.column is None:
            schema_editor.execute("SELECT create_reference_table(%s)", [self.table])
        else:
            schema_editor.execute(
                "SELECT create_distributed_table(%s, %s, colocate_with => %s)",
                [self.table, self.column, self.colocate],
            )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if is_citus(schema_editor.connection):
            schema_editor.execute("SELECT undistribute_table(%s)", [self.table])

    def describe(self) -> str:
        return f"Shard {self.table} by {self.column or 'copying it to every node'}"
