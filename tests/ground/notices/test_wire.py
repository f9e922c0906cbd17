"""The wire: where it may lead, and what stands in for it."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from qianan.ground.notices import wire
from qianan.ground.notices.wire import Call, ConsoleWire, Forbidden, NetWire, Shown, Unreachable, may_reach
from tests.cast import MONDAY
from tests.ground.notices.provider import Provider


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.5",
        "172.16.9.9",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.5",
        "64:ff9b::a00:5",
        "2002:a00:5::1",
        "2001:0:a00:5::1",
        "::",
    ],
)
def test_private_addresses_are_out_of_reach(address: str, settings: Any) -> None:
    settings.QIANAN_WEBHOOK_NETWORKS = []

    assert not may_reach(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2400:3200::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_in_reach(address: str) -> None:
    assert may_reach(address)


def test_networks_of_ones_own_are_in_reach(settings: Any) -> None:
    settings.QIANAN_WEBHOOK_NETWORKS = ["10.1.0.0/16"]

    assert may_reach("10.1.2.3")
    assert may_reach("::ffff:10.1.2.3")
    assert not may_reach("10.2.2.3")


def test_a_name_that_leads_to_a_private_address_among_others_is_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(*args: Any, **kwargs: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.5", 443)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)

    with pytest.raises(Forbidden, match=r"hooks\.example\.org leads to a private address"):
        NetWire().call(Call("POST", "https://hooks.example.org/x", guarded=True))
    with pytest.raises(Forbidden):
        NetWire().call(Call("POST", "http://hooks.example.org/x", guarded=True))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "gopher://x"])
def test_only_web_addresses_are_called(url: str) -> None:
    with pytest.raises(Forbidden):
        NetWire().call(Call("GET", url, guarded=True))


def test_an_answer_is_read_only_so_far(http: Provider) -> None:
    http.answer = lambda asked: (200, b"x" * 1_000_000)

    assert len(NetWire().call(Call("GET", http.url)).body) == wire.MOST_BYTES


def test_redirects_lead_nowhere(http: Provider) -> None:
    http.answer = lambda asked: (302, b"", {"Location": f"{http.url}/elsewhere"})

    answer = NetWire().call(Call("GET", http.url))

    assert (answer.status, answer.headers["location"]) == (302, f"{http.url}/elsewhere")
    assert http.paths() == ["/"] or http.paths() == [""]


def test_nobody_there_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        NetWire().call(Call("GET", "http://127.0.0.1:9/"))


def test_the_console_keeps_the_last_lines(settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.QIANAN_HOME = tmp_path
    assert wire.outbox() == []

    for number in range(wire.KEPT_LINES + 5):
        shows = Shown("sms", "+86138****0001", f"验证码 {number}", "…", MONDAY)
        answer = ConsoleWire().call(Call("POST", "https://example.org", good=b'{"Code":"OK"}', shows=shows))

    assert answer.json() == {"Code": "OK"}
    lines = (tmp_path / "log" / "outbox.jsonl").read_text().splitlines()
    assert len(lines) == wire.KEPT_LINES
    assert json.loads(lines[-1])["subject"] == "验证码 204"
    assert [line["subject"] for line in wire.outbox(2)] == ["验证码 204", "验证码 203"]
    assert "✉ sms → +86138****0001: 验证码 204" in capsys.readouterr().err
