"""Pages of docs/reference that are drawn from the code: lifecycles, news, timetable, settings, rooms, commands."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

from django.core.management import get_commands, load_command_class

from qianan.clock import CLOCK
from qianan.kernel.lifecycle import Lifecycle
from qianan.kernel.news import EVENTS
from qianan.settings.variables import VARIABLES
from qianan.wiring import WIRING

REPO = Path(__file__).resolve().parents[4]
FOLDER = REPO / "docs" / "reference"
STOREYS = {
    "ground": ("trail", "places", "codebook", "evidence", "accounts", "notices"),
    "registry": ("businesses", "checklists", "duties"),
    "field": ("hazards", "selfchecks", "inspections"),
}
DOORS = ("kit", "phone", "desk", "api", "console")
HEAD = "<!-- Drawn by `./qianan draw-docs` from the code; edit the code, then draw again. -->\n\n"


def rooms() -> Iterator[tuple[str, str]]:
    for storey, names in STOREYS.items():
        for name in names:
            yield storey, name


def lifecycles() -> str:
    """Every lifecycle table as a mermaid diagram."""
    parts = [
        HEAD,
        "# Lifecycles\n\nFrom each state, the states it may move to. `lifecycle.py` of each room is the only guard.\n",
    ]
    for storey, room in rooms():
        try:
            module = importlib.import_module(f"qianan.{storey}.{room}.lifecycle")
        except ModuleNotFoundError:
            continue
        found = [each for each in vars(module).values() if isinstance(each, Lifecycle)]
        parts.append(f"\n## {room}\n\n{(module.__doc__ or '').strip()}\n")
        parts += [f"\n### {each.noun}\n\n```mermaid\n{each.mermaid()}\n```\n" for each in found]
    return "".join(parts)


def news() -> str:
    """Every event, what it says, who listens."""
    parts = [
        HEAD,
        "# News\n\nWhat can happen, and who listens (`wiring.py`). An entry also says about what, where, who, when.\n",
    ]
    for storey, room in rooms():
        importlib.import_module(f"qianan.{storey}.{room}.events")  # those that nobody wired are told as well
    by_room: dict[str, list[str]] = {}
    for name in EVENTS:
        by_room.setdefault(name.partition(".")[0], []).append(name)
    for _, room in rooms():
        if room not in by_room:
            continue
        parts.append(f"\n## {room}\n\n| event | what it says | facts | listeners |\n| --- | --- | --- | --- |\n")
        for name in by_room[room]:
            event = EVENTS[name]
            facts = ", ".join(key for key in event.__dataclass_fields__ if key not in {"about", "place_code"})
            heard = ", ".join(f"{fn.__module__.split('.')[-2]}.{fn.__name__}" for fn in WIRING.get(event, ()))
            words = " ".join((inspect.getdoc(event) or "").split())
            parts.append(
                f"| {name.partition('.')[2]} | {words} | {facts} | {heard or ('—' if event.silent else '')} |\n"
            )
    return "".join(parts)


def timetable() -> str:
    """The lines of clock.py."""
    parts = [HEAD, "# Timetable\n\n| what | when |\n| --- | --- |\n"]
    for line in CLOCK:
        when = f"every {line.every} s" if line.every else f"daily at {line.at:%H:%M}"
        parts.append(f"| {line.name} | {when} |\n")
    return "".join(parts)


def settings() -> str:
    """Every environment variable."""
    parts = [HEAD, "# Settings\n\n| variable | default | what for |\n| --- | --- | --- |\n"]
    parts += [f"| `{name}` | {default} | {words} |\n" for name, (default, words) in sorted(VARIABLES.items())]
    return "".join(parts)


def room_pages() -> str:
    """Each room's docstring."""
    parts = [HEAD, "# Rooms\n"]
    for storey in ("ground", "registry", "field"):
        parts.append(f"\n## {storey}\n")
        for where, room in rooms():
            if where == storey:
                module = importlib.import_module(f"qianan.{storey}.{room}")
                parts.append(f"\n### {room}\n\n{inspect.getdoc(module)}\n")
    parts.append("\n## doors\n")
    for door in DOORS:
        module = importlib.import_module(f"qianan.doors.{door}")
        parts.append(f"\n### {door}\n\n{inspect.getdoc(module)}\n")
    return "".join(parts)


def commands() -> str:
    """Every console command."""
    parts = [
        HEAD,
        "# Commands\n\nEach takes `--home DIR`. `./qianan NAME --help` tells its options.\n\n",
        "| command | what it does |\n| --- | --- |\n",
    ]
    for name, app in sorted(get_commands().items()):
        if str(app) == "qianan.doors.console":
            words = " ".join(load_command_class(str(app), name).help.split())
            parts.append(f"| `{name.replace('_', '-')}` | {words.split(': ', 1)[-1]} |\n")
    return "".join(parts)


PAGES = {
    "lifecycles.md": lifecycles,
    "news.md": news,
    "timetable.md": timetable,
    "settings.md": settings,
    "rooms.md": room_pages,
    "commands.md": commands,
}


def stale() -> list[str]:
    """The pages that no longer say what the code does."""
    return [
        name for name, draw in PAGES.items() if not (FOLDER / name).exists() or (FOLDER / name).read_text() != draw()
    ]


def draw_all() -> list[str]:
    """Write what is stale; returns the names."""
    names = stale()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names:
        (FOLDER / name).write_text(PAGES[name]())
    return names
