"""A visit: two officers come, see, write down what they found; both sides sign, or it says who would not."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from qianan.field.hazards.actions import NewHazard
from qianan.field.hazards.models import Hazard
from qianan.field.inspections import queries
from qianan.field.inspections.actions import NewVisit, record_visit, record_visits
from qianan.field.inspections.models import Visit
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Invalid, NotFound, NotYours, Problem
from tests.cast import MONDAY, Street


def visit(street: Street, **said: object) -> NewVisit:
    """Officer Li and Chief Zhang look in at the noodle shop."""
    officers = [street.officer_li.person, street.chief_zhang.person]
    base = NewVisit(site=street.site, kind="routine", at=MONDAY, officers=officers, content="看了后厨")
    return replace(base, **said)  # type: ignore[arg-type]


def test_a_visit_is_written_down_with_what_it_found(street: Street) -> None:
    finding = NewHazard(site=street.site, text="灭火器过期", level="general")

    row = record_visit(visit(street, findings=[finding]), by=street.officer_li, now=MONDAY)

    assert row.number.startswith("JC20261102-")
    assert (row.outcome, row.hazards, row.signed) == ("hazards", 1, "signed")
    assert row.body_code == "street:110105001"
    [hazard] = queries.found_at(row)
    assert (hazard.text, hazard.level, hazard.origin_kind) == ("灭火器过期", "general", "inspection")
    assert [entry.news for entry in street.trail_since(MONDAY)][-1] == "inspections.VisitMade"


def test_a_visit_that_finds_nothing_is_clear(street: Street) -> None:
    row = record_visit(visit(street), by=street.officer_li, now=MONDAY)

    assert (row.outcome, row.hazards) == ("clear", 0)
    assert not Hazard.objects.exists()


def test_the_same_visit_twice_is_one(street: Street) -> None:
    new = visit(street, id=uuid7(MONDAY), findings=[NewHazard(site=street.site, text="堵了", level="general")])

    first, second = record_visits([new, new], by=street.officer_li, now=MONDAY)
    third = record_visit(new, by=street.officer_li, now=MONDAY + timedelta(hours=1))

    assert first.id == second.id == third.id
    assert (Visit.objects.count(), Hazard.objects.count()) == (1, 1)


def test_a_refusal_to_sign_is_kept_with_its_note(street: Street) -> None:
    row = record_visit(visit(street, signed="refused", handling="店主不签"), by=street.officer_li, now=MONDAY)

    assert (row.signed, row.handling) == ("refused", "店主不签")


@pytest.mark.parametrize(
    ("said", "code", "where"),
    [
        ({"kind": "tea"}, "unknown_kind", "kind"),
        ({"signed": "maybe"}, "unknown_signed", "signed"),
        ({"signed": "refused"}, "refusal_needs_a_note", "handling"),
        ({"at": MONDAY + timedelta(days=1)}, "visit_ahead", "at"),
        ({"content": "长" * 4001}, "too_long", "content"),
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_kept(
    street: Street, said: dict[str, object], code: str, where: str
) -> None:
    with pytest.raises(Invalid) as refused:
        record_visit(visit(street, **said), by=street.officer_li, now=MONDAY)

    assert (refused.value.code, refused.value.where) == (code, where)
    assert not Visit.objects.exists()
    assert street.trail_since(MONDAY) == []


def test_one_officer_alone_is_not_enough(street: Street) -> None:
    for officers, code in (
        ([street.officer_li.person], "two_officers_needed"),
        ([street.officer_li.person, street.officer_li.person], "two_officers_needed"),
        ([street.chief_zhang.person, street.director_sun.person], "not_among_the_officers"),
    ):
        with pytest.raises(Invalid) as refused:
            record_visit(visit(street, officers=officers), by=street.officer_li, now=MONDAY)
        assert refused.value.code == code

    assert not Visit.objects.exists()


def test_all_or_none(street: Street) -> None:
    good, bad = visit(street), visit(street, kind="tea")

    with pytest.raises(Problem):
        record_visits([good, bad], by=street.officer_li, now=MONDAY)

    assert not Visit.objects.exists()
    assert street.trail_since(MONDAY) == []


@pytest.mark.parametrize("who", ["lao_wang", "xiao_zhao", "officer_he", "boss_qian", "stranger"])
def test_nobody_visits_beyond_their_area(street: Street, who: str) -> None:
    actor = getattr(street, who)
    officers = [actor.person, street.chief_zhang.person]

    with pytest.raises(NotYours) as refused:
        record_visit(visit(street, officers=officers), by=actor, now=MONDAY)

    assert refused.value.code == "not_your_area"
    assert not Visit.objects.exists()


def test_who_sees_a_visit(street: Street) -> None:
    row = record_visit(visit(street), by=street.officer_li, now=MONDAY)

    for who in ("lao_wang", "officer_li", "chief_zhang", "director_sun", "ms_chen"):
        assert queries.visit_for(getattr(street, who), row.business_id, row.id) == row
    for who in ("officer_he", "boss_qian", "stranger"):
        with pytest.raises(NotFound):
            queries.visit_for(getattr(street, who), row.business_id, row.id)
    for id in ("", "x", str(uuid4())):
        with pytest.raises(NotFound):
            queries.visit_for(street.officer_li, row.business_id, id)
