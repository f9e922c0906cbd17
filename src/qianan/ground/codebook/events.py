"""What happens to the code tables."""

from dataclasses import dataclass

from qianan.kernel.news import Event


@dataclass(frozen=True, kw_only=True)
class CodebookLoaded(Event):
    """A code table was loaded from a file: how many rows are new, changed, unchanged; the file's SHA-256."""

    silent = True

    table: str
    added: int
    changed: int
    same: int
    digest: str
