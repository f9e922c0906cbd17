"""What happens to evidence."""

from dataclasses import dataclass

from qianan.kernel.news import Event


@dataclass(frozen=True, kw_only=True)
class EvidenceKept(Event):
    """Photos or papers, by their hashes, were tied to an object at a stage of it (before, after, proof …)."""

    silent = True

    sha256: tuple[str, ...]
    stage: str
    count: int


@dataclass(frozen=True, kw_only=True)
class EvidenceReused(Event):
    """The same picture (by hash, or nearly the same by perceptual hash) was used for another object before.

    `earlier` is the ref of that object; `distance` counts the bits by which the two pictures differ, 0 to 4.
    """

    silent = True

    sha256: str
    stage: str
    earlier: str
    distance: int
