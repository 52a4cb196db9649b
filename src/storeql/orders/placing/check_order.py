"""Everything that keeps a cart from becoming an order, said at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storeql.carts.price_cart import CartPricing
from storeql.carts.records import Cart, CartLine
from storeql.errors import Problem, Rejected
from storeql.hooks import Hooks, Refusal, Verdict
from storeql.orders.problems import GiftsChanged, LineRefused, PriceChanged
from storeql.pricing import PricedCart


def refuse_incomplete(
    cart: Cart, lines: Sequence[CartLine], *, email: str, currency: str, hooks: Hooks
) -> None:
    """Raises Rejected with all that is missing for an order, or cannot be had any more."""
    problems = [
        *_missing(cart, email, hooks),
        *_lines(lines),
    ]
    if currency != cart.currency:
        message = f"The cart is in {cart.currency}."
        field = ("confirmedTotal", "currency")
        problems.append(Problem(code="CURRENCY_MISMATCH", message=message, field=field))
    if problems:
        raise Rejected(problems)


def refuse_price(
    pricing: CartPricing, verdicts: Sequence[Verdict], *, total_minor: int, gifts: int | None
) -> None:
    """Raises Rejected when a plugin refuses the cart, or it is not what was confirmed.

    `total_minor` is the confirmed total, `gifts` the confirmed gift pieces (None: any number).
    """
    refusals = [*pricing.refusals, *(one for one in verdicts if isinstance(one, Refusal))]
    problems = [
        *(_refused(refusal) for refusal in refusals),
        *_other_price(pricing.priced, total_minor),
        *_other_gifts(pricing.priced, gifts),
    ]
    if problems:
        raise Rejected(problems)


def _refused(refusal: Refusal) -> Problem:
    return Problem(code=refusal.code, message=refusal.message.en, zh=refusal.message.zh)


def _other_price(priced: PricedCart, confirmed_minor: int) -> Iterator[Problem]:
    if priced.totals.total_minor != confirmed_minor:
        yield PriceChanged(
            message="The price has changed since it was shown: look at the cart again.",
            field=("confirmedTotal",),
            shown_minor=confirmed_minor,
            now_minor=priced.totals.total_minor,
            currency=priced.currency,
        )


def _other_gifts(priced: PricedCart, confirmed: int | None) -> Iterator[Problem]:
    pieces = sum(gift.quantity for gift in priced.gift_lines)
    if confirmed is not None and pieces != confirmed:
        yield GiftsChanged(
            message=f"The order comes with {pieces} gifts, not {confirmed}.",
            field=("confirmedGifts",),
            shown=confirmed,
            now=pieces,
        )


def _missing(cart: Cart, email: str, hooks: Hooks) -> Iterator[Problem]:
    for is_there, code, message in (
        (bool(email), "EMAIL_REQUIRED", "An order needs an e-mail address."),
        (cart.address is not None, "ADDRESS_REQUIRED", "An order needs an address."),
        (
            cart.delivery_method is not None,
            "DELIVERY_METHOD_REQUIRED",
            "Choose how the order is delivered.",
        ),
        (
            cart.payment_method in hooks.gateways,
            "PAYMENT_METHOD_REQUIRED",
            "Choose how the order is paid.",
        ),
    ):
        if not is_there:
            yield Problem(code=code, message=message, field=("cartToken",))


def _lines(lines: Sequence[CartLine]) -> Iterator[Problem]:
    if not lines:
        message = "There is nothing in the cart."
        yield Problem(code="CART_EMPTY", message=message, field=("cartToken",))
    for line in lines:
        if not line.is_available:
            yield LineRefused(
                message=f"{line.product_name} is not for sale any more.",
                field=("cartToken",),
                line_id=line.id,
                variant_id=line.variant_id,
                sku=line.sku,
            )
