"""The wire: the one thing that the demo's console and the tests' memory replace (QIANAN_WIRE).

Adapters in `channels/` speak each provider's protocol to the full; a wire carries their requests. The console prints
what would leave and keeps the last lines in HOME/log/outbox.jsonl; memory keeps them for tests. Both answer with what
a satisfied provider would (`good`).
"""

import http.client
import ipaddress
import json
import smtplib
import socket
import ssl
import sys
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings

TIMEOUT = 10.0
"""Seconds a provider may take."""

MOST_BYTES = 256 * 1024
"""Bytes of an answer that are read."""

KEPT_LINES = 200
"""Lines that the demo's outbox keeps."""


class Unreachable(Exception):
    """No answer: no such host, refused, broken off, timed out."""


class Forbidden(Exception):
    """The address leads where letters must not go."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a sink shows of a letter on its way: channel, masked address, words."""

    channel: str
    to: str
    subject: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """An HTTP request. `good` is what a satisfied provider answers; `shows` is set on the one that carries a letter.

    `guarded`: the address came from somebody's settings and must not lead into private networks.
    """

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    good: bytes = b""
    shows: Shown | None = None
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The status, the bytes (the first MOST_BYTES) and the headers, their names in lower case."""

    status: int
    body: bytes
    headers: dict[str, str]

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; {} for anything else."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Mail:
    """A message for an SMTP server. `security`: starttls, tls or none."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    to: str
    data: bytes
    shows: Shown


class Wire(Protocol):
    def call(self, call: Call) -> Answer: ...

    def mail(self, mail: Mail) -> None: ...


# -- the real one -----------------------------------------------------------------


def may_reach(address: str) -> bool:
    """Whether a guarded call may go to this IP address: public ones, and QIANAN_WEBHOOK_NETWORKS."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if any(ip in network for network in _allowed() if network.version == ip.version):
        return True
    if isinstance(ip, ipaddress.IPv6Address) and any(ip in network for network in _TUNNELS):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_TUNNELS = tuple(ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""IPv6 ranges that carry an IPv4 address within: NAT64, 6to4, Teredo."""


def _allowed() -> list[Any]:
    return [ipaddress.ip_network(text) for text in settings.QIANAN_WEBHOOK_NETWORKS]


def guarded_socket(host: str, port: int, timeout: float) -> socket.socket:
    """A connection to an address that was looked at: name and connection cannot part, as by a second DNS answer.

    Raises Forbidden when any address of the name is private, OSError when none answers.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, address in found:
        if not may_reach(str(address[0])):
            raise Forbidden(f"{host} leads to a private address")
    failure: OSError = OSError("no address")
    for family, kind, protocol, _, address in found:
        sock = socket.socket(family, kind, protocol)
        sock.settimeout(timeout)
        try:
            sock.connect(address)
        except OSError as refused:
            sock.close()
            failure = refused
        else:
            return sock
    raise failure


class _GuardedConnection(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock = guarded_socket(self.host, self.port, TIMEOUT)


class _GuardedTLSConnection(http.client.HTTPSConnection):
    def connect(self) -> None:
        bare = guarded_socket(self.host, self.port, TIMEOUT)
        context: ssl.SSLContext = self._context  # type: ignore[attr-defined]
        self.sock = context.wrap_socket(bare, server_hostname=self.host)


class _GuardedHandler(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_GuardedConnection, req)


class _GuardedTLSHandler(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_GuardedTLSConnection, req, context=ssl.create_default_context())


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other: nobody is led on by it."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _opener(guarded: bool) -> urllib.request.OpenerDirector:
    if guarded:
        return urllib.request.build_opener(
            urllib.request.ProxyHandler({}), _GuardedHandler, _GuardedTLSHandler, _NoRedirect
        )
    return urllib.request.build_opener(_NoRedirect)


class NetWire:
    """Out into the world, by urllib and smtplib."""

    def call(self, call: Call) -> Answer:
        """Raises Unreachable, Forbidden."""
        request = urllib.request.Request(  # noqa: S310  schemes are checked when a channel is set up
            call.url, data=call.body or None, headers=call.headers, method=call.method
        )
        if not call.url.startswith(("http://", "https://")):
            raise Forbidden("not a web address")
        try:
            with _opener(call.guarded).open(request, timeout=TIMEOUT) as response:
                return _answer(response)
        except urllib.error.HTTPError as refused:
            with refused:
                return _answer(refused)
        except urllib.error.URLError as failure:
            if isinstance(failure.reason, Forbidden):
                raise failure.reason from None
            raise Unreachable(str(failure.reason)) from failure
        except (OSError, http.client.HTTPException, ValueError) as failure:
            raise Unreachable(f"{type(failure).__name__}: {failure}") from failure

    def mail(self, mail: Mail) -> None:
        """Raises Unreachable, smtplib.SMTPResponseException and its like."""
        try:
            with self._server(mail) as server:
                if mail.security == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if mail.user:
                    server.login(mail.user, mail.password)
                server.sendmail(mail.sender, [mail.to], mail.data)
        except smtplib.SMTPServerDisconnected as failure:
            raise Unreachable(str(failure)) from failure
        except smtplib.SMTPException:
            raise
        except OSError as failure:
            raise Unreachable(f"{type(failure).__name__}: {failure}") from failure

    def _server(self, mail: Mail) -> smtplib.SMTP:
        if mail.security == "tls":
            return smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT, context=ssl.create_default_context())
        return smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT)


def _answer(response: Any) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(status=response.status, body=response.read(MOST_BYTES), headers=headers)


# -- sinks ------------------------------------------------------------------------


class MemoryWire:
    """For tests: nothing leaves; what would have left is in `calls`, `mails` and, in words, `shown`."""

    def __init__(self) -> None:
        self.calls: deque[Call] = deque(maxlen=2000)
        self.mails: deque[Mail] = deque(maxlen=2000)
        self.shown: deque[Shown] = deque(maxlen=2000)

    def call(self, call: Call) -> Answer:
        self.calls.append(call)
        if call.shows:
            self.shown.append(call.shows)
        return Answer(200, call.good, {})

    def mail(self, mail: Mail) -> None:
        self.mails.append(mail)
        self.shown.append(mail.shows)

    def clear(self) -> None:
        for kept in (self.calls, self.mails, self.shown):
            kept.clear()


class ConsoleWire:
    """For the demo: what would leave is printed, and the last lines are kept where the sign-in page can show them."""

    lock = threading.Lock()

    def call(self, call: Call) -> Answer:
        if call.shows:
            self.show(call.shows)
        return Answer(200, call.good, {})

    def mail(self, mail: Mail) -> None:
        self.show(mail.shows)

    def show(self, shown: Shown) -> None:
        line = {
            "at": shown.at.isoformat(),
            "channel": shown.channel,
            "to": shown.to,
            "subject": shown.subject,
            "text": shown.text,
        }
        sys.stderr.write(f"✉ {shown.channel} → {shown.to}: {shown.subject}\n")
        path = settings.QIANAN_HOME / "log" / "outbox.jsonl"
        with self.lock:
            path.parent.mkdir(parents=True, exist_ok=True)
            lines = path.read_text(encoding="utf-8").splitlines()[1 - KEPT_LINES :] if path.exists() else []
            partial = path.with_suffix(".new")
            partial.write_text("\n".join([*lines, json.dumps(line, ensure_ascii=False)]) + "\n", encoding="utf-8")
            partial.replace(path)


def outbox(limit: int = 20) -> list[dict[str, str]]:
    """The last lines of the console's outbox, newest first; [] when nothing is kept."""
    path = settings.QIANAN_HOME / "log" / "outbox.jsonl"
    if not path.exists():
        return []
    return list(_read(reversed(path.read_text(encoding="utf-8").splitlines()[-limit:])))


def _read(lines: Iterable[str]) -> Iterable[dict[str, str]]:
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:
            continue


memory = MemoryWire()
WIRES: dict[str, Callable[[], Wire]] = {"http": NetWire, "console": ConsoleWire, "memory": lambda: memory}


def wire() -> Wire:
    """The wire of this instance."""
    return WIRES[settings.QIANAN_WIRE]()
