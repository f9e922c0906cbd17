"""What happens to places."""

from dataclasses import dataclass

from qianan.kernel.news import Event


@dataclass(frozen=True, kw_only=True)
class PlacesLoaded(Event):
    """A table of places was loaded: how many rows came, changed, ended."""

    silent = True

    added: int
    changed: int
    ended: int


@dataclass(frozen=True, kw_only=True)
class PlaceSucceeded(Event):
    """A place took over from others on a day (move, split, merger)."""

    silent = True

    succeeds: tuple[str, ...]
    since: str
