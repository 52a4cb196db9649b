"""Promotions: their kinds, life, vouchers and limits, and the index that finds them for a cart.

Plugin authors find here what a kind of promotion is made of.
"""

from storeql.pricing import Ceiling, Lane, PromotionType, Text, Texts
from storeql.promotions.form import FieldKind, Form, FormError, FormField, form_of
from storeql.promotions.rule_fields import (
    Unit,
    amount,
    entries,
    gifts,
    label,
    percent,
    products,
    text,
    variants,
    whole,
)
from storeql.promotions.types import PromotionTypes, with_forms

__all__ = [
    "Ceiling",
    "FieldKind",
    "Form",
    "FormError",
    "FormField",
    "Lane",
    "PromotionType",
    "PromotionTypes",
    "Text",
    "Texts",
    "Unit",
    "amount",
    "entries",
    "form_of",
    "gifts",
    "label",
    "percent",
    "products",
    "text",
    "variants",
    "whole",
    "with_forms",
]
