"""Person, Body, Seat, Invitation, Token, OneTimeCode."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from qianan.kernel.actor import ROLES
from qianan.kernel.ids import NIL, uuid7
from qianan.tables import sets


class People(BaseUserManager["Person"]):
    """Where Django and allauth look a person up by its login."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(login=username)


class Person(AbstractBaseUser):
    """Somebody who signs in (人员). `login` is a name or the mobile number; `mobile` is E.164 or None.

    Erasing empties name, mobile and e-mail and puts `erased:<id>` in place of the login, which must stay unique;
    the row and its id stay for the trail. `identity.py` keeps a login from looking like another one's number.
    """

    table_set = sets.CONTROL

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    login = models.CharField(max_length=60, unique=True)
    mobile = models.CharField(max_length=20, unique=True, null=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    is_active = models.BooleanField(default=True)
    erased_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = People()

    def __str__(self) -> str:
        return str(self.id)

    def get_full_name(self) -> str:
        return self.name


class Body(models.Model):
    """A public body with posts (机构): a street office, a bureau. `line` = department code, "" = territorial."""

    KINDS = ("community", "street", "district", "city", "department")

    table_set = sets.CONTROL

    code = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=12)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160)
    place_code = models.CharField(max_length=24)
    line = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["place_code", "line"], name="body_place_line")]

    def __str__(self) -> str:
        return self.name_zh


class Seat(models.Model):
    """A person's dated right to act (席位): role × place subtree × line, or role in one business.

    Valid from `since` until the day before `until` (None = open). `post` is the id of the chair it fills
    (`duties.Post`, in `business_id` or of `body_code`). `business_id` is nil for officers.
    """

    table_set = sets.CONTROL

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=20)
    place_code = models.CharField(max_length=24, blank=True)
    line = models.CharField(max_length=40, blank=True)
    body_code = models.CharField(max_length=60, blank=True)
    business_id = models.UUIDField(default=NIL)
    post = models.UUIDField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=sorted(ROLES)), name="seat_role"),
            models.CheckConstraint(
                condition=models.Q(role__in=["worker", "safety_manager", "principal"]) ^ models.Q(business_id=NIL),
                name="seat_business_or_office",
            ),
        ]
        indexes = [
            models.Index(fields=["business_id", "role"], name="seat_business"),
            models.Index(fields=["role", "place_code"], name="seat_place"),
            models.Index(fields=["post"], name="seat_post"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.place_code or self.business_id}"


class Invitation(models.Model):
    """A seat held out to somebody (邀请): a secret link, good until `expires_at`; only its SHA-256 is kept."""

    table_set = sets.CONTROL

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=20)
    business_id = models.UUIDField(default=NIL)
    place_code = models.CharField(max_length=24, blank=True)
    line = models.CharField(max_length=40, blank=True)
    body_code = models.CharField(max_length=60, blank=True)
    post = models.UUIDField(null=True)
    mobile = models.CharField(max_length=20, blank=True)
    invited_by = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["business_id", "made_at"], name="invitation_business")]

    def __str__(self) -> str:
        return str(self.id)


class Token(models.Model):
    """An API token of a person (令牌); only its SHA-256 is kept. Acts with all seats of its person, or with one."""

    table_set = sets.CONTROL

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80)
    seat = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.label


class OneTimeCode(models.Model):
    """A code sent to a phone (验证码): six digits, kept as a salted hash, few tries, short life.

    `asked` is a keyed hash of what was typed at the door. A name that nobody has gets a row too (person None), so
    that the limits, and hence the answers, are the same for those who exist and those who do not.
    `mobile` is set when the code is to prove a new number rather than to sign in.
    """

    table_set = sets.CONTROL

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    asked = models.CharField(max_length=64)
    mobile = models.CharField(max_length=20, blank=True)
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["asked", "made_at"], name="code_asked"),
            models.Index(fields=["person", "made_at"], name="code_person"),
            models.Index(fields=["made_at"], name="code_made"),
        ]

    def __str__(self) -> str:
        return str(self.id)
