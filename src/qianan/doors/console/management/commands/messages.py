"""`./qianan messages`: bring the Chinese catalogues up to date with the code; --check says what is missing."""

from argparse import ArgumentParser
from collections import Counter
from io import BytesIO
from typing import Any

import polib
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

from qianan import catalogue


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when something is missing")
        parser.add_argument("--area", action="append", help="only this room or door")

    def handle(self, *args: Any, check: bool = False, area: list[str] | None = None, **options: Any) -> None:
        faults: list[str] = []
        meanings: dict[tuple[str | None, str], dict[str, str]] = {}
        for name, paths in catalogue.areas().items():
            if area and name not in area:
                continue
            faults += self.update(name, self.extract(paths), write=not check)
            path = catalogue.CATALOGUES / f"{name}.po"
            for entry in polib.pofile(str(path), wrapwidth=0) if path.exists() else []:
                meanings.setdefault((entry.msgctxt, entry.msgid), {})[name] = entry.msgstr or str(entry.msgstr_plural)
        for (_, msgid), said in meanings.items():
            if len(set(said.values())) > 1:
                faults.append(f"{msgid!r} is said differently: {said}")
        catalogue.compile_catalogues()
        for fault in faults:
            self.stderr.write(fault)
        if check and faults:
            raise CommandError(f"{len(faults)} messages are not right; ./qianan messages, then fill them in")
        self.stdout.write("all messages have both languages" if not faults else f"{len(faults)} to fill in")

    def extract(self, paths: list[Any]) -> dict[tuple[str | None, str], str]:
        """(context, msgid) → plural msgid or ''."""
        from babel.messages.extract import extract

        found: dict[tuple[str | None, str], str] = {}
        for path in paths:
            text = path.read_text()
            if path.suffix != ".py":
                text = templatize(text, origin=str(path))
            source = BytesIO(text.encode())
            rows = extract("python", source, keywords=catalogue.KEYWORDS, options={"encoding": "utf-8"})  # type: ignore[arg-type]
            for _, message, _, context in rows:
                one, many = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
                if one:
                    found[context, one] = many or found.get((context, one), "")
        return found

    def update(self, name: str, found: dict[tuple[str | None, str], str], *, write: bool) -> list[str]:
        path = catalogue.CATALOGUES / f"{name}.po"
        po = polib.pofile(str(path), wrapwidth=0) if path.exists() else polib.POFile(wrapwidth=0)
        po.metadata = {
            "Content-Type": "text/plain; charset=utf-8",
            "Language": "zh_Hans",
            "Plural-Forms": "nplurals=1; plural=0;",
        }
        have = {(entry.msgctxt, entry.msgid): entry for entry in po}
        faults = []
        for (context, msgid), plural in sorted(found.items(), key=lambda each: (each[0][1], each[0][0] or "")):
            entry = have.get((context, msgid))
            if entry is None:
                entry = polib.POEntry(msgid=msgid, msgctxt=context, msgid_plural=plural or "")
                if plural:
                    entry.msgstr_plural = {0: ""}
                po.append(entry)
            if not entry.translated() or entry.fuzzy:
                faults.append(f"{name}.po: no Chinese for {msgid!r}")
            elif wrong := self.placeholders(entry):
                faults.append(f"{name}.po: {msgid!r} and its Chinese differ in {wrong}")
        for key, entry in have.items():
            if key not in found:
                faults.append(f"{name}.po: {entry.msgid!r} is no longer said")
                po.remove(entry)
        po.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
        if write and (found or path.exists()):
            path.parent.mkdir(parents=True, exist_ok=True)
            po.save(str(path))
            faults = [fault for fault in faults if "no longer" not in fault]
        return faults

    def placeholders(self, entry: polib.POEntry) -> str:
        import re

        marks = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
        chinese = entry.msgstr or entry.msgstr_plural.get(0, "")
        said, meant = Counter(marks.findall(chinese)), Counter(marks.findall(entry.msgid_plural or entry.msgid))
        return ", ".join(sorted(set(said) ^ set(meant)))
