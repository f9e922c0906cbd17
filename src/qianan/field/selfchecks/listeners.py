"""Reactions to news: a site's state decides what it owes; who handed something in hears that it came back."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from qianan.field.selfchecks import actions
from qianan.field.selfchecks.models import Submission
from qianan.ground.codebook.queries import local_day
from qianan.ground.notices.actions import is_old_news, write
from qianan.ground.notices.letters import Letter
from qianan.ground.trail.models import Entry
from qianan.kernel.actor import Actor
from qianan.kernel.ids import month_of
from qianan.kernel.ref import Ref
from qianan.registry.businesses.lifecycle import OWES_CHECKS
from qianan.registry.businesses.models import Site
from qianan.registry.businesses.queries import sites_by_ids
from qianan.registry.checklists.queries import checklists

HOUSE = Actor.system("wiring")


def follow_site_state(entries: Sequence[Entry], *, now: datetime) -> None:
    """SiteStateChanged: a shut site owes no checks, one that opened again owes them. Goes by the site as it is now."""
    abouts = {entry.id: Ref.parse(entry.about) for entry in entries}
    sites = sites_by_ids((about.business, about.uuid) for about in abouts.values())
    for entry in entries:
        about = abouts[entry.id]
        site = sites.get((about.business, about.uuid))
        if site is None:
            continue
        day = date.fromisoformat(entry.body["from_day"])
        if site.state in OWES_CHECKS:
            actions.resume_checks([site], from_day=day, by=HOUSE, now=now)
        else:
            actions.stop_checks([site], reason=str(entry.body["reason"]), from_day=day, by=HOUSE, now=now)


def enrol_sites(entries: Sequence[Entry], *, now: datetime) -> None:
    """BusinessRegistered, SiteOpened: open sites owe their first checks from this day on, not from tomorrow."""
    owners = {Ref.parse(entry.about).business for entry in entries}
    sites = Site.objects.filter(business_id__in=owners, state__in=OWES_CHECKS).select_related("business")
    actions.make_occurrences(local_day(now), now=now, by=HOUSE, sites=list(sites))


def tell_returned(entries: Sequence[Entry], *, now: datetime) -> None:
    """SubmissionReturned: who filled it in is told, with the reason."""
    recent = [entry for entry in entries if not is_old_news(entry.at, now)]
    abouts = {entry.id: Ref.parse(entry.about) for entry in recent}
    rows = {
        row.id: row
        for row in Submission.objects.filter(
            business_id__in={about.business for about in abouts.values()},
            month__in={month_of(about.uuid) for about in abouts.values()},
            id__in={about.uuid for about in abouts.values()},
        )
    }
    lists = checklists({row.checklist for row in rows.values()})
    sites = sites_by_ids((row.business_id, row.site_id) for row in rows.values())
    letters = []
    for entry in recent:
        row = rows.get(abouts[entry.id].uuid)
        person = _person(row.by) if row else None
        if row is None or person is None:
            continue
        title, site = lists[row.checklist], sites[row.business_id, row.site_id]
        letters.append(
            Letter(
                person=person,
                kind="submission_returned",
                about=abouts[entry.id],
                source=f"entry:{entry.id}",
                params={
                    "subject": title.title_zh,
                    "subject_en": title.title_en,
                    "site": site.name_zh,
                    "site_en": site.name_en,
                    "reason": entry.body["reason"],
                },
                place_code=row.place_code,
                business_id=row.business_id,
            )
        )
    write(letters, by=HOUSE, now=now)


def _person(ref: str) -> UUID | None:
    """The person of a ref, None when the house itself acted."""
    return Ref.parse(ref).uuid if ref.startswith("accounts.person:") else None
