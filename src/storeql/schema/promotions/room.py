"""What promotions give to the schema of one shop, with the rules its plugins bring."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from strawberry.types import Info

from storeql.access import Permission
from storeql.hooks import Hooks, PluginStatus
from storeql.promotions import resolvers
from storeql.promotions.resolvers import View
from storeql.promotions.types import PromotionTypes, with_forms
from storeql.schema.mutation import context_of
from storeql.schema.node import refetches
from storeql.schema.promotions.batches import VoucherBatchQuery, batch_mutation
from storeql.schema.promotions.campaigns import CampaignMutation, CampaignQuery
from storeql.schema.promotions.findings import finding_query
from storeql.schema.promotions.floors import FloorMutation, FloorQuery
from storeql.schema.promotions.mutations import promotion_mutation
from storeql.schema.promotions.problems import PROMOTION_PROBLEMS
from storeql.schema.promotions.queries import promotion_query
from storeql.schema.promotions.rules import RuleTypes
from storeql.schema.promotions.stacking import StackingMutation, StackingQuery
from storeql.schema.promotions.versions import version_query
from storeql.schema.promotions.wallet import WalletQuery, wallet_mutation
from storeql.schema.selection import selection_of

Built = TypeVar("Built")


class Room(NamedTuple):
    """Root fields, and types that are reached through interfaces only."""

    queries: list[type]
    mutations: list[type]
    types: list[type]


def promotion_room(hooks: Hooks) -> Room:
    """The part of the schema that is about promotions; raises when two names in it clash."""
    types = PromotionTypes(hooks.promotion_types, payment_methods=hooks.gateways)
    rules = RuleTypes(types)
    # Without a single kind there is no rule to send: a @oneOf input must have a member.
    mutations: list[type] = [promotion_mutation(types, rules)] if hooks.promotion_types else []
    mutations += [StackingMutation, batch_mutation(types), wallet_mutation(types)]
    mutations += [CampaignMutation, FloorMutation]
    queries = [
        promotion_query(hooks, types),
        version_query(types),
        finding_query(types),
        StackingQuery,
        VoucherBatchQuery,
        WalletQuery,
        CampaignQuery,
        FloorQuery,
    ]
    return Room(queries, mutations, [*rules.outputs, *PROMOTION_PROBLEMS])


def fitted(hooks: Hooks, build: Callable[[Hooks], Built]) -> tuple[Hooks, Built]:
    """What `build` makes of the hooks, without the plugins it cannot be made with.

    They are tried one after the other only when all together do not fit.
    """
    hooks = with_forms(hooks)
    try:
        return hooks, build(hooks)
    except Exception:
        sound = _fitting(hooks, build)
        return sound, build(sound)


def _fitting(hooks: Hooks, build: Callable[[Hooks], Any]) -> Hooks:
    active = [info for info in hooks.plugins() if info.status is PluginStatus.ACTIVE]
    kept = [
        info.name
        for info in active
        if info.source == "built-in" or not (info.promotion_types or info.query_types)
    ]
    for info in active:
        if info.name in kept:
            continue
        try:
            build(hooks.narrowed([*kept, info.name]))
            kept.append(info.name)
        except Exception as error:
            told = " ".join(str(error).split())[:500]
            hooks = hooks.without(info.name, f"It does not fit into the schema: {told}")
    return hooks


@refetches("Promotion")
def promotions(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Promotions, for staff who manage them."""
    context = context_of(info)
    if Permission.MANAGE_PROMOTIONS not in context.granted:
        return {}
    types = PromotionTypes(context.shop.hooks.promotion_types)
    view = View(types, context.now)
    return resolvers.promotions_by_id(context.connection, rows, selection_of(info), view=view)


@refetches("VoucherCode")
def voucher_codes(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Voucher codes, for staff who manage promotions."""
    context = context_of(info)
    if Permission.MANAGE_PROMOTIONS not in context.granted:
        return {}
    return resolvers.codes_by_id(context.connection, rows, selection_of(info))
