"""What submissions answer and how they count: owed checks, corrections, standings, the end of a silence.

Which owed check a submission answers goes by the server's receipt time, never by the phone's clock: the one the
sender names (`day`) if that is still owed; else, of those that are due, the nearest to the moment of receipt; else
the last one made, if that was missed. What answers none is a voluntary check and counts as a check all the same.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from qianan.field.selfchecks.actions.drafts import Good
from qianan.field.selfchecks.events import SilenceEnded
from qianan.field.selfchecks.lifecycle import OCCURRENCE
from qianan.field.selfchecks.models import Occurrence, Standing, Submission
from qianan.field.selfchecks.queries.standings import NOUN
from qianan.ground.codebook.queries import local_day
from qianan.kernel.ids import month_of
from qianan.kernel.ref import Ref
from qianan.registry.duties import actions as duties
from qianan.tables import bulk

Key = tuple[uuid.UUID, uuid.UUID]


def link_corrections(some: Sequence[Good]) -> None:
    """A correction and what it corrects count once, whichever comes first; the correction made last stands."""
    owners = {good.row.business_id for good in some}
    mine = {(good.row.business_id, good.row.id): good.row for good in some}
    meant = {good.row.replaces for good in some if good.row.replaces}
    corrections: dict[Key, set[uuid.UUID]] = defaultdict(set)
    about = Submission.objects.filter(business_id__in=owners, replaces__in={id for _, id in mine} | meant)
    for owner, before, id in about.values_list("business_id", "replaces", "id"):
        if before is not None:
            corrections[owner, before].add(id)
    there: dict[Key, Submission] = {}
    if meant:
        months = {month_of(id) for id in meant}
        rows = Submission.objects.filter(business_id__in=owners, month__in=months, id__in=meant)
        there = {(row.business_id, row.id): row for row in rows}
    touched: set[Key] = set()
    for good in some:
        row = good.row
        me = (row.business_id, row.id)
        if row.replaces:
            original = (row.business_id, row.replaces)
            good.counted = original not in there and not corrections[original]
            corrections[original].add(row.id)
            touched.add(original)
        if corrections.get(me):
            good.counted = False
            touched.add(me)
        there[me] = row
    for key in touched & there.keys():
        there[key].replaced_by = max(corrections[key])
        if key not in mine:
            there[key].save(update_fields=["replaced_by"])


@dataclass(frozen=True, slots=True)
class Stand:
    """What a check must know of a standing."""

    business_id: uuid.UUID
    id: uuid.UUID
    place_code: str
    checklist: str
    missed_in_row: int
    next_due_day: date | None
    last_at: datetime | None
    owed_since: date

    @property
    def ref(self) -> Ref:
        return Ref.of(NOUN, self.business_id, self.id)


Standings = Mapping[Key, Stand]


def standings_of(some: Sequence[Good]) -> dict[Key, Stand]:
    """The standings concerned, made where the site did not owe the list: then they are not active."""
    rows = Standing.objects.filter(
        business_id__in={good.row.business_id for good in some}, checklist__in={good.row.checklist for good in some}
    ).values_list(*Stand.__slots__)
    found = {(row[0], row[1]): Stand(*row) for row in rows}
    new = []
    for good in some:
        if good.standing_key in found:
            continue
        row = Standing(
            business_id=good.row.business_id,
            id=good.standing_key[1],
            site_id=good.row.site_id,
            checklist=good.row.checklist,
            place_code=good.site.place_code,
            industry_code=good.site.industry_code,
            line=good.site.line,
            tier=good.site.tier,
            owed_since=local_day(good.now),
            active=False,
        )
        found[good.standing_key] = Stand(*(getattr(row, name) for name in Stand.__slots__))
        new.append(row)
    bulk.insert(new, ignore=True)
    return found


@dataclass(slots=True)
class Owed:
    """An owed check that may be answered, and how it was answered."""

    business_id: uuid.UUID
    month: int
    id: uuid.UUID
    site_id: uuid.UUID
    checklist: str
    due_day: date
    due_at: datetime
    state: str
    taken: bool = False


OWED_COLUMNS = ("business_id", "month", "id", "site_id", "checklist", "due_day", "due_at", "state")


def answer_owed(some: Sequence[Good], standings: Standings) -> None:
    """Choose for each the owed check it answers; the rows are changed by `write_answers`."""
    due: dict[tuple[uuid.UUID, str], list[Owed]] = defaultdict(list)
    rows = Occurrence.objects.filter(
        business_id__in={good.row.business_id for good in some},
        checklist__in={good.row.checklist for good in some},
        state="due",
    )
    for row in rows.values_list(*OWED_COLUMNS):
        due[row[3], row[4]].append(Owed(*row))
    missed = _missed(some, due, standings)
    for good in some:
        if not good.counted:
            continue
        mine = due[good.row.site_id, good.row.checklist]
        owed = _chosen(good, mine, missed, standings[good.standing_key])
        if owed is None:
            continue
        if owed in mine:
            mine.remove(owed)
        good.late = owed.state == "missed" or good.now > owed.due_at
        then = "late" if good.late else "done"
        OCCURRENCE.check(owed.state, then)
        owed.state, owed.taken = then, True
        good.occurrence = owed


def _missed(
    some: Sequence[Good], due: Mapping[tuple[uuid.UUID, str], list[Owed]], standings: Standings
) -> dict[tuple[uuid.UUID, str, date], Owed]:
    """Missed ones that may still be answered: those a sender names, and the last made where none is due."""
    wanted = set()
    for good in some:
        mine = due.get((good.row.site_id, good.row.checklist), [])
        day = good.draft.handed.day
        if day and all(row.due_day != day for row in mine):
            wanted.add((good.row.business_id, good.row.site_id, day))
        last = standings[good.standing_key]
        if not mine and last.missed_in_row and last.next_due_day:
            wanted.add((good.row.business_id, good.row.site_id, last.next_due_day))
    if not wanted:
        return {}
    rows = Occurrence.objects.filter(
        business_id__in={owner for owner, _, _ in wanted},
        site_id__in={site for _, site, _ in wanted},
        due_day__in={day for _, _, day in wanted},
        state="missed",
    )
    return {(row[3], row[4], row[5]): Owed(*row) for row in rows.values_list(*OWED_COLUMNS)}


def _chosen(
    good: Good,
    due: Sequence[Owed],
    missed: Mapping[tuple[uuid.UUID, str, date], Owed],
    standing: Stand,
) -> Owed | None:
    """The owed check that this answers, by the rule at the head of this file."""
    day = good.draft.handed.day
    if day:
        named = next((row for row in due if row.due_day == day), None) or missed.get(
            (good.row.site_id, good.row.checklist, day)
        )
        if named is not None and not named.taken:
            return named
    if due:
        return min(due, key=lambda row: (abs(row.due_at - good.now), row.due_at))
    if standing.next_due_day is None:
        return None
    last = missed.get((good.row.site_id, good.row.checklist, standing.next_due_day))
    return last if last is not None and not last.taken else None


def write_answers(some: Sequence[Good]) -> None:
    """The owed checks that were answered. A correction takes over what its original had answered."""
    bulk.run(
        "UPDATE selfchecks_occurrence SET state = %s, submission_id = %s, led = %s, closed_at = %s"
        " WHERE business_id = %s AND month = %s AND id = %s",
        [
            (owed.state, good.row.id, good.row.led, good.now, owed.business_id, owed.month, owed.id)
            for good in some
            if (owed := good.occurrence)
        ],
    )
    bulk.run(
        "UPDATE selfchecks_occurrence SET submission_id = %s, led = %s"
        " WHERE business_id = %s AND site_id = %s AND submission_id = %s",
        [
            (good.row.id, good.row.led, good.row.business_id, good.row.site_id, good.row.replaces)
            for good in some
            if good.row.replaces and not good.counted
        ],
    )


def keep_standings(some: Sequence[Good], standings: Standings) -> list[tuple[SilenceEnded, Good]]:
    """A check ends the silence and counts, in this very transaction. Gives what is to be told of it."""
    changes = []
    broken: dict[Key, Good] = {}
    for good in some:
        led_at = good.now if good.row.led else None
        day = good.occurrence.due_day if good.occurrence else None
        counts = (int(good.counted), int(good.counted and good.row.led), int(good.late))
        changes.append((*counts, good.now, good.now, led_at, led_at, led_at, day, day, day, *good.standing_key))
        if standings[good.standing_key].missed_in_row:
            broken.setdefault(good.standing_key, good)
    bulk.run(
        "UPDATE selfchecks_standing SET checks = checks + %s, led_checks = led_checks + %s,"
        " late_checks = late_checks + %s, missed_in_row = 0,"
        " last_at = CASE WHEN last_at > %s THEN last_at ELSE %s END,"
        " last_led_at = CASE WHEN %s IS NULL OR last_led_at > %s THEN last_led_at ELSE %s END,"
        " last_due_day = CASE WHEN %s IS NULL OR last_due_day > %s THEN last_due_day ELSE %s END"
        " WHERE business_id = %s AND id = %s",
        changes,
    )
    if not broken:
        return []
    duties.discharge_many(
        [(standings[key].ref, "silence") for key in broken],
        by=[good.by for good in broken.values()],
        now=[good.now for good in broken.values()],
    )
    return [(_silence_ended(standings[key], good), good) for key, good in broken.items()]


def _silence_ended(standing: Stand, good: Good) -> SilenceEnded:
    since = local_day(standing.last_at) if standing.last_at else standing.owed_since
    return SilenceEnded(
        about=standing.ref,
        place_code=standing.place_code,
        checklist=standing.checklist,
        days=max(0, (local_day(good.now) - since).days),
    )
