"""A house with a database file of its own, while somebody else holds its lock: `python -m tests.doors.api.locked`.

Says as JSON what the doors answered before, during and after.
"""
# ruff: noqa: E402, T201

import json
import sqlite3

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client

from qianan.doors.kit import now
from qianan.field.hazards.models import Hazard
from qianan.ground.trail.models import Entry
from qianan.kernel.ids import uuid7
from tests import basis, cast
from tests.doors.api.client import Program, token_for


def main() -> None:
    connection.settings_dict["OPTIONS"]["timeout"] = 0.2
    call_command("migrate", verbosity=0, skip_checks=True)
    basis.lay()
    street = cast.gather()
    now.turn_to(cast.MONDAY)
    program = Program(token_for(street.xiao_zhao))
    browser = Client(raise_request_exception=False)
    browser.force_login(street.people["xiao_zhao"], "qianan.ground.accounts.signin.NameOrMobileBackend")
    path, body = f"/businesses/{street.business.id}/hazards", {"site": str(street.site.id), "text": "x"}
    found = {"before": program.get("/me").status}
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    locked = program.post(path, body, key="k")
    page = browser.post("/my/report/", {"id": str(uuid7(now.now())), **body})
    found |= {
        "locked": locked.status,
        "code": locked.code,
        "retry": locked.header("Retry-After"),
        "detail": locked["detail"],
        "read": program.get("/hazards").status,
        "page": page.status_code,
        "page_retry": page.headers.get("Retry-After", ""),
        "page_words": len(page.content) > 200,
    }
    other.execute("ROLLBACK")
    found["hazards"] = Hazard.objects.count()
    found["acts"] = Entry.objects.filter(news__startswith="hazards.").count()
    found["after"] = program.post(path, body, key="k").status
    found["again"] = program.post(path, body, key="k").header("Idempotency-Replayed")
    found["kept"] = Hazard.objects.count()
    print(json.dumps(found))


main()
