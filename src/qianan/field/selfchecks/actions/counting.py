"""What submissions answer and how they count: owed checks, corrections, standings, the end of a silence.

Which owed check a submission answers goes by the server's receipt time, never by the phone's clock: the one the
sender names (`day`) if that is still owed; else, of those that are due, the nearest to the moment of receipt; else
the last one made, if that was missed. What answers none is a voluntary check and counts as a check all the same.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from qianan.field.selfchecks.actions.drafts import Good
from qianan.field.selfchecks.events import SilenceEnded
from qianan.field.selfchecks.lifecycle import OCCURRENCE
from qianan.field.selfchecks.models import Occurrence, Standing, Submission
from qianan.field.selfchecks.queries.standings import standing_ref
from qianan.ground.codebook.queries import local_day
from qianan.kernel.ids import month_of
from qianan.registry.duties import actions as duties
from qianan.tables import bulk

Key = tuple[uuid.UUID, uuid.UUID]
Standings = Mapping[Key, Standing]


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


def standings_of(some: Sequence[Good]) -> dict[Key, Standing]:
    """The standings concerned, made where the site did not owe the list: then they are not active."""
    owners = {good.row.business_id for good in some}
    found = {(row.business_id, row.id): row for row in Standing.objects.filter(business_id__in=owners)}
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
            line=good.site.business.line,
            tier=good.site.tier,
            owed_since=local_day(good.now),
            active=False,
        )
        found[good.standing_key] = row
        new.append(row)
    bulk.insert(new, ignore=True)
    return found


def answer_owed(some: Sequence[Good], standings: Standings) -> None:
    """Choose for each the owed check it answers; the rows are changed by `write_answers`."""
    due: dict[tuple[uuid.UUID, str], list[Occurrence]] = defaultdict(list)
    for row in Occurrence.objects.filter(business_id__in={good.row.business_id for good in some}, state="due"):
        due[row.site_id, row.checklist].append(row)
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
        owed.state, owed.submission_id, owed.led, owed.closed_at = then, good.row.id, good.row.led, good.now
        good.occurrence = owed


def _missed(
    some: Sequence[Good], due: Mapping[tuple[uuid.UUID, str], list[Occurrence]], standings: Standings
) -> dict[tuple[uuid.UUID, str, date], Occurrence]:
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
    return {(row.site_id, row.checklist, row.due_day): row for row in rows}


def _chosen(
    good: Good,
    due: Sequence[Occurrence],
    missed: Mapping[tuple[uuid.UUID, str, date], Occurrence],
    standing: Standing,
) -> Occurrence | None:
    """The owed check that this answers, by the rule at the head of this file."""
    day = good.draft.handed.day
    if day:
        named = next((row for row in due if row.due_day == day), None) or missed.get(
            (good.row.site_id, good.row.checklist, day)
        )
        if named is not None and named.submission_id is None:
            return named
    if due:
        return min(due, key=lambda row: (abs(row.due_at - good.now), row.due_at))
    if standing.next_due_day is None:
        return None
    last = missed.get((good.row.site_id, good.row.checklist, standing.next_due_day))
    return last if last is not None and last.submission_id is None else None


def write_answers(some: Sequence[Good]) -> None:
    """The owed checks that were answered. A correction takes over what its original had answered."""
    bulk.run(
        "UPDATE selfchecks_occurrence SET state = %s, submission_id = %s, led = %s, closed_at = %s"
        " WHERE business_id = %s AND month = %s AND id = %s",
        [
            (owed.state, owed.submission_id, owed.led, owed.closed_at, owed.business_id, owed.month, owed.id)
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
        [(standing_ref(standings[key]), "silence") for key in broken],
        by=[good.by for good in broken.values()],
        now=[good.now for good in broken.values()],
    )
    return [(_silence_ended(standings[key], good), good) for key, good in broken.items()]


def _silence_ended(standing: Standing, good: Good) -> SilenceEnded:
    since = local_day(standing.last_at) if standing.last_at else standing.owed_since
    return SilenceEnded(
        about=standing_ref(standing),
        place_code=standing.place_code,
        checklist=standing.checklist,
        days=max(0, (local_day(good.now) - since).days),
    )
