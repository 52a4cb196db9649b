"""Reads what people type about themselves: addresses to write to, numbers, passwords."""

from __future__ import annotations

import unicodedata

from storeql.customers.contact import normal_email, normal_phone
from storeql.inputs import Fields, has_controls

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200


class PersonFields(Fields):
    """The fields of an input about a person."""

    def email(self, name: str, typed: str) -> str:
        """An e-mail address in its one spelling."""
        email = normal_email(typed)
        if email is None:
            self.report("INVALID_EMAIL", "This is not an e-mail address.", name)
        return email or ""

    def phone(self, name: str, typed: str, *, required: bool = False) -> str:
        """A phone number in its one spelling, empty when none was given."""
        if not typed.strip():
            if required:
                self.report("REQUIRED", "This must not be empty.", name)
            return ""
        phone = normal_phone(typed)
        if phone is None:
            self.report("INVALID_PHONE", "This is not a phone number.", name)
        return phone or ""

    def new_password(self, name: str, typed: str) -> str:
        """A password in NFC, 8 to 200 characters, outer spaces kept."""
        password = unicodedata.normalize("NFC", typed)
        if has_controls(password):
            self.report("INVALID_CHARACTER", "Control characters are not allowed here.", name)
        elif not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            bounds = f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD}"
            self.report("PASSWORD_LENGTH", f"A password has {bounds} characters.", name)
        return password
