"""A real registry played at its own dates: counted here from the CSVs, there from the database."""

import csv
import json
import shutil
import sqlite3
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.doors.console.test_starting import REPO, qianan

FOLDER = REPO / "data" / "replay" / "detroit-200"
TABLES = ("trail_entry", "hazards_hazard", "inspections_visit", "businesses_business", "duties_duty", "duties_climb")
pytestmark = [pytest.mark.slow]


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def day_of(text: str) -> date:
    form = "%m/%d/%Y" if "/" in text else "%Y-%m-%d"
    return datetime.strptime(text.split(" ", maxsplit=1)[0], form).date()


def outcome(row: dict[str, str]) -> str:
    """What became of a violation, by its row alone: corrected within the days allowed, later, or as the row says."""
    said = row["corrected"].strip().lower()
    if said != "yes":
        return {"no": "never", "not required": "not_required", "": "unknown"}[said]
    allowed = day_of(row["inspection_date"]) + timedelta(days=int(float(row["days_to_correct"])))
    return "late" if day_of(row["corrected_date"]) > allowed else "in_time"


def state_of(home: Path) -> dict[str, list[Any]]:
    with sqlite3.connect(home / "qianan.sqlite3") as base:
        return {name: sorted(map(repr, base.execute(f"SELECT * FROM {name}"))) for name in TABLES}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    home = tmp_path_factory.mktemp("replay") / "home"
    found = qianan("replay", str(FOLDER), "--json", home=home)
    assert found.returncode == 0, found.stderr
    return home, json.loads(found.stdout)


def test_the_summary_is_what_the_files_say(played: tuple[Path, dict[str, Any]]) -> None:
    _, said = played

    assert (said["businesses"], said["inspections"], said["violations"]) == (200, 806, 2806)
    assert said["businesses"] == len(rows("establishments"))
    assert said["inspections"] == len(rows("inspections"))
    assert said["outcomes"] == dict(Counter(map(outcome, rows("violations"))))


def test_what_was_never_corrected_is_late_on_the_last_rung(played: tuple[Path, dict[str, Any]]) -> None:
    _, said = played

    never = said["outcomes"]["never"] + said["outcomes"]["unknown"]
    assert said["still_open"] == never
    assert said["reached_rung"] == {"3": never}


def test_a_second_replay_changes_nothing(played: tuple[Path, dict[str, Any]]) -> None:
    home, first = played
    before = state_of(home)

    again = qianan("replay", str(FOLDER), "--json", home=home)

    assert again.returncode == 0, again.stderr
    said = json.loads(again.stdout)
    assert said["new_visits"] == 0
    assert said["outcomes"] == first["outcomes"]
    assert state_of(home) == before


def test_files_that_no_mapping_fits_are_refused_before_anything_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    shutil.copy(FOLDER / "establishments.csv", folder / "establishments.csv")

    found = qianan("replay", str(folder), home=tmp_path / "new")

    assert found.returncode == 1
    assert found.stderr.strip()
    assert "Traceback" not in found.stderr
    assert not (tmp_path / "new" / "qianan.sqlite3").exists()
