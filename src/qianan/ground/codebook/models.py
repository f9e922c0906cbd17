"""The code tables. Every row: source, edition, dates, verified."""

from django.db import models

from qianan.tables import sets


class CodeRow(models.Model):
    """What every row of law or settings carries. Valid from `since` to the day before `until` (None = open)."""

    table_set = sets.REFERENCE

    edition = models.CharField(max_length=160, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    source = models.CharField(max_length=400)
    verified = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Industry(CodeRow):
    """GB/T 4754 (国民经济行业分类): level 1 section, 2 division, 3 group, 4 class; codes nest below the section."""

    code = models.CharField(max_length=8, primary_key=True)
    level = models.SmallIntegerField()
    parent = models.CharField(max_length=8, blank=True)
    section = models.CharField(max_length=1)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["section", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class Criterion(CodeRow):
    """A clause of a major-hazard standard (重大事故隐患判定标准).

    `venues`, `tags`, `items` (semicolons between) are ours, not the standard's: where the clause is worth suggesting.
    All blank: anywhere. `logic`: "direct" or "composite" when a standard counts its elements.
    """

    code = models.CharField(max_length=60, primary_key=True)
    standard = models.CharField(max_length=60)
    standard_zh = models.CharField(max_length=200)
    standard_en = models.CharField(max_length=300)
    clause = models.CharField(max_length=40)
    sector = models.CharField(max_length=120, blank=True)
    text_zh = models.TextField()
    text_en = models.TextField()
    level = models.CharField(max_length=10, default="major")
    logic = models.CharField(max_length=20, blank=True)
    superseded_by = models.CharField(max_length=160, blank=True)
    venues = models.CharField(max_length=300, blank=True)
    tags = models.CharField(max_length=200, blank=True)
    items = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class LawClause(CodeRow):
    """An article of a law or ordinance, in our own words in both languages (法条)."""

    code = models.CharField(max_length=60, primary_key=True)
    law_zh = models.CharField(max_length=200)
    law_en = models.CharField(max_length=300)
    article = models.CharField(max_length=40)
    summary_zh = models.TextField()
    summary_en = models.TextField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Deadline(CodeRow):
    """How long something may take (期限): days allowed per kind of duty and level; unit calendar, working or hours."""

    code = models.CharField(max_length=60, primary_key=True)
    applies_to = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    days = models.IntegerField()
    unit = models.CharField(max_length=10)
    basis_zh = models.CharField(max_length=300)
    basis_en = models.CharField(max_length=300)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Rung(CodeRow):
    """One rung of the ladder (升级阶梯): so long after the deadline, this role of this line is told."""

    code = models.CharField(max_length=60, primary_key=True)
    duty_kind = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    rung = models.SmallIntegerField()
    after_days = models.IntegerField()
    unit = models.CharField(max_length=10)
    tells_role = models.CharField(max_length=20)
    line = models.CharField(max_length=20)
    basis_zh = models.CharField(max_length=300, blank=True)
    basis_en = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["duty_kind", "level", "rung"]

    def __str__(self) -> str:
        return self.code


class Frequency(CodeRow):
    """How often a list is owed (频次): daily … yearly, the hour it is due by, grace in hours.

    A blank column means any. `checklist` may be a pattern (`*-daily`); `tags` (semicolons between) must all be there.
    """

    code = models.CharField(max_length=80, primary_key=True)
    checklist = models.CharField(max_length=60, blank=True)
    venue = models.CharField(max_length=40, blank=True)
    tags = models.CharField(max_length=200, blank=True)
    tier = models.CharField(max_length=20, blank=True)
    frequency = models.CharField(max_length=12)
    due_time = models.TimeField()
    grace_hours = models.IntegerField(default=0)
    basis_zh = models.CharField(max_length=300, blank=True)
    basis_en = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class CalendarDay(CodeRow):
    """A day that differs from Monday-to-Friday (工作日历): a holiday, or a weekend day that is worked."""

    day = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    kind = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return self.day.isoformat()


class Term(CodeRow):
    """Small lists of words with a code (码): tiers, venues, tags. `kind` tells the list; `code` is `<kind>-<key>`."""

    code = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=20)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    position = models.IntegerField(default=0)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["kind", "position", "code"]

    def __str__(self) -> str:
        return self.code

    @property
    def key(self) -> str:
        return self.code.removeprefix(f"{self.kind}-")


class Department(CodeRow):
    """A line of government (部门): a sector department, by code."""

    code = models.CharField(max_length=40, primary_key=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_zh


class SectorDepartment(CodeRow):
    """Which department runs the safety of a trade (管行业必须管安全): industry prefix or venue → department."""

    code = models.CharField(max_length=80, primary_key=True)
    industry = models.CharField(max_length=8, blank=True)
    venue = models.CharField(max_length=40, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    duty_type = models.CharField(max_length=20)
    basis_zh = models.CharField(max_length=300, blank=True)
    basis_en = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class RiskScale(CodeRow):
    """Values and bands of a risk method (LEC, matrix): kind value or band, factor, number, limits, colour.

    A band reaches from `low` to the next band's; `includes_low` says whether exactly `low` belongs to it.
    """

    code = models.CharField(max_length=60, primary_key=True)
    method = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    factor = models.CharField(max_length=10, blank=True)
    value = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    low = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    high = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    includes_low = models.BooleanField(default=True)
    colour = models.CharField(max_length=10, blank=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class LoadedFile(models.Model):
    """Which file a table was last loaded from, by SHA-256, so that the same file twice changes nothing."""

    table_set = sets.REFERENCE

    table = models.CharField(max_length=40, primary_key=True)
    digest = models.CharField(max_length=64)
    rows = models.IntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.table
