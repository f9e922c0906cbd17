"""What is the same everywhere. Each block is one concern; docs/reference/settings.md lists the variables."""

import os
from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from qianan.settings.home import HOME, database, instance, secret_key

PACKAGE = Path(__file__).resolve().parents[1]
REPO = PACKAGE.parents[1]

# -- home: where this instance keeps what is its own --------------------------
QIANAN_HOME = HOME
MEDIA_ROOT = HOME / "media"
QIANAN_KEYS = HOME / "keys"
# The code tables. They ship with the package; an operator may point elsewhere to load another city.
QIANAN_DATA = Path(os.environ.get("QIANAN_DATA", REPO / "data"))
SECRET_KEY = secret_key()

# -- the house ----------------------------------------------------------------
INSTALLED_APPS = [
    "qianan",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "qianan.ground.trail",
    "qianan.ground.places",
    "qianan.ground.codebook",
    "qianan.ground.evidence",
    "qianan.ground.accounts",
    "qianan.ground.notices",
    "qianan.registry.businesses",
    "qianan.registry.checklists",
    "qianan.registry.duties",
    "qianan.field.hazards",
    "qianan.field.selfchecks",
    "qianan.field.inspections",
    "qianan.doors.kit",
    "qianan.doors.phone",
    "qianan.doors.desk",
    "qianan.doors.api",
    "qianan.doors.console",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "qianan.doors.kit.middleware.HouseMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "qianan.urls"
WSGI_APPLICATION = "qianan.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qianan.doors.kit.context.house",
            ],
            "builtins": ["qianan.doors.kit.templatetags.kit", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# -- database: one embedded file, or PostgreSQL by QIANAN_DATABASE_URL ---------
DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- people -------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "qianan.ground.accounts.signin.NameOrMobileBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "mobile", "name", "email")},
    },
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A number without a country code belongs to this region (ISO 3166, two letters).
QIANAN_PHONE_REGION = os.environ.get("QIANAN_PHONE_REGION", "CN")
# The address under which people reach this instance: the links in letters begin with it.
QIANAN_ADDRESS = os.environ.get("QIANAN_ADDRESS", "http://127.0.0.1:8000")
QIANAN_INVITATION_DAYS = int(os.environ.get("QIANAN_INVITATION_DAYS", "14"))
# Lock-out: so many wrong passwords for one person from one address, then this many minutes of waiting (429).
QIANAN_SIGNIN_TRIES = int(os.environ.get("QIANAN_SIGNIN_TRIES", "5"))
QIANAN_SIGNIN_WAIT_MINUTES = int(os.environ.get("QIANAN_SIGNIN_WAIT_MINUTES", "15"))
AXES_FAILURE_LIMIT = QIANAN_SIGNIN_TRIES
AXES_COOLOFF_TIME = timedelta(minutes=QIANAN_SIGNIN_WAIT_MINUTES)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "qianan.ground.accounts.signin.name_for_lockout"
AXES_LOCKOUT_CALLABLE = "qianan.doors.kit.problems.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "login", "password", "code", "ip_address"]
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Behind a proxy the client's address stands in X-Forwarded-For: how many proxies of ours stand before us (0 = none).
QIANAN_PROXIES = int(os.environ.get("QIANAN_PROXIES", "0"))
if QIANAN_PROXIES:
    AXES_IPWARE_PROXY_COUNT = QIANAN_PROXIES
    AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"]
# The flow of signing in. Nobody signs up in the open: a claim or an invitation brings people in.
ACCOUNT_ADAPTER = "qianan.ground.accounts.signin.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"login": "qianan.doors.kit.signin.SignInForm"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
# axes answers who guesses at one person from one address; these hold back who guesses from many, or at many.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "60/m/ip,50/10m/key"}
MFA_ADAPTER = "qianan.ground.accounts.signin.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1

# -- language and time ----------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
# A day, a week and a deadline belong to this zone; everything is stored in UTC.
TIME_ZONE = os.environ.get("QIANAN_TIME_ZONE") or instance().get("time_zone", "Asia/Shanghai")

# -- files ----------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is not there
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 60
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
QIANAN_PHOTO_MAX_BYTES = 15 * 1024 * 1024
QIANAN_PHOTO_MAX_PIXELS = 60_000_000
QIANAN_PHOTO_LINK_SECONDS = 600

# -- safety of the doors --------------------------------------------------------
ALLOWED_HOSTS = [host for host in os.environ.get("QIANAN_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
CSRF_FAILURE_VIEW = "qianan.doors.kit.problems.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# Requests a minute for each API token, or each person who is signed in; counted by each process for itself.
QIANAN_API_PER_MINUTE = int(os.environ.get("QIANAN_API_PER_MINUTE", "600"))

# -- what goes out ---------------------------------------------------------------
# "console" replaces only the wire of every channel: what would be sent is printed and shown in the demo.
QIANAN_WIRE = os.environ.get("QIANAN_WIRE", "http")
# Several letters to one person go as one message: the first that is not urgent waits so many seconds for others.
QIANAN_DIGEST_SECONDS = int(os.environ.get("QIANAN_DIGEST_SECONDS", "30"))
# When people are left in peace unless it is urgent, by local time; everybody may set hours of their own.
QIANAN_QUIET_HOURS = os.environ.get("QIANAN_QUIET_HOURS", "21:30-07:00")
# Messages that are on their way at the same time.
QIANAN_SENDERS = int(os.environ.get("QIANAN_SENDERS", "4"))
# Webhooks reach public addresses only, and these networks of one's own (10.1.0.0/16,…).
QIANAN_WEBHOOK_NETWORKS = [text for text in os.environ.get("QIANAN_WEBHOOK_NETWORKS", "").split(",") if text]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("QIANAN_MAIL_FROM", "qianan@localhost")

# -- the city ----------------------------------------------------------------------
# The place code at the root of the tree, and the name the pages carry.
QIANAN_CITY = os.environ.get("QIANAN_CITY") or instance().get("city", "11")
# Whether streets, too, keep supervision lists of major hazards; districts, the city and bureaus always do.
QIANAN_STREETS_SUPERVISE = os.environ.get("QIANAN_STREETS_SUPERVISE", "0") == "1"
QIANAN_OFFICERS_NEED_TOTP = os.environ.get("QIANAN_OFFICERS_NEED_TOTP", "0") == "1"

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("QIANAN_LOG", "WARNING")},
}
