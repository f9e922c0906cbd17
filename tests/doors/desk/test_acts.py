"""What an officer does to a hazard: each act from its page, open only to whom and when it is open."""

import re

import pytest
from django.urls import reverse

from qianan.field.hazards import actions as hazards
from qianan.field.hazards.models import Hazard, Supervision, Suspension, Transfer
from tests.doors.desk.conftest import Busy, a_criterion
from tests.doors.doorstep import come_in, get, look_over, picture, text_of


def page(hazard: Hazard) -> str:
    return reverse("desk:hazard", args=[hazard.business_id, hazard.id])


def act(hazard: Hazard, name: str) -> str:
    return reverse("desk:hazard_act", args=[hazard.business_id, hazard.id, name])


def buttons(html: str) -> list[str]:
    """The acts that are open, in their order."""
    nav = re.search(r'<nav class="acts mb".*?</nav>', html, re.S)
    return re.findall(r"<span>([^<>]+)</span></a>", nav[0]) if nav else []


def fresh(hazard: Hazard) -> Hazard:
    return Hazard.objects.get(business_id=hazard.business_id, id=hazard.id)


def do(client, hazard: Hazard, name: str, status: int = 302, **data: object) -> str:
    """Do an act as the page would."""
    answer = client.post(act(hazard, name), {"version": fresh(hazard).version, **data})
    html = answer.content.decode()
    assert answer.status_code == status, text_of(html)[:600]
    if status not in {302, 405}:
        look_over(html)
    return html


def test_the_page_shows_only_the_acts_that_are_open(busy: Busy) -> None:
    officer = get(come_in(busy.street, "officer_li"), page(busy.unrated))
    admin = get(come_in(busy.street, "admin"), page(busy.unrated))

    assert "Rate it" in buttons(officer)
    assert "Close it" not in buttons(officer)
    assert officer.count("btn--do") == 1
    assert buttons(admin) == []


def test_rating_major_names_a_clause_that_is_in_force(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")

    html = do(client, busy.unrated, "rate", 422, level="major", criterion="made-up", reason="很严重")
    assert 'class="errors"' in html
    assert "很严重" in html
    assert fresh(busy.unrated).level == "unrated"

    do(client, busy.unrated, "rate", level="major", criterion=a_criterion(), reason="很严重")
    assert fresh(busy.unrated).level == "major"
    assert fresh(busy.unrated).criterion == a_criterion()


def test_suggested_clauses_stand_first_and_unverified_ones_are_marked(busy: Busy) -> None:
    html = get(come_in(busy.street, "officer_li"), act(busy.unrated, "rate"))

    assert '<optgroup label="Likely">' in html
    assert html.index('label="Likely"') < html.index('label="All in force"')


def test_a_major_hazard_goes_its_whole_way(busy: Busy, turn_the_clock) -> None:
    street, client, chief = busy.street, come_in(busy.street, "officer_li"), come_in(busy.street, "chief_zhang")
    major = busy.major
    do(client, major, "order_rectification", owner_post=str(street.posts["production"].id), measures="清空楼梯间")
    assert fresh(major).state == "rectifying"
    do(client, major, "set_interim", text="楼梯间拉警戒线")
    do(chief, major, "supervise", level="district", reason="人员密集", due_on="2026-12-01")
    assert Supervision.objects.get(hazard_id=major.id).body_code == "district:110105"
    do(client, major, "suspend_work", scope="二层停止营业", number="朝应急停 1 号")
    assert Suspension.objects.get(hazard_id=major.id).resumed_at is None

    moment = turn_the_clock(hours=1)
    for side, who in (("regulator", "street office"), ("workers", "workers' meeting")):
        hazards.send_double_report(
            fresh(major), side=side, text="报告", how="会议", addressee=who, by=street.lao_wang, now=moment
        )
    html = get(client, page(major))
    assert "Acknowledge the report" in buttons(html)
    do(client, major, "receive_double_report", side="regulator")
    hazards.make_plan(
        fresh(major),
        responsibility="王建国",
        measures="清空",
        funds="2000 元",
        time_limit="一周",
        contingency="专人值守",
        by=street.lao_wang,
        now=moment,
    )
    hazards.hand_in(fresh(major), note="已清空", by=street.xiao_zhao, now=moment)

    html = get(client, page(major))
    assert "已清空" in text_of(html)
    assert "Check the fix" in buttons(html)
    early = do(client, major, "verify", 422, accept="yes", note="看过,空了")
    assert "a review by two officers" in text_of(early)
    both = [str(street.people["officer_li"].id), str(street.people["chief_zhang"].id)]
    do(client, major, "review", passed="yes", note="两人到场", officers=both)
    do(client, major, "verify", accept="yes", note="看过,空了")
    do(client, major, "resume_work", consent="隐患已消除")

    do(client, major, "close", 403, note="好了")  # it stands on a list above the street
    assert fresh(major).state == "accepted"
    do(chief, major, "lift_supervision", reason="已整改")
    do(client, major, "close", note="好了")
    assert fresh(major).state == "closed"
    text = text_of(get(client, page(major)))
    assert "passed" in text
    assert "What happened" in text


def test_closing_says_what_is_missing(busy: Busy) -> None:
    street, client = busy.street, come_in(busy.street, "officer_li")
    do(client, busy.major, "order_rectification", owner_post=str(street.posts["production"].id))
    hazards.hand_in(fresh(busy.major), note="已清空", by=street.xiao_zhao, now=busy.today)
    both = [str(street.people["officer_li"].id), str(street.people["chief_zhang"].id)]
    do(client, busy.major, "review", passed="yes", note="两人到场", officers=both)
    do(client, busy.major, "verify", accept="yes", note="空了")

    html = get(client, act(busy.major, "close"))
    assert "the five-part plan" in text_of(html)
    refused = client.post(act(busy.major, "close"), {"note": "好了"})

    assert refused.status_code in {409, 422}
    assert fresh(busy.major).state == "accepted"


def test_a_fix_that_does_not_hold_goes_back(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")
    hazards.hand_in(fresh(busy.general), note="换了", by=busy.xiao_zhao, now=busy.today)

    do(client, busy.general, "verify", accept="no", note="还是漏")

    assert fresh(busy.general).state == "rectifying"
    assert "还是漏" in text_of(get(client, page(busy.general)))


def test_a_transfer_gets_its_receipt(busy: Busy) -> None:
    client, fellow = come_in(busy.street, "officer_li"), come_in(busy.street, "ms_chen")
    html = get(client, act(busy.unrated, "transfer"))
    assert "Chaoyang Commerce Bureau" in html

    do(client, busy.unrated, "transfer", to_body="dept:commerce:110105", reason="属商务")
    sent = Transfer.objects.get(hazard_id=busy.unrated.id)
    waiting = get(fellow, reverse("desk:transfers"))
    url = reverse("desk:transfer", args=[sent.business_id, sent.id])
    assert url in waiting
    assert fellow.post(url, {"accept": "yes", "answer": "收到"}).status_code == 302

    sent.refresh_from_db()
    assert sent.state in {"received", "answered"}
    assert "No transfer waits" not in text_of(get(client, reverse("desk:transfers") + "?direction=out"))


def test_pictures_can_be_added_and_are_seen_in_full(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")

    missing = client.post(act(busy.general, "add_photos"), {"stage": "before"})
    added = client.post(act(busy.general, "add_photos"), {"stage": "before", "photos": picture(3)})
    html = get(client, page(busy.general))
    full = re.search(r'<a href="(/photos/[^"]+)"', html)[1].replace("&amp;", "&")

    assert missing.status_code == 422
    assert added.status_code == 302
    assert client.get(full).headers["Content-Type"] == "image/jpeg"
    assert come_in(busy.street, "officer_he").get(full).status_code == 404


def test_what_is_not_a_picture_is_refused_in_words(busy: Busy) -> None:
    import io

    client = come_in(busy.street, "officer_li")
    fake = io.BytesIO(b"<script>alert(1)</script>")
    fake.name = "photo.jpg"

    answer = client.post(act(busy.general, "add_photos"), {"stage": "before", "photos": fake})

    assert answer.status_code == 422
    look_over(answer.content.decode())


def test_who_was_quicker_makes_a_conflict(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")
    stale = fresh(busy.general).version
    hazards.set_interim(fresh(busy.general), text="先关阀", by=busy.sister_liu, now=busy.today)

    answer = client.post(act(busy.general, "set_interim"), {"version": stale, "text": "另一句"})

    assert answer.status_code == 422
    assert "另一句" in answer.content.decode()
    assert fresh(busy.general).interim == "先关阀"


@pytest.mark.parametrize("name", ["close", "verify", "review", "reopen", "resume_work", "lift_supervision"])
def test_an_act_that_is_not_open_now_is_refused_and_nothing_moves(busy: Busy, name: str) -> None:
    client = come_in(busy.street, "officer_li")
    before = fresh(busy.general).state

    assert client.get(act(busy.general, name)).status_code in {403, 409}
    assert client.post(act(busy.general, name), {"note": "x", "reason": "x"}).status_code in {403, 409}
    assert fresh(busy.general).state == before


@pytest.mark.parametrize("name", ["hand_in", "show_result", "send_double_report"])
def test_acts_of_the_business_are_no_acts_of_an_officer(busy: Busy, name: str) -> None:
    client = come_in(busy.street, "officer_li")

    assert client.get(act(busy.general, name)).status_code in {403, 409}
    assert client.get(act(busy.general, "nonsense")).status_code == 404


def test_another_streets_officer_can_do_nothing(busy: Busy) -> None:
    client = come_in(busy.street, "officer_he")

    for name in ("rate", "transfer", "suspend_work", "add_photos"):
        assert client.get(act(busy.unrated, name)).status_code == 404
        assert client.post(act(busy.unrated, name), {"level": "general"}).status_code == 404
    assert fresh(busy.unrated).level == "unrated"


def test_the_community_looks_and_orders_nothing(busy: Busy) -> None:
    from qianan.ground.accounts.models import Seat

    Seat.objects.filter(person=busy.people["officer_li"]).update(role="community", place_code=busy.site.place_code)
    client = come_in(busy.street, "officer_li")

    html = get(client, page(busy.general))

    assert "Transfer it to another office" not in buttons(html)
    assert client.post(act(busy.general, "transfer"), {"to_body": "x", "reason": "x"}).status_code == 403
