"""Promotions: their kinds, life, vouchers and limits, and the index that finds them for a cart.

Plugin authors find here what a kind of promotion is made of.
"""

from storeql.pricing import Ceiling, Lane, PromotionType, Text, Texts
from storeql.promotions.rules.fields import (
    Unit,
    amount,
    coupon,
    customer_groups,
    entries,
    gifts,
    label,
    percent,
    products,
    text,
    variants,
    whole,
)
from storeql.promotions.rules.form import FieldKind, Form, FormError, FormField, form_of
from storeql.promotions.rules.goods import NOT_NAMED, GoodsTable, check_names, named_goods
from storeql.promotions.types import PromotionTypes, with_forms

__all__ = [
    "NOT_NAMED",
    "Ceiling",
    "FieldKind",
    "Form",
    "FormError",
    "FormField",
    "GoodsTable",
    "Lane",
    "PromotionType",
    "PromotionTypes",
    "Text",
    "Texts",
    "Unit",
    "amount",
    "check_names",
    "coupon",
    "customer_groups",
    "entries",
    "form_of",
    "gifts",
    "label",
    "named_goods",
    "percent",
    "products",
    "text",
    "variants",
    "whole",
    "with_forms",
]
