"""What letters about duties are made of: whose they are, what they are about, who answers for which chair."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qianan.ground.accounts.models import Body
from qianan.ground.notices.actions import Letter, is_old_news
from qianan.ground.trail.models import Entry
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.businesses.models import Business, Site
from qianan.registry.duties import ladder, queries
from qianan.registry.duties.chairs import Who
from qianan.registry.duties.models import Duty


@dataclass
class Desk:
    """What letters about these entries need: the duties, their businesses and sites, who answers for which chair."""

    entries: list[Entry]
    duties: dict[uuid.UUID, Duty] = field(default_factory=dict)
    businesses: Mapping[uuid.UUID, Business] = field(default_factory=dict)
    sites: Mapping[tuple[uuid.UUID, uuid.UUID], Site] = field(default_factory=dict)
    chairs: dict[uuid.UUID, Who] = field(default_factory=dict)

    def duty(self, entry: Entry) -> Duty | None:
        return self.duties.get(Ref.parse(entry.about).uuid)

    def people(self, *posts: uuid.UUID | None) -> list[uuid.UUID]:
        """Who answers for these chairs today, each once."""
        found = [self.chairs[post] for post in posts if post in self.chairs]
        return list(dict.fromkeys(each.person for who in found for each in who.answering))

    def letter(self, entry: Entry, person: uuid.UUID, kind: str, *, urgent: bool = False, **more: Any) -> Letter:
        duty = self.duty(entry)
        assert duty is not None  # noqa: S101  callers looked
        return Letter(
            person=person,
            kind=kind,
            about=Ref.parse(duty.about),
            source=f"{entry.id}:{kind}",
            params={
                "kind": duty.kind,
                "level": duty.level if duty.level in {"unrated", "general", "major"} else "",
                "subject": duty.subject,
                "due_at": duty.due_at.isoformat(),
                **names_of(self.businesses.get(duty.business_id)),
                **names_of(self.sites.get((duty.business_id, duty.site_id)) if duty.site_id else None, "site"),
                **more,
            },
            place_code=duty.place_code,
            business_id=duty.business_id,
            urgent=urgent,
        )


def names_of(row: Business | Site | None, name: str = "business") -> dict[str, str]:
    return {name: row.name_zh, f"{name}_en": row.name_en or row.name_zh} if row else {}


def body_names(body: Body | None, code: str = "") -> dict[str, str]:
    return {"body_zh": body.name_zh, "body_en": body.name_en} if body else {"body_zh": code, "body_en": code}


def desk_of_letters(entries: Iterable[Entry], *, now: datetime, posts: Iterable[str] = ()) -> Desk:
    """Everything for the letters about these entries of duties; old news is left out. Some ten statements."""
    desk = Desk([entry for entry in entries if not is_old_news(entry.at, now)])
    if not desk.entries:
        return desk
    found = queries.duties_by_ids((entry.business_id, Ref.parse(entry.about).uuid) for entry in desk.entries)
    desk.duties = found
    desk.entries = [entry for entry in desk.entries if desk.duty(entry) is not None]
    desk.businesses = businesses.businesses_by_ids(duty.business_id for duty in found.values())
    desk.sites = businesses.sites_by_ids((duty.business_id, duty.site_id) for duty in found.values() if duty.site_id)
    wanted: set[uuid.UUID | None] = {post_in(text) for text in posts}
    for duty in found.values():
        wanted |= {duty.owner_post, duty.accountable_post}
    desk.chairs = queries.who(wanted, on=ladder.day_of(now))
    return desk


def post_in(text: str) -> uuid.UUID | None:
    return Ref.parse(text).uuid if text else None


def others(entry: Entry, people: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Everybody but the one who did it."""
    return [person for person in people if entry.by != f"accounts.person::{person}"]
