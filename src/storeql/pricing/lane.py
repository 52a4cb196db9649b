"""The four layers in which discounts are granted, one after the other."""

from __future__ import annotations

from enum import Enum


class Lane(Enum):
    """A layer of discounts; each sees the amounts that the lane before left."""

    ITEM = "ITEM"
    ORDER = "ORDER"
    VOUCHER = "VOUCHER"
    SHIPPING = "SHIPPING"

    __hash__ = object.__hash__  # lanes are keys all over a pricing, and Enum's own takes a call


LANES = (Lane.ITEM, Lane.ORDER, Lane.VOUCHER, Lane.SHIPPING)
