"""Hooks around the price of a cart or an order: add facts before, check and annotate after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from storeql.hooks.markers import hookspec
from storeql.pricing import Basket, PricedCart, Text


class Annotation(Struct, frozen=True, kw_only=True):
    """Something to tell the buyer about a price; it changes nothing.

    `code` is stable for a front end, `line_id` names the basket's line it is about. `plugin` is
    filled in by the shop.
    """

    code: str
    message: Text
    line_id: str | None = None
    plugin: str = ""


class Refusal(Struct, frozen=True, kw_only=True):
    """A reason why this cart cannot become an order; the price stands, placing is refused.

    `code` is stable for a front end, `line_id` names the basket's line it is about. `plugin` is
    filled in by the shop.
    """

    code: str
    message: Text
    line_id: str | None = None
    plugin: str = ""


Verdict = Annotation | Refusal


@hookspec
def storeql_basket_built(basket: Basket) -> Mapping[str, Any] | None:
    """Facts for this plugin's own promotion types, added before the basket is priced.

    Called once per pricing, when the basket is complete, with all its lines at once. The return
    is a mapping of JSON values, found later as `basket.facts[plugin name]`; None adds nothing.
    Facts are stored with an order's basket, so a replay needs no plugin to answer again.

    Ordering: every plugin is given the same basket, without the facts of others.

    Errors: a plugin that raises or returns something that is not JSON is logged and adds nothing.
    No network, no clock: the answer depends on the basket alone.

    >>> from datetime import UTC, datetime
    >>> from storeql.hooks import hookimpl, load_hooks
    >>> from storeql.pricing import Basket, Line
    >>> class HeavyCarts:
    ...     @hookimpl
    ...     def storeql_basket_built(self, basket):
    ...         return {"pieces": sum(line.quantity for line in basket.lines)}
    >>> tea = Line(id="1", product_id="7", variant_id="9", quantity=3, list_minor=2500)
    >>> at = datetime(2026, 11, 11, tzinfo=UTC)
    >>> basket = Basket(lines=(tea,), channel="web", currency="CNY", at=at)
    >>> load_hooks(extra_plugins=[HeavyCarts()]).with_facts(basket).facts
    {'HeavyCarts': {'pieces': 3}}
    """


@hookspec
def storeql_cart_priced(basket: Basket, priced: PricedCart) -> Sequence[Verdict] | None:
    """Remarks about a cart's price: things to tell the buyer, or reasons not to sell.

    Called each time a cart is priced for somebody to see. The return is a list of `Annotation`
    and `Refusal`; None is an empty list. A `Refusal` shows in the cart and keeps it from being
    placed. Amounts are never changed here: that is what promotion types are for.

    Ordering: plugins answer in the order of their names; all answers are kept.

    Errors: a plugin that raises or returns anything else is logged and left out for this cart.

    >>> from datetime import UTC, datetime
    >>> from storeql.hooks import Refusal, hookimpl, load_hooks
    >>> from storeql.pricing import Basket, Line, Text, price
    >>> class FewPieces:
    ...     @hookimpl
    ...     def storeql_cart_priced(self, basket, priced):
    ...         text = Text("At most 10 pieces of one thing.", "每种商品最多十件。")
    ...         return [
    ...             Refusal(code="TOO_MANY", message=text, line_id=line.id)
    ...             for line in basket.lines
    ...             if line.quantity > 10
    ...         ]
    >>> tea = Line(id="1", product_id="7", variant_id="9", quantity=12, list_minor=2500)
    >>> at = datetime(2026, 11, 11, tzinfo=UTC)
    >>> basket = Basket(lines=(tea,), channel="web", currency="CNY", at=at)
    >>> hooks = load_hooks(extra_plugins=[FewPieces()])
    >>> [(v.plugin, v.code, v.line_id) for v in hooks.cart_priced(basket, price(basket, ()))]
    [('FewPieces', 'TOO_MANY', '1')]
    """


@hookspec
def storeql_order_priced(basket: Basket, priced: PricedCart) -> Sequence[Verdict] | None:
    """The last word before an order is written: remarks kept with it, or a refusal.

    Called once per attempt to place an order, inside its transaction, after the final pricing.
    The return is as for `storeql_cart_priced`; any `Refusal` rolls everything back and becomes a
    user error with its code.

    Ordering: plugins answer in the order of their names; all answers are kept.

    Errors: a plugin that raises or returns anything else is logged and left out for this order.
    No network: a transaction is open.

    >>> from datetime import UTC, datetime
    >>> from storeql.hooks import Annotation, hookimpl, load_hooks
    >>> from storeql.pricing import Basket, Line, Text, price
    >>> class ThankBigOrders:
    ...     @hookimpl
    ...     def storeql_order_priced(self, basket, priced):
    ...         if priced.totals.total_minor < 100_00:
    ...             return None
    ...         return [Annotation(code="CARD", message=Text("Add a card.", "附贺卡。"))]
    >>> tea = Line(id="1", product_id="7", variant_id="9", quantity=5, list_minor=2500)
    >>> at = datetime(2026, 11, 11, tzinfo=UTC)
    >>> basket = Basket(lines=(tea,), channel="web", currency="CNY", at=at)
    >>> hooks = load_hooks(extra_plugins=[ThankBigOrders()])
    >>> [verdict.code for verdict in hooks.order_priced(basket, price(basket, ()))]
    ['CARD']
    """
