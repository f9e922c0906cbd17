"""The browser, signed in as anybody of the street, at phone or desk size."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from qianan.doors.console.browsing import DESK, PHONE, browser
from tests.cast import PASSWORD


@pytest.fixture(scope="session")
def chrome() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.fixture
def visit(chrome: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """`visit("lao_wang", phone=True, language="en")`: a page signed in as that person, at that size."""
    contexts = []

    def go(login: str = "", *, phone: bool = False, language: str = "zh-hans") -> Any:
        context = chrome.new_context(
            base_url=live_server.url,
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            is_mobile=phone,
            locale="en-US" if language == "en" else "zh-CN",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.failures = []
        page.on("pageerror", lambda error: page.failures.append(str(error)))
        page.on(
            "response",
            lambda answer: page.failures.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None,
        )
        page.on("console", lambda line: page.failures.append(line.text) if line.type == "error" else None)
        if login:
            page.goto("/accounts/login/")
            page.locator("input[name=login]").fill(login)
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("form:has(input[name=password]) button[type=submit]").first.click()
            page.wait_for_url(lambda url: "/accounts/login" not in url)
            if language == "en":  # the switch on every page; the choice stays with the person
                page.locator("button[name=language][value=en]:visible").first.click()
                page.wait_for_function("document.documentElement.lang === 'en'")
        return page

    yield go
    for context in contexts:
        context.close()
