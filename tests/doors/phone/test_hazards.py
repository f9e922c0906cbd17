"""A hazard on the phone: from found to closed, each by the person whose turn it is."""

import pytest
from django.urls import reverse

from qianan.field.hazards import actions as hazards
from qianan.field.hazards.models import DoubleReport, Hazard, Plan, Rectification
from qianan.ground.codebook import queries as codebook
from qianan.registry.duties import actions as duties
from qianan.registry.duties.models import Extension
from tests.cast import MONDAY, Street
from tests.doors.doorstep import EN, ZH, both, come_in, get, look_over, picture, text_of


@pytest.fixture
def hose(monday: Street) -> Hazard:
    """A general hazard that the manager found: the cook owes the fix."""
    new = hazards.NewHazard(
        site=monday.site, text="hose too long", where="kitchen", origin_kind="manager", level="general"
    )
    return hazards.report_hazards([new], by=monday.sister_liu, now=MONDAY)[0]


@pytest.fixture
def door(monday: Street) -> Hazard:
    """A hazard that the cook found: nobody has rated it."""
    new = hazards.NewHazard(site=monday.site, text="back door blocked", origin_kind="worker")
    return hazards.report_hazards([new], by=monday.xiao_zhao, now=MONDAY)[0]


def page(hazard: Hazard) -> str:
    return reverse("phone:hazard", args=[hazard.business_id, hazard.id])


def act(hazard: Hazard, name: str) -> str:
    return reverse("phone:hazard_act", args=[hazard.business_id, hazard.id, name])


def fresh(hazard: Hazard) -> Hazard:
    return Hazard.objects.get(business_id=hazard.business_id, id=hazard.id)


def test_the_page_answers_what_by_when_who_and_where_it_goes(monday: Street, hose: Hazard) -> None:
    zh, en = both(monday, "xiao_zhao", page(hose))

    words = text_of(en)
    for said in (
        hose.number,
        "hose too long",
        "Fix by",
        "9 Nov",
        "Fixes it: 赵小明",
        "Answers for it: 王建国",
        "Checks it: 刘芳",
        "Jianwai Sub-district Office",
        "Chaoyang Emergency Bureau",
        "source not verified",
        "Hand in the fix",
    ):
        assert said in words, said
    assert "动手改：赵小明" in zh
    assert "不改会到谁那里" in zh
    assert "+8613800000002" not in en, "nobody calls himself"


def test_each_sees_only_the_acts_open_to_him(monday: Street, hose: Hazard) -> None:
    cook = get(come_in(monday, "xiao_zhao"), page(hose))
    manager = get(come_in(monday, "sister_liu"), page(hose))

    assert act(hose, "hand_in") in cook
    assert act(hose, "rate") not in cook
    assert act(hose, "rate") in manager
    assert act(hose, "close") not in manager


def test_from_hand_in_to_closed_by_three_people(monday: Street, hose: Hazard) -> None:
    cook, manager = come_in(monday, "xiao_zhao"), come_in(monday, "sister_liu")

    answer = cook.post(act(hose, "hand_in"), {"note": "new hose", "photos": picture(7)})
    assert answer.status_code == 302, text_of(answer.content.decode())
    assert fresh(hose).state == "handed_in"

    refused = cook.post(act(hose, "verify"), {"accept": "yes"})
    assert refused.status_code == 403
    assert fresh(hose).state == "handed_in"

    assert manager.post(act(hose, "verify"), {"accept": "yes", "note": "seen"}).status_code == 302
    assert fresh(hose).state == "accepted"
    assert manager.post(act(hose, "close"), {"note": ""}).status_code == 302
    assert fresh(hose).state == "closed"
    assert manager.post(act(hose, "show_result"), {"how": "board"}).status_code == 302
    assert fresh(hose).shown_at is not None

    story = text_of(get(manager, page(hose)))
    assert "after" in story
    assert text_of(get(manager, reverse("phone:hazard_trail", args=[hose.business_id, hose.id])))


def test_a_fix_that_is_not_good_goes_back_with_the_reason(monday: Street, hose: Hazard) -> None:
    come_in(monday, "xiao_zhao").post(act(hose, "hand_in"), {"note": "done", "photos": picture(7)})
    manager = come_in(monday, "sister_liu")

    without = manager.post(act(hose, "verify"), {"accept": "no", "note": ""})
    assert without.status_code == 422
    look_over(without.content.decode())
    assert fresh(hose).state == "handed_in"

    assert manager.post(act(hose, "verify"), {"accept": "no", "note": "still a joint"}).status_code == 302
    assert fresh(hose).state == "rectifying"
    assert Rectification.objects.get(hazard_id=hose.id).returns == 1


def test_more_time_is_a_row_beside_the_deadline(monday: Street, hose: Hazard) -> None:
    cook = come_in(monday, "xiao_zhao")

    answer = cook.post(act(hose, "ask_extension"), {"until": "2026-11-16", "reason": "the part comes late"})

    assert answer.status_code == 302, text_of(answer.content.decode())
    asked = Extension.objects.get()
    assert (asked.state, asked.until.isoformat()) == ("asked", "2026-11-16T15:59:59+00:00")
    shown = text_of(get(cook, page(hose)))
    assert "More time asked for, until 16 Nov" in shown
    assert "the part comes late" in shown
    assert cook.get(act(hose, "ask_extension")).status_code in {403, 409}

    early = cook.post(act(hose, "ask_extension"), {"until": "not a day", "reason": ""})
    assert early.status_code in {403, 409}


def test_the_manager_rates_and_orders(monday: Street, door: Hazard) -> None:
    manager = come_in(monday, "sister_liu")

    assert manager.post(act(door, "rate"), {"level": "general"}).status_code == 302
    hazard = fresh(door)
    assert hazard.level == "general"
    if hazard.state == "rated":
        sent = {"owner_post": str(monday.posts["production"].id), "measures": "clear it", "due_on": "2026-11-06"}
        assert manager.post(act(door, "order_rectification"), sent).status_code == 302
    assert fresh(door).state == "rectifying"


def test_a_major_hazard_is_reported_to_both_sides_and_has_its_plan(monday: Street, door: Hazard) -> None:
    manager = come_in(monday, "sister_liu")
    criterion = codebook.criteria_in_force(MONDAY.date())[0]
    rated = manager.post(act(door, "rate"), {"level": "major", "criterion": criterion.code, "reason": "gas"})
    assert rated.status_code == 302, text_of(rated.content.decode())
    assert "major" in get(manager, page(door))

    for side in ("regulator", "workers"):
        sent = {"side": side, "how": "system", "text": "gas may explode; the kitchen is closed", "addressee": "x"}
        assert manager.post(act(door, "send_double_report"), sent).status_code == 302
    assert set(DoubleReport.objects.values_list("side", flat=True)) == {"regulator", "workers"}
    received = come_in(monday, "xiao_zhao").post(act(door, "receive_double_report"), {"side": "workers"})
    assert received.status_code == 302
    assert DoubleReport.objects.get(side="workers").received_at is not None

    parts = ("responsibility", "measures", "funds", "time_limit", "contingency")
    lacking = manager.post(act(door, "make_plan"), dict.fromkeys(parts[:4], "x"))
    assert lacking.status_code == 422
    assert manager.post(act(door, "make_plan"), {part: f"the {part}" for part in parts}).status_code == 302
    assert Plan.objects.get().contingency == "the contingency"
    assert manager.post(act(door, "set_interim"), {"text": "valve shut"}).status_code == 302
    shown = text_of(get(manager, page(door)))
    for said in ("The five-part plan", "valve shut", "not acknowledged yet"):
        assert said in shown, said


def test_somebody_was_quicker_and_what_was_typed_is_kept(monday: Street, hose: Hazard) -> None:
    manager = come_in(monday, "sister_liu")
    hazards.set_interim(fresh(hose), text="sign put up", by=monday.lao_wang, now=MONDAY)

    answer = manager.post(act(hose, "set_interim"), {"version": hose.version, "text": "valve shut"})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "valve shut" in html
    assert fresh(hose).interim == "sign put up"
    version = fresh(hose).version
    assert f'name="version" value="{version}"' in html
    assert manager.post(act(hose, "set_interim"), {"version": version, "text": "valve shut"}).status_code == 302
    assert fresh(hose).interim == "valve shut"


def test_not_mine_not_now_not_there(monday: Street, hose: Hazard) -> None:
    assert come_in(monday, "xiao_zhao").get(act(hose, "close")).status_code == 409
    assert come_in(monday, "xiao_zhao").get(act(hose, "rate")).status_code == 403
    assert come_in(monday, "boss_qian").get(page(hose)).status_code == 404
    assert come_in(monday, "boss_qian").post(act(hose, "hand_in"), {"note": "x"}).status_code == 404
    assert come_in(monday, "stranger").get(page(hose)).status_code == 404
    assert come_in(monday, "officer_he").get(page(hose)).status_code == 404
    assert come_in(monday, "lao_wang").get(act(hose, "explode")).status_code == 404
    assert fresh(hose).state == "rectifying"


def test_an_officer_who_follows_a_link_sees_the_page_and_the_way_to_the_desk(monday: Street, hose: Hazard) -> None:
    assert hose.number in get(come_in(monday, "officer_li"), page(hose))


def test_late_says_so_and_how_far_it_has_climbed(monday: Street, hose: Hazard, turn_the_clock) -> None:
    later = turn_the_clock(days=9)
    duties.escalate_overdue(later)

    for language, late, reached in ((EN, "1 day late", "reached: Jianwai"), (ZH, "过期 1 天", "已到：建外街道办事处")):
        words = text_of(get(come_in(monday, "xiao_zhao", language), page(hose)))
        assert late in words
        assert reached in words


def test_the_list_has_tabs_and_an_empty_one_says_what_to_do(monday: Street) -> None:
    zh, en = both(monday, "lao_wang", reverse("phone:hazards"))
    assert "No hazard is open" in en
    assert "没有没改完的隐患" in zh
    closed = get(come_in(monday, "lao_wang"), reverse("phone:hazards") + "?tab=nonsense&page=99")
    assert 'aria-current="page"' in closed


def test_a_duty_leads_to_its_hazard(monday: Street, hose: Hazard) -> None:
    from qianan.registry.duties.models import Duty

    duty = Duty.objects.get(kind="rectification")
    answer = come_in(monday, "lao_wang").get(reverse("phone:duty", args=[duty.business_id, duty.id]))
    assert answer.headers["Location"] == page(hose)
