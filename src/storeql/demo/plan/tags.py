"""Which tags a product carries."""

from __future__ import annotations

from collections.abc import Mapping

from storeql.demo.plan.designations import Designation

NEW_FOR_DAYS = 30
BEST_SELLER = 5.9  # about one product in ten is drawn more popular than this
GIFTS = frozenset({"HDPH", "TPOT", "VASE", "SCRF", "COOK", "SERM", "LIPS", "WTCH", "NLIT", "HONY"})
KIND_MATERIALS = ("Recycled", "bamboo", "Bamboo", "Linen", "Cork", "Natural", "Cotton-linen")


def tags_of(
    what: Designation,
    attributes: Mapping[str, str],
    *,
    age_days: int,
    popularity: float,
    is_reduced: bool,
) -> tuple[str, ...]:
    """Slugs of the product's tags, from what is known about it."""
    material = attributes.get("material", "")
    reasons = {
        "new-arrival": age_days <= NEW_FOR_DAYS,
        "best-seller": popularity > BEST_SELLER,
        "gift-idea": what.ware.code in GIFTS and what.style % 2 == 0,
        "eco-friendly": any(word in material for word in KIND_MATERIALS),
        "limited": what.edition.en == "Collector's Edition" or what.model.price >= 170,
        "on-sale": is_reduced,
    }
    return tuple(slug for slug, holds in reasons.items() if holds)
