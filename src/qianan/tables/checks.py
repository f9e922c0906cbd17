"""The schema decisions of day one, refused by `manage check` when a model breaks one (docs/decisions/0011)."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from qianan.tables import sets


def _columns(model: type[models.Model], names: Iterable[str]) -> set[str]:
    found = set()
    for name in names:
        try:
            found.add(model._meta.get_field(name.lstrip("-")).attname)  # type: ignore[union-attr]
        except Exception:
            found.add(name)
    return found


def _check_business(model: type[models.Model]) -> list[CheckMessage]:
    meta = model._meta
    errors: list[CheckMessage] = []
    key = [field.attname for field in meta.pk_fields]
    is_root = meta.label == "businesses.Business"
    if not is_root and (not key or key[0] != "business_id"):
        errors.append(
            Error("a business-owned row's primary key must begin with business_id", obj=model, id="qianan.E001")
        )
    shard = "id" if is_root else "business_id"
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and shard not in _columns(model, constraint.fields):
            errors.append(Error(f"unique constraint {constraint.name} lacks {shard}", obj=model, id="qianan.E002"))
    partitioned = "month" in key
    for constraint in meta.constraints:
        if partitioned and isinstance(constraint, models.UniqueConstraint) and "month" not in constraint.fields:
            errors.append(Error(f"unique constraint {constraint.name} lacks month", obj=model, id="qianan.E003"))
    for field in meta.local_fields:
        if getattr(field, "unique", False) and not field.primary_key:
            errors.append(Error(f"{field.name} is unique without the business", obj=model, id="qianan.E002"))
        if isinstance(field, models.AutoField | models.BigAutoField):
            errors.append(
                Error(f"{field.name} is a serial: sharded rows have no central sequence", obj=model, id="qianan.E004")
            )
        errors += _check_arrow(model, field, {sets.BUSINESS, sets.REFERENCE})
    return errors


def _check_arrow(model: type[models.Model], field: Any, allowed: set[str]) -> list[CheckMessage]:
    target = getattr(field, "related_model", None)
    if not isinstance(target, type) or not issubclass(target, models.Model):
        return []
    where = sets.set_of(target)
    if where in allowed:
        return []
    here = sets.set_of(model)
    return [Error(f"{field.name}: a {here} row may not point at a {where} row", obj=model, id="qianan.E005")]


@register("qianan")
def check_tables(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Every model names its set; keys, uniques and arrows are right for it."""
    errors: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("qianan."):
            continue
        where = sets.set_of(model)
        if where not in sets.SETS:
            errors.append(Error("a model must name its table_set", obj=model, id="qianan.E000"))
        elif where == sets.BUSINESS:
            errors += _check_business(model)
        else:
            allowed = {sets.REFERENCE} if where == sets.REFERENCE else {sets.REFERENCE, sets.CONTROL}
            for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
                errors += _check_arrow(model, field, allowed)
    return errors
