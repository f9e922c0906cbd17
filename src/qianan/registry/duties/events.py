"""What happens to duties.

`kind`: rating, rectification, verification, silence, instruction, claim, double_report, plan, supervision, transfer.
`of` is the ref of what the duty is about; posts are refs `duties.post::<id>`; "" where nobody sits.
"""

from dataclasses import dataclass

from qianan.kernel.news import Event


@dataclass(frozen=True, kw_only=True)
class DutyOpened(Event):
    """A promise began: kind, about what, owed by which post, until when. `again`: owed once more, after a return."""

    kind: str
    of: str
    level: str
    owner: str
    due_at: str
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class DutyDischarged(Event):
    """The promise was kept; `late` when after its deadline."""

    silent = True

    kind: str
    of: str
    late: bool
    rung: int


@dataclass(frozen=True, kw_only=True)
class DutyCancelled(Event):
    """The promise fell away, with a reason."""

    silent = True

    kind: str
    of: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DutyReminded(Event):
    """The deadline is near: the principal was reminded, before anything climbs."""

    kind: str
    of: str
    level: str
    post: str
    due_at: str


@dataclass(frozen=True, kw_only=True)
class DutyEscalated(Event):
    """A late duty climbed a rung: whom it reached. Once per duty, rung and deadline."""

    kind: str
    of: str
    level: str
    rung: int
    post: str
    body: str = ""
    days_late: int = 0


@dataclass(frozen=True, kw_only=True)
class DutyFell(Event):
    """Its post is vacant: the duty falls, visibly, to the next one. `rung` > 0 when it fell while climbing."""

    silent = True

    kind: str
    of: str
    from_post: str
    to_post: str
    rung: int = 0
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class DutyReassigned(Event):
    """The duty went to another post."""

    kind: str
    of: str
    from_post: str
    to_post: str


@dataclass(frozen=True, kw_only=True)
class ExtensionAsked(Event):
    """More time was asked for, with a reason. The deadline stands until it is decided."""

    kind: str
    of: str
    extension: str
    until: str


@dataclass(frozen=True, kw_only=True)
class ExtensionDecided(Event):
    """More time was granted or refused; a granted one keeps the old deadline on record."""

    kind: str
    of: str
    extension: str
    granted: bool
    was: str
    until: str


@dataclass(frozen=True, kw_only=True)
class PostMade(Event):
    """A chair was set up in a business or a body."""

    silent = True

    kind: str
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class PostsMade(Event):
    """The usual chairs of a business or a body were set up, by their kinds."""

    silent = True

    kinds: tuple[str, ...]
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class PostRenamed(Event):
    """A chair got another title; the title itself is the business's own word and stays out of the trail."""

    silent = True


@dataclass(frozen=True, kw_only=True)
class PostEnded(Event):
    """A chair was taken away; what hung on it went to another."""

    silent = True

    to_post: str


@dataclass(frozen=True, kw_only=True)
class PostAssigned(Event):
    """A person's seat was put to a chair."""

    silent = True

    seat: str


@dataclass(frozen=True, kw_only=True)
class PostVacated(Event):
    """Nobody sits on a post any more; how many open duties hung on it, to whom they fall, and who left."""

    duties: int
    to_post: str = ""
    person: str = ""


@dataclass(frozen=True, kw_only=True)
class InstructionSent(Event):
    """An officer sent an instruction that each addressed business must acknowledge by a time."""

    silent = True

    count: int
    ack_by: str
    urge: bool


@dataclass(frozen=True, kw_only=True)
class InstructionReceived(Event):
    """A business was given an instruction (its own copy of the city's row)."""

    instruction: str
    ack_by: str
    urge: bool


@dataclass(frozen=True, kw_only=True)
class InstructionAcknowledged(Event):
    """A business acknowledged an instruction."""

    silent = True

    instruction: str
    late: bool
