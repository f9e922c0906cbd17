"""Reporting a hazard outside any list."""

import re

from django.urls import reverse

from qianan.field.hazards.models import Hazard
from qianan.ground.evidence.models import Attachment
from tests.cast import Street
from tests.doors.doorstep import both, come_in, get, look_over, picture

REPORT = "/my/report/"


def form_of(html: str) -> dict[str, str]:
    return {
        name: re.search(rf'name="{name}" value="([^"]+)"', html)[1]  # type: ignore[index]
        for name in ("id", "site")
    }


def test_the_page_says_how_little_is_needed(monday: Street) -> None:
    zh, en = both(monday, "xiao_zhao", REPORT)

    assert "拍一张，说一句就行" in zh
    assert "One photo and a few words are enough" in en


def test_the_cook_reports_with_a_photo_and_the_manager_must_rate_it(monday: Street) -> None:
    client = come_in(monday, "xiao_zhao")
    form = form_of(get(client, REPORT))

    answer = client.post(
        REPORT, {**form, "text": "Back door blocked", "where": "kitchen", "photos": [picture(1), picture(2)]}
    )

    hazard = Hazard.objects.get()
    assert (hazard.text, hazard.where, hazard.origin_kind, hazard.state) == (
        "Back door blocked",
        "kitchen",
        "worker",
        "found",
    )
    assert str(hazard.id) == form["id"]
    assert Attachment.objects.count() == 2
    page = get(client, answer.headers["Location"])
    assert "Reported" in page
    assert "Rate it by" in page
    assert page.count("/photos/") >= 4
    assert "Rate: Back door blocked" in get(come_in(monday, "sister_liu"), "/my/")


def test_the_same_report_sent_twice_is_one_hazard(monday: Street) -> None:
    client = come_in(monday, "xiao_zhao")
    form = form_of(get(client, REPORT))

    first = client.post(REPORT, {**form, "text": "Back door blocked"})
    again = client.post(REPORT, {**form, "text": "Back door blocked"})

    assert first.headers["Location"] == again.headers["Location"]
    assert Hazard.objects.count() == 1


def test_without_words_it_comes_back_with_its_picture(monday: Street) -> None:
    client = come_in(monday, "xiao_zhao")
    form = form_of(get(client, REPORT))

    answer = client.post(REPORT, {**form, "text": "", "photos": picture(4)})

    html = answer.content.decode()
    look_over(html)
    assert answer.status_code == 422
    assert "kept-photos" in html
    assert Hazard.objects.count() == 0


def test_a_site_of_another_business_is_no_choice(monday: Street) -> None:
    client = come_in(monday, "xiao_zhao")
    form = form_of(get(client, REPORT)) | {"site": str(monday.other_site.id)}

    assert client.post(REPORT, {**form, "text": "x"}).status_code == 422
    assert Hazard.objects.count() == 0


def test_control_characters_and_endless_texts(monday: Street) -> None:
    client = come_in(monday, "xiao_zhao")
    form = form_of(get(client, REPORT))

    assert client.post(REPORT, {**form, "text": "a" * 5000}).status_code == 422
    answer = client.post(REPORT, {**form, "text": "door\x00 \x07blocked"})

    assert answer.status_code in {302, 422}
    assert "\x00" not in "".join(Hazard.objects.values_list("text", flat=True))


def test_without_a_seat_nothing_can_be_reported(street: Street) -> None:
    assert "You have no seat" in get(come_in(street, "stranger"), REPORT)
    assert reverse("kit:claim") in get(come_in(street, "stranger"), REPORT)


def test_too_many_pictures_are_said_not_dropped(monday: Street) -> None:
    client = come_in(monday, "xiao_zhao")
    form = form_of(get(client, REPORT))

    answer = client.post(REPORT, {**form, "text": "x", "photos": [picture(number) for number in range(13)]})

    assert answer.status_code == 422
    assert "12" in answer.content.decode()
    assert Hazard.objects.count() == 0


def test_a_picture_that_is_too_large_is_said(monday: Street, settings) -> None:
    settings.QIANAN_PHOTO_MAX_BYTES = 500
    client = come_in(monday, "xiao_zhao")
    form = form_of(get(client, REPORT))

    answer = client.post(REPORT, {**form, "text": "door", "photos": picture(3, (400, 300))})

    html = answer.content.decode()
    look_over(html)
    assert answer.status_code == 422
    assert "door" in html
    assert Hazard.objects.count() == 0
