"""The hook through which tax rates reach a price."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from storeql.hooks.markers import hookspec
from storeql.pricing import Basket

MOST_BASIS_POINTS = 100_000


class TaxRates(Struct, frozen=True, kw_only=True):
    """The rates of one basket in basis points (1300 is 13 %); what is not named is not taxed.

    `lines` is by line id, `gifts` by variant id, `delivery` for the shipment. With
    `prices_include_tax` the tax is a part of the prices, otherwise it comes on top of them.
    """

    lines: Mapping[str, int] = {}
    gifts: Mapping[str, int] = {}
    delivery: int = 0
    prices_include_tax: bool = True


def taxed(basket: Basket, rates: TaxRates) -> Basket:
    """The basket with these rates on its lines, gifts and delivery."""
    delivery = basket.delivery
    return replace(
        basket,
        lines=tuple(
            replace(line, tax_basis_points=rates.lines.get(line.id, 0)) for line in basket.lines
        ),
        gifts={
            variant_id: replace(gift, tax_basis_points=rates.gifts.get(variant_id, 0))
            for variant_id, gift in basket.gifts.items()
        },
        delivery=delivery and replace(delivery, tax_basis_points=rates.delivery),
        prices_include_tax=rates.prices_include_tax,
    )


@hookspec(firstresult=True)
def storeql_tax_rates(basket: Basket) -> TaxRates | None:
    """The tax rates of a basket's lines, gifts and delivery.

    Called once per pricing, after `storeql_basket_built`, before the engine sees the basket. The
    return is a `TaxRates`; None leaves the answer to the next plugin, and without any nothing is
    taxed. `basket.delivery` has the destination. The engine taxes what discounts left, each
    amount rounded half up on its own, and the rates are stored with an order's basket.

    Ordering: plugins are asked in the order of their names; the first answer counts.

    Errors: when a plugin raises or answers anything else, the cart is priced without tax and
    cannot be ordered: it carries the refusal TAX_UNKNOWN. No network and no clock: the answer
    depends on the basket alone.

    >>> from datetime import UTC, datetime
    >>> from storeql.hooks import TaxRates, hookimpl, load_hooks
    >>> from storeql.pricing import Basket, Line, price
    >>> class ValueAddedTax:
    ...     @hookimpl
    ...     def storeql_tax_rates(self, basket):
    ...         return TaxRates(lines={line.id: 1300 for line in basket.lines})
    >>> tea = Line(id="1", product_id="7", variant_id="9", quantity=1, list_minor=11300)
    >>> at = datetime(2026, 11, 11, tzinfo=UTC)
    >>> basket = Basket(lines=(tea,), channel="web", currency="CNY", at=at)
    >>> taxed, _ = load_hooks(extra_plugins=[ValueAddedTax()]).with_taxes(basket)
    >>> price(taxed, ()).totals.tax_minor
    1300
    """
