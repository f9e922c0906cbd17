"""A shop pauses, closes, moves: with proof, on its day; nothing else makes its checks stop."""

from datetime import date, timedelta
from typing import Any

import pytest

from qianan.ground.evidence.models import Attachment
from qianan.kernel.actor import Actor
from qianan.kernel.problems import Conflict, Invalid, InvalidMany, NotNow, NotYours, Problem
from qianan.registry.businesses.actions import NewSite, change_due_sites, change_site, describe_site
from qianan.registry.businesses.models import Business, Oversight, Site, SiteChange
from tests.cast import MONDAY, Street
from tests.registry.businesses.photos import a_paper

TODAY = date(2026, 11, 2)
NEWS = "businesses.SiteStateChanged"


def paused(street: Street, **more: Any) -> SiteChange:
    given: dict[str, Any] = {
        "state": "paused",
        "reason": "装修",
        "from_day": TODAY,
        "until_day": TODAY + timedelta(days=10),
        "by": street.lao_wang,
        "now": MONDAY,
    }
    given |= more
    if "proof" not in given and given["by"] in (street.lao_wang, street.sister_liu):
        given["proof"] = [a_paper(by=street.lao_wang, now=MONDAY - timedelta(hours=1))]
    return change_site(street.site, **given)


def state_of(site: Site) -> tuple[str, date | None]:
    site.refresh_from_db()
    return site.state, site.state_until


def told(street: Street) -> list[tuple[str, str, str]]:
    return [(e.about, e.body["was"], e.body["now"]) for e in street.trail_since(MONDAY) if e.news == NEWS]


def test_lao_wang_pauses_for_a_new_kitchen_with_proof(street: Street) -> None:
    change = paused(street)

    assert state_of(street.site) == ("paused", date(2026, 11, 12))
    assert (change.was, change.now, change.pending) == ("open", "paused", False)
    assert Attachment.objects.get(about=str(change.ref)).stage == "proof"
    (entry,) = [entry for entry in street.trail_since(MONDAY) if entry.news == NEWS]
    assert entry.about == str(street.site.ref)
    assert entry.body == {
        "was": "open",
        "now": "paused",
        "reason": "装修",
        "from_day": "2026-11-02",
        "until_day": "2026-11-12",
    }


def test_a_paused_business_is_still_there(street: Street) -> None:
    paused(street)

    assert Business.objects.get(id=street.business.id).state == "active"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"proof": ()}, "proof_needed"),
        ({"reason": " "}, "reason_needed"),
        ({"reason": "装" * 301}, "too_long"),
        ({"reason": "装\x01修"}, "control_characters"),
        ({"from_day": TODAY - timedelta(days=8)}, "from_day_too_early"),
        ({"from_day": TODAY + timedelta(days=61), "until_day": TODAY + timedelta(days=70)}, "from_day_too_late"),
        ({"until_day": None}, "until_day_needed"),
        ({"until_day": TODAY}, "bad_until_day"),
        ({"until_day": TODAY + timedelta(days=400)}, "bad_until_day"),
        ({"proof": ["0" * 64]}, "unknown_photo"),
        ({"state": "moved"}, "moved_to_needed"),
        ({"state": "merged"}, "not_now"),
        ({"state": "open"}, "not_now"),
    ],
)
def test_what_is_missing_is_said_and_nothing_moves(street: Street, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Problem) as refused:
        paused(street, **more)

    problems = refused.value.problems if isinstance(refused.value, InvalidMany) else [refused.value]
    assert [each.code for each in problems] == [code]
    assert state_of(street.site) == ("open", None)
    assert SiteChange.objects.count() == 0
    assert told(street) == []


@pytest.mark.parametrize("name", ["xiao_zhao", "boss_qian", "officer_he", "ms_chen", "stranger"])
def test_others_say_nothing_about_it(street: Street, name: str) -> None:
    with pytest.raises(NotYours):
        paused(street, by=street.actors[name])

    assert state_of(street.site) == ("open", None)


def test_the_street_closes_what_is_gone_without_papers(street: Street) -> None:
    change_site(
        street.site,
        state="closed",
        reason="现场查看,已停业",
        from_day=TODAY - timedelta(days=30),
        by=street.officer_li,
        now=MONDAY,
    )

    assert state_of(street.site) == ("closed", None)
    assert Business.objects.get(id=street.business.id).state == "closed"
    assert [entry.news for entry in street.trail_since(MONDAY)] == [NEWS, "businesses.BusinessChanged"]


def test_it_opens_again_and_the_business_with_it(street: Street) -> None:
    change_site(street.site, state="closed", reason="停业", from_day=TODAY, by=street.officer_li, now=MONDAY)

    change_site(
        street.site, state="open", reason="复业", from_day=TODAY, by=street.lao_wang, now=MONDAY + timedelta(hours=1)
    )

    assert state_of(street.site) == ("open", None)
    assert Business.objects.get(id=street.business.id).state == "active"


def test_what_lies_ahead_waits_for_its_day(street: Street) -> None:
    paused(street, from_day=TODAY + timedelta(days=3))
    assert state_of(street.site) == ("open", None)
    assert told(street) == []

    assert change_due_sites(MONDAY + timedelta(days=2)) == 0
    assert change_due_sites(MONDAY + timedelta(days=3)) == 1
    assert change_due_sites(MONDAY + timedelta(days=3)) == 0

    assert state_of(street.site) == ("paused", date(2026, 11, 12))
    assert told(street) == [(str(street.site.ref), "open", "paused")]


def test_one_change_waits_at_a_time(street: Street) -> None:
    paused(street, from_day=TODAY + timedelta(days=3))

    with pytest.raises(Conflict) as refused:
        paused(street, from_day=TODAY + timedelta(days=5))

    assert refused.value.code == "change_pending"
    assert SiteChange.objects.count() == 1


def test_a_pause_ends_by_itself(street: Street) -> None:
    paused(street)

    assert change_due_sites(MONDAY + timedelta(days=9)) == 0
    assert change_due_sites(MONDAY + timedelta(days=10)) == 1

    assert state_of(street.site) == ("open", None)
    assert told(street)[-1] == (str(street.site.ref), "paused", "open")
    assert street.trail_since(MONDAY + timedelta(days=10))[0].via == "clock"


def test_a_move_to_another_street_takes_the_business_along(street: Street) -> None:
    change = change_site(
        street.site,
        state="moved",
        reason="房屋到期,搬到呼家楼",
        from_day=TODAY,
        proof=[a_paper(by=street.lao_wang, now=MONDAY - timedelta(hours=1))],
        moved_to=NewSite(address="呼家楼北里 3 号", place_code="110105002"),
        by=street.lao_wang,
        now=MONDAY,
    )

    new = Site.objects.get(business_id=street.business.id, succeeds=street.site.id)
    assert (new.number, new.name_zh, new.venue, new.tags, new.state, new.opened_on) == (
        2,
        "老王面馆",
        "restaurant",
        ["gas"],
        "open",
        TODAY,
    )
    assert change.now == "moved"
    assert state_of(street.site) == ("moved", None)
    business = Business.objects.get(id=street.business.id)
    assert (business.place_code, business.state, business.line) == ("110105002", "active", "commerce")
    assert list(
        Oversight.objects.filter(business_id=business.id, duty_type="territory")
        .order_by("since")
        .values_list("body_code", "until")
    ) == [("street:110105001", TODAY), ("street:110105002", None)]


def test_a_move_ahead_opens_the_new_site_on_that_day(street: Street) -> None:
    day = TODAY + timedelta(days=5)
    change_site(
        street.site,
        state="moved",
        reason="下周搬",
        from_day=day,
        proof=[a_paper(by=street.lao_wang, now=MONDAY - timedelta(hours=1))],
        moved_to=NewSite(place_code="110105002"),
        by=street.lao_wang,
        now=MONDAY,
    )
    new = Site.objects.get(succeeds=street.site.id)
    assert (state_of(street.site)[0], new.state) == ("open", "paused")
    assert Business.objects.get(id=street.business.id).place_code == street.business.place_code

    assert change_due_sites(MONDAY + timedelta(days=5)) == 2

    assert (state_of(street.site)[0], state_of(new)) == ("moved", ("open", None))
    assert Business.objects.get(id=street.business.id).place_code == "110105002"


def test_a_moved_site_stays_moved(street: Street) -> None:
    change_site(
        street.site,
        state="moved",
        reason="搬走",
        from_day=TODAY,
        moved_to=NewSite(address="新址"),
        by=street.officer_li,
        now=MONDAY,
    )

    with pytest.raises(NotNow):
        change_site(street.site, state="open", reason="又回来", from_day=TODAY, by=street.officer_li, now=MONDAY)


def test_a_waiting_change_that_no_longer_fits_falls_away(street: Street) -> None:
    paused(street, from_day=TODAY + timedelta(days=3))
    Site.objects.filter(id=street.site.id).update(state="closed")

    assert change_due_sites(MONDAY + timedelta(days=3)) == 0

    assert state_of(street.site)[0] == "closed"
    assert SiteChange.objects.filter(pending=True).count() == 0
    assert told(street) == []


def test_sister_liu_says_that_there_is_lpg(street: Street) -> None:
    describe_site(street.site, tags=("gas", "lpg"), address="光华路 2 号", by=street.sister_liu, now=MONDAY)

    street.site.refresh_from_db()
    assert (street.site.tags, street.site.address) == (["gas", "lpg"], "光华路 2 号")
    assert [(e.news, e.body["fields"]) for e in street.trail_since(MONDAY)] == [
        ("businesses.BusinessChanged", ["address", "tags"])
    ]


def test_she_cannot_say_that_the_gas_is_gone_but_the_street_can(street: Street) -> None:
    with pytest.raises(NotYours):
        describe_site(street.site, tags=(), by=street.sister_liu, now=MONDAY)
    assert street.trail_since(MONDAY) == []

    describe_site(street.site, tags=(), by=street.officer_li, now=MONDAY)

    street.site.refresh_from_db()
    assert street.site.tags == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"state": "closed"}, "unknown_field"),
        ({"name_zh": ""}, "name_needed"),
        ({"place_code": "99"}, "unknown_place"),
        ({"venue": "moon"}, "unknown_venue"),
        ({"tags": ("magic",)}, "unknown_tag"),
        ({"lat": 123.0}, "bad_number"),
    ],
)
def test_wrong_facts_are_refused(street: Street, facts: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        describe_site(street.site, **facts, by=street.officer_li, now=MONDAY)

    assert refused.value.code == code
    assert street.trail_since(MONDAY) == []


def test_the_clock_is_the_house(street: Street) -> None:
    assert change_due_sites(MONDAY) == 0
    assert Actor.system("clock").is_system
