"""Lists: the address is the state; what cannot be read is passed over."""

import uuid

import pytest
from django.http import QueryDict

from qianan.doors.kit import listing

RULES: dict[str, listing.Rule] = {"q": None, "level": {"major", "general"}, "even": lambda text: text in "02468"}


def ask(query: str) -> listing.Asked:
    return listing.asked_in(QueryDict(query), "/desk/hazards/", RULES)


def test_only_values_that_are_allowed_are_kept() -> None:
    asked = ask("q=%20noodle%20%20shop&level=major&even=3&other=1&page=2&order=-due")

    assert dict(asked.values) == {"q": "noodle shop", "level": "major"}
    assert (asked.page, asked.order) == (2, "-due")


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e3", "９", "999999", ""])
def test_a_page_that_is_none_is_the_first(page: str) -> None:
    assert ask(f"page={page}").page == 1


def test_control_characters_never_reach_the_database() -> None:
    assert listing.tidy("a\x00b\u202ec\n d") == "abc d"
    assert len(listing.tidy("长" * 500)) == 80
    assert listing.uuid_in("not one") is None
    assert listing.uuid_in(str(uuid.UUID(int=7))) == uuid.UUID(int=7)


def test_another_filter_begins_at_page_one() -> None:
    asked = ask("level=major&page=3&order=due")

    assert asked.url(q="gas") == "/desk/hazards/?level=major&order=due&q=gas"
    assert asked.url(page=4) == "/desk/hazards/?level=major&order=due&page=4"
    assert asked.url(level=None, order=None) == "/desk/hazards/"
    assert asked.query == "level=major"


def test_orders_are_total_and_turn() -> None:
    allowed = {"due": ("due_at", "id"), "place": ("place_code", "due_at", "id")}

    assert listing.order_of(ask("order=-place"), allowed, first="due").fields == ("-place_code", "-due_at", "id")
    assert listing.order_of(ask("order=nonsense"), allowed, first="-due") == listing.Order(
        "due", True, ("-due_at", "id")
    )
    columns = listing.sorted_by(
        [listing.Column("Due", "due"), listing.Column("What")], ask("order=due"), listing.Order("due", False, ())
    )
    assert (columns[0].direction, columns[0].url) == ("ascending", "/desk/hazards/?order=-due")
    assert columns[1].url == ""


def test_a_page_beyond_the_end_is_the_last() -> None:
    rows, pager = listing.page_of(list(range(120)), ask("page=99"), total=120)

    assert rows == list(range(100, 120))
    assert pager.previous == "/desk/hazards/?page=2"
    assert pager.next == ""
    assert listing.page_of([], ask(""), total=0)[0] == []


def test_filters_keep_the_tab_and_clear_the_rest() -> None:
    asked = listing.asked_in(QueryDict("level=major&q=x"), "/l/", RULES)
    level = listing.choice(asked, "level", "Level", [("major", "Major"), ("general", "General")])
    row = listing.filters(asked, [level], search="Search", says="3", fixed=("level",))

    assert (level.chosen, level.clear) == ("Major", "/l/?q=x")
    assert [option.current for option in level.options] == [True, False]
    assert row.action == "/l/?level=major"
    assert row.active
    assert row.hidden == (("level", "major"),)


def test_many_counts_are_one_question(db: None, django_assert_num_queries) -> None:
    from qianan.ground.codebook.models import Department, Term

    with django_assert_num_queries(1):
        counts = listing.count_each(
            departments=Department.objects.all(), nothing=Term.objects.none(), tags=Term.objects.filter(kind="tag")
        )

    assert counts == {
        "departments": Department.objects.count(),
        "nothing": 0,
        "tags": Term.objects.filter(kind="tag").count(),
    }
