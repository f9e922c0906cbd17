"""What every test may stand on: the code tables, the small places, the shipped lists, read straight from data/."""

import csv
import json
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import models, transaction

from qianan.ground.codebook import models as codebook
from qianan.ground.places.models import Place
from qianan.registry.checklists.models import Checklist, Item, Version

DATA = Path(__file__).resolve().parents[1] / "data"
TABLES = {
    "industries": codebook.Industry,
    "criteria": codebook.Criterion,
    "law_clauses": codebook.LawClause,
    "deadlines": codebook.Deadline,
    "ladder": codebook.Rung,
    "frequencies": codebook.Frequency,
    "calendar": codebook.CalendarDay,
    "terms": codebook.Term,
    "departments": codebook.Department,
    "sector_departments": codebook.SectorDepartment,
    "risk_scales": codebook.RiskScale,
}


def value(field: Any, text: str) -> Any:
    if isinstance(field, models.BooleanField):
        return text == "yes"
    if text == "" and field.null:
        return None
    if isinstance(field, models.DateField):
        return date.fromisoformat(text)
    if isinstance(field, models.TimeField):
        return time.fromisoformat(text)
    if isinstance(field, models.JSONField):
        return json.loads(text) if text[:1] in "{[" and text else [each for each in text.split(";") if each]
    if isinstance(field, models.DecimalField):
        return Decimal(text)
    if isinstance(field, (models.IntegerField, models.FloatField)):
        return field.to_python(text)
    return text


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def make(model: type[models.Model], row: dict[str, str]) -> Any:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = {field.name: field.attname for field in model._meta.concrete_fields}
    return model(**{names[key]: value(fields[names[key]], text) for key, text in row.items() if key in names})


def lay() -> None:
    """Load what is not there yet. Places: the city, its districts and streets, and one street's communities."""
    if Place.objects.filter(code="11").exists():
        return
    with transaction.atomic():
        few = [row for row in rows("places") if row["level"] != "community" or row["parent"] == "110105001"]
        for level in ("city", "district", "street", "community"):
            Place.objects.bulk_create([make(Place, row) for row in few if row["level"] == level])
        for name, model in TABLES.items():
            model.objects.bulk_create([make(model, row) for row in rows(name)])
        for path in sorted((DATA / "checklists").glob("*.json")):
            lay_list(json.loads(path.read_text()))


def lay_list(document: dict[str, Any]) -> Version:
    checklist = Checklist.objects.create(
        code=document["code"],
        title_zh=document["title_zh"],
        title_en=document["title_en"],
        venue=document["venue"],
        tags=document["tags"],
        frequency=document["frequency"],
        minutes=Decimal(str(document["minutes"])),
        for_role=document["for_role"],
    )
    version = Version.objects.create(
        id=f"{document['code']}@1",
        checklist=checklist,
        number=1,
        state="published",
        document=document,
        content_hash="0" * 64,
        edition=document["edition"],
        published_at=datetime.fromisoformat("2025-01-01T00:00:00+00:00"),
    )
    items = [(section["code"], item) for section in document["sections"] for item in section["items"]]
    Item.objects.bulk_create(
        Item(
            id=f"{version.id}/{item['code']}",
            version=version,
            code=item["code"],
            position=position,
            section=section,
            text_zh=item["text_zh"],
            text_en=item["text_en"],
            basis_zh=item.get("basis_zh", ""),
            basis_en=item.get("basis_en", ""),
            hazard_level=item.get("hazard_level", ""),
            verified=item.get("verified", False),
            source=item.get("source", ""),
        )
        for position, (section, item) in enumerate(items)
    )
    return version
