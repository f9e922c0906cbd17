"""Who I am, my tokens, the people of a business."""

from qianan.ground.accounts.models import Seat, Token
from qianan.ground.trail.models import Entry
from tests.cast import Street
from tests.doors.api.client import Program, Programs, token_for


def test_a_token_says_who_it_speaks_for(api: Programs, street: Street) -> None:
    answer = api.lao_wang.get("/me")

    assert answer.status == 200
    assert answer["person"] == {"id": str(street.lao_wang.person), "name": "王建国"}
    (seat,) = answer["seats"]
    assert seat["role"] == "principal"
    assert seat["business"] == {
        "id": str(street.business.id),
        "name": {"zh": "老王面馆", "en": "Lao Wang's Noodles"},
    }
    assert answer["seat"] == seat["id"]


def test_without_a_token_or_with_a_wrong_one_nobody_comes_in(api: Programs) -> None:
    for program, code in ((api.nobody, "token_needed"), (Program("nonsense"), "token_not_good")):
        answer = program.get("/me")
        assert (answer.status, answer.code) == (401, code)
        assert answer.header("WWW-Authenticate") == 'Bearer realm="qianan"'
        assert answer.header("Content-Type") == "application/problem+json"


def test_a_token_is_shown_once_and_can_be_revoked(api: Programs, street: Street) -> None:
    made = api.lao_wang.post("/tokens", {"label": "till", "days": 30})
    assert made.status == 201
    till = Program(made["secret"])
    assert till.get("/me").status == 200

    listed = api.lao_wang.get("/tokens")
    assert {each["label"] for each in listed["items"]} == {"till", "test"}
    assert "secret" not in listed["items"][0]

    assert api.boss_qian.delete(f"/tokens/{made['id']}").status == 404
    assert api.lao_wang.delete(f"/tokens/{made['id']}").json == {"done": True}
    assert till.get("/me").status == 401


def test_a_token_of_one_seat_acts_from_that_seat_and_makes_no_wider_one(api: Programs, street: Street) -> None:
    seat = street.lao_wang.seat
    narrow = Program(token_for(street.lao_wang, seat.id))

    assert [each["id"] for each in narrow.get("/me")["seats"]] == [str(seat.id)]
    refused = narrow.post("/tokens", {"label": "wide"})
    assert (refused.status, refused.code) == (403, "token_of_one_seat")
    assert Token.objects.filter(label="wide").count() == 0


def test_a_seat_that_is_not_mine_is_not_taken(api: Programs, street: Street) -> None:
    li = Seat.objects.get(role="street", place_code="110105001")

    assert api.lao_wang.get("/me", seat=str(li.id)).code == "no_such_seat"
    assert api.lao_wang.get("/me", seat="x").code == "not_an_id"


def test_the_people_of_a_shop_are_seen_by_the_shop_and_its_officers(api: Programs, street: Street) -> None:
    path = f"/businesses/{street.business.id}/people"

    by_wang = api.lao_wang.get(path)
    assert [each["role"] for each in by_wang["items"]] == ["principal", "safety_manager", "worker"]
    assert by_wang["items"][1]["mobile"] == "+8613800000001"
    assert {each["mobile"] for each in api.xiao_zhao.get(path)["items"]} == {""}
    assert api.officer_li.get(path).status == 200
    assert api.boss_qian.get(path).status == 404
    assert api.stranger.get(path).status == 404


def test_somebody_is_invited_and_takes_the_seat(api: Programs, street: Street) -> None:
    path = f"/businesses/{street.business.id}/invitations"
    assert api.xiao_zhao.post(path, {"role": "worker"}).status == 403

    made = api.sister_liu.post(path, {"role": "worker"})
    assert made.status == 201
    assert api.stranger.post("/invitations/use", {"secret": "wrong"}).status in {404, 409, 422}
    assert api.stranger.post("/invitations/use", {"secret": made["secret"]}).status == 201

    assert api.stranger.get("/me")["seats"][0]["role"] == "worker"
    assert Entry.objects.filter(news="accounts.InvitationUsed", via="api").count() == 1
