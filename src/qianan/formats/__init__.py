"""Bytes ⇄ plain values: tables, forms, feeds. Never a database table, no Django."""
