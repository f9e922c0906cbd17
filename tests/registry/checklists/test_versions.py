"""Versions are drafted, tested, published, retired; what was published stays as it was."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from qianan.kernel.actor import Actor
from qianan.kernel.problems import Conflict, Invalid, InvalidMany, NotFound, NotNow, NotYours
from qianan.registry.checklists import actions, answering, queries
from qianan.registry.checklists.models import Checklist, Item, Version
from tests.cast import MONDAY, Street
from tests.registry.checklists.lists import a_list, item

SETUP = Actor.system("setup")


def published(document: dict[str, Any]) -> Version:
    return actions.publish(document, by=SETUP, now=MONDAY)


def test_the_city_drafts_a_list(street: Street) -> None:
    version = actions.draft_version(a_list(), by=street.director_sun, now=MONDAY)

    assert (version.id, version.state, version.edition) == ("noodle-daily@1", "draft", "2026-11")
    checklist = Checklist.objects.get(code="noodle-daily")
    assert (checklist.title_en, checklist.venue, checklist.frequency) == (
        "Noodle shop: daily check",
        "restaurant",
        "daily",
    )
    assert list(Item.objects.filter(version=version).values_list("code", "position", "section", "verified")) == [
        ("stove", 0, "kitchen", True),
        ("exit", 1, "kitchen", True),
    ]
    assert [(e.news, e.about, e.body) for e in street.trail_since(MONDAY)] == [
        ("checklists.VersionDrafted", "checklists.version::noodle-daily@1", {"number": 1})
    ]


@pytest.mark.parametrize("name", ["lao_wang", "officer_li", "chief_zhang", "ms_chen", "stranger"])
def test_others_make_no_lists(street: Street, name: str) -> None:
    with pytest.raises(NotYours):
        actions.draft_version(a_list(), by=street.actors[name], now=MONDAY)

    assert not Checklist.objects.filter(code="noodle-daily").exists()
    assert street.trail_since(MONDAY) == []


def test_a_wrong_document_is_refused_whole(street: Street) -> None:
    with pytest.raises(InvalidMany) as refused:
        actions.draft_version(a_list(title_en="", venue="moon"), by=SETUP, now=MONDAY)

    assert [each.where for each in refused.value.problems] == ["title_en", "venue"]
    assert not Checklist.objects.filter(code="noodle-daily").exists()


def test_a_draft_is_not_answered_yet_but_can_be_tried(street: Street) -> None:
    version = actions.draft_version(a_list(), by=SETUP, now=MONDAY)

    with pytest.raises(NotFound):
        queries.edition(version.id)
    with pytest.raises(NotFound):
        queries.current("noodle-daily")
    with pytest.raises(NotFound):
        queries.version_for(street.lao_wang, version.id)
    assert queries.version_for(street.director_sun, version.id) == version
    assert len(queries.trial(version).items) == 2
    assert "noodle-daily" not in [each.code for each in queries.lists_for(venue="restaurant")]


def test_from_draft_to_published(street: Street) -> None:
    sun = street.director_sun
    version = actions.draft_version(a_list(), by=sun, now=MONDAY)
    with pytest.raises(NotNow):
        actions.move_version(version.id, "published", by=sun, now=MONDAY)

    actions.move_version(version.id, "testing", by=sun, now=MONDAY + timedelta(hours=1))
    actions.move_version(version.id, "published", by=sun, now=MONDAY + timedelta(hours=2))

    assert queries.current("noodle-daily").version_id == "noodle-daily@1"
    assert [each.code for each in queries.lists_for(venue="restaurant")] == [
        "noodle-daily",
        "restaurant-daily",
        "restaurant-full",
    ]
    assert [(e.body["was"], e.body["now"]) for e in street.trail_since(MONDAY)[1:]] == [
        ("draft", "testing"),
        ("testing", "published"),
    ]


def test_a_draft_is_written_over_until_it_is_published(street: Street) -> None:
    first = actions.draft_version(a_list(), by=SETUP, now=MONDAY)

    second = actions.draft_version(a_list(item("roof")), by=SETUP, now=MONDAY)

    assert (first.id, second.id) == ("noodle-daily@1", "noodle-daily@1")
    assert list(Item.objects.filter(version=second).values_list("code", flat=True)) == ["roof"]


def test_a_new_version_retires_the_old_one_which_stays_answerable(street: Street) -> None:
    published(a_list())

    second = published(a_list(item("stove"), item("exit"), item("roof"), title_zh="面馆日查", frequency="weekly"))

    assert [(row.id, row.state) for row in queries.versions_of("noodle-daily")] == [
        ("noodle-daily@2", "published"),
        ("noodle-daily@1", "retired"),
    ]
    assert queries.current("noodle-daily").version_id == second.id
    old = queries.edition("noodle-daily@1")
    assert answering.check(old, {"stove": "p", "exit": "p"}).letters == "pp"
    assert set(queries.editions(["noodle-daily@1", "noodle-daily@2", "x@1"])) == {"noodle-daily@1", "noodle-daily@2"}
    checklist = Checklist.objects.get(code="noodle-daily")
    assert (checklist.title_zh, checklist.frequency) == ("面馆日查", "weekly")
    assert queries.differences(old, queries.edition(second.id)) == {
        "kept": ("stove", "exit"),
        "changed": (),
        "added": ("roof",),
        "retired": (),
    }


def test_the_same_questions_make_no_new_version(street: Street) -> None:
    published(a_list())

    with pytest.raises(Conflict) as refused:
        actions.draft_version(a_list(edition="2030"), by=SETUP, now=MONDAY)

    assert refused.value.code == "nothing_new"
    assert queries.versions_of("noodle-daily").count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"document": {"code": "other"}},
        {"content_hash": "f" * 64},
        {"number": 9},
        {"edition": "2030"},
        {"state": "draft"},
    ],
)
def test_what_was_published_is_not_changed(street: Street, change: dict[str, Any]) -> None:
    version = published(a_list())
    for name, value in change.items():
        setattr(version, name, value)

    with pytest.raises(Conflict) as refused:
        version.save()

    assert refused.value.code == "published_stays"
    assert queries.edition("noodle-daily@1").document["code"] == "noodle-daily"


def test_nor_by_the_back_door(street: Street) -> None:
    version = published(a_list())

    for shut in (
        lambda: Version.objects.filter(id=version.id).update(document={}),
        lambda: Version.objects.filter(id=version.id).delete(),
        version.delete,
    ):
        with pytest.raises(Conflict):
            shut()

    assert Version.objects.get(id=version.id).document == version.document


def test_a_retired_version_stays_retired(street: Street) -> None:
    version = published(a_list())
    actions.move_version(version.id, "retired", by=SETUP, now=MONDAY)

    with pytest.raises(NotNow):
        actions.move_version(version.id, "published", by=SETUP, now=MONDAY)

    with pytest.raises(NotFound):
        queries.current("noodle-daily")
    assert queries.edition(version.id).state == "retired"


def test_a_draft_may_be_discarded_and_the_next_gets_the_next_number(street: Street) -> None:
    first = actions.draft_version(a_list(), by=SETUP, now=MONDAY)
    actions.move_version(first.id, "discarded", by=SETUP, now=MONDAY)

    assert actions.draft_version(a_list(), by=SETUP, now=MONDAY).id == "noodle-daily@2"


def test_a_version_that_is_not_there(street: Street) -> None:
    with pytest.raises(NotFound):
        actions.move_version("noodle-daily@7", "testing", by=SETUP, now=MONDAY)


def test_shipped_lists_are_loaded_once(street: Street, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(a_list()))
    (tmp_path / "b.json").write_text(json.dumps(a_list(code="noodle-full", frequency="monthly")))

    first = actions.load_shipped(tmp_path, by=SETUP, now=MONDAY)
    mark = len(street.trail_since(MONDAY))
    second = actions.load_shipped(tmp_path, by=SETUP, now=MONDAY)

    assert (first.published, first.same) == (("noodle-daily", "noodle-full"), ())
    assert (second.published, second.same) == ((), ("noodle-daily", "noodle-full"))
    assert len(street.trail_since(MONDAY)) == mark


def test_a_broken_shipped_file_is_named(street: Street, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{")

    with pytest.raises(Invalid) as refused:
        actions.load_shipped(tmp_path, by=SETUP, now=MONDAY)

    assert (refused.value.code, refused.value.where) == ("not_json", "a.json")


def codes(**site: Any) -> list[str]:
    return [each.code for each in queries.lists_for(**site)]


def test_a_venue_without_lists_of_its_own_owes_the_common_ones(street: Street) -> None:
    assert codes(venue="petrol") == ["petrol-daily", "petrol-full"]
    assert codes(venue="common") == ["common-daily", "common-full"]
    assert codes(venue="") == ["common-daily", "common-full"]
    assert codes(venue="moon", tags=["gas"]) == ["common-daily", "common-full"]


def test_tags_choose_further_lists(street: Street) -> None:
    published(a_list(item("hood"), code="dust-weekly", venue="common", tags=["dust"], frequency="weekly"))
    published(a_list(item("pipe"), code="kitchen-lpg", venue="restaurant", tags=["lpg", "gas"], frequency="weekly"))

    assert codes(venue="restaurant", tags=["gas"]) == ["restaurant-daily", "restaurant-full"]
    assert codes(venue="restaurant", tags=["gas", "lpg", "dust"]) == [
        "dust-weekly",
        "kitchen-lpg",
        "restaurant-daily",
        "restaurant-full",
    ]
    assert codes(venue="mall", tags=["dust"]) == ["dust-weekly", "mall-daily", "mall-full"]
    assert codes(venue="common", tags=["dust"]) == ["common-daily", "common-full", "dust-weekly"]


def test_a_tag_asks_only_what_the_venue_does_not_ask_already(street: Street) -> None:
    assert codes(venue="restaurant", tags=["lpg"]) == ["restaurant-daily", "restaurant-full"]
    assert codes(venue="hotel", tags=["lpg"]) == ["hotel-daily", "hotel-full", "lpg-monthly"]
    assert codes(venue="ebike", tags=["e_bikes"]) == ["ebike-daily", "ebike-full"]
    assert codes(venue="warehouse", tags=["e_bikes"]) == ["e_bikes-monthly", "warehouse-daily", "warehouse-full"]
    assert codes(venue="factory", tags=["confined_space"]) == ["factory-daily", "factory-full"]
    assert codes(venue="office", tags=["confined_space", "hot_work"]) == [
        "confined_space-quarterly",
        "hot_work-monthly",
        "office-daily",
        "office-full",
    ]


def test_many_sites_cost_what_one_costs(street: Street, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):  # which lists hold, and what they ask: once a process
        found = queries.lists_for_sites([street.site, street.other_site])

    assert {id: [each.code for each in lists] for id, lists in found.items()} == {
        street.site.id: ["restaurant-daily", "restaurant-full"],
        street.other_site.id: ["restaurant-daily", "restaurant-full"],
    }
    with django_assert_num_queries(1):
        queries.edition("restaurant-daily@1")
    with django_assert_num_queries(0):
        queries.edition("restaurant-daily@1")


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "noodle-daily@\x00"])
def test_odd_ids_and_texts_are_refused_on_any_engine(street: Street, odd: str) -> None:
    for ask in (queries.edition, queries.current, queries.checklist):
        with pytest.raises(NotFound):
            ask(odd)
    with pytest.raises(NotFound):
        queries.version_for(street.director_sun, odd)
    with pytest.raises(NotFound):
        actions.move_version(odd, "testing", by=SETUP, now=MONDAY)
    with pytest.raises(Invalid):
        actions.draft_version(a_list(title_zh=f"面{odd}馆"), by=SETUP, now=MONDAY)
