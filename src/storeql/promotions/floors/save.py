"""Sets and removes floors of the margin guard; one rule for each place."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storeql.catalog.known_ids import known_ids
from storeql.catalog.prices.current import channel_currencies
from storeql.catalog.prices.floors import Basis
from storeql.catalog.prices.tables import price_floors
from storeql.catalog.tables import categories, products
from storeql.catalog.versions import check_version
from storeql.db import Connection, any_of, statement
from storeql.decimals import PERCENT_DECIMALS, scaled
from storeql.inputs import MOST_MINOR, Fields
from storeql.pricing.currencies import exponent_of
from storeql.promotions.set_up.stored import raise_set

MOST_MARGIN = 1_000_000
"""10000 % of the cost, in basis points."""
MOST_REMOVED = 100

_floor = price_floors.c
_VALUES = ("basis", "price_minor", "margin_basis_points", "updated_at")
_ADD = statement(
    upsert(price_floors).on_conflict_do_nothing(index_elements=["place"]).returning(_floor.id),
    "place",
    "product_id",
    "category_id",
    "channel_id",
    *_VALUES,
)
_TAKE = statement(
    select(_floor.id, _floor.version).where(_floor.place == bindparam("place")).with_for_update()
)
_SAVE = statement(
    update(price_floors).where(_floor.id == bindparam("b_id")).values(version=_floor.version + 1),
    *_VALUES,
)
_REMOVE = statement(delete(price_floors).where(any_of(_floor.id, "ids")).returning(_floor.id))


class FloorInput(Struct, frozen=True, kw_only=True):
    """A floor to set: its place, and either an amount or a margin on the cost, as decimal texts."""

    product_id: int | None = None
    category_id: int | None = None
    channel_id: int | None = None
    price: str | None = None
    margin_percent: str | None = None


def set_floor(
    connection: Connection, given: FloorInput, *, expected_version: int | None, now: int
) -> int:
    """The row number of the place's floor, which is this from now on; all prices know at once.

    Raises Rejected with all problems, StaleVersion when there is another one than was read.
    """
    fields = Fields()
    currencies = channel_currencies(connection)
    _check_place(connection, given, currencies, fields)
    values = _values(given, currencies, fields) | {"updated_at": now}
    fields.refuse_problems()
    place = _place(given)
    row_id = None
    if expected_version is None:
        row_id = connection.scalar(
            _ADD,
            place=place,
            product_id=given.product_id,
            category_id=given.category_id,
            channel_id=given.channel_id,
            **values,
        )
    if row_id is None:
        row_id, version = connection.one(_TAKE, place=place) or (None, 0)
        check_version(version, expected_version)
        connection.run(_SAVE, b_id=row_id, **values)
    raise_set(connection)
    return int(row_id or 0)


def remove_floors(connection: Connection, ids: Sequence[int]) -> list[int]:
    """The row numbers of the floors that are gone now; raises Rejected for unknown ones."""
    fields = Fields()
    wanted = fields.distinct("ids", ids, most=MOST_REMOVED)
    removed = {row for (row,) in connection.rows(_REMOVE, ids=wanted)}
    for place, row in enumerate(wanted):
        if row not in removed:
            fields.missing("floor", "ids", str(place))
    fields.refuse_problems()
    raise_set(connection)
    return list(wanted)


def _check_place(
    connection: Connection, given: FloorInput, currencies: dict[int, str], fields: Fields
) -> None:
    if given.product_id is not None and given.category_id is not None:
        message = "A floor is about a product or a category, not about both."
        fields.report("ONE_PLACE", message, "categoryId")
    for name, what, table, row in (
        ("productId", "product", products, given.product_id),
        ("categoryId", "category", categories, given.category_id),
    ):
        if row is not None and not known_ids(connection, table, [row]):
            fields.missing(what, name)
    if given.channel_id is not None and given.channel_id not in currencies:
        fields.missing("channel", "channelId")


def _values(
    given: FloorInput, currencies: dict[int, str], fields: Fields
) -> dict[str, int | str | None]:
    if given.price is None:
        margin = scaled(given.margin_percent or "0", PERCENT_DECIMALS)
        if margin is None:
            fields.report("TOO_PRECISE", "A percentage has at most 2 decimals.", "rule", "cost")
        else:
            fields.at("rule").whole("cost", margin, most=MOST_MARGIN)
        return {"basis": Basis.COST.value, "price_minor": None, "margin_basis_points": margin}
    currency = currencies.get(given.channel_id or 0)
    if given.channel_id is None:
        fields.report("REQUIRED", "An amount is in the currency of a channel.", "channelId")
    price = scaled(given.price, exponent_of(currency) if currency else 2)
    if price is None:
        fields.report("TOO_PRECISE", "The currency has fewer decimals.", "rule", "price")
    else:
        fields.at("rule").whole("price", price, least=1, most=MOST_MINOR)
    return {"basis": Basis.PRICE.value, "price_minor": price, "margin_basis_points": 0}


def _place(given: FloorInput) -> str:
    about = "shop"
    if given.product_id is not None:
        about = f"product:{given.product_id}"
    elif given.category_id is not None:
        about = f"category:{given.category_id}"
    return f"{about}/{'all' if given.channel_id is None else given.channel_id}"
