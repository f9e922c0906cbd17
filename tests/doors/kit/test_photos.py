"""Pictures: shown to the person the link was made for, while it lasts; kept over mistakes by signed tickets."""

import re

from django.core import signing
from django.urls import reverse

from qianan.doors.kit.photos import SALT
from qianan.field.hazards import actions as hazards
from qianan.ground.evidence import actions as evidence
from tests.cast import MONDAY, Street
from tests.doors.doorstep import come_in, get, picture


def hazard_with_photo(street: Street):
    kept = evidence.keep(picture(5).read(), by=street.xiao_zhao, now=MONDAY)
    new = hazards.NewHazard(site=street.site, text="x", origin_kind="worker", photos=[kept.sha256])
    return hazards.report_hazards([new], by=street.xiao_zhao, now=MONDAY)[0], kept


def links(html: str) -> list[str]:
    return [each.replace("&amp;", "&") for each in re.findall(r'"(/photos/[^"]+)"', html)]


def test_a_link_works_for_its_reader_only_and_not_for_ever(street: Street, turn_the_clock) -> None:
    turn_the_clock(to=MONDAY)
    hazard, _kept = hazard_with_photo(street)
    cook = come_in(street, "xiao_zhao")
    found = links(get(cook, reverse("phone:hazard", args=[hazard.business_id, hazard.id])))

    full, thumb = cook.get(found[0]), cook.get(found[1])
    assert (full.status_code, full.headers["Content-Type"]) == (200, "image/jpeg")
    assert thumb.headers["Content-Type"] == "image/jpeg"
    assert full.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert come_in(street, "boss_qian").get(found[0]).status_code == 404
    assert come_in(street, "sister_liu").get(found[0]).status_code == 404, "each has links of his own"
    turn_the_clock(minutes=20)
    assert cook.get(found[0]).status_code == 404


def test_forged_links_look_like_nothing_there(street: Street, turn_the_clock) -> None:
    turn_the_clock(to=MONDAY)
    _hazard, kept = hazard_with_photo(street)
    cook = come_in(street, "xiao_zhao")

    for path in (
        f"/photos/{kept.sha256}/",
        f"/photos/{kept.sha256}/?t=ffffffff-{'0' * 40}",
        "/photos/..%2f..%2fetc/?t=x",
        "/photos/zz/?t=",
    ):
        assert cook.get(path).status_code == 404


def test_a_ticket_of_somebody_else_is_no_ticket(street: Street, turn_the_clock) -> None:
    turn_the_clock(to=MONDAY)
    _hazard, kept = hazard_with_photo(street)
    stolen = signing.dumps([kept.sha256, str(street.xiao_zhao.person)], salt=SALT)
    client = come_in(street, "boss_qian")
    page = get(client, "/my/report/")
    form = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("id", "site")}

    answer = client.post("/my/report/", {**form, "text": "", "kept-photos": [stolen, "nonsense", ""]})

    assert "/photos/" not in answer.content.decode()
