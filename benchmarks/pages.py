"""Server time and queries of the pages people open most, and of a submission. One process, Django's own client."""

import io
import json
import platform
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

ROUNDS = 40
Figure = dict[str, Any]


def machine() -> str:
    """What the figures were taken on: cores, processor, Python, database."""
    import os

    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as info:
            model = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), model)
    except OSError:
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        version = cursor.fetchone()[0]
    return f"{os.cpu_count()} cores, {model}, Python {platform.python_version()}, {connection.vendor} {version}"


def client_of(login: str) -> Client:
    from django.contrib.auth import get_user_model

    client = Client(HTTP_HOST="localhost")
    person = get_user_model().objects.get(login=login)
    client.force_login(person, backend="qianan.ground.accounts.signin.NameOrMobileBackend")
    return client


def timed(act: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median and p95 in ms, after three unmeasured rounds."""
    for _ in range(3):
        act()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return statistics.median(taken), taken[max(0, int(len(taken) * 0.95) - 1)]


def page(client: Client, path: str) -> Any:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return answer


def measure(name: str, client: Client, path: str, on: str) -> list[Figure]:
    page(client, path)
    count = 0

    def counted(execute: Any, *args: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counted):
        page(client, path)
    median, p95 = timed(lambda: page(client, path))
    return [
        {
            "name": f"{name}, median",
            "value": round(median, 1),
            "unit": "ms",
            "target": "< 100",
            "met": median < 100,
            "machine": on,
        },
        {
            "name": f"{name}, p95",
            "value": round(p95, 1),
            "unit": "ms",
            "target": "< 100",
            "met": p95 < 100,
            "machine": on,
        },
        {
            "name": f"{name}, queries",
            "value": count,
            "unit": "queries",
            "target": "≤ 20",
            "met": count <= 20,
            "machine": on,
        },
    ]


def photo() -> bytes:
    """A photo as a phone sends it after shrinking: 1280 × 960, some 200 kB."""
    from PIL import Image

    noise = Image.effect_noise((320, 240), 60).resize((1280, 960)).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=80)
    return out.getvalue()


def submissions(on: str) -> list[Figure]:
    """25 answers, two of them failed, one with a photo: photo kept, answers checked, hazards and duties opened."""
    from qianan.doors.kit.now import now
    from qianan.field.hazards.queries import hazards_for
    from qianan.field.selfchecks import actions
    from qianan.ground.evidence.actions import keep
    from qianan.kernel.actor import Actor, SeatView
    from qianan.kernel.ids import uuid7
    from qianan.registry.businesses.queries import sites_for
    from qianan.registry.checklists.queries import current

    house = Actor.system("setup")
    edition = current("restaurant-full")
    items = list(edition.items)
    data = photo()
    # A site a round, since an item that fails again while its hazard is open opens no second one.
    rounds: list[tuple[Any, Actor, list[str]]] = []
    for site in random.sample(list(sites_for(house, venue="restaurant", state="open")), 60):
        seat = SeatView(id=uuid7(), role="principal", business=site.business_id)
        failing = set(hazards_for(house, business=site.business_id).values_list("item_code", flat=True))
        free = [item.code for item in items if item.answer == "select" and item.code not in failing]
        if len(free) >= 2:
            rounds.append((site, Actor(person=uuid7(), seats=(seat,), seat=seat, door="bench"), free))

    def once() -> None:
        site, actor, free = rounds.pop()
        kept = keep(data + uuid7().bytes, name="a.jpg", by=actor, now=now())
        answers: dict[str, Any] = {
            item.code: ("p" if number < 25 else "n") if item.answer == "select" else 1
            for number, item in enumerate(items)
        }
        answers[free[0]] = {"a": "f", "note": "off", "photos": [kept.sha256]}
        answers[free[1]] = {"a": "f", "note": "blocked"}
        handed = actions.Handed(
            id=uuid7(now()),
            business_id=site.business_id,
            site_id=site.id,
            version_id=edition.version_id,
            answers=answers,
        )
        result = actions.receive_submission(handed, by=actor, now=now())
        if result.status != "received" or len(result.hazards) != 2:
            raise RuntimeError(f"{result.status}: {result.problems}")

    median, p95 = timed(once, rounds=30)
    name = f"submission, 25 of {len(items)} answered, 2 hazards, 1 photo"
    return [
        {
            "name": f"{name}, median",
            "value": round(median, 1),
            "unit": "ms",
            "target": "< 60",
            "met": median < 60,
            "machine": on,
        },
        {"name": f"{name}, p95", "value": round(p95, 1), "unit": "ms", "target": "", "met": None, "machine": on},
    ]


def run(size: str, say: Callable[[str], None]) -> list[Figure]:
    """Measure; `size` is the planted city that the home holds."""
    settings.ALLOWED_HOSTS = ["*"]
    on = machine()
    cook, officer, chief, director = (
        client_of(name) for name in ("xiao_zhao", "officer_li", "chief_zhang", "director_sun")
    )
    found: list[Figure] = []
    business = json.loads(page(officer, "/api/v1/businesses?limit=1").content)["items"][0]["id"]
    plan = [
        ("home of a cook", cook, "/my/"),
        ("work list: hazards of a district", chief, "/desk/hazards/"),
        ("work list: silent sites of a district", chief, "/desk/selfchecks/"),
        ("work list: businesses of the city", director, "/desk/businesses/"),
        ("business file", officer, f"/desk/businesses/{business}/"),
    ]
    boards = [
        ("board of a street", officer, "/desk/"),
        ("board of a district", chief, "/desk/"),
        ("board of the city", director, "/desk/"),
    ]
    for name, client, path in plan + boards:
        say(f"{name} …")
        found += measure(name, client, path, on)
    if connection.vendor == "sqlite":
        say("submissions …")
        found += submissions(on)
    return found
