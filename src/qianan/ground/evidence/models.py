"""File, Sending, Attachment."""

from django.db import models

from qianan.tables import sets
from qianan.tables.keys import BusinessRow


class File(models.Model):
    """Bytes by their SHA-256 (凭证文件), cleaned of EXIF; facts read from it stand apart. `kind` is photo or paper.

    `original_sha256` is the hash of what was sent first, `sha256` of what is kept; `dhash` a 64-bit perceptual hash
    (hex), and `band_1` … `band_5` its pieces of 13 bits: two hashes that differ in at most four bits share a piece.
    `taken_local` is the camera's own clock, without a zone; `taken_at` is UTC and only there when the camera said its
    zone or a satellite the time. `lat`, `lon` as the camera wrote them: degrees, its datum is not known.
    """

    table_set = sets.CONTROL

    sha256 = models.CharField(max_length=64, primary_key=True)
    original_sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    media_type = models.CharField(max_length=60)
    size = models.IntegerField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    dhash = models.CharField(max_length=16, blank=True)
    band_1 = models.SmallIntegerField(null=True, db_index=True)
    band_2 = models.SmallIntegerField(null=True, db_index=True)
    band_3 = models.SmallIntegerField(null=True, db_index=True)
    band_4 = models.SmallIntegerField(null=True, db_index=True)
    band_5 = models.SmallIntegerField(null=True, db_index=True)
    taken_at = models.DateTimeField(null=True)
    taken_local = models.CharField(max_length=30, blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    camera = models.CharField(max_length=100, blank=True)
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]


class Sending(models.Model):
    """What was sent, by its own hash, and what was kept of it: the same picture with other EXIF is kept once."""

    table_set = sets.CONTROL

    original_sha256 = models.CharField(max_length=64, primary_key=True)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.original_sha256[:12]


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
