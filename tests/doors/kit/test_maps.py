"""Schematic maps: drawn shapes for the districts, tiles for what has none; the value stands inside."""

from django.utils import translation

from qianan.doors.kit import maps


def given(code: str, value: float | None) -> maps.Given:
    return maps.Given(code, f"Place {code}", value, "—" if value is None else f"{value:.0f}%", "says", f"/p/{code}/")


def test_districts_have_shapes_and_short_names() -> None:
    codes = [f"1101{n:02d}" for n in (1, 2, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19)] + ["1101A1"]
    with translation.override("en"):
        drawn = maps.draw([given(code, float(n)) for n, code in enumerate(codes)])

    assert drawn is not None
    assert not drawn.tiles
    assert [area.name for area in drawn.areas][:3] == ["DC", "XC", "CY"]
    assert {area.step for area in drawn.areas} == {"q1", "q2", "q3", "q4", "q5"}
    assert len(drawn.steps) == 5
    with translation.override("zh-hans"):
        assert maps.draw([given("1101A1", 1.0)]).areas[0].name == "经开"  # type: ignore[union-attr]


def test_places_without_shapes_are_tiles_in_their_order() -> None:
    drawn = maps.draw([given(f"11010500{n}", float(n)) for n in range(1, 8)])

    assert drawn is not None
    assert drawn.tiles
    assert drawn.areas[0].d.startswith("M0 0.0h74")
    assert drawn.areas[5].d.startswith("M0 49.9")


def test_an_area_without_data_stays_empty_and_is_counted() -> None:
    drawn = maps.draw([given("110101", None), given("110102", 5.0)])

    assert drawn is not None
    assert [area.step for area in drawn.areas] == ["none", "q1"]
    assert drawn.missing == 1
    assert drawn.steps == ()
    assert maps.draw([]) is None


def test_few_values_make_few_steps_and_the_highest_is_darkest() -> None:
    drawn = maps.draw([given("110105001", 37.5), given("110105002", 100.0), given("110105003", 100.0)])

    assert drawn is not None
    assert [area.step for area in drawn.areas] == ["q1", "q5", "q5"]
    assert [(step.css, step.label) for step in drawn.steps] == [("q1", "≤38%"), ("q5", ">38%")]


def test_names_lose_their_kind() -> None:
    assert maps.short("建外街道", english=False) == "建外"
    assert maps.short("北京经济技术开发区", english=False) == "北京经济…"
    assert maps.short("Jianwai Sub-district", english=True) == "Jianwai"
    assert maps.short("Capital Airport Sub-district", english=True) == "Capital Ai…"
