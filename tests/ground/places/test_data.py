"""The shipped places and district shapes: complete, nested, and honest about what they are not."""

import json
from collections import Counter
from itertools import pairwise
from typing import Any

from tests.basis import DATA, rows

SHAPES = json.loads((DATA / "districts.geojson").read_text())


def polygons(geometry: dict[str, Any]) -> list[list[list[list[float]]]]:
    return geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]


def rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    return [ring for polygon in polygons(geometry) for ring in polygon]


def area(ring: list[list[float]]) -> float:
    """By the shoelace; positive when it runs counter-clockwise, as RFC 7946 wants an outer ring."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def crosses(ring: list[list[float]]) -> bool:
    """Whether two sides of a ring cross each other."""

    def turn(a: list[float], b: list[float], c: list[float]) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    sides = list(pairwise(ring))
    for number, (a, b) in enumerate(sides):
        for c, d in sides[number + 2 :]:
            if a in (c, d) or b in (c, d):
                continue
            if turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0:
                return True
    return False


def test_the_city_as_the_source_counts_it() -> None:
    places = rows("places")

    assert Counter(row["level"] for row in places if row["until"] == "") == {
        "city": 1,
        "district": 17,
        "street": 349,
        "community": 7535,
    }
    assert [row["code"] for row in places if row["until"]] == ["110115403", "110115403498"]
    assert [row["succeeds"] for row in places if row["succeeds"]] == ["110115403", "110115403498"]


def test_every_place_has_names_to_show_and_to_search_by() -> None:
    for row in rows("places"):
        assert row["name_en"].isascii() or "ü" in row["name_en"], row
        assert row["pinyin"], row
        assert row["initials"], row


def test_districts_carry_the_census_and_their_sum_is_the_citys() -> None:
    districts = [row for row in rows("places") if row["level"] == "district"]

    assert sum(int(row["population"]) for row in districts if row["verified"] == "yes") == 21_893_095
    assert [row["code"] for row in districts if row["verified"] == "no"] == ["1101A1"]


def test_there_is_a_shape_for_each_district_and_it_says_what_it_is_not() -> None:
    codes = [row["code"] for row in rows("places") if row["level"] == "district"]

    assert sorted(each["properties"]["code"] for each in SHAPES["features"]) == sorted(codes)
    assert "Not an official boundary" in SHAPES["note"]
    assert [each["properties"]["code"] for each in SHAPES["features"] if each["properties"].get("schematic")] == [
        "1101A1"
    ]


def test_shapes_are_closed_turn_the_right_way_and_do_not_cross_themselves() -> None:
    for feature in SHAPES["features"]:
        for ring in rings(feature["geometry"]):
            assert ring[0] == ring[-1]
            assert len(ring) >= 4
            assert not crosses(ring), feature["properties"]["code"]
            assert all(115 < lon < 118 and 39 < lat < 41.1 for lon, lat in ring)
        for outer, *holes in polygons(feature["geometry"]):
            assert area(outer) > 0
            assert all(area(hole) < 0 for hole in holes)


def test_shapes_lie_edge_to_edge() -> None:
    """Each inner side is walked once by either neighbour; sides walked once are the city's edge."""
    sides: Counter[tuple[tuple[float, ...], ...]] = Counter()
    for feature in SHAPES["features"]:
        for ring in rings(feature["geometry"]):
            sides.update(tuple(sorted((tuple(a), tuple(b)))) for a, b in pairwise(ring))

    assert set(sides.values()) <= {1, 2}
    edge: Counter[tuple[float, ...]] = Counter(point for side, count in sides.items() if count == 1 for point in side)
    assert set(edge.values()) == {2}, "the city's edge is one closed line"
