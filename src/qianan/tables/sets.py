"""The four sets of tables (docs/decisions/0011). A model says its own in `table_set`; the check knows them all.

BUSINESS   sharded by business: the business's own rows, its trail, its tickets
PLACE      sharded by place: indicator cells (a later storey)
REFERENCE  copied to every node: places, codebook, checklists; small, rarely written
CONTROL    on the coordinator: people, sessions, tokens, seals, claims
"""

from django.db import models

BUSINESS = "business"
PLACE = "place"
REFERENCE = "reference"
CONTROL = "control"
SETS = (BUSINESS, PLACE, REFERENCE, CONTROL)


def set_of(model: type[models.Model]) -> str | None:
    """The set a model declares, CONTROL for Django's and other libraries' own tables, None when it forgot."""
    if not model.__module__.startswith("qianan."):
        return CONTROL
    return getattr(model, "table_set", None)
