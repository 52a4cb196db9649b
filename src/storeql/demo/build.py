"""Writes a whole demo shop on one connection: first many rows at once, then orders one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from storeql.db import Connection
from storeql.demo.accounts import SHOPPER
from storeql.demo.content import Content
from storeql.demo.plan.customers import PlannedCustomer, plan_customers
from storeql.demo.plan.orders import PlannedOrder, plan_orders
from storeql.demo.plan.products import plan_products
from storeql.demo.plan.shelf import Offer, Shelf
from storeql.demo.save.bulk import Bulk
from storeql.demo.save.carts import cart_of, open_cart, save_carts
from storeql.demo.save.collections import save_collections
from storeql.demo.save.orders import Till, own_hooks, price_desk
from storeql.demo.save.parcels import Warehouse
from storeql.demo.save.people import save_customers, save_groups, save_staff
from storeql.demo.save.prices import save_price_lists
from storeql.demo.save.products import SavedProduct, save_products
from storeql.demo.save.promotions import save_promotions
from storeql.demo.save.shop import SavedShop, save_shop
from storeql.demo.save.storefront import save_storefront
from storeql.demo.save.taxonomy import SavedTaxonomy, save_taxonomy

Progress = Callable[[str, int, int], None]
TELL_EVERY = 20


class Plan(Struct, frozen=True, kw_only=True):
    """What to make; `variants` fixes how many each product has."""

    products: int
    customers: int
    orders: int
    variants: int | None
    pictures: bool
    seed: int
    now: int


class Builder:
    """Builds one shop in one transaction; `tell` learns how far it is."""

    def __init__(
        self, connection: Connection, content: Content, *, plan: Plan, tell: Progress
    ) -> None:
        self._connection = connection
        self._bulk = Bulk(connection)
        self._content = content
        self._plan = plan
        self._tell = tell
        self._desk = price_desk(own_hooks())

    def build(self, password_hash: str) -> None:
        """Writes everything but the picture files; everybody has the same password."""
        shop = save_shop(self._bulk, self._content.shop)
        taxonomy = save_taxonomy(self._bulk, self._content)
        goods = self._save_goods(shop, taxonomy)
        staff = save_staff(self._bulk, password_hash=password_hash, now=self._plan.now)
        people = self._people()
        groups = save_groups(self._bulk, self._content.people.groups)
        ids = save_customers(self._bulk, people, groups=groups, password_hash=password_hash)
        orders = list(self._orders(people, goods))
        carts = [
            cart_of(one, people[one.customer], customer_id=ids[one.customer]) for one in orders
        ]
        carts.append(open_cart(self._content, goods, now=self._plan.now))
        save_carts(self._bulk, carts, shop=shop)
        self._bulk.hand_over()
        self._set_promotions_up(goods, taxonomy, staff_id=staff["marketing"])
        save_storefront(
            self._connection,
            self._content.storefront,
            collections=taxonomy.collections,
            categories=taxonomy.categories,
            staff_id=staff["marketing"],
            now=self._plan.now,
        )
        self._sell(orders, ids, staff=staff)
        self._set_prices(goods, shop, groups, staff_id=staff["owner"])

    def _save_goods(self, shop: SavedShop, taxonomy: SavedTaxonomy) -> list[SavedProduct]:
        plan, goods = self._plan, list[SavedProduct]()
        planned = plan_products(
            self._content, plan.products, seed=plan.seed, now=plan.now, variants=plan.variants
        )
        lots = save_products(
            self._bulk,
            planned,
            shop=shop,
            taxonomy=taxonomy,
            pictures=plan.pictures,
            now=plan.now,
        )
        for lot in lots:
            goods += lot
            self._tell("products", len(goods), plan.products)
        collections = self._content.shelves.collections
        save_collections(self._bulk, collections, goods, taxonomy=taxonomy)
        return goods

    def _people(self) -> list[PlannedCustomer]:
        planned = plan_customers(
            self._content,
            self._plan.customers,
            shopper_email=SHOPPER.email,
            seed=self._plan.seed,
            now=self._plan.now,
        )
        return list(planned)

    def _orders(
        self, people: Sequence[PlannedCustomer], goods: Sequence[SavedProduct]
    ) -> Iterator[PlannedOrder]:
        shelf = Shelf(
            [
                Offer(
                    variant_id=variant.id,
                    product_id=one.id,
                    pieces=variant.pieces,
                    published_at=one.published_at,
                    is_abroad=one.is_abroad,
                    popularity=one.popularity / len(one.variants),
                )
                for one in goods
                if one.is_plentiful and one.published_at is not None
                for variant in one.variants
            ]
        )
        plan = self._plan
        return plan_orders(people, shelf, count=plan.orders, seed=plan.seed, now=plan.now)

    def _set_promotions_up(
        self, goods: Sequence[SavedProduct], taxonomy: SavedTaxonomy, *, staff_id: int
    ) -> None:
        save_promotions(
            self._connection,
            goods,
            categories=taxonomy.categories,
            types=self._desk.active_sets.types,
            staff_id=staff_id,
            now=self._plan.now,
        )

    def _set_prices(
        self,
        goods: Sequence[SavedProduct],
        shop: SavedShop,
        groups: Mapping[str, int],
        *,
        staff_id: int,
    ) -> None:
        save_price_lists(
            self._connection,
            goods,
            shop=shop,
            groups=groups,
            actor=f"staff:{staff_id}",
            now=self._plan.now,
        )

    def _sell(
        self,
        orders: Sequence[PlannedOrder],
        customer_ids: Sequence[int],
        *,
        staff: Mapping[str, int],
    ) -> None:
        warehouse = Warehouse(
            self._connection,
            hooks=self._desk.hooks,
            packer_id=staff["warehouse"],
            clerk_id=staff["orders"],
            now=self._plan.now,
        )
        till = Till(
            self._connection, desk=self._desk, staff_id=staff["orders"], warehouse=warehouse
        )
        for done, order in enumerate(orders, start=1):
            till.place(order, customer_ids[order.customer])
            if done % TELL_EVERY == 0 or done == len(orders):
                self._tell("orders", done, len(orders))
        warehouse.begin_picking()
