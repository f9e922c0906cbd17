"""What follows by itself: lists, deadlines, letters. Safe to hear twice."""

from collections.abc import Callable
from datetime import timedelta

from qianan.field.hazards import listeners
from qianan.field.hazards.actions import ask_extension, hand_in, order_rectification, rate, verify
from qianan.field.hazards.models import Hazard, Rectification, Supervision
from qianan.ground.notices.models import Notice
from qianan.ground.trail.models import Entry
from qianan.registry.duties.actions import decide_extension, escalate_overdue
from qianan.registry.duties.models import Duty
from tests.cast import MONDAY, Street
from tests.field.hazards.test_stories import a_hazard

DAY = timedelta(days=1)
Travel = Callable[..., int]


def letters(street: Street) -> list[tuple[str, str]]:
    names = {person.id: login for login, person in street.people.items()}
    return sorted((names[row.person], row.kind) for row in Notice.objects.all())


def test_the_cook_is_told_of_his_duty_and_nobody_of_the_own_act(street: Street, let_news_travel: Travel) -> None:
    a_hazard(street, level="unrated", item_code="restaurant-03", suggested="major")

    let_news_travel(MONDAY)

    assert letters(street) == [("sister_liu", "duty_opened")]
    let_news_travel(MONDAY)
    assert len(letters(street)) == 1


def test_a_late_major_goes_on_the_districts_list_by_itself_and_once(street: Street, let_news_travel: Travel) -> None:
    hazard = a_hazard(street, level="unrated", item_code="restaurant-03", suggested="major")
    rate(hazard, level="major", criterion=hazard.criterion, by=street.sister_liu, now=MONDAY)
    order_rectification(hazard, by=street.sister_liu, now=MONDAY)
    late = MONDAY + 40 * DAY
    escalate_overdue(late)

    let_news_travel(late)
    listeners.put_under_supervision(list(Entry.objects.filter(news="duties.DutyEscalated")), now=late)

    assert list(Supervision.objects.values_list("level", "body_code", "state")) == [
        ("district", "district:110105", "listed")
    ]
    assert Hazard.objects.get(id=hazard.id).supervised
    assert Duty.objects.filter(kind="supervision", state="open", owner_post=street.posts["district:110105/head"].id)
    told = letters(street)
    assert ("lao_wang", "hazard_supervised") in told
    assert ("sister_liu", "hazard_supervised") in told
    assert ("chief_zhang", "duty_escalated") in told
    assert ("ms_chen", "duty_escalated") in told


def test_a_granted_extension_reaches_the_hazard(street: Street, let_news_travel: Travel) -> None:
    hazard = a_hazard(street)
    due = hazard.due_at
    asked = ask_extension(hazard, until=MONDAY + 20 * DAY, reason="等配件", by=street.xiao_zhao, now=MONDAY)
    let_news_travel(MONDAY)
    assert ("officer_li", "extension_asked") in letters(street)

    decide_extension(asked, grant=True, by=street.officer_li, now=MONDAY + DAY)
    let_news_travel(MONDAY + DAY)

    hazard.refresh_from_db()
    assert due is not None
    assert hazard.due_at == MONDAY + 20 * DAY > due
    assert Rectification.objects.get(hazard_id=hazard.id).due_at == MONDAY + 20 * DAY
    assert ("xiao_zhao", "extension_decided") in letters(street)


def test_a_returned_fix_is_told_with_its_reason_and_once(street: Street, let_news_travel: Travel) -> None:
    hazard = a_hazard(street)
    hand_in(hazard, note="好了", by=street.xiao_zhao, now=MONDAY)
    verify(hazard, accept=False, note="接口还漏", by=street.sister_liu, now=MONDAY)

    let_news_travel(MONDAY)

    mine = Notice.objects.filter(person=street.people["xiao_zhao"].id)
    assert [(row.kind, row.params["reason"]) for row in mine] == [("fix_returned", "接口还漏")]


def test_old_news_wakes_nobody(street: Street, let_news_travel: Travel) -> None:
    a_hazard(street, level="unrated")

    let_news_travel(MONDAY + 3 * DAY)

    assert letters(street) == []
