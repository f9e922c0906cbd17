"""Entry, Ticket, Unsealed, Seal, Head, Answer."""

from django.db import models

from qianan.tables import sets
from qianan.tables.keys import MonthRow


class Entry(MonthRow):
    """An act (轨迹条目): who, by which seat, through which door, did what to what, when. Written once.

    `about`, `by`, `seat` are refs as text; `hash` is SHA-256 (hex) of the canonical content of all other columns.
    """

    news = models.CharField(max_length=80)
    about = models.CharField(max_length=160)
    place_code = models.CharField(max_length=24, blank=True)
    by = models.CharField(max_length=100)
    seat = models.CharField(max_length=100, blank=True)
    via = models.CharField(max_length=20)
    at = models.DateTimeField()
    body = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["business_id", "about", "id"], name="entry_about")]

    def __str__(self) -> str:
        return f"{self.news} {self.about}"


class Ticket(MonthRow):
    """What is still to be done about an entry of the same key: which listeners, since when, how often tried."""

    WAITING, POISONED = "waiting", "poisoned"

    news = models.CharField(max_length=80)
    todo = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=WAITING)
    run_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=40, blank=True)
    attempts = models.SmallIntegerField(default=0)
    last_failure = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=["waiting", "poisoned"]), name="ticket_state")
        ]
        indexes = [models.Index(fields=["state", "run_at"], name="ticket_due")]

    def __str__(self) -> str:
        return f"{self.news} ({self.state})"


class Unsealed(MonthRow):
    """An entry that the next sealing takes up. Deleted by it; counted by verify-trail."""

    chain = models.CharField(max_length=12)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "unsealed"

    def __str__(self) -> str:
        return str(self.id)


class Seal(models.Model):
    """One link of a district's chain (封签): the keys and hashes of the sealed entries, over the previous link.

    `rows` packs 64 bytes an entry: business id (16), entry id (16), content hash (32).
    `digest` = SHA-256(previous digest, chain, number, time, rows).
    """

    table_set = sets.CONTROL

    pk = models.CompositePrimaryKey("chain", "number")
    chain = models.CharField(max_length=12)
    number = models.BigIntegerField()
    at = models.DateTimeField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    count = models.IntegerField()
    rows = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"


class Head(models.Model):
    """The last link of a chain on a local day, signed with the instance's Ed25519 key.

    Every chain has one for each day on which it was sealed; today's is signed anew with each link, so that the last
    link can't be taken away unseen.
    """

    table_set = sets.CONTROL

    pk = models.CompositePrimaryKey("chain", "day")
    chain = models.CharField(max_length=12)
    day = models.DateField()
    number = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    key = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.chain} {self.day}"


class Answer(models.Model):
    """What a program was answered to an act it named itself (答复), so that the same again gets the same.

    `id` is made from person and key; `digest` is the SHA-256 of what was asked. Kept for a month.
    """

    table_set = sets.CONTROL

    id = models.UUIDField(primary_key=True, editable=False)
    digest = models.CharField(max_length=64)
    status = models.SmallIntegerField(default=0)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="answer_at")]

    def __str__(self) -> str:
        return str(self.id)
