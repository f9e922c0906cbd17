"""Version 1 of the API: a file a noun, joined here."""

from qianan.doors.api.frame import Door
from qianan.doors.api.schema import DESCRIPTION
from qianan.doors.api.v1 import (
    boards,
    businesses,
    checklists,
    claims,
    codebook,
    duties,
    evidence,
    hazards,
    imports,
    inspections,
    notices,
    people,
    places,
    posts,
    queue,
    selfchecks,
    sites,
    trail,
)

api = Door(title="Qianan (企安安) API", version="1.0.0", description=DESCRIPTION, urls_namespace="api")
for noun in (
    boards,
    businesses,
    checklists,
    claims,
    codebook,
    duties,
    evidence,
    hazards,
    imports,
    inspections,
    notices,
    people,
    places,
    posts,
    queue,
    selfchecks,
    sites,
    trail,
):
    api.add_router("", noun.router)

__all__ = ["api"]
