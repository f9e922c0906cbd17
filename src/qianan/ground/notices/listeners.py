"""What notices themselves do about news from below: codes and invitations are written to their phones."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from qianan.ground.accounts.models import Invitation, OneTimeCode
from qianan.ground.accounts.queries import people_by_mobile
from qianan.ground.notices.actions import forget_letters_of, is_old_news, write
from qianan.ground.notices.letters import Letter
from qianan.ground.trail.models import Entry
from qianan.kernel.actor import Actor
from qianan.kernel.ids import NIL
from qianan.kernel.ref import Ref

HOUSE = Actor.system("wiring")


def send_codes(entries: Sequence[Entry], *, now: datetime) -> None:
    """CodeSent: the digits go to the person's phone, or to the new number that is to be proven."""
    wanted = {uuid.UUID(entry.body["code"]): entry for entry in entries if not is_old_news(entry.at, now)}
    good = OneTimeCode.objects.filter(id__in=list(wanted), used_at=None, expires_at__gt=now)
    letters = []
    for id, person, mobile in good.values_list("id", "person_id", "mobile"):
        if person is None:
            continue
        letters.append(
            Letter(
                person=id if mobile else person,
                kind="code",
                about=Ref.of("accounts.person", NIL, person),
                source=f"code:{id}",
                params={"code": str(id)},
                urgent=True,
            )
        )
    write(letters, by=HOUSE, now=now)


def send_invitations(entries: Sequence[Entry], *, now: datetime) -> None:
    """InvitationMade: the link goes to the invited number; by the inbox too, when somebody has that number already."""
    ids = [Ref.parse(entry.about).uuid for entry in entries if not is_old_news(entry.at, now)]
    rows = list(Invitation.objects.filter(id__in=ids, used_at=None, withdrawn_at=None).exclude(mobile=""))
    known = people_by_mobile(row.mobile for row in rows)
    letters = []
    for row in rows:
        person = known.get(row.mobile)
        letters.append(
            Letter(
                person=person.id if person else row.id,
                kind="invitation",
                about=Ref.of("accounts.invitation", row.business_id, row.id),
                source=f"invitation:{row.id}",
                params={"role": row.role, "days": settings.QIANAN_INVITATION_DAYS, "invitation": str(row.id)},
                place_code=row.place_code,
                business_id=row.business_id,
                urgent=True,
            )
        )
    write(letters, by=HOUSE, now=now)


def forget_erased(entries: Sequence[Entry], *, now: datetime) -> None:
    """PersonErased: their letters and the traces of their addresses go."""
    forget_letters_of([Ref.parse(entry.about).uuid for entry in entries])
