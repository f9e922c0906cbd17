"""A house of its own in another process, for tests that kill it: `python -m tests.ground.trail.worker VERB …`.

boil N          record N kettles
work AT [DIE]   serve what is due AT (seconds after Monday) and seal; dies by SIGKILL while serving kettle DIE
report          what is in the tables, as JSON
Its database is the file of QIANAN_HOME, or that of QIANAN_DATABASE_URL.
"""
# ruff: noqa: E402, T201

import json
import os
import signal
import sys
from collections import Counter
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command
from django.db import transaction

from qianan.ground.trail import actions, delivery, sealing, verification
from qianan.ground.trail.models import Entry, Ticket, Unsealed
from qianan.kernel.ids import uuid7_of
from tests.cast import MONDAY
from tests.ground.trail.news import CLOCK, KettleBoiled, KettleCooled, kettle

DIE: set[str] = set()


def cool(entries, *, now):
    """Each boiled kettle cools once, however often we hear of it: the id is made from the source."""
    for entry in entries:
        id = uuid7_of(f"cool {entry.id}", entry.at)
        if not Entry.objects.filter(business_id=entry.business_id, id=id).exists():
            event = KettleCooled(about=kettle(int(entry.about.rsplit(":k", 1)[1])).about, place_code=entry.place_code)
            actions.record(event, by=CLOCK, now=now, id=id)
        if entry.about.rsplit(":", 1)[1] in DIE:
            os.kill(os.getpid(), signal.SIGKILL)


def boil(count: str) -> None:
    for start in range(0, int(count), 50):
        with transaction.atomic():
            actions.record_many(
                [kettle(number) for number in range(start, min(start + 50, int(count)))], by=CLOCK, now=MONDAY
            )


def work(at: str, die: str = "") -> None:
    DIE.update({die} if die else set())
    now = MONDAY + timedelta(seconds=float(at))
    print("at work", flush=True)
    taken = 0
    while some := delivery.work(now, limit=10):
        taken += some
        sealing.seal_some(now)
    print(taken, flush=True)


def report() -> None:
    sealing.seal_all(MONDAY)
    proof = verification.verify()
    news = Entry.objects.values_list("news", "about")
    print(
        json.dumps(
            {
                "boiled": sum(name == "news.KettleBoiled" for name, _ in news),
                "cooled": sorted(Counter(about for name, about in news if name == "news.KettleCooled").values()),
                "tickets": Ticket.objects.count(),
                "unsealed": Unsealed.objects.count(),
                "faults": [fault.kind for fault in proof.faults],
                "entries": proof.entries,
            }
        )
    )


if __name__ == "__main__":
    delivery.use({KettleBoiled: (cool,)})
    verb, *rest = sys.argv[1:]
    if verb == "migrate":
        call_command("migrate", "trail", verbosity=0)
    else:
        {"boil": boil, "work": work, "report": report}[verb](*rest)
