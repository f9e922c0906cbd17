"""The decisions of day one: a model that breaks one is refused, with the name of the rule."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from qianan.tables import checks, sets
from qianan.tables.keys import BusinessRow, MonthRow


@pytest.fixture
def judge() -> Iterator[Any]:
    """`judge(Model)`: the ids of the rules that the model breaks."""

    def judged(model: type[models.Model]) -> list[str]:
        for each in [model, *(field.related_model for field in model._meta.get_fields() if field.related_model)]:
            each.__module__ = "qianan.tests.models"
        return sorted({error.id for error in checks.check_model(model)})

    with isolate_apps("qianan.ground.trail"):
        yield judged


def test_the_house_as_it_stands_breaks_none() -> None:
    assert [error for error in run_checks() if error.id.startswith("qianan.")] == []


def test_every_model_of_the_house_says_its_set() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("qianan.")]

    assert len(ours) > 30
    assert {sets.set_of(model) for model in ours} <= set(sets.SETS)


def test_a_model_must_name_its_set(judge: Any) -> None:
    class Cup(models.Model):
        class Meta:
            app_label = "trail"

    assert judge(Cup) == ["qianan.E000"]


def test_a_good_row_of_a_business_passes(judge: Any) -> None:
    class Cup(BusinessRow):
        number = models.IntegerField()

        class Meta:
            app_label = "trail"
            constraints = [models.UniqueConstraint(fields=["business_id", "number"], name="cup_number")]

    assert judge(Cup) == []


def test_the_business_leads_the_key(judge: Any) -> None:
    class Cup(models.Model):
        table_set = sets.BUSINESS
        pk = models.CompositePrimaryKey("id", "business_id")
        business_id = models.UUIDField()
        id = models.UUIDField()

        class Meta:
            app_label = "trail"

    class Pot(models.Model):
        table_set = sets.BUSINESS
        id = models.UUIDField(primary_key=True)
        business_id = models.UUIDField()

        class Meta:
            app_label = "trail"

    assert judge(Cup) == judge(Pot) == ["qianan.E001"]


def test_every_unique_constraint_holds_the_business(judge: Any) -> None:
    class Cup(BusinessRow):
        number = models.IntegerField()

        class Meta:
            app_label = "trail"
            constraints = [models.UniqueConstraint(fields=["number"], name="cup_number")]

    class Pot(BusinessRow):
        number = models.IntegerField(unique=True)

        class Meta:
            app_label = "trail"

    class Jug(BusinessRow):
        number = models.IntegerField()
        colour = models.TextField()

        class Meta:
            app_label = "trail"
            unique_together = [("number", "colour")]

    class Mug(BusinessRow):
        name = models.TextField()

        class Meta:
            app_label = "trail"
            constraints = [models.UniqueConstraint(models.functions.Lower("name"), name="mug_name")]

    assert judge(Cup) == judge(Pot) == judge(Jug) == judge(Mug) == ["qianan.E002"]


def test_a_partitioned_table_has_the_month_in_every_unique_constraint(judge: Any) -> None:
    class Cup(MonthRow):
        number = models.IntegerField()

        class Meta:
            app_label = "trail"
            constraints = [models.UniqueConstraint(fields=["business_id", "number"], name="cup_number")]

    class Pot(MonthRow):
        number = models.IntegerField()

        class Meta:
            app_label = "trail"
            constraints = [models.UniqueConstraint(fields=["business_id", "month", "number"], name="pot_number")]

    assert judge(Cup) == ["qianan.E003"]
    assert judge(Pot) == []


def test_a_sharded_row_has_no_serial(judge: Any) -> None:
    class Cup(models.Model):
        table_set = sets.BUSINESS
        pk = models.CompositePrimaryKey("business_id", "number")
        business_id = models.UUIDField()
        number = models.BigAutoField()

        class Meta:
            app_label = "trail"

    assert "qianan.E004" in judge(Cup)


def test_arrows_point_to_the_same_business_or_to_reference_rows_only(judge: Any) -> None:
    class Colour(models.Model):
        table_set = sets.REFERENCE
        code = models.TextField(primary_key=True)

        class Meta:
            app_label = "trail"

    class Waiter(models.Model):
        table_set = sets.CONTROL

        class Meta:
            app_label = "trail"

    class Shop(models.Model):
        table_set = sets.BUSINESS
        pk = models.CompositePrimaryKey("business_id", "id")
        business_id = models.UUIDField()
        id = models.UUIDField(unique=False)
        colour = models.ForeignKey(Colour, on_delete=models.CASCADE)
        waiter = models.ForeignKey(Waiter, on_delete=models.CASCADE)

        class Meta:
            app_label = "trail"

    assert judge(Shop) == ["qianan.E005"]
    assert judge(Colour) == judge(Waiter) == []


def test_neither_reference_nor_control_rows_point_at_a_business(judge: Any) -> None:
    class Shop(models.Model):
        table_set = sets.BUSINESS
        business_id = models.UUIDField(primary_key=True)

        class Meta:
            app_label = "trail"

    class Colour(models.Model):
        table_set = sets.REFERENCE
        shop = models.ForeignKey(Shop, on_delete=models.CASCADE)

        class Meta:
            app_label = "trail"

    class Waiter(models.Model):
        table_set = sets.CONTROL
        shops = models.ManyToManyField(Shop)

        class Meta:
            app_label = "trail"

    class Law(models.Model):
        table_set = sets.REFERENCE
        waiter = models.ForeignKey(Waiter, on_delete=models.CASCADE)

        class Meta:
            app_label = "trail"

    assert judge(Colour) == judge(Waiter) == judge(Law) == ["qianan.E005"]


def test_a_business_row_has_no_many_to_many_beyond_itself(judge: Any) -> None:
    class Waiter(models.Model):
        table_set = sets.CONTROL

        class Meta:
            app_label = "trail"

    class Cup(BusinessRow):
        waiters = models.ManyToManyField(Waiter)

        class Meta:
            app_label = "trail"

    assert "qianan.E005" in judge(Cup)
