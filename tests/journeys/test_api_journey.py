"""The journey of a hazard, through the API alone: from the cook's check to the city's board.

The clock is turned by the test; the timetable and the worker run between the calls, as they do in the house.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from qianan.clock import CLOCK
from qianan.doors.kit import now as clock
from qianan.ground.trail import delivery
from qianan.ground.trail.verification import verify
from qianan.kernel.ids import uuid7
from tests.cast import MONDAY, Street
from tests.doors.api.client import Answer, Programs
from tests.ground.evidence.pictures import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(street: Street) -> Programs:
    clock.turn_to(MONDAY)
    return Programs(street)


def live(**by: float) -> datetime:
    """Time goes by, a day at a time; every line of the timetable strikes and the news travels."""
    left = timedelta(**by)
    while True:
        step = min(left, timedelta(days=1))
        clock.turn(step)
        left -= step
        for _ in range(2):
            for line in CLOCK:
                line.do(clock.now())
            delivery.work_all(clock.now())
        if not left:
            return clock.now()


def good(answer: Answer, status: int = 200) -> Any:
    assert answer.status == status, answer.json
    return answer.json


def refused(answer: Answer, status: int) -> str:
    assert answer.status == status, answer.json
    assert answer.json["detail"]
    return answer.code


def kinds(program: Any, path: str) -> list[str]:
    """The kinds of the letters that somebody got about this hazard."""
    id = path.rsplit("/", 1)[1]
    return [each["kind"] for each in good(program.get("/notices", {"limit": 200}))["items"] if id in each["about"]]


def hazard_of(api: Programs, street: Street) -> Callable[..., str]:
    """The cook checks the kitchen and finds the gas alarm dead."""
    live(minutes=1)
    (owed, *_) = [
        each for each in good(api.xiao_zhao.get("/selfchecks/owed"))["items"] if each["checklist"] == "restaurant-daily"
    ]
    edition = good(api.xiao_zhao.get(f"/checklists/versions/{owed['version']}"))
    items = [item["code"] for section in edition["document"]["sections"] for item in section["items"]]
    picture = good(api.xiao_zhao.post("/evidence", photo(1), content_type="image/jpeg"), 201)["sha256"]
    answers: dict[str, Any] = dict.fromkeys(items, "p")
    answers["restaurant-01"] = {"a": "f", "note": "报警器没有电", "photos": [picture]}
    check = {
        "id": str(uuid7(clock.now())),
        "site": owed["site"],
        "version": owed["version"],
        "answers": answers,
        "started_at": (clock.now() - timedelta(minutes=3)).isoformat(),
        "ended_at": clock.now().isoformat(),
    }
    path = f"/businesses/{owed['business']}/submissions"

    result = good(api.xiao_zhao.post(path, check), 201)

    assert result["status"] == "received"
    assert result["receipt"].startswith("ZC20261102-")
    (hazard,) = result["hazards"]
    assert (hazard["level"], hazard["suggested"], hazard["state"]) == ("unrated", "major", "found")
    assert good(api.xiao_zhao.post(path, check), 200)["status"] == "same"
    return lambda act="": f"/hazards/{hazard['business']}/{hazard['id']}" + (f"/{act}" if act else "")


def test_a_hazard_goes_from_the_cook_to_the_citys_board(api: Programs, street: Street) -> None:
    at = hazard_of(api, street)

    # -- rated and ordered: the cook may not, the safety manager may
    assert refused(api.xiao_zhao.post(at("rate"), {"level": "major"}), 403)
    good(api.sister_liu.get(at("suggestions")))
    (clause, *_) = good(api.sister_liu.get("/codebook/criteria", {"under": "gas-2023"}))["items"]
    rated = good(api.sister_liu.post(at("rate"), {"level": "major", "criterion": clause["code"]}))
    assert (rated["level"], rated["state"]) == ("major", "rated")
    ordered = good(api.sister_liu.post(at("order-rectification"), {"measures": "换报警器，专人看管"}))
    assert ordered["state"] == "rectifying"
    assert ordered["owner"]["people"][0]["name"] == "赵小明"
    assert ordered["due_at"] == "2026-12-02T23:59:59+08:00"
    good(api.sister_liu.post(at("set-interim"), {"text": "关阀停用燃气，改用电磁炉"}))
    for side in ("regulator", "workers"):
        report = {"side": side, "text": "可燃气体报警器断电，已停用燃气", "how": "phone"}
        good(api.lao_wang.post(at("send-double-report"), report))
    good(api.officer_li.post(at("receive-double-report"), {"side": "regulator"}))
    good(api.xiao_zhao.post(at("receive-double-report"), {"side": "workers"}))
    plan = dict.fromkeys(("responsibility", "measures", "funds", "time_limit", "contingency"), "王建国负责，三日内办好")
    good(api.lao_wang.post(at("make-plan"), plan))

    # -- late: the street hears of it, then the district, which puts it on its list
    assert "duty_escalated" not in kinds(api.officer_li, at())
    live(days=31)
    late = good(api.officer_li.get(at()))
    assert late["duty"]["rung"] == 1
    assert "duty_escalated" in kinds(api.officer_li, at())
    assert "duty_escalated" not in kinds(api.chief_zhang, at())
    assert not late["supervised"]

    live(days=1)
    listed = good(api.chief_zhang.get(at()))
    assert listed["duty"]["rung"] == 2
    assert "duty_escalated" in kinds(api.chief_zhang, at())
    assert listed["supervised"]
    assert [(each["level"], each["body"]["code"]) for each in listed["supervisions"]] == [
        ("district", "district:110105")
    ]
    assert [step["rung"] for step in listed["ladder"] if step["reached"]] == [0, 1, 2]
    assert refused(api.officer_he.get(at()), 404) == "no_such_hazard"

    # -- fixed by the cook, seen by two officers, verified and closed by others
    after = good(api.xiao_zhao.post("/evidence", photo(2), content_type="image/jpeg"), 201)["sha256"]
    handed = good(api.xiao_zhao.post(at("hand-in"), {"note": "新报警器已装好通电", "photos": [after]}))
    assert (handed["state"], handed["macro"], handed["late"]) == ("handed_in", "fixed", True)
    assert refused(api.xiao_zhao.post(at("verify"), {"accept": True}), 403)
    assert refused(api.sister_liu.post(at("verify"), {"accept": True}), 403)
    officers = [str(street.officer_li.person), str(street.chief_zhang.person)]
    reviewed = good(api.chief_zhang.post(at("review"), {"passed": True, "note": "现场看过", "officers": officers}))
    assert [each["passed"] for each in reviewed["reviews"]] == [True]
    verified = good(api.chief_zhang.post(at("verify"), {"accept": True, "note": "符合"}))
    assert verified["state"] == "accepted"
    assert verified["lacks"] == []
    assert refused(api.officer_li.post(at("close"), {"note": "ok"}), 403)
    if verified["supervised"]:
        good(api.chief_zhang.post(at("lift-supervision"), {"reason": "整改到位"}))
    closed = good(api.chief_zhang.post(at("close"), {"note": "销号"}))
    assert (closed["state"], closed["macro"], closed["supervised"]) == ("closed", "closed", False)
    good(api.lao_wang.post(at("show-result"), {"how": "meeting"}))
    live(minutes=5)

    # -- on the city's board, and in everybody's trail
    board = good(api.director_sun.get("/boards/hazards", {"place": "11"}))
    assert {(each["level"], each["state"]): each["count"] for each in board["by_state"]} == {("major", "closed"): 1}
    assert (board["open"], board["overdue"]) == (0, 0)
    about = f"hazards.hazard:{closed['business']}:{closed['id']}"
    trail = good(api.director_sun.get("/trail", {"about": about, "limit": 200}))["items"]
    told = [each["news"] for each in reversed(trail)]
    order = [
        "hazards.HazardReported",
        "hazards.HazardRated",
        "hazards.RectificationOrdered",
        "duties.DutyEscalated",
        "hazards.HazardSupervised",
        "hazards.FixHandedIn",
        "hazards.HazardReviewed",
        "hazards.FixAccepted",
        "hazards.HazardClosed",
        "hazards.ResultShown",
    ]
    assert [name for name in dict.fromkeys(told) if name in order] == order
    assert all("%(" not in each["sentence"] for each in trail)
    assert {each["via"] for each in trail if each["by"].startswith("accounts.person")} == {"api"}
    assert verify().good
