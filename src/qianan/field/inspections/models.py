"""Visit."""

from django.db import models

from qianan.tables.keys import BusinessRow


class Visit(BusinessRow):
    """A visit (检查记录): time, place, content, problems, handling.

    Both sides sign, a refusal is noted (Work Safety Law art. 67).
    """

    number = models.CharField(max_length=40)
    site_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, default="made")
    body_code = models.CharField(max_length=60, blank=True)
    officers = models.JSONField(default=list)
    at = models.DateTimeField()
    content = models.TextField(blank=True)
    handling = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    signed = models.CharField(max_length=10, default="signed")
    place_code = models.CharField(max_length=24)
    industry_code = models.CharField(max_length=8, blank=True)
    hazards = models.SmallIntegerField(default=0)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=["planned", "made", "dropped"]), name="visit_state"),
            models.CheckConstraint(condition=models.Q(signed__in=["signed", "refused", "absent"]), name="visit_signed"),
        ]
        indexes = [
            models.Index(fields=["business_id", "-at"], name="visit_business"),
            models.Index(fields=["place_code", "-at"], name="visit_place"),
        ]

    def __str__(self) -> str:
        return self.number
