"""Every address of the house, as the resolver knows it: pages by name, operations of the API by id."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from qianan.doors.api import schema
from qianan.doors.api.v1 import api


def _walk(patterns: list[Any], names: tuple[str, ...] = (), prefix: str = "") -> Iterator[tuple[str, str]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            space = (*names, each.namespace) if each.namespace else names
            yield from _walk(each.url_patterns, space, prefix + str(each.pattern))
        elif isinstance(each, URLPattern):
            yield ":".join([*names, each.name or str(each.pattern)]), prefix + str(each.pattern)


@cache
def routes() -> dict[str, str]:
    """Name (`desk:hazard`, `account_login`) → address pattern."""
    return dict(_walk(get_resolver().url_patterns))


def pages() -> dict[str, str]:
    """What is no operation of the API: the pages, and the API's own schema and page of it."""
    return {
        name: path
        for name, path in routes().items()
        if not name.startswith("api:") or name in {"api:docs", "api:openapi"}
    }


@cache
def operations() -> dict[str, tuple[str, str]]:
    """Operation id → (method, address)."""
    return {
        operation["operationId"]: (method.upper(), path)
        for path, methods in schema.build(api)["paths"].items()
        for method, operation in methods.items()
    }
