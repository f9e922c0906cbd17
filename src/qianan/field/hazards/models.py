"""Hazard, Rectification, and the facts beside the state."""

from django.db import models

from qianan.tables.keys import BusinessRow

STATES = ("found", "rated", "rectifying", "handed_in", "accepted", "closed", "rejected", "transferred")


class Hazard(BusinessRow):
    """A fact (隐患): where, what, how grave, by which clause, found how.

    `origin` is a ref to what found it (a submission, a visit) or `hazards.report:…` for a direct report.
    `place_code`, `industry_code`, `tier`, `line` are those of its own day. `recurrence` counts earlier ones like it.
    """

    number = models.CharField(max_length=24)
    site_id = models.UUIDField()
    where = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    item_code = models.CharField(max_length=60, blank=True)
    version_id = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=160)
    origin_kind = models.CharField(max_length=20)
    level = models.CharField(max_length=10, default="unrated")
    suggested = models.CharField(max_length=10, blank=True)
    criterion = models.CharField(max_length=60, blank=True)
    criterion_edition = models.CharField(max_length=160, blank=True)
    state = models.CharField(max_length=12, default="found")
    place_code = models.CharField(max_length=24)
    industry_code = models.CharField(max_length=8, blank=True)
    tier = models.CharField(max_length=20, blank=True)
    line = models.CharField(max_length=40, blank=True)
    found_at = models.DateTimeField()
    found_by = models.CharField(max_length=100)
    rated_by = models.CharField(max_length=100, blank=True)
    due_at = models.DateTimeField(null=True)
    fixed_at = models.DateTimeField(null=True)
    fixed_by = models.CharField(max_length=100, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=100, blank=True)
    closing_note = models.TextField(blank=True)
    late = models.BooleanField(default=False)
    supervised = models.BooleanField(default=False)
    recurrence_of = models.UUIDField(null=True)
    recurrence = models.SmallIntegerField(default=0)
    interim = models.CharField(max_length=500, blank=True)
    shown_at = models.DateTimeField(null=True)
    shown_how = models.CharField(max_length=40, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=list(STATES)), name="hazard_state"),
            models.CheckConstraint(condition=models.Q(level__in=["unrated", "general", "major"]), name="hazard_level"),
            models.UniqueConstraint(fields=["business_id", "number"], name="hazard_number"),
        ]
        indexes = [
            models.Index(fields=["place_code", "state", "level"], name="hazard_place"),
            models.Index(fields=["business_id", "state"], name="hazard_business"),
            models.Index(fields=["business_id", "site_id", "item_code"], name="hazard_item"),
            models.Index(fields=["found_at"], name="hazard_found"),
            models.Index(fields=["due_at", "place_code"], condition=models.Q(state="rectifying"), name="hazard_due"),
        ]

    def __str__(self) -> str:
        return self.number


class Rectification(BusinessRow):
    """A promise to fix a hazard (整改): owner, accountable and verifier posts; its deadline runs as a duty."""

    hazard_id = models.UUIDField()
    duty_id = models.UUIDField(null=True)
    owner_post = models.UUIDField(null=True)
    accountable_post = models.UUIDField(null=True)
    verifier_post = models.UUIDField(null=True)
    measures = models.TextField(blank=True)
    state = models.CharField(max_length=10, default="ordered")
    ordered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)
    handed_in_by = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.CharField(max_length=100, blank=True)
    verdict = models.TextField(blank=True)
    returns = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["ordered", "handed_in", "returned", "accepted", "withdrawn"]),
                name="rectification_state",
            )
        ]
        indexes = [models.Index(fields=["business_id", "hazard_id"], name="rectification_hazard")]

    def __str__(self) -> str:
        return f"{self.hazard_id} ({self.state})"


class DoubleReport(BusinessRow):
    """A major hazard's report to one side (双报告; Work Safety Law art. 41): `regulator` or `workers`."""

    hazard_id = models.UUIDField()
    side = models.CharField(max_length=10)
    receipt = models.CharField(max_length=40)
    addressee = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(side__in=["regulator", "workers"]), name="double_report_side"),
            models.UniqueConstraint(fields=["business_id", "hazard_id", "side"], name="double_report_once"),
        ]

    def __str__(self) -> str:
        return self.receipt


class Plan(BusinessRow):
    """The five-part plan of a major hazard (五定): responsibility, measures, funds, time limit, contingency plan."""

    hazard_id = models.UUIDField()
    responsibility = models.TextField()
    measures = models.TextField()
    funds = models.TextField()
    time_limit = models.TextField()
    contingency = models.TextField()
    made_at = models.DateTimeField()
    version = models.SmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business_id", "hazard_id", "version"], name="plan_version")]

    def __str__(self) -> str:
        return f"{self.hazard_id} v{self.version}"


class Supervision(BusinessRow):
    """On the supervision list (挂牌督办) of a body, from when, until when."""

    hazard_id = models.UUIDField()
    level = models.CharField(max_length=10)
    body_code = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    due_on = models.DateField()
    state = models.CharField(max_length=10, default="listed")
    listed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=["listed", "lifted"]), name="supervision_state"),
            models.UniqueConstraint(
                fields=["business_id", "hazard_id", "body_code"],
                condition=models.Q(state="listed"),
                name="supervision_listed_once",
            ),
        ]
        indexes = [models.Index(fields=["business_id", "hazard_id"], name="supervision_hazard")]

    def __str__(self) -> str:
        return f"{self.level} {self.hazard_id}"


class Suspension(BusinessRow):
    """Work stopped because of a hazard (停产停业、局部停用): order number, scope, from, until resumed with consent.

    `by_body` is the body that ordered it, "" when the business stopped by itself.
    """

    hazard_id = models.UUIDField()
    number = models.CharField(max_length=40)
    scope = models.CharField(max_length=300)
    from_at = models.DateTimeField()
    resumed_at = models.DateTimeField(null=True)
    consent = models.CharField(max_length=300, blank=True)
    by_body = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["business_id", "hazard_id"], name="suspension_hazard")]

    def __str__(self) -> str:
        return self.number


class Transfer(BusinessRow):
    """Sent to another competent body (移送; Work Safety Law art. 69), which gives a receipt."""

    hazard_id = models.UUIDField()
    from_body = models.CharField(max_length=60, blank=True)
    to_body = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    receipt = models.CharField(max_length=40)
    state = models.CharField(max_length=10, default="sent")
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=100, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    was = models.CharField(max_length=12)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["sent", "received", "answered", "declined"]), name="transfer_state"
            ),
            models.UniqueConstraint(
                fields=["business_id", "hazard_id"], condition=models.Q(state="sent"), name="transfer_open_once"
            ),
        ]
        indexes = [models.Index(fields=["to_body", "state"], name="transfer_body")]

    def __str__(self) -> str:
        return self.receipt


class Review(BusinessRow):
    """A regulator's review of a fix (复查): passed or not, by two officers, with words."""

    hazard_id = models.UUIDField()
    passed = models.BooleanField()
    note = models.TextField(blank=True)
    officers = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["business_id", "hazard_id"], name="review_hazard")]

    def __str__(self) -> str:
        return f"{self.hazard_id} {'passed' if self.passed else 'failed'}"
