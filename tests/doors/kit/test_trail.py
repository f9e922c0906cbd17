"""The trail as sentences: names in bulk, erased ones a dash, every event said in both languages."""

import re

import pytest
from django.utils import translation

from qianan.doors.kit import words
from qianan.doors.kit.trail import sentences
from qianan.field.hazards import actions as hazards
from qianan.ground.accounts import actions as accounts
from qianan.ground.trail import queries as trail
from qianan.kernel.actor import Actor
from qianan.registry.businesses import actions as registry
from qianan.registry.duties import actions as duties
from qianan.registry.duties.models import Duty
from tests.cast import MONDAY, Street


def told(street: Street, language: str = "en") -> list[str]:
    with translation.override(language):
        return [each.text for each in sentences(trail.entries_of(street.business.id), street.lao_wang)]


@pytest.fixture
def story(street: Street) -> Street:
    new = hazards.NewHazard(site=street.site, text="hose", origin_kind="manager", level="general")
    hazard = hazards.report_hazards([new], by=street.sister_liu, now=MONDAY)[0]
    duty = Duty.objects.get(kind="rectification")
    duties.reassign(duty, to_post=street.posts["safety_manager"].id, by=street.lao_wang, now=MONDAY)
    registry.set_tier(street.business, tier="district_key", reason="gas", by=street.chief_zhang, now=MONDAY)
    street.hazard = hazard
    return street


def test_people_posts_and_hazards_have_their_names(story: Street) -> None:
    said = " ".join(told(story))

    assert "刘芳" in said
    assert "Kitchen lead" in said
    assert "Safety manager" in said
    assert "%(" not in said
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", said), "an id is no name"
    assert "后厨班长" in " ".join(told(story, "zh-hans"))


def test_an_erased_person_is_a_dash(story: Street) -> None:
    accounts.erase_person(story.people["sister_liu"], by=story.sister_liu, now=MONDAY)

    said = " ".join(told(story))

    assert "刘芳" not in said
    assert "—" in said


def test_the_number_of_questions_does_not_grow(story: Street, django_assert_max_num_queries) -> None:
    new = [
        hazards.NewHazard(site=story.site, text=f"number {number}", origin_kind="manager", level="general")
        for number in range(20)
    ]
    hazards.report_hazards(new, by=story.sister_liu, now=MONDAY)

    with django_assert_max_num_queries(10):
        lines = sentences(list(trail.entries_of(story.business.id)), story.lao_wang)
    assert len(lines) > 60


def test_news_without_words_is_said_plainly(story: Street, monkeypatch) -> None:
    monkeypatch.setattr(words, "news", dict)

    said = told(story)

    assert any(line.startswith("刘芳: hazard reported (hazard YH") for line in said)


def test_the_clock_is_called_the_system(street: Street) -> None:
    hazards.report_hazards(
        [hazards.NewHazard(site=street.site, text="x", origin_kind="replay", level="general")],
        by=Actor.system("replay"),
        now=MONDAY,
    )

    with translation.override("en"):
        lines = sentences(trail.entries_of(street.business.id))
    assert all(line.system for line in lines)
    assert any("The system" in line.text for line in lines)
