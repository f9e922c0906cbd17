"""The schema decisions of day one, refused by `manage check` when a model breaks one (docs/decisions/0011)."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from qianan.tables import sets


def _uniques(model: type[models.Model]) -> Iterator[tuple[str, set[str]]]:
    """Every unique constraint but the key, by name, with its columns."""
    meta = model._meta
    columns = {field.name: field.attname for field in meta.concrete_fields}
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            plain = [str(getattr(each, "name", "")) for each in constraint.expressions if isinstance(each, models.F)]
            yield constraint.name, {columns.get(name, name) for name in [*constraint.fields, *plain]}
    for together in meta.unique_together:
        yield f"unique_together {together}", {columns.get(name, name) for name in together}
    for field in meta.local_concrete_fields:
        if field.unique and not field.primary_key:
            yield f"unique {field.name}", {field.attname}


def _check_business(model: type[models.Model]) -> Iterator[CheckMessage]:
    """E001 key, E002 unique without the business, E003 unique without the month, E004 serials."""
    meta = model._meta
    key = [field.attname for field in meta.pk_fields]
    is_root = meta.label == "businesses.Business"
    if not is_root and (not key or key[0] != "business_id"):
        yield Error("a business-owned row's primary key must begin with business_id", obj=model, id="qianan.E001")
    shard = "id" if is_root else "business_id"
    for name, columns in _uniques(model):
        if shard not in columns:
            yield Error(f"{name} lacks {shard}", obj=model, id="qianan.E002")
        elif "month" in key and "month" not in columns:
            yield Error(f"{name} lacks month", obj=model, id="qianan.E003")
    for field in meta.local_fields:
        if isinstance(field, models.AutoField | models.BigAutoField | models.SmallAutoField):
            yield Error(f"{field.name} is a serial: sharded rows have no central sequence", obj=model, id="qianan.E004")


def _check_arrows(model: type[models.Model], here: str) -> Iterator[CheckMessage]:
    """E005: sharded rows point at their own business or at reference rows; nobody else points at sharded rows.

    A plain table's foreign key to a sharded one is accepted by Citus without a word, so it is refused here.
    """
    allowed = {
        sets.BUSINESS: {sets.BUSINESS, sets.REFERENCE},
        sets.PLACE: {sets.REFERENCE},
        sets.REFERENCE: {sets.REFERENCE},
        sets.CONTROL: {sets.REFERENCE, sets.CONTROL},
    }[here]
    for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
        target = field.related_model
        if not isinstance(target, type) or not issubclass(target, models.Model):
            continue
        where = sets.set_of(target)
        if where not in allowed or (here == sets.BUSINESS and field.many_to_many):
            yield Error(f"{field.name}: a {here} row may not point at a {where} row", obj=model, id="qianan.E005")


def check_model(model: type[models.Model]) -> list[CheckMessage]:
    """What is wrong with one model; the set that it names says which rules hold for it."""
    where = sets.set_of(model)
    if where not in sets.SETS:
        return [Error("a model must name its table_set", obj=model, id="qianan.E000")]
    errors = list(_check_arrows(model, where))
    if where == sets.BUSINESS:
        errors += _check_business(model)
    return errors


@register("qianan")
def check_tables(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every model names its set; keys, uniques and arrows are right for it."""
    errors: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("qianan."):
            errors += check_model(model)
    return errors
