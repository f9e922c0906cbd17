"""A registry file from the console: looked through, refused with its lines, taken in, once."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from qianan.doors.console.management.commands.import_registry import Command
from qianan.registry.businesses.models import Business, Import
from tests.cast import Street

FOLDER = Path(__file__).resolve().parents[2] / "samples" / "import"
MARKET = (str(FOLDER / "market.csv"), "--mapping", str(FOLDER / "mapping.json"))


@pytest.fixture(autouse=True)
def _home_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Command, "prepares", False)


def said(*args: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_registry", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_looking_through_changes_nothing(street: Street) -> None:
    out, _ = said(*MARKET)

    assert out == (
        "businesses: 4 new, 0 changed, 0 as before; sites: 5 new, 0 changed, 0 as before; "
        "people: 5 new, 0 changed, 0 as before (looked through only; --commit takes it in)\n"
    )
    assert Business.objects.count() == 2


def test_taking_it_in_twice_is_taking_it_in_once(street: Street) -> None:
    first = json.loads(said(*MARKET, "--commit", "--json")[0])
    second = json.loads(said(*MARKET, "--commit", "--json")[0])

    assert first["businesses"] == {"added": 4, "changed": 0, "same": 0}
    assert second["businesses"] == {"added": 0, "changed": 0, "same": 4}
    assert (first["committed"], first["problems"], first["sha256"]) == (True, [], second["sha256"])
    assert Business.objects.count() == 6


def test_faults_are_said_with_their_lines(street: Street) -> None:
    err = StringIO()

    with pytest.raises(CommandError, match="8 cells are not right; nothing was taken in"):
        call_command("import_registry", str(FOLDER / "faulty.csv"), "--commit", stdout=StringIO(), stderr=err)

    lines = err.getvalue().splitlines()
    assert len(lines) == 8
    assert lines[0].startswith("3: 统一社会信用代码: ")
    assert Business.objects.count() == 2


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), "name a file"),
        (("nowhere.csv",), "nowhere.csv"),
        ((str(FOLDER / "market.csv"), "--mapping", str(FOLDER / "market.csv")), "not JSON"),
        ((str(FOLDER / "market.csv"), "--mapping", "nowhere.json"), "nowhere.json"),
        ((str(FOLDER / "market.csv"),), "name_unmapped"),
    ],
)
def test_what_is_missing_is_said(street: Street, args: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        said(*args)

    assert Import.objects.count() == 0


def test_the_template_is_printed_as_a_table(street: Street, tmp_path: Path) -> None:
    table = tmp_path / "registry.csv"
    table.write_text(said("--template", "en")[0], encoding="utf-8")

    out, _ = said(str(table), "--commit")

    assert out.startswith("businesses: 2 new")
