"""A locked database: busy is said, nothing is kept, and the same again later is taken once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[3]


@pytest.mark.slow
def test_while_somebody_holds_the_lock_the_doors_say_busy_and_keep_nothing(tmp_path: Path) -> None:
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "qianan.settings.test",
        "QIANAN_HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join([str(REPO / "src"), str(REPO)]),
    }
    env.pop("QIANAN_DATABASE_URL", None)
    command = [sys.executable, "-m", "tests.doors.api.locked"]

    done = subprocess.run(command, cwd=REPO, env=env, capture_output=True, text=True, timeout=240, check=False)

    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout)
    assert found.pop("detail")
    assert found.pop("retry") == found.pop("page_retry") == "20"
    assert found == {
        "before": 200,
        "locked": 503,
        "code": "database_locked",
        "read": 200,
        "page": 503,
        "page_words": True,
        "hazards": 0,
        "acts": 0,
        "after": 201,
        "again": "true",
        "kept": 1,
    }
