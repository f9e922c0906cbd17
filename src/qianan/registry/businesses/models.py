"""Business, CreditCode, Site, SiteChange, Oversight, Tenancy, Claim, Import."""

from django.db import models

from qianan.ground.codebook.models import Industry
from qianan.kernel.ids import NIL, uuid7
from qianan.kernel.ref import Ref
from qianan.tables import sets
from qianan.tables.keys import BusinessRow


class Business(models.Model):
    """A legal person or sole trader (单位), the root of its shard. `tier`: municipal_key, district_key, general.

    `industry` is the GB/T 4754 code; `place_code` where it is registered; `line` its chief department's code, ""
    while none is assigned (then it stands in the queue).
    """

    table_set = sets.BUSINESS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    credit_code = models.CharField(max_length=18, blank=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)
    pinyin = models.CharField(max_length=400, blank=True)
    initials = models.CharField(max_length=120, blank=True)
    industry = models.ForeignKey(Industry, null=True, on_delete=models.PROTECT, db_index=False)
    venue = models.CharField(max_length=40, blank=True)
    place_code = models.CharField(max_length=24)
    tier = models.CharField(max_length=20, default="general")
    line = models.CharField(max_length=40, blank=True)
    headcount = models.IntegerField(null=True)
    contact = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=10, default="active")
    merged_into = models.UUIDField(null=True)
    is_landlord = models.BooleanField(default=False)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=["active", "closed", "merged"]), name="business_state")
        ]
        indexes = [
            models.Index(fields=["place_code", "state"], name="business_place"),
            models.Index(fields=["line", "place_code"], name="business_line"),
            models.Index(fields=["credit_code"], name="business_code"),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def ref(self) -> Ref:
        return Ref("businesses.business", self.id, str(self.id))


class CreditCode(models.Model):
    """The claim row that keeps a unified social credit code unique in the city (GB 32100-2015). Written first."""

    table_set = sets.CONTROL

    code = models.CharField(max_length=18, primary_key=True)
    business_id = models.UUIDField()

    def __str__(self) -> str:
        return self.code


class Site(BusinessRow):
    """A place where the business works (场所). `tags` are hazard tags (gas, dust, …) that choose its lists. WGS-84.

    `standing` facts (last check, misses) are kept by selfchecks in its own table.
    """

    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, db_index=False, related_name="sites", db_column="business_id"
    )
    business_id = None  # type: ignore[assignment]  # the column is the foreign key's own
    number = models.SmallIntegerField(default=1)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=200, blank=True)
    place_code = models.CharField(max_length=24)
    industry_code = models.CharField(max_length=8, blank=True)
    venue = models.CharField(max_length=40, blank=True)
    tags = models.JSONField(default=list)
    tier = models.CharField(max_length=20, default="general")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    area_m2 = models.IntegerField(null=True)
    state = models.CharField(max_length=10, default="open")
    state_until = models.DateField(null=True)
    opened_on = models.DateField()
    succeeds = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "paused", "closed", "moved"]), name="site_state"
            ),
            models.UniqueConstraint(fields=["business", "number"], name="site_number"),
        ]
        indexes = [
            models.Index(fields=["place_code", "state"], name="site_place"),
            models.Index(fields=["state_until"], condition=models.Q(state="paused"), name="site_rests"),
        ]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def ref(self) -> Ref:
        return Ref("businesses.site", self.business_id, str(self.id))


class SiteChange(BusinessRow):
    """A site was paused, closed, moved or reopened (停业、歇业、搬迁), with what proof; the trail knows by whom.

    `pending` while `from_day` lies ahead: the clock carries it out that day.
    """

    site_id = models.UUIDField()
    was = models.CharField(max_length=10)
    now = models.CharField(max_length=10)
    reason = models.CharField(max_length=300)
    from_day = models.DateField()
    until_day = models.DateField(null=True)
    at = models.DateTimeField()
    pending = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["from_day"], condition=models.Q(pending=True), name="sitechange_pending"),
            models.Index(fields=["business_id", "site_id"], name="sitechange_site"),
        ]

    def __str__(self) -> str:
        return f"{self.was} → {self.now}"

    @property
    def ref(self) -> Ref:
        return Ref("businesses.sitechange", self.business_id, str(self.id))


class Oversight(BusinessRow):
    """Who must answer for this business's safety from outside (三管三必须): one row per body and duty type, dated.

    `duty_type`: territory 属地, industry 行业监管, comprehensive 综合监管, special 专项. `body_code` is an
    `accounts.Body`; `basis` the recorded ground of the assignment.
    """

    duty_type = models.CharField(max_length=20)
    body_code = models.CharField(max_length=60)
    line = models.CharField(max_length=40, blank=True)
    basis = models.CharField(max_length=300)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(duty_type__in=["territory", "industry", "comprehensive", "special"]),
                name="oversight_type",
            ),
            models.UniqueConstraint(fields=["business_id", "duty_type", "body_code", "since"], name="oversight_once"),
        ]
        indexes = [
            models.Index(fields=["body_code", "duty_type"], name="oversight_body"),
            models.Index(fields=["line", "business_id"], condition=models.Q(until=None), name="oversight_line"),
        ]

    def __str__(self) -> str:
        return f"{self.duty_type} {self.body_code}"


class Tenancy(BusinessRow):
    """This business works in the premises of another (租赁): landlord, park, market or property manager; dated."""

    site_id = models.UUIDField(null=True)
    landlord = models.UUIDField()
    role = models.CharField(max_length=20, default="landlord")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business_id", "landlord", "role", "since"], name="tenancy_once")
        ]
        indexes = [models.Index(fields=["landlord"], name="tenancy_landlord")]

    def __str__(self) -> str:
        return f"{self.role} {self.landlord}"


class Claim(BusinessRow):
    """A person's word that a registered business is theirs (认领), decided by its street."""

    person = models.UUIDField()
    role = models.CharField(max_length=20, default="principal")
    state = models.CharField(max_length=10, default="asked")
    note = models.CharField(max_length=300, blank=True)
    place_code = models.CharField(max_length=24)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=["asked", "approved", "refused"]), name="claim_state"),
            # one open claim a person, business and role: asking twice is asking once
            models.UniqueConstraint(
                fields=["business_id", "person", "role"], condition=models.Q(state="asked"), name="claim_open_once"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "place_code"], name="claim_place"),
            models.Index(fields=["person"], name="claim_person"),
        ]

    def __str__(self) -> str:
        return f"{self.role} ({self.state})"

    @property
    def ref(self) -> Ref:
        return Ref("businesses.claim", self.business_id, str(self.id))


class Import(models.Model):
    """A registry file that was taken in (导入), by SHA-256; its rows by what became of them."""

    table_set = sets.CONTROL

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="previewed")
    rows = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    errors = models.JSONField(default=list)
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    content = models.BinaryField(null=True)
    place_code = models.CharField(max_length=24, blank=True)

    def __str__(self) -> str:
        return self.name


__all__ = ["NIL", "Business", "Claim", "CreditCode", "Import", "Oversight", "Site", "SiteChange", "Tenancy"]
