"""Plugins as strangers write them: sound ones, and ones that fail in every way there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from storeql.hooks import (
    Annotation,
    PaymentGateway,
    PaymentRequest,
    PaymentResult,
    PaymentStatus,
    Refusal,
    hookimpl,
)
from storeql.pricing import Basket, Discount, Lane, PricedCart, PromotionType, Text, Texts, Units

WORDS = Texts(
    title=Text("T", "题"), what=Text("W", "什"), when=Text("N", "何"), how=Text("H", "怎")
)


class FlatRule(Struct, frozen=True, kw_only=True):
    off_minor: int = 100


def flat(rule: FlatRule, units: Units, basket: Basket) -> Discount:
    return Discount(rule.off_minor)


def kind(key: str = "FLAT", rule: type[Struct] = FlatRule) -> PromotionType[Any]:
    return PromotionType(key=key, lane=Lane.ORDER, Rule=rule, propose=flat, texts=WORDS)


def answering(hook: str, answer: Callable[..., Any], name: str = "Stranger") -> object:
    """A plugin with one hook whose implementation is `answer`."""
    return type(name, (), {hook: hookimpl(answer)})()


def bringing(*kinds: Any, name: str = "Stranger") -> object:
    """A plugin that brings kinds of promotion, or whatever is given in their place."""
    return answering("storeql_promotion_types", lambda self: list(kinds), name)


class Pieces:
    """Tells how many pieces a basket holds."""

    @hookimpl
    def storeql_basket_built(self, basket: Basket) -> Mapping[str, Any]:
        return {"pieces": sum(line.quantity for line in basket.lines)}


class Modest:
    """Says something about every cart and refuses large ones."""

    @hookimpl
    def storeql_cart_priced(self, basket: Basket, priced: PricedCart) -> list[Any]:
        note = Annotation(code="HELLO", message=Text("Hello.", "你好。"))
        if priced.totals.total_minor <= 10_000:
            return [note]
        return [note, Refusal(code="TOO_LARGE", message=Text("Too large.", "金额过大。"))]


def gateway(authorize: Callable[[PaymentRequest], Any], key: str = "points") -> object:
    """A plugin with a gateway that answers so."""
    made = PaymentGateway(key=key, title=Text("P", "积"), what=Text("P", "积"), authorize=authorize)
    return answering("storeql_payment_gateways", lambda self: [made], "Gateway")


def captured(request: PaymentRequest) -> PaymentResult:
    return PaymentResult(status=PaymentStatus.CAPTURED, reference=f"R-{request.key}")
