"""What happens to hazards. `level`: unrated, general, major."""

from dataclasses import dataclass

from qianan.kernel.news import Event


@dataclass(frozen=True, kw_only=True)
class HazardReported(Event):
    """A hazard was found: by whom it came (`origin` is a ref), at what level, from which item."""

    silent = True

    level: str
    origin: str
    item: str = ""
    recurrence_of: str = ""


@dataclass(frozen=True, kw_only=True)
class HazardRated(Event):
    """A hazard was graded against a criterion of an edition."""

    silent = True

    was: str
    level: str
    criterion: str = ""
    edition: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PhotosAdded(Event):
    """Photos or papers were added to it: how many, showing what (before, after, proof)."""

    silent = True

    stage: str
    count: int


@dataclass(frozen=True, kw_only=True)
class HazardRejected(Event):
    """It was no hazard: a false report, with the reason and a second person."""

    silent = True

    reason: str


@dataclass(frozen=True, kw_only=True)
class RectificationOrdered(Event):
    """A post was made to fix it until a day; who answers and who checks stand beside."""

    silent = True

    rectification: str
    owner: str
    accountable: str
    verifier: str
    due_at: str
    level: str


@dataclass(frozen=True, kw_only=True)
class RectificationReassigned(Event):
    """The fix went to another post."""

    silent = True

    rectification: str
    from_post: str
    to_post: str


@dataclass(frozen=True, kw_only=True)
class InterimControlSet(Event):
    """What holds until it is fixed: a sign, a barrier, a shut valve."""

    silent = True


@dataclass(frozen=True, kw_only=True)
class FixHandedIn(Event):
    """The owner says it is fixed; the verifier is told."""

    silent = True

    rectification: str
    photos: int
    late: bool


@dataclass(frozen=True, kw_only=True)
class FixReturned(Event):
    """The fix was not accepted, with the reason; it goes back to the owner with its deadline."""

    rectification: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class FixAccepted(Event):
    """Somebody other than the fixer verified it."""

    silent = True

    rectification: str


@dataclass(frozen=True, kw_only=True)
class HazardClosed(Event):
    """销号: closed by somebody other than who fixed it."""

    level: str
    late: bool
    supervised: bool = False


@dataclass(frozen=True, kw_only=True)
class HazardReopened(Event):
    """A closed hazard turned out not to be fixed."""

    silent = True

    reason: str


@dataclass(frozen=True, kw_only=True)
class ResultShown(Event):
    """The result was shown to the staff (公示), by a meeting or a notice board."""

    silent = True

    how: str


@dataclass(frozen=True, kw_only=True)
class DoubleReportSent(Event):
    """A major hazard was reported to one of its two addressees: regulator or workers."""

    side: str
    receipt: str


@dataclass(frozen=True, kw_only=True)
class DoubleReportReceived(Event):
    """The addressee acknowledged the report, with its own time stamp."""

    silent = True

    side: str
    receipt: str


@dataclass(frozen=True, kw_only=True)
class PlanMade(Event):
    """The five-part plan of a major hazard: responsibility, measures, funds, time, contingency."""

    silent = True


@dataclass(frozen=True, kw_only=True)
class HazardSupervised(Event):
    """Put on the supervision list (挂牌督办) by a body, until a day."""

    level: str
    body: str
    until: str


@dataclass(frozen=True, kw_only=True)
class SupervisionLifted(Event):
    """Taken off the supervision list."""

    silent = True

    body: str


@dataclass(frozen=True, kw_only=True)
class WorkSuspended(Event):
    """Part or all of the work was stopped because of it; order number and scope."""

    number: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class WorkResumed(Event):
    """Work was allowed again after a review."""

    silent = True

    number: str


@dataclass(frozen=True, kw_only=True)
class HazardTransferred(Event):
    """Sent to another body that is competent, with a record."""

    silent = True

    to_body: str
    receipt: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TransferReceived(Event):
    """The other body accepted it and gave its receipt, or declined, with its answer."""

    silent = True

    to_body: str
    receipt: str
    accepted: bool


@dataclass(frozen=True, kw_only=True)
class HazardReviewed(Event):
    """A regulator reviewed it on the spot: passed or not, by two officers."""

    silent = True

    passed: bool
    officers: int
