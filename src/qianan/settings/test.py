"""For tests: a home in a temporary folder, cheap passwords, nothing leaves the machine."""

import os
import tempfile

os.environ.setdefault("QIANAN_HOME", tempfile.mkdtemp(prefix="qianan-test-"))
os.environ.setdefault("QIANAN_SECRET_KEY", "a key for tests only")

from qianan.settings.base import *

DEBUG = False
QIANAN_WIRE = "memory"
QIANAN_DIGEST_SECONDS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]

if os.environ.get("QIANAN_TEST_FILE") and "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
