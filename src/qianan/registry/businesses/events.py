"""What happens to businesses and sites."""

from dataclasses import dataclass

from qianan.kernel.news import Event


@dataclass(frozen=True, kw_only=True)
class BusinessRegistered(Event):
    """A business entered the registry."""

    industry: str
    tier: str
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class BusinessChanged(Event):
    """Facts of a business or site changed; the names of the fields, not their values."""

    silent = True

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SiteOpened(Event):
    """A business opened a site."""

    venue: str


@dataclass(frozen=True, kw_only=True)
class SiteStateChanged(Event):
    """A site was paused, closed, moved or opened again, with proof; its checks stop or go on."""

    was: str
    now: str
    reason: str
    from_day: str
    until_day: str = ""


@dataclass(frozen=True, kw_only=True)
class ClaimAsked(Event):
    """A person says: this business is mine."""

    claim: str
    person: str


@dataclass(frozen=True, kw_only=True)
class ClaimDecided(Event):
    """The street approved or refused a claim."""

    claim: str
    person: str
    approved: bool
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class OversightAssigned(Event):
    """A body was made to answer for the safety of this business, on a recorded basis (三管三必须)."""

    silent = True

    duty_type: str
    body: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class OversightEnded(Event):
    """A body no longer answers for this business."""

    silent = True

    duty_type: str
    body: str


@dataclass(frozen=True, kw_only=True)
class TenancyRecorded(Event):
    """A business rents from a landlord, park, market or property manager."""

    silent = True

    landlord: str
    role: str


@dataclass(frozen=True, kw_only=True)
class TenancyEnded(Event):
    """A tenancy ended."""

    silent = True

    landlord: str


@dataclass(frozen=True, kw_only=True)
class RegistryImported(Event):
    """A file of businesses, sites and people was imported: rows by what became of them."""

    silent = True

    digest: str
    added: int
    changed: int
    same: int


@dataclass(frozen=True, kw_only=True)
class TierSet(Event):
    """The supervision tier of a business was set, with a reason."""

    silent = True

    was: str
    now: str
    reason: str
