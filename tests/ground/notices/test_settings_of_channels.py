"""Channels are set up by admins; secrets stay secret; wrong settings are named."""

from typing import Any

import pytest

from qianan.ground.notices import actions, queries
from qianan.ground.notices.models import Attempt, Channel
from qianan.ground.notices.wire import MemoryWire
from qianan.kernel.problems import Invalid, NotFound, NotNow, NotYours
from tests.cast import MONDAY, Street

SMS = {"access_key_id": "AKID", "access_key_secret": "hush-hush", "sign_name": "企安安", "templates": {"*": "SMS_9"}}


def test_an_admin_sets_up_the_gateway_and_its_secret_stays_hidden(street: Street) -> None:
    view = actions.set_channel("sms", on=True, settings=SMS, kinds=["code"], by=street.admin, now=MONDAY)

    assert (view.on, view.kinds, view.shown["access_key_secret"]) == (True, ("code",), "••••")
    assert view.settings["access_key_secret"] == "hush-hush"
    assert "hush-hush" not in str(Channel.objects.values().get()) + repr(view)
    assert [(e.news, e.body) for e in street.trail_since(MONDAY)] == [
        ("notices.ChannelChanged", {"channel": "sms", "on": True})
    ]


def test_a_secret_that_is_not_given_again_stays(street: Street) -> None:
    actions.set_channel("sms", on=True, settings=SMS, by=street.admin, now=MONDAY)
    actions.set_channel(
        "sms", on=False, settings={"access_key_secret": "••••", "sign_name": "平安"}, by=street.admin, now=MONDAY
    )

    view = queries.channel("sms")
    assert (view.on, view.settings["access_key_secret"], view.settings["sign_name"]) == (False, "hush-hush", "平安")


@pytest.mark.parametrize("who", ["lao_wang", "director_sun", "stranger"])
def test_nobody_else_touches_a_channel(street: Street, who: str) -> None:
    with pytest.raises(NotYours, match="not_an_admin"):
        actions.set_channel("sms", on=True, settings=SMS, by=street.actors[who], now=MONDAY)

    assert Channel.objects.count() == 0
    assert street.trail_since(MONDAY) == []


def test_all_five_channels_are_shown_before_any_is_set_up(db: None, settings: Any) -> None:
    assert [(view.code, view.on) for view in queries.channels()] == [
        ("sms", True),
        ("mail", False),
        ("wecom", False),
        ("dingtalk", False),
        ("webhook", False),
    ]
    settings.QIANAN_WIRE = "http"
    assert [view.on for view in queries.channels()] == [False] * 5
    with pytest.raises(NotFound, match="no_such_channel"):
        queries.channel("pigeon")


def test_a_second_hook_is_a_channel_of_its_own(street: Street) -> None:
    actions.set_channel(
        "hotline",
        adapter="webhook",
        on=True,
        settings={"url": "https://example.org/x", "secrets": "whsec_" + "MDAw" * 8},
        by=street.admin,
        now=MONDAY,
    )

    assert queries.channels()[-1].code == "hotline"


def test_a_channel_that_lacks_something_is_not_switched_on(street: Street, settings: Any) -> None:
    settings.QIANAN_WIRE = "http"

    with pytest.raises(Invalid) as refused:
        actions.set_channel("wecom", on=True, settings={"corp_id": "ww1"}, by=street.admin, now=MONDAY)

    assert (refused.value.code, refused.value.where) == ("channel_incomplete", "secret")
    assert Channel.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "given", "problem", "where"),
    [
        ("webhook", {"url": "ftp://example.org"}, "bad_url", "url"),
        ("webhook", {"url": "http://example.org"}, "bad_url", "url"),
        ("webhook", {"url": "https://user:pw@example.org"}, "bad_url", "url"),
        ("webhook", {"url": "https://example.org:99999"}, "bad_url", "url"),
        ("webhook", {"url": "https://[::1"}, "bad_url", "url"),
        ("webhook", {"url": "https://127.0.0.1/x"}, "private_address", "url"),
        ("webhook", {"url": "https://[::ffff:10.0.0.1]/x"}, "private_address", "url"),
        ("webhook", {"url": "https://example.org/\0"}, "control_characters", "url"),
        ("webhook", {"secrets": "short"}, "bad_secret", "secrets"),
        ("webhook", {"secrets": "whsec_bm90IGxvbmc="}, "bad_secret", "secrets"),
        ("mail", {"port": "70000"}, "bad_port", "port"),
        ("mail", {"security": "hope"}, "unknown_security", "security"),
        ("sms", {"templates": ["x"]}, "bad_templates", "templates"),
        ("sms", {"endpoint": "javascript:alert(1)"}, "bad_url", "endpoint"),
        ("wecom", {"agent_id": "one"}, "bad_number", "agent_id"),
        ("sms", {"colour": "red"}, "unknown_setting", "colour"),
        ("pigeon", {}, "no_such_adapter", ""),
    ],
)
def test_wrong_settings_are_named(street: Street, code: str, given: dict[str, Any], problem: str, where: str) -> None:
    with pytest.raises((Invalid, NotFound)) as refused:
        actions.set_channel(code, on=False, settings=given, by=street.admin, now=MONDAY)

    assert (refused.value.code, refused.value.where) == (problem, where)
    assert Channel.objects.count() == 0
    assert street.trail_since(MONDAY) == []


def test_a_setting_given_empty_falls_back(street: Street) -> None:
    actions.set_channel("mail", on=False, settings={"port": "2525", "host": "x"}, by=street.admin, now=MONDAY)
    actions.set_channel("mail", on=False, settings={"port": "", "host": "x"}, by=street.admin, now=MONDAY)

    assert queries.channel("mail").settings["port"] == 587


def test_an_admin_tries_a_channel_on_themselves(street: Street, sent: MemoryWire) -> None:
    attempt = actions.test_channel("sms", by=street.admin, now=MONDAY)

    actions.deliver_due(MONDAY)

    attempt.refresh_from_db()
    assert (attempt.state, attempt.person) == ("sent", street.admin.person)
    assert [shown.subject for shown in sent.shown] == ["企安安测试"]


def test_a_channel_that_is_off_or_does_not_reach_one_is_not_tried(street: Street) -> None:
    with pytest.raises(NotNow, match="channel_off"):
        actions.test_channel("mail", by=street.admin, now=MONDAY)
    actions.set_channel("mail", on=True, by=street.admin, now=MONDAY)
    with pytest.raises(NotNow, match="not_reached"):
        actions.test_channel("mail", by=street.admin, now=MONDAY)
    with pytest.raises(NotYours):
        actions.test_channel("mail", by=street.officer_li, now=MONDAY)

    assert Attempt.objects.count() == 0
