"""Acts that a program names itself are done once, however often they are sent."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from qianan.ground.trail.models import Answer
from qianan.kernel.problems import Conflict

KEPT = timedelta(days=31)
"""How long an answer is kept: a phone that was in a drawer for a month still gets it."""

Said = tuple[int, str]
"""A status and a body."""


def once(id: uuid.UUID, digest: str, do: Callable[[], Said], *, now: datetime) -> tuple[Said, bool]:
    """Do it and keep the answer, in the act's own transaction; or give the answer that was kept.

    Two at the same moment: the second waits for the first and gets its answer. An act that is refused keeps nothing,
    so that it may be tried again. Returns the answer and whether it was kept before.
    Raises Conflict("key_used_otherwise") when the same id came with other content.
    """
    with transaction.atomic():
        Answer.objects.bulk_create([Answer(id=id, digest=digest, at=now)], ignore_conflicts=True)
        mine = Answer.objects.select_for_update().get(id=id)
        if mine.digest != digest:
            raise Conflict("key_used_otherwise", where="Idempotency-Key")
        if mine.status:
            return (mine.status, mine.body), True
        status, body = do()
        Answer.objects.filter(id=id).update(status=status, body=body)
        return (status, body), False


def forget_answers(now: datetime) -> int:
    """The clock's: answers that served their time go. Returns how many."""
    return Answer.objects.filter(at__lt=now - KEPT).delete()[0]
