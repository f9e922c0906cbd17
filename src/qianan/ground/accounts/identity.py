"""What a person is called and reached by: names, logins, numbers, cleaned before they are kept or looked up."""

import unicodedata
from typing import Any

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from qianan.kernel.problems import Invalid

NAME_LENGTH = 60
LOGIN_LENGTH = 60
MARKS = frozenset("._-@+")
"""Signs that a login may hold beside letters and digits of any script."""

_MOBILE = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}


def is_printable(text: str) -> bool:
    """No control characters, no lone surrogates, none of the signs that turn the direction of a line."""
    return not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"} for sign in text)


def line_of(text: Any, *, where: str, limit: int, empty: bool = False) -> str:
    """One line of text as people type it: NFC, trimmed. Raises Invalid for control characters or too many of them."""
    if not isinstance(text, str):
        raise Invalid("not_text", where=where)
    if len(text) > limit * 4:
        raise Invalid("too_long", where=where, limit=limit)
    clean = unicodedata.normalize("NFC", text).strip()
    if not is_printable(clean):
        raise Invalid("control_characters", where=where)
    if len(clean) > limit:
        raise Invalid("too_long", where=where, limit=limit)
    if not clean and not empty:
        raise Invalid("missing", where=where)
    return clean


def fold(text: str) -> str:
    """A login as it is kept and compared: full-width signs made narrow, upper case made lower."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def mobile_of(text: str) -> str:
    """The E.164 form of a mobile number as people write it (`138 0000 0001`, `+86-138…`, full-width digits), or "".

    A number without a country code belongs to QIANAN_PHONE_REGION (CN by default).
    """
    narrow = unicodedata.normalize("NFKC", text).strip()
    if not narrow or len(narrow) > 40 or not any(sign.isdigit() for sign in narrow):
        return ""
    if not all(sign in "0123456789+-() ." for sign in narrow):
        return ""
    try:
        number = phonenumbers.parse(narrow, settings.QIANAN_PHONE_REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def checked_mobile(text: str, *, where: str = "mobile") -> str:
    """E.164, or raises Invalid("not_a_mobile")."""
    found = mobile_of(line_of(text, where=where, limit=40))
    if not found:
        raise Invalid("not_a_mobile", where=where)
    return found


def checked_login(text: str, *, mobile: str | None, where: str = "login") -> str:
    """A login as it is kept. One that reads as a mobile number must be the person's own, so that no two people can
    mean the same words at the door. Raises Invalid."""
    login = fold(line_of(text, where=where, limit=LOGIN_LENGTH))
    if number := mobile_of(login):
        if number != mobile:
            raise Invalid("login_is_a_number", where=where)
        return number
    if len(login) > LOGIN_LENGTH:
        raise Invalid("too_long", where=where, limit=LOGIN_LENGTH)
    if len(login) < 2 or not all(sign.isalnum() or sign in MARKS for sign in login):
        raise Invalid("bad_login", where=where)
    return login


def checked_email(text: str, *, where: str = "email") -> str:
    """A trimmed address, "" for none. Raises Invalid("not_an_email")."""
    email = line_of(text, where=where, limit=254, empty=True)
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise Invalid("not_an_email", where=where) from wrong
    return email


def checked_language(code: str, *, where: str = "language") -> str:
    if code not in dict(settings.LANGUAGES):
        raise Invalid("unknown_language", where=where)
    return code


def masked(address: str) -> str:
    """An address as it may be shown to others: `+86138****0001`, `l***@example.cn`."""
    if "@" in address:
        name, _, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    if len(address) > 8:
        return f"{address[:-8]}****{address[-4:]}"
    return "****" if address else ""
