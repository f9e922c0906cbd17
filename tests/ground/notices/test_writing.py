"""Letters are written once, stand in the inbox, are read and acknowledged by their reader alone."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from qianan.ground.notices import actions, queries
from qianan.ground.notices.actions import Letter
from qianan.ground.notices.models import Notice
from qianan.kernel.problems import NotFound, NotNow, NotYours
from qianan.kernel.ref import Ref
from tests.cast import COMMUNITY, MONDAY, Street
from tests.ground.notices.conftest import HOUSE

Write = Callable[..., int]
LATER = MONDAY + timedelta(hours=1)


def test_the_same_news_is_written_once(street: Street, letter: Callable[..., Letter]) -> None:
    twice = [letter("lao_wang"), letter("lao_wang"), letter("xiao_zhao")]

    first = actions.write(twice, by=HOUSE, now=MONDAY)
    again = actions.write(twice, by=HOUSE, now=LATER)

    assert (first, again) == (2, 0)
    assert Notice.objects.count() == 2
    entries = street.trail_since(MONDAY)
    assert [(e.news, e.body, e.place_code) for e in entries] == [
        ("notices.NoticesWritten", {"kind": "fix_returned", "count": 2}, COMMUNITY)
    ]
    assert entries[0].about == f"hazards.hazard:{street.business.id}:{street.site.id}"


def test_a_source_of_any_length_is_unique(street: Street, write: Write) -> None:
    assert write("lao_wang", source="x" * 500) == 1
    assert write("lao_wang", source="x" * 500) == 0
    assert write("lao_wang", source="x" * 501) == 1


def test_hostile_params_are_kept_tame(street: Street, write: Write) -> None:
    write("lao_wang", params={"subject": "a\x00b\u202ec\ud800d", "reason": "很" * 100_000, "number": 7, "ok": True})

    kept = Notice.objects.get().params
    assert kept["subject"] == "abcd"
    assert len(kept["reason"]) == 2000
    assert (kept["number"], kept["ok"]) == (7, True)


def test_the_inbox_is_newest_first_and_ones_own(street: Street, write: Write) -> None:
    write("lao_wang", source="1")
    write("lao_wang", source="2", kind="hazard_closed", now=LATER)
    write("boss_qian", source="3")

    wang = street.people["lao_wang"].id
    assert [n.source for n in queries.inbox_of(wang)] == ["2", "1"]
    assert [n.source for n in queries.inbox_of(wang, kind="fix_returned")] == ["1"]
    assert list(queries.inbox_of(wang, business_id=street.other_business.id)) == []
    assert queries.unread(wang) == 2
    first = queries.inbox_of(wang)[0]
    assert queries.notice_for(street.lao_wang, first.id) == first
    for nosy in ("boss_qian", "admin", "officer_li"):
        with pytest.raises(NotFound, match="no_such_letter"):
            queries.notice_for(street.actors[nosy], first.id)
    with pytest.raises(NotFound, match="no_such_letter"):
        queries.notice_for(street.lao_wang, uuid.uuid4())


def test_reading_is_the_readers(street: Street, write: Write) -> None:
    write("lao_wang")
    notices = list(queries.inbox_of(street.people["lao_wang"].id))

    with pytest.raises(NotYours, match="not_your_letter"):
        actions.mark_read(notices, by=street.boss_qian, now=LATER)
    assert actions.mark_read(notices, by=street.lao_wang, now=LATER) == 1
    assert actions.mark_read(notices, by=street.lao_wang, now=LATER) == 0

    assert Notice.objects.get().read_at == LATER


def test_everything_is_read_at_once(street: Street, write: Write) -> None:
    write("lao_wang", source="1")
    write("lao_wang", source="2")
    write("boss_qian")

    assert actions.mark_all_read(by=street.lao_wang, now=LATER) == 2
    assert queries.unread(street.people["boss_qian"].id) == 1


def test_an_instruction_is_acknowledged_once_and_late_is_said(street: Street, write: Write) -> None:
    write("lao_wang", kind="instruction", ack_by=MONDAY + timedelta(minutes=30))
    notice = Notice.objects.get()
    assert list(queries.to_acknowledge(notice.person)) == [notice]

    with pytest.raises(NotYours):
        actions.acknowledge(notice, by=street.sister_liu, now=LATER)
    actions.acknowledge(notice, by=street.lao_wang, now=LATER)
    actions.acknowledge(notice, by=street.lao_wang, now=LATER + timedelta(hours=1))

    notice.refresh_from_db()
    assert (notice.acked_at, notice.read_at) == (LATER, LATER)
    assert list(queries.to_acknowledge(notice.person)) == []
    assert [(e.news, e.body) for e in street.trail_since(LATER)] == [
        ("notices.NoticeAcknowledged", {"kind": "instruction", "late": True})
    ]


def test_what_asks_for_nothing_is_not_acknowledged(street: Street, write: Write) -> None:
    write("lao_wang")

    with pytest.raises(NotNow, match="nothing_to_acknowledge"):
        actions.acknowledge(Notice.objects.get(), by=street.lao_wang, now=LATER)


def test_old_news_wakes_nobody() -> None:
    assert actions.is_old_news(MONDAY - timedelta(days=3), MONDAY)
    assert not actions.is_old_news(MONDAY - timedelta(days=1), MONDAY)


def test_who_was_told_about_a_thing(street: Street, write: Write, deliver: Callable[..., object]) -> None:
    write("lao_wang")
    write("sister_liu", kind="hazard_closed")
    about = Ref.of("hazards.hazard", street.business.id, street.site.id)
    actions.deliver_due(MONDAY)

    told = queries.attempts_about(about)[str(about)]

    assert {each.notice.person: [a.state for a in each.attempts] for each in told} == {
        street.people["lao_wang"].id: ["sent"],
        street.people["sister_liu"].id: [],
    }


def test_thousands_of_letters_take_few_queries(
    street: Street, letter: Callable[..., Letter], django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    many = [letter("lao_wang", source=f"entry:{number}") for number in range(2000)]

    with django_assert_max_num_queries(12):
        assert actions.write(many, by=HOUSE, now=MONDAY) == 2000
