"""What happens to owed checks and submissions."""

from dataclasses import dataclass

from qianan.kernel.news import Event


@dataclass(frozen=True, kw_only=True)
class ChecksFellDue(Event):
    """The day's owed checks of a district and list were made: one act with its count."""

    silent = True

    checklist: str
    day: str
    count: int


@dataclass(frozen=True, kw_only=True)
class ChecksMissed(Event):
    """Owed checks of a district and list passed their time: one act with its count."""

    silent = True

    checklist: str
    day: str
    count: int


@dataclass(frozen=True, kw_only=True)
class SubmissionReceived(Event):
    """A filled-in list came in: which version, how many items failed, hazards opened, whether a principal led it."""

    silent = True

    site: str
    version: str
    fails: int
    hazards: int
    led: bool
    late: bool
    seconds: int = 0


@dataclass(frozen=True, kw_only=True)
class SubmissionConflicted(Event):
    """The same id came with other bytes: the first stands, the second is kept beside it."""

    silent = True

    digest: str


@dataclass(frozen=True, kw_only=True)
class ConflictSettled(Event):
    """Somebody said which of two versions of a submission stands: `first`, or `second` as a new submission."""

    silent = True

    kept: str
    submission: str = ""


@dataclass(frozen=True, kw_only=True)
class SubmissionAccepted(Event):
    """Somebody other than who filled it in read it and found it good."""

    silent = True


@dataclass(frozen=True, kw_only=True)
class SubmissionReturned(Event):
    """An officer or safety manager sent it back, with the reason; it reaches the phone."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class ChecksWaived(Event):
    """Owed checks were waived (a paused site, a holiday), with the reason."""

    silent = True

    count: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChecksStopped(Event):
    """A site owes no checks from a day on (paused, closed, moved): how many open ones were waived."""

    silent = True

    waived: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChecksResumed(Event):
    """A site owes its checks again."""

    silent = True


@dataclass(frozen=True, kw_only=True)
class SilenceBegan(Event):
    """A site missed a list for the first time: one duty climbs as it ages."""

    silent = True

    checklist: str


@dataclass(frozen=True, kw_only=True)
class SilenceEnded(Event):
    """The next check came in."""

    silent = True

    checklist: str
    days: int
