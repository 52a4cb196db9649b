"""Puts the domains' fields together into one schema."""

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

import storeql.schema.catalog.nodes  # noqa: F401 - registers how objects are read again
from storeql.hooks import Hooks
from storeql.schema.access import Requires
from storeql.schema.catalog.queries import CatalogQuery
from storeql.schema.catalog.room import (
    CATALOG_MUTATIONS,
    CATALOG_PROBLEMS,
    CATALOG_WRITE_QUERIES,
)
from storeql.schema.events.room import EventQuery
from storeql.schema.events.types import EVENT_TYPES
from storeql.schema.jobs.room import JobMutation, JobQuery, JobSubscription
from storeql.schema.node import NodeQuery
from storeql.schema.orders.room import SHOPPING_MUTATIONS, SHOPPING_PROBLEMS, SHOPPING_QUERIES
from storeql.schema.people.room import PEOPLE_MUTATIONS, PEOPLE_PROBLEMS, PEOPLE_QUERIES
from storeql.schema.plugin_queries import plugin_queries
from storeql.schema.prices.room import PRICE_MUTATIONS, PRICE_QUERIES
from storeql.schema.problems import PROBLEM_TYPES
from storeql.schema.promotions.room import promotion_room
from storeql.schema.scalars import SCALARS
from storeql.schema.storefront.mutations import StorefrontMutation
from storeql.schema.storefront.profile import ShopMutation, ShopQuery
from storeql.schema.storefront.queries import StorefrontQuery
from storeql.schema.subscriptions import CatalogSubscription, OrderSubscription
from storeql.schema.webhooks.room import WebhookMutation, WebhookQuery

# One line per room of the schema; each is a Strawberry type whose fields become root fields.
QUERIES: list[type] = [
    NodeQuery,
    CatalogQuery,
    *CATALOG_WRITE_QUERIES,
    *PRICE_QUERIES,
    *PEOPLE_QUERIES,
    *SHOPPING_QUERIES,
    StorefrontQuery,
    ShopQuery,
    JobQuery,
    EventQuery,
    WebhookQuery,
]
MUTATIONS: list[type] = [
    *CATALOG_MUTATIONS,
    *PRICE_MUTATIONS,
    *PEOPLE_MUTATIONS,
    *SHOPPING_MUTATIONS,
    StorefrontMutation,
    ShopMutation,
    JobMutation,
    WebhookMutation,
]
SUBSCRIPTIONS: list[type] = [CatalogSubscription, OrderSubscription, JobSubscription]
PROBLEMS: list[type] = [*PROBLEM_TYPES, *CATALOG_PROBLEMS, *PEOPLE_PROBLEMS, *SHOPPING_PROBLEMS]


def build_schema(hooks: Hooks) -> strawberry.Schema:
    """The shop's GraphQL schema, with what the plugins behind `hooks` add to it."""
    promotions = promotion_room(hooks)
    queries = [*QUERIES, *promotions.queries]
    return strawberry.Schema(
        query=merge_types("Query", (*queries, *plugin_queries(hooks, queries))),
        mutation=_root("Mutation", [*MUTATIONS, *promotions.mutations]),
        subscription=_root("Subscription", SUBSCRIPTIONS),
        types=[*PROBLEMS, *promotions.types, *EVENT_TYPES],
        schema_directives=[Requires],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


def _root(name: str, rooms: list[type]) -> type | None:
    return merge_types(name, tuple(rooms)) if rooms else None
