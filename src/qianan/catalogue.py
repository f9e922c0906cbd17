"""The words of the house in Chinese: one catalogue an area (a room or a door), compiled into one `.mo` for Django.

English stands in the code (msgid); `locale/zh_Hans/<area>.po` holds the Chinese beside it. gettext's own tools are
not needed: Babel extracts (a developer's tool), polib compiles (at the start, when a catalogue is newer).
"""

from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent
CATALOGUES = PACKAGE / "locale" / "zh_Hans"
COMPILED = CATALOGUES / "LC_MESSAGES" / "django.mo"
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
}


def areas() -> dict[str, list[Path]]:
    """Each area's source files: a room, a door, or `house` for what stands above them.

    `doors/kit/words/<room>.py` belongs to its room.
    """
    found: dict[str, list[Path]] = {}
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]):
        parts = path.relative_to(PACKAGE).parts
        if "migrations" in parts or "static" in parts:
            continue
        if parts[:3] == ("doors", "kit", "words") and parts[3] != "__init__.py":
            area = path.stem
        elif parts[0] in {"ground", "registry", "field", "command", "oversight", "doors"} and len(parts) > 2:
            area = parts[1]
        else:
            area = "house"
        found.setdefault(area, []).append(path)
    return found


def compile_catalogues() -> bool:
    """Write the compiled catalogue when a source is newer. Returns whether it was written.

    A package folder that cannot be written to keeps the catalogue it was shipped with.
    """
    sources = sorted(CATALOGUES.glob("*.po"))
    if not sources:
        return False
    newest = max(path.stat().st_mtime for path in sources)
    if COMPILED.exists() and COMPILED.stat().st_mtime >= newest:
        return False
    whole = polib.POFile()
    whole.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Language": "zh_Hans",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    seen = set()
    for path in sources:
        for entry in polib.pofile(str(path), wrapwidth=0):
            key = (entry.msgctxt, entry.msgid)
            if key not in seen and entry.translated():
                seen.add(key)
                whole.append(entry)
    try:
        COMPILED.parent.mkdir(parents=True, exist_ok=True)
        partial = COMPILED.with_suffix(".new")
        whole.save_as_mofile(str(partial))
        partial.replace(COMPILED)
    except PermissionError:
        return False
    return True
