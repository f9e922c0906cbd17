"""Place."""

from django.db import models

from qianan.tables import sets


class Place(models.Model):
    """A territorial unit (地域): `code` nests by prefix (`11` ⊃ `110105` ⊃ `110105001` ⊃ `110105001001`).

    Valid from `since` until the day before `until` (None = open). `succeeds` lists the codes it took over from.
    """

    CITY, DISTRICT, STREET, COMMUNITY = "city", "district", "street", "community"
    LEVELS = (CITY, DISTRICT, STREET, COMMUNITY)

    table_set = sets.REFERENCE

    code = models.CharField(max_length=24, primary_key=True)
    level = models.CharField(max_length=10)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, blank=True)
    pinyin = models.CharField(max_length=160, blank=True, db_index=True)
    initials = models.CharField(max_length=40, blank=True, db_index=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    population = models.IntegerField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    succeeds = models.JSONField(default=list)
    source = models.CharField(max_length=200)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__in=["city", "district", "street", "community"]), name="place_level"
            )
        ]
        indexes = [models.Index(fields=["level", "code"], name="place_level_code")]

    def __str__(self) -> str:
        return self.name_zh
