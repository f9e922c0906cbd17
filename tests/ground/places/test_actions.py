"""Loading places, another city from the same shapes, and one place taking over from another."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from qianan.formats.tables import read_table
from qianan.ground.places import actions, queries
from qianan.ground.places.actions import PlacesDone
from qianan.ground.places.models import Place
from qianan.ground.trail.models import Entry
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Conflict, Invalid, InvalidMany
from tests.cast import MONDAY

SETUP = Actor.system("setup")
TODAY = date(2026, 11, 2)
SMALL_CITY = """code,level,parent,name_zh,since,until,succeeds,source
77,city,,海滨市,2020-01-01,,,a test
7701,district,77,东区,2020-01-01,,,a test
7702,district,77,西区,2020-01-01,,,a test
770101,street,7701,码头街道,2020-01-01,,,a test
770102,street,7701,长安镇,2020-01-01,,,a test
770201,street,7702,老城街道,2020-01-01,,,a test
770101001,community,770101,渔村村委会,2020-01-01,,,a test
"""


def load(text: str) -> PlacesDone:
    return actions.load_places(read_table(text.encode()).dicts(), by=SETUP, now=MONDAY)


def news() -> list[Entry]:
    return list(Entry.objects.order_by("id"))


@pytest.mark.django_db
def test_another_city_loads_from_the_same_shapes_with_names_made_for_it() -> None:
    done = load(SMALL_CITY)

    assert done == PlacesDone(added=7, changed=0, same=0, ended=0, absent=Place.objects.count() - 7)
    harbour = queries.place("770101")
    assert (harbour.name_en, harbour.pinyin, harbour.initials) == ("Matou Sub-district", "matoujiedao", "mtjd")
    assert [each.code for each in queries.path_of("770101001")] == ["77", "7701", "770101", "770101001"]
    assert queries.place("770101001").name_en == "Yucun Village"
    assert not harbour.verified
    (entry,) = news()
    assert (entry.news, entry.about, entry.body) == (
        "places.PlacesLoaded",
        "places.place::77",
        {"added": 7, "changed": 0, "ended": 0},
    )


@pytest.mark.django_db
def test_the_same_rows_twice_change_nothing_and_say_nothing() -> None:
    load(SMALL_CITY)

    again = load(SMALL_CITY)

    assert (again.added, again.changed, again.same) == (0, 0, 7)
    assert len(news()) == 1


@pytest.mark.django_db
def test_a_row_is_changed_by_its_code_and_one_that_the_file_lost_stays() -> None:
    load(SMALL_CITY)
    lines = (
        SMALL_CITY.replace("老城街道", "新城街道")
        .replace("长安镇,2020-01-01,", "长安镇,2020-01-01,2026-06-01")
        .splitlines()
    )

    done = load("\n".join(line for line in lines if not line.startswith("770101001")))

    assert (done.added, done.changed, done.same, done.ended) == (0, 2, 4, 1)
    assert queries.place("770201").name_en == "Xincheng Sub-district"
    assert queries.place("770101001") is not None
    assert not queries.is_valid("770102", TODAY)


@pytest.mark.django_db
def test_a_renamed_place_gets_new_pinyin() -> None:
    load(SMALL_CITY)

    load(SMALL_CITY.replace("老城街道", "新城街道"))

    assert queries.place("770201").pinyin == "xinchengjiedao"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "right", "code", "where"),
    [
        ("770102,street,7701", "780102,street,7701", "does_not_nest", "places:6:parent"),
        ("770102,street,7701", "770102,street,77", "does_not_nest", "places:6:parent"),
        ("770102,street,7701", "770102,street,7709", "place_unknown", "places:6:parent"),
        ("77,city,", "77,city,7", "city_has_a_parent", "places:2:parent"),
        ("7702,district", "7701,district", "code_twice", "places:4:code"),
        ("7702,district", "7702,county", "not_one_of", "places:4:level"),
        ("西区,2020-01-01", "西区,01/01/2020", "not_a_day", "places:4:since"),
        ("西区,2020-01-01,", "西区,2020-01-01,2019-01-01", "ends_before_it_begins", "places:4:until"),
        ("西区,2020-01-01,,", "西区,2020-01-01,,999", "place_unknown", "places:4:succeeds"),
        ("西区", "", "cell_empty", "places:4:name_zh"),
    ],
)
def test_every_wrong_cell_is_named_and_nothing_is_loaded(wrong: str, right: str, code: str, where: str) -> None:
    before = Place.objects.count()

    with pytest.raises(InvalidMany) as refused:
        load(SMALL_CITY.replace(wrong, right, 1))

    assert (code, where) in [(each.code, each.where) for each in refused.value.problems]
    assert Place.objects.count() == before
    assert news() == []


@pytest.mark.django_db
def test_a_file_of_another_shape_is_refused() -> None:
    with pytest.raises(InvalidMany) as refused:
        load("name,colour\nx,y\n")

    assert [each.code for each in refused.value.problems][:2] == ["missing_column", "missing_column"]


@pytest.mark.django_db
def test_a_street_moves_under_another_district_and_keeps_its_history() -> None:
    load(SMALL_CITY)
    load(SMALL_CITY + "770202,street,7702,码头街道,2020-01-01,,,a test\n")
    day = date(2026, 7, 1)

    place = actions.succeed("770202", succeeds=["770101"], since=day, by=SETUP, now=MONDAY)

    assert (place.since, place.succeeds) == (day, ["770101"])
    assert [queries.is_valid(code, day - timedelta(days=1)) for code in ("770101", "770101001", "770202")] == [
        True,
        True,
        False,
    ]
    assert [queries.is_valid(code, day) for code in ("770101", "770101001", "770202")] == [False, False, True]
    assert [each.code for each in queries.successors_of("770101")] == ["770202"]
    assert news()[-1].body == {"succeeds": ["770101"], "since": "2026-07-01"}


@pytest.mark.django_db
def test_the_same_move_twice_is_one_move() -> None:
    load(SMALL_CITY + "770202,street,7702,码头街道,2020-01-01,,,a test\n")
    for _ in range(2):
        actions.succeed("770202", succeeds=["770101"], since=date(2026, 7, 1), by=SETUP, now=MONDAY)

    assert [entry.news for entry in news()] == ["places.PlacesLoaded", "places.PlaceSucceeded"]


@pytest.mark.django_db
def test_two_streets_become_one_and_one_is_split_off() -> None:
    load(
        SMALL_CITY + "770109,street,7701,联合街道,2020-01-01,,,a test\n770203,street,7702,新街道,2020-01-01,,,a test\n"
    )

    merged = actions.succeed("770109", succeeds=["770102", "770101"], since=date(2026, 7, 1), by=SETUP, now=MONDAY)
    actions.succeed("770203", succeeds=["770201"], since=date(2026, 8, 1), ends=False, by=SETUP, now=MONDAY)

    assert merged.succeeds == ["770101", "770102"]
    assert [row.code for row in queries.streets_of("7701", TODAY)] == ["770109"]
    assert [row.code for row in queries.streets_of("7702", TODAY)] == ["770201", "770203"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("new", "old", "since", "problem"),
    [
        ("770299", ["770101"], date(2026, 7, 1), Invalid("place_unknown", where="new_code", code="770299")),
        ("770201", ["770999"], date(2026, 7, 1), Invalid("place_unknown", where="succeeds", code="770999")),
        ("770201", ["770201"], date(2026, 7, 1), Invalid("succeeds_itself", where="succeeds", code="770201")),
        ("770201", [], date(2026, 7, 1), Invalid("succeeds_itself", where="succeeds", code="770201")),
        ("770201", ["770101"], date(2019, 7, 1), Invalid("ends_before_it_begins", where="since", code="770101")),
        (
            "770201",
            ["770102"],
            date(2026, 7, 1),
            Conflict("place_has_ended", where="succeeds", code="770102", until="2025-01-01"),
        ),
    ],
)
def test_a_succession_that_cannot_be_is_refused_and_nothing_moves(
    new: str, old: list[str], since: date, problem: Exception
) -> None:
    load(SMALL_CITY.replace("长安镇,2020-01-01,", "长安镇,2020-01-01,2025-01-01"))
    before = list(Place.objects.values())

    with pytest.raises(type(problem)) as refused:
        actions.succeed(new, succeeds=old, since=since, by=SETUP, now=MONDAY)

    assert refused.value == problem
    assert list(Place.objects.values()) == before
    assert len(news()) == 1


@pytest.mark.django_db
def test_the_command_loads_a_file_and_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.management import CommandError, call_command

    from qianan.doors.console.management.commands import load_places

    monkeypatch.setattr(load_places.Command, "prepares", False)
    file = tmp_path / "city.csv"
    file.write_text(SMALL_CITY)
    call_command("load_places", str(file), "--json")
    assert '"added": 7' in capsys.readouterr().out

    file.write_text(SMALL_CITY.replace("7702,district", "7702,county"))
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("load_places", str(file))
    assert "places:4:level" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_command_records_a_move(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.management import CommandError, call_command

    from qianan.doors.console.management.commands import succeed_place

    monkeypatch.setattr(succeed_place.Command, "prepares", False)
    load(SMALL_CITY + "770202,street,7702,码头街道,2020-01-01,,,a test\n")

    call_command("succeed_place", "770202", "770101", "--since", "2026-07-01")
    assert "码头街道 (770202) takes over from 770101 on 2026-07-01" in capsys.readouterr().out
    assert not queries.is_valid("770101", date(2026, 7, 1))
    with pytest.raises(CommandError, match="place_unknown"):
        call_command("succeed_place", "770299", "770101", "--since", "2026-07-01")
