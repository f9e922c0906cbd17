"""What happens to letters."""

from dataclasses import dataclass

from qianan.kernel.news import Event


@dataclass(frozen=True, kw_only=True)
class NoticesWritten(Event):
    """People were written to about something: how many, of which kind."""

    silent = True

    kind: str
    count: int


@dataclass(frozen=True, kw_only=True)
class NoticeResent(Event):
    """A letter that did not arrive is sent again."""

    silent = True

    channel: str


@dataclass(frozen=True, kw_only=True)
class ChannelChanged(Event):
    """A channel was set up, switched on or off. Secrets stay out of the trail."""

    silent = True

    channel: str
    on: bool


@dataclass(frozen=True, kw_only=True)
class NoticeAcknowledged(Event):
    """A reader acknowledged a letter that asked for it."""

    silent = True

    kind: str
    late: bool
