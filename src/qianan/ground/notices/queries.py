"""What is asked of letters, attempts and channels."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings as house
from django.db.models import QuerySet

from qianan.ground.accounts import derived, identity
from qianan.ground.notices import access
from qianan.ground.notices.channels import ADAPTERS
from qianan.ground.notices.models import Attempt, Channel, Notice
from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotFound
from qianan.kernel.ref import Ref

UNSHOWN = frozenset({"code"})
"""Kinds that go out by a channel only: who reads the inbox has come in already."""

SEALED = "sealed:"
SMS_KINDS = (
    "code",
    "invitation",
    "claim_decided",
    "rectification_ordered",
    "fix_returned",
    "duty_opened",
    "duty_reassigned",
    "duty_escalated",
    "instruction",
    "urge",
    "silence",
    "supervised",
    "hazard_supervised",
    "suspended",
    "work_suspended",
)
"""What is worth a paid message when nobody has chosen: codes, and what somebody must do or be told today."""


# -- the inbox --------------------------------------------------------------------


def inbox_of(
    person_id: uuid.UUID, *, unread: bool = False, kind: str = "", business_id: uuid.UUID | None = None
) -> QuerySet[Notice]:
    """A person's letters, newest first."""
    found = Notice.objects.filter(person=person_id).exclude(kind__in=UNSHOWN)
    if unread:
        found = found.filter(read_at=None)
    if kind:
        found = found.filter(kind=kind) if identity.is_printable(kind) else found.none()
    if business_id is not None:
        found = found.filter(business_id=business_id)
    return found.order_by("-at", "-id")


def unread(person_id: uuid.UUID) -> int:
    return inbox_of(person_id, unread=True).count()


def to_acknowledge(person_id: uuid.UUID) -> QuerySet[Notice]:
    """Letters that wait for this person's acknowledgement, the most pressing first."""
    return inbox_of(person_id).filter(ack_by__isnull=False, acked_at=None).order_by("ack_by", "id")


def notice_for(actor: Actor, id: uuid.UUID) -> Notice:
    """One's own letter. Raises NotFound("no_such_letter"), also for another's."""
    found = Notice.objects.filter(id=id).exclude(kind__in=UNSHOWN).first()
    if found is None or not access.can_read(actor, found):
        raise NotFound("no_such_letter")
    return found


def letters_about(refs: Iterable[Ref]) -> QuerySet[Notice]:
    """All letters about these things, whoever reads them: for who may see the things. No words, only whether read."""
    return Notice.objects.filter(about__in=[str(ref) for ref in refs]).order_by("at", "id")


# -- attempts ---------------------------------------------------------------------


def attempts_of(person_id: uuid.UUID) -> QuerySet[Attempt]:
    """What was sent to a person and how it went, newest first."""
    return Attempt.objects.filter(person=person_id).order_by("-run_at", "-id")


def attempts_for(notices: Collection[Notice]) -> dict[uuid.UUID, list[Attempt]]:
    """Each letter's attempts, oldest first; [] for one that went by no channel."""
    found: dict[uuid.UUID, list[Attempt]] = {notice.id: [] for notice in notices}
    people = {notice.person for notice in notices}
    if not people:
        return found
    since = min(notice.at for notice in notices)
    for attempt in Attempt.objects.filter(person__in=people, run_at__gte=since).order_by("id"):
        for id in map(uuid.UUID, attempt.notices):
            if id in found:
                found[id].append(attempt)
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who was written to about a thing: when, whether read, by which channels and how it went."""

    notice: Notice
    attempts: list[Attempt]


def attempts_about(*refs: Ref) -> dict[str, list[Told]]:
    """Who was told about each of these things (by the ref's text), in the order they were written to."""
    notices = list(letters_about(refs))
    attempts = attempts_for(notices)
    found: dict[str, list[Told]] = {str(ref): [] for ref in refs}
    for notice in notices:
        found[notice.about].append(Told(notice, attempts[notice.id]))
    return found


def attempts_failed(actor: Actor) -> QuerySet[Attempt]:
    """What did not arrive, newest first; for admins."""
    if not access.can_look_after_channels(actor):
        return Attempt.objects.none()
    return Attempt.objects.filter(state__in=["failed", "given_up"]).order_by("-run_at", "-id")


def attempt_for(actor: Actor, id: uuid.UUID) -> Attempt:
    """Raises NotFound("no_such_attempt")."""
    found = Attempt.objects.filter(id=id).first()
    if found is None or not access.can_resend(actor):
        raise NotFound("no_such_attempt")
    return found


@dataclass(frozen=True, slots=True)
class Queue:
    """How delivery stands: letters and attempts that wait, attempts being tried again, given up; the oldest due."""

    letters: int
    waiting: int
    failed: int
    given_up: int
    oldest: datetime | None


def queue() -> Queue:
    states: defaultdict[str, int] = defaultdict(int)
    for state in Attempt.objects.filter(state__in=["waiting", "failed", "given_up"]).values_list("state", flat=True):
        states[state] += 1
    waiting = Attempt.objects.filter(state__in=["waiting", "failed"]).order_by("run_at")
    return Queue(
        letters=Notice.objects.filter(deliver_at__isnull=False).count(),
        waiting=states["waiting"],
        failed=states["failed"],
        given_up=states["given_up"],
        oldest=waiting.values_list("run_at", flat=True).first(),
    )


# -- channels ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A channel as it works now. `settings` are in clear: for adapters only; `shown` has secrets as dots.

    `kinds` empty = all kinds.
    """

    code: str
    adapter: str
    on: bool
    kinds: tuple[str, ...]
    settings: dict[str, Any] = field(repr=False)
    shown: dict[str, Any] = field(default_factory=dict)
    changed_at: datetime | None = None

    def carries(self, kind: str) -> bool:
        return self.on and (not self.kinds or kind in self.kinds)


def channels() -> list[ChannelView]:
    """All channels, those that were never set up included (off). On a wire that leads nowhere (the demo, tests) the
    short-message channel is on from the start, so that codes can be seen."""
    rows = {row.code: row for row in Channel.objects.all()}
    codes = [*ADAPTERS, *sorted(set(rows) - set(ADAPTERS))]
    return [_view(rows[code]) if code in rows else _unset(code) for code in codes]


def channel(code: str) -> ChannelView:
    """Raises NotFound("no_such_channel")."""
    for found in channels():
        if found.code == code:
            return found
    raise NotFound("no_such_channel", channel=code)


def _unset(code: str) -> ChannelView:
    pretending = house.QIANAN_WIRE != "http"
    return ChannelView(
        code=code,
        adapter=code,
        on=pretending and code == "sms",
        kinds=SMS_KINDS if code == "sms" else (),
        settings=filled(code, {}),
        shown=dict(ADAPTERS[code].SETTINGS),
    )


def _view(row: Channel) -> ChannelView:
    secrets = ADAPTERS[row.adapter].SECRETS
    clear = {
        name: derived.unseal(value.removeprefix(SEALED), purpose="notices.channel")
        if isinstance(value, str) and value.startswith(SEALED)
        else value
        for name, value in row.settings.items()
    }
    shown = {name: ("••••" if value else "") if name in secrets else value for name, value in clear.items()}
    return ChannelView(
        code=row.code,
        adapter=row.adapter,
        on=row.on,
        kinds=tuple(row.kinds),
        settings=filled(row.adapter, clear),
        shown=ADAPTERS[row.adapter].SETTINGS | shown,
        changed_at=row.changed_at,
    )


PRETENDED: dict[str, Any] = {
    "templates": {"*": "SMS_0"},
    "agent_id": 1,
    "host": "localhost",
    "sender": "qianan@localhost",
    "url": "https://example.org/qianan",
    "secrets": "whsec_cHJldGVuZGVkLXNlY3JldC1mb3ItdGhlLWRlbW8=",
}
"""What stands in for settings that were not given, on a wire that leads nowhere."""


def filled(adapter: str, given: dict[str, Any]) -> dict[str, Any]:
    """The adapter's settings with its defaults; None stays where something must be given and was not."""
    found = ADAPTERS[adapter].SETTINGS | {name: value for name, value in given.items() if value not in (None, "")}
    if house.QIANAN_WIRE == "http":
        return found
    return {name: PRETENDED.get(name, "demo") if value is None else value for name, value in found.items()}
