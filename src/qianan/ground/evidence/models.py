"""File, Attachment."""

from django.db import models

from qianan.tables import sets
from qianan.tables.keys import BusinessRow


class File(models.Model):
    """Bytes by their SHA-256 (凭证文件), cleaned of EXIF; facts read from it stand apart.

    `original_sha256` is the hash of what was sent, `sha256` of what is kept; `dhash` a 64-bit perceptual hash (hex).
    Times from the picture have the zone the camera gave, or none: `taken_at` is UTC when known.
    """

    table_set = sets.CONTROL

    sha256 = models.CharField(max_length=64, primary_key=True)
    original_sha256 = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=20)
    media_type = models.CharField(max_length=60)
    size = models.IntegerField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    dhash = models.CharField(max_length=16, blank=True, db_index=True)
    taken_at = models.DateTimeField(null=True)
    taken_local = models.CharField(max_length=30, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    camera = models.CharField(max_length=100, blank=True)
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]


class Attachment(BusinessRow):
    """A file tied to an object of one business (附件): `stage` is before, after, proof, receipt, item:<code>."""

    sha256 = models.CharField(max_length=64, db_index=True)
    about = models.CharField(max_length=160)
    stage = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120, blank=True)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    reused_from = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business_id", "about", "stage", "sha256"], name="attachment_once")
        ]
        indexes = [models.Index(fields=["business_id", "about"], name="attachment_about")]

    def __str__(self) -> str:
        return f"{self.about} {self.stage}"
