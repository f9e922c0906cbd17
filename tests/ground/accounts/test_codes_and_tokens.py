"""One-time codes and API tokens."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session

from qianan.ground.accounts import actions, queries
from qianan.ground.accounts.derived import code_of
from qianan.ground.accounts.models import OneTimeCode, Person, Token
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Invalid, NotFound, NotYours, TooMany
from tests.cast import MONDAY, Street

DOOR = Actor(person=None, door="kit")
MINUTE = timedelta(minutes=1)


def last_code() -> str:
    return code_of(OneTimeCode.objects.latest("made_at").id)


def wrong_code() -> str:
    return f"{(int(last_code()) + 1) % 10**6:06}"


def test_lao_wang_comes_in_by_a_code_once(street: Street) -> None:
    actions.send_code("138 0000 0000", by=DOOR, now=MONDAY)
    code = last_code()

    assert actions.check_code("lao_wang", f" {code} ", now=MONDAY + MINUTE) == street.people["lao_wang"]
    assert actions.check_code("lao_wang", code, now=MONDAY + MINUTE) is None
    entries = street.trail_since(MONDAY)
    assert [e.news for e in entries] == ["accounts.CodeSent"]
    assert code not in str(entries[0].body)
    assert code not in str(OneTimeCode.objects.values().get())


def test_a_code_lives_ten_minutes(street: Street) -> None:
    actions.send_code("lao_wang", by=DOOR, now=MONDAY)

    assert actions.check_code("lao_wang", last_code(), now=MONDAY + 10 * MINUTE) is None
    row = OneTimeCode.objects.get()
    assert queries.code_in_clear(row.id, now=MONDAY + 9 * MINUTE) == last_code()
    assert queries.code_in_clear(row.id, now=MONDAY + 10 * MINUTE) is None


def test_a_code_guessed_too_often_is_dead(street: Street) -> None:
    actions.send_code("lao_wang", by=DOOR, now=MONDAY)
    code = last_code()

    for _ in range(5):
        assert actions.check_code("lao_wang", wrong_code(), now=MONDAY) is None
    with pytest.raises(TooMany, match="code_tried_too_often"):
        actions.check_code("lao_wang", code, now=MONDAY)

    actions.send_code("lao_wang", by=DOOR, now=MONDAY + MINUTE)
    assert actions.check_code("lao_wang", last_code(), now=MONDAY + MINUTE) is not None


def test_a_code_is_for_its_person_only(street: Street) -> None:
    actions.send_code("lao_wang", by=DOOR, now=MONDAY)

    assert actions.check_code("boss_qian", last_code(), now=MONDAY) is None


def test_a_new_code_ends_the_one_before(street: Street) -> None:
    actions.send_code("lao_wang", by=DOOR, now=MONDAY)
    first = last_code()
    actions.send_code("lao_wang", by=DOOR, now=MONDAY + MINUTE)

    assert actions.check_code("lao_wang", first, now=MONDAY + MINUTE) is None


def test_codes_are_not_sent_too_often(street: Street) -> None:
    actions.send_code("lao_wang", by=DOOR, now=MONDAY)
    with pytest.raises(TooMany) as soon:
        actions.send_code("13800000000", by=DOOR, now=MONDAY + timedelta(seconds=20))
    for number in range(1, 5):
        actions.send_code("lao_wang", by=DOOR, now=MONDAY + number * MINUTE)
    with pytest.raises(TooMany) as many:
        actions.send_code("lao_wang", by=DOOR, now=MONDAY + 10 * MINUTE)

    assert (soon.value.code, soon.value.params) == ("code_too_often", {"retry_after": 41})
    assert many.value.params == {"retry_after": 50 * 60 + 1}
    assert OneTimeCode.objects.count() == 5


def test_a_name_nobody_has_is_answered_the_same(street: Street) -> None:
    actions.send_code("nobody", by=DOOR, now=MONDAY)
    with pytest.raises(TooMany, match="code_too_often"):
        actions.send_code("nobody", by=DOOR, now=MONDAY)

    for _ in range(5):
        assert actions.check_code("nobody", last_code(), now=MONDAY) is None
    with pytest.raises(TooMany, match="code_tried_too_often"):
        actions.check_code("nobody", last_code(), now=MONDAY)
    assert street.trail_since(MONDAY) == []


def test_erased_people_get_no_code(street: Street) -> None:
    actions.erase_person(street.people["xiao_zhao"], by=street.admin, now=MONDAY)
    later = MONDAY + MINUTE

    actions.send_code("xiao_zhao", by=DOOR, now=later)

    assert street.trail_since(later) == []


@pytest.mark.parametrize("code", ["", "abc", "１２３４５６", "9" * 10_000, "\0", "\ud800"])
def test_odd_codes_are_wrong_codes(street: Street, code: str) -> None:
    actions.send_code("lao_wang", by=DOOR, now=MONDAY)

    assert actions.check_code("lao_wang", code, now=MONDAY) is None


@pytest.mark.parametrize("login", ["", "x" * 100_000, "a\0b", "a\u202eb"])
def test_odd_logins_get_no_code(street: Street, login: str) -> None:
    with pytest.raises(Invalid):
        actions.send_code(login, by=DOOR, now=MONDAY)

    assert OneTimeCode.objects.count() == 0


def test_a_new_number_is_proven_before_it_counts(street: Street) -> None:
    stranger = street.people["stranger"]
    actions.ask_mobile(stranger, "139 1111 2222", by=street.stranger, now=MONDAY)
    row = OneTimeCode.objects.get()

    with pytest.raises(Invalid, match="wrong_code"):
        actions.change_mobile(stranger, "13911112222", wrong_code(), by=street.stranger, now=MONDAY)
    with pytest.raises(Invalid, match="wrong_code"):
        actions.change_mobile(stranger, "13911113333", last_code(), by=street.stranger, now=MONDAY)
    actions.change_mobile(stranger, "13911112222", last_code(), by=street.stranger, now=MONDAY)

    assert Person.objects.get(id=stranger.id).mobile == "+8613911112222"
    assert queries.reach_of([row.id])[row.id].mobile == "+8613911112222"
    assert sorted(e.news for e in street.trail_since(MONDAY)) == ["accounts.CodeSent", "accounts.ProfileChanged"]


def test_a_code_for_a_number_does_not_open_the_door(street: Street) -> None:
    actions.ask_mobile(street.people["stranger"], "13911112222", by=street.stranger, now=MONDAY)

    assert actions.check_code("stranger", last_code(), now=MONDAY) is None


def test_a_number_that_somebody_has_is_not_taken_over(street: Street) -> None:
    stranger = street.people["stranger"]
    actions.ask_mobile(stranger, "13800000000", by=street.stranger, now=MONDAY)

    with pytest.raises(Invalid, match="mobile_taken"):
        actions.change_mobile(stranger, "13800000000", last_code(), by=street.stranger, now=MONDAY)


def test_old_codes_are_forgotten(street: Street) -> None:
    actions.send_code("lao_wang", by=DOOR, now=MONDAY)
    actions.send_code("boss_qian", by=DOOR, now=MONDAY + timedelta(hours=2))

    assert actions.forget_codes(MONDAY + timedelta(hours=25)) == 1
    assert OneTimeCode.objects.count() == 1


def test_sessions_and_sign_in_logs_are_not_kept_for_ever(street: Street) -> None:
    long_ago = MONDAY - timedelta(days=91)
    Session.objects.create(session_key="old", session_data="", expire_date=MONDAY - MINUTE)
    Session.objects.create(session_key="new", session_data="", expire_date=MONDAY + MINUTE)
    for name in ("old", "new"):
        AccessLog.objects.create(username=name, ip_address="10.0.0.1", path_info="/")
        AccessAttempt.objects.create(username=name, ip_address="10.0.0.1", failures_since_start=1)
    for log in (AccessLog, AccessAttempt):
        log.objects.filter(username="old").update(attempt_time=long_ago)
        log.objects.filter(username="new").update(attempt_time=MONDAY)

    assert actions.forget_old(MONDAY) == 3

    assert [session.session_key for session in Session.objects.all()] == ["new"]
    assert [log.username for log in AccessLog.objects.all()] == ["new"]


def test_a_token_acts_for_its_person_until_revoked(street: Street) -> None:
    token, secret = actions.make_token(street.people["lao_wang"], label="收银台", by=street.lao_wang, now=MONDAY)

    assert queries.person_by_token(secret, now=MONDAY) == (street.people["lao_wang"], token)
    assert secret not in str(Token.objects.values().get())
    actions.note_use(token, now=MONDAY)
    assert str(Token.objects.get().last_used_on) == "2026-11-02"

    with pytest.raises(NotYours):
        actions.revoke_token(token, by=street.sister_liu, now=MONDAY)
    with pytest.raises(NotFound, match="no_such_token"):
        queries.token_for(street.sister_liu, token.id)
    actions.revoke_token(token, by=street.lao_wang, now=MONDAY)
    actions.revoke_token(token, by=street.lao_wang, now=MONDAY)

    assert queries.person_by_token(secret, now=MONDAY) is None
    assert {e.news for e in street.trail_since(MONDAY)} == {"accounts.TokenMade", "accounts.TokenRevoked"}
    assert len(street.trail_since(MONDAY)) == 2


def test_a_token_expires(street: Street) -> None:
    _, secret = actions.make_token(street.people["lao_wang"], label="周报", days=7, by=street.lao_wang, now=MONDAY)

    assert queries.person_by_token(secret, now=MONDAY + timedelta(days=7)) is None


def test_a_token_for_one_seat_acts_from_that_seat_alone(street: Street) -> None:
    wang = street.people["lao_wang"]
    actions.take_seat(wang, role="worker", business_id=street.other_business.id, by=Actor.system("setup"), now=MONDAY)
    token, _ = actions.make_token(wang, label="一店", seat=street.lao_wang.seat.id, by=street.lao_wang, now=MONDAY)
    on = MONDAY.date()

    actor = queries.actor_of(wang.id, door="api", on=on, seat_id=token.seat, only=True)
    assert actor.seats == (street.lao_wang.seat,)

    actions.leave_seat(queries.seat(street.lao_wang.seat.id), by=street.lao_wang, now=MONDAY)
    assert queries.actor_of(wang.id, door="api", on=on, seat_id=token.seat, only=True).seats == ()


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"label": ""}, "missing"),
        ({"label": "x" * 81}, "too_long"),
        ({"label": "a\nb"}, "control_characters"),
        ({"label": "a", "days": 0}, "out_of_range"),
        ({"label": "a", "days": 10**6}, "out_of_range"),
    ],
)
def test_a_wrong_token_is_not_made(street: Street, facts: dict, problem: str) -> None:
    with pytest.raises(Invalid, match=problem):
        actions.make_token(street.people["lao_wang"], **facts, by=street.lao_wang, now=MONDAY)

    assert Token.objects.count() == 0
    assert street.trail_since(MONDAY) == []


def test_a_token_needs_a_seat_of_ones_own(street: Street) -> None:
    with pytest.raises(NotFound, match="no_such_seat"):
        actions.make_token(
            street.people["lao_wang"], label="x", seat=street.boss_qian.seat.id, by=street.lao_wang, now=MONDAY
        )


def test_nobody_makes_a_token_for_another(street: Street) -> None:
    with pytest.raises(NotYours, match="not_your_account"):
        actions.make_token(street.people["lao_wang"], label="x", by=street.boss_qian, now=MONDAY)


def test_tokens_do_not_pile_up(street: Street) -> None:
    for number in range(50):
        actions.make_token(street.people["lao_wang"], label=f"t{number}", by=street.lao_wang, now=MONDAY)

    with pytest.raises(TooMany, match="too_many_tokens"):
        actions.make_token(street.people["lao_wang"], label="one more", by=street.lao_wang, now=MONDAY)


@pytest.mark.parametrize("secret", ["", "qa_", "x" * 100_000, "\0", "\ud800"])
def test_odd_tokens_are_nobodys(street: Street, secret: str) -> None:
    assert queries.person_by_token(secret, now=MONDAY) is None
