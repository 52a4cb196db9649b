"""Prices a cart: its basket, the plugins' facts, the engine, and what plugins say of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from msgspec import Struct

from storeql.carts.basket import build_basket
from storeql.carts.records import Cart, CartLine
from storeql.db import Connection
from storeql.hooks import Annotation, Hooks, Refusal, Verdict
from storeql.pricing import Basket, PricedCart, Promotion, price
from storeql.promotions.active import ActiveSets


class PriceDesk(Struct, frozen=True):
    """What pricing needs of the shop: its plugins, its running promotions, its time zone."""

    hooks: Hooks
    active_sets: ActiveSets
    zone: ZoneInfo


class CartPricing(Struct, frozen=True, kw_only=True):
    """A cart's price: what it was computed from, what came out, and what plugins say of it."""

    basket: Basket
    priced: PricedCart
    promotions: tuple[Promotion, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """Things to tell the buyer."""
        return tuple(one for one in self.verdicts if isinstance(one, Annotation))

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Reasons why this cart cannot become an order."""
        return tuple(one for one in self.verdicts if isinstance(one, Refusal))


def price_cart(
    connection: Connection, cart: Cart, lines: Sequence[CartLine], *, desk: PriceDesk, now: int
) -> CartPricing:
    """The price of the cart for the customer it belongs to, at this instant."""
    made = build_basket(
        connection,
        cart,
        lines,
        buyer=cart.buyer,
        active_sets=desk.active_sets,
        zone=desk.zone,
        now=now,
    )
    basket, untaxed = desk.hooks.with_taxes(desk.hooks.with_facts(made.basket))
    priced = price(basket, made.promotions)
    return CartPricing(
        basket=basket,
        priced=priced,
        promotions=made.promotions,
        verdicts=(*untaxed, *desk.hooks.cart_priced(basket, priced)),
    )
