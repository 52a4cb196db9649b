"""Creates, changes and deletes price lists.

A list for everybody takes part in what everybody pays. So whatever changes about it is told to the
history of all its variants, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import UNSET
from sqlalchemy import bindparam, delete, func, insert, select

from storeql.catalog.constraints import refusing_use
from storeql.catalog.named_rows import NamedRows
from storeql.catalog.prices.causes import Cause, CauseKind
from storeql.catalog.prices.current import channel_currencies
from storeql.catalog.prices.history import keep_history
from storeql.catalog.prices.lists.history import keep_entry_history
from storeql.catalog.prices.lists.records import PriceList, PriceListInput, PriceListUpdate
from storeql.catalog.prices.settle import settle
from storeql.catalog.prices.tables import (
    price_list_channels,
    price_list_entries,
    price_list_groups,
    price_lists,
)
from storeql.catalog.products.publish import LATEST_AT
from storeql.catalog.products.rows import locked_products
from storeql.catalog.tables import variants
from storeql.db import Connection, statement
from storeql.errors import Problem, refuse
from storeql.inputs import Fields

MOST_LISTS = 200
MOST_CHANNELS = 50
MOST_GROUPS = 50
MOST_PRIORITY = 1_000
AT_ONCE = 500

LISTS = NamedRows(price_lists, PriceList, "price list")

_COUNT = statement(select(func.count()).select_from(price_lists))
_CHANNELS = statement(
    select(price_list_channels.c.channel_id)
    .where(price_list_channels.c.price_list_id == bindparam("id"))
    .order_by(price_list_channels.c.channel_id)
)
_GROUPS = statement(
    select(price_list_groups.c.group_id)
    .where(price_list_groups.c.price_list_id == bindparam("id"))
    .order_by(price_list_groups.c.group_id)
)
_LEAVE_CHANNELS = statement(
    delete(price_list_channels).where(price_list_channels.c.price_list_id == bindparam("id"))
)
_LEAVE_GROUPS = statement(
    delete(price_list_groups).where(price_list_groups.c.price_list_id == bindparam("id"))
)
_JOIN_CHANNELS = statement(insert(price_list_channels), "price_list_id", "channel_id")
_JOIN_GROUPS = statement(insert(price_list_groups), "price_list_id", "group_id")
_OWNED = statement(
    select(price_list_entries.c.variant_id, variants.c.product_id)
    .distinct()
    .join(variants, variants.c.id == price_list_entries.c.variant_id)
    .where(price_list_entries.c.price_list_id == bindparam("id"))
    .order_by(variants.c.product_id, price_list_entries.c.variant_id)
)


def create_list(
    connection: Connection,
    given: PriceListInput,
    *,
    known_groups: Collection[int],
    actor: str,
    now: int,
) -> int:
    """The row number of a new list without entries; raises Rejected with all problems.

    `known_groups` are those of the given customer groups that exist.
    """
    fields = Fields()
    if connection.scalar(_COUNT) >= MOST_LISTS:
        raise refuse("TOO_MANY", f"A shop has at most {MOST_LISTS} price lists.")
    currency = _checked_channels(connection, fields, given.channel_ids)
    _check_audience(fields, given.group_ids, given.is_for_everybody, known_groups)
    _check_window(fields, given.starts_at, given.ends_at)
    fields.whole("priority", given.priority, least=-MOST_PRIORITY, most=MOST_PRIORITY)
    row_id = LISTS.add(
        connection,
        fields,
        given,
        currency=currency,
        priority=given.priority,
        is_for_everybody=given.is_for_everybody,
        may_exceed=given.may_exceed,
        is_active=given.is_active,
        starts_at=given.starts_at,
        ends_at=given.ends_at,
        updated_by=actor,
        created_at=now,
        updated_at=now,
    )
    _join(connection, row_id, given.channel_ids, given.group_ids)
    return row_id


def update_list(
    connection: Connection,
    change: PriceListUpdate,
    *,
    known_groups: Collection[int],
    actor: str,
    now: int,
) -> None:
    """Changes a list; carts and listings know at once. Raises Rejected with all problems."""
    fields = Fields()
    row = LISTS.locked(connection, change.id, change.expected_version)
    values = dict(LISTS.names(connection, fields, row, change)) | _plain_changes(change)
    channel_ids, group_ids = _scope(connection, row, change)
    currency = row.currency
    if change.channel_ids is not UNSET:
        currency = _checked_channels(connection, fields, channel_ids)
    if currency and currency != row.currency:
        message = f"The prices of this list are in {row.currency}."
        fields.report("CURRENCY_MISMATCH", message, "channelIds")
    after = {name: values.get(name, getattr(row, name)) for name in _PLAIN}
    known = {*known_groups, *group_ids} if change.group_ids is UNSET else known_groups
    if not (change.group_ids is UNSET and change.is_for_everybody is UNSET):
        _check_audience(fields, group_ids, bool(after["is_for_everybody"]), known)
    _check_window(fields, after["starts_at"], after["ends_at"])
    fields.whole("priority", after["priority"], least=-MOST_PRIORITY, most=MOST_PRIORITY)
    LISTS.save(connection, fields, row, **values, updated_by=actor, updated_at=now)
    _leave(connection, row.id)
    _join(connection, row.id, channel_ids, group_ids)
    if row.is_for_everybody or after["is_for_everybody"]:
        owned = _owned(connection, row.id)
        _hold(connection, owned)
        _tell_everybody(connection, owned, cause=_cause(row.id, actor), now=now)


def delete_list(
    connection: Connection, row_id: int, *, expected_version: int | None, actor: str, now: int
) -> None:
    """Deletes a list with its entries and their schedules; orders keep what they paid."""
    row = LISTS.locked(connection, row_id, expected_version)
    owned = _owned(connection, row_id)
    _hold(connection, owned)
    with refusing_use(Problem(code="IN_USE", message="This price list is in use.", field=("id",))):
        LISTS.delete(connection, row_id)
    cause = _cause(row_id, actor)
    for part in _parts(sorted(owned)):
        keep_entry_history(connection, [row_id], part, cause=cause, now=now)
    if row.is_for_everybody:
        _tell_everybody(connection, owned, cause=cause, now=now)


def list_channels(connection: Connection, row_id: int) -> list[int]:
    """The channels that a list is for, ascending."""
    return [one for (one,) in connection.rows(_CHANNELS, id=row_id)]


def hold_list(
    connection: Connection, row_id: int, expected_version: int | None, *, actor: str, now: int
) -> PriceList:
    """A list whose entries are about to change, its version raised; nobody else's until the end."""
    row = LISTS.locked(connection, row_id, expected_version)
    LISTS.save(connection, Fields(), row, updated_by=actor, updated_at=now)
    return row


_PLAIN = (
    "is_for_everybody",
    "may_exceed",
    "priority",
    "is_active",
    "starts_at",
    "ends_at",
)


def _plain_changes(change: PriceListUpdate) -> dict[str, Any]:
    given = {name: getattr(change, name) for name in _PLAIN}
    return {name: value for name, value in given.items() if value is not UNSET}


def _scope(
    connection: Connection, row: PriceList, change: PriceListUpdate
) -> tuple[Sequence[int], Sequence[int]]:
    """The channels and groups that the list is to have."""
    channel_ids, group_ids = change.channel_ids, change.group_ids
    if channel_ids is UNSET:
        channel_ids = list_channels(connection, row.id)
    if change.is_for_everybody is True and group_ids is UNSET:
        return channel_ids, ()
    if group_ids is UNSET:
        group_ids = [one for (one,) in connection.rows(_GROUPS, id=row.id)]
    return channel_ids, group_ids


def _checked_channels(connection: Connection, fields: Fields, ids: Sequence[int]) -> str:
    """The currency of the channels; empty when something is wrong with them."""
    if not fields.count("channelIds", ids, least=1, most=MOST_CHANNELS):
        return ""
    currencies = channel_currencies(connection)
    for place, row in enumerate(ids):
        if row not in currencies:
            fields.missing("channel", "channelIds", str(place))
    found = {currencies[row] for row in ids if row in currencies}
    if len(found) > 1:
        message = "The channels of a list have one currency."
        fields.report("CURRENCY_MISMATCH", message, "channelIds")
    return found.pop() if len(found) == 1 else ""


def _check_audience(
    fields: Fields, group_ids: Sequence[int], is_for_everybody: bool, known: Collection[int]
) -> None:
    fields.count("customerGroupIds", group_ids, most=MOST_GROUPS)
    if is_for_everybody and group_ids:
        message = "A list is for everybody or for customer groups."
        fields.report("ONE_AUDIENCE", message, "customerGroupIds")
    if not is_for_everybody and not group_ids:
        message = "Say for which customer groups it is, or that it is for everybody."
        fields.report("REQUIRED", message, "customerGroupIds")
    for place, row in enumerate(group_ids[:MOST_GROUPS]):
        if row not in known:
            fields.missing("customer group", "customerGroupIds", str(place))


def _check_window(fields: Fields, starts_at: int | None, ends_at: int | None) -> None:
    for name, instant in (("startsAt", starts_at), ("endsAt", ends_at)):
        if instant is not None and not 0 <= instant <= LATEST_AT:
            fields.report("OUT_OF_RANGE", "This instant is out of range.", name)
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        fields.report("ENDS_BEFORE_START", "It must end after it starts.", "endsAt")


def _join(
    connection: Connection, row_id: int, channel_ids: Iterable[int], group_ids: Iterable[int]
) -> None:
    gone = Problem(
        code="NOT_FOUND", message="A customer group is gone.", field=("customerGroupIds",)
    )
    for joining, name, ids in (
        (_JOIN_CHANNELS, "channel_id", channel_ids),
        (_JOIN_GROUPS, "group_id", group_ids),
    ):
        rows = [{"price_list_id": row_id, name: one} for one in sorted(set(ids))]
        with refusing_use(gone):
            connection.run_many(joining, rows)


def _leave(connection: Connection, row_id: int) -> None:
    connection.run(_LEAVE_CHANNELS, id=row_id)
    connection.run(_LEAVE_GROUPS, id=row_id)


def _owned(connection: Connection, row_id: int) -> Mapping[int, int]:
    """The variants of a list with their products."""
    return dict(connection.rows(_OWNED, id=row_id))


def _hold(connection: Connection, owned: Mapping[int, int]) -> None:
    if owned:
        locked_products(connection, owned.values())


def _cause(row_id: int, actor: str) -> Cause:
    return Cause(kind=CauseKind.PRICE_LIST, actor=actor, reference=f"price_list:{row_id}")


def _tell_everybody(
    connection: Connection, owned: Mapping[int, int], *, cause: Cause, now: int
) -> None:
    """Tells the history of the list's variants, some at a time, what everybody pays now."""
    for part in _parts(sorted(owned)):
        keep_history(connection, part, cause=cause, now=now)
        settle(connection, {owned[one] for one in part}, now=now)


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
