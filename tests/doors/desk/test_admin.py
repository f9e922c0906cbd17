"""What the administrator looks after: seats, invitations, channels, the queue, the proof of the trail, versions."""

import re

import pytest
from django.urls import reverse

from qianan.ground.accounts.models import Invitation, Person, Seat
from qianan.ground.notices.models import Channel
from qianan.ground.trail.models import Ticket
from tests.doors.desk.conftest import Busy
from tests.doors.doorstep import come_in, get, look_over, text_of


@pytest.mark.parametrize("page", ["channels", "queue", "trail", "seat_new", "invite"])
def test_only_the_administrator_sees_the_engine_room(busy: Busy, page: str) -> None:
    get(come_in(busy.street, "admin"), reverse(f"desk:{page}"))
    get(come_in(busy.street, "director_sun"), reverse(f"desk:{page}"), 403)


def test_a_seat_is_given_to_somebody_new_and_ended(busy: Busy) -> None:
    client = come_in(busy.street, "admin")
    form = {
        "login": "new_officer",
        "name": "新来的",
        "mobile": "13900009999",
        "body": "street:110105001",
        "role": "street",
        "post": "inspector",
    }

    assert client.post(reverse("desk:seat_new"), {**form, "body": "street:nowhere"}).status_code == 422
    assert client.post(reverse("desk:seat_new"), form).status_code == 302

    person = Person.objects.get(login="new_officer")
    seat = Seat.objects.get(person=person)
    assert (seat.role, seat.place_code, seat.body_code) == ("street", "110105001", "street:110105001")
    assert "新来的" in text_of(get(client, reverse("desk:seats") + "?q=新来"))
    url = reverse("desk:seat_leave", args=[seat.id])
    assert "The seat ends today" in text_of(get(client, url))
    assert come_in(busy.street, "officer_li").get(url).status_code == 404
    assert client.post(url).status_code == 302
    assert Seat.objects.get(id=seat.id).until is not None


def test_bodies_show_who_sits_where_and_what_is_vacant(busy: Busy) -> None:
    text = text_of(get(come_in(busy.street, "officer_li"), reverse("desk:bodies")))

    assert "street:110105001" in text
    assert "李敏" in text
    assert "vacant" in text
    assert "dept:commerce:110105" not in text


def test_an_invitation_link_is_shown_once_and_can_be_taken_back(busy: Busy) -> None:
    client, url = come_in(busy.street, "admin"), reverse("desk:invite")

    made = client.post(url, {"body": "street:110105001", "role": "street", "mobile": ""}).content.decode()
    look_over(made)
    row = Invitation.objects.get()

    assert "/accounts/invitations/" in made
    assert "/accounts/invitations/" not in get(client, url)
    assert client.post(url, {"withdraw": str(row.id)}).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at is not None


def test_a_secret_is_written_and_never_shown(busy: Busy) -> None:
    client, url = come_in(busy.street, "admin"), reverse("desk:channel", args=["wecom"])
    form = {"on": "on", "set-corp_id": "ww1", "set-secret": "s3cret-of-wecom", "set-agent_id": "1000002"}

    assert client.post(url, {**form, "set-endpoint": "not an address"}).status_code == 422
    assert client.post(url, form).status_code == 302
    html = get(client, url)

    assert "s3cret-of-wecom" not in html
    assert "s3cret-of-wecom" not in str(Channel.objects.get(code="wecom").settings)
    assert 'value="ww1"' in html
    assert "One is kept, and not shown" in text_of(html)
    kept = Channel.objects.get(code="wecom").settings["secret"]
    assert client.post(url, {**form, "set-secret": ""}).status_code == 302
    assert Channel.objects.get(code="wecom").settings["secret"] == kept
    get(client, reverse("desk:channel", args=["pigeon"]), 404)


def test_news_that_was_set_aside_is_shown_and_tried_again(busy: Busy) -> None:
    ticket = Ticket.objects.order_by("id").first()
    assert ticket is not None
    Ticket.objects.filter(pk=ticket.pk).update(state="poisoned", attempts=8, last_failure="duties.tell: boom")
    client = come_in(busy.street, "admin")
    html = get(client, reverse("desk:queue"))
    url = re.search(r'action="(/desk/queue/[^"]+/retry/)"', html)[1]

    assert "duties.tell: boom" in html
    assert come_in(busy.street, "officer_li").post(url).status_code == 403
    assert client.post(url).status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).state == "waiting"
    assert client.post(url).status_code == 404


def test_the_proof_of_the_trail_names_chains_and_signatures(busy: Busy) -> None:
    from qianan.ground.trail import sealing

    client = come_in(busy.street, "admin")
    assert "Nothing is sealed yet" in text_of(get(client, reverse("desk:trail")))

    sealing.seal_all(busy.today)

    text = text_of(get(client, reverse("desk:trail")))
    assert "Chaoyang District" in text
    assert "holds" in text
    assert "0 entries not sealed yet" in text


def test_code_tables_are_searched_and_unverified_rows_marked(busy: Busy) -> None:
    client = come_in(busy.street, "officer_li")

    deadlines = get(client, reverse("desk:code_table", args=["deadlines"]))
    law = get(client, reverse("desk:code_table", args=["industries"]) + "?q=6210")

    assert '<span class="unver">not verified</span>' in deadlines
    assert "1 row" in text_of(law)
    assert "1–1 of 1" in text_of(law)
    assert '<span class="ver">verified</span>' in law
    get(client, reverse("desk:code_table", args=["passwords"]), 404)


def test_the_city_moves_a_version_on_and_others_read_only(busy: Busy) -> None:
    import copy

    from qianan.registry.checklists import actions as checklists
    from qianan.registry.checklists import queries
    from qianan.registry.checklists.models import Version

    document = copy.deepcopy(dict(queries.current("restaurant-daily").document))
    document["title_en"] = "Daily check of a restaurant, new"
    document["sections"][0]["items"][0]["text_en"] = "A new wording of the first item"
    draft = checklists.draft_version(document, by=busy.director_sun, now=busy.today)
    url = reverse("desk:version", args=[draft.id])
    client = come_in(busy.street, "director_sun")

    html = get(client, url)
    assert "1 changed" in text_of(html)
    assert ">Test it</button>" in html
    get(come_in(busy.street, "officer_li"), url, 404)
    assert client.post(url, {"to": "published"}).status_code == 409
    assert client.post(url, {"to": "nonsense"}).status_code == 404
    assert client.post(url, {"to": "testing"}).status_code == 302
    assert client.post(url, {"to": "published"}).status_code == 302

    assert Version.objects.get(id=draft.id).state == "published"
    assert Version.objects.get(id="restaurant-daily@1").state == "retired"
    read = get(come_in(busy.street, "officer_li"), url)
    assert "Retire it" not in read
    assert come_in(busy.street, "officer_li").post(url, {"to": "retired"}).status_code == 403
