"""Sets up the ways of delivery that a channel offers, and what each costs."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storeql.carts.delivery_methods import LAST_POSITION
from storeql.carts.tables import delivery_methods
from storeql.catalog.prices.current import channel_currencies
from storeql.catalog.slugs import checked_slug, slug_of
from storeql.catalog.versions import check_version
from storeql.db import Connection, statement
from storeql.inputs import MOST_MINOR, Fields

LONGEST_DESCRIPTION = 500
MOST_METHODS = 50


class NewDeliveryMethod(Struct, frozen=True, kw_only=True):
    """A way of delivery to offer; the price is in minor units of the channel's currency."""

    channel_id: int
    name: str
    price_minor: int
    slug: str | None = None
    description: str = ""
    position: int = 0


class DeliveryMethodUpdate(Struct, frozen=True, kw_only=True):
    """What to change of a method; UNSET leaves it as it is. Orders placed keep what they paid."""

    id: int
    expected_version: int
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    price_minor: int | UnsetType = UNSET
    position: int | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


def create_delivery_method(connection: Connection, given: NewDeliveryMethod) -> int:
    """The new method's row number; raises Rejected with all problems."""
    fields = Fields()
    columns = _checked(fields, given)
    slug = checked_slug(fields, given.slug) if given.slug else slug_of(given.name) or "delivery"
    if given.channel_id not in channel_currencies(connection):
        fields.missing("channel", "channelId")
    elif connection.scalar(_COUNT, channel_id=given.channel_id) >= MOST_METHODS:
        fields.report("TOO_MANY", f"A channel offers at most {MOST_METHODS} methods.", "channelId")
    fields.refuse_problems()
    added = connection.scalar(_ADD, channel_id=given.channel_id, slug=slug, **columns)
    if added is None:
        fields.report("TAKEN", "The channel has a delivery method of this slug.", "slug")
        fields.refuse_problems()
    return int(added)


def update_delivery_method(connection: Connection, change: DeliveryMethodUpdate) -> None:
    """Changes a method; raises Rejected with all problems, StaleVersion among them."""
    fields = Fields()
    row = connection.one(_LOCKED, b_id=change.id)
    if row is None:
        fields.missing("delivery method", "id")
        fields.refuse_problems()
        return
    check_version(row[0], change.expected_version)
    columns = dict(zip(_COLUMNS, row[1:], strict=True)) | _checked(fields, change)
    if change.is_active is not UNSET:
        columns["is_active"] = change.is_active
    fields.refuse_problems()
    connection.run(_SAVE, b_id=change.id, **columns)


def _checked(fields: Fields, given: NewDeliveryMethod | DeliveryMethodUpdate) -> dict[str, Any]:
    """The columns that are given, checked and in the form they are kept in."""
    columns: dict[str, Any] = {}
    if given.name is not UNSET:
        columns["name"] = fields.line("name", given.name)
    if given.description is not UNSET:
        columns["description"] = fields.block(
            "description", given.description, most=LONGEST_DESCRIPTION
        )
    if given.price_minor is not UNSET:
        columns["price_minor"] = fields.whole("price", given.price_minor, most=MOST_MINOR)
    if given.position is not UNSET:
        columns["position"] = fields.whole("position", given.position, most=LAST_POSITION)
    return columns


_COLUMNS = ("name", "description", "price_minor", "position", "is_active")
_method = delivery_methods.c
_here = _method.id == bindparam("b_id")
_COUNT = statement(select(func.count()).where(_method.channel_id == bindparam("channel_id")))
_LOCKED = statement(
    select(_method.version, *(_method[name] for name in _COLUMNS)).where(_here).with_for_update()
)
_SAVE = statement(
    update(delivery_methods).where(_here).values(version=_method.version + 1), *_COLUMNS
)
_ADD = statement(
    insert(delivery_methods)
    .on_conflict_do_nothing(index_elements=["channel_id", "slug"])
    .returning(_method.id),
    "channel_id",
    "slug",
    "name",
    "description",
    "price_minor",
    "position",
)
