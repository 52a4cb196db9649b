"""Tries a plugin's hooks around a price on many baskets, where a shop would only log a failure."""

from __future__ import annotations

import sys

from hypothesis import HealthCheck, given, settings
from msgspec import Struct

from storeql.authoring.drawn_rules import rules_of
from storeql.hooks import CartChange, CartChangeKind, ChangedLine, Hooks
from storeql.hooks.plugin import LoadedPlugin
from storeql.pricing import Basket, Promotion, price
from storeql.promotions.builtin.percentage import PercentageRule
from storeql.testing import Unfit, a_promotion, baskets
from storeql.testing.case import told_basket

PRICING_HOOKS = (
    "storeql_cart_changing",
    "storeql_basket_built",
    "storeql_tax_rates",
    "storeql_cart_priced",
    "storeql_order_priced",
)
ANY_RULE = PercentageRule(percent_off_basis_points=1_000)


class HookFailed(Exception):
    """What a hook did that a shop would log, leaving the plugin's answer out."""


def tell(plugin: str, hook: str) -> None:
    """Raises HookFailed for the failure that is being handled."""
    error = sys.exc_info()[1]
    raise HookFailed(f"{hook} raises {type(error).__name__}: {error}") from error


class HooksConformance:
    """One property: the hooks of a plugin, tried with `report=tell`, answer for every basket."""

    def __init__(self, plugin: LoadedPlugin, *, examples: int) -> None:
        self._hooks = Hooks([plugin])
        self._promotions = [
            a_promotion(kind, rule, id=str(number))
            for number, kind in enumerate(plugin.promotion_types, start=1)
            for rule in rules_of(kind)[:1]
        ]
        self._examples = examples

    def hold(self) -> None:
        """Raises Unfit with the smallest basket that one of the hooks fails for."""
        rule: Struct = self._promotions[0].rule if self._promotions else ANY_RULE

        def answers(basket: Basket) -> None:
            try:
                _ask(self._hooks, basket, self._promotions)
            except HookFailed as failure:
                told = "\n  ".join(told_basket(basket))
                raise Unfit(f"{failure}\n  {told}") from failure

        settings(
            max_examples=self._examples,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )(given(basket=baskets(rule))(answers))()


def _ask(hooks: Hooks, basket: Basket, promotions: list[Promotion]) -> None:
    hooks.cart_changing(_change(basket))
    built, _ = hooks.with_taxes(hooks.with_facts(basket))
    priced = price(built, promotions)
    hooks.cart_priced(built, priced)
    hooks.order_priced(built, priced)


def _change(basket: Basket) -> CartChange:
    """The change that makes a cart of the basket, its first line there already."""
    lines = [
        ChangedLine(
            line_id=line.id,
            product_id=line.product_id,
            variant_id=line.variant_id,
            sku=line.sku,
            quantity=line.quantity,
            before=0 if place else line.quantity,
            category_ids=line.category_ids,
            tag_ids=line.tag_ids,
        )
        for place, line in enumerate(basket.lines)
    ]
    return CartChange(
        kind=CartChangeKind.LINES_ADDED,
        at=basket.at,
        channel=basket.channel,
        currency=basket.currency,
        customer_id=basket.buyer.id,
        codes=tuple(code.code for code in basket.codes),
        lines=tuple(lines),
    )
