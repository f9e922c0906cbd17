"""More time: asked with a reason, decided by somebody else; the deadline is never edited without a trace."""

from datetime import datetime

from django.db import transaction

from qianan.ground.trail.actions import record
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid, NotNow
from qianan.registry.duties import access, ladder
from qianan.registry.duties.actions.promises import ref_of
from qianan.registry.duties.events import ExtensionAsked, ExtensionDecided
from qianan.registry.duties.lifecycle import DUTY, EXTENDABLE, EXTENSION
from qianan.registry.duties.models import Duty, Extension


@transaction.atomic
def ask_extension(duty: Duty, *, until: datetime, reason: str, by: Actor, now: datetime) -> Extension:
    """Ask for more time. The clock goes on until it is decided; one request at a time.

    Raises NotYours, NotNow, Invalid("reason_needed" | "too_long" | "not_later"), Conflict("extension_asked").
    """
    access.check(access.can_ask_extension(by, duty))
    DUTY.check_in(duty.state, {"open"})
    if duty.kind not in EXTENDABLE:
        raise NotNow("no_extension", kind=duty.kind)
    reason = reason.strip()
    if not reason:
        raise Invalid("reason_needed", where="reason")
    if len(reason) > 500:
        raise Invalid("too_long", where="reason", limit=500)
    if until <= duty.due_at or until <= now:
        raise Invalid("not_later", where="until")
    if Extension.objects.filter(business_id=duty.business_id, duty_id=duty.id, state="asked").exists():
        raise Conflict("extension_asked")
    extension = Extension(
        business_id=duty.business_id,
        id=uuid7(now),
        duty_id=duty.id,
        until=until,
        was=duty.due_at,
        reason=reason,
        state=EXTENSION.start,
        asked_at=now,
        asked_by=by.ref,
    )
    extension.save(force_insert=True)
    record(
        ExtensionAsked(
            about=ref_of(duty),
            place_code=duty.place_code,
            kind=duty.kind,
            of=duty.about,
            extension=str(extension.id),
            until=until.isoformat(),
        ),
        by=by,
        now=now,
    )
    return extension


@transaction.atomic
def decide_extension(extension: Extension, *, grant: bool, note: str = "", by: Actor, now: datetime) -> Extension:
    """Grant or refuse it. Granted: due at the new time, the ladder begins anew, the old deadline stays on the row.

    Refusing needs a note. Raises NotYours("not_your_area"), NotNow("duty_over"), Invalid("reason_needed", "note").
    """
    duty = Duty.objects.get(business_id=extension.business_id, id=extension.duty_id)
    access.check(access.can_decide_extension(by, duty, extension), "not_your_area")
    EXTENSION.check(extension.state, "granted" if grant else "refused")
    if not grant and not note.strip():
        raise Invalid("reason_needed", where="note")
    if len(note) > 500:
        raise Invalid("too_long", where="note", limit=500)
    if grant and duty.state != "open":
        raise NotNow("duty_over", kind=duty.kind)
    was = duty.due_at
    extension.was = was
    extension.state = "granted" if grant else "refused"
    extension.decided_at, extension.decided_by, extension.note = now, by.ref, note.strip()
    changed = Extension.objects.filter(business_id=extension.business_id, id=extension.id, state="asked").update(
        state=extension.state,
        was=was,
        decided_at=now,
        decided_by=extension.decided_by,
        note=extension.note,
    )
    if not changed:
        raise Conflict("extension_decided")
    if grant:
        duty.due_at = max(extension.until, was)
        duty.rung = 0
        duty.extensions += 1
        duty.next_climb_at = ladder.first_look(duty.kind, duty.level, opened_at=now, due_at=duty.due_at)
        duty.save(update_fields=["due_at", "rung", "extensions", "next_climb_at"])
    record(
        ExtensionDecided(
            about=ref_of(duty),
            place_code=duty.place_code,
            kind=duty.kind,
            of=duty.about,
            extension=str(extension.id),
            granted=grant,
            was=was.isoformat(),
            until=duty.due_at.isoformat(),
        ),
        by=by,
        now=now,
    )
    return extension
