"""What happens to checklists. They concern no business: refs carry the nil id."""

from dataclasses import dataclass

from qianan.kernel.news import Event


@dataclass(frozen=True, kw_only=True)
class VersionDrafted(Event):
    """A new version of a list was drafted."""

    silent = True

    number: int


@dataclass(frozen=True, kw_only=True)
class VersionMoved(Event):
    """A version went on: testing, published, retired, discarded."""

    silent = True

    number: int
    was: str
    now: str
    content_hash: str
