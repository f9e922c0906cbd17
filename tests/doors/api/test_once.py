"""Acts are done once, whole or not at all."""

import uuid

from django.db import connection

from qianan.field.hazards.models import Hazard
from qianan.ground.trail.models import Answer, Entry
from qianan.kernel.ids import uuid7
from tests.cast import MONDAY, Street
from tests.doors.api.client import Programs


def report(street: Street, **more: object) -> tuple[str, dict[str, object]]:
    return f"/businesses/{street.business.id}/hazards", {"site": str(street.site.id), "text": "灭火器过期", **more}


def test_the_same_key_and_content_gives_the_same_answer(api: Programs, street: Street) -> None:
    path, body = report(street)

    first = api.xiao_zhao.post(path, body, key="monday-1")
    again = api.xiao_zhao.post(path, {"text": "灭火器过期", "site": str(street.site.id)}, key="monday-1")

    assert (first.status, again.status) == (201, 201)
    assert again.json == first.json
    assert (first.header("Idempotency-Replayed"), again.header("Idempotency-Replayed")) == ("", "true")
    assert Hazard.objects.count() == 1
    assert Entry.objects.filter(news="hazards.HazardReported").count() == 1


def test_the_same_key_with_other_content_is_a_conflict(api: Programs, street: Street) -> None:
    path, body = report(street)
    api.xiao_zhao.post(path, body, key="monday-1")

    other = api.xiao_zhao.post(path, body | {"text": "地面湿滑"}, key="monday-1")
    elsewhere = api.xiao_zhao.post("/notices/read", {}, key="monday-1")

    assert (other.status, other.code, other["where"]) == (409, "key_used_otherwise", "Idempotency-Key")
    assert elsewhere.code == "key_used_otherwise"
    assert Hazard.objects.count() == 1


def test_a_key_is_its_persons_own(api: Programs, street: Street) -> None:
    path, body = report(street)

    assert api.xiao_zhao.post(path, body, key="k").status == 201
    assert api.sister_liu.post(path, body, key="k").status == 201
    assert Hazard.objects.count() == 2


def test_a_uuid_serves_as_well_and_nonsense_is_refused(api: Programs, street: Street) -> None:
    path, body = report(street)

    assert api.xiao_zhao.post(path, body, key=str(uuid.uuid4())).status == 201
    assert api.xiao_zhao.post(path, body, key="x" * 201).code == "bad_key"


def test_what_was_refused_may_be_sent_again(api: Programs, street: Street) -> None:
    path, body = report(street)
    refused = api.stranger.post(path, body, key="k")
    assert refused.status == 404
    assert Answer.objects.count() == 0

    assert api.xiao_zhao.post(path, body, key="k").status == 201


def test_a_client_made_id_is_a_key_of_its_own(api: Programs, street: Street) -> None:
    path, body = report(street, id=str(uuid7(MONDAY)))

    first = api.xiao_zhao.post(path, body)
    again = api.xiao_zhao.post(path, body)

    assert first["id"] == again["id"] == body["id"]
    assert Hazard.objects.count() == 1


def test_an_act_that_fails_half_way_leaves_nothing(api: Programs, street: Street, monkeypatch) -> None:
    from qianan.doors.api.v1 import hazards

    def fall(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    path, body = report(street)
    monkeypatch.setattr(hazards, "show_file", fall)

    answer = api.xiao_zhao.post(path, body, key="k")

    assert (answer.status, answer.code, answer.header("Retry-After")) == (503, "disk_full", "20")
    assert Hazard.objects.count() == Answer.objects.count() == 0
    assert not Entry.objects.filter(news="hazards.HazardReported").exists()
    assert not connection.needs_rollback

    monkeypatch.undo()
    assert api.xiao_zhao.post(path, body, key="k").status == 201


def test_a_version_that_moved_on_is_a_conflict(api: Programs, street: Street) -> None:
    path, body = report(street)
    hazard = api.xiao_zhao.post(path, body).json
    at = f"/hazards/{hazard['business']}/{hazard['id']}"
    assert api.sister_liu.post(f"{at}/rate", {"level": "general", "expected_version": hazard["version"]}).status == 200

    stale = api.sister_liu.post(f"{at}/set-interim", {"text": "拉线", "expected_version": hazard["version"]})

    assert stale.status == 409
    assert Hazard.objects.get().interim == ""
