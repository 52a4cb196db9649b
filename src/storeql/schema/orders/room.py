"""What carts and orders give to the schema: root fields and problems."""

from storeql.schema.carts.delivery import DeliveryMutation, DeliveryQuery
from storeql.schema.carts.mutations import CartMutation
from storeql.schema.carts.problems import CART_PROBLEMS
from storeql.schema.carts.queries import CartQuery
from storeql.schema.orders.discount_costs import DiscountCostQuery
from storeql.schema.orders.fulfilment_bulk import FulfilmentBulkMutation
from storeql.schema.orders.fulfilment_mutations import FulfilmentMutation
from storeql.schema.orders.fulfilment_problems import FULFILMENT_PROBLEMS
from storeql.schema.orders.fulfilment_queries import FulfilmentQuery
from storeql.schema.orders.fulfilment_settings import (
    FulfilmentSettingsMutation,
    FulfilmentSettingsQuery,
)
from storeql.schema.orders.money_mutations import MoneyMutation
from storeql.schema.orders.mutations import OrderMutation
from storeql.schema.orders.packing_mutations import PackingMutation
from storeql.schema.orders.pick_list_mutations import PickListMutation
from storeql.schema.orders.preview import PreviewQuery
from storeql.schema.orders.problems import ORDER_PROBLEMS
from storeql.schema.orders.promotion_watch import PromotionWatchQuery
from storeql.schema.orders.queries import OrderQuery
from storeql.schema.orders.simulations import SimulationMutation, SimulationQuery
from storeql.schema.orders.tracking import TrackingMutation

SHOPPING_QUERIES: list[type] = [
    CartQuery,
    DeliveryQuery,
    OrderQuery,
    FulfilmentQuery,
    FulfilmentSettingsQuery,
    PreviewQuery,
    DiscountCostQuery,
    SimulationQuery,
    PromotionWatchQuery,
]
SHOPPING_MUTATIONS: list[type] = [
    CartMutation,
    DeliveryMutation,
    OrderMutation,
    FulfilmentMutation,
    TrackingMutation,
    PackingMutation,
    PickListMutation,
    FulfilmentBulkMutation,
    FulfilmentSettingsMutation,
    MoneyMutation,
    SimulationMutation,
]

SHOPPING_PROBLEMS: list[type] = [*CART_PROBLEMS, *ORDER_PROBLEMS, *FULFILMENT_PROBLEMS]

__all__ = ["SHOPPING_MUTATIONS", "SHOPPING_PROBLEMS", "SHOPPING_QUERIES"]
