"""Forged ids, other people's objects, rubbish in addresses and forms: a clear answer, never a fault of ours."""

import uuid

import pytest
from django.urls import get_resolver, reverse

from qianan.doors.desk.urls import urlpatterns
from tests.doors.desk.conftest import Busy
from tests.doors.doorstep import come_in

RUBBISH = (
    "\x00",
    "%00",
    "'; DROP TABLE hazards_hazard; --",
    "../../etc/passwd",
    "9" * 400,
    "-1",
    "１２",
    "🧨" * 50,
    "\ud7ff\u202e",
    "<script>alert(1)</script>",
    "NaN",
    "0x10",
)
LISTS = (
    "selfchecks",
    "hazards",
    "duties",
    "extensions",
    "transfers",
    "claims",
    "unassigned",
    "instructions",
    "businesses",
    "inspections",
    "checklists",
    "seats",
    "bodies",
)
NAMES = (
    "q", "place", "state", "level", "kind", "line", "tier", "trade", "section", "age", "days", "page", "order", "rung",
    "at", "due", "business", "site", "origin", "progress", "overdue", "supervised", "macro", "direction", "role", "led",
    "returned", "verified",
)  # fmt: skip


@pytest.mark.parametrize("page", LISTS)
def test_rubbish_in_the_address_is_passed_over(busy: Busy, page: str) -> None:
    client = come_in(busy.street, "chief_zhang")
    url = reverse(f"desk:{page}")

    for rubbish in RUBBISH:
        answer = client.get(url, dict.fromkeys(NAMES, rubbish))
        assert answer.status_code == 200, (page, rubbish)
        assert "<script>alert" not in answer.content.decode()


FIELDS = """
text reason note level criterion owner_post officers due_on due_at scope to_body approve grant accept answer passed side
stage consent basis body duty_type state from_day until_day id act ack_by pick source query send to login name mobile
role post since withdraw version on set-secret kinds kind at content handling signed f0-text f0-level f0-where photos
"""


def addresses(business: uuid.UUID, id: uuid.UUID) -> list[str]:
    """Every address of the desk, with these ids put in."""
    resolver = get_resolver("qianan.doors.desk.urls")
    found = []
    for pattern in urlpatterns:
        wanted = pattern.pattern.converters
        values = {
            name: {"UUIDConverter": business if name in {"business"} else id, "SlugConverter": "rate"}.get(
                type(converter).__name__, "restaurant-daily@1"
            )
            for name, converter in wanted.items()
        }
        found.append("/desk/" + resolver.reverse(pattern.name, **values))
    return found


def test_ids_that_nobody_has_are_not_found(busy: Busy) -> None:
    client = come_in(busy.street, "chief_zhang")

    for url in addresses(uuid.uuid4(), uuid.uuid4()):
        for answer in (client.get(url), client.post(url, {})):
            assert answer.status_code in {200, 302, 403, 404, 405, 409, 422}, (url, answer.status_code)


def test_an_object_of_one_business_under_the_id_of_another_is_not_found(busy: Busy) -> None:
    client = come_in(busy.street, "director_sun")

    for name, id in (("hazard", busy.general.id), ("site", busy.site.id)):
        assert client.get(reverse(f"desk:{name}", args=[busy.other_business.id, id])).status_code == 404
    crossed = reverse("desk:hazard_act", args=[busy.other_business.id, busy.general.id, "rate"])
    assert client.post(crossed, {"level": "general"}).status_code == 404


@pytest.mark.parametrize("who", ["officer_li", "ms_chen", "admin"])
def test_rubbish_in_every_form_is_refused_in_words(busy: Busy, who: str) -> None:
    client = come_in(busy.street, who)
    fields = dict.fromkeys(FIELDS.split(), "\x00" + "长" * 5000)

    for url in addresses(busy.business.id, busy.general.id):
        answer = client.post(url, fields)
        assert answer.status_code in {302, 403, 404, 405, 409, 413, 422}, (url, answer.status_code)
        answer = client.post(url, {name: ["a", "b"] for name in fields})
        assert answer.status_code in {302, 403, 404, 405, 409, 413, 422}, (url, answer.status_code)
