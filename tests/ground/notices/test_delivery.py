"""Letters become messages: digests, quiet hours, tries, several workers."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest

from qianan.ground.accounts import actions as accounts
from qianan.ground.accounts.derived import code_of
from qianan.ground.accounts.models import OneTimeCode, Person
from qianan.ground.notices import actions, delivery, queries
from qianan.ground.notices.models import Attempt, Notice
from qianan.ground.notices.wire import MemoryWire
from qianan.ground.trail import delivery as trail
from qianan.kernel.actor import Actor
from qianan.kernel.problems import NotNow, NotYours
from tests.cast import MONDAY, Street

Write = Callable[..., int]
NIGHT = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
"""23:00 in Beijing."""

MORNING = datetime(2026, 11, 2, 23, 0, tzinfo=UTC)
"""07:00 in Beijing, the next day."""

WANG = "+86138****0000"
Sent = MemoryWire


def test_several_letters_for_one_person_go_as_one_message(street: Street, write: Write, sent: Sent) -> None:
    for number in range(3):
        write("lao_wang", source=f"entry:{number}")
    write("xiao_zhao")

    assert actions.deliver_due(MONDAY) == 2
    assert actions.deliver_due(MONDAY) == 0

    assert [(shown.channel, shown.to) for shown in sent.shown] == [("sms", WANG), ("sms", "+86138****0002")]
    attempt = Attempt.objects.get(person=street.people["lao_wang"].id)
    assert (attempt.state, attempt.tries, attempt.address, attempt.sent_at) == ("sent", 1, WANG, MONDAY)
    assert sorted(attempt.notices) == sorted(str(n.id) for n in queries.inbox_of(attempt.person))
    assert attempt.business_id == street.business.id
    assert attempt.receipt.startswith("0^")


def test_a_letter_waits_a_little_for_others(street: Street, write: Write, sent: Sent, settings) -> None:  # type: ignore[no-untyped-def]
    settings.QIANAN_DIGEST_SECONDS = 30
    write("lao_wang", source="1")
    write("lao_wang", source="2", now=MONDAY + timedelta(seconds=25))

    assert actions.deliver_due(MONDAY + timedelta(seconds=29)) == 0
    assert actions.deliver_due(MONDAY + timedelta(seconds=30)) == 1

    assert len(Attempt.objects.get().notices) == 2


def test_an_urgent_letter_goes_at_once_and_alone(street: Street, write: Write, sent: Sent, settings) -> None:  # type: ignore[no-untyped-def]
    settings.QIANAN_DIGEST_SECONDS = 30
    write("lao_wang", source="1")
    write("lao_wang", source="2", kind="work_suspended", urgent=True)

    assert actions.deliver_due(MONDAY) == 2

    assert sorted(len(a.notices) for a in Attempt.objects.all()) == [1, 1]


def test_at_night_only_what_is_urgent_goes_out(street: Street, write: Write, sent: Sent) -> None:
    write("lao_wang", source="1", now=NIGHT)
    write("lao_wang", source="2", kind="work_suspended", urgent=True, now=NIGHT)

    assert actions.deliver_due(NIGHT) == 1
    assert actions.deliver_due(MORNING - timedelta(seconds=1)) == 0
    assert actions.deliver_due(MORNING) == 1

    assert queries.unread(street.people["lao_wang"].id) == 2


def test_a_person_may_have_quiet_hours_of_their_own(street: Street, write: Write, sent: Sent) -> None:
    Person.objects.filter(login="lao_wang").update(quiet_from=time(9), quiet_until=time(10))
    Person.objects.filter(login="xiao_zhao").update(quiet_from=time(0), quiet_until=time(0))
    write("lao_wang")
    write("xiao_zhao", now=NIGHT)

    assert actions.deliver_due(MONDAY) == 0
    assert actions.deliver_due(MONDAY + timedelta(hours=1)) == 1
    assert actions.deliver_due(NIGHT) == 1


def test_an_instance_may_have_no_quiet_hours(street: Street, write: Write, sent: Sent, settings) -> None:  # type: ignore[no-untyped-def]
    settings.QIANAN_QUIET_HOURS = ""
    write("lao_wang", now=NIGHT)

    assert actions.deliver_due(NIGHT) == 1


def test_kinds_that_a_channel_does_not_carry_stay_in_the_inbox(street: Street, write: Write, sent: Sent) -> None:
    write("lao_wang", kind="hazard_closed")

    assert actions.deliver_due(MONDAY) == 0

    assert Attempt.objects.count() == 0
    assert queries.unread(street.people["lao_wang"].id) == 1


def test_a_person_whom_no_channel_reaches_is_recorded(street: Street, write: Write, sent: Sent) -> None:
    Person.objects.filter(login="lao_wang").update(mobile=None)
    write("lao_wang")

    assert actions.deliver_due(MONDAY) == 0

    assert list(Attempt.objects.values_list("channel", "state", "address")) == [("none", "skipped", "")]


def test_an_erased_person_gets_nothing(street: Street, write: Write, sent: Sent) -> None:
    write("xiao_zhao")
    accounts.erase_person(street.people["xiao_zhao"], by=street.admin, now=MONDAY)

    assert actions.deliver_due(MONDAY) == 0
    assert Attempt.objects.count() == 0


def test_a_person_erased_between_the_tries_gets_nothing(street: Street, write: Write, sent: Sent) -> None:
    write("xiao_zhao")
    delivery._hand_over(queries.channels(), MONDAY)
    accounts.erase_person(street.people["xiao_zhao"], by=street.admin, now=MONDAY)

    assert actions.deliver_due(MONDAY) == 0
    assert Attempt.objects.get().state == "skipped"


def test_two_workers_do_not_send_twice(street: Street, write: Write, sent: Sent) -> None:
    write("lao_wang")
    delivery._hand_over(queries.channels(), MONDAY)
    mine, theirs = Attempt.objects.get(), Attempt.objects.get()

    assert delivery._take(mine, MONDAY)
    assert not delivery._take(theirs, MONDAY)
    assert actions.deliver_due(MONDAY) == 0


def test_what_a_dead_worker_had_in_hand_is_taken_up_after_the_lease(street: Street, write: Write, sent: Sent) -> None:
    write("lao_wang")
    delivery._hand_over(queries.channels(), MONDAY)
    stuck = Attempt.objects.get()
    delivery._take(stuck, MONDAY)

    assert actions.deliver_due(MONDAY + timedelta(seconds=119)) == 0
    assert actions.deliver_due(MONDAY + delivery.LEASE) == 1

    delivery._settle(stuck, delivery._Outcome(failure="late news of the dead"), MONDAY)
    assert Attempt.objects.get().state == "sent"


def test_letters_taken_by_one_worker_are_not_taken_by_another(street: Street, write: Write, sent: Sent) -> None:
    write("lao_wang")

    assert delivery._hand_over(queries.channels(), MONDAY) == 1
    assert delivery._hand_over(queries.channels(), MONDAY) == 0


def failing(monkeypatch: pytest.MonkeyPatch, failure: Exception | None) -> None:
    from qianan.ground.notices.channels import sms

    def send(*args: object) -> str:
        if failure:
            raise failure
        return "ok"

    monkeypatch.setattr(sms, "send", send)


def test_a_broken_gateway_is_tried_again_with_patience(
    street: Street, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, delivery.Later("500"))
    write("lao_wang")
    at, waits = MONDAY, []

    for _ in range(delivery.TRIES):
        actions.deliver_due(at)
        attempt = Attempt.objects.get()
        waits.append(int((attempt.run_at - at).total_seconds()))
        at = max(attempt.run_at, at)

    assert waits == [60, 120, 240, 480, 960, 1200, 1200, 0]
    assert (attempt.state, attempt.tries, attempt.failure) == ("given_up", 8, "500")
    assert actions.deliver_due(at + timedelta(days=1)) == 0


def test_what_was_given_up_is_sent_again_on_request(
    street: Street, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, delivery.Refused("isv.MOBILE_NUMBER_ILLEGAL"))
    write("lao_wang")
    actions.deliver_due(MONDAY)
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.tries) == ("given_up", 1)
    assert list(queries.attempts_failed(street.admin)) == [attempt]
    assert list(queries.attempts_failed(street.officer_li)) == []

    with pytest.raises(NotYours, match="may_not_resend"):
        actions.resend(attempt, by=street.lao_wang, now=MONDAY)
    actions.resend(queries.attempt_for(street.officer_li, attempt.id), by=street.officer_li, now=MONDAY)
    failing(monkeypatch, None)
    actions.deliver_due(MONDAY)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.tries, attempt.receipt) == ("sent", 1, "ok")
    with pytest.raises(NotNow):
        actions.resend(attempt, by=street.officer_li, now=MONDAY)
    assert "notices.NoticeResent" in {e.news for e in street.trail_since(MONDAY)}


def test_an_adapter_that_breaks_breaks_nothing_else(
    street: Street, write: Write, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing(monkeypatch, KeyError("templates"))
    write("lao_wang")
    write("xiao_zhao")

    assert actions.deliver_due(MONDAY) == 0

    assert {a.state for a in Attempt.objects.all()} == {"failed"}
    assert {a.failure for a in Attempt.objects.all()} == {"KeyError: 'templates'"}


def test_a_gateway_that_is_down_costs_the_others_no_try(
    street: Street, write: Write, monkeypatch: pytest.MonkeyPatch, settings
) -> None:  # type: ignore[no-untyped-def]
    settings.QIANAN_SENDERS = 1
    failing(monkeypatch, delivery.Unreachable("refused"))
    for who in ("lao_wang", "xiao_zhao", "sister_liu"):
        write(who)

    actions.deliver_due(MONDAY)

    assert sorted(Attempt.objects.values_list("tries", "state")) == [(0, "waiting"), (0, "waiting"), (1, "failed")]


def test_the_queue_is_seen(street: Street, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, delivery.Later("429"))
    write("lao_wang")
    actions.deliver_due(MONDAY)
    write("xiao_zhao")

    found = queries.queue()

    assert (found.letters, found.waiting, found.failed, found.given_up) == (1, 0, 1, 0)
    assert found.oldest == MONDAY + timedelta(minutes=1)


def test_a_code_reaches_the_phone_and_is_written_nowhere(street: Street, sent: Sent) -> None:
    accounts.send_code("lao_wang", by=Actor(person=None, door="kit"), now=MONDAY)
    trail.work_all(MONDAY)

    assert actions.deliver_due(MONDAY) == 1

    code = code_of(OneTimeCode.objects.get().id)
    assert [shown.subject for shown in sent.shown] == [f"企安安验证码 {code}"]
    assert sent.calls[0].url.count(code) == 1
    assert code not in str(list(Notice.objects.values()) + list(Attempt.objects.values()))
    assert queries.unread(street.people["lao_wang"].id) == 0
    trail.work_all(MONDAY + timedelta(hours=1))
    assert accounts.check_code("lao_wang", code, now=MONDAY) is not None


def test_a_code_that_has_run_out_is_not_sent(street: Street, sent: Sent) -> None:
    accounts.send_code("lao_wang", by=Actor(person=None, door="kit"), now=MONDAY)
    trail.work_all(MONDAY)

    assert actions.deliver_due(MONDAY + timedelta(minutes=11)) == 0

    assert Attempt.objects.get().state == "skipped"


def test_a_code_for_a_new_number_goes_to_that_number(street: Street, sent: Sent) -> None:
    accounts.ask_mobile(street.people["lao_wang"], "13911112222", by=street.lao_wang, now=MONDAY)
    trail.work_all(MONDAY)
    actions.deliver_due(MONDAY)

    assert [shown.to for shown in sent.shown] == ["+86139****2222"]


def test_an_invitation_reaches_somebody_without_an_account(street: Street, sent: Sent) -> None:
    _, secret = accounts.invite(
        role="worker", business_id=street.business.id, mobile="13911112222", by=street.lao_wang, now=MONDAY
    )
    trail.work_all(MONDAY)
    actions.deliver_due(MONDAY)

    assert [shown.to for shown in sent.shown] == ["+86139****2222"]
    assert f"/accounts/invitations/{secret}/" in sent.shown[0].text
    assert secret not in str(list(Notice.objects.values()) + list(Attempt.objects.values()))


def test_an_invitation_stands_in_the_inbox_of_who_has_an_account(street: Street, sent: Sent) -> None:
    accounts.invite(role="worker", business_id=street.business.id, mobile="13800000009", by=street.lao_wang, now=MONDAY)
    trail.work_all(MONDAY)

    assert queries.unread(street.people["stranger"].id) == 1


def test_news_of_last_week_sends_no_code(street: Street, sent: Sent) -> None:
    accounts.invite(role="worker", business_id=street.business.id, mobile="13911112222", by=street.lao_wang, now=MONDAY)
    trail.work_all(MONDAY + timedelta(days=7))

    assert Notice.objects.count() == 0


def test_the_letters_of_an_erased_person_go_with_them(street: Street, write: Write, sent: Sent) -> None:
    write("xiao_zhao")
    write("lao_wang")
    actions.deliver_due(MONDAY)
    accounts.erase_person(street.people["xiao_zhao"], by=street.xiao_zhao, now=MONDAY)

    trail.work_all(MONDAY)

    told = set(Notice.objects.values_list("person", flat=True))  # heirs of the empty chair are told of it
    assert street.xiao_zhao.person not in told
    assert street.lao_wang.person in told
    assert sorted(Attempt.objects.values_list("state", "address")) == [("sent", ""), ("sent", WANG)]
