"""The walk, through the doors only: cook's check → hazard → late → street → district → special supervision → fix →
verified → closed → on the city board. Once in Chinese, once in English, with the clock turned by the test."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from qianan.doors.console.running import Timetable
from qianan.doors.kit import now
from qianan.ground.trail import delivery, verification
from tests.cast import MONDAY, Street

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "zh-hans": {"late": "已过期", "listed": "挂牌督办", "closed": "已销号", "silent": "没查"},
    "en": {"late": "late", "listed": "supervision", "closed": "closed", "silent": "not checked"},
}


def strike() -> None:
    """The clock strikes, news travels, letters are written."""
    Timetable().strike(now.now())
    delivery.work_all(now.now())


def turn_to(days: float) -> None:
    """Go on to Monday nine o'clock plus so many days, day by day, as a real clock does."""
    goal = MONDAY + timedelta(days=days)
    while now.now() < goal:
        now.turn_to(min(now.now() + timedelta(days=1), goal))
        strike()


def picture() -> dict[str, Any]:
    out = io.BytesIO()
    Image.effect_noise((320, 240), 40).convert("RGB").save(out, "JPEG")
    return {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def act(page: Any, name: str, **said: Any) -> None:
    """On the hazard's page, follow the act's link, fill its form in, send it."""
    page.locator(f"main a[href$='/{name}/'], .act a[href$='/{name}/']").first.click()
    page.wait_for_url(f"**/{name}/")
    form = page.locator("main form").first
    for field, value in said.items():
        if field == "photos":
            form.locator("input[type=file]").first.set_input_files([value])
            continue
        spot = form.locator(f"[name={field}]")
        kind = spot.first.get_attribute("type")
        if kind in {"radio", "checkbox"}:
            for each in [value] if isinstance(value, str) else value:
                form.locator(f"[name={field}][value='{each}']").check(force=True)
        elif spot.first.evaluate("node => node.tagName") == "SELECT":
            spot.select_option(value)
        else:
            spot.fill(value)
    form.locator("button[type=submit]").first.click()
    page.wait_for_url(lambda url: not url.endswith(f"/{name}/"))


def first_criterion(page: Any, name: str = "rate") -> str:
    """The first clause that the form suggests."""
    page.goto(page.url.rstrip("/") + f"/{name}/")
    value: str = page.locator("select[name=criterion] option[value]:not([value=''])").first.get_attribute("value")
    page.go_back()
    return value


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_walk(street: Street, visit: Callable[..., Any], language: str) -> None:
    now.turn_to(MONDAY)
    strike()
    pages = []

    def come(who: str, *, phone: bool = False) -> Any:
        page = visit(who, phone=phone, language=language)
        pages.append(page)
        return page

    # The cook checks: everything is in order but the gas cylinders in the basement.
    cook = come("xiao_zhao", phone=True)
    cook.goto("/my/")
    cook.locator("main a[href*='/checks/']").first.click()
    cook.wait_for_url("**/checks/**")
    for number, item in enumerate(cook.locator("fieldset.item").all()):
        item.locator(f"input[type=radio][value={'f' if number == 1 else 'p'}]").check(force=True)
        if number == 1:
            if item.locator("details.more[open]").count() == 0:
                item.locator("details.more summary").click()
            item.locator("input[name^='n-']").fill("半地下室用液化气瓶 LPG cylinders in the semi-basement")
    cook.locator("button[form=sheet]").last.click()
    cook.wait_for_url("**/receipts/**")
    assert cook.locator("a[href*='/my/hazards/']").count() >= 1
    address = cook.locator("a[href*='/my/hazards/']").first.get_attribute("href")
    at_desk = address.replace("/my/hazards/", "/desk/hazards/")

    # The safety manager rates it major, orders the fix, says what holds until then, reports to both sides, plans.
    liu = come("sister_liu", phone=True)
    liu.goto(address)
    act(liu, "rate", level="major", criterion=first_criterion(liu), reason="地下用瓶装气 LPG below ground")
    liu.goto(address)
    act(
        liu,
        "order_rectification",
        owner_post=str(street.posts["production"].id),
        measures="搬走气瓶 take the cylinders away",
    )
    for name, said in [
        ("set_interim", {"text": "关掉燃气总阀 main valve shut"}),
        ("send_double_report", {"side": "regulator", "text": "半地下室用液化气 LPG in the semi-basement"}),
        ("send_double_report", {"side": "workers", "text": "半地下室用液化气 LPG in the semi-basement"}),
        (
            "make_plan",
            {
                "responsibility": "刘芳",
                "measures": "换新 replace",
                "funds": "3000",
                "time_limit": "30 天",
                "contingency": "停用燃气 no gas",
            },
        ),
    ]:
        liu.goto(address)
        act(liu, name, **said)
    cook.goto(address)
    act(cook, "receive_double_report", side="workers")
    li = come("officer_li")
    li.goto(at_desk)
    act(li, "receive_double_report", side="regulator")

    # Nobody fixes it. It is late, climbs to the street, then to the district, and goes on the supervision list.
    turn_to(33)
    li.goto("/desk/")
    li.locator("main a[href*='/desk/duties/'], main a[href*='/desk/hazards/']").first.wait_for()
    li.goto(at_desk)
    assert li.locator("main .late, main .clock--late").count() >= 1
    zhang = come("chief_zhang")
    zhang.goto(at_desk)
    assert WORDS[language]["listed"] in zhang.locator("main").inner_text().lower()
    assert zhang.goto("/inbox/").ok
    assert zhang.locator("main a[href*='/inbox/']").count() >= 1

    # The cook fixes it and hands it in with a photo; officers review it on the spot, verify, and close.
    cook.goto(address)
    act(cook, "hand_in", note="气瓶已搬走,改用电 cylinders gone, electric now", photos=picture())
    li.goto(at_desk)
    act(
        li,
        "review",
        passed="yes",
        note="现场看过 seen on the spot",
        officers=[str(street.people["officer_li"].id), str(street.people["chief_zhang"].id)],
    )
    li.goto(at_desk)
    act(li, "verify", accept="yes", note="看到了,没有气瓶 seen, none left")
    zhang.goto(at_desk)
    act(zhang, "close", note="销号 closed")
    zhang.goto(at_desk)
    assert WORDS[language]["closed"] in zhang.locator("main").inner_text().lower()
    liu.goto(address)
    act(liu, "show_result", how="board")

    # The city sees it, down to the record and its photo; the shop has fallen silent meanwhile and stands first.
    strike()
    sun = come("director_sun")
    sun.goto("/desk/")
    text = sun.locator("main").inner_text().lower()
    assert WORDS[language]["silent"] in text
    sun.goto("/desk/hazards/?state=closed")
    sun.locator(f"main a[href*='{at_desk}']").first.click()
    sun.wait_for_url(f"**{at_desk}")
    assert sun.locator("main img[src*='/photos/']").count() >= 1
    assert "赵小明" in sun.locator("main").inner_text()

    strike()
    assert verification.verify().good
    for page in pages:
        assert page.failures == []


def test_a_person_without_the_right_sees_nothing(street: Street, visit: Callable[..., Any]) -> None:
    now.turn_to(MONDAY)
    strike()
    qian = visit("boss_qian", phone=True, language="en")

    answer = qian.goto(f"/my/business/{street.business.id}/")

    assert answer.status == 404
    assert "404" not in qian.locator("main").inner_text()
    assert "Lao Wang" not in qian.locator("main").inner_text()
