"""What happens to evidence."""

from dataclasses import dataclass

from qianan.kernel.news import Event


@dataclass(frozen=True, kw_only=True)
class EvidenceKept(Event):
    """A photo or paper was kept by its hash and tied to an object."""

    silent = True

    sha256: str
    kind: str
    of: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class EvidenceReused(Event):
    """The same picture (by hash, or nearly the same by perceptual hash) was already used for another object."""

    silent = True

    sha256: str
    of: str
    earlier: str
    distance: int
