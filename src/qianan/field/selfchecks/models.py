"""Occurrence, Submission, ConflictingSubmission, Standing."""

from django.db import models

from qianan.tables.keys import BusinessRow, MonthRow


class Occurrence(MonthRow):
    """One owed check (应查): a site, a list, a day, the post that owes it. `month` is that of `due_at` (UTC).

    Its id is made from site, list and due day, so however many workers make it, there is one. `led`: a principal
    answered it.
    """

    site_id = models.UUIDField()
    checklist = models.CharField(max_length=60)
    due_day = models.DateField()
    due_at = models.DateTimeField()
    misses_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="due")
    post = models.UUIDField(null=True)
    place_code = models.CharField(max_length=24)
    industry_code = models.CharField(max_length=8, blank=True)
    submission_id = models.UUIDField(null=True)
    led = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["due", "done", "late", "missed", "waived"]), name="occurrence_state"
            ),
            models.UniqueConstraint(
                fields=["business_id", "month", "site_id", "checklist", "due_day"], name="occurrence_once"
            ),
        ]
        indexes = [
            models.Index(fields=["misses_at"], condition=models.Q(state="due"), name="occurrence_open"),
            models.Index(fields=["business_id", "site_id", "due_day"], name="occurrence_site"),
            models.Index(fields=["due_day", "place_code"], name="occurrence_day"),
            models.Index(
                fields=["business_id", "site_id", "checklist"], condition=models.Q(state="due"), name="occurrence_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.checklist} {self.due_day}"


class Submission(MonthRow):
    """What somebody handed in (自查记录): immutable. `letters` holds one letter per item in document order.

    `sparse` keeps numbers, texts, notes and photo hashes by item code. `digest` is the SHA-256 of the body as sent.
    `led` when a principal filled it in (负责人带头). `replaces` links a correction to what it corrects.
    `facts` are the phone's quiet notes (seconds per item, pauses, scan, distance), shown to the person first.
    """

    site_id = models.UUIDField()
    checklist = models.CharField(max_length=60)
    version_id = models.CharField(max_length=80)
    letters = models.CharField(max_length=200)
    sparse = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=100)
    role = models.CharField(max_length=20, blank=True)
    led = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    offset_s = models.IntegerField(default=0)
    seconds = models.IntegerField(default=0)
    items = models.SmallIntegerField(default=0)
    fails = models.SmallIntegerField(default=0)
    hazards = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=10, default="complete")
    returned_why = models.CharField(max_length=500, blank=True)
    replaces = models.UUIDField(null=True)
    replaced_by = models.UUIDField(null=True)
    place_code = models.CharField(max_length=24)
    industry_code = models.CharField(max_length=8, blank=True)
    facts = models.JSONField(default=dict)
    receipt = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["complete", "accepted", "returned"]), name="submission_state"
            )
        ]
        indexes = [
            models.Index(fields=["business_id", "site_id", "-received_at"], name="submission_site"),
            models.Index(fields=["received_at", "place_code"], name="submission_day"),
            models.Index(
                fields=["business_id", "replaces"],
                condition=models.Q(replaces__isnull=False),
                name="submission_replaces",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt or str(self.id)


class ConflictingSubmission(BusinessRow):
    """The same id with other bytes (冲突): kept whole beside the first, shown to the person who chose neither."""

    submission_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    body = models.JSONField()
    by = models.CharField(max_length=100)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business_id", "submission_id", "digest"], name="conflict_once")]

    def __str__(self) -> str:
        return str(self.submission_id)


class Standing(BusinessRow):
    """How a site stands with one list (自查现状): kept in the act's transaction, so boards need not count history.

    `id` is made from site and list. `missed_in_row` counts misses since the last check; 0 when it is not silent.
    `next_due_day` is the due day of the last check that was made for it (None: none yet), `last_due_day` of the last
    one answered. Not `active`: it owes nothing now (the site is shut, the list is retired, the check was voluntary).
    """

    site_id = models.UUIDField()
    checklist = models.CharField(max_length=60)
    place_code = models.CharField(max_length=24)
    industry_code = models.CharField(max_length=8, blank=True)
    line = models.CharField(max_length=40, blank=True)
    tier = models.CharField(max_length=20, blank=True)
    owed_since = models.DateField()
    active = models.BooleanField(default=True)
    last_at = models.DateTimeField(null=True)
    last_led_at = models.DateTimeField(null=True)
    last_due_day = models.DateField(null=True)
    next_due_day = models.DateField(null=True)
    checks = models.IntegerField(default=0)
    led_checks = models.IntegerField(default=0)
    late_checks = models.IntegerField(default=0)
    missed = models.IntegerField(default=0)
    missed_in_row = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business_id", "site_id", "checklist"], name="standing_once")]
        indexes = [
            models.Index(fields=["place_code", "last_at"], name="standing_place"),
            models.Index(fields=["next_due_day"], condition=models.Q(active=True), name="standing_next"),
            models.Index(fields=["place_code"], condition=models.Q(missed_in_row__gt=0), name="standing_silent"),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.checklist}"
