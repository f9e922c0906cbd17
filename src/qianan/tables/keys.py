"""Composite keys: the business leads every key of a business-owned row, the month of a partitioned one follows."""

from django.db import models

from qianan.kernel.ids import NIL, month_of, uuid7
from qianan.tables import sets


class BusinessRow(models.Model):
    """A row owned by one business; its id is a UUIDv7 made by us or by the phone that wrote it first.

    The city's own rows (no business) carry the nil UUID. `business_id` is a plain column here; rooms above
    `businesses` may add the foreign key under the same column.
    """

    table_set = sets.BUSINESS

    pk = models.CompositePrimaryKey("business_id", "id")
    business_id = models.UUIDField(default=NIL, editable=False)
    id = models.UUIDField(default=uuid7, editable=False)

    class Meta:
        abstract = True


class MonthRow(models.Model):
    """A business-owned row of a table that is partitioned by month on PostgreSQL (yyyymm, UTC, from the id)."""

    table_set = sets.BUSINESS

    pk = models.CompositePrimaryKey("business_id", "month", "id")
    business_id = models.UUIDField(default=NIL, editable=False)
    month = models.IntegerField(editable=False)
    id = models.UUIDField(default=uuid7, editable=False)

    class Meta:
        abstract = True

    def __init__(self, *args: object, **kwargs: object) -> None:
        if not args and "month" not in kwargs:  # a row read from the table comes with all its columns as args
            kwargs["month"] = month_of(kwargs.setdefault("id", uuid7()))  # type: ignore[arg-type]
        super().__init__(*args, **kwargs)
