"""Names things in addresses: what a slug looks like, and one made from a name."""

from __future__ import annotations

import re
import unicodedata

from storeql.inputs import Fields, plain

LONGEST_SLUG = 100
BETWEEN_WORDS = re.compile(r"[\W_]+")


def slug_of(text: str) -> str:
    """The text as a slug: lower-case letters and digits of any script, joined by hyphens.

    Empty when the text holds neither.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return BETWEEN_WORDS.sub("-", folded).strip("-")[:LONGEST_SLUG].strip("-")


def checked_slug(fields: Fields, typed: str) -> str:
    """A given slug at the field `slug`, noted when it is none."""
    slug = plain(typed)
    if not slug:
        fields.report("REQUIRED", "This must not be empty.", "slug")
    elif slug != slug_of(slug):
        message = "A slug has lower-case letters, digits and single hyphens, at most 100."
        fields.report("INVALID_SLUG", message, "slug")
    return slug
