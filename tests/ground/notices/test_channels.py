"""Each adapter against a server on this machine that speaks the provider's documented protocol, errors included."""

import base64
import email
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.policy import default
from urllib.parse import quote

import pytest

from qianan.ground.accounts.models import Person
from qianan.ground.notices.channels import ADAPTERS, sms, webhook
from qianan.ground.notices.models import Attempt, Notice
from tests.cast import COMMUNITY, Street
from tests.ground.notices.provider import Asked, Post, Provider, Reply

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


def test_all_channels_are_of_one_shape() -> None:
    for name, adapter in ADAPTERS.items():
        assert set(adapter.SECRETS) <= set(adapter.SETTINGS), name
        assert callable(adapter.send), name
        assert callable(adapter.address), name


# -- SMS ------------------------------------------------------------------------------


@pytest.fixture
def gateway(http: Provider, only_channel: Only) -> Provider:
    only_channel(
        "sms",
        access_key_id="AKID",
        access_key_secret="hush",
        sign_name="企安安",
        templates={"*": "SMS_9", "code": "SMS_1"},
        endpoint=http.url,
    )
    http.answer = lambda asked: (200, {"Code": "OK", "Message": "OK", "BizId": "9006^0", "RequestId": "R"})
    return http


@pytest.mark.parametrize(
    ("at", "nonce", "signature"),
    [
        (
            "2023-10-26T10:22:32Z",
            "3156853299f313e23d1673dc12e1703d",
            "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
        ),
        (
            "2023-10-26T09:01:01Z",
            "d410180a5abf7fe235dd9b74aca91fc0",
            "e521358f7776c97df52e6b2891a8bc73026794a071b50c3323388c4e0df64804",
        ),
    ],
)
def test_signatures_are_those_of_the_providers_own_pages(at: str, nonce: str, signature: str) -> None:
    url, headers = sms.signed(
        endpoint="https://ecs.cn-shanghai.aliyuncs.com",
        action="RunInstances",
        version="2014-05-26",
        query={"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"},
        key="YourAccessKeyId",
        secret="YourAccessKeySecret",
        nonce=nonce,
        at=datetime.fromisoformat(at).astimezone(UTC),
    )

    assert headers["Authorization"].endswith(f"Signature={signature}")
    assert url.startswith("https://ecs.cn-shanghai.aliyuncs.com/?ImageId=")


def check_signature(asked: Asked, secret: str) -> None:
    """What the provider does: sign the request again from what arrived."""
    names = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
    words = "&".join(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(asked.query.items()))
    lines = "".join(f"{name}:{asked.headers[name]}\n" for name in names.split(";"))
    payload = hashlib.sha256(asked.body).hexdigest()
    canonical = "\n".join([asked.method, asked.path, words, lines, names, payload])
    to_sign = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    right = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    assert asked.headers["authorization"] == (
        f"ACS3-HMAC-SHA256 Credential=AKID,SignedHeaders={names},Signature={right}"
    )


def test_a_short_message_is_signed_and_sent(street: Street, gateway: Provider, write: Write, deliver: Deliver) -> None:
    write("lao_wang")

    attempt = deliver()

    assert (*outcome(attempt), attempt.receipt) == ("sent", 1, "", "9006^0")
    asked = gateway.asked[0]
    check_signature(asked, "hush")
    assert (asked.method, asked.path, asked.headers["x-acs-action"]) == ("POST", "/", "SendSms")
    assert asked.headers["x-acs-version"] == "2017-05-25"
    param = json.loads(asked.query.pop("TemplateParam"))
    assert list(param) == ["text"]
    assert len(param["text"]) <= 35
    assert asked.query == {
        "PhoneNumbers": "13800000000",
        "SignName": "企安安",
        "TemplateCode": "SMS_9",
        "OutId": attempt.id.hex,
    }


@pytest.mark.parametrize("code", ["isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT"])
def test_a_refused_number_is_given_up(
    street: Street, gateway: Provider, write: Write, deliver: Deliver, code: str
) -> None:
    gateway.answer = lambda asked: (200, {"Code": code, "Message": "no", "RequestId": "R"})
    write("lao_wang")

    assert outcome(deliver()) == ("given_up", 1, f"200 {code}: no")


@pytest.mark.parametrize(
    ("reply", "minutes"),
    [
        ((500, b"<html>oops</html>"), 1),
        ((503, {"Code": "ServiceUnavailable", "Message": "later"}), 1),
        ((429, {"Code": "Throttling.User", "Message": "slow"}, {"Retry-After": "300"}), 5),
        ((200, {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "hour"}), 60),
        ((200, {"Code": "isv.AMOUNT_NOT_ENOUGH", "Message": "pay"}), 1),
        ((200, b"[]"), 1),
        ((302, b"", {"Location": "http://127.0.0.1/"}), 1),
    ],
)
def test_trouble_at_the_gateway_is_tried_again(
    street: Street, gateway: Provider, write: Write, deliver: Deliver, reply: Reply, minutes: int
) -> None:
    gateway.answer = lambda asked: reply
    write("lao_wang")
    first = deliver()
    assert first.state == "failed"
    assert deliver(after=minutes - 0.1).tries == 1

    gateway.answer = lambda asked: (200, {"Code": "OK", "BizId": "2"})
    again = deliver(after=minutes)

    assert (*outcome(again), again.receipt) == ("sent", 2, "", "2")
    assert len({asked.headers["x-acs-signature-nonce"] for asked in gateway.asked}) == 2


def test_a_gateway_that_is_not_there_is_tried_again(
    street: Street, only_channel: Only, write: Write, deliver: Deliver
) -> None:
    only_channel(
        "sms",
        access_key_id="a",
        access_key_secret="b",
        sign_name="c",
        templates={"*": "d"},
        endpoint="http://127.0.0.1:9",
    )
    write("lao_wang")

    attempt = deliver()

    assert attempt.state == "failed"
    assert attempt.failure.startswith("unreachable: ")


def test_numbers_of_other_countries_keep_their_code() -> None:
    assert sms.number_of("+8613800000000") == "13800000000"
    assert sms.number_of("+85251234567") == "85251234567"


def test_a_kind_without_a_template_is_given_up(
    street: Street, http: Provider, only_channel: Only, write: Write, deliver: Deliver
) -> None:
    only_channel(
        "sms", access_key_id="a", access_key_secret="b", sign_name="c", templates={"code": "d"}, endpoint=http.url
    )
    write("lao_wang")

    assert outcome(deliver()) == ("given_up", 1, "no template for fix_returned")
    assert http.asked == []


# -- mail -----------------------------------------------------------------------------


@pytest.fixture
def post(smtp: Post, street: Street, only_channel: Only) -> Post:
    Person.objects.filter(login="lao_wang").update(email="wang@example.cn", language="en")
    only_channel(
        "mail",
        host="127.0.0.1",
        port=smtp.port,
        security="none",
        sender="企安安 <qianan@example.cn>",
        user="qianan",
        password="hush",
    )
    return smtp


def test_a_mail_is_sent_in_the_readers_language(post: Post, write: Write, deliver: Deliver) -> None:
    write("lao_wang")

    attempt = deliver()

    assert outcome(attempt) == ("sent", 1, "")
    assert attempt.address == "w***@example.cn"
    sender, to, data = post.letters[0]
    assert sender.lower().startswith("mail from:<qianan@example.cn>")
    assert to.lower() == "rcpt to:<wang@example.cn>"
    letter = email.message_from_bytes(data, policy=default)
    assert letter["Subject"] == "Not fixed yet: 灶台软管老化"
    assert letter["From"] == "企安安 <qianan@example.cn>"
    assert letter["Message-ID"] == f"<{attempt.id}@127.0.0.1>" == attempt.receipt
    assert "Reason: 照片看不清." in letter.get_content()


def test_no_header_is_smuggled_in(post: Post, write: Write, deliver: Deliver) -> None:
    write("lao_wang", params={"subject": "x\r\nBcc: all@example.cn\r\n\r\nhello"})

    deliver()

    letter = email.message_from_bytes(post.letters[0][2], policy=default)
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Not fixed yet: x Bcc: all@example.cn hello"


@pytest.mark.parametrize(
    ("replies", "state", "failure"),
    [
        ({"RCPT": "550 no such mailbox"}, "given_up", "550 no such mailbox"),
        ({"RCPT": "450 mailbox busy"}, "failed", "450 mailbox busy"),
        ({"END": "554 looks like spam"}, "given_up", "554 looks like spam"),
        ({"END": "452 disk full"}, "failed", "452 disk full"),
        ({"MAIL": "451 greylisted"}, "failed", "451 greylisted"),
        ({"AUTH": "535 wrong password"}, "failed", "535 wrong password"),
    ],
)
def test_what_the_mail_server_says_decides(
    post: Post, write: Write, deliver: Deliver, replies: dict[str, str], state: str, failure: str
) -> None:
    post.replies.update(replies)
    write("lao_wang")

    assert outcome(deliver()) == (state, 1, failure)


def test_a_mail_server_that_hangs_up_is_tried_again(post: Post, write: Write, deliver: Deliver) -> None:
    post.hang_up_at = "RCPT"
    write("lao_wang")
    assert deliver().state == "failed"

    post.hang_up_at = ""

    assert deliver(after=1).state == "sent"


# -- webhooks ---------------------------------------------------------------------------

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(b"x" * 32).decode()


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    found = webhook.signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', SECRET)

    assert found["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.fixture
def hook(http: Provider, only_channel: Only) -> Provider:
    only_channel("webhook", url=f"{http.url}/hooks/qianan", secrets=f"{SECRET} {OTHER}")
    return http


def test_a_webhook_is_signed_thin_and_nameless(street: Street, hook: Provider, write: Write, deliver: Deliver) -> None:
    write("lao_wang")

    attempt = deliver()

    assert (*outcome(attempt), attempt.receipt, attempt.address) == ("sent", 1, "", "200", "127.0.0.1")
    asked = hook.asked[0]
    content = f"{attempt.id}.{asked.headers['webhook-timestamp']}.".encode() + asked.body
    assert asked.headers["webhook-id"] == str(attempt.id)
    assert asked.headers["webhook-signature"] == " ".join(
        "v1," + base64.b64encode(hmac.new(webhook.key_of(key), content, hashlib.sha256).digest()).decode()
        for key in (SECRET, OTHER)
    )
    notice = Notice.objects.get()
    assert asked.json["data"]["person"] == str(notice.person)
    assert asked.json["data"]["letters"] == [
        {
            "id": str(notice.id),
            "kind": "fix_returned",
            "about": notice.about,
            "business": str(street.business.id),
            "place_code": COMMUNITY,
            "at": "2026-11-02T01:00:00+00:00",
            "ack_by": None,
        }
    ]
    assert all(word not in asked.body.decode() for word in ("王建国", "13800000000", "软管"))


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ((410, b""), "given_up"),
        ((404, b""), "failed"),
        ((500, b""), "failed"),
        ((301, b"", {"Location": "/"}), "failed"),
    ],
)
def test_a_hook_that_does_not_take_it(
    street: Street, hook: Provider, write: Write, deliver: Deliver, reply: Reply, state: str
) -> None:
    hook.answer = lambda asked: reply
    write("lao_wang")

    assert deliver().state == state
    assert len(hook.asked) == 1


def test_a_hook_tried_again_has_the_same_id(street: Street, hook: Provider, write: Write, deliver: Deliver) -> None:
    hook.answer = lambda asked: (429, b"", {"Retry-After": "120"})
    write("lao_wang")
    deliver()
    hook.answer = lambda asked: (204, b"")

    assert deliver(after=1.9).state == "failed"
    assert deliver(after=2).state == "sent"
    assert len({asked.headers["webhook-id"] for asked in hook.asked}) == 1
    assert len({asked.headers["webhook-timestamp"] for asked in hook.asked}) == 2


def test_a_hook_into_a_private_network_is_given_up_unreached(
    street: Street, hook: Provider, write: Write, deliver: Deliver, settings
) -> None:  # type: ignore[no-untyped-def]
    settings.QIANAN_WEBHOOK_NETWORKS = []
    write("lao_wang")

    assert outcome(deliver()) == ("given_up", 1, "127.0.0.1 leads to a private address")
    assert hook.asked == []
