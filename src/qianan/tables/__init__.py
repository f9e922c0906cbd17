"""What every table of the house is made of: its set, its keys, its shard. Django, but no table of its own.

`sets` says where a table lives beyond one machine, `keys` gives the composite keys, `shard` is the migration
operation that does nothing on SQLite and plain PostgreSQL, `checks` refuses a model that breaks the rules.
"""
