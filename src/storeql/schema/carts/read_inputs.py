"""Reads what a shopper sends about a cart into what the domain takes."""

from collections.abc import Sequence
from typing import Any

import strawberry

from storeql.carts import records
from storeql.carts.details import Details
from storeql.schema.carts.inputs import (
    AddOnChoiceInput,
    CartCreateInput,
    CartLineInput,
    CartLineQuantityInput,
    GiftChoiceInput,
)
from storeql.schema.ids import row_of, rows_of
from storeql.schema.people.address import typed_address


def lines_of(given: Sequence[CartLineInput]) -> list[records.LineInput]:
    """Variants to put into a cart."""
    return [
        records.LineInput(
            variant_id=row_of("ProductVariant", line.variant_id), quantity=line.quantity
        )
        for line in given
    ]


def quantities_of(given: Sequence[CartLineQuantityInput]) -> list[records.QuantityInput]:
    """New quantities of lines."""
    return [
        records.QuantityInput(line_id=row_of("CartLine", line.line_id), quantity=line.quantity)
        for line in given
    ]


def gifts_of(given: Sequence[GiftChoiceInput]) -> list[records.GiftChoice]:
    """The gifts picked of each promotion."""
    return [
        records.GiftChoice(
            promotion_id=row_of("Promotion", choice.promotion_id),
            variant_ids=rows_of("ProductVariant", choice.variant_ids),
        )
        for choice in given
    ]


def add_ons_of(given: Sequence[AddOnChoiceInput]) -> list[records.AddOnChoice]:
    """The add-ons picked of each promotion."""
    return [
        records.AddOnChoice(
            promotion_id=row_of("Promotion", choice.promotion_id),
            variant_id=row_of("ProductVariant", choice.variant_id),
            quantity=choice.quantity,
        )
        for choice in given
    ]


def details_of(given: Any) -> Details:
    """The details an input names; what it leaves out stays as it is."""
    named = {
        name: value
        for name in ("email", "address", "delivery_method_id", "payment_method")
        if (value := getattr(given, name, strawberry.UNSET)) is not strawberry.UNSET
    }
    if isinstance(given, CartCreateInput):
        named = {name: value for name, value in named.items() if value is not None}
    if named.get("address") is not None:
        named["address"] = typed_address(named["address"])
    if named.get("delivery_method_id") is not None:
        named["delivery_method_id"] = row_of("DeliveryMethod", named["delivery_method_id"])
    return Details(**named)
