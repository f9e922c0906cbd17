"""What happens at visits."""

from dataclasses import dataclass

from qianan.kernel.news import Event


@dataclass(frozen=True, kw_only=True)
class VisitMade(Event):
    """Officers visited a site: kind, how many hazards, signed or refused (Work Safety Law art. 67)."""

    silent = True

    site: str
    kind: str
    hazards: int
    signed: str
