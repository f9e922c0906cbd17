"""Filling in a check: taken once, kept over mistakes, with what it opened on the receipt."""

import re
import uuid

import pytest
from django.urls import reverse

from qianan.field.hazards.models import Hazard
from qianan.field.selfchecks.models import Occurrence, Submission
from qianan.kernel.ids import uuid7
from tests.cast import MONDAY, Street
from tests.doors.doorstep import EN, ZH, come_in, get, look_over, picture, text_of


@pytest.fixture
def owed(monday: Street) -> Occurrence:
    return Occurrence.objects.get(business_id=monday.business.id, checklist="restaurant-daily")


def address(owed: Occurrence) -> str:
    return reverse("phone:check", args=[owed.business_id, owed.id])


def hidden(html: str) -> dict[str, str]:
    found = {name: re.search(rf'name="{name}" value="([^"]+)"', html) for name in ("id", "version", "started")}
    return {name: match[1] for name, match in found.items() if match}


def all_pass(edition) -> dict[str, str]:
    return {f"a-{item.code}": "p" for item in edition.items}


def test_the_form_carries_an_id_and_every_item(monday: Street, owed: Occurrence, daily) -> None:
    html = get(come_in(monday, "xiao_zhao", ZH), address(owed))

    assert uuid.UUID(hidden(html)["id"]).version == 7
    assert hidden(html)["version"] == daily.version_id
    for item in daily.items:
        assert item.text_zh in html
        assert html.count(f'name="a-{item.code}"') == 3


def test_a_clean_check_gives_a_receipt(monday: Street, owed: Occurrence, daily) -> None:
    client = come_in(monday, "xiao_zhao")
    form = hidden(get(client, address(owed)))

    answer = client.post(address(owed), {**form, **all_pass(daily)})

    submission = Submission.objects.get(id=form["id"])
    assert answer.headers["Location"] == reverse("phone:submission", args=[owed.business_id, submission.id])
    owed.refresh_from_db()
    assert owed.state == "done"
    receipt = get(client, answer.headers["Location"])
    assert submission.receipt in receipt
    assert "All in order" in receipt
    assert "10 in order" in text_of(receipt)


def test_what_does_not_pass_opens_a_hazard_with_a_person_and_a_deadline(monday: Street, owed, daily) -> None:
    client = come_in(monday, "xiao_zhao")
    form = hidden(get(client, address(owed)))
    bad = next(item for item in daily.items if item.hazard_level == "general")
    sent = {
        **form,
        **all_pass(daily),
        f"a-{bad.code}": "f",
        f"n-{bad.code}": "three joints",
        f"p-{bad.code}": picture(3),
    }

    answer = client.post(address(owed), sent)

    hazard = Hazard.objects.get(business_id=monday.business.id)
    assert (hazard.item_code, hazard.level, hazard.state) == (bad.code, "general", "rectifying")
    receipt = text_of(get(client, answer.headers["Location"]))
    assert "It opened 1 hazard" in receipt
    assert "赵小明" in receipt
    assert hazard.number in receipt
    assert "9 Nov" in receipt  # seven days, by the city's table


def test_the_same_form_sent_twice_is_taken_once(monday: Street, owed, daily) -> None:
    client = come_in(monday, "xiao_zhao")
    form = hidden(get(client, address(owed)))

    client.post(address(owed), {**form, **all_pass(daily)})
    again = client.post(address(owed), {**form, **all_pass(daily)})

    assert again.status_code == 302
    assert Submission.objects.count() == 1
    assert "It was not taken twice" in get(client, again.headers["Location"])


def test_the_same_form_with_other_answers_is_a_conflict_and_both_are_kept(monday: Street, owed, daily) -> None:
    client = come_in(monday, "xiao_zhao")
    form = hidden(get(client, address(owed)))
    client.post(address(owed), {**form, **all_pass(daily)})
    first = daily.items[0].code

    again = client.post(address(owed), {**form, **all_pass(daily), f"a-{first}": "n"})

    page = get(client, again.headers["Location"])
    assert "The first stands" in page
    assert Submission.objects.get().letters == "p" * len(daily.items)


def test_a_missing_answer_is_named_and_nothing_typed_is_lost(monday: Street, owed, daily) -> None:
    client = come_in(monday, "xiao_zhao")
    form = hidden(get(client, address(owed)))
    first, second = daily.items[0], daily.items[1]
    sent = {**form, **all_pass(daily), f"a-{second.code}": "f", f"p-{second.code}": picture(5)}
    del sent[f"a-{first.code}"]

    answer = client.post(address(owed), sent)

    html = answer.content.decode()
    look_over(html)
    assert answer.status_code == 422
    assert Submission.objects.count() == 0
    assert f'href="#item-{first.code}"' in html
    assert re.search(rf'name="a-{second.code}" value="f" checked', html)
    ticket = re.search(rf'name="kept-p-{second.code}" value="([^"]+)"', html)
    assert ticket, "the picture is kept"
    assert hidden(html)["id"] == form["id"]

    sent = {**form, **all_pass(daily), f"a-{second.code}": "f", f"kept-p-{second.code}": ticket[1]}
    assert client.post(address(owed), sent).status_code == 302
    assert Submission.objects.get().fails == 1


def test_not_pass_without_a_word_or_a_picture_comes_back(monday: Street, owed, daily) -> None:
    for language, words in ((EN, "One thing to mend"), (ZH, "有 1 处要改")):
        client = come_in(monday, "xiao_zhao", language)
        form = hidden(get(client, address(owed)))
        item = daily.items[0]

        answer = client.post(address(owed), {**form, **all_pass(daily), f"a-{item.code}": "f"})

        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert Hazard.objects.count() == 0


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "not-an-id"},
        {"id": str(uuid.uuid4())},
        {"started": "yesterday"},
        {"started": "2026-13-45T99:99"},
    ],
)
def test_a_forged_id_or_time_does_no_harm(monday: Street, owed, daily, broken) -> None:
    client = come_in(monday, "xiao_zhao")
    form = hidden(get(client, address(owed))) | broken

    assert client.post(address(owed), {**form, **all_pass(daily)}).status_code == 302
    assert Submission.objects.get().id.version == 7


def test_an_unknown_edition_is_not_found(monday: Street, owed, daily) -> None:
    client = come_in(monday, "xiao_zhao")
    form = hidden(get(client, address(owed))) | {"version": "restaurant-daily@99"}

    answer = client.post(address(owed), {**form, **all_pass(daily)})

    assert answer.status_code == 404
    assert Submission.objects.count() == 0


def test_a_file_that_is_no_picture_is_said_at_its_item(monday: Street, owed, daily) -> None:
    import io

    client = come_in(monday, "xiao_zhao")
    form = hidden(get(client, address(owed)))
    item = daily.items[0]
    fake = io.BytesIO(b"MZ this is a program")
    fake.name = "photo.jpg"

    sent = {**form, **all_pass(daily), f"a-{item.code}": "f", f"p-{item.code}": fake}
    answer = client.post(address(owed), sent)

    assert answer.status_code == 422
    assert f'href="#item-{item.code}"' in answer.content.decode()
    assert Submission.objects.count() == 0


def test_hostile_words_stay_words(monday: Street, owed, daily) -> None:
    client = come_in(monday, "xiao_zhao")
    form = hidden(get(client, address(owed)))
    item = daily.items[2]
    note = "<script>alert(1)</script> ' OR 1=1 --"

    answer = client.post(address(owed), {**form, **all_pass(daily), f"a-{item.code}": "f", f"n-{item.code}": note})

    page = get(client, answer.headers["Location"])
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_principals_own_check_is_told_apart_and_counted(monday: Street, owed, daily) -> None:
    client = come_in(monday, "lao_wang")
    form = hidden(get(client, address(owed)))
    answer = client.post(address(owed), {**form, **all_pass(daily)})

    assert Submission.objects.get().led
    assert "the principal himself" in get(client, answer.headers["Location"])
    board = text_of(get(client, reverse("phone:business", args=[monday.business.id])))
    assert "1 checks came in, 1 of them by the principal himself" in board
    assert "by the principal" in get(client, reverse("phone:business_checks", args=[monday.business.id]) + "?led=1")


def test_a_list_can_be_done_though_none_is_owed(monday: Street, daily) -> None:
    client = come_in(monday, "lao_wang")
    url = reverse("phone:check_now", args=[monday.business.id, monday.site.id, "restaurant-daily"])
    form = hidden(get(client, url))

    assert client.post(url, {**form, **all_pass(daily)}).status_code == 302


def test_another_shops_check_looks_like_nothing_there(monday: Street, owed) -> None:
    for who in ("boss_qian", "stranger", "officer_he"):
        assert come_in(monday, who).get(address(owed)).status_code == 404

    nowhere = reverse("phone:check", args=[monday.business.id, uuid7(MONDAY)])
    assert come_in(monday, "lao_wang").get(nowhere).status_code == 404


def test_the_check_page_asks_little(monday: Street, owed, django_assert_max_num_queries) -> None:
    client = come_in(monday, "xiao_zhao")
    with django_assert_max_num_queries(20):
        get(client, address(owed))


def test_an_officer_looks_at_a_check_but_does_not_fill_it_in(monday: Street, owed) -> None:
    officer = come_in(monday, "officer_li")
    now = reverse("phone:check_now", args=[monday.business.id, monday.site.id, "restaurant-daily"])

    assert officer.get(address(owed)).status_code == 403
    assert officer.get(now).status_code == 403


def test_a_list_that_was_retired_keeps_its_name_on_old_receipts(monday: Street, owed, daily) -> None:
    from qianan.registry.checklists.models import Version

    client = come_in(monday, "lao_wang")
    form = hidden(get(client, address(owed)))
    client.post(address(owed), {**form, **all_pass(daily)})
    Version.objects.filter(id=daily.version_id).update(state="retired")

    for url in (reverse("phone:receipts"), reverse("phone:business_checks", args=[monday.business.id])):
        assert "Restaurant: daily check" in get(client, url)
