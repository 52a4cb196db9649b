"""The kinds of events about orders, and which of them an entry of an order's log is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import Struct

from storeql.access import Permission
from storeql.events import EventKind
from storeql.events.facts import Amount, said
from storeql.orders.states import OrderState


class OrderFacts(Struct, frozen=True, kw_only=True):
    """What happened, in the word of the order's own log, and the states before and after."""

    log_kind: Annotated[str, said("The entry in the order's own log, such as PAYMENT_CAPTURED.")]
    state_before: Annotated[str, said("The state before; empty when the order is new.")]
    state_after: Annotated[str, said("The state after, the same when it stayed.")]


class PaymentFacts(OrderFacts, frozen=True, kw_only=True):
    """The same, with the payment that it is about."""

    payment_reference: Annotated[str, said("The shop's name for the payment at the gateway.")]
    amount: Annotated[Amount | None, said("How much money.")] = None


class ParcelFacts(OrderFacts, frozen=True, kw_only=True):
    """The same, with the parts of the order that it is about."""

    fulfilments: Annotated[list[str], said("The numbers of the order's parts that it is about.")]
    tracking_numbers: Annotated[list[str], said("The numbers that its packages are followed by.")]


def _about_order(name: str, description: str, facts: type[Struct] = OrderFacts) -> EventKind:
    return EventKind(
        name=name,
        subject="Order",
        permission=Permission.MANAGE_ORDERS,
        description=description,
        Facts=facts,
    )


ORDER_PLACED = _about_order("ORDER_PLACED", "An order was placed.")
ORDER_PAID = _about_order("ORDER_PAID", "Money came for an order.", PaymentFacts)
ORDER_CANCELLED = _about_order(
    "ORDER_CANCELLED", "An order was cancelled, by whomever, or given up unpaid."
)
ORDER_STATE_CHANGED = _about_order(
    "ORDER_STATE_CHANGED", "An order went to another state; whatever the step, this is told of it."
)
ORDER_REFUNDED = _about_order("ORDER_REFUNDED", "Money of an order was given back.", PaymentFacts)
ORDER_SHIPPED = _about_order(
    "ORDER_SHIPPED", "A part of an order, or all of it, left the house.", ParcelFacts
)
ORDER_DELIVERED = _about_order(
    "ORDER_DELIVERED", "A part of an order, or all of it, reached the buyer.", ParcelFacts
)
ORDER_COMPLETED = _about_order(
    "ORDER_COMPLETED", "An order was completed, by whomever, or by itself after some days."
)

ORDER_EVENTS = (
    ORDER_PLACED,
    ORDER_PAID,
    ORDER_CANCELLED,
    ORDER_STATE_CHANGED,
    ORDER_REFUNDED,
    ORDER_SHIPPED,
    ORDER_DELIVERED,
    ORDER_COMPLETED,
)

# What an entry of the log means by its name, whatever it does to the state.
BY_ENTRY = {
    "PLACED": ORDER_PLACED,
    "PAYMENT_CAPTURED": ORDER_PAID,
    "PAYMENT_REFUNDED": ORDER_REFUNDED,
    "SHIPPED": ORDER_SHIPPED,
    "DELIVERED": ORDER_DELIVERED,
    "COMPLETED": ORDER_COMPLETED,
}


def kinds_of_entry(kind: str, *, before: str, after: str) -> Iterator[EventKind]:
    """The events that an entry of an order's log is."""
    named = BY_ENTRY.get(kind)
    if named is not None:
        yield named
    if before and before != after:
        yield ORDER_STATE_CHANGED
        if after == OrderState.CANCELLED.value:
            yield ORDER_CANCELLED


def facts_of_entry(
    event: EventKind, kind: str, *, before: str, after: str, data: dict[str, Any]
) -> Struct:
    """What the event says of the entry."""
    if event.Facts is ParcelFacts:
        return ParcelFacts(
            log_kind=kind,
            state_before=before,
            state_after=after,
            fulfilments=data.get("fulfilments", []),
            tracking_numbers=data.get("trackingNumbers", []),
        )
    if event.Facts is not PaymentFacts:
        return OrderFacts(log_kind=kind, state_before=before, state_after=after)
    minor, currency = data.get("amount_minor"), data.get("currency")
    return PaymentFacts(
        log_kind=kind,
        state_before=before,
        state_after=after,
        payment_reference=data.get("reference", ""),
        amount=None if minor is None or currency is None else Amount(minor, currency),
    )
