"""Words of letters: what happened, what to do, by when, whom to call, in both languages."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from qianan.ground.accounts.models import Body
from qianan.ground.notices import words
from qianan.ground.notices.models import Notice
from qianan.kernel.ids import uuid7
from tests.cast import COMMUNITY, MONDAY, Street

EVERYTHING = {
    "subject": "灶台软管老化",
    "number": "YH20261102-AAAAAA",
    "business": "老王面馆",
    "business_en": "Lao Wang's Noodles",
    "site": "老王面馆",
    "site_en": "Lao Wang's Noodles",
    "body_zh": "建外街道办事处",
    "body_en": "Jianwai Sub-district Office",
    "from_zh": "后厨班长",
    "from_en": "Kitchen lead",
    "post_zh": "后厨班长",
    "post_en": "Kitchen lead",
    "level": "major",
    "role": "safety_manager",
    "reason": "照片看不清",
    "note": "早做打算。",
    "text": "请今天检查燃气软管",
    "scope": "后厨",
    "until": "2026-11-20",
    "was": "2026-11-09",
    "days_late": 3,
    "days": 14,
    "due_at": "2026-11-09T15:59:59+00:00",
}
VARIANTS: list[dict[str, Any]] = [
    *({"kind": kind} for kind in ("rating", "rectification", "verification", "silence", "claim", "plan", "transfer")),
    {"kind": "supervision"},
    {"kind": "double_report"},
    {"side": "workers"},
    {"granted": True, "approved": True},
    {"granted": False, "approved": False},
]


def a_letter(street: Street, kind: str, **facts: Any) -> Notice:
    usual = {
        "params": EVERYTHING | {"who_person": str(street.xiao_zhao.person)},
        "about": "hazards.hazard::1",
        "place_code": COMMUNITY,
        "business_id": street.business.id,
        "person": street.lao_wang.person,
        "source": str(uuid7(MONDAY)),
        "at": MONDAY,
    }
    return Notice(id=uuid7(MONDAY), kind=kind, **(usual | facts))


@pytest.mark.parametrize("kind", [*words.kinds(), *words.ALSO, "something_new"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_is_said_whole(street: Street, kind: str, language: str) -> None:
    for variant in [{}, *VARIANTS]:
        params = EVERYTHING | variant | {"who_person": str(street.xiao_zhao.person)}
        said = words.say_all(
            [a_letter(street, kind, params=params, ack_by=MONDAY)], language=language, more={"code": "123456"}
        )[0]

        assert "%(" not in said.text
        assert "—" not in said.text, (kind, variant)
        assert bool(re.search("[一-鿿]", said.subject)) or language == "en" or kind == "code"
        if language == "zh-hans":
            assert not re.search(r"[a-z]{4,}", said.subject + "".join(said.lines)), said.text


def test_a_letter_says_what_happened_what_to_do_by_when_and_whom_to_call(street: Street) -> None:
    Body.objects.filter(code="street:110105001").update(phone="010-65080000")
    notice = a_letter(street, "fix_returned")

    chinese, english = words.say(notice, language="zh-hans"), words.say(notice, language="en")

    assert chinese.subject == "还没改好：灶台软管老化"
    assert chinese.lines == (
        "老王面馆的“灶台软管老化”（YH20261102-AAAAAA）整改被退回。理由：照片看不清。",
        "改好再交一次。",
        "期限：2026年11月9日。",
        "有事请联系：建外街道办事处 010-65080000。",
    )
    assert english.lines == (
        "The fix of 灶台软管老化 at Lao Wang's Noodles (YH20261102-AAAAAA) was sent back. Reason: 照片看不清.",
        "Put it right and hand it in again.",
        "Due: 9 Nov 2026.",
        "Questions: Jianwai Sub-district Office 010-65080000.",
    )
    assert english.link == f"http://127.0.0.1:8000/inbox/{notice.id}/"


def test_a_letter_without_params_is_still_a_sentence(street: Street) -> None:
    said = words.say(a_letter(street, "fix_returned", params={}), language="zh-hans")

    assert said.subject == "还没改好：一件待办"


def test_names_of_people_come_from_where_they_can_be_erased(street: Street) -> None:
    notice = a_letter(street, "seat_left")
    assert words.say(notice, language="zh-hans").subject == "赵小明离岗：老王面馆后厨班长"

    person = street.people["xiao_zhao"]
    person.name, person.erased_at = "", MONDAY
    person.save()

    assert words.say(notice, language="zh-hans").subject == "—离岗：老王面馆后厨班长"


def test_hostile_params_break_no_sentence(street: Street) -> None:
    said = words.say(
        a_letter(
            street,
            "fix_returned",
            params={"subject": "100% %(code)s %s\n\tx", "due_at": "tomorrow", "who_person": "nobody", "until": 7},
        ),
        language="en",
    )

    assert said.subject == "Not fixed yet: 100% %(code)s %s x"
    assert "Due: tomorrow." in said.lines


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        ("2026-11-09", "2026年11月9日", "9 Nov 2026"),
        ("2026-11-09T10:00:00+00:00", "2026年11月9日 18:00", "9 Nov 2026 18:00"),
        ("2026-11-09T15:59:59+00:00", "2026年11月9日", "9 Nov 2026"),
        (datetime(2026, 11, 9, 16, 0, tzinfo=UTC), "2026年11月10日 00:00", "10 Nov 2026 00:00"),
        ("soon", "soon", "soon"),
    ],
)
def test_moments_are_said_in_the_instances_zone(value: Any, chinese: str, english: str) -> None:
    assert (words.when(value, "zh-hans"), words.when(value, "en")) == (chinese, english)


def test_several_letters_are_one_message(street: Street) -> None:
    said = [words.say(a_letter(street, "hazard_closed"), language="en") for _ in range(3)]

    subject, text = words.digest(said, language="en", most=2)

    assert subject == "3 letters: Closed: 灶台软管老化"
    assert text.count("Show the result to the staff.") == 2
    assert "And 1 more." in text
    assert text.endswith("/inbox/")


def test_many_letters_take_few_queries(street: Street, django_assert_max_num_queries: Callable[..., Any]) -> None:
    many = [a_letter(street, "fix_returned", at=MONDAY + timedelta(minutes=n)) for n in range(50)]

    with django_assert_max_num_queries(4):
        assert len(words.say_all(many, language="zh-hans")) == 50
