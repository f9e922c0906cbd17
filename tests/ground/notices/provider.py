"""Providers on this machine: an HTTP server that answers by a script and keeps what it was asked; an SMTP server."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """A request as the provider got it; `query` and `json` read, header names in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Reply = tuple[int, Any] | tuple[int, Any, dict[str, str]]


@dataclass
class Provider:
    """`answer(asked)` gives (status, JSON value or bytes[, headers]); `asked` keeps every request."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[Asked], Reply] = lambda asked: (200, {})

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]


@contextmanager
def http_provider() -> Iterator[Provider]:
    provider = Provider(url="")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            asked = Asked(
                method=self.command,
                path=parts.path,
                query={name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()},
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            )
            provider.asked.append(asked)
            status, said, *more = provider.answer(asked)
            raw = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            for name, value in (more[0] if more else {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Post:
    """An SMTP server's view: `replies` maps a command (MAIL, RCPT, DATA, END, AUTH) to what it says instead of yes."""

    port: int
    replies: dict[str, str] = field(default_factory=dict)
    letters: list[tuple[str, str, bytes]] = field(default_factory=list)
    hang_up_at: str = ""


@contextmanager
def smtp_server() -> Iterator[Post]:
    post = Post(port=0)

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            self.say("220 provider ready")
            sender = to = ""
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                if verb == post.hang_up_at:
                    return
                if verb in post.replies and verb != "DATA":
                    self.say(post.replies[verb])
                elif verb == "EHLO":
                    self.say("250-provider")
                    self.say("250 AUTH PLAIN")
                elif verb == "AUTH":
                    self.say("235 yes")
                elif verb == "MAIL":
                    sender = line
                    self.say("250 yes")
                elif verb == "RCPT":
                    to = line
                    self.say("250 yes")
                elif verb == "DATA":
                    self.say("354 go on")
                    data = b""
                    while (chunk := self.rfile.readline()) != b".\r\n":
                        data += chunk
                    if "END" in post.replies:
                        self.say(post.replies["END"])
                    else:
                        post.letters.append((sender, to, data))
                        self.say("250 kept")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 yes")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    post.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield post
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
