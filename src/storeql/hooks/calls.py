"""The shop's hooks once started: who takes part, and one guarded pluggy call per event."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeGuard

import msgspec
import structlog

from storeql.db.revisions import History
from storeql.errors import refuse
from storeql.hooks.carriers import Parcel, within
from storeql.hooks.carts import CartChange
from storeql.hooks.events import OrderChange, OrderSnapshot, Write
from storeql.hooks.payments import PaymentGateway, PaymentRequest, PaymentResult, PaymentStatus
from storeql.hooks.plugin import LoadedPlugin, PluginInfo, PluginStatus, left_out
from storeql.hooks.pricing import Refusal, Verdict
from storeql.hooks.taxes import TaxRates, taxed
from storeql.hooks.trial import new_manager
from storeql.hooks.versions import deprecations
from storeql.pricing import Basket, PricedCart, PromotionType
from storeql.pricing.soundness import is_text, storable, told

log = structlog.get_logger("storeql.hooks")

LONGEST_REFERENCE = 128

GatewayStep = Literal["authorize", "capture", "void", "refund", "check"]


class Hooks:
    """Plugins that take part, frozen after start; safe to share between threads.

    Every method costs nothing when no plugin implements its hook, and one pluggy call otherwise.
    A plugin that raises is logged and skipped.
    """

    def __init__(self, loaded: Sequence[LoadedPlugin], outside: Sequence[PluginInfo] = ()) -> None:
        self._loaded = tuple(loaded)
        self._outside = tuple(outside)
        manager = new_manager()
        # pluggy calls the last registered first; buyers and tests see the order of names.
        with deprecations():  # told at the trial
            for plugin in sorted(loaded, key=lambda p: p.candidate.name, reverse=True):
                manager.register(plugin.guarded, name=plugin.candidate.name)
        self._call = manager.hook
        self._heard = frozenset(
            name for name in vars(manager.hook) if getattr(manager.hook, name).get_hookimpls()
        )
        kinds = [kind for plugin in loaded for kind in plugin.promotion_types]
        self.promotion_types: tuple[PromotionType[Any], ...] = tuple(
            sorted(kinds, key=lambda kind: kind.key)
        )
        gateways = [gateway for plugin in loaded for gateway in plugin.gateways]
        self.gateways: Mapping[str, PaymentGateway] = {
            gateway.key: gateway for gateway in sorted(gateways, key=lambda gateway: gateway.key)
        }

    @property
    def histories(self) -> tuple[History, ...]:
        """The migrations of all plugins that bring tables, by the plugins' names."""
        found = [plugin.tables.history for plugin in self._loaded if plugin.tables is not None]
        return tuple(sorted(found, key=lambda history: history.owner))

    @property
    def query_types(self) -> tuple[tuple[str, type], ...]:
        """The types of query fields that plugins bring, each with its plugin's name."""
        return tuple(
            (plugin.candidate.name, query)
            for plugin in self._loaded
            for query in plugin.query_types
        )

    def plugins(self) -> list[PluginInfo]:
        """Every plugin that was found, by name, with what became of it."""
        everyone = [plugin.info for plugin in self._loaded] + list(self._outside)
        return sorted(everyone, key=lambda info: (info.name, info.status is PluginStatus.BROKEN))

    def without(self, name: str, reason: str) -> Hooks:
        """These hooks with one plugin left out as BROKEN, for a trial that only others can make."""
        log.error("plugin_broken", plugin=name, reason=reason)
        gone = [plugin for plugin in self._loaded if plugin.candidate.name == name]
        kept = [plugin for plugin in self._loaded if plugin.candidate.name != name]
        broken = [left_out(plugin.candidate, PluginStatus.BROKEN, reason) for plugin in gone]
        return Hooks(kept, [*self._outside, *broken])

    def narrowed(self, names: Collection[str]) -> Hooks:
        """These hooks with none but the named plugins, for a trial of some of them."""
        return Hooks([plugin for plugin in self._loaded if plugin.candidate.name in names])

    def with_facts(self, basket: Basket) -> Basket:
        """The basket with the facts that plugins add, each under its plugin's name."""
        if "storeql_basket_built" not in self._heard:
            return basket
        facts = dict(basket.facts)
        for added in self._call.storeql_basket_built(basket=basket):
            facts.update(added)
        return msgspec.structs.replace(basket, facts=facts)

    @property
    def hears_cart_changes(self) -> bool:
        """False when no plugin is asked about changes of carts, so that none need be read."""
        return "storeql_cart_changing" in self._heard

    def cart_changing(self, change: CartChange) -> tuple[Verdict, ...]:
        """What plugins say of a change, in the order of their names; call it before the commit."""
        if not self.hears_cart_changes:
            return ()
        answers = self._call.storeql_cart_changing(change=change)
        return _about(answers, [line.line_id for line in change.lines])

    def with_taxes(self, basket: Basket) -> tuple[Basket, tuple[Refusal, ...]]:
        """The basket with the rates of the first plugin that answers, and what stands against it.

        A plugin that fails leaves the basket untaxed, with a refusal: it must not be sold so.
        """
        if "storeql_tax_rates" not in self._heard:
            return basket, ()
        found = self._call.storeql_tax_rates(basket=basket)
        if isinstance(found, TaxRates):
            return taxed(basket, found), ()
        return basket, () if found is None else (found,)

    @property
    def quotes_delivery(self) -> bool:
        """False when no plugin asks carriers, so that no parcel need be made."""
        return "storeql_delivery_rates" in self._heard

    def delivery_rates(self, parcel: Parcel, *, seconds: float) -> Mapping[str, int]:
        """What carriers ask for the parcel's methods; call it outside any transaction.

        Empty when no plugin answers, or not within so many seconds.
        """
        if not self.quotes_delivery:
            return {}
        answers = within(seconds, lambda: self._call.storeql_delivery_rates(parcel=parcel)) or ()
        prices: dict[str, int] = {}
        for answer in answers:
            prices = {**answer, **prices}
        return {slug: price for slug, price in prices.items() if slug in parcel.methods}

    def cart_priced(self, basket: Basket, priced: PricedCart) -> tuple[Verdict, ...]:
        """What plugins say of a cart's price, in the order of their names."""
        if "storeql_cart_priced" not in self._heard:
            return ()
        answers = self._call.storeql_cart_priced(basket=basket, priced=priced)
        return _about(answers, [line.id for line in basket.lines])

    def order_priced(self, basket: Basket, priced: PricedCart) -> tuple[Verdict, ...]:
        """What plugins say of an order about to be written, in the order of their names."""
        if "storeql_order_priced" not in self._heard:
            return ()
        answers = self._call.storeql_order_priced(basket=basket, priced=priced)
        return _about(answers, [line.id for line in basket.lines])

    @property
    def hears_orders(self) -> bool:
        """False when no plugin is told about orders, so that no snapshot need be made."""
        return not self._heard.isdisjoint({"storeql_order_placed", "storeql_order_changed"})

    def order_placed(self, order: OrderSnapshot, write: Write) -> None:
        """Tells plugins of a placed order; call it after the commit."""
        if "storeql_order_placed" in self._heard:
            self._call.storeql_order_placed(order=order, write=write)

    def order_changed(self, order: OrderSnapshot, change: OrderChange, write: Write) -> None:
        """Tells plugins of a changed order; call it after the commit."""
        if "storeql_order_changed" in self._heard:
            self._call.storeql_order_changed(order=order, change=change, write=write)

    def ask_gateway(self, key: str, step: GatewayStep, request: PaymentRequest) -> PaymentResult:
        """The gateway's answer; call it outside any transaction.

        A gateway that raises or answers nonsense counts as PENDING: nobody knows whether the money
        moved. Raises Rejected when there is no such gateway, or when it cannot do this step.
        """
        gateway = self.gateways.get(key)
        ask = getattr(gateway, step) if gateway else None
        if ask is None:
            raise refuse("GATEWAY_UNAVAILABLE", f"{key} cannot {step} a payment.")
        try:
            result: object = ask(request)
            if _is_answer(result):
                return msgspec.structs.replace(result, message=storable(result.message))
            log.error("gateway_failed", gateway=key, step=step, answered=told(result))
        except (Exception, SystemExit):
            log.exception("gateway_failed", gateway=key, step=step)
        return PaymentResult(status=PaymentStatus.PENDING, message="The gateway gave no answer.")


def _about(answers: Iterable[Sequence[Verdict]], line_ids: Collection[str]) -> tuple[Verdict, ...]:
    """All verdicts, without those about lines that are not there."""
    verdicts = [verdict for answer in answers for verdict in answer]
    known = {None, *line_ids}
    for verdict in verdicts:
        if verdict.line_id not in known:
            log.error(
                "plugin_failed", plugin=verdict.plugin, code=verdict.code, no_line=verdict.line_id
            )
    return tuple(verdict for verdict in verdicts if verdict.line_id in known)


def _is_answer(result: object) -> TypeGuard[PaymentResult]:
    """True for a result that can be kept; a message may be cut, a reference may not."""
    return (
        isinstance(result, PaymentResult)
        and isinstance(result.status, PaymentStatus)
        and is_text(result.reference, longest=LONGEST_REFERENCE)
        and type(result.message) is str
    )
