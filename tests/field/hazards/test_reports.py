"""Reporting: what is rated at once, what is suggested, what comes back, what is refused."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianan.field.hazards import queries
from qianan.field.hazards.actions import NewHazard, add_photos, close_hazard, hand_in, report_hazards, verify
from qianan.field.hazards.models import Hazard
from qianan.ground.codebook import queries as codebook
from qianan.kernel.actor import Actor
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Conflict, Invalid, NotYours
from qianan.kernel.ref import Ref
from qianan.registry.duties.models import Duty, Post
from tests.cast import COMMUNITY, MONDAY, Street, make_business
from tests.field.hazards.stages import HOUR, report

DAY = timedelta(days=1)


def test_a_hazard_carries_its_day_its_place_and_a_number_for_people(street: Street) -> None:
    hazard = report(street, level="general", where="3号灶")

    assert re.fullmatch(r"YH20261102-[A-Z2-7]{6}", hazard.number)
    assert (hazard.place_code, hazard.line, hazard.industry_code, hazard.tier) == (
        COMMUNITY,
        "commerce",
        "6210",
        "general",
    )
    assert (hazard.found_by, hazard.origin_kind, hazard.where) == (street.xiao_zhao.ref, "selfcheck", "3号灶")
    assert hazard.origin == f"hazards.report:{street.business.id}:{hazard.id}"
    assert hazard.due_at is not None
    assert hazard.due_at.isoformat() == "2026-11-09T15:59:59+00:00"


def test_a_workers_own_words_wait_for_the_safety_manager(street: Street) -> None:
    hazard = report(street, item_code="", text="后门锁住了,钥匙找不到", origin_kind="")

    assert (hazard.state, hazard.level, hazard.origin_kind) == ("found", "unrated", "worker")
    duty = Duty.objects.get()
    assert (duty.kind, duty.owner_post, duty.subject) == (
        "rating",
        street.posts["safety_manager"].id,
        f"{hazard.number} 后门锁住了,钥匙找不到",
    )


def test_the_codebook_suggests_the_criterion_with_its_edition(street: Street) -> None:
    hazard = report(street, level="unrated", suggested="major")

    assert hazard.suggested == "major"
    assert hazard.criterion_edition == codebook.criterion(hazard.criterion).edition
    assert hazard.criterion in {row.code for row in queries.suggestions_for(hazard, on=MONDAY.date())}


def test_who_may_say_the_level_in_the_same_breath(street: Street) -> None:
    new = NewHazard(site=street.site, text="疏散门锁闭", level="major", origin_kind="inspection")
    hazard = report_hazards([new], by=street.officer_li, now=MONDAY)[0]

    assert (hazard.state, hazard.level, hazard.rated_by) == ("rectifying", "major", street.officer_li.ref)
    assert sorted(Duty.objects.values_list("kind", "level")) == [
        ("double_report", "regulator"),
        ("double_report", "workers"),
        ("plan", "major"),
        ("rectification", "major"),
    ]
    fix = queries.facts_of(hazard).rectification
    assert fix is not None
    assert fix.verifier_post == street.posts["street:110105001/inspector"].id

    with pytest.raises(NotYours, match="not_to_rate"):
        report(street, level="general", origin_kind="worker")
    checked = report(street, level="major")
    assert (checked.state, checked.level, checked.suggested) == ("found", "unrated", "major")


def test_the_same_item_again_links_back_and_counts(street: Street) -> None:
    first = report(street, level="general")
    hand_in(first, note="换了", by=street.xiao_zhao, now=MONDAY)
    verify(first, accept=True, by=street.sister_liu, now=MONDAY)
    close_hazard(first, by=street.sister_liu, now=MONDAY)

    second, third, other = report_hazards(
        [
            NewHazard(site=street.site, text="又老化", item_code="restaurant-03", level="general", now=MONDAY + DAY),
            NewHazard(
                site=street.site, text="还老化", item_code="restaurant-03", level="general", now=MONDAY + 2 * DAY
            ),
            NewHazard(site=street.site, text="地滑", item_code="restaurant-09", level="general", now=MONDAY + DAY),
        ],
        by=street.sister_liu,
        now=MONDAY,
    )

    assert (second.recurrence_of, second.recurrence) == (first.id, 1)
    assert (third.recurrence_of, third.recurrence) == (second.id, 2)
    assert (other.recurrence_of, other.recurrence) == (None, 0)
    assert queries.file_of(third, on=MONDAY.date()).earlier == second


def test_the_same_id_again_is_the_same_hazard(street: Street) -> None:
    id = uuid7(MONDAY)
    first = report(street, id=id)
    before = len(street.trail_since(MONDAY))

    again = report(street, id=id, text="换个说法")
    assert (again.id, again.text) == (first.id, first.text)
    assert queries.known_hazard(street.xiao_zhao, street.business.id, id) == first
    assert len(street.trail_since(MONDAY)) == before

    from qianan.registry.businesses.models import Site

    yard = Site.objects.create(
        business=street.business, id=uuid7(MONDAY), number=2, name_zh="后院", place_code=COMMUNITY, opened_on=MONDAY
    )
    with pytest.raises(Conflict, match="other_hazard"):
        report(street, id=id, site=yard)


def test_a_business_without_chairs_gets_them_on_the_spot(street: Street) -> None:
    shop, site = make_business("新店", "New", "92110105MA00NEW001", COMMUNITY)
    hazard = report_hazards(
        [NewHazard(site=site, text="插座冒烟", level="general", origin_kind="inspection")],
        by=street.officer_li,
        now=MONDAY,
    )[0]

    assert Post.objects.filter(business_id=shop.id).count() == 5
    fix = queries.facts_of(hazard).rectification
    assert fix is not None
    assert fix.owner_post == Post.objects.get(business_id=shop.id, kind="principal").id
    assert fix.verifier_post == street.posts["street:110105001/inspector"].id


@pytest.mark.parametrize("who", ["officer_he", "boss_qian", "stranger", "admin"])
def test_nobody_reports_where_they_neither_work_nor_look_after(street: Street, who: str) -> None:
    with pytest.raises(NotYours, match="not_your_site"):
        report_hazards([NewHazard(site=street.site, text="脏")], by=street.actors[who], now=MONDAY)

    assert Hazard.objects.count() == 0
    assert street.trail_since(MONDAY) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"text": " \u200b\x00 "}, "words_needed"),
        ({"text": "长" * 2001}, "too_long"),
        ({"where": "长" * 121}, "too_long"),
        ({"level": "terrible"}, "unknown_level"),
        ({"origin_kind": "rumour"}, "unknown_origin"),
        ({"criterion": "no-such-clause"}, "no_criterion"),
        ({"photos": ["0" * 64]}, "unknown_photo"),
        ({"level": "general", "owner_post": uuid7(MONDAY)}, "no_such_post"),
    ],
)
def test_rubbish_is_refused_and_leaves_nothing(street: Street, more: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        report_hazards(
            [NewHazard(**{"site": street.site, "text": "油烟道积油", **more})], by=street.sister_liu, now=MONDAY
        )

    assert Hazard.objects.count() == 0
    assert street.trail_since(MONDAY) == []


def test_one_bad_row_names_itself_and_takes_the_others_with_it(street: Street) -> None:
    rows = [NewHazard(site=street.site, text="一"), NewHazard(site=street.site, text="")]

    with pytest.raises(Invalid) as refusal:
        report_hazards(rows, by=street.sister_liu, now=MONDAY)

    assert refusal.value.where == "1.text"
    assert Hazard.objects.count() == 0


def test_hidden_signs_and_hostile_text_are_kept_as_plain_text(street: Street) -> None:
    hazard = report(street, text="<script>alert(1)</script>\x00\x07; DROP TABLE\u202e 灶台", item_code="")

    assert Hazard.objects.get(id=hazard.id).text == "<script>alert(1)</script>; DROP TABLE 灶台"


def test_many_cost_no_more_statements_than_one(street: Street) -> None:
    def cost(count: int) -> int:
        rows = [
            NewHazard(site=street.site, text=f"隐患{n}", item_code="restaurant-05", level="general")
            for n in range(count)
        ]
        with CaptureQueriesContext(connection) as counted:
            assert len(report_hazards(rows, by=street.sister_liu, now=MONDAY)) == count
        return len(counted)

    cost(1)  # the codebook is read once a process
    assert cost(1) == cost(40)


def test_the_house_may_take_over_a_register(street: Street) -> None:
    replay = Actor.system("replay")
    origin = Ref("inspections.visit", street.business.id, str(uuid7(MONDAY)))
    hazard = report_hazards(
        [
            NewHazard(
                site=street.site,
                text="Violation 6-501.12",
                level="general",
                origin=origin,
                origin_kind="replay",
                due_at=MONDAY + 10 * DAY,
                now=MONDAY - 30 * DAY,
            )
        ],
        by=replay,
        now=MONDAY,
    )[0]
    assert (hazard.found_at, hazard.due_at) == (MONDAY - 30 * DAY, MONDAY + 10 * DAY)
    assert list(queries.hazards_from(origin)) == [hazard]

    hand_in(hazard, note="corrected", by=replay, now=MONDAY)
    verify(hazard, accept=True, by=replay, now=MONDAY)
    close_hazard(hazard, by=replay, now=MONDAY)

    assert hazard.state == "closed"


def test_photos_hang_on_it_by_their_stage(street: Street) -> None:
    hazard = report(street)
    with pytest.raises(Invalid, match="unknown_stage"):
        add_photos(hazard, ["0" * 64], stage="selfie", by=street.xiao_zhao, now=MONDAY + HOUR)
    with pytest.raises(Invalid, match="photos_needed"):
        add_photos(hazard, [], by=street.xiao_zhao, now=MONDAY + HOUR)
    with pytest.raises(Invalid, match="unknown_photo"):
        add_photos(hazard, ["0" * 64], by=street.xiao_zhao, now=MONDAY + HOUR)
    with pytest.raises(NotYours):
        add_photos(hazard, ["0" * 64], by=street.boss_qian, now=MONDAY + HOUR)

    assert street.trail_since(MONDAY + HOUR) == []
