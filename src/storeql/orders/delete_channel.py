"""Deletes a channel in which nothing was ordered, with what was only ever meant for it.

It stands in this room because orders, carts, promotions and webhooks are what can be in the way.
"""

from __future__ import annotations

from sqlalchemy import bindparam, exists, func, or_, select

from storeql.carts.records import OPEN
from storeql.carts.tables import cart_lines, carts
from storeql.catalog.locks import Guarded, guard
from storeql.catalog.problems import InUse
from storeql.catalog.records import Channel
from storeql.catalog.save_channel import CHANNELS
from storeql.db import Connection, statement
from storeql.inputs import Fields
from storeql.orders.tables import orders
from storeql.promotions.active import terms_decoder
from storeql.promotions.records import Status
from storeql.promotions.tables import promotions
from storeql.webhooks.tables import webhook_subscriptions

_ORDERS = statement(
    select(func.count()).select_from(orders).where(orders.c.channel_id == bindparam("id"))
)
_CARTS = statement(
    select(func.count())
    .select_from(carts)
    .where(
        carts.c.channel_id == bindparam("id"),
        carts.c.status == OPEN,
        exists().where(cart_lines.c.cart_id == carts.c.id),
    )
)
_SUBSCRIPTIONS = statement(
    select(func.count())
    .select_from(webhook_subscriptions)
    .where(webhook_subscriptions.c.channel_id == bindparam("id"))
)
_TERMS = statement(
    select(promotions.c.terms).where(
        promotions.c.status != Status.ENDED.value,
        or_(promotions.c.ends_at.is_(None), promotions.c.ends_at > bindparam("now")),
    )
)


def delete_channel(
    connection: Connection, channel_id: int, *, now: int, expected_version: int | None = None
) -> None:
    """Deletes a channel with its prices, publications, floors, deliveries, contents, empty carts.

    Raises Rejected for the default channel, and with InUse for each of: orders placed there,
    promotions that name it and have not ended, webhook subscriptions about it, and carts with
    something in them. Those carts go with a channel that is no longer active, for nothing can be
    bought there.
    """
    fields = Fields()
    guard(connection, Guarded.CHANNELS)
    # Whoever writes an order or opens a cart there holds the row too: counted after it is ours,
    # and until we are done nobody adds to it.
    channel = CHANNELS.locked(connection, channel_id, expected_version)
    if channel.is_default:
        fields.report("DEFAULT_NEEDED", "Make another channel the default first.", "id")
    _refuse_use(connection, fields, channel, now)
    CHANNELS.delete(connection, channel_id)


def _refuse_use(connection: Connection, fields: Fields, channel: Channel, now: int) -> None:
    sold: int = connection.scalar(_ORDERS, id=channel.id)
    message = f"{sold} orders were placed in this channel: make it inactive instead."
    _report_use(fields, message, sold, "orders")
    if channel.is_active:
        filled: int = connection.scalar(_CARTS, id=channel.id)
        message = f"{filled} carts are filled in this channel: make it inactive first."
        _report_use(fields, message, filled, "carts")
    naming = _promotions_naming(connection, channel.slug, now)
    message = f"{naming} promotions name this channel: change or end them first."
    _report_use(fields, message, naming, "promotions")
    told: int = connection.scalar(_SUBSCRIPTIONS, id=channel.id)
    message = f"{told} webhook subscriptions are about this channel: delete them first."
    _report_use(fields, message, told, "webhook subscriptions")
    fields.refuse_problems()


def _promotions_naming(connection: Connection, slug: str, now: int) -> int:
    """How many promotions that have not ended are meant for this channel and others at most."""
    found = (terms_decoder.decode(terms) for (terms,) in connection.rows(_TERMS, now=now))
    return sum(slug in terms.conditions.channels for terms in found)


def _report_use(fields: Fields, message: str, count: int, what: str) -> None:
    if count:
        fields.problems.append(
            InUse(message=message, field=fields.path("id"), count=count, what=what)
        )
