"""WeCom and DingTalk against servers on this machine that speak their documented protocols, errors included."""

from collections.abc import Callable

import pytest

from qianan.ground.notices.channels import dingtalk, wecom
from qianan.ground.notices.channels.message import cut_bytes
from qianan.ground.notices.models import Attempt
from tests.cast import Street
from tests.ground.notices.provider import Asked, Provider, Reply

Write = Callable[..., int]
Deliver = Callable[..., Attempt]
Only = Callable[..., None]


@pytest.fixture(autouse=True)
def _out_into_the_world(settings) -> None:  # type: ignore[no-untyped-def]
    settings.QIANAN_WIRE = "http"
    settings.QIANAN_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    settings.LANGUAGE_CODE = "en"


def outcome(attempt: Attempt) -> tuple[str, int, str]:
    return attempt.state, attempt.tries, attempt.failure


class WeComServer:
    """The documented part of WeCom: tokens end, members are found by number, messages are sent to members."""

    def __init__(self) -> None:
        self.tokens = 0
        self.sent: list[dict] = []
        self.say: dict[str, Reply] = {}

    def __call__(self, asked: Asked) -> Reply:
        if asked.path in self.say:
            return self.say[asked.path]
        if asked.path == "/cgi-bin/gettoken":
            if asked.query != {"corpid": "ww1", "corpsecret": "hush"}:
                return 200, {"errcode": 40001, "errmsg": "invalid credential"}
            self.tokens += 1
            token = f"T{self.tokens}"
            return 200, {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200}
        if asked.query.get("access_token") != f"T{self.tokens}":
            return 200, {"errcode": 42001, "errmsg": "access_token expired"}
        if asked.path == "/cgi-bin/user/getuserid":
            if asked.json == {"mobile": "13800000000"}:
                return 200, {"errcode": 0, "errmsg": "ok", "userid": "wangjianguo"}
            return 200, {"errcode": 46004, "errmsg": "user no exist"}
        self.sent.append(asked.json)
        return 200, {"errcode": 0, "errmsg": "ok", "msgid": f"M{len(self.sent)}"}


@pytest.fixture
def weixin(http: Provider, only_channel: Only) -> WeComServer:
    only_channel("wecom", corp_id="ww1", secret="hush", agent_id="1000002", endpoint=http.url)
    server = WeComServer()
    http.answer = server
    return server


def test_wecom_finds_the_member_and_writes_to_them(
    street: Street, weixin: WeComServer, http: Provider, write: Write, deliver: Deliver
) -> None:
    write("lao_wang")

    attempt = deliver()

    assert (*outcome(attempt), attempt.receipt) == ("sent", 1, "", "M1")
    assert http.paths() == ["/cgi-bin/gettoken", "/cgi-bin/user/getuserid", "/cgi-bin/message/send"]
    sent = weixin.sent[0]
    assert (sent["touser"], sent["msgtype"], sent["agentid"]) == ("wangjianguo", "text", 1000002)
    assert "灶台软管老化" in sent["text"]["content"]


def test_an_expired_token_is_fetched_anew_once(
    street: Street, weixin: WeComServer, http: Provider, write: Write, deliver: Deliver
) -> None:
    write("lao_wang", source="1")
    deliver()
    weixin.tokens += 1  # the provider has given another one out: ours is stale
    http.asked.clear()
    write("lao_wang", source="2")

    assert deliver().state == "sent"
    assert http.paths().count("/cgi-bin/gettoken") == 1


def test_a_token_that_never_works_is_no_endless_loop(
    street: Street, weixin: WeComServer, http: Provider, write: Write, deliver: Deliver
) -> None:
    weixin.say["/cgi-bin/user/getuserid"] = (200, {"errcode": 42001, "errmsg": "expired"})
    write("lao_wang")

    assert outcome(deliver()) == ("failed", 1, "token refused: 42001 expired")
    assert http.paths() == ["/cgi-bin/gettoken", "/cgi-bin/user/getuserid"]


def test_somebody_who_is_not_on_wecom_is_given_up(
    street: Street, weixin: WeComServer, write: Write, deliver: Deliver
) -> None:
    write("xiao_zhao")

    assert outcome(deliver()) == ("given_up", 1, "46004  user no exist")


@pytest.mark.parametrize(
    ("path", "reply", "state"),
    [
        ("/cgi-bin/message/send", (200, {"errcode": 45009, "errmsg": "api freq out of limit"}), "failed"),
        ("/cgi-bin/message/send", (200, {"errcode": 81013, "errmsg": "all invalid"}), "given_up"),
        ("/cgi-bin/message/send", (200, {"errcode": 0, "errmsg": "ok", "invaliduser": "wang"}), "given_up"),
        ("/cgi-bin/message/send", (500, b"oops"), "failed"),
        ("/cgi-bin/gettoken", (200, {"errcode": 40013, "errmsg": "invalid corpid"}), "failed"),
        ("/cgi-bin/gettoken", (200, {"errcode": 0, "access_token": ["x"]}), "failed"),
        ("/cgi-bin/gettoken", (502, b""), "failed"),
    ],
)
def test_what_wecom_says_decides(
    street: Street, weixin: WeComServer, write: Write, deliver: Deliver, path: str, reply: Reply, state: str
) -> None:
    weixin.say[path] = reply
    write("lao_wang")

    assert deliver().state == state


class DingTalkServer(WeComServer):
    def __call__(self, asked: Asked) -> Reply:
        if asked.path in self.say:
            return self.say[asked.path]
        if asked.path == "/gettoken":
            if asked.query != {"appkey": "ding1", "appsecret": "hush"}:
                return 200, {"errcode": 40096, "errmsg": "invalid appkey"}
            self.tokens += 1
            return 200, {"errcode": 0, "errmsg": "ok", "access_token": f"T{self.tokens}", "expires_in": 7200}
        if asked.query.get("access_token") != f"T{self.tokens}":
            return 200, {"errcode": 88, "sub_code": "40014", "errmsg": "ding talk error"}
        if asked.path == "/topapi/v2/user/getbymobile":
            if asked.json == {"mobile": "13800000000"}:
                return 200, {"errcode": 0, "errmsg": "ok", "result": {"userid": "manager01"}}
            return 200, {"errcode": 60121, "errmsg": "user not found"}
        self.sent.append(asked.json)
        return 200, {"errcode": 0, "errmsg": "ok", "task_id": 256271667526, "request_id": "r"}


@pytest.fixture
def ding(http: Provider, only_channel: Only) -> DingTalkServer:
    only_channel("dingtalk", app_key="ding1", app_secret="hush", agent_id="1234", endpoint=http.url)
    server = DingTalkServer()
    http.answer = server
    return server


def test_dingtalk_finds_the_member_and_writes_to_them(
    street: Street, ding: DingTalkServer, http: Provider, write: Write, deliver: Deliver
) -> None:
    write("lao_wang")

    attempt = deliver()

    assert (*outcome(attempt), attempt.receipt) == ("sent", 1, "", "256271667526")
    assert http.paths() == [
        "/gettoken",
        "/topapi/v2/user/getbymobile",
        "/topapi/message/corpconversation/asyncsend_v2",
    ]
    sent = ding.sent[0]
    assert (sent["agent_id"], sent["userid_list"], sent["msg"]["msgtype"]) == (1234, "manager01", "text")


def test_dingtalks_stale_token_hides_inside_error_88(
    street: Street, ding: DingTalkServer, http: Provider, write: Write, deliver: Deliver
) -> None:
    write("lao_wang", source="1")
    deliver()
    ding.tokens += 1
    http.asked.clear()
    write("lao_wang", source="2")

    assert deliver().state == "sent"
    assert http.paths().count("/gettoken") == 1


@pytest.mark.parametrize(
    ("path", "reply", "state"),
    [
        ("/topapi/v2/user/getbymobile", (200, {"errcode": 60121, "errmsg": "not found"}), "given_up"),
        ("/topapi/v2/user/getbymobile", (200, {"errcode": 0, "result": None}), "failed"),
        ("/topapi/message/corpconversation/asyncsend_v2", (200, {"errcode": 90018, "errmsg": "qps"}), "failed"),
        ("/topapi/message/corpconversation/asyncsend_v2", (200, {"errcode": 88, "sub_code": "60121"}), "given_up"),
        ("/topapi/message/corpconversation/asyncsend_v2", (503, b""), "failed"),
    ],
)
def test_what_dingtalk_says_decides(
    street: Street, ding: DingTalkServer, write: Write, deliver: Deliver, path: str, reply: Reply, state: str
) -> None:
    ding.say[path] = reply
    write("lao_wang")

    assert deliver().state == state


def test_long_texts_are_cut_between_signs() -> None:
    assert cut_bytes("短" * 1000, wecom.LONGEST) == "短" * 681 + "…"
    assert len(cut_bytes("短" * 1000, dingtalk.LONGEST).encode()) <= dingtalk.LONGEST
    assert cut_bytes("short", 10) == "short"
