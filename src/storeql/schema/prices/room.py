"""What prices give to the schema: root fields."""

from storeql.schema.prices.history import PriceHistoryQuery
from storeql.schema.prices.lists import PriceListMutation, PriceListQuery
from storeql.schema.prices.schedules import PriceScheduleMutation, PriceScheduleQuery

PRICE_QUERIES: list[type] = [PriceListQuery, PriceScheduleQuery, PriceHistoryQuery]
PRICE_MUTATIONS: list[type] = [PriceListMutation, PriceScheduleMutation]

__all__ = ["PRICE_MUTATIONS", "PRICE_QUERIES"]
