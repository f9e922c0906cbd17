"""The door itself: languages, JSON, methods, pages, allowance, sessions."""

import json

import pytest
from django.test import Client

from qianan.doors.kit import now
from qianan.field.hazards.models import Hazard
from tests.cast import MONDAY, PASSWORD, Street
from tests.doors.api.client import Program, Programs, token_for


def test_words_come_in_the_language_asked_for(api: Programs, street: Street) -> None:
    token = token_for(street.lao_wang)

    english = Program(token, "en").post("/tokens", {})
    chinese = Program(token, "zh-hans").post("/tokens", {})

    assert (english.code, english["where"], english["detail"]) == ("field_missing", "label", "This must be given.")
    assert (chinese.code, chinese["where"], chinese["detail"]) == ("field_missing", "label", "这一项必须给。")
    assert "这一项必须给" in chinese.response.content.decode()
    assert english.header("Content-Type") == "application/problem+json"


def test_several_things_that_are_wrong_are_each_named(api: Programs, street: Street) -> None:
    answer = api.lao_wang.post(
        f"/businesses/{street.business.id}/hazards", {"site": "x", "text": "", "level": "huge", "colour": "red"}
    )

    assert (answer.status, answer.code) == (422, "invalid_many")
    assert {each["where"]: each["code"] for each in answer["problems"]} == {
        "site": "not_an_id",
        "text": "too_short",
        "level": "not_a_choice",
        "colour": "field_unknown",
    }
    assert all(each["detail"] for each in answer["problems"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "broken_json"),
        (b"", "field_missing"),
        (b"\xff\xfe", "broken_json"),
        (b'{"label": NaN}', "broken_json"),
        (b'{"label": 1e999}', "broken_json"),
        (b"[" * 100_000, "broken_json"),
        (b'{"label": "\\u0000"}', "control_characters"),
        (b'{"label": "\\ud800"}', "control_characters"),
        (b'{"label": "a\\u0007b"}', "control_characters"),
        (b'{"label": "' + b"x" * 5_000_000 + b'"}', "body_too_large"),
        (b'{"label": "' + b"x" * 100 + b'"}', "too_long"),
        (b'{"label": 5}', "text_wanted"),
        (b'{"label": "x", "days": ' + b"9" * 5000 + b"}", "broken_json"),
        (b'{"label": "x", "days": 99999999999999999999}', "out_of_bounds"),
        (b'{"label": "x", "days": "soon"}', "number_wanted"),
        (b"[1]", "object_wanted"),
        (b"null", "object_wanted"),
    ],
)
def test_hostile_bodies_get_a_clear_answer(api: Programs, body: bytes, code: str) -> None:
    answer = api.lao_wang.post("/tokens", body)

    assert (answer.status, answer.code) == (413 if code == "body_too_large" else 422, code)
    assert answer["detail"]


@pytest.mark.parametrize("query", ["text=%00", "text=a%07", "place=%27%3B--", "cursor=!!", "cursor=WyJ4Il0", "limit=0"])
def test_hostile_queries_get_a_clear_answer(api: Programs, query: str) -> None:
    answer = api.officer_li.get(f"/businesses?{query}")

    assert answer.status == 422
    assert answer["detail"]


def test_unknown_addresses_and_methods_are_problems_too(api: Programs) -> None:
    nowhere = api.lao_wang.get("/nowhere")
    assert (nowhere.status, nowhere.code) == (404, "not_found")
    wrong = api.lao_wang.call("DELETE", "/me")
    assert (wrong.status, wrong.code) == (405, "no_such_method")
    assert set(wrong.header("Allow").replace(" ", "").split(",")) == {"GET", "PATCH"}
    assert api.lao_wang.call("HEAD", "/me").status == 200
    assert api.lao_wang.get("/businesses/not-an-id").status == 404


def test_times_have_their_offset_and_names_both_languages(api: Programs, street: Street) -> None:
    shop = api.lao_wang.get(f"/businesses/{street.business.id}").json

    assert shop["registered_at"] == "2026-11-02T09:00:00+08:00"
    assert shop["name"] == {"zh": "老王面馆", "en": "Lao Wang's Noodles"}
    assert shop["place"]["name"]["zh"]
    assert shop["musts"]["territory"][0]["people"][0]["name"] == "李敏"
    assert shop["musts"]["industry"][0]["body"]["code"] == "dept:commerce:110105"


def test_lists_are_walked_page_by_page_without_losing_or_doubling_a_row(api: Programs, street: Street) -> None:
    path = f"/businesses/{street.business.id}/hazards"
    for number in range(7):
        assert api.xiao_zhao.post(path, {"site": str(street.site.id), "text": f"第 {number} 处"}).status == 201
        if number % 2:
            now.turn_to(MONDAY.replace(hour=2 + number))
    seen, cursor = [], ""

    while True:
        page = api.officer_li.get("/hazards", {"limit": 2, "cursor": cursor})
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == 7
    newest_first = Hazard.objects.order_by("-found_at", "-id").values_list("id", flat=True)
    assert seen == [str(id) for id in newest_first]


def test_a_cursor_of_another_list_is_refused(api: Programs, street: Street) -> None:
    path = f"/businesses/{street.business.id}/hazards"
    for text in ("一", "二"):
        api.xiao_zhao.post(path, {"site": str(street.site.id), "text": text})
    cursor = api.officer_li.get("/hazards", {"limit": 1})["next"]

    assert api.officer_li.get("/businesses", {"cursor": cursor}).code == "bad_cursor"


def test_too_many_requests_are_told_to_wait(api: Programs, settings) -> None:
    settings.QIANAN_API_PER_MINUTE = 3
    now.turn_to(MONDAY)

    answers = [api.lao_wang.get("/me") for _ in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].code == "too_many_requests"
    assert 0 < int(answers[-1].header("Retry-After")) <= 60
    assert api.xiao_zhao.get("/me").status == 200
    now.turn_to(MONDAY.replace(minute=2))
    assert api.lao_wang.get("/me").status == 200


def test_a_session_comes_in_and_acts_with_its_csrf_token(api: Programs, street: Street) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(street.people["lao_wang"], "qianan.ground.accounts.signin.NameOrMobileBackend")
    assert browser.get("/api/v1/me").status_code == 200
    body = json.dumps({"label": "from a page"})

    bare = browser.post("/api/v1/tokens", body, "application/json")
    assert (bare.status_code, bare.json()["code"]) == (403, "csrf")

    browser.get("/accounts/login/")
    browser.cookies["csrftoken"] = "a" * 32
    good = browser.post("/api/v1/tokens", body, "application/json", headers={"x-csrftoken": "a" * 32})
    assert good.status_code == 201
    assert PASSWORD not in good.content.decode()


def test_a_token_goes_before_a_session(api: Programs, street: Street) -> None:
    browser = Client()
    browser.force_login(street.people["lao_wang"], "qianan.ground.accounts.signin.NameOrMobileBackend")

    answer = browser.get("/api/v1/me", headers={"authorization": "Bearer wrong"})

    assert answer.status_code == 401


def test_the_schema_and_its_page_are_open_and_bring_nothing_from_elsewhere(db: None) -> None:
    schema = Client().get("/api/v1/openapi.json")
    page = Client().get("/api/v1/docs")

    assert schema.json()["openapi"] == "3.1.0"
    assert "企安安" in schema.content.decode()
    assert page.status_code == 200
    text = page.content.decode()
    assert "/api/v1/hazards/{business}/{id}/rate" in text
    assert "<script" not in text.replace('<script src="/static/', "")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
