"""The hook through which every kind of promotion, built-in or not, reaches the shop."""

from __future__ import annotations

from typing import Any

from storeql.hooks.markers import hookspec
from storeql.pricing import PromotionType


@hookspec
def storeql_promotion_types() -> list[PromotionType[Any]]:  # type: ignore[empty-body]
    """The kinds of promotion that this plugin brings.

    Called once, at start. The return is a list of `PromotionType` values; None is an empty list.
    Each kind's `Rule` becomes an input and an output of the GraphQL schema by itself.

    Ordering: kinds are listed by key; money never depends on the order of plugins.

    Errors: a plugin that raises, returns anything else, or takes a key or a rule name that is
    not free, is left out whole and listed as broken with the reason; the shop starts without it.

    >>> from msgspec import Struct
    >>> from storeql.hooks import hookimpl, load_hooks
    >>> from storeql.pricing import Discount, Lane, PromotionType, Text, Texts
    >>> class WelcomeRule(Struct, frozen=True, kw_only=True):
    ...     off_minor: int = 500
    >>> def propose(rule, units, basket):
    ...     return Discount(rule.off_minor)
    >>> welcome = PromotionType(
    ...     key="WELCOME",
    ...     lane=Lane.ORDER,
    ...     Rule=WelcomeRule,
    ...     propose=propose,
    ...     texts=Texts(
    ...         title=Text("Welcome discount", "迎新立减"),
    ...         what=Text("A fixed amount off.", "订单立减固定金额。"),
    ...         when=Text("To greet new customers.", "适合迎接新客。"),
    ...         how=Text("Set the amount.", "设置立减金额。"),
    ...     ),
    ... )
    >>> class WelcomePlugin:
    ...     @hookimpl
    ...     def storeql_promotion_types(self):
    ...         return [welcome]
    >>> hooks = load_hooks(extra_plugins=[WelcomePlugin()])
    >>> [kind.key for kind in hooks.promotion_types if kind.plugin == "WelcomePlugin"]
    ['WELCOME']
    """
