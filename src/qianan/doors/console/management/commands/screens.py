"""`./qianan screens DIR`: retake every screenshot: each role's pages at phone and desk size, in both languages."""

import re
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from qianan.doors.console import browsing
from qianan.doors.console.command import HouseCommand
from qianan.doors.console.planting import demo_people
from qianan.doors.console.running import serve_web
from qianan.doors.console.testing import free_port

FOLLOW = re.compile(r"^follow:(.+)$")
"""`follow:SELECTOR` opens the first link to one thing that matches on the page before."""

ONE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}/$")
"""An address that ends with an id."""

PAGES: dict[str, list[tuple[str, str]]] = {
    "": [("signin", "/accounts/login/"), ("claim", "/claim/")],
    "xiao_zhao": [
        ("home", "/my/"),
        ("check", "follow:a[href*='/my/checks/']"),
        ("report", "/my/report/"),
        ("inbox", "/inbox/"),
    ],
    "sister_liu": [("home", "/my/"), ("hazards", "/my/hazards/"), ("hazard", "follow:a[href*='/my/hazards/']")],
    "lao_wang": [("home", "/my/"), ("business", "follow:a[href*='/my/business/']")],
    "market_mgr": [("home", "/my/"), ("business", "follow:a[href*='/my/business/']")],
    "officer_li": [
        ("board", "/desk/"),
        ("businesses", "/desk/businesses/"),
        ("business", "follow:main a[href*='/desk/businesses/']"),
        ("hazards", "/desk/hazards/"),
        ("hazard", "follow:main a[href*='/desk/hazards/']"),
        ("selfchecks", "/desk/selfchecks/"),
    ],
    "chief_zhang": [("board", "/desk/"), ("hazards", "/desk/hazards/?level=major")],
    "ms_chen": [("board", "/desk/")],
    "director_sun": [("board", "/desk/")],
    "admin": [("seats", "/desk/seats/"), ("codebook", "/desk/codebook/"), ("queue", "/desk/queue/")],
}


class Command(HouseCommand):
    help = __doc__ or ""
    speaks_json = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--only", action="append", help="only this sign-in")

    def handle(self, *args: Any, folder: Path, only: list[str] | None, **options: Any) -> None:
        if not browsing.chromium():
            raise CommandError("no Chromium on this machine (Debian: apt-get install chromium)")
        secrets = {person.login: person.password for person in demo_people()}
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        threading.Thread(target=serve_web, args=("127.0.0.1", port), daemon=True).start()
        taken, missing = 0, []
        with browsing.browser() as chrome:
            for language in ("zh-hans", "en"):
                for size, viewport in (("phone", browsing.PHONE), ("desk", browsing.DESK)):
                    for login, pages in PAGES.items():
                        if only and login not in only:
                            continue
                        context = chrome.new_context(
                            base_url=f"http://127.0.0.1:{port}",
                            viewport=viewport,
                            locale="en-US" if language == "en" else "zh-CN",
                        )
                        page = context.new_page()
                        page.set_default_timeout(20_000)
                        if login:
                            self.sign_in(page, login, secrets[login], language)
                        self.progress(f"{language} {size} {login or 'nobody'}")
                        for name, where in pages:
                            shot = folder / f"{login or 'nobody'}-{name}-{size}-{language[:2]}.png"
                            if self.open(page, where):
                                page.screenshot(path=str(shot), full_page=True)
                                taken += 1
                            else:
                                missing.append(shot.stem)
                        context.close()
        self.stdout.write(f"{taken} screenshots in {folder.name}")
        if missing:
            raise CommandError(f"not reached: {', '.join(missing)}")

    def sign_in(self, page: Any, login: str, secret: str, language: str) -> None:
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(login)
        page.locator("input[name=password]").fill(secret)
        page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        if page.locator("html").get_attribute("lang")[:2] != language[:2]:
            page.locator(f"button[name=language][value='{language}']:visible").first.click()
            page.wait_for_function("code => document.documentElement.lang.startsWith(code)", arg=language[:2])

    def open(self, page: Any, where: str) -> bool:
        if follow := FOLLOW.match(where):
            links = [link.get_attribute("href") for link in page.locator(follow[1]).all()]
            where = next((href for href in links if href and ONE.search(href)), "")
            if not where:
                return False
        answer = page.goto(where)
        return bool(answer and answer.ok)
