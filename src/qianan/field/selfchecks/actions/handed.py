"""What is handed in and what it is answered: the two values a door needs, and the fingerprint between them."""

import hashlib
import json
import uuid
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from qianan.field.hazards.models import Hazard
from qianan.field.selfchecks.models import Submission
from qianan.ground.codebook.queries import local_day
from qianan.kernel.actor import Actor
from qianan.kernel.ids import month_of
from qianan.kernel.problems import Invalid, Problem, TooLarge

LONGEST_BODY = 256 * 1024
"""Bytes of one submission as canonical JSON; the longest shipped list with notes at every item is a tenth of it."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed in. `answers` by item code: a letter, or `{"a": letter, "note": …, "photos": [sha256, …]}`.

    Times are aware and the phone's own; `day` is the due day of the owed check it means, if the sender knows it;
    `replaces` the submission it corrects. `by` and `now` stand here when they differ within a batch.
    """

    id: uuid.UUID
    business_id: uuid.UUID
    site_id: uuid.UUID
    version_id: str
    answers: Mapping[str, Any]
    started_at: datetime | None = None
    ended_at: datetime | None = None
    sent_at: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    day: date | None = None
    replaces: uuid.UUID | None = None
    by: Actor | None = None
    now: datetime | None = None

    def body(self) -> dict[str, Any]:
        """Its content as JSON values: all but the id, and but `sent_at`, which each sending stamps anew."""
        return {
            "business": str(self.business_id),
            "site": str(self.site_id),
            "version": self.version_id,
            "answers": self.answers,
            "started_at": self.started_at.isoformat() if self.started_at else None,
            "ended_at": self.ended_at.isoformat() if self.ended_at else None,
            "facts": self.facts,
            "day": self.day.isoformat() if self.day else None,
            "replaces": str(self.replaces) if self.replaces else None,
        }

    @classmethod
    def of_body(cls, body: Mapping[str, Any], *, id: uuid.UUID, replaces: uuid.UUID | None = None) -> "Handed":
        """What `body` gave, read back."""

        def moment(name: str) -> datetime | None:
            return datetime.fromisoformat(body[name]) if body.get(name) else None

        return cls(
            id=id,
            business_id=uuid.UUID(body["business"]),
            site_id=uuid.UUID(body["site"]),
            version_id=body["version"],
            answers=body["answers"],
            started_at=moment("started_at"),
            ended_at=moment("ended_at"),
            facts=body.get("facts") or {},
            day=date.fromisoformat(body["day"]) if body.get("day") else None,
            replaces=replaces,
        )


@dataclass(slots=True)
class Result:
    """What became of one: `received`, `same` (known already, same answer), `conflict` (kept beside), `refused`.

    `hazards` are those it opened; `known` the open ones its failed items had already opened before. `occurrence` is
    the owed check it answered, None for a voluntary one. `problems` say why it was refused or what conflicts.
    """

    id: uuid.UUID
    status: str
    submission: Submission | None = None
    hazards: list[Hazard] = field(default_factory=list)
    known: list[Hazard] = field(default_factory=list)
    occurrence: uuid.UUID | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def receipt(self) -> str:
        return self.submission.receipt if self.submission else ""


def receipt_number(id: uuid.UUID, at: datetime) -> str:
    """What a person may quote (回执号): `ZC<local day>-<six letters of the id>`; a help to the memory, not a key."""
    return f"ZC{local_day(at):%Y%m%d}-{b32encode(id.bytes[-5:]).decode()[-6:]}"


def canonical(handed: Handed) -> bytes:
    """The content as canonical JSON. Raises Invalid, TooLarge for what no database should be asked to keep."""
    try:
        text = json.dumps(handed.body(), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        data = text.encode()
    except (TypeError, ValueError, RecursionError) as wrong:
        raise Invalid("bad_characters", where="body") from wrong
    if "\\u0000" in text:
        raise Invalid("bad_characters", where="body")
    if len(data) > LONGEST_BODY:
        raise TooLarge("submission_too_large", where="body", limit=LONGEST_BODY)
    return data


def digest_of(handed: Handed) -> str:
    """SHA-256 (hex) of what was handed in. Raises Invalid("not_uuid7" | "bad_time" | "bad_characters"), TooLarge."""
    if handed.id.version != 7 or month_of(handed.id) == 0:
        raise Invalid("not_uuid7", where="id")
    for name in ("started_at", "ended_at", "sent_at"):
        value = getattr(handed, name)
        try:
            if value is not None and value.astimezone(UTC) and value.tzinfo is None:
                raise Invalid("bad_time", where=name)
        except OverflowError as wrong:
            raise Invalid("bad_time", where=name) from wrong
    if not isinstance(handed.answers, Mapping) or not isinstance(handed.facts, Mapping):
        raise Invalid("not_an_object", where="answers")
    return hashlib.sha256(canonical(handed)).hexdigest()
