"""What the linter says of a promotion."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

from storeql.pricing import Promotion, Text


class Severity(Enum):
    """BLOCKING: it cannot be activated like this. WARNING: it can, but look at it."""

    BLOCKING = "BLOCKING"
    WARNING = "WARNING"


class NamedPromotion(Struct, frozen=True):
    """A promotion by row number and name."""

    promotion_id: int
    name: str


class Finding(Struct, frozen=True, kw_only=True):
    """One thing to look at: a stable code, words for staff, and what it is about.

    `promotions` are those in it, the one that was tried first. `variant_ids` are examples of the
    variants that show it, the worst first.
    """

    code: str
    severity: Severity
    message: Text
    promotions: Sequence[NamedPromotion]
    variant_ids: Sequence[int] = ()


def blocking(code: str, message: Text, *promotions: Promotion) -> Finding:
    """A finding that keeps the promotion from being activated."""
    return _found(code, Severity.BLOCKING, message, promotions)


def warning(
    code: str, message: Text, *promotions: Promotion, variant_ids: Sequence[int] = ()
) -> Finding:
    """A finding to look at."""
    return _found(code, Severity.WARNING, message, promotions, variant_ids)


def _found(
    code: str,
    severity: Severity,
    message: Text,
    promotions: Sequence[Promotion],
    variant_ids: Sequence[int] = (),
) -> Finding:
    named = tuple(NamedPromotion(int(one.id), one.name) for one in promotions)
    return Finding(
        code=code,
        severity=severity,
        message=message,
        promotions=named,
        variant_ids=tuple(variant_ids),
    )
