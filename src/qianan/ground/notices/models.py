"""Notice, Attempt, Channel."""

from django.db import models

from qianan.kernel.ids import NIL, uuid7
from qianan.tables import sets
from qianan.tables.keys import MonthRow


class Notice(models.Model):
    """A letter owed to a person (通知): kind and params; words are made in the reader's language.

    `source` is unique per person, so that a listener that runs twice writes once.
    `ack_by` is set when the reader must acknowledge. `deliver_at` is when it goes out by the channels; None once it
    has been handed to them. `person` is an invitation's or a code's id for who has no account, or not yet this number.
    """

    table_set = sets.CONTROL

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.UUIDField()
    kind = models.CharField(max_length=40)
    business_id = models.UUIDField(default=NIL)
    about = models.CharField(max_length=160)
    place_code = models.CharField(max_length=24, blank=True)
    params = models.JSONField(default=dict)
    urgent = models.BooleanField(default=False)
    source = models.CharField(max_length=200)
    at = models.DateTimeField()
    deliver_at = models.DateTimeField(null=True)
    ack_by = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    acked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "source"], name="notice_once")]
        indexes = [
            models.Index(fields=["person", "-at"], name="notice_inbox"),
            models.Index(fields=["deliver_at"], name="notice_to_deliver", condition=models.Q(deliver_at__isnull=False)),
            models.Index(fields=["about"], name="notice_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class Attempt(MonthRow):
    """Letters for one person handed to one channel (投递): a digest holds several. `address` is masked.

    While a worker has it in hand, `run_at` lies ahead by the lease and `tries` is its own number: whoever settles it
    compares that number, so that two workers never both do.
    """

    person = models.UUIDField()
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=120, blank=True)
    notices = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="waiting")
    run_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=200, blank=True)
    failure = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sent", "failed", "skipped", "given_up"]), name="attempt_state"
            )
        ]
        indexes = [
            models.Index(fields=["state", "run_at"], name="attempt_due"),
            models.Index(fields=["person", "-run_at"], name="attempt_person"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Channel(models.Model):
    """A way out (渠道): sms, mail, webhook, wecom, dingtalk; its settings, and which kinds of letters it carries.

    `kinds` empty = all kinds. Secrets within `settings` are encrypted with the instance's key.
    """

    table_set = sets.CONTROL

    code = models.CharField(max_length=20, primary_key=True)
    adapter = models.CharField(max_length=20)
    on = models.BooleanField(default=False)
    settings = models.JSONField(default=dict)
    kinds = models.JSONField(default=list)
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.code
