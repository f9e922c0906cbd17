"""Every page of the desk opens for each kind of seat, in both languages, in order, with few questions asked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.doors.desk.conftest import Busy
from tests.doors.doorstep import EN, ZH, come_in, get, text_of

COMMON = (
    "home",
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
    "codebook",
    "seats",
    "bodies",
)
MOST = 20
"""Questions of a board, a work list, a business file."""


def lists_of(busy: Busy) -> list[str]:
    return [
        *(reverse(f"desk:{name}") for name in COMMON),
        reverse("desk:selfchecks") + "?state=all",
        reverse("desk:selfchecks") + "?state=received",
        reverse("desk:hazards") + "?macro=all&order=-found",
        reverse("desk:duties") + "?due=all&order=rung",
    ]


def files_of(busy: Busy) -> list[str]:
    b, s = busy.business.id, busy.site.id
    return [
        reverse("desk:place", args=["110105001"]),
        reverse("desk:business", args=[b]),
        reverse("desk:business_trail", args=[b]),
        reverse("desk:site", args=[b, s]),
        reverse("desk:checklist", args=["restaurant-daily"]),
        reverse("desk:version", args=["restaurant-daily@1"]),
        *(
            reverse("desk:code_table", args=[table])
            for table in (
                "deadlines",
                "ladder",
                "frequencies",
                "criteria",
                "law_clauses",
                "departments",
                "sector_departments",
                "calendar",
                "terms",
                "risk_scales",
                "industries",
            )
        ),
    ]


def hazards_of(busy: Busy) -> list[str]:
    return [
        reverse("desk:hazard", args=[each.business_id, each.id]) for each in (busy.general, busy.major, busy.unrated)
    ]


@pytest.mark.parametrize("language", [ZH, EN])
@pytest.mark.parametrize("who", ["officer_li", "chief_zhang", "director_sun", "ms_chen", "admin"])
def test_every_page_opens_for_every_seat(busy: Busy, who: str, language: str) -> None:
    client = come_in(busy.street, who, language)

    for url in [*lists_of(busy), *files_of(busy), *hazards_of(busy)]:
        get(client, url)


@pytest.mark.parametrize("who", ["officer_li", "director_sun", "ms_chen"])
def test_boards_lists_and_files_ask_few_questions(busy: Busy, who: str) -> None:
    client = come_in(busy.street, who)
    pages = [*lists_of(busy), *files_of(busy)]
    for url in pages:
        client.get(url)  # the code tables are read once a process

    asked = {}
    for url in pages:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        asked[url] = len(queries)

    assert {url: count for url, count in asked.items() if count > MOST} == {}


def test_a_shop_owner_is_shown_his_own_door(busy: Busy) -> None:
    html = get(come_in(busy.street, "lao_wang"), reverse("desk:home"), 403)

    assert "These pages belong to officers" in text_of(html)


def test_who_is_not_signed_in_signs_in_first(busy: Busy, client) -> None:
    answer = client.get(reverse("desk:hazards"))

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/login/?next=%2Fdesk%2Fhazards%2F"


def test_the_row_of_nouns_marks_where_one_is(busy: Busy) -> None:
    html = get(come_in(busy.street, "officer_li"), reverse("desk:hazards"))

    assert '<a href="/desk/hazards/" aria-current="page">Hazards</a>' in html
    assert "/desk/channels/" not in html


def test_the_place_trail_leads_up_as_far_as_one_may_go(busy: Busy) -> None:
    html = get(come_in(busy.street, "chief_zhang"), reverse("desk:site", args=[busy.business.id, busy.site.id]))

    assert '<a href="/desk/places/110105/">Chaoyang District</a>' in html
    assert '<a href="/desk/places/110105001/">Jianwai Sub-district</a>' in html
    assert '<a href="/desk/places/11/">' not in html


@pytest.mark.parametrize("page", [f"desk.{name}" for name in COMMON])
def test_every_noun_has_its_help(busy: Busy, page: str) -> None:
    get(come_in(busy.street, "officer_li"), reverse("kit:help", args=[page]))
