"""`./qianan import-registry FILE`: look through a file of businesses, sites and people; --commit takes it in, whole."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from qianan.doors.console.command import HouseCommand
from qianan.doors.kit.now import now
from qianan.doors.kit.words import say_problem
from qianan.kernel.actor import Actor
from qianan.registry.businesses import importing

SHOWN = 50


class Command(HouseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, nargs="?", help="CSV or XLSX")
        parser.add_argument(
            "--mapping", type=Path, help="JSON: our field ← their column; without it, the template's headings"
        )
        parser.add_argument("--commit", action="store_true", help="take it in; otherwise it is only looked through")
        parser.add_argument("--template", choices=["zh-hans", "en"], help="print a table to fill in, and nothing else")

    def handle(
        self,
        *args: Any,
        file: Path | None,
        mapping: Path | None,
        commit: bool = False,
        template: str | None = None,
        **options: Any,
    ) -> None:
        if template:
            self.stdout.write(importing.template(template).decode("utf-8-sig"), ending="")
            return
        if file is None:
            raise CommandError("name a file, or ask for --template")
        by = Actor.system("setup")
        found = importing.preview(
            self.bytes_of(file), name=file.name, mapping=self.mapping_of(mapping), by=by, now=now()
        )
        data = {
            "file": found.name,
            "sha256": found.digest,
            "rows": found.rows,
            "committed": False,
            "businesses": asdict(found.businesses),
            "sites": asdict(found.sites),
            "people": asdict(found.people),
            "problems": [
                {
                    "line": each.line,
                    "column": each.column,
                    "code": each.code,
                    "value": each.value,
                    "detail": say_problem(each.problem),
                }
                for each in found.problems
            ],
        }
        if not found.ok:
            self.refuse(found, data)
        if commit:
            self.progress(f"taking in {found.rows} rows")
            importing.commit(found.id, by=by, now=now())
            data["committed"] = True
        kinds = (("businesses", found.businesses), ("sites", found.sites), ("people", found.people))
        words = "; ".join(
            f"{name}: {each.added} new, {each.changed} changed, {each.same} as before" for name, each in kinds
        )
        self.answer(f"{words}{'' if commit else ' (looked through only; --commit takes it in)'}", data)

    def refuse(self, found: importing.Preview, data: dict[str, Any]) -> None:
        """Each fault with its line and column; nothing is taken in."""
        if self.as_json:
            self.answer("", data)
        for each in found.problems[:SHOWN]:
            self.progress(f"{each.line}: {each.column}: {say_problem(each.problem)}")
        if found.count > SHOWN:
            self.progress(f"… and {found.count - SHOWN} more")
        raise CommandError(f"{found.count} cells are not right; nothing was taken in")

    def bytes_of(self, file: Path) -> bytes:
        try:
            if file.stat().st_size > importing.MOST_BYTES:
                raise CommandError(f"{file}: larger than {importing.MOST_BYTES // 1_048_576} MB; send it in parts")
            return file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error

    def mapping_of(self, file: Path | None) -> Any:
        if file is None:
            return None
        try:
            return json.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except (ValueError, RecursionError) as error:
            raise CommandError(f"{file}: not JSON ({error})") from error
