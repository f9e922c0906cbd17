"""Starting and ending as an operator does: an empty home, a taken port, TERM leaves nothing running."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.slow]


def environment() -> dict[str, str]:
    """The surroundings of a newcomer: none of the tests' own settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("QIANAN_", "DJANGO_", "PYTEST"))}
    return kept | {"PYTHONPATH": str(REPO / "src"), "PYTHONUNBUFFERED": "1"}


def qianan(*args: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qianan", *args, "--home", str(home)],
        cwd=REPO,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small planted demo, kept for the tests of this page."""
    folder = tmp_path_factory.mktemp("home") / "not-there-yet"
    planted = qianan("demo", "--plant-only", "--sites", "40", "--months", "1", "--today", "2026-11-02", home=folder)
    assert planted.returncode == 0, planted.stderr
    return folder


def test_an_empty_home_is_prepared_by_any_command(tmp_path: Path) -> None:
    found = qianan("doctor", "--json", home=tmp_path / "new")

    said = {row["what"]: row["state"] for row in json.loads(found.stdout)}
    assert found.returncode == 0, found.stderr
    assert said["places"] == "ok"
    assert (tmp_path / "new" / "qianan.sqlite3").exists()


def test_the_demo_opens_and_term_leaves_nothing_running(home: Path) -> None:
    port = free_port()
    demo = subprocess.Popen(
        [sys.executable, "-m", "qianan", "demo", "--port", str(port), "--home", str(home)],
        cwd=REPO,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=5) as answer:
                    assert answer.status == 200
                break
            except OSError:
                assert demo.poll() is None, demo.stderr.read() if demo.stderr else ""
                time.sleep(0.1)
        else:
            pytest.fail("the demo did not open")
    finally:
        demo.send_signal(signal.SIGTERM)
        out, err = demo.communicate(timeout=30)
    assert demo.returncode in {0, 143}, err
    assert f"http://127.0.0.1:{port}/" in out
    assert "officer_li" in out
    assert "Traceback" not in err
    with pytest.raises(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)


def test_a_taken_port_is_said_before_anything_is_done(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        found = qianan("demo", "--port", port, home=tmp_path / "new")

    assert found.returncode == 1
    assert "--port" in found.stderr
    assert not (tmp_path / "new" / "demo.json").exists()


def test_a_planting_that_was_cut_off_is_begun_again(home: Path) -> None:
    (home / "planting").touch()

    again = qianan("demo", "--plant-only", "--sites", "40", "--months", "1", "--today", "2026-11-02", home=home)

    assert again.returncode == 0, again.stderr
    assert "Emptying" in again.stderr
    assert not (home / "planting").exists()


def test_the_planted_trail_is_whole(home: Path) -> None:
    found = qianan("verify-trail", "--json", home=home)

    assert found.returncode == 0, found.stdout + found.stderr
    assert json.loads(found.stdout)["faults"] == []


def test_an_unknown_command_names_the_known(tmp_path: Path) -> None:
    found = qianan("dance", home=tmp_path / "new")

    assert found.returncode == 2
    assert "verify-trail" in found.stderr
