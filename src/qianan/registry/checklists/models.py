"""Checklist, Version, Item."""

from typing import Any

from django.db import models

from qianan.kernel.problems import Conflict
from qianan.registry.checklists.lifecycle import ANSWERABLE
from qianan.tables import sets

CONTENT = ("checklist_id", "number", "document", "content_hash", "edition")
"""What never changes once a version was published: somebody has answered it."""


class Checklist(models.Model):
    """A list that somebody owes now and then (检查清单), by a stable code, for a venue and hazard tags."""

    table_set = sets.REFERENCE

    code = models.CharField(max_length=60, primary_key=True)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160)
    venue = models.CharField(max_length=40, db_index=True)
    tags = models.JSONField(default=list)
    frequency = models.CharField(max_length=12)
    minutes = models.DecimalField(max_digits=5, decimal_places=1)
    for_role = models.CharField(max_length=20, default="worker")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Versions(models.QuerySet["Version"]):
    """The bulk ways round `save` are shut: the content of versions is written row by row."""

    def update(self, **fields: Any) -> int:
        if {"checklist", *CONTENT} & set(fields):
            raise Conflict("published_stays")
        return super().update(**fields)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.filter(state__in=ANSWERABLE).exists():
            raise Conflict("published_stays")
        return super().delete()


class Version(models.Model):
    """An edition of a list (版本): canonical document and its SHA-256 by meaning; immutable once published."""

    table_set = sets.REFERENCE

    id = models.CharField(max_length=80, primary_key=True)  # "<code>@<number>"
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()
    state = models.CharField(max_length=10, default="draft")
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    edition = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = Versions.as_manager()

    class Meta:
        ordering = ["checklist_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "number"], name="version_number"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "testing", "published", "retired", "discarded"]),
                name="version_state",
            ),
        ]

    def __str__(self) -> str:
        return self.id

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises Conflict("published_stays") when the content of a published or retired version would change."""
        self._refuse_change()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises Conflict("published_stays"): answers to it are kept."""
        if self.state in ANSWERABLE:
            raise Conflict("published_stays", version=self.id)
        return super().delete(*args, **kwargs)

    def _refuse_change(self) -> None:
        held = Version.objects.filter(id=self.id, state__in=ANSWERABLE).values(*CONTENT, "state").first()
        if held is None:
            return
        if any(held[name] != getattr(self, name) for name in CONTENT) or self.state not in ANSWERABLE:
            raise Conflict("published_stays", version=self.id)


class Item(models.Model):
    """One item of a version, exploded for reports (检查项); `code` survives editions, `position` indexes letters."""

    table_set = sets.REFERENCE

    id = models.CharField(max_length=160, primary_key=True)  # "<version id>/<item code>"
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(max_length=60, db_index=True)
    position = models.IntegerField()
    section = models.CharField(max_length=60)
    text_zh = models.TextField()
    text_en = models.TextField()
    basis_zh = models.CharField(max_length=300, blank=True)
    basis_en = models.CharField(max_length=300, blank=True)
    hazard_level = models.CharField(max_length=20, blank=True)
    verified = models.BooleanField(default=False)
    source = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["version_id", "position"]

    def __str__(self) -> str:
        return self.id
