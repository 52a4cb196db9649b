"""Hooks told about orders after the fact, and the frozen values they are told with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from storeql.db import Connection
from storeql.hooks.markers import hookspec
from storeql.pricing import Allocation

Write = Callable[[Callable[[Connection], Any]], Any]


class OrderLineSnapshot(Struct, frozen=True, kw_only=True):
    """One line of an order, in its order; amounts are minor units for the whole line."""

    product_id: str
    variant_id: str
    sku: str
    name: str
    quantity: int
    list_minor: int
    net_minor: int
    tax_minor: int = 0
    is_gift: bool = False


class OrderSnapshot(Struct, frozen=True, kw_only=True):
    """An order as it was committed; ids are row numbers as text, amounts minor units."""

    id: str
    number: str
    channel: str
    currency: str
    exponent: int
    state: str
    placed_at: datetime
    email: str
    customer_id: str | None = None
    payment_method: str = ""
    delivery_method: str = ""
    list_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    lines: tuple[OrderLineSnapshot, ...] = ()
    discounts: tuple[Allocation, ...] = ()


class OrderChange(Struct, frozen=True, kw_only=True):
    """What happened to an order: `kind` is the name of its event, such as CANCELLED.

    `actor` is who did it (`staff:3`, `customer:12`, `system`); `data` is the event's JSON.
    """

    kind: str
    at: datetime
    actor: str
    state_before: str
    state_after: str
    data: Mapping[str, Any] = {}


@hookspec
def storeql_order_placed(order: OrderSnapshot, write: Write) -> None:
    """Told that an order was placed.

    Called once per placed order, after its transaction has committed; a retry with the same
    idempotency key does not call it again. A process that is killed right after the commit may
    not call it: keep in step by reading orders where that matters. The return is ignored.

    Ordering: plugins are told in the order of their names.

    Errors: a plugin that raises is logged; the order stands and the other plugins are told.

    >>> from datetime import UTC, datetime
    >>> from storeql.hooks import OrderSnapshot, hookimpl, load_hooks
    >>> class Bell:
    ...     @hookimpl
    ...     def storeql_order_placed(self, order):
    ...         print(f"{order.number}: {order.total_minor / 100:.2f} {order.currency}")
    >>> order = OrderSnapshot(
    ...     id="12", number="S100012", channel="web", currency="CNY", exponent=2,
    ...     state="PENDING_PAYMENT", placed_at=datetime(2026, 11, 11, tzinfo=UTC), email="a@b.cn",
    ...     list_minor=16000, discount_minor=1000, shipping_minor=0, tax_minor=0,
    ...     total_minor=15000,
    ... )
    >>> load_hooks(extra_plugins=[Bell()], installed=False).order_placed(order, write=print)
    S100012: 150.00 CNY
    """


@hookspec
def storeql_order_changed(order: OrderSnapshot, change: OrderChange, write: Write) -> None:
    """Told that a placed order changed: paid, cancelled, refused by the gateway and so on.

    Called after the transaction of the change has committed, once per change, with the order as
    it is now. `write` is as for `storeql_order_placed`. The return is ignored.

    Ordering: plugins are told in the order of their names; changes of one order in their order.

    Errors: a plugin that raises is logged; the change stands and the other plugins are told.

    >>> from datetime import UTC, datetime
    >>> from storeql.hooks import OrderChange, OrderSnapshot, hookimpl, load_hooks
    >>> class Diary:
    ...     @hookimpl
    ...     def storeql_order_changed(self, order, change):
    ...         print(order.number, change.state_before, "->", change.state_after)
    >>> at = datetime(2026, 11, 11, tzinfo=UTC)
    >>> order = OrderSnapshot(
    ...     id="12", number="S100012", channel="web", currency="CNY", exponent=2,
    ...     state="PAID", placed_at=at, email="a@b.cn", list_minor=16000, discount_minor=1000,
    ...     shipping_minor=0, tax_minor=0, total_minor=15000,
    ... )
    >>> change = OrderChange(
    ...     kind="PAYMENT_CAPTURED", at=at, actor="system",
    ...     state_before="PENDING_PAYMENT", state_after="PAID",
    ... )
    >>> load_hooks(extra_plugins=[Diary()], installed=False).order_changed(order, change, print)
    S100012 PENDING_PAYMENT -> PAID
    """
