"""Reads decimal prices in their channels' currencies, all wrong ones at once."""

from functools import cached_property

import strawberry

from storeql.catalog import inputs
from storeql.catalog.prices.current import channel_currencies
from storeql.db import Connection
from storeql.errors import BadInput, Problem, Rejected
from storeql.schema.catalog.product_inputs import (
    ChannelPriceInput,
    ProductVariantInput,
    VariantPriceInput,
)
from storeql.schema.ids import row_of
from storeql.schema.money import minor_units


class PriceReader:
    """Prices of one input; call `refuse_problems` when all are read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._problems: list[Problem] = []

    def of_variant(self, typed: ProductVariantInput, *path: str) -> tuple[inputs.PriceInput, ...]:
        """A new variant's prices; `path` leads to the variant in the mutation's input."""
        return tuple(
            inputs.PriceInput(**self._read(price, *path, "prices", str(place)))
            for place, price in enumerate(typed.prices)
        )

    def of_list(self, typed: list[VariantPriceInput]) -> tuple[inputs.VariantPriceInput, ...]:
        """Prices to set, at `prices` in the mutation's input."""
        return tuple(
            inputs.VariantPriceInput(
                variant_id=row_of("ProductVariant", price.variant_id),
                expected_version=price.expected_version,
                **self._read(price, "prices", str(place)),
            )
            for place, price in enumerate(typed)
        )

    def refuse_problems(self) -> None:
        """Raises Rejected with every price that cannot be read, if any cannot."""
        if self._problems:
            raise Rejected(self._problems)

    @cached_property
    def _currencies(self) -> dict[int, str]:
        return channel_currencies(self._connection)

    def _read(self, typed: ChannelPriceInput | VariantPriceInput, *path: str) -> dict[str, int]:
        channel_id = row_of("Channel", typed.channel_id)
        amounts = {
            "price": typed.price,
            "compareAtPrice": typed.compare_at_price,
            "cost": typed.cost,
        }
        read = {"channel_id": channel_id}
        for (field, amount), name in zip(amounts.items(), NAMES, strict=True):
            if amount is not None and amount is not strawberry.UNSET:
                read[name] = self._minor(amount, channel_id, *path, field)
        return read

    def _minor(self, amount: str, channel_id: int, *path: str) -> int:
        currency = self._currencies.get(channel_id)
        if currency is None:  # The domain says that there is no such channel.
            return 0
        try:
            return minor_units(amount, currency)
        except BadInput as error:
            index = next(int(part) for part in path if part.isdecimal())
            self._problems.append(
                Problem(code="TOO_MANY_DECIMALS", message=error.message, field=path, index=index)
            )
            return 0


NAMES = ("price_minor", "compare_at_minor", "cost_minor")
