"""`./qianan openapi`: write docs/reference/openapi.json from the API; --check says whether it is fresh."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qianan.doors.console.checking import REPO

SNAPSHOT = REPO / "docs" / "reference" / "openapi.json"


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the snapshot is stale")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:

        text = schema_text()
        old = SNAPSHOT.read_text() if SNAPSHOT.exists() else ""
        if check and text != old:
            raise CommandError(f"{SNAPSHOT.name} is stale; ./qianan openapi writes it")
        if not check and text != old:
            Path(SNAPSHOT).parent.mkdir(parents=True, exist_ok=True)
            SNAPSHOT.write_text(text)
        self.stdout.write(f"{SNAPSHOT.name} is fresh" if text == old else f"{SNAPSHOT.name} written")


def schema_text() -> str:
    """The schema as it is served at /api/v1/openapi.json."""
    from django.test import RequestFactory
    from django.urls import resolve

    found = resolve("/api/v1/openapi.json")
    answer = found.func(RequestFactory().get("/api/v1/openapi.json"), *found.args, **found.kwargs)
    return str(answer.content.decode())
