"""The language switch keeps the page and remembers the choice; seats, help and links."""

import pytest
from django.test import Client
from django.urls import reverse

from qianan.doors.kit import helping, links
from qianan.ground.accounts.models import Person
from qianan.kernel.ref import Ref
from tests.cast import Street
from tests.doors.doorstep import EN, both, come_in, get, look_over

SWITCH = "/lang/"


def test_the_choice_is_kept_on_the_device_and_in_the_profile(street: Street) -> None:
    client = come_in(street, "lao_wang", "zh-hans")

    answer = client.post(SWITCH, {"language": "en", "next": "/my/hazards/?tab=closed"})

    assert answer.headers["Location"] == "/my/hazards/?tab=closed"
    assert client.cookies["django_language"].value == "en"
    assert Person.objects.get(login="lao_wang").language == "en"
    assert 'lang="en"' in get(client, "/my/")


def test_a_new_device_speaks_the_persons_language(street: Street) -> None:
    Person.objects.filter(login="lao_wang").update(language="en")
    client = Client()
    client.force_login(street.people["lao_wang"], backend="qianan.ground.accounts.signin.NameOrMobileBackend")

    assert '<html lang="en"' in client.get("/my/").content.decode()


def test_it_never_leads_out_of_the_house(street: Street) -> None:
    client = come_in(street, "lao_wang")
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", ""):
        assert client.post(SWITCH, {"language": "en", "next": elsewhere}).headers["Location"] == "/"


def test_a_language_that_we_do_not_speak_changes_nothing(street: Street) -> None:
    client = come_in(street, "lao_wang", EN)

    client.post(SWITCH, {"language": "tlh", "next": "/"})

    assert client.cookies["django_language"].value == "en"


@pytest.mark.parametrize("door", helping.DOORS)
def test_every_help_page_opens_in_both_languages(street: Street, door: str) -> None:
    client = come_in(street, "officer_li" if door == "desk" else "lao_wang")
    for name in helping.pages(door):
        get(client, reverse("kit:help", args=[f"{door}.{name}"]))
    zh, en = both(street, "lao_wang", reverse("kit:help_index"))
    assert "每一页都有自己的帮助" in zh
    assert "Every page has its own" in en


@pytest.mark.parametrize("door", ["phone", "desk", "kit"])
def test_every_page_of_every_door_has_help(door: str) -> None:
    from importlib import import_module

    names = {each.name for each in import_module(f"qianan.doors.{door}.urls").urlpatterns}
    assert sorted(name for name in names if helping.help_of(door, name) is None) == []


def test_help_for_a_page_that_is_none_is_the_index(street: Street) -> None:
    client = come_in(street, "lao_wang")
    for odd in ("phone.nothing", "nowhere", "..", "phone.home.html"):
        look_over(client.get(reverse("kit:help", args=[odd])).content.decode())


def test_links_follow_the_door(street: Street) -> None:
    ref = Ref.of("hazards.hazard", street.business.id, street.site.id)

    assert links.link_to(ref, "phone") == f"/my/hazards/{street.business.id}/{street.site.id}/"
    assert links.link_to(ref, "desk") == f"/desk/hazards/{street.business.id}/{street.site.id}/"
    assert links.link_to(street.business, "phone") == f"/my/business/{street.business.id}/"
    assert links.link_to("nonsense", "phone") == ""
    assert links.link_to(Ref.of("places.place", None, "110105"), "phone") == ""
