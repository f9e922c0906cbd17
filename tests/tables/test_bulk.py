"""Many rows at once: what is bound by hand comes back as Django would have written it."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from qianan.field.selfchecks.models import Occurrence, Standing
from qianan.kernel.ids import uuid7, uuid_of
from qianan.registry.businesses.models import Business, Site
from qianan.tables import bulk
from tests.cast import Street

MORNING = datetime(2026, 11, 2, 9, 30, 15, 250_000, tzinfo=timezone(timedelta(hours=8)))
SHOP, SITE = uuid_of("bulk", "shop"), uuid_of("bulk", "site")


def a_standing(list_: str = "restaurant-daily", **more: object) -> Standing:
    facts: dict[str, object] = {
        "business_id": SHOP,
        "id": uuid_of("bulk", list_),
        "site_id": SITE,
        "checklist": list_,
        "place_code": "110105001",
        "owed_since": date(2026, 11, 2),
        "last_at": MORNING,
    }
    return Standing(**(facts | more))


@pytest.mark.django_db
def test_rows_come_back_as_they_went_in() -> None:
    bulk.insert([a_standing(), a_standing("restaurant-full", last_at=None, active=False)])

    daily, full = Standing.objects.order_by("checklist")
    assert daily.last_at == datetime(2026, 11, 2, 1, 30, 15, 250_000, tzinfo=UTC)
    assert daily.owed_since == date(2026, 11, 2)
    assert (daily.business_id, daily.site_id) == (SHOP, SITE)
    assert (full.last_at, full.active, full.checks) == (None, False, 0)


@pytest.mark.django_db
def test_they_are_found_by_the_same_words_as_rows_saved_one_by_one() -> None:
    bulk.insert([a_standing()])
    a_standing("restaurant-full").save(force_insert=True)

    assert Standing.objects.filter(last_at=MORNING, business_id=SHOP, owed_since=date(2026, 11, 2)).count() == 2


@pytest.mark.django_db
def test_a_taken_key_is_refused_or_left_out() -> None:
    bulk.insert([a_standing()])

    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert([a_standing(checks=7)])
    bulk.insert([a_standing(checks=7), a_standing("restaurant-full")], ignore=True)

    assert list(Standing.objects.order_by("checklist").values_list("checklist", "checks")) == [
        ("restaurant-daily", 0),
        ("restaurant-full", 0),
    ]


@pytest.mark.django_db
def test_nothing_asks_nothing() -> None:
    bulk.insert([])
    bulk.run("UPDATE selfchecks_standing SET checks = %s", [])

    assert bulk.existing(Standing, ("business_id", "id"), []) == set()


@pytest.mark.django_db
def test_one_statement_changes_many_rows_by_key() -> None:
    bulk.insert([a_standing(), a_standing("restaurant-full")])

    bulk.run(
        "UPDATE selfchecks_standing SET checks = checks + %s, last_at = %s WHERE business_id = %s AND id = %s",
        [
            (2, MORNING + timedelta(hours=1), SHOP, uuid_of("bulk", "restaurant-daily")),
            (3, None, SHOP, uuid_of("bulk", "restaurant-full")),
        ],
    )

    assert list(Standing.objects.order_by("checklist").values_list("checks", "last_at")) == [
        (2, MORNING + timedelta(hours=1)),
        (3, None),
    ]


@pytest.mark.django_db
def test_composite_keys_are_looked_up_pair_by_pair() -> None:
    other = uuid_of("bulk", "other shop")
    bulk.insert([a_standing(), a_standing("restaurant-full", business_id=other)])
    pairs = [(SHOP, uuid_of("bulk", "restaurant-daily")), (SHOP, uuid_of("bulk", "restaurant-full"))]

    assert bulk.existing(Standing, ("business_id", "id"), pairs) == {pairs[0]}
    rows = bulk.select(Standing, ("id", "checklist", "owed_since", "last_at"), ("business_id", "id"), pairs)
    assert [
        (bulk.unbound_uuid(id), code, bulk.unbound_day(day), bulk.unbound_moment(at)) for id, code, day, at in rows
    ] == [(pairs[0][1], "restaurant-daily", date(2026, 11, 2), MORNING.astimezone(UTC))]


@pytest.mark.django_db
def test_a_month_row_keeps_its_month() -> None:
    id = uuid7(MORNING)
    bulk.insert(
        [
            Occurrence(
                business_id=SHOP,
                id=id,
                site_id=SITE,
                checklist="restaurant-daily",
                due_day=MORNING.date(),
                due_at=MORNING,
                misses_at=MORNING,
                place_code="110105001",
            )
        ]
    )

    assert bulk.existing(Occurrence, ("business_id", "month", "id"), [(SHOP, 202611, id)]) == {(SHOP, 202611, id)}


@pytest.mark.django_db
def test_the_key_list_uses_the_index_on_the_embedded_engine() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a matter of SQLite's planner")
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN QUERY PLAN WITH k(c0, c1) AS (VALUES (%s, %s), (%s, %s)) SELECT t.id FROM k CROSS JOIN"
            " selfchecks_standing t WHERE t.business_id = k.c0 AND t.id = k.c1",
            [UUID(int=1).hex] * 4,
        )
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "SEARCH t USING" in plan


def test_an_update_writes_only_the_named_fields(street: Street) -> None:
    street.business.headcount, street.business.contact = 9, "not saved"
    street.site.tags, street.site.opened_on, street.site.lat = ["gas", "液"], date(2026, 2, 3), 39.9
    street.other_site.tags = []

    bulk.update([street.business], ["headcount", "industry"])
    bulk.update([street.site, street.other_site], ["tags", "opened_on", "lat"])
    bulk.update([], ["tags"])

    business = Business.objects.get(id=street.business.id)
    assert (business.headcount, business.contact, business.industry_id) == (9, "", "6210")
    site = Site.objects.get(id=street.site.id)
    assert (site.tags, site.opened_on, site.lat) == (["gas", "液"], date(2026, 2, 3), 39.9)
    assert Site.objects.get(id=street.other_site.id).tags == []
