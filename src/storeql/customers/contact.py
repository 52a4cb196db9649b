"""E-mail addresses and phone numbers as people type them, and as the shop keeps them."""

from __future__ import annotations

import re
import unicodedata

LONGEST_EMAIL = 254
LONGEST_PHONE = 32

_LOCAL = r"[^\s@\"(),:;<>\[\\\]]{1,64}"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_EMAIL = re.compile(rf"{_LOCAL}@(?:{_LABEL}\.)+{_LABEL}")
_PHONE_SEPARATORS = re.compile(r"[\s().\-\u2010-\u2015]+")
_PHONE = re.compile(r"\+?[0-9]{5,20}")


def normal_email(typed: str) -> str | None:
    """The one spelling of an address (NFC, trimmed, lower case); None when it is not one."""
    email = unicodedata.normalize("NFC", typed).strip().lower()
    if len(email) > LONGEST_EMAIL or not email.isprintable() or ".." in email:
        return None
    return email if _EMAIL.fullmatch(email) else None


def normal_phone(typed: str) -> str | None:
    """Digits with a leading + where a country was given; None when it is not a number."""
    phone = _PHONE_SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))
    if phone.startswith("00"):
        phone = f"+{phone[2:]}"
    return phone if _PHONE.fullmatch(phone) else None
