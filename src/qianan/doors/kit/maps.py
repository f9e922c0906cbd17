"""Schematic maps: areas as drawn shapes where `data/schematic.csv` has them, else as a grid of tiles.

Not boundaries, and the page says so: a real map needs an approved base map with its number. Steps go by fifths of
the values shown (one blue-grey ramp, never the four risk colours), and each area prints its value.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

TILE, GAP, COLUMNS = 74, 4, 5


@dataclass(frozen=True)
class Given:
    """What a page says of an area: `value` places it on the ramp (None = no data), `text` is printed inside."""

    code: str
    name: str
    value: float | None
    text: str
    says: str
    url: str


@dataclass(frozen=True)
class Area:
    name: str
    text: str
    says: str
    url: str
    step: str
    dark: bool
    d: str
    x: float
    y: float
    y2: float


@dataclass(frozen=True)
class Step:
    css: str
    label: str


@dataclass(frozen=True)
class Map:
    """A drawn map. `box` is the viewBox; `tiles` says that it is a grid, in the order of the codes."""

    areas: tuple[Area, ...]
    steps: tuple[Step, ...]
    box: str
    tiles: bool
    missing: int


@cache
def _shapes(path: Path) -> dict[str, dict[str, str]]:
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def name_of(code: str, name: str) -> str:
    """A place's name as a row or a tile has room for: that of the schematic where it has one, else cut short."""
    shape = _shapes(Path(settings.QIANAN_DATA) / "schematic.csv").get(code)
    english = (get_language() or "").startswith("en")
    if shape is not None and not english:
        return shape["short_zh"]
    plain = short(name, english=english)
    return shape["short_en"] if shape is not None and plain.endswith("…") else plain


def _cuts(values: Sequence[float]) -> list[int]:
    """Four limits between the five steps, so that each holds about a fifth of the areas; fewer where many are equal."""
    ranked = sorted(round(value) for value in values)
    fifths = {ranked[min(len(ranked) - 1, len(ranked) * fifth // 5)] for fifth in (1, 2, 3, 4)}
    return sorted(fifths - {ranked[-1]})  # nothing lies above the highest


def draw(given: Sequence[Given], *, unit: str = "%") -> Map | None:
    """The map of these areas. None when there is none to draw."""
    if not given:
        return None
    shapes = _shapes(Path(settings.QIANAN_DATA) / "schematic.csv")
    tiles = not all(each.code in shapes for each in given)
    known = [each.value for each in given if each.value is not None]
    cuts = _cuts(known) if known else []
    english = (get_language() or "").startswith("en")
    areas = []
    for index, each in enumerate(given):
        step = 0 if each.value is None else _step(sum(round(each.value) > cut for cut in cuts), cuts)
        if tiles:
            x0, y0 = (index % COLUMNS) * (TILE + GAP), (index // COLUMNS) * (TILE * 0.62 + GAP)
            d = f"M{x0} {y0:.1f}h{TILE}v{TILE * 0.62:.1f}h-{TILE}z"
            x, y, name = x0 + TILE / 2, y0 + TILE * 0.27, short(each.name, english=english)
        else:
            shape = shapes[each.code]
            d, x, y = shape["path"], float(shape["x"]), float(shape["y"])
            name = shape["short_en" if english else "short_zh"]
        areas.append(
            Area(
                name=name,
                text=each.text,
                says=each.says,
                url=each.url,
                step=f"q{step}" if step else "none",
                dark=step >= 4,
                d=d,
                x=round(x, 1),
                y=round(y, 1),
                y2=round(y + (15 if tiles else 13), 1),
            )
        )
    if tiles:
        rows = -(-len(given) // COLUMNS)
        width = min(len(given), COLUMNS) * (TILE + GAP) - GAP
        box = f"-2 -2 {max(width, 2 * TILE) + 4} {rows * (TILE * 0.62 + GAP) - GAP + 4:.1f}"
    else:
        box = "-6 -6 402 480"
    return Map(
        areas=tuple(areas),
        steps=_steps(cuts, unit),
        box=box,
        tiles=tiles,
        missing=sum(each.value is None for each in given),
    )


def _step(passed: int, cuts: Sequence[int]) -> int:
    """1 (palest) to 5: the highest is the darkest, however few limits there are."""
    return 1 + round(4 * passed / len(cuts)) if cuts else 1


def _steps(cuts: Sequence[int], unit: str) -> tuple[Step, ...]:
    if not cuts:
        return ()
    limits = [f"≤{cuts[0]}{unit}", *(f"{a}–{b}{unit}" for a, b in pairwise(cuts)), f">{cuts[-1]}{unit}"]
    return tuple(Step(f"q{_step(n, cuts)}", limit) for n, limit in enumerate(limits))


def short(name: str, *, english: bool) -> str:
    """A place's name without its kind, short enough for a tile."""
    if english:
        for ending in (" Sub-district", " Residential Area", " Community", " District", " Town", " Township", " Area"):
            name = name.removesuffix(ending)
        return name if len(name) <= 11 else f"{name[:10]}…"
    for ending in ("社区居委会", "村委会", "街道", "地区", "社区", "镇", "乡"):
        if len(name) > len(ending) + 1:
            name = name.removesuffix(ending)
    return name if len(name) <= 5 else f"{name[:4]}…"
