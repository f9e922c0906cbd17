"""Bad days: forged and foreign ids, checks sent again and out of order, clocks off by a day, full disks, hostile text.

Each time a clear answer with a stable code, nothing half-written, never a server's fault.
"""

import errno
import itertools
import os
import random
import unicodedata
import uuid
from datetime import timedelta
from typing import Any

import pytest

from qianan.doors.kit import now
from qianan.field.hazards.models import Hazard
from qianan.field.selfchecks.models import ConflictingSubmission, Standing, Submission
from qianan.ground.evidence.models import Attachment, File
from qianan.ground.trail.models import Entry
from qianan.kernel.ids import uuid7
from qianan.registry.checklists import queries as checklists
from tests.cast import MONDAY, Street
from tests.doors.api.client import Answer, Programs
from tests.ground.evidence.pictures import photo


def check(street: Street, *, fail: str = "", **more: Any) -> dict[str, Any]:
    """A restaurant's daily check, all well but one item."""
    edition = checklists.current("restaurant-daily")
    answers: dict[str, Any] = {item.code: "p" for item in edition.items}
    if fail:
        answers[fail] = {"a": "f", "note": "坏了"}
    return {
        "id": str(uuid7(now.now())),
        "site": str(street.site.id),
        "version": edition.version_id,
        "answers": answers,
    } | more


def path(street: Street) -> str:
    return f"/businesses/{street.business.id}/submissions"


def nothing_changed() -> None:
    assert Hazard.objects.count() == Submission.objects.count() == Attachment.objects.count() == 0
    assert not Entry.objects.filter(news__startswith="hazards.").exists()
    assert not Entry.objects.filter(news__startswith="selfchecks.").exists()


# -- forged ids, things of another business -----------------------------------------------


@pytest.mark.parametrize("id", ["00000000-0000-0000-0000-000000000000", "x", "1", "%2e%2e", "'--", "💥", "a" * 300])
def test_forged_ids_are_not_there(api: Programs, street: Street, id: str) -> None:
    for address in (
        f"/hazards/{street.business.id}/{id}",
        f"/businesses/{id}",
        f"/duties/{id}/{id}",
        f"/visits/{id}/{id}",
    ):
        assert api.officer_li.get(address).status == 404


def test_a_thing_is_found_only_under_its_own_business(api: Programs, street: Street) -> None:
    mine, other = street.business.id, street.other_business.id
    hazard = api.xiao_zhao.post(f"/businesses/{mine}/hazards", {"site": str(street.site.id), "text": "x"}).json

    assert api.director_sun.get(f"/hazards/{mine}/{hazard['id']}").status == 200
    assert api.director_sun.get(f"/hazards/{other}/{hazard['id']}").code == "no_such_hazard"
    assert api.director_sun.get(f"/businesses/{other}/sites/{street.site.id}").code == "no_such_site"
    assert api.director_sun.get("/trail", {"about": f"hazards.hazard:{other}:{hazard['id']}"}).code == "no_such_hazard"


def test_a_site_of_another_business_is_not_checked_and_not_reported_on(api: Programs, street: Street) -> None:
    foreign = str(street.other_site.id)

    assert api.xiao_zhao.post(f"/businesses/{street.business.id}/hazards", {"site": foreign, "text": "x"}).status == 404
    assert api.xiao_zhao.post(path(street), check(street, site=foreign)).status in {404, 422}
    other = f"/businesses/{street.other_business.id}/submissions"
    assert api.xiao_zhao.post(other, check(street, site=foreign)).status == 404
    nothing_changed()


def test_a_chair_of_another_business_does_not_get_the_fix(api: Programs, street: Street) -> None:
    hazard = api.xiao_zhao.post(
        f"/businesses/{street.business.id}/hazards", {"site": str(street.site.id), "text": "x"}
    ).json
    at = f"/hazards/{hazard['business']}/{hazard['id']}"
    api.sister_liu.post(f"{at}/rate", {"level": "general"})

    foreign = api.sister_liu.post(f"{at}/order-rectification", {"owner_post": str(street.posts["other/worker"].id)})

    assert foreign.status in {404, 422}
    assert foreign["detail"]
    assert Hazard.objects.get().state != "rectifying"


def test_photos_that_were_never_kept_are_not_tied(api: Programs, street: Street) -> None:
    body = {"site": str(street.site.id), "text": "x", "photos": ["0" * 64]}

    answer = api.xiao_zhao.post(f"/businesses/{street.business.id}/hazards", body)

    assert (answer.status, answer.code) == (422, "unknown_photo")
    nothing_changed()


def test_another_persons_link_opens_nothing(api: Programs, street: Street) -> None:
    sha = api.xiao_zhao.post("/evidence", photo(1), content_type="image/jpeg")["sha256"]
    body = {"site": str(street.site.id), "text": "x", "photos": [sha]}
    hazard = api.xiao_zhao.post(f"/businesses/{street.business.id}/hazards", body).json
    (kept,) = hazard["photos"]

    assert api.xiao_zhao.call("GET", kept["link"]).status == 200
    assert api.boss_qian.call("GET", kept["link"]).status == 404
    assert api.boss_qian.get(f"/evidence/{sha}/link").status == 404
    assert api.officer_li.get(f"/evidence/{sha}/link").status == 200
    now.turn(timedelta(hours=1))
    assert api.xiao_zhao.call("GET", kept["link"]).status == 404


# -- sent again, out of order ---------------------------------------------------------------


def test_a_check_sent_ten_times_is_received_once(api: Programs, street: Street) -> None:
    body = check(street, fail="restaurant-05")

    answers = [api.xiao_zhao.post(path(street), body) for _ in range(10)]

    assert [answer.status for answer in answers] == [201, *[200] * 9]
    assert {answer["receipt"] for answer in answers} == {answers[0]["receipt"]}
    assert (Submission.objects.count(), Hazard.objects.count()) == (1, 1)
    assert Entry.objects.filter(news="selfchecks.SubmissionReceived").count() == 1


def test_other_content_under_the_same_id_is_a_conflict_and_both_are_kept(api: Programs, street: Street) -> None:
    body = check(street)
    api.xiao_zhao.post(path(street), body)
    other = body | {"answers": body["answers"] | {"restaurant-05": "n"}}

    answers = [api.xiao_zhao.post(path(street), other) for _ in range(2)]

    assert [answer.status for answer in answers] == [409, 409]
    assert answers[0]["status"] == "conflict"
    assert Submission.objects.count() == ConflictingSubmission.objects.count() == 1
    (waiting,) = api.xiao_zhao.get("/conflicts")["items"]
    assert waiting["body"]["answers"]["restaurant-05"] == "n"
    settled = api.xiao_zhao.post(f"/conflicts/{waiting['business']}/{waiting['id']}/settle", {"keep": "first"})
    assert settled.status == 200
    assert api.xiao_zhao.get("/conflicts")["items"] == []


def test_whatever_the_order_in_which_checks_arrive_the_end_is_the_same(api: Programs, street: Street) -> None:
    """Three checks of three days and a correction of the second, in every order, some of them twice."""
    three = []
    for day in range(3):
        now.turn_to(MONDAY + timedelta(days=day))
        three.append(check(street, fail="restaurant-05" if day == 1 else ""))
    correction = check(street) | {"replaces": three[1]["id"]}
    correction["id"] = str(uuid7(now.now() + timedelta(minutes=1)))
    api.xiao_zhao.get("/me")
    ends = set()
    dice = random.Random(7)

    from django.db import transaction

    for order in itertools.permutations([*three, correction]):
        with transaction.atomic():
            for body in order:
                for _ in range(dice.choice([1, 1, 2])):
                    assert api.xiao_zhao.post(path(street), body).status in {200, 201}
            standing = Standing.objects.get(checklist="restaurant-daily")
            ends.add((Submission.objects.count(), standing.checks, standing.missed_in_row))
            assert Submission.objects.filter(replaces=three[1]["id"]).count() == 1
            assert Submission.objects.get(id=three[1]["id"]).replaced_by is not None
            transaction.set_rollback(True)

    assert len(ends) == 1
    assert ends.pop()[0] == 4


def test_in_a_batch_each_is_answered_by_itself(api: Programs, street: Street) -> None:
    good, wrong = check(street), check(street)
    wrong["answers"] = {"restaurant-05": "x"}
    foreign = check(street) | {"site": str(street.other_site.id)}
    batch = [each | {"business": str(street.business.id)} for each in (good, wrong, good, foreign)]

    answer = api.xiao_zhao.post("/submissions", {"submissions": batch})

    assert [each["status"] for each in answer["items"]] == ["received", "refused", "same", "refused"]
    assert all(each["problems"] for each in answer["items"] if each["status"] == "refused")
    assert all(part["detail"] for each in answer["items"] for part in each["problems"])
    assert Submission.objects.count() == 1


# -- clocks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-1, 1])
def test_a_phone_whose_clock_is_a_day_off_is_taken_and_counted_by_our_clock(
    api: Programs, street: Street, days: int
) -> None:
    there = now.now() + timedelta(days=days)
    body = check(street) | {
        "id": str(uuid7(there)),
        "started_at": (there - timedelta(minutes=2)).isoformat(),
        "ended_at": there.isoformat(),
        "sent_at": there.isoformat(),
    }

    answer = api.xiao_zhao.post(path(street), body)

    assert answer.status == 201
    row = Submission.objects.get()
    assert abs((row.received_at - now.now()).total_seconds()) < 60
    assert abs(row.offset_s) > 80_000


def test_times_that_cannot_be_are_refused_or_passed_over(api: Programs, street: Street) -> None:
    end = now.now()
    for times in (
        {"started_at": "2026-11-02T09:00:00"},
        {"started_at": "0001-01-01T00:00:00Z"},
        {"ended_at": "9999-12-31T23:59:59-23:59"},
        {"day": "2026-02-30"},
    ):
        answer = api.xiao_zhao.post(path(street), check(street) | times)
        assert answer.status == 422, times
        assert answer["detail"]
    nothing_changed()
    backwards = {"started_at": end.isoformat(), "ended_at": (end - timedelta(hours=1)).isoformat()}
    assert api.xiao_zhao.post(path(street), check(street) | backwards).status in {201, 422}


def test_an_id_without_a_time_is_answered_clearly(api: Programs, street: Street) -> None:
    answer = api.xiao_zhao.post(path(street), check(street) | {"id": str(uuid.uuid4())})

    assert answer.status == 422
    assert answer["problems"][0]["detail"]
    nothing_changed()


# -- texts ---------------------------------------------------------------------------------------


def report(api: Programs, street: Street, text: str) -> Answer:
    return api.xiao_zhao.post(f"/businesses/{street.business.id}/hazards", {"site": str(street.site.id), "text": text})


def visible(text: str) -> list[str]:
    """The words that can be seen: marks of direction and joiners may be dropped, they hide one text in another."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf").split()


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "sql": "'); DROP TABLE hazards_hazard; --",
    "template": "{{ 7*7 }} {% include 'x' %} %(by)s %s ${x}",
    "right to left": "\u202e坏了\u202c",
    "zero width": "a\u200bb\ufeffc",
    "emoji": "👩🏽‍🚒🔥" * 20,
    "rare": "𠮷野家",
    "combining": "e" + "\u0301" * 200,
    "lines": "一\n二\r\n三\t四",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_any_text_comes_back_as_it_went_in(api: Programs, street: Street, text: str) -> None:
    answer = api.xiao_zhao.post(
        f"/businesses/{street.business.id}/hazards", {"site": str(street.site.id), "text": text}
    )

    assert answer.status == 201
    assert visible(answer["text"]) == visible(text)
    about = f"hazards.hazard:{answer['business']}:{answer['id']}"
    assert api.xiao_zhao.get("/trail", {"about": about}).status == 200


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 422), ("   ", 422), ("x" * 2000, 201), ("x" * 2001, 422), ("界" * 100_000, 422), ("\x00", 422)],
)
def test_texts_too_long_or_empty_are_told(api: Programs, street: Street, text: str, status: int) -> None:
    answer = api.xiao_zhao.post(
        f"/businesses/{street.business.id}/hazards", {"site": str(street.site.id), "text": text}
    )

    assert answer.status == status
    if status == 422:
        assert answer["detail"]
        nothing_changed()


def test_a_check_with_a_book_in_its_notes_is_too_large(api: Programs, street: Street) -> None:
    body = check(street)
    body["answers"]["restaurant-05"] = {"a": "f", "note": "字" * 400_000}

    answer = api.xiao_zhao.post(path(street), body)

    assert answer.status in {413, 422}
    nothing_changed()


def deep(levels: int) -> Any:
    found: Any = "p"
    for _ in range(levels):
        found = {"a": found}
    return found


@pytest.mark.parametrize(
    "answer",
    [deep(900), [], 7, None, True, {"a": None}, {"a": "p", "photos": "x"}, {"a": "p", "photos": [7]}, {"note": 1}],
)
def test_answers_of_any_shape_are_told(api: Programs, street: Street, answer: Any) -> None:
    body = check(street)
    body["answers"]["restaurant-05"] = answer

    said = api.xiao_zhao.post(path(street), body)

    assert said.status in {201, 422}
    if said.status == 422:
        nothing_changed()


@pytest.mark.parametrize(
    "data", [b"", b"x", b"\xff\xd8\xff", photo(1)[:200], b"%PDF-1.7", b"GIF89a" + b"\0" * 50, b"MZ" + b"\0" * 500]
)
def test_files_that_are_no_photos_are_refused(api: Programs, street: Street, data: bytes) -> None:
    answer = api.xiao_zhao.post("/evidence", data, content_type="image/jpeg")

    assert answer.status in {413, 422}
    assert answer["detail"]
    assert File.objects.count() == 0


# -- a full disk -------------------------------------------------------------------------------------


def test_on_a_full_disk_nothing_is_half_kept(
    api: Programs, street: Street, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    api.xiao_zhao.get("/me")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    answer = api.xiao_zhao.post("/evidence", photo(1), content_type="image/jpeg")

    assert (answer.status, answer.code) == (503, "disk_full")
    assert int(answer.header("Retry-After")) > 0
    assert File.objects.count() == 0
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []

    monkeypatch.undo()
    assert api.xiao_zhao.post("/evidence", photo(1), content_type="image/jpeg").status == 201


@pytest.mark.parametrize(
    "words", ["database or disk is full", "disk I/O error", "could not extend file: No space left on device"]
)
def test_when_the_database_has_no_room_it_says_so_and_keeps_nothing(
    api: Programs, street: Street, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    from django.db import OperationalError

    from qianan.ground.trail import actions

    def full(*args: Any, **kwargs: Any) -> None:
        raise OperationalError(words)

    api.xiao_zhao.get("/me")
    monkeypatch.setattr(actions.bulk, "insert", full)

    answers = [
        api.xiao_zhao.post(f"/businesses/{street.business.id}/hazards", {"site": str(street.site.id), "text": "x"}),
        api.xiao_zhao.post(path(street), check(street)),
    ]

    for answer in answers:
        assert isinstance(answer, Answer)
        assert (answer.status, answer.code) == (503, "disk_full")
        assert answer["detail"]
    monkeypatch.undo()
    nothing_changed()
