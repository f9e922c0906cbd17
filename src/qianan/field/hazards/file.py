"""Everything about one hazard, ready for a page: bounded statements, whatever happened to it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from qianan.field.hazards.beside import Beside, beside
from qianan.field.hazards.models import Hazard
from qianan.field.hazards.writing import ref_of
from qianan.ground.accounts import queries as accounts
from qianan.ground.accounts.models import Body
from qianan.ground.codebook import queries as codebook
from qianan.ground.codebook.models import Criterion
from qianan.ground.evidence import queries as evidence
from qianan.ground.evidence.queries import Kept
from qianan.kernel.problems import NotFound
from qianan.kernel.ref import Ref
from qianan.registry.businesses import queries as businesses
from qianan.registry.businesses.models import Business, Site
from qianan.registry.duties import queries as duties
from qianan.registry.duties.chairs import territory_code
from qianan.registry.duties.models import Duty, Extension
from qianan.registry.duties.queries import Step, Who

URGENT = ("rectification", "verification", "rating")
"""Which clock a page shows first."""


@dataclass(frozen=True)
class Parts:
    """The three people, each with a part: who fixes, who answers for it, who checks. None while not named."""

    owner: Who | None = None
    accountable: Who | None = None
    verifier: Who | None = None


@dataclass(frozen=True)
class HazardFile:
    """The whole file. `facts` are the rows beside the state; `duties` all promises about it, oldest first; `duty` the
    one whose clock runs (None when nothing is owed) with its `ladder`; `extensions` newest last; `names` people's
    names by the refs on the rows; `lacks` what a major one still needs before it may be closed.
    """

    hazard: Hazard
    business: Business
    site: Site | None
    facts: Beside
    duties: tuple[Duty, ...]
    duty: Duty | None
    ladder: tuple[Step, ...]
    extensions: tuple[Extension, ...]
    people: Parts
    posts: dict[uuid.UUID, Who]
    photos: tuple[Kept, ...]
    names: dict[str, str]
    bodies: dict[str, Body]
    criterion: Criterion | None
    earlier: Hazard | None
    lacks: tuple[str, ...]

    @property
    def open_duties(self) -> tuple[Duty, ...]:
        return tuple(duty for duty in self.duties if duty.state == "open")


def file_of(hazard: Hazard, *, on: date) -> HazardFile:
    """The file of a hazard that was fetched for an actor. Some twelve statements, and one for each kind of fact."""
    facts = beside(hazard)
    standing = [duty for duty in facts.duties if duty.state == "open"]
    duty = min(
        standing,
        key=lambda each: (URGENT.index(each.kind) if each.kind in URGENT else len(URGENT), each.due_at),
        default=None,
    )
    fix = facts.rectification
    offices = {territory_code("street", hazard.place_code), *(row.body_code for row in facts.listed)} - {""}
    if duty is not None:
        offices |= duties.offices_on_ladders([duty], on=on)
    known = duties.chairs_and_offices([hazard.business_id], offices, on=on)
    bodies = accounts.bodies(offices | _bodies(facts))
    posts = duties.who(
        [
            *((fix.owner_post, fix.accountable_post, fix.verifier_post) if fix else ()),
            *(each.owner_post for each in standing),
        ],
        on=on,
        known=known,
    )
    key = (hazard.business_id, hazard.site_id)
    site = businesses.sites_by_ids([key]).get(key)
    return HazardFile(
        hazard=hazard,
        business=site.business if site else businesses.business(hazard.business_id),
        site=site,
        facts=facts,
        duties=facts.duties,
        duty=duty,
        ladder=tuple(duties.ladders_of([duty], on=on, known=known, bodies=bodies)[duty.id]) if duty else (),
        extensions=facts.extensions,
        people=Parts(
            owner=posts.get(fix.owner_post) if fix and fix.owner_post else None,
            accountable=posts.get(fix.accountable_post) if fix and fix.accountable_post else None,
            verifier=posts.get(fix.verifier_post) if fix and fix.verifier_post else None,
        ),
        posts=posts,
        photos=tuple(evidence.files_of(ref_of(hazard))),
        names=_names(set(_refs(hazard, facts))),
        bodies=bodies,
        criterion=_criterion(hazard.criterion),
        earlier=_earlier(hazard),
        lacks=facts.missing(hazard),
    )


def _criterion(code: str) -> Criterion | None:
    try:
        return codebook.criterion(code) if code else None
    except NotFound:
        return None


def _earlier(hazard: Hazard) -> Hazard | None:
    if hazard.recurrence_of is None:
        return None
    return Hazard.objects.filter(business_id=hazard.business_id, id=hazard.recurrence_of).first()


def _refs(hazard: Hazard, facts: Beside) -> Iterator[str]:
    """Every ref to a person that stands on these rows."""
    yield from (hazard.found_by, hazard.rated_by, hazard.fixed_by, hazard.closed_by)
    for fix in facts.rectifications:
        yield from (fix.handed_in_by, fix.verified_by)
    for report in facts.reports:
        yield from (report.sent_by, report.received_by)
    for sent in facts.transfers:
        yield sent.received_by
    for asked in facts.extensions:
        yield from (asked.asked_by, asked.decided_by)
    for seen in facts.reviews:
        yield from (f"accounts.person::{person}" for person in seen.officers)


def _names(refs: set[str]) -> dict[str, str]:
    ids = {}
    for text in refs:
        if text.startswith("accounts.person:"):
            ids[text] = Ref.parse(text).uuid
    names = accounts.names_of_people(ids.values())
    return {text: names[id] for text, id in ids.items()}


def _bodies(facts: Beside) -> set[str]:
    codes = {row.body_code for row in facts.supervisions} | {row.by_body for row in facts.suspensions}
    for sent in facts.transfers:
        codes |= {sent.from_body, sent.to_body}
    return codes - {""}
