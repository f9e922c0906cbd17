"""The board: who has not checked first, each number with its denominator and the records behind it."""

import re

import pytest
from django.urls import reverse

from qianan.field.selfchecks import actions as selfchecks
from tests.cast import Street
from tests.doors.desk.conftest import Busy
from tests.doors.doorstep import ZH, come_in, get, text_of


def figures(html: str) -> dict[str, tuple[str, str]]:
    """Label → (value, address) of the tiles on top."""
    found = re.findall(
        r'<a class="stat" href="([^"]+)"><span class="lab">([^<]+)</span><span class="val">([^<]+)</span>', html
    )
    return {label: (value, url.replace("&amp;", "&")) for url, label, value in found}


def test_an_empty_city_says_what_to_do_first(street: Street) -> None:
    html = get(come_in(street, "director_sun"), reverse("desk:home"))

    assert "No site owes checks here yet" in text_of(html)
    assert figures(html)["Silent: missed a check, nothing since"][0] == "0"


def test_silent_sites_come_first_with_denominator_and_as_of(busy: Busy) -> None:
    html = get(come_in(busy.street, "chief_zhang"), reverse("desk:home"))
    text = text_of(html)

    assert figures(html)["Silent: missed a check, nothing since"][0] == "1"
    assert "of 1 site that owes checks, 100.0%" in text
    assert "as of 11 Nov 09:00" in text
    assert html.index("Silent: missed a check") < html.index("Major hazards not closed")


@pytest.mark.parametrize("who", ["officer_li", "chief_zhang", "director_sun", "ms_chen"])
def test_every_tile_opens_as_many_records_as_it_says(busy: Busy, who: str) -> None:
    client = come_in(busy.street, who)
    tiles = figures(get(client, reverse("desk:home")))
    assert len(tiles) == 5

    for label, (value, url) in tiles.items():
        html = get(client, url)
        said = re.search(r'<span class="end cap">(\d+)', html)
        assert (said[1] if said else "0") == value, f"{label}: {url}"


def test_links_of_tables_open_as_many_records_as_they_say(busy: Busy) -> None:
    client = come_in(busy.street, "chief_zhang")
    html = get(client, reverse("desk:home"))
    links = re.findall(
        r'<a class="plain" href="(/desk/(?:selfchecks|hazards|duties)/\?[^"]+)">([\d,]+)</a>', html
    ) + re.findall(r'<a href="(/desk/hazards/\?[^"]+)">(\d+)</a>', html)

    assert len(links) > 20
    for url, value in links:
        shown = get(client, url.replace("&amp;", "&"))
        said = re.search(r'<span class="end cap">(\d+)', shown)
        assert (said[1] if said else "0") == value.replace(",", ""), url


def test_rungs_open_their_promises(busy: Busy) -> None:
    client = come_in(busy.street, "director_sun")
    html = get(client, reverse("desk:home"))
    steps = re.findall(r'<li><a href="(/desk/duties/[^"]+)"><small>[^<]+</small><b>(\d+)</b>', html)
    assert len(steps) == 4

    for url, value in steps:
        said = re.search(r'<span class="end cap">(\d+)', get(client, url.replace("&amp;", "&")))
        assert said[1] == value if said else value == "0"


def test_one_goes_down_from_city_to_photo_and_back(busy: Busy) -> None:
    client = come_in(busy.street, "director_sun")
    down = [
        reverse("desk:home"),
        reverse("desk:place", args=["110105"]),
        reverse("desk:place", args=["110105001"]),
        reverse("desk:business", args=[busy.business.id]),
        reverse("desk:site", args=[busy.business.id, busy.site.id]),
        reverse("desk:hazard", args=[busy.major.business_id, busy.major.id]),
    ]

    pages = [get(client, url) for url in down]

    assert down[1] in pages[0]
    assert down[2] in pages[1]
    assert down[4] in pages[2]  # silent sites by name
    assert down[4] in pages[3]
    assert down[5] in pages[4]
    for higher in (*down[1:3], down[3], down[4]):
        assert f'<a href="{higher}">' in pages[5], "the trail leads back"


def test_a_place_outside_looks_like_none(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")

    for code in ("110108001", "110105", "11", "999999", "x"):
        html = get(client, reverse("desk:place", args=[code]), 404)
        assert "There is no such place, or none that you may see." in text_of(html)


def test_an_officer_of_a_line_sees_her_line_only(busy: Busy) -> None:
    html = get(come_in(busy.street, "ms_chen"), reverse("desk:home"))
    assert figures(html)["Silent: missed a check, nothing since"][0] == "1"

    busy.business.line = "culture"
    busy.business.save()
    from qianan.field.selfchecks.models import Standing
    from qianan.registry.businesses.models import Oversight

    Standing.objects.update(line="culture")
    Oversight.objects.filter(line="commerce").delete()

    html = get(come_in(busy.street, "ms_chen"), reverse("desk:home"))
    assert figures(html)["Silent: missed a check, nothing since"][0] == "0"


def test_the_other_street_sees_nothing_of_this_one(busy: Busy) -> None:
    client = come_in(busy.street, "officer_he")

    assert "疏散楼梯间改作库房" not in get(client, reverse("desk:home"))
    assert "疏散楼梯间改作库房" not in get(client, reverse("desk:hazards"))
    get(client, reverse("desk:hazard", args=[busy.major.business_id, busy.major.id]), 404)
    get(client, reverse("desk:business", args=[busy.business.id]), 404)
    get(client, reverse("desk:business_trail", args=[busy.business.id]), 404)
    get(client, reverse("desk:site", args=[busy.business.id, busy.site.id]), 404)


def test_what_a_major_hazard_still_lacks_is_said(busy: Busy) -> None:
    text = text_of(get(come_in(busy.street, "officer_li"), reverse("desk:home")))

    assert "疏散楼梯间改作库房" in text
    assert "regulator not told" in text
    assert "workers not told" in text


def test_the_map_is_a_schematic_and_the_table_has_its_values(busy: Busy) -> None:
    client = come_in(busy.street, "director_sun")
    city = get(client, reverse("desk:home"))
    district = get(client, reverse("desk:place", args=["110105"]))

    assert "schematic, not boundaries" in text_of(city)
    assert "tiles in order of code, not a map" in text_of(district)
    assert "<title>Chaoyang District: 1 of 1 sites silent</title>" in city
    assert "Haidian District: no site owes checks" not in city  # Qian's teahouse owes checks, too
    assert city.count("<path class=") >= 17


def test_the_span_of_days_is_asked_in_the_address(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")

    assert "No check within 7 days" in figures(get(client, reverse("desk:home") + "?days=7"))
    assert "No check within 30 days" in figures(get(client, reverse("desk:home") + "?days=nonsense"))


def test_a_check_that_came_in_ends_the_silence_on_the_board(busy: Busy) -> None:
    from qianan.kernel.ids import uuid7
    from qianan.registry.checklists import queries as checklists

    for row in checklists.lists_for(venue=busy.site.venue, tags=busy.site.tags):
        edition = checklists.current(row.code)
        answers = {item.code: next(iter(item.responses), "1") for item in edition.items}
        result = selfchecks.receive_submission(
            selfchecks.Handed(
                id=uuid7(busy.today),
                business_id=busy.business.id,
                site_id=busy.site.id,
                version_id=edition.version_id,
                answers=answers,
                started_at=busy.today,
                ended_at=busy.today,
                sent_at=busy.today,
            ),
            by=busy.lao_wang,
            now=busy.today,
        )
        assert result.status == "received", result.problems

    html = get(come_in(busy.street, "officer_li"), reverse("desk:home"))

    assert figures(html)["Silent: missed a check, nothing since"][0] == "0"
    assert figures(html)["Principals checked themselves within 30 days"][0] == "1"
    assert "Nobody is silent" in text_of(html)


def test_the_board_speaks_chinese(busy: Busy) -> None:
    text = text_of(get(come_in(busy.street, "chief_zhang", ZH), reverse("desk:home")))

    assert "谁还没查" in text
    assert "截至 11月11日 09:00" in text
