"""What prices give to the schema: root fields."""

from storeql.schema.prices.history import PriceHistoryQuery
from storeql.schema.prices.lists import PriceListMutation, PriceListQuery

PRICE_QUERIES: list[type] = [PriceListQuery, PriceHistoryQuery]
PRICE_MUTATIONS: list[type] = [PriceListMutation]

__all__ = ["PRICE_MUTATIONS", "PRICE_QUERIES"]
