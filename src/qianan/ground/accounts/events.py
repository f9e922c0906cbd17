"""What happens to people and seats. Refs and codes only."""

from dataclasses import dataclass

from qianan.kernel.news import Event


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    """A person got an account."""

    silent = True


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """A person's name and numbers were erased; the trail keeps the ref."""


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Event):
    """Facts of a person changed; the names of the fields, never their values."""

    silent = True

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SeatTaken(Event):
    """A person took a seat."""

    person: str
    role: str
    line: str = ""
    post: str = ""


@dataclass(frozen=True, kw_only=True)
class SeatLeft(Event):
    """A person left a seat; what hung on its post falls to the next rung until somebody takes it."""

    person: str
    role: str
    post: str = ""


@dataclass(frozen=True, kw_only=True)
class BodyAdded(Event):
    """A public body (street office, bureau) was added."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class InvitationMade(Event):
    """Somebody was invited to a seat."""

    role: str


@dataclass(frozen=True, kw_only=True)
class InvitationUsed(Event):
    """An invitation was taken up."""

    silent = True

    person: str


@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Event):
    """An invitation was taken back before anybody used it."""

    silent = True


@dataclass(frozen=True, kw_only=True)
class TokenMade(Event):
    """An API token was made for a person."""

    silent = True

    token: str


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    """An API token was revoked."""

    silent = True

    token: str


@dataclass(frozen=True, kw_only=True)
class CodeSent(Event):
    """A one-time code was asked for; `code` is the id of its row, the code itself is never written down."""

    person: str
    code: str
