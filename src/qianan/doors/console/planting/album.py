"""The photos of the demo: pairs of before and after, kept as real files; suspicious shops show old ones again."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from qianan.doors.console.planting import pictures
from qianan.doors.console.planting.offices import PLANTER
from qianan.ground.evidence import actions as evidence

PAIRS = 36
"""Each takes some thirty milliseconds to draw, clean and make small."""


@dataclass(frozen=True, slots=True)
class Pair:
    """SHA-256 of a fault and of the same place mended."""

    scene: str
    before: str
    after: str


class Album:
    """Pairs that were not shown yet, by scene; the mended half of each; one that is shown again and again."""

    def __init__(self, seed: int, now: datetime) -> None:
        dice = Random(f"{seed}/album")  # noqa: S311
        self.fresh: dict[str, list[Pair]] = {scene: [] for scene in pictures.SCENES}
        for number in range(PAIRS):
            scene = pictures.SCENES[number % len(pictures.SCENES)]
            words = f"{seed}/{number}/{dice.random()}"
            before, after = (
                evidence.keep(pictures.draw(scene, mended=mended, seed=words), by=PLANTER, now=now).sha256
                for mended in (False, True)
            )
            self.fresh[scene].append(Pair(scene, before, after))
        self.after = {pair.before: pair.after for pairs in self.fresh.values() for pair in pairs}
        self.worn = self.fresh["panel"].pop().after

    def take(self, category: str) -> str | None:
        """A photo of a fault that nobody has shown yet; None when all are used up."""
        scene = pictures.OF_CATEGORY.get(category, "stack")
        return self.fresh[scene].pop().before if self.fresh[scene] else None
