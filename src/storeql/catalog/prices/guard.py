"""Refuses prices below their floors, unless somebody who may says why.

What is forced is remembered, for the history of prices: it says which floor was gone below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import String, bindparam, cast, func, literal_column, select

from storeql.catalog.inputs import PriceInput
from storeql.catalog.prices.current import channel_currencies
from storeql.catalog.prices.floor_book import Floor, FloorBook, floor_book
from storeql.catalog.prices.goods import ids_in
from storeql.catalog.prices.history import Key
from storeql.catalog.prices.offers import offers_in, prices_of
from storeql.catalog.problems import BelowFloor
from storeql.catalog.tables import product_categories, variant_prices, variants
from storeql.db import Connection, any_of, statement
from storeql.inputs import Fields
from storeql.pricing.currencies import amount_text
from storeql.pricing.price_choice import VariantPrices, less_percent

_price = variant_prices.c
_PLACES = statement(
    select(
        variants.c.id,
        variants.c.product_id,
        select(
            func.aggregate_strings(
                cast(product_categories.c.category_id, String),
                literal_column("' '"),  # type: ignore[arg-type]
            )
        )
        .where(product_categories.c.product_id == variants.c.product_id)
        .correlate(variants)
        .scalar_subquery(),
    ).where(any_of(variants.c.id, "ids"))
)
_PRICES = statement(
    select(
        _price.variant_id,
        _price.channel_id,
        _price.cost_minor,
        _price.price_minor,
        _price.compare_at_minor,
        *offers_in(_price.channel_id),
    )
    .select_from(variant_prices.join(variants, variants.c.id == _price.variant_id))
    .where(any_of(_price.variant_id, "ids"))
)
_CATEGORIES = statement(
    select(product_categories.c.category_id).where(
        product_categories.c.product_id == bindparam("id")
    )
)


class Priced(Struct, frozen=True):
    """A variant in a channel as it stands: its cost, and all that its price depends on."""

    cost_minor: int | None
    prices: VariantPrices


class PriceGuard:
    """The floors of some variants, whose products must be locked; five statements at most.

    With a `reason` nothing is refused, and `broken` has the floors that prices are set below.
    """

    def __init__(
        self, connection: Connection, variant_ids: Iterable[int], *, reason: str, now: int
    ) -> None:
        ids = sorted(set(variant_ids))
        self._places = {row[0]: (row[1], row[2]) for row in connection.rows(_PLACES, ids=ids)}
        self.priced: Mapping[Key, Priced] = {
            (row[0], row[1]): Priced(row[2], prices_of(*row[3:]))
            for row in connection.rows(_PRICES, ids=ids, now=now)
        }
        product_ids = {product_id for product_id, _ in self._places.values()}
        self._book: FloorBook = floor_book(connection, product_ids)
        self._currencies = channel_currencies(connection)
        self._is_forced = bool(reason)
        self.broken: dict[Key, int] = {}

    def floor(self, key: Key, cost_minor: int | UnsetType | None = UNSET) -> Floor | None:
        """The floor of a variant in a channel; at the cost it has there unless one is given."""
        if key[0] not in self._places:
            return None
        if cost_minor is UNSET:
            priced = self.priced.get(key)
            cost_minor = None if priced is None else priced.cost_minor
        product_id, category_ids = self._places[key[0]]
        return self._book.floor(
            product_id=product_id,
            category_ids=map(int, ids_in(category_ids)),
            channel_id=key[1],
            cost_minor=cost_minor,
        )

    def check(
        self,
        fields: Fields,
        *names: str,
        key: Key,
        price_minor: int,
        cost_minor: int | UnsetType | None = UNSET,
        list_name: str = "",
    ) -> None:
        """Notes BelowFloor at the field `names` for a price that is too low there."""
        floor, currency = self.floor(key, cost_minor), self._currencies.get(key[1])
        if floor is None or currency is None or price_minor >= floor.minor:
            return
        if self._is_forced:
            self.broken[key] = max(floor.minor, self.broken.get(key, 0))
        else:
            refuse_below(
                fields,
                *names,
                price_minor=price_minor,
                floor=floor,
                currency=currency,
                list_name=list_name,
            )

    def check_channel_price(
        self,
        fields: Fields,
        *names: str,
        key: Key,
        price_minor: int,
        cost_minor: int | UnsetType | None = UNSET,
    ) -> None:
        """The same for a channel's price, or for what percentages of lists make of it.

        Of each list only the lowest price is told.
        """
        found = len(fields.problems)
        self.check(fields, *names, key=key, price_minor=price_minor, cost_minor=cost_minor)
        priced = self.priced.get(key)
        if priced is None or len(fields.problems) > found:
            return
        for one in priced.prices.lists:
            percentages = [
                entry.percent_off_basis_points for entry in one.entries if entry.price_minor is None
            ]
            if percentages:
                self.check(
                    fields,
                    *names,
                    key=key,
                    price_minor=less_percent(price_minor, max(percentages)),
                    cost_minor=cost_minor,
                    list_name=one.name,
                )


class NewPriceGuard:
    """The floors of variants that are new, of a product that may be: three statements at most."""

    def __init__(
        self,
        connection: Connection,
        *,
        product_id: int | None = None,
        category_ids: Sequence[int] = (),
        reason: str,
    ) -> None:
        self._product_id = product_id
        self._category_ids = category_ids
        self._book = floor_book(connection, () if product_id is None else (product_id,))
        if product_id is not None:
            self._category_ids = [row for (row,) in connection.rows(_CATEGORIES, id=product_id)]
        self._currencies = channel_currencies(connection)
        self._is_forced = bool(reason)

    def check(self, fields: Fields, price: PriceInput) -> int | None:
        """Notes BelowFloor at `price`; with a reason, the floor that is gone below instead."""
        floor = self._book.floor(
            product_id=self._product_id,
            category_ids=self._category_ids,
            channel_id=price.channel_id,
            cost_minor=price.cost_minor,
        )
        currency = self._currencies.get(price.channel_id)
        if floor is None or currency is None or price.price_minor >= floor.minor:
            return None
        if self._is_forced:
            return floor.minor
        refuse_below(fields, "price", price_minor=price.price_minor, floor=floor, currency=currency)
        return None


def refuse_below(
    fields: Fields,
    *names: str,
    price_minor: int,
    floor: Floor,
    currency: str,
    list_name: str = "",
) -> None:
    """Notes BelowFloor at the field `names`."""
    fields.problems.append(
        BelowFloor(
            message=_message(floor, currency, list_name),
            field=fields.path(*names),
            index=fields.index(*names),
            price_minor=price_minor,
            floor_minor=floor.minor,
            currency=currency,
            floor_id=floor.rule_id,
            price_list_name=list_name,
        )
    )


def _message(floor: Floor, currency: str, list_name: str) -> str:
    amount = amount_text(floor.minor, currency)
    which = "the cost" if floor.rule_id is None else "the floor"
    by = f" by the price list {list_name}" if list_name else ""
    return f"This would be sold below {which} of {amount}{by}."
