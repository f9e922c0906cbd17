"""Delivery: letters become messages, messages go out, each attempt a row. Safe with several workers.

At least once: a worker that dies in the middle of sending leaves an attempt that another takes up after the lease.
Letters are taken under a row lock (PostgreSQL skips what another holds; the embedded database has one writer at a
time); attempts are taken by compare-and-set, since they may lie on many nodes. The network is never touched inside a
transaction.
"""

import logging
import time as clockwork
import uuid
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from qianan.ground.accounts import identity
from qianan.ground.accounts.queries import Reach, code_in_clear, reach_of
from qianan.ground.notices import words
from qianan.ground.notices.channels import ADAPTERS
from qianan.ground.notices.channels.message import Item, Later, Message, Refused
from qianan.ground.notices.lifecycle import ATTEMPT
from qianan.ground.notices.models import Attempt, Notice
from qianan.ground.notices.queries import ChannelView, channels
from qianan.ground.notices.wire import Unreachable, Wire, wire
from qianan.kernel.ids import NIL, month_of, uuid7
from qianan.tables import bulk

log = logging.getLogger(__name__)

LETTERS = 500
"""Letters taken in one transaction."""

MESSAGES = 200
"""Messages of one run, and the seconds after which a run starts no more: the clock has other things to do."""
SECONDS = 20.0

LEASE = timedelta(minutes=2)
"""How long a worker may have a message in hand before another takes it up."""

TRIES = 8
BACK_OFF = (60, 120, 240, 480, 960, 1200)
"""Seconds before the next try; the last one for all further. After TRIES it is given up."""

DIGEST = 20
"""Letters that one message lists; the rest is counted."""

NOBODY = "none"
"""The channel of an attempt for somebody whom no channel reaches."""


def deliver_due(now: datetime) -> int:
    """Hand over what is due and send it. Gives how many messages the channels took."""
    ways = channels()
    while _hand_over(ways, now):
        pass
    return _send_due(ways, now)


# -- letters become attempts --------------------------------------------------------


@transaction.atomic
def _hand_over(ways: Sequence[ChannelView], now: datetime) -> int:
    """Take up to LETTERS due letters, and what else waits for the same people; write their attempts down.

    Gives how many letters were looked at; 0 when nothing is due.
    """
    waiting = Notice.objects.select_for_update(skip_locked=True).filter(deliver_at__isnull=False)
    due = list(waiting.filter(deliver_at__lte=now).order_by("person", "at", "id")[:LETTERS])
    if not due:
        return 0
    reaches = reach_of({notice.person for notice in due})
    resting = {id for id, reach in reaches.items() if quiet_until(reach, now)}
    due_ids = [notice.id for notice in due]
    others = waiting.filter(person__in=set(reaches) - resting, deliver_at__gt=now).exclude(id__in=due_ids)
    ready = [*due, *others.order_by("person", "at", "id")[:LETTERS]]
    held = [notice for notice in ready if notice.person in resting and not notice.urgent]
    _hold(held, reaches, now)
    going = [notice for notice in ready if not (notice.person in resting and not notice.urgent)]
    Notice.objects.filter(id__in=[notice.id for notice in going]).update(deliver_at=None)
    bulk.insert(_attempts(going, reaches, ways, now))
    return len(due)


def _hold(notices: Sequence[Notice], reaches: dict[uuid.UUID, Reach], now: datetime) -> None:
    """Letters that came in quiet hours wait for their end."""
    until: defaultdict[datetime, list[uuid.UUID]] = defaultdict(list)
    for notice in notices:
        if end := quiet_until(reaches[notice.person], now):
            until[end].append(notice.id)
    for end, ids in until.items():
        Notice.objects.filter(id__in=ids).update(deliver_at=end)


def quiet_until(reach: Reach, now: datetime) -> datetime | None:
    """When this person's quiet hours end, if it is quiet for them now; None otherwise.

    A person's own hours, or the instance's (QIANAN_QUIET_HOURS); local times of day, midnight between them or not.
    Equal times are no quiet hours at all.
    """
    began, ends = _quiet_hours(reach)
    local = timezone.localtime(now, timezone.get_default_timezone())
    hour = local.time().replace(tzinfo=None)
    quiet = began <= hour < ends if began <= ends else hour >= began or hour < ends
    if not quiet:
        return None
    day = local.date() if hour < ends else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, ends), timezone.get_default_timezone())


def _quiet_hours(reach: Reach) -> tuple[time, time]:
    if reach.quiet_from is not None and reach.quiet_until is not None:
        return reach.quiet_from, reach.quiet_until
    began, _, ends = settings.QIANAN_QUIET_HOURS.partition("-")
    return time.fromisoformat(began or "00:00"), time.fromisoformat(ends or "00:00")


def _attempts(
    notices: Sequence[Notice], reaches: dict[uuid.UUID, Reach], ways: Sequence[ChannelView], now: datetime
) -> list[Attempt]:
    """An urgent letter is a message of its own; the others of a person are one message a channel."""
    bundles: defaultdict[tuple[uuid.UUID, uuid.UUID | None], list[Notice]] = defaultdict(list)
    for notice in notices:
        bundles[notice.person, notice.id if notice.urgent else None].append(notice)
    rows: list[Attempt] = []
    for (person, _), bundle in bundles.items():
        reach = reaches.get(person)
        if reach is None:  # erased since
            continue
        reached, wanted = False, False
        for way in ways:
            carried = [notice for notice in bundle if way.carries(notice.kind)]
            if not carried:
                continue
            wanted = True
            if address := ADAPTERS[way.adapter].address(reach, way.settings):
                reached = True
                rows.append(_attempt(way.code, mask(way, address), carried, now))
        if wanted and not reached:
            rows.append(_attempt(NOBODY, "", bundle, now, state="skipped"))
    return rows


def _attempt(channel: str, masked: str, notices: Sequence[Notice], now: datetime, *, state: str = "waiting") -> Attempt:
    businesses = {notice.business_id for notice in notices}
    id = uuid7(now)
    return Attempt(
        business_id=businesses.pop() if len(businesses) == 1 else NIL,
        month=month_of(id),
        id=id,
        person=notices[0].person,
        channel=channel,
        address=masked[:120],
        notices=[str(notice.id) for notice in notices],
        state=state,
        run_at=now,
    )


def mask(way: ChannelView, address: str) -> str:
    """What a row keeps of an address: enough to tell which, not enough to use it."""
    if way.adapter == "webhook":
        return urlsplit(address).hostname or ""
    return identity.masked(address)


def address_of(way: ChannelView, person: uuid.UUID) -> str:
    """Where this channel reaches a person, "" for nowhere."""
    reach = reach_of([person]).get(person)
    return str(ADAPTERS[way.adapter].address(reach, way.settings)) if reach else ""


def attempt_by(way: ChannelView, notice: Notice, now: datetime) -> Attempt:
    """One letter handed to this very channel, whichever kinds it carries."""
    row = _attempt(way.code, mask(way, address_of(way, notice.person)), [notice], now)
    row.save(force_insert=True)
    return row


# -- attempts go out ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _InHand:
    attempt: Attempt
    message: Message
    way: ChannelView


@dataclass(frozen=True, slots=True)
class _Outcome:
    receipt: str = ""
    failure: str = ""
    never: bool = False
    after: int = 0
    unreachable: bool = False


def rows_of(attempt: Attempt) -> QuerySet[Attempt]:
    return Attempt.objects.filter(business_id=attempt.business_id, month=attempt.month, id=attempt.id)


def _send_due(ways: Sequence[ChannelView], now: datetime) -> int:
    by_code = {way.code: way for way in ways}
    due = Attempt.objects.filter(state__in=["waiting", "failed"], run_at__lte=now).order_by("run_at", "id")
    rows = list(due[:MESSAGES])
    sent, down, began = 0, set[str](), clockwork.monotonic()
    line = wire()
    workers = max(1, settings.QIANAN_SENDERS)
    with ThreadPoolExecutor(workers, thread_name_prefix="letters") as pool:
        for start in range(0, len(rows), workers):
            if clockwork.monotonic() - began > SECONDS:
                break
            wave = [row for row in rows[start : start + workers] if row.channel not in down and _take(row, now)]
            in_hand = _compose(wave, by_code, now)
            outcomes = list(pool.map(lambda each: _send(each, line), in_hand))
            for each, outcome in zip(in_hand, outcomes, strict=True):
                _settle(each.attempt, outcome, now)
                sent += not outcome.failure
                if outcome.unreachable:  # the others of this channel wait for the next run, their tries unspent
                    down.add(each.attempt.channel)
    return sent


def _take(attempt: Attempt, now: datetime) -> bool:
    """Compare and set: mine if the row is still as it was read."""
    if attempt.state != "waiting":
        ATTEMPT.check(attempt.state, "waiting")
    same = rows_of(attempt).filter(state=attempt.state, tries=attempt.tries, run_at=attempt.run_at)
    if not same.update(state="waiting", tries=attempt.tries + 1, run_at=now + LEASE):
        return False
    attempt.state, attempt.tries = "waiting", attempt.tries + 1
    return True


def _compose(attempts: Sequence[Attempt], ways: dict[str, ChannelView], now: datetime) -> list[_InHand]:
    """Put each attempt into the reader's words. What can no longer be sent is settled here."""
    ids = {uuid.UUID(id) for attempt in attempts for id in attempt.notices}
    notices = Notice.objects.in_bulk(list(ids))
    reaches = reach_of({attempt.person for attempt in attempts})
    found: list[_InHand] = []
    for attempt in attempts:
        way = ways.get(attempt.channel)
        reach = reaches.get(attempt.person)
        letters = [notices[id] for id in map(uuid.UUID, attempt.notices) if id in notices]
        address = ADAPTERS[way.adapter].address(reach, way.settings) if way and reach else ""
        message = None
        if way is not None and way.on and reach is not None and address and letters:
            message = _message(attempt, letters, reach, way, address, now)
        if message is None:
            ATTEMPT.check(attempt.state, "skipped")
            rows_of(attempt).filter(tries=attempt.tries).update(state="skipped", run_at=now)
        elif way is not None:
            found.append(_InHand(attempt, message, way))
    return found


def _message(
    attempt: Attempt, letters: Sequence[Notice], reach: Reach, way: ChannelView, address: str, now: datetime
) -> Message | None:
    """None when it has outlived itself: a code that is no longer good."""
    first = letters[0]
    code = ""
    if first.kind == "code":
        code = code_in_clear(uuid.UUID(str(first.params.get("code"))), now=now) or ""
        if not code:
            return None
    said = words.say_all(letters, language=reach.language, more={"code": code} if code else {})
    subject, text = words.digest(said, language=reach.language, most=DIGEST)
    return Message(
        id=attempt.id,
        channel=attempt.channel,
        person=attempt.person,
        to=address,
        masked=mask(way, address),
        language=reach.language,
        subject=subject,
        text=text,
        kind=first.kind if len(letters) == 1 else "digest",
        link=said[0].link if len(said) == 1 else words.inbox_link(),
        at=now,
        items=tuple(
            Item(
                id=letter.id,
                kind=letter.kind,
                about=letter.about,
                business="" if letter.business_id == NIL else str(letter.business_id),
                place_code=letter.place_code,
                at=letter.at,
                ack_by=letter.ack_by,
            )
            for letter in letters
        ),
        code=code,
        host=urlsplit(settings.QIANAN_ADDRESS).hostname or "localhost",
    )


def _send(each: _InHand, line: Wire) -> _Outcome:
    """Runs in a thread of its own; touches the network and no table."""
    try:
        return _Outcome(receipt=ADAPTERS[each.way.adapter].send(each.message, each.way.settings, line)[:200])
    except Refused as why:
        return _Outcome(failure=str(why) or "refused", never=True)
    except Later as why:
        return _Outcome(failure=str(why) or "later", after=why.after)
    except Unreachable as why:
        return _Outcome(failure=f"unreachable: {why}"[:2000], unreachable=True)
    except Exception as failure:
        log.exception("the %s adapter failed", each.way.adapter)
        return _Outcome(failure=f"{type(failure).__name__}: {failure}"[:2000])


def _settle(attempt: Attempt, outcome: _Outcome, now: datetime) -> None:
    """Write down how it went, if the attempt is still in our hand."""
    mine = rows_of(attempt).filter(state="waiting", tries=attempt.tries)
    if not outcome.failure:
        ATTEMPT.check("waiting", "sent")
        mine.update(state="sent", sent_at=now, run_at=now, receipt=outcome.receipt, failure="")
        return
    ATTEMPT.check("waiting", "failed")
    if outcome.never or attempt.tries >= TRIES:
        ATTEMPT.check("failed", "given_up")
        mine.update(state="given_up", run_at=now, failure=outcome.failure)
        return
    wait = max(outcome.after, BACK_OFF[min(attempt.tries, len(BACK_OFF)) - 1])
    mine.update(state="failed", run_at=now + timedelta(seconds=wait), failure=outcome.failure)
