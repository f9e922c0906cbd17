"""Post, Duty, Climb, Extension, Instruction, Order."""

from django.db import models

from qianan.tables import sets
from qianan.tables.keys import BusinessRow


class Post(BusinessRow):
    """A chair that carries duties (岗位): of a business, or (nil business) of a body. Vacant without a seat today.

    `kind`: principal, safety_manager, business_line, production, worker for a business; head, inspector for a body.
    `position` orders the chairs within a business: a vacant post's duties fall to the next lower number.
    """

    kind = models.CharField(max_length=20)
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=80)
    body_code = models.CharField(max_length=60, blank=True)
    site_id = models.UUIDField(null=True)
    position = models.SmallIntegerField(default=9)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "principal",
                        "safety_manager",
                        "business_line",
                        "production",
                        "worker",
                        "head",
                        "inspector",
                    ]
                ),
                name="post_kind",
            )
        ]
        indexes = [models.Index(fields=["body_code", "kind"], name="post_body")]

    def __str__(self) -> str:
        return self.title_zh


class Duty(BusinessRow):
    """A promise with a deadline (职责): kind, about what, three different posts, deadline, rung.

    `about` is a ref (the hazard, the standing of a site and list, the order). `subject` says it in a few words of the
    people's own, for lists and letters. `basis` is the codebook row that gave the days.
    `next_climb_at` is when the clock looks again; None when there is no further rung or the duty is over.
    """

    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=160)
    level = models.CharField(max_length=10, blank=True)
    site_id = models.UUIDField(null=True)
    place_code = models.CharField(max_length=24)
    line = models.CharField(max_length=40, blank=True)
    industry_code = models.CharField(max_length=8, blank=True)
    tier = models.CharField(max_length=20, blank=True)
    owner_post = models.UUIDField(null=True)
    accountable_post = models.UUIDField(null=True)
    verifier_post = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    basis = models.CharField(max_length=60, blank=True)
    rung = models.SmallIntegerField(default=0)
    next_climb_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default="open")
    ended_at = models.DateTimeField(null=True)
    extensions = models.SmallIntegerField(default=0)
    misses = models.IntegerField(default=0)
    subject = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "discharged", "cancelled"]), name="duty_state"
            ),
            models.CheckConstraint(condition=models.Q(rung__gte=0, rung__lte=3), name="duty_rung"),
            models.UniqueConstraint(
                fields=["business_id", "kind", "about"], condition=models.Q(state="open"), name="duty_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["next_climb_at"], condition=models.Q(state="open"), name="duty_climb"),
            models.Index(fields=["kind", "state", "place_code"], name="duty_place"),
            models.Index(fields=["business_id", "state", "due_at"], name="duty_business"),
            models.Index(fields=["owner_post"], condition=models.Q(state="open"), name="duty_owner"),
            models.Index(fields=["business_id", "about"], name="duty_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class Climb(BusinessRow):
    """A rung that a duty reached (升级): unique per duty, rung and deadline, so that it is never doubled.

    `post` is who was told; None when nobody sits there and the duty fell to the next rung. Rung 0 is the reminder.
    """

    duty_id = models.UUIDField()
    rung = models.SmallIntegerField()
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    post = models.UUIDField(null=True)
    body_code = models.CharField(max_length=60, blank=True)
    rule = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business_id", "duty_id", "rung", "due_at"], name="climb_once")]

    def __str__(self) -> str:
        return f"{self.duty_id} → {self.rung}"


class Extension(BusinessRow):
    """More time asked for (延期): a row beside the deadline, never an edit without a trace."""

    duty_id = models.UUIDField()
    until = models.DateTimeField()
    was = models.DateTimeField()
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, default="asked")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=100)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "granted", "refused"]), name="extension_state"
            ),
            models.UniqueConstraint(
                fields=["business_id", "duty_id"], condition=models.Q(state="asked"), name="extension_asked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} ({self.state})"


class Instruction(models.Model):
    """What an officer tells many businesses at once (通知、催办): the text, and by when each must acknowledge.

    `body_code` is the office that speaks; `place_code` the smallest place that holds all businesses.
    """

    table_set = sets.CONTROL

    id = models.UUIDField(primary_key=True, editable=False)
    text = models.TextField()
    urge = models.BooleanField(default=False)
    about_kind = models.CharField(max_length=20, blank=True)
    place_code = models.CharField(max_length=24)
    line = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField()
    ack_by = models.DateTimeField()
    sent_by = models.UUIDField()
    body_code = models.CharField(max_length=60, blank=True)
    count = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["place_code", "-sent_at"], name="instruction_place")]

    def __str__(self) -> str:
        return str(self.id)


class Order(BusinessRow):
    """One business's copy of an instruction (回执): acknowledged when, by whom. Its duty has kind `instruction`."""

    instruction_id = models.UUIDField()
    text = models.TextField()
    urge = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    ack_by = models.DateTimeField()
    acked_at = models.DateTimeField(null=True)
    acked_by = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business_id", "instruction_id"], name="order_once")]
        indexes = [models.Index(fields=["instruction_id"], name="order_instruction")]

    def __str__(self) -> str:
        return str(self.instruction_id)
