"""Every page of the phone opens, in both languages, is in order, and asks the database a bounded number of times."""

import pytest
from django.urls import reverse

from qianan.field.hazards import actions as hazards
from qianan.field.selfchecks import actions as selfchecks
from tests.cast import MONDAY, Street
from tests.doors.doorstep import EN, ZH, come_in, get


@pytest.fixture
def busy(street: Street, turn_the_clock) -> Street:
    turn_the_clock(to=MONDAY)
    selfchecks.make_occurrences(MONDAY.date(), now=MONDAY)
    new = hazards.NewHazard(
        site=street.site, text="软管超长,中间有接头", where="后厨", origin_kind="manager", level="general"
    )
    street.hazard = hazards.report_hazards([new], by=street.sister_liu, now=MONDAY)[0]
    return street


def pages(street: Street) -> list[str]:
    b = street.business.id
    return [
        reverse("phone:home"),
        reverse("phone:me"),
        reverse("phone:receipts"),
        reverse("phone:report"),
        reverse("phone:hazards"),
        reverse("phone:hazards") + "?tab=closed",
        reverse("phone:hazard", args=[b, street.hazard.id]),
        reverse("phone:hazard_trail", args=[b, street.hazard.id]),
        reverse("phone:business", args=[b]),
        reverse("phone:business_checks", args=[b]),
        reverse("phone:business_musts", args=[b]),
        reverse("phone:business_tenants", args=[b]),
        reverse("phone:business_trail", args=[b]),
        reverse("phone:business_people", args=[b]),
        reverse("phone:business_invite", args=[b]),
        reverse("phone:site", args=[b, street.site.id]),
        reverse("phone:site_state", args=[b, street.site.id]),
        reverse("phone:check_now", args=[b, street.site.id, "restaurant-daily"]),
        reverse("kit:inbox"),
        reverse("kit:profile"),
        reverse("kit:password"),
        reverse("kit:number"),
        reverse("kit:tokens"),
        reverse("kit:seats"),
        reverse("kit:claim"),
        reverse("kit:help_index"),
        reverse("kit:help", args=["phone.home"]),
    ]


@pytest.mark.parametrize("language", [ZH, EN])
def test_every_page_opens_and_is_in_order(busy: Street, language: str, django_assert_max_num_queries) -> None:
    client = come_in(busy, "lao_wang", language)

    for url in pages(busy):
        with django_assert_max_num_queries(40):
            get(client, url)
