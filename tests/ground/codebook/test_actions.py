"""Loading code tables: by code, twice the same, whole or not at all."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from qianan.ground.codebook import actions, queries
from qianan.ground.codebook.actions import Loaded
from qianan.ground.codebook.models import Deadline, LoadedFile, SectorDepartment
from qianan.ground.trail.models import Entry
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Invalid, InvalidMany
from tests.basis import DATA, TABLES, rows
from tests.cast import MONDAY

SETUP = Actor.system("setup")

pytestmark = pytest.mark.usefixtures("codes")


def load(name: str, table: list[dict[str, str]], digest: str = "d" * 64) -> Loaded:
    return actions.load_table(name, table, digest=digest, by=SETUP, now=MONDAY)


def news() -> list[tuple[str, dict[str, object]]]:
    return [(entry.about, entry.body) for entry in Entry.objects.order_by("id")]


def test_the_same_file_twice_changes_nothing_and_says_it_once() -> None:
    table = rows("deadlines")

    assert load("deadlines", table) == Loaded(0, 0, len(table), 0)
    assert load("deadlines", table) == Loaded(0, 0, len(table), 0)

    assert [about for about, _ in news()] == ["codebook.table::deadlines"]


def test_rows_are_added_and_changed_by_code_and_never_taken_away() -> None:
    table = rows("deadlines")[:2]
    table[0]["days"] = "5"
    table.append({**table[1], "code": "rect-new", "level": "new"})

    done = load("deadlines", table)

    assert done == Loaded(added=1, changed=1, same=1, absent=len(rows("deadlines")) - 2)
    assert Deadline.objects.get(code="rect-general").days == 5
    assert Deadline.objects.filter(code="silence-any").exists()
    (entry,) = news()
    assert {**entry[1], "digest": ""} == {"table": "deadlines", "added": 1, "changed": 1, "same": 1, "digest": ""}


def test_readers_see_a_new_row_at_once() -> None:
    table = rows("deadlines")
    assert queries.deadline_for("rectification", "general", on=date(2026, 11, 2)).days == 7
    table[0]["days"] = "5"

    load("deadlines", table)

    assert queries.deadline_for("rectification", "general", on=date(2026, 11, 2)).days == 5


def test_every_wrong_cell_is_named_and_nothing_is_loaded() -> None:
    table = rows("deadlines")
    table[0]["days"] = "soon"
    table[1]["unit"] = "weeks"
    table[2]["verified"] = "maybe"
    table[3]["until"] = "2014-01-01"
    table[4]["code"] = table[5]["code"]
    table[6]["source"] = ""
    table[7]["basis_zh"] = "长" * 301

    with pytest.raises(InvalidMany) as refused:
        load("deadlines", table)

    assert [(each.code, each.where) for each in refused.value.problems] == [
        ("not_a_number", "deadlines:2:days"),
        ("not_one_of", "deadlines:3:unit"),
        ("not_yes_or_no", "deadlines:4:verified"),
        ("ends_before_it_begins", "deadlines:5:until"),
        ("code_twice", "deadlines:7"),
        ("cell_empty", "deadlines:8:source"),
        ("text_too_long", "deadlines:9:basis_zh"),
    ]
    assert not LoadedFile.objects.exists()
    assert news() == []


def test_a_column_that_nobody_would_obey_is_refused_and_one_that_is_needed_is_missed() -> None:
    table = [{key: text for key, text in row.items() if key != "days"} | {"colour": "red"} for row in rows("deadlines")]

    with pytest.raises(InvalidMany) as refused:
        load("deadlines", table)

    assert refused.value.problems == [
        Invalid("unknown_column", where="deadlines:1", column="colour"),
        Invalid("missing_column", where="deadlines:1", column="days"),
    ]


def test_a_trade_cannot_be_given_to_a_department_that_is_not_there() -> None:
    table = [{**rows("sector_departments")[0], "code": "A-moon", "department": "moon"}]

    with pytest.raises(InvalidMany) as refused:
        load("sector_departments", table)

    assert refused.value.problems == [Invalid("no_department", where="sector_departments:2:department", code="moon")]
    assert not SectorDepartment.objects.filter(code="A-moon").exists()


def test_a_table_that_the_house_does_not_have_is_refused() -> None:
    with pytest.raises(Invalid, match="no_table"):
        load("horoscopes", [])


def test_the_shipped_folder_loads_whole_and_then_not_again() -> None:
    first = actions.load_all(DATA, by=SETUP, now=MONDAY)
    spoken = len(news())
    second = actions.load_all(DATA, by=SETUP, now=MONDAY + timedelta(days=1))

    assert set(first) == set(TABLES)
    assert [each.added + each.changed for each in (*first.values(), *second.values())] == [0] * (2 * len(TABLES))
    assert (spoken, len(news())) == (len(TABLES), len(TABLES))


def test_a_folder_with_one_wrong_file_loads_nothing(tmp_path: Path) -> None:
    (tmp_path / "departments.csv").write_text((DATA / "departments.csv").read_text().replace("Health,", "Healing,"))
    (tmp_path / "deadlines.csv").write_text((DATA / "deadlines.csv").read_text().replace(",7,", ",seven,"))

    with pytest.raises(InvalidMany):
        actions.load_all(tmp_path, by=SETUP, now=MONDAY)

    assert queries.department("health").name_en == "Health"
    assert news() == []


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no_such_folder"):
        actions.load_all(tmp_path / "nowhere", by=SETUP, now=MONDAY)
