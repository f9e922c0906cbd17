"""What the stories at the doors share: coming in as somebody of the cast, a page read as a person reads it."""

import io
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from tests.cast import Street

ZH, EN = "zh-hans", "en"


def come_in(street: Street, who: str, language: str = EN) -> Client:
    """A browser in which this person is signed in and reads this language."""
    client = Client(raise_request_exception=False)
    client.force_login(street.people[who], backend="qianan.ground.accounts.signin.NameOrMobileBackend")
    client.cookies["django_language"] = language
    return client


def picture(seed: int = 1, size: tuple[int, int] = (64, 48)) -> io.BytesIO:
    """A small JPEG that differs by its seed."""
    image = Image.new("RGB", size, ((seed * 53) % 255, (seed * 97) % 255, (seed * 151) % 255))
    image.paste(((seed * 31) % 255, 20, 200), (seed % 20, 3, seed % 20 + 25, 30))
    out = io.BytesIO()
    image.save(out, "JPEG")
    out.seek(0)
    out.name = f"photo-{seed}.jpg"
    return out


class _Reader(HTMLParser):
    """Counts what every page must have exactly once, and gathers ids, labels and what points at them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def look_over(html: str) -> None:
    """What holds for every page: one main, one h1, a skip link, a language, no inline script or style, labels."""
    reader = _Reader()
    reader.feed(html)
    assert len(reader.all("main")) == 1, "one main"
    assert len(reader.all("h1")) == 1, "one h1"
    assert reader.all("html")[0].get("lang") in {"zh-CN", "en"}
    assert any(attrs.get("href") == "#main" for attrs in reader.all("a")), "a skip link"
    assert not [attrs for _, attrs in reader.tags if "style" in attrs], "no inline style"
    assert not [attrs for attrs in reader.all("script") if not attrs.get("src")], "no inline script"
    ids = [attrs["id"] for _, attrs in reader.tags if attrs.get("id")]
    doubles = {id for id in ids if ids.count(id) > 1}
    assert not doubles, f"ids twice: {doubles}"
    labelled = {attrs.get("for") for attrs in reader.all("label")}
    for tag in ("input", "select", "textarea"):
        for attrs in reader.all(tag):
            if attrs.get("type") in {"hidden", "submit", "radio", "checkbox"}:
                continue
            assert attrs.get("id") in labelled or attrs.get("aria-label"), f"no label for {attrs}"
    for attrs in reader.all("img"):
        assert "alt" in attrs
    for attrs in reader.all("form"):
        if (attrs.get("method") or "get").lower() == "post":
            assert "csrfmiddlewaretoken" in html
    for _, attrs in reader.tags:
        for pointing in ("aria-labelledby", "aria-describedby"):
            for target in (attrs.get(pointing) or "").split():
                assert target in ids, f"{pointing} points at nothing: {target}"
    empty = re.search(r".{60}\bNone\b(?! of these).{20}", re.sub(r"<[^>]+>", " ", html), re.S)
    assert not empty, f"a None is shown: {empty and empty[0]!r}"


def get(client: Client, url: str, status: int = 200, **data: Any) -> str:
    """The page at this address, looked over. Follows no redirect."""
    response = client.get(url, data)
    assert response.status_code == status, f"{url}: {response.status_code} {response.headers.get('Location', '')}"
    html = response.content.decode()
    look_over(html)
    return html


def both(street: Street, who: str, url: str, status: int = 200) -> tuple[str, str]:
    """The page in Chinese and in English."""
    return get(come_in(street, who, ZH), url, status), get(come_in(street, who, EN), url, status)


def text_of(html: str) -> str:
    """The words of a page, in one line."""
    bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare))


Counter = Callable[..., Any]
__all__ = ["EN", "ZH", "both", "come_in", "get", "look_over", "picture", "pytest", "text_of"]
