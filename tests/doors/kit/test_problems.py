"""Refusals as pages and as problem+json: what happened, what to do, whom to ask; never a bare code, never a 500."""

import errno
import json
import logging

import pytest
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from qianan.doors.kit import problems, words
from qianan.doors.kit.middleware import POLICY
from qianan.kernel.problems import (
    Conflict,
    Invalid,
    InvalidMany,
    NotFound,
    NotNow,
    NotYours,
    Problem,
    TooLarge,
    TooMany,
    Unavailable,
)
from tests.cast import Street
from tests.doors.doorstep import EN, ZH, come_in, get, look_over, text_of

FAMILIES = [
    (NotFound(), 404),
    (NotYours(), 403),
    (NotNow(), 409),
    (Conflict(), 409),
    (Invalid(), 422),
    (TooLarge(), 413),
    (TooMany(), 429),
    (Unavailable(), 503),
]


@pytest.mark.parametrize(("problem", "status"), FAMILIES, ids=lambda value: str(value))
def test_each_family_has_its_status_and_its_words(problem: Problem, status: int) -> None:
    assert problems.status_of(problem) == status
    assert words.say_problem(problem) == str(words.GENERAL[problem.family])
    assert problems.title_of(status)
    assert problems.advice_of(status)


def test_a_code_without_words_is_said_in_general_terms() -> None:
    assert words.say_problem(Invalid("no_such_code_anywhere")) == str(words.GENERAL["invalid"])


def test_params_that_were_not_given_are_a_dash() -> None:
    assert words.fill("%(count)s of %(all)s", {"count": 3}) == "3 of —"


def test_problem_json_has_code_where_and_each_single_problem() -> None:
    many = InvalidMany([Invalid("invalid", where="name"), Invalid("invalid", where="mobile")])

    body = problems.as_json(many)

    assert body["status"] == 422
    assert body["code"] == "invalid_many"
    assert [each["where"] for each in body["problems"]] == ["name", "mobile"]
    assert json.dumps(body)


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (OperationalError("database is locked"), "database_locked", 503),
        (OperationalError("database or disk is full"), "disk_full", 503),
        (OSError(errno.ENOSPC, "no space"), "disk_full", 503),
        (RequestDataTooBig(), "upload_too_large", 413),
        (TooManyFilesSent(), "too_many_files", 413),
        (TooManyFieldsSent(), "too_many_fields", 413),
    ],
)
def test_errors_of_the_machine_are_problems_too(error: Exception, code: str, status: int) -> None:
    problem = problems.problem_of(error)

    assert problem is not None
    assert (problem.code, problems.status_of(problem)) == (code, status)


def test_a_fault_of_ours_is_no_problem() -> None:
    assert problems.problem_of(KeyError("x")) is None
    assert problems.problem_of(OperationalError("near SELECT: syntax error")) is None


def test_an_unknown_address_in_both_languages(street: Street) -> None:
    zh = get(come_in(street, "lao_wang", ZH), "/my/nothing/here/", status=404)
    en = get(come_in(street, "officer_li", EN), "/nowhere/", status=404)

    assert "没找到" in zh
    assert "你可以" in zh
    assert "Whom to ask" in en
    assert "Reference to quote" in en


def test_a_stranger_at_an_unknown_address(db: None) -> None:
    client = Client(headers={"accept-language": "en"})

    look_over(client.get("/nowhere/").content.decode())


def test_under_api_it_is_json(street: Street) -> None:
    answer = Client(headers={"accept-language": "en"}).get("/api/v1/no/such/thing/")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"]


def test_a_locked_database_is_503_with_retry_after(street: Street, monkeypatch) -> None:
    from qianan.doors.phone import home

    def locked(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(home, "seat_of", locked)
    answer = come_in(street, "lao_wang").get("/my/")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "20"
    assert "Sending twice is safe" in answer.content.decode()


def test_a_fault_of_ours_is_said_kindly_and_logged(street: Street, monkeypatch, caplog) -> None:
    from qianan.doors.phone import home

    def broken(*args: object, **kwargs: object) -> None:
        raise KeyError("inside")

    monkeypatch.setattr(home, "seat_of", broken)
    with caplog.at_level(logging.ERROR):
        answer = come_in(street, "lao_wang").get("/my/")

    html = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong on our side" in html
    assert "inside" not in html
    reference = text_of(html).split("Reference to quote: ")[1].split()[0]
    assert reference in caplog.text


def test_too_much_at_once_is_said_not_thrown(street: Street, settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    client = come_in(street, "lao_wang")

    answer = client.post(reverse("kit:profile"), {f"field{number}": "x" for number in range(20)})

    assert answer.status_code == 413
    assert "too many fields" in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_words(street: Street) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(street.people["lao_wang"], backend="qianan.ground.accounts.signin.NameOrMobileBackend")
    client.cookies["django_language"] = EN

    answer = client.post(reverse("kit:profile"), {"name": "x"})

    assert answer.status_code == 403
    assert "open too long or came from elsewhere" in answer.content.decode()


def test_every_answer_carries_the_policy(street: Street) -> None:
    for url in ("/my/", "/nowhere/", "/accounts/login/"):
        answer = come_in(street, "lao_wang").get(url)
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in POLICY


def test_the_wrong_method_is_no_500(street: Street) -> None:
    client = come_in(street, "lao_wang")

    assert client.get(reverse("kit:lang")).status_code == 405
    assert client.post("/my/").status_code == 405


def test_locked_out_says_when_it_works_again(db: None) -> None:
    answer = problems.locked_out(RequestFactory().get("/accounts/login/"))

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
