"""认领: a person claims a business; its street decides."""

from datetime import timedelta
from typing import Any

import pytest

from qianan.ground.accounts.models import Seat
from qianan.kernel.problems import Conflict, Invalid, NotFound, NotNow, NotYours, Problem, TooMany
from qianan.registry.businesses import queries
from qianan.registry.businesses.actions import ask_claim, decide_claim, register_business
from qianan.registry.businesses.models import Claim
from tests.cast import MONDAY, Street
from tests.registry.businesses.photos import a_paper
from tests.registry.businesses.shops import a_shop, credit_code

LATER = MONDAY + timedelta(hours=2)


def asked(street: Street, **more: Any) -> Claim:
    given: dict[str, Any] = {"role": "principal", "note": "我是老板", "by": street.stranger, "now": MONDAY}
    return ask_claim(street.business.credit_code, **(given | more))


def test_a_stranger_claims_a_shop_and_the_street_sees_it(street: Street) -> None:
    paper = a_paper(by=street.stranger, now=MONDAY - timedelta(hours=1))

    claim = asked(street, proof=[paper])

    assert (claim.state, claim.role, claim.place_code) == ("asked", "principal", street.business.place_code)
    assert list(queries.claims_for(street.officer_li)) == [claim]
    assert list(queries.claims_for(street.chief_zhang)) == [claim]
    assert [list(queries.claims_for(street.actors[name])) for name in ("officer_he", "ms_chen", "lao_wang")] == [
        [],
        [],
        [],
    ]
    (entry,) = [entry for entry in street.trail_since(MONDAY) if entry.news == "businesses.ClaimAsked"]
    assert entry.body == {"claim": str(claim.id), "person": str(street.stranger.person)}


def test_asking_twice_is_asking_once(street: Street) -> None:
    assert asked(street).id == asked(street, now=LATER).id
    assert Claim.objects.count() == 1
    assert len(street.trail_since(MONDAY)) == 1


def test_a_code_may_be_typed_in_small_letters(street: Street) -> None:
    claim = ask_claim(f" {street.business.credit_code.lower()} ", by=street.stranger, now=MONDAY)

    assert claim.business_id == street.business.id


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"role": "street"}, "unknown_role"),
        ({"note": "我" * 301}, "too_long"),
        ({"note": "\x1b[31m"}, "control_characters"),
        ({"proof": ["f" * 64]}, "unknown_photo"),
    ],
)
def test_a_wrong_claim_is_refused_whole(street: Street, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(street, **more)

    assert refused.value.code == code
    assert Claim.objects.count() == 0
    assert street.trail_since(MONDAY) == []


def test_an_unknown_code_and_a_seat_one_has(street: Street) -> None:
    with pytest.raises(NotFound) as nowhere:
        ask_claim(credit_code(99), by=street.stranger, now=MONDAY)
    with pytest.raises(Conflict) as seated:
        asked(street, by=street.lao_wang)

    assert (nowhere.value.code, seated.value.code) == ("no_such_business", "already_seated")


def test_nobody_claims_a_whole_street(street: Street) -> None:
    for number in range(1, 7):
        register_business(a_shop(number), by=street.officer_li, now=MONDAY)
    for number in range(1, 6):
        ask_claim(credit_code(number), by=street.stranger, now=MONDAY)

    with pytest.raises(TooMany) as refused:
        ask_claim(credit_code(6), by=street.stranger, now=MONDAY)

    assert refused.value.code == "too_many_claims"


def test_the_street_approves_and_the_person_takes_the_seat(street: Street) -> None:
    claim = asked(street)
    post = street.posts["principal"].id

    decided = decide_claim(claim, approve=True, post=post, by=street.officer_li, now=LATER)

    assert (decided.state, decided.decided_at) == ("approved", LATER)
    seat = Seat.objects.get(person=street.stranger.person)
    assert (seat.role, seat.business_id, seat.post, seat.until) == ("principal", street.business.id, post, None)
    news = [entry for entry in street.trail_since(LATER) if entry.news == "businesses.ClaimDecided"]
    assert [(entry.about, entry.body["approved"]) for entry in news] == [(str(street.business.ref), True)]
    assert list(queries.claims_for(street.officer_li)) == []
    assert list(queries.claims_for(street.officer_li, state="")) == [decided]


def test_a_refusal_says_why_and_seats_nobody(street: Street) -> None:
    claim = asked(street)
    with pytest.raises(Invalid):
        decide_claim(claim, approve=False, by=street.officer_li, now=LATER)

    decide_claim(claim, approve=False, reason="执照不清楚", by=street.officer_li, now=LATER)

    claim.refresh_from_db()
    assert (claim.state, claim.reason) == ("refused", "执照不清楚")
    assert not Seat.objects.filter(person=street.stranger.person).exists()
    assert asked(street, now=LATER).id != claim.id


@pytest.mark.parametrize("name", ["officer_he", "ms_chen", "director_sun", "lao_wang", "boss_qian", "admin"])
def test_others_do_not_decide(street: Street, name: str) -> None:
    claim = asked(street)

    with pytest.raises(NotYours) as refused:
        decide_claim(claim, approve=True, by=street.actors[name], now=LATER)

    assert refused.value.code == "not_your_area"
    claim.refresh_from_db()
    assert claim.state == "asked"
    assert street.trail_since(LATER) == []


def test_nobody_decides_his_own(street: Street) -> None:
    claim = asked(street, by=street.officer_li)

    with pytest.raises(NotYours) as refused:
        decide_claim(claim, approve=True, by=street.officer_li, now=LATER)

    assert refused.value.code == "own_claim"
    assert list(queries.claims_for(street.officer_li)) == []
    assert list(queries.claims_for(street.chief_zhang)) == [claim]


def test_what_is_decided_stays_decided(street: Street) -> None:
    claim = asked(street)
    decide_claim(claim, approve=True, by=street.officer_li, now=LATER)

    with pytest.raises(NotNow):
        decide_claim(claim, approve=False, reason="改主意", by=street.chief_zhang, now=LATER)

    assert Seat.objects.filter(person=street.stranger.person, until=None).count() == 1


def test_a_claim_is_seen_by_its_person_and_its_deciders(street: Street) -> None:
    claim = asked(street)

    assert queries.claim_for(street.stranger, claim.business_id, claim.id) == claim
    assert queries.claim_for(street.officer_li, claim.business_id, claim.id) == claim
    assert list(queries.my_claims(street.stranger)) == [claim]
    for name in ("lao_wang", "officer_he", "ms_chen"):
        with pytest.raises(Problem) as refused:
            queries.claim_for(street.actors[name], claim.business_id, claim.id)
        assert refused.value.code == "no_such_claim"
