"""Everything that changes letters, attempts and channels."""

import ipaddress
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as house
from django.db import transaction

from qianan.ground.accounts import derived, identity
from qianan.ground.notices import access, delivery, queries
from qianan.ground.notices.channels import ADAPTERS, mail, webhook
from qianan.ground.notices.delivery import deliver_due
from qianan.ground.notices.events import ChannelChanged, NoticeAcknowledged, NoticeResent, NoticesWritten
from qianan.ground.notices.letters import Letter
from qianan.ground.notices.lifecycle import ATTEMPT
from qianan.ground.notices.models import Attempt, Channel, Notice
from qianan.ground.notices.wire import may_reach
from qianan.ground.trail import actions as trail
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.problems import Invalid, NotFound, NotNow, NotYours
from qianan.kernel.ref import Ref
from qianan.tables import bulk

__all__ = [
    "OLD_NEWS",
    "Letter",
    "acknowledge",
    "deliver_due",
    "forget_letters_of",
    "is_old_news",
    "mark_all_read",
    "mark_read",
    "resend",
    "set_channel",
    "test_channel",
    "write",
]

OLD_NEWS = timedelta(days=2)
"""Nobody is written to about what happened longer ago: planting and replay wake nobody."""

LONGEST_TEXT = 2000
LONGEST_SOURCE = 200
LONGEST_CODE = 20


def is_old_news(at: datetime, now: datetime) -> bool:
    """Whether an entry is too old to write to anybody about."""
    return at < now - OLD_NEWS


@transaction.atomic
def write(letters: Sequence[Letter], *, by: Actor, now: datetime) -> int:
    """Write letters; they stand in the inbox at once and go out by the channels at the next delivery.

    The same (person, source) twice is one letter. Gives how many are new. Urgent ones go at once; others wait
    QIANAN_DIGEST_SECONDS, so that several to one person go as one message.
    """
    wanted: dict[tuple[uuid.UUID, str], Letter] = {}
    for letter in letters:
        wanted.setdefault((letter.person, _source(letter.source)), letter)
    known = _known(list(wanted))
    rows = []
    for (person, source), letter in wanted.items():
        if (person, source) in known:
            continue
        rows.append(
            Notice(
                id=uuid7(now),
                person=person,
                kind=letter.kind,
                business_id=letter.business_id if letter.business_id != NIL else letter.about.business,
                about=str(letter.about),
                place_code=letter.place_code,
                params={name: _clean(value) for name, value in letter.params.items()},
                urgent=letter.urgent,
                source=source,
                at=now,
                deliver_at=now if letter.urgent else now + timedelta(seconds=house.QIANAN_DIGEST_SECONDS),
                ack_by=letter.ack_by,
            )
        )
    bulk.insert(rows, ignore=True)
    told = Counter((row.about, row.kind, row.place_code) for row in rows)
    trail.record_many(
        [
            NoticesWritten(about=Ref.parse(about), place_code=place_code, kind=kind, count=count)
            for (about, kind, place_code), count in told.items()
        ],
        by=by,
        now=now,
    )
    return len(rows)


def _source(source: str) -> str:
    return source if len(source) <= LONGEST_SOURCE else f"sha256:{derived.sha256(source)}"


def _known(keys: list[tuple[uuid.UUID, str]]) -> set[tuple[uuid.UUID, str]]:
    found: set[tuple[uuid.UUID, str]] = set()
    for start in range(0, len(keys), 5000):
        some = keys[start : start + 5000]
        rows = Notice.objects.filter(person__in={key[0] for key in some}, source__in={key[1] for key in some})
        found |= set(rows.values_list("person", "source"))
    return found


def _clean(value: Any) -> Any:
    """A param as it is kept: text without signs that no database takes, and not endless; moments as ISO 8601."""
    if isinstance(value, str):
        return "".join(sign for sign in value[:LONGEST_TEXT] if sign in "\n\t" or identity.is_printable(sign))
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, (uuid.UUID, Ref)):
        return str(value)
    return value


def mark_read(notices: Collection[Notice], *, by: Actor, now: datetime) -> int:
    """The reader has seen these. Twice is once; reading is no news. Raises NotYours("not_your_letter")."""
    if any(not access.can_read(by, notice) for notice in notices):
        raise NotYours("not_your_letter")
    return Notice.objects.filter(id__in=[notice.id for notice in notices], read_at=None).update(read_at=now)


def mark_all_read(*, by: Actor, now: datetime) -> int:
    """The reader's whole inbox is read."""
    return Notice.objects.filter(person=by.person, read_at=None).update(read_at=now) if by.person else 0


@transaction.atomic
def acknowledge(notice: Notice, *, by: Actor, now: datetime) -> Notice:
    """签收: the reader acknowledges a letter that asks for it; late is said, not refused. Twice is once.

    Raises NotYours("not_your_letter"), NotNow("nothing_to_acknowledge").
    """
    if not access.can_read(by, notice):
        raise NotYours("not_your_letter")
    if notice.ack_by is None:
        raise NotNow("nothing_to_acknowledge")
    if Notice.objects.filter(id=notice.id, acked_at=None).update(acked_at=now):
        Notice.objects.filter(id=notice.id, read_at=None).update(read_at=now)
        about = Ref.of("notices.notice", notice.business_id, notice.id)
        late = now > notice.ack_by
        trail.record(
            NoticeAcknowledged(about=about, place_code=notice.place_code, kind=notice.kind, late=late), by=by, now=now
        )
    notice.refresh_from_db()
    return notice


@transaction.atomic
def forget_letters_of(people: Sequence[uuid.UUID]) -> int:
    """Drop the letters of erased people and what attempts keep of their addresses. Gives how many letters went.

    No news of its own: that they were erased stands in the trail.
    """
    Attempt.objects.filter(person__in=people).update(address="", failure="", receipt="")
    return Notice.objects.filter(person__in=people).delete()[0]


@transaction.atomic
def resend(attempt: Attempt, *, by: Actor, now: datetime) -> Attempt:
    """What was given up, or waits for its next try, goes out at the next delivery, with a clean count.

    Raises NotYours("may_not_resend"), NotNow when it was sent or had no address.
    """
    if not access.can_resend(by):
        raise NotYours("may_not_resend")
    if attempt.state != "waiting":
        ATTEMPT.check(attempt.state, "waiting")
    same = delivery.rows_of(attempt).filter(state=attempt.state)
    if not same.update(state="waiting", run_at=now, tries=0, failure=""):
        raise NotNow("not_now", noun="attempt", now=attempt.state, then="waiting")
    about = Ref.of("notices.attempt", attempt.business_id, attempt.id)
    trail.record(NoticeResent(about=about, channel=attempt.channel), by=by, now=now)
    return delivery.rows_of(attempt).get()


@transaction.atomic
def set_channel(
    code: str,
    *,
    adapter: str = "",
    on: bool,
    settings: Mapping[str, Any] | None = None,
    kinds: Collection[str] | None = None,
    by: Actor,
    now: datetime,
) -> queries.ChannelView:
    """Set a channel up, switch it on or off. A secret left out, empty, or given as the dots that were shown, stays as
    it was; any other setting given empty falls back to its default.

    `adapter` "" = the code itself. Raises NotYours("not_an_admin"), NotFound("no_such_adapter"), Invalid with `where`:
    channel_incomplete (on, and something is missing), bad_url, bad_secret, bad_port, unknown_setting, bad_channel_code.
    """
    access.check_may_look_after_channels(by)
    row = Channel.objects.select_for_update().filter(code=code).first()
    adapter = adapter or (row.adapter if row else code)
    if adapter not in ADAPTERS:
        raise NotFound("no_such_adapter", adapter=adapter)
    if not code or len(code) > LONGEST_CODE or not all(sign.isalnum() or sign in "-_" for sign in code):
        raise Invalid("bad_channel_code", where="code")
    module = ADAPTERS[adapter]
    kept = dict(row.settings) if row and row.adapter == adapter else {}
    for name, value in (settings or {}).items():
        if name not in module.SETTINGS:
            raise Invalid("unknown_setting", where=name)
        if name in module.SECRETS:
            if value in ("", None, "••••"):
                continue
            _check_setting(adapter, name, value)
            kept[name] = queries.SEALED + derived.seal(str(value), purpose="notices.channel")
        elif value in ("", None):
            kept.pop(name, None)
        else:
            _check_setting(adapter, name, value)
            kept[name] = value
    if on and house.QIANAN_WIRE == "http":
        for name, default in module.SETTINGS.items():
            if default is None and kept.get(name) in (None, "", {}):
                raise Invalid("channel_incomplete", where=name)
    chosen = sorted(set(kinds)) if kinds is not None else (row.kinds if row else list(_first_kinds(code)))
    facts = {"adapter": adapter, "on": on, "settings": kept, "kinds": chosen, "changed_at": now}
    Channel.objects.update_or_create(code=code, defaults=facts)
    trail.record(ChannelChanged(about=Ref.of("notices.channel", NIL, code), channel=code, on=on), by=by, now=now)
    return queries.channel(code)


@transaction.atomic
def test_channel(code: str, *, by: Actor, now: datetime) -> Attempt:
    """A letter to oneself through this very channel, at the next delivery; its attempt says how it went.

    Raises NotYours("not_an_admin"), NotFound("no_such_channel"), NotNow("channel_off" | "not_reached").
    """
    access.check_may_look_after_channels(by)
    way = queries.channel(code)
    if not way.on:
        raise NotNow("channel_off")
    if by.person is None or not delivery.address_of(way, by.person):
        raise NotNow("not_reached")
    about = Ref.of("notices.channel", NIL, code)
    letter = Letter(
        person=by.person, kind="test", about=about, source=f"test:{uuid7(now)}", params={"subject": code}, urgent=True
    )
    write([letter], by=by, now=now)
    notice = Notice.objects.filter(person=by.person, kind="test").latest("at", "id")
    Notice.objects.filter(id=notice.id).update(deliver_at=None)
    return delivery.attempt_by(way, notice, now)


def _first_kinds(code: str) -> tuple[str, ...]:
    return queries.SMS_KINDS if code == "sms" else ()


def _check_setting(adapter: str, name: str, value: Any) -> None:
    if isinstance(value, str) and (len(value) > LONGEST_TEXT or not identity.is_printable(value)):
        raise Invalid("control_characters", where=name)
    if name in {"url", "endpoint"} and value:
        _check_url(str(value), name=name, guarded=adapter == "webhook")
    elif name == "port" and not (str(value).isdigit() and 0 < int(value) < 65536):
        raise Invalid("bad_port", where=name)
    elif name in {"agent_id", "longest"} and value and not str(value).isdigit():
        raise Invalid("bad_number", where=name)
    elif name == "security" and value not in mail.SECURITY:
        raise Invalid("unknown_security", where=name)
    elif name == "templates" and not (
        isinstance(value, dict) and all(isinstance(each, str) for pair in value.items() for each in pair)
    ):
        raise Invalid("bad_templates", where=name)
    elif name == "secrets":
        try:
            keys = [webhook.key_of(secret) for secret in str(value).split()]
        except ValueError as wrong:
            raise Invalid("bad_secret", where=name) from wrong
        if not keys:
            raise Invalid("bad_secret", where=name)


def _check_url(url: str, *, name: str, guarded: bool) -> None:
    """A whole web address without user and password; TLS unless it leads into a network of one's own."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  raises ValueError for a port that is none
    except ValueError as wrong:
        raise Invalid("bad_url", where=name) from wrong
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise Invalid("bad_url", where=name)
    if guarded and parts.scheme == "http" and not house.QIANAN_WEBHOOK_NETWORKS:
        raise Invalid("bad_url", where=name)
    try:
        address = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return
    if guarded and not may_reach(str(address)):
        raise Invalid("private_address", where=name)
