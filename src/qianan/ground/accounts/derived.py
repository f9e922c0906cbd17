"""Secrets that need not be written down: made from a row's id with the instance's own key, kept only as hashes.

So the letter that carries a code or an invitation can be written later, by a worker, from the id alone, while neither
the tables nor the trail hold anything that opens a door.
"""

import base64
import hashlib
import secrets
import uuid

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

DIGITS = 6


def sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def code_of(id: uuid.UUID) -> str:
    """The six digits of a one-time code."""
    mac = salted_hmac("qianan.accounts.code", str(id), algorithm="sha256").digest()
    return f"{int.from_bytes(mac[:8], 'big') % 10**DIGITS:0{DIGITS}}"


def code_hash(id: uuid.UUID, code: str) -> str:
    """What the table keeps: keyed with the instance's secret and salted with the row's id."""
    return salted_hmac(f"qianan.accounts.code-hash:{id}", code, algorithm="sha256").hexdigest()


def is_code(id: uuid.UUID, code: str, kept: str) -> bool:
    return code.isascii() and constant_time_compare(code_hash(id, code), kept)


def asked_hash(login: str) -> str:
    """What was typed at the door, told apart but not readable."""
    return salted_hmac("qianan.accounts.asked", login.encode("utf-8", "surrogatepass"), algorithm="sha256").hexdigest()


def invitation_secret(id: uuid.UUID) -> str:
    """The secret word of an invitation's link, 32 characters of base64url."""
    mac = salted_hmac("qianan.accounts.invitation", str(id), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac[:24]).decode()


def new_token() -> str:
    """A new API token: shown once, kept as a hash."""
    return f"qa_{secrets.token_urlsafe(32)}"


def _cipher(purpose: str) -> Fernet:
    key = hashlib.sha256(f"qianan.{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(text: str, *, purpose: str) -> str:
    """Encrypt what must be kept in a readable form (a second factor's key, a gateway's password)."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """The text again; "" for what another key or purpose wrote."""
    try:
        return _cipher(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""
