"""Fixtures of the letters: an empty memory wire, providers on this machine."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from qianan.ground.notices import actions
from qianan.ground.notices.actions import Letter
from qianan.ground.notices.channels import tokens
from qianan.ground.notices.models import Attempt, Channel
from qianan.ground.notices.wire import MemoryWire, memory
from qianan.kernel.actor import Actor
from qianan.kernel.ref import Ref
from tests.cast import COMMUNITY, MONDAY, Street
from tests.ground.notices import provider

HOUSE = Actor.system("wiring")


@pytest.fixture(autouse=True)
def sent() -> Iterator[MemoryWire]:
    memory.clear()
    tokens.forget()
    yield memory
    memory.clear()


@pytest.fixture
def http() -> Iterator[provider.Provider]:
    with provider.http_provider() as found:
        yield found


@pytest.fixture
def smtp() -> Iterator[provider.Post]:
    with provider.smtp_server() as found:
        yield found


@pytest.fixture
def letter(street: Street) -> Callable[..., Letter]:
    """`letter("lao_wang")`: a fix that was sent back; facts may be others."""

    def make(to: str, **facts: Any) -> Letter:
        usual: dict[str, Any] = {
            "kind": "fix_returned",
            "about": Ref.of("hazards.hazard", street.business.id, street.site.id),
            "source": "entry:1",
            "params": {
                "number": "YH20261102-AAAAAA",
                "subject": "灶台软管老化",
                "business": "老王面馆",
                "business_en": "Lao Wang's Noodles",
                "reason": "照片看不清",
                "due_at": "2026-11-09T15:59:59+00:00",
            },
            "place_code": COMMUNITY,
            "business_id": street.business.id,
        }
        return Letter(person=street.people[to].id, **(usual | facts))

    return make


@pytest.fixture
def write(letter: Callable[..., Letter]) -> Callable[..., int]:
    """`write("lao_wang", now=…, **facts)`: one letter."""

    def do(to: str, *, now: datetime = MONDAY, **facts: Any) -> int:
        return actions.write([letter(to, **facts)], by=HOUSE, now=now)

    return do


@pytest.fixture
def only_channel(db: None) -> Callable[..., None]:
    """`only_channel("wecom", corp_id=…)`: this channel is set up and on, the others are off."""

    def do(code: str, **settings: Any) -> None:
        actions.set_channel("sms", on=False, by=Actor.system("setup"), now=MONDAY)
        actions.set_channel(code, on=True, settings=settings, kinds=[], by=Actor.system("setup"), now=MONDAY)
        assert Channel.objects.filter(on=True).count() == 1

    return do


@pytest.fixture
def deliver() -> Callable[..., Attempt]:
    """`deliver(after=minutes)`: one delivery run; gives the newest attempt."""

    def do(after: float = 0) -> Attempt:
        actions.deliver_due(MONDAY + timedelta(minutes=after))
        return Attempt.objects.latest("id")

    return do
