"""`./qianan replay FOLDER`: load a real registry into an empty home and play its inspections at their own dates."""

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from qianan.doors.console.command import HouseCommand
from qianan.doors.console.history import quietly, unhurried_disk
from qianan.doors.console.preparing import prepare
from qianan.doors.console.replaying.mapping import Mapping, find_mapping, fits, read_mapping, tables_in
from qianan.doors.console.replaying.playing import Player
from qianan.doors.console.replaying.register import WORDS, read_register
from qianan.doors.console.replaying.summary import summary, table
from qianan.kernel.actor import Actor
from qianan.registry.businesses import queries as businesses

SHOWN = 12


class Command(HouseCommand):
    help = __doc__ or ""
    prepares = False  # the home learns its zone and its city first

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path, help="a folder of CSV or XLSX files, like data/replay/detroit-200")
        parser.add_argument("--mapping", type=Path, help="which column means what; else it is found by the columns")

    def handle(self, *args: Any, folder: Path, mapping: Path | None, **options: Any) -> None:
        tables = tables_in(folder)
        if mapping is not None:
            found = read_mapping(mapping)
            if fits(found, tables) is None:
                raise CommandError(f"{mapping.name} speaks of columns that these files do not have")
        else:
            found = find_mapping(Path(settings.QIANAN_DATA) / "replay" / "mappings", tables)
        register = read_register(found, tables)
        self.progress(f"{found.name}: {len(register.visits)} inspections, {len(register.findings)} violations")
        settle(found)
        prepare(self.progress)
        self.refuse_other_city(found)
        with unhurried_disk(), quietly():
            new = Player(found, register, say=self.progress).play()
        result = summary()
        odd = Counter(each.what for each in register.oddities)
        words = [table(result), "", f"rows that contradict themselves: {len(register.oddities)}"]
        words += [f"  {WORDS[what]:<56}{count:>5,}" for what, count in odd.most_common()]
        words += [
            f"    {each.file} line {each.line}: {WORDS[each.what]} ({each.detail})"
            for each in register.oddities[:SHOWN]
        ]
        if len(register.oddities) > SHOWN:
            words.append(f"    … {len(register.oddities) - SHOWN} more with --json")
        if not new:
            words.append("\nAll of it was here already: nothing was changed.")
        self.answer(
            "\n".join(words),
            result | {"new_visits": new, "contradictions": [each.as_dict() for each in register.oddities]},
        )

    def refuse_other_city(self, mapping: Mapping) -> None:
        """A home has one city: what stands here must be of this register's."""
        others = businesses.businesses_for(Actor.system("replay"), state="").exclude(
            place_code__startswith=mapping.city
        )
        if others.exists():
            raise CommandError("Another city's businesses are here. Replay into an empty home: --home DIR")


def settle(mapping: Mapping) -> None:
    """The home keeps the register's zone and city (instance.json), and this process takes them on."""
    home = Path(settings.QIANAN_HOME)
    home.mkdir(parents=True, exist_ok=True)
    path = home / "instance.json"
    facts = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    facts |= {"time_zone": mapping.zone.key, "city": mapping.city}
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
    settings.TIME_ZONE = mapping.zone.key
    settings.QIANAN_CITY = mapping.city
    timezone.get_default_timezone.cache_clear()  # type: ignore[attr-defined]
