"""Workers die in the middle, and several work at once: nothing is lost, nothing is doubled."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from qianan.ground.trail import delivery

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
REPO = Path(__file__).resolve().parents[3]
LEASE = delivery.LEASE.total_seconds()


class House:
    """A house in other processes, with a database on disk."""

    def __init__(self, home: Path) -> None:
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "qianan.settings.test",
            "QIANAN_HOME": str(home),
            "PYTHONPATH": os.pathsep.join([str(REPO / "src"), str(REPO)]),
        }
        if connection.vendor == "postgresql":
            at = connection.settings_dict
            self.env["QIANAN_DATABASE_URL"] = (
                f"postgres://{quote(at['USER'])}:{quote(at['PASSWORD'] or '')}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
            )
        else:
            self.env.pop("QIANAN_DATABASE_URL", None)
            self.run("migrate")

    def start(self, *words: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.ground.trail.worker", *map(str, words)]
        return subprocess.Popen(
            command, cwd=REPO, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *words: object) -> str:
        process = self.start(*words)
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, err[-3000:]
        return out

    def report(self) -> dict:
        return json.loads(self.run("report"))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def all_served(kettles: int) -> dict:
    return {
        "boiled": kettles,
        "cooled": [1] * kettles,
        "tickets": 0,
        "unsealed": 0,
        "faults": [],
        "entries": 2 * kettles,
    }


def test_a_worker_killed_in_the_middle_of_a_listener_loses_and_doubles_nothing(house: House) -> None:
    house.run("boil", 30)

    victim = house.start("work", 0, "k17")
    victim.communicate(timeout=240)
    assert victim.returncode == -signal.SIGKILL
    assert house.report()["tickets"] > 0

    assert house.run("work", 1).splitlines()[-1] != "30"  # what the dead one leased is still its own
    house.run("work", LEASE + 1)
    assert house.report() == all_served(30)


def test_two_workers_at_once_share_the_work(house: House) -> None:
    house.run("boil", 200)

    workers = [house.start("work", 0) for _ in range(2)]
    taken = []
    for worker in workers:
        out, err = worker.communicate(timeout=240)
        assert worker.returncode == 0, err[-3000:]
        taken.append(int(out.splitlines()[-1]))

    assert sum(taken) == 200
    assert house.report() == all_served(200)


def _rounds(house: House, rounds: int, seed: int) -> None:
    dice = random.Random(seed)
    kettles = 60 * rounds
    house.run("boil", kettles)
    at = 0.0
    for _ in range(rounds):
        worker = house.start("work", at)
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(dice.random() * 0.4)
        worker.kill()
        worker.communicate()
        at += LEASE
    house.run("work", at + LEASE)
    assert house.report() == all_served(kettles)


def test_workers_killed_at_any_moment_lose_and_double_nothing(house: House) -> None:
    _rounds(house, 3, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_hundreds_of_kills(house: House, seed: int) -> None:
    _rounds(house, 10, seed=100 + seed)
