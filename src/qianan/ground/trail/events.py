"""What happens to the trail itself."""

from dataclasses import dataclass

from qianan.kernel.news import Event


@dataclass(frozen=True, kw_only=True)
class TicketRetried(Event):
    """News that could not be delivered was put back into the queue by an administrator."""

    silent = True
