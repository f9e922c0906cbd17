"""Instructions and urging: whom they reach, who is left out and why, who has acknowledged."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qianan.ground.accounts.models import Seat
from qianan.kernel.ids import uuid7
from qianan.kernel.problems import Invalid, NotFound, NotYours
from qianan.registry.businesses.models import Business
from qianan.registry.duties import queries
from qianan.registry.duties.actions import acknowledge, escalate_overdue, send_instruction
from qianan.registry.duties.models import Duty, Instruction, Order
from tests.cast import COMMUNITY, MONDAY, Street, make_business
from tests.registry.duties.test_ladder import leave

DAY = timedelta(days=1)
TEXT = "今晚大风,请收好门前招牌"


def send(street: Street, who: str = "officer_li", **more: object) -> Instruction:
    fields = {"businesses": [street.business], "text": TEXT, **more}
    return send_instruction(**fields, by=street.actors[who], now=MONDAY)


def test_each_business_gets_its_copy_and_owes_a_receipt(street: Street) -> None:
    instruction = send(street)

    order = Order.objects.get()
    duty = Duty.objects.get()
    assert (order.business_id, order.text, order.ack_by) == (street.business.id, TEXT, instruction.ack_by)
    assert (duty.kind, duty.owner_post, duty.due_at) == (
        "instruction",
        street.posts["principal"].id,
        instruction.ack_by,
    )
    assert (instruction.body_code, instruction.place_code, instruction.count) == ("street:110105001", COMMUNITY, 1)
    assert instruction.ack_by.isoformat() == "2026-11-05T15:59:59+00:00"
    assert [entry.news for entry in street.trail_since(MONDAY)] == [
        "duties.InstructionSent",
        "duties.DutyOpened",
        "duties.InstructionReceived",
    ]


def test_acknowledging_ends_it_and_twice_is_once(street: Street) -> None:
    send(street)
    order = queries.orders_for(street.sister_liu).get()

    acknowledge(order, note="已收好", by=street.sister_liu, now=MONDAY + DAY)
    acknowledge(order, note="再说一次", by=street.lao_wang, now=MONDAY + 2 * DAY)

    order.refresh_from_db()
    assert (order.acked_at, order.acked_by, order.note) == (MONDAY + DAY, street.sister_liu.ref, "已收好")
    assert Duty.objects.get().state == "discharged"
    assert street.trail_since(MONDAY + 2 * DAY) == []
    file = queries.instruction_for(street.officer_li, order.instruction_id)
    assert (file.sent, file.acked, file.late, file.waiting) == (1, 1, 0, 0)
    assert queries.acknowledged_of([order.instruction_id]) == {order.instruction_id: 1}


@pytest.mark.parametrize("who", ["xiao_zhao", "officer_li", "boss_qian", "stranger"])
def test_only_the_managers_acknowledge(street: Street, who: str) -> None:
    send(street)
    order = Order.objects.get()

    with pytest.raises(NotYours, match="not_your_business"):
        acknowledge(order, by=street.actors[who], now=MONDAY + DAY)

    assert Order.objects.get().acked_at is None
    assert street.trail_since(MONDAY + DAY) == []


def test_what_is_not_acknowledged_climbs_like_any_promise(street: Street) -> None:
    send(street)

    escalate_overdue(MONDAY + 30 * DAY)

    assert Duty.objects.get().rung == 3
    assert queries.instruction_for(street.officer_li, Order.objects.get().instruction_id).waiting == 1


def test_the_preview_says_whom_it_reaches_and_who_is_left_out_and_why(street: Street) -> None:
    closed, _ = make_business("关了的店", "Closed", "92110105MA00CLOSE1", COMMUNITY)
    Business.objects.filter(id=closed.id).update(state="closed")
    closed.refresh_from_db()
    empty, _ = make_business("没人的店", "Empty", "92110105MA00EMPTY1", COMMUNITY)
    wanted = [street.business, street.business, closed, empty, street.other_business]

    preview = queries.preview_instruction(street.officer_li, wanted, on=MONDAY.date())

    assert [(each.business, sorted(each.people)) for each in preview.reached] == [
        (street.business, sorted([street.people["lao_wang"].id, street.people["sister_liu"].id]))
    ]
    assert [(each.business, each.why) for each in preview.skipped] == [
        (closed, "closed"),
        (empty, "nobody"),
        (street.other_business, "not_yours"),
    ]
    assert preview.people == 2
    assert send(street, businesses=wanted).count == 1
    assert queries.recipients_of([street.business.id, empty.id], on=MONDAY.date()).keys() == {street.business.id}


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("officer_li", True),
        ("chief_zhang", True),
        ("director_sun", True),
        ("ms_chen", True),
        ("officer_he", False),
        ("lao_wang", False),
        ("boss_qian", False),
        ("stranger", False),
        ("admin", False),
    ],
)
def test_who_instructs_whom(street: Street, who: str, may: bool) -> None:
    if may:
        assert send(street, who).count == 1
    else:
        with pytest.raises(NotYours, match="nobody_reached"):
            send(street, who)
        assert street.trail_since(MONDAY) == []


def test_a_bureau_also_instructs_what_it_was_assigned_beside_the_chief_line(street: Street) -> None:
    Business.objects.filter(id=street.business.id).update(line="culture")
    street.business.refresh_from_db()

    assert send(street, "ms_chen").line == "commerce"


def test_rubbish_is_refused_and_sends_nothing(street: Street) -> None:
    for more, code in [
        ({"text": "  "}, "words_needed"),
        ({"text": "长" * 2001}, "too_long"),
        ({"ack_by": MONDAY}, "ack_by_past"),
    ]:
        with pytest.raises(Invalid, match=code):
            send(street, **more)
    leave(street, "lao_wang", "sister_liu")
    with pytest.raises(NotYours, match="nobody_reached"):
        send(street)
    assert street.trail_since(MONDAY) == []


def test_the_same_id_again_is_the_same_instruction(street: Street) -> None:
    id = uuid7(MONDAY)
    first, again = send(street, id=id), send(street, id=id)

    assert first == again
    assert Order.objects.count() == 1


def test_who_sees_an_instruction(street: Street) -> None:
    instruction = send(street)

    seeing = [name for name, actor in street.actors.items() if instruction in queries.instructions_for(actor)]
    assert seeing == ["officer_li", "chief_zhang", "director_sun"]
    for who in ("officer_he", "ms_chen", "lao_wang"):
        with pytest.raises(NotFound, match="no_such_instruction"):
            queries.instruction_for(street.actors[who], instruction.id)
    order = Order.objects.get()
    assert queries.order_for(street.xiao_zhao, order.business_id, order.id) == order
    assert list(queries.orders_of(street.chief_zhang, instruction)) == [order]
    with pytest.raises(NotFound):
        queries.order_for(street.boss_qian, order.business_id, order.id)
    assert queries.last_orders([street.business.id]) == {street.business.id: order}


def test_thirty_shops_cost_no_more_statements_than_one(street: Street) -> None:
    shops = [make_business(f"店{n}", f"Shop {n}", f"92110105MA00S{n:05}", COMMUNITY)[0] for n in range(30)]
    for shop in shops:
        Seat.objects.create(
            person=street.people["lao_wang"], role="principal", business_id=shop.id, since=MONDAY.date()
        )

    def cost(some: list[Business]) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert send(street, businesses=some).count == len(some)
        return len(counted)

    cost(shops[:1])  # the codebook is read once a process
    assert cost(shops[:1]) == cost(shops)
