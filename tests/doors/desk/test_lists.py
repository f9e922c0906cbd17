"""Work lists: filters in the address, many rows chosen at once, a preview of whom it reaches, delivery recorded."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qianan.field.selfchecks.models import Standing
from qianan.registry.duties.models import Instruction, Order
from tests.cast import MONDAY, make_business
from tests.doors.desk.conftest import Busy
from tests.doors.doorstep import come_in, get, look_over, text_of

NAMES = re.compile(r'<a class="plain" href="[^"]+"><b>([^<]+)</b></a>')


def shown(html: str) -> list[str]:
    """The links of a list in their order."""
    table = html[html.index("<tbody>") :] if "<tbody>" in html else ""
    return NAMES.findall(table)


def test_silent_sites_say_how_long_and_how_far_it_climbed(busy: Busy) -> None:
    html = get(come_in(busy.street, "officer_li"), reverse("desk:selfchecks"))
    text = text_of(html)

    assert shown(html) == ["Lao Wang&#x27;s Noodles"]
    assert "1 site" in text
    assert '<span class="late">' in html
    assert "never" in text


def test_the_longest_silent_stands_first_whether_it_ever_checked_or_not(busy: Busy) -> None:
    """One that never checked in two days is not before one whose last check is a month ago."""
    Standing.objects.filter(business_id=busy.street.other_business.id).update(
        owed_since=date(2026, 9, 1), last_at=MONDAY - timedelta(days=30), missed_in_row=1
    )

    html = get(come_in(busy.street, "director_sun"), reverse("desk:selfchecks"))

    assert shown(html) == ["Qian&#x27;s Teahouse", "Lao Wang&#x27;s Noodles"]


def test_the_url_is_the_state(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")
    url = reverse("desk:hazards")

    assert shown(get(client, url + "?level=major"))[0] == "疏散楼梯间改作库房"
    assert len(shown(get(client, url + "?level=major"))) == 2  # what, and whose
    assert len(shown(get(client, url + "?level=unrated"))) == 2
    assert shown(get(client, url + "?q=软管"))[0] == "软管超长,中间有接头"
    assert shown(get(client, url + "?overdue=yes"))[0] == "软管超长,中间有接头"
    assert shown(get(client, url + "?place=110105001"))
    assert shown(get(client, url + "?origin=inspection")) == []


def test_a_list_that_filters_emptied_offers_to_clear_them(busy: Busy) -> None:
    html = get(come_in(busy.street, "officer_li"), reverse("desk:hazards") + "?origin=tipoff")

    assert "Nothing answers to these filters" in text_of(html)
    assert '<a class="btn btn--do" href="/desk/hazards/">Clear all</a>' in html


def test_the_order_is_said_and_turned(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")
    html = get(client, reverse("desk:hazards") + "?order=-found")

    assert 'aria-sort="descending"><a href="/desk/hazards/?order=found">Found</a>' in html


def test_pages_ask_the_same_number_of_questions_for_one_row_and_for_many(busy: Busy) -> None:
    client = come_in(busy.street, "chief_zhang")
    url = reverse("desk:businesses")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for n in range(60):
        make_business(f"小店{n}", f"Shop {n}", f"9211010{n:011d}"[:18], "110105002")

    with CaptureQueriesContext(connection) as many:
        html = get(client, url)
    second = get(client, url + "?page=2")

    assert len(many) == len(one)
    assert "1–50 of 61" in text_of(html)
    assert "51–61 of 61" in text_of(second)
    assert "51–61 of 61" in text_of(get(client, url + "?page=99999"))


def preview(busy: Busy, client, status: int = 200, **data: object) -> str:
    response = client.post(reverse("desk:instruct"), data)
    assert response.status_code == status
    html = response.content.decode()
    look_over(html)
    return html


def hidden(html: str) -> dict[str, list[str]]:
    """What the preview's form would send."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', html):
        found.setdefault(name, []).append(value)
    return found


def test_the_preview_says_whom_it_reaches_and_who_is_skipped(busy: Busy) -> None:
    lonely, _site = make_business("没人店", "Nobody's Shop", "92110105MA00NOBODY"[:18], "110105001")
    client = come_in(busy.street, "officer_li")

    html = preview(busy, client, act="urge", pick=[str(busy.business.id), str(lonely.id)])
    text = text_of(html)

    assert "Send to 1 business" in text
    assert "1 businesses, 2 people" in text
    assert "nobody with a seat there could read it" in text
    assert "Nobody&#x27;s Shop" in html
    assert Instruction.objects.count() == 0


def test_urging_reaches_each_once_and_twice_sent_is_once(busy: Busy, let_news_travel) -> None:
    client = come_in(busy.street, "officer_li")
    form = hidden(preview(busy, client, act="urge", pick=[str(busy.business.id)]))
    sent = {"act": "urge", "id": form["id"], "pick": form["pick"], "text": "今天请自查", "send": "1"}
    sent["ack_by"] = "2026-11-12T18:00"

    first = client.post(reverse("desk:instruct"), sent)
    again = client.post(reverse("desk:instruct"), sent)

    instruction = Instruction.objects.get()
    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"] == f"/desk/instructions/{instruction.id}/"
    assert instruction.urge
    assert instruction.count == 1
    assert Order.objects.count() == 1


def test_the_instruction_page_shows_who_acknowledged_and_what_was_delivered(busy: Busy, let_news_travel) -> None:
    from qianan.ground.notices import delivery
    from qianan.registry.duties import actions as duties

    client = come_in(busy.street, "officer_li")
    form = hidden(preview(busy, client, act="instruct", pick=[str(busy.business.id)]))
    client.post(
        reverse("desk:instruct"),
        {**form, "act": "instruct", "text": "报送名单", "send": "1", "ack_by": "2026-11-12T18:00"},
    )
    let_news_travel()
    delivery.deliver_due(busy.today)
    instruction = Instruction.objects.get()
    url = reverse("desk:instruction", args=[instruction.id])

    waiting = text_of(get(client, url))
    duties.acknowledge(Order.objects.get(), note="收到", by=busy.lao_wang, now=busy.today)
    done = text_of(get(client, url))

    assert "0 of 1 have acknowledged" in waiting
    assert "王建国" in waiting
    assert "1 of 1 have acknowledged" in done
    assert "收到" in done
    assert "Nobody stands in this list" in text_of(get(client, url + "?state=waiting"))


def test_whoever_was_urged_today_is_skipped_unless_one_insists(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")
    form = hidden(preview(busy, client, act="urge", pick=[str(busy.business.id)]))
    client.post(
        reverse("desk:instruct"),
        {**form, "act": "urge", "text": "请自查", "send": "1", "ack_by": "2026-11-12T18:00"},
    )

    skipped = text_of(preview(busy, client, act="urge", pick=[str(busy.business.id)]))
    insisted = text_of(preview(busy, client, act="urge", pick=[str(busy.business.id)], again="1"))

    assert "urged today already" in skipped
    assert "Nobody would be reached" in skipped
    assert "Send to 1 business" in insisted


def test_all_of_a_list_is_chosen_by_its_filters(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")

    every = text_of(preview(busy, client, act="urge", all="1", source="selfchecks", query="state=silent"))
    none = client.post(
        reverse("desk:instruct"), {"act": "urge", "all": "1", "source": "selfchecks", "query": "state=led"}
    )

    assert "Send to 1 business" in every
    assert none.status_code == 422
    assert "Nobody is chosen" in text_of(none.content.decode())


@pytest.mark.parametrize("source", ["businesses", "selfchecks", "hazards", "duties"])
def test_every_list_can_be_chosen_whole(busy: Busy, source: str) -> None:
    client = come_in(busy.street, "chief_zhang")

    text = text_of(preview(busy, client, act="instruct", all="1", source=source, query="place=110105"))

    assert "Send to 1 business" in text


def test_a_business_of_another_area_cannot_be_slipped_in(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")

    answer = client.post(reverse("desk:instruct"), {"act": "urge", "pick": [str(busy.other_business.id)]})

    assert answer.status_code == 422
    assert "钱记茶馆" not in answer.content.decode()
    assert Instruction.objects.count() == 0


def test_an_empty_text_comes_back_with_what_was_typed(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")

    html = preview(
        busy,
        client,
        status=422,
        act="instruct",
        id="01a199c5-3280-7000-af03-6ec2ca26d1ea",
        pick=[str(busy.business.id)],
        text=" ",
        ack_by="2026-11-12T18:00",
        send="1",
    )

    assert 'class="errors"' in html
    assert 'value="2026-11-12T18:00"' in html
    assert Instruction.objects.count() == 0


def test_an_instruction_of_another_area_looks_like_none(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")
    form = hidden(preview(busy, client, act="urge", pick=[str(busy.business.id)]))
    client.post(
        reverse("desk:instruct"),
        {**form, "act": "urge", "text": "请自查", "send": "1", "ack_by": "2026-11-12T18:00"},
    )
    url = reverse("desk:instruction", args=[Instruction.objects.get().id])

    get(come_in(busy.street, "officer_he"), url, 404)
    assert come_in(busy.street, "officer_he").post(url + "resend/").status_code == 404


def test_a_promise_shows_its_ladder_and_its_people(busy: Busy) -> None:
    from qianan.registry.duties.models import Duty

    duty = Duty.objects.get(kind="rectification", level="general")
    text = text_of(get(come_in(busy.street, "officer_li"), reverse("desk:duty", args=[duty.business_id, duty.id])))

    assert "赵小明" in text
    assert "Ladder" in text
    assert "建外街道" in text or "Jianwai" in text
    get(come_in(busy.street, "officer_he"), reverse("desk:duty", args=[duty.business_id, duty.id]), 404)


def test_more_time_is_granted_once_and_the_old_deadline_stays_on_record(busy: Busy) -> None:
    from datetime import timedelta

    from qianan.field.hazards import actions as hazards
    from qianan.field.hazards.models import Hazard

    due = Hazard.objects.get(id=busy.general.id).due_at
    hazards.ask_extension(
        Hazard.objects.get(id=busy.general.id),
        until=due + timedelta(days=5),
        reason="等配件",
        by=busy.lao_wang,
        now=busy.today,
    )
    client = come_in(busy.street, "officer_li")
    html = get(client, reverse("desk:extensions"))
    url = re.search(r'href="(/desk/extensions/[^"]+)"', html)[1]
    assert "等配件" in text_of(html)

    refused = client.post(url, {"grant": "no", "note": ""})
    assert refused.status_code == 422
    granted = client.post(url, {"grant": "yes", "note": "可以"})
    late = client.post(url, {"grant": "no", "note": "晚了"})

    assert granted.status_code == 302
    assert late.status_code == 409
    assert Hazard.objects.get(id=busy.general.id).due_at == due + timedelta(days=5)
    assert "Nobody waits for more time" in text_of(get(client, reverse("desk:extensions")))
