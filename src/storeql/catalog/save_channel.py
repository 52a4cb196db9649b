"""Creates and changes channels; one of them is the default, and always active."""

from __future__ import annotations

from msgspec import UNSET
from sqlalchemy import bindparam, func, select, update

from storeql.catalog.inputs import ChannelInput, ChannelUpdate
from storeql.catalog.locks import Guarded, guard
from storeql.catalog.named_rows import NamedRows
from storeql.catalog.records import Channel
from storeql.catalog.tables import channels
from storeql.db import Connection, statement
from storeql.inputs import Fields
from storeql.pricing.currencies import is_currency

CHANNELS = NamedRows(channels, Channel, "channel")
MOST_CHANNELS = 200

_COUNT = statement(select(func.count()).select_from(channels))
_ONLY_DEFAULT = statement(
    update(channels)
    .where(channels.c.is_default, channels.c.id != bindparam("b_id"))
    .values(is_default=False, version=channels.c.version + 1)
)


def create_channel(connection: Connection, given: ChannelInput) -> int:
    """Adds a channel and returns its row number; the shop's first one becomes the default.

    Raises Rejected with all problems.
    """
    fields = Fields()
    guard(connection, Guarded.CHANNELS)
    if not is_currency(given.currency):
        fields.report("INVALID_CURRENCY", "This is no ISO 4217 currency.", "currency")
    count: int = connection.scalar(_COUNT)
    if count >= MOST_CHANNELS:
        fields.report("TOO_MANY", f"A shop has at most {MOST_CHANNELS} channels.")
    is_default = given.is_default or not count
    _check_default(fields, is_default=is_default, is_active=given.is_active)
    channel_id = CHANNELS.add(
        connection,
        fields,
        given,
        currency=given.currency,
        is_active=given.is_active,
        is_default=is_default,
    )
    if is_default:
        connection.run(_ONLY_DEFAULT, b_id=channel_id)
    return channel_id


def update_channel(connection: Connection, change: ChannelUpdate) -> None:
    """Changes a channel; making it the default takes that from the one that was.

    Raises Rejected with all problems, one of them when the default is made inactive.
    """
    fields = Fields()
    guard(connection, Guarded.CHANNELS)
    channel = CHANNELS.locked(connection, change.id, change.expected_version)
    names = CHANNELS.names(connection, fields, channel, change)
    is_active = bool(channel.is_active if change.is_active is UNSET else change.is_active)
    is_default = bool(channel.is_default if change.is_default is UNSET else change.is_default)
    if channel.is_default and not is_default:
        fields.report("DEFAULT_NEEDED", "Make another channel the default instead.", "isDefault")
    _check_default(fields, is_default=is_default, is_active=is_active)
    CHANNELS.save(connection, fields, channel, **names, is_active=is_active, is_default=is_default)
    if is_default:
        connection.run(_ONLY_DEFAULT, b_id=channel.id)


def _check_default(fields: Fields, *, is_default: bool, is_active: bool) -> None:
    if is_default and not is_active:
        fields.report("DEFAULT_INACTIVE", "The default channel must be active.", "isActive")
