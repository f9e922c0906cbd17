"""Reactions to news."""

from datetime import timedelta

from qianan.field.selfchecks import actions, listeners
from qianan.ground.notices.models import Notice
from qianan.kernel.actor import Actor
from qianan.registry.businesses.actions import NewBusiness, NewSite, change_site, open_site, register_business
from tests.cast import COMMUNITY, MONDAY, STREET, Street
from tests.field.selfchecks.checks import DAILY, SUNDAY, TODAY, a_check, begin, states

HOUSE = Actor.system("setup")


def test_a_site_that_is_shut_owes_nothing_from_that_day_on(street: Street) -> None:
    begin(street)
    change_site(
        street.site,
        state="paused",
        reason="装修",
        from_day=TODAY,
        until_day=TODAY + timedelta(days=30),
        by=street.officer_li,
        now=MONDAY,
    )
    news = [entry for entry in street.trail_since(MONDAY) if entry.news == "businesses.SiteStateChanged"]

    listeners.follow_site_state(news, now=MONDAY)
    listeners.follow_site_state(news, now=MONDAY)

    assert states(street.site) == [(SUNDAY, "waived")]
    assert [entry.news for entry in street.trail_since(MONDAY)].count("selfchecks.ChecksStopped") == 1


def test_and_owes_again_when_it_opens(street: Street) -> None:
    begin(street)
    pause = {"state": "paused", "reason": "装修", "from_day": TODAY, "until_day": TODAY + timedelta(days=30)}
    change_site(street.site, **pause, by=street.officer_li, now=MONDAY)
    listeners.follow_site_state(street.trail_since(MONDAY)[-1:], now=MONDAY)
    tuesday = MONDAY + timedelta(days=1)
    street.site.refresh_from_db()
    change_site(street.site, state="open", reason="完工", from_day=tuesday.date(), by=street.officer_li, now=tuesday)
    news = [entry for entry in street.trail_since(tuesday) if entry.news == "businesses.SiteStateChanged"]

    listeners.follow_site_state(news, now=tuesday)

    assert states(street.site) == [(SUNDAY, "due")]


def test_a_new_business_and_a_new_site_owe_their_first_checks_the_same_day(street: Street) -> None:
    new = register_business(
        NewBusiness(name_zh="新开小馆", place_code=STREET, industry="6210"), by=street.officer_li, now=MONDAY
    )
    listeners.enrol_sites(street.trail_since(MONDAY), now=MONDAY)
    site = open_site(new, NewSite(name_zh="二店"), by=street.officer_li, now=MONDAY)
    told = [entry for entry in street.trail_since(MONDAY) if entry.news == "businesses.SiteOpened"]

    listeners.enrol_sites(told, now=MONDAY)
    listeners.enrol_sites(told, now=MONDAY)

    assert states(new.sites.get(number=1)) == states(site) == [(SUNDAY, "due")]


def test_who_filled_it_in_hears_that_it_came_back_and_why(street: Street) -> None:
    submission = actions.receive_submission(a_check(street), by=street.xiao_zhao, now=MONDAY).submission
    actions.return_submission(submission, reason="照片看不清", by=street.officer_li, now=MONDAY)
    news = [entry for entry in street.trail_since(MONDAY) if entry.news == "selfchecks.SubmissionReturned"]

    listeners.tell_returned(news, now=MONDAY)
    listeners.tell_returned(news, now=MONDAY)

    letter = Notice.objects.get()
    assert (letter.person, letter.kind, letter.about) == (
        street.xiao_zhao.person,
        "submission_returned",
        f"selfchecks.submission:{street.business.id}:{submission.id}",
    )
    assert (letter.params["subject"], letter.params["reason"]) == ("餐饮每日自查", "照片看不清")
    assert letter.place_code == COMMUNITY


def test_nobody_is_written_to_about_old_news_or_about_what_the_house_did(street: Street) -> None:
    submission = actions.receive_submission(a_check(street), by=HOUSE, now=MONDAY).submission
    actions.return_submission(submission, reason="照片看不清", by=street.officer_li, now=MONDAY)
    news = [entry for entry in street.trail_since(MONDAY) if entry.news == "selfchecks.SubmissionReturned"]

    listeners.tell_returned(news, now=MONDAY)
    listeners.tell_returned(news, now=MONDAY + timedelta(days=3))

    assert not Notice.objects.exists()
    assert submission.checklist == DAILY
