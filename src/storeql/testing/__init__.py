"""Tools for the tests of a plugin: baskets and promotions, the conformance kit, and a shop.

Install them with `pip install 'storeql[testing]'`.
"""

from storeql.testing.baskets import baskets
from storeql.testing.builders import a_basket, a_line, a_promotion
from storeql.testing.case import Case, Unfit
from storeql.testing.conformance import PromotionConformance
from storeql.testing.migrations import migration_differences
from storeql.testing.rules import rules_of
from storeql.testing.shop import RunningShop, SaleItem, a_shop

__all__ = [
    "Case",
    "PromotionConformance",
    "RunningShop",
    "SaleItem",
    "Unfit",
    "a_basket",
    "a_line",
    "a_promotion",
    "a_shop",
    "baskets",
    "migration_differences",
    "rules_of",
]
