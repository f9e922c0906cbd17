"""The ladder: shop, street, district, city; once per rung, whoever runs the clock."""

from datetime import timedelta

from qianan.kernel.ref import Ref
from qianan.registry.duties import queries
from qianan.registry.duties.actions import NewDuty, escalate_overdue, open_duty
from qianan.registry.duties.models import Climb, Duty
from tests.cast import MONDAY, Street


def a_duty(street: Street, kind: str = "rectification", level: str = "general") -> Duty:
    return open_duty(
        NewDuty(
            business_id=street.business.id,
            kind=kind,
            about=Ref("hazards.hazard", street.business.id, "00000000-0000-7000-8000-000000000001"),
            place_code=street.site.place_code,
            level=level,
            line="commerce",
            owner_post=street.posts["production"].id,
            accountable_post=street.posts["principal"].id,
        ),
        by=street.lao_wang,
        now=MONDAY,
    )


def test_a_late_duty_climbs_from_the_shop_to_the_city(street: Street) -> None:
    duty = a_duty(street)

    for day in range(20):
        escalate_overdue(MONDAY + timedelta(days=day))

    climbs = list(Climb.objects.filter(duty_id=duty.id).order_by("rung").values_list("rung", "body_code", "at"))
    assert climbs == [
        (0, "", MONDAY + timedelta(days=7)),
        (1, "street:110105001", MONDAY + timedelta(days=8)),
        (2, "district:110105", MONDAY + timedelta(days=11)),
        (3, "city:11", MONDAY + timedelta(days=15)),
    ]
    duty.refresh_from_db()
    assert (duty.rung, duty.next_climb_at) == (3, None)
    steps = queries.ladder_of(duty, on=MONDAY.date())
    assert [(s.rung, s.name_en, bool(s.reached)) for s in steps] == [
        (0, "", True),
        (1, "Jianwai Sub-district Office", True),
        (2, "Chaoyang Emergency Bureau", True),
        (3, "Beijing Work Safety Committee Office", True),
    ]
