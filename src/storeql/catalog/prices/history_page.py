"""The history of prices as staff read it, newest first; what is planned only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, bindparam, func, select

from storeql.catalog.prices.at_instant import NOW
from storeql.catalog.prices.causes import CauseKind
from storeql.catalog.prices.tables import price_changes
from storeql.catalog.tables import channels, variants
from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import Page, PageRequest, cut, make_cursor, page_of, window_of, windowed
from storeql.errors import BadInput

AT = "AT"
MOST_VARIANTS = 100

_change = price_changes.c


class PriceChange(Struct, frozen=True, kw_only=True):
    """A change of what everybody pays in a channel, or of a price list's entry.

    `price_minor` None is a percentage, or an entry that went. `floor_minor` is the floor that was
    gone below for `reason`. `lowest_before_minor` is the lowest of the 30 days before a fall.
    """

    id: int
    variant_id: int
    channel_id: int | None
    price_list_id: int | None
    price_list_name: str
    from_quantity: int
    at: int
    before_minor: int | None
    price_minor: int | None
    percent_off_basis_points: int | None
    compare_at_minor: int | None
    regular_minor: int | None
    lowest_before_minor: int | None
    floor_minor: int | None
    cause: CauseKind
    reference: str
    actor: str
    reason: str
    recorded_at: int
    currency: str
    is_planned: bool


class HistoryFilter(Struct, frozen=True, kw_only=True):
    """Conditions that all have to hold; None asks for nothing. The window is half-open."""

    variant_ids: Sequence[int] | None = None
    product_id: int | None = None
    channel_id: int | None = None
    price_list_id: int | None = None
    causes: Sequence[CauseKind] | None = None
    from_at: int | None = None
    to_at: int | None = None
    is_planned: bool | None = False

    @property
    def params(self) -> dict[str, Any]:
        """The values of the conditions."""
        causes = None if self.causes is None else [cause.value for cause in self.causes]
        given = {
            "variant_ids": self.variant_ids,
            "product_id": self.product_id,
            "channel_id": self.channel_id,
            "price_list_id": self.price_list_id,
            "causes": causes,
            "from_at": self.from_at,
            "to_at": self.to_at,
        }
        return {name: value for name, value in given.items() if value is not None}


def history_page(
    connection: Connection,
    selection: Selection,
    *,
    filter: HistoryFilter,
    page: PageRequest,
    now: int,
) -> Page[PriceChange]:
    """Changes of prices, the latest first; `is_planned` None shows what is planned too."""
    if filter.variant_ids is not None and len(filter.variant_ids) > MOST_VARIANTS:
        raise BadInput(f"Ask for at most {MOST_VARIANTS} variants.")
    window, given = window_of(page, AT), filter.params | {"now": now}
    shape = (frozenset(filter.params), filter.is_planned)
    found = connection.rows(_page(window.shape, shape), **given, **window.params)
    rows, more = cut(found, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_count(shape), **given)
    nodes = [_record(row, now) for row in rows]

    def cursor(place: int) -> str:
        return make_cursor(AT, nodes[place].at, nodes[place].id)

    return page_of(nodes, window, more, selection, cursor, total)


Shape = tuple[frozenset[str], bool | None]

_COLUMNS = (
    _change.id,
    _change.variant_id,
    _change.channel_id,
    _change.price_list_id,
    _change.price_list_name,
    _change.from_quantity,
    _change.at,
    _change.before_minor,
    _change.price_minor,
    _change.percent_off_basis_points,
    _change.compare_at_minor,
    _change.regular_minor,
    _change.lowest_before_minor,
    _change.floor_minor,
    _change.cause,
    _change.reference,
    _change.actor,
    _change.reason,
    _change.recorded_at,
    func.coalesce(channels.c.currency, _change.price_list_currency),
)
_NAMES = tuple(name for name in PriceChange.__struct_fields__ if name != "is_planned")


@lru_cache(maxsize=256)
def _page(window: tuple[bool, bool], shape: Shape) -> Statement:
    source = price_changes.outerjoin(channels, channels.c.id == _change.channel_id)
    query = select(*_COLUMNS).select_from(source).where(*_conditions(shape))
    return statement(windowed(query, window, value=_change.at, row=_change.id, descending=True))


@lru_cache(maxsize=128)
def _count(shape: Shape) -> Statement:
    query = select(func.count()).select_from(price_changes)
    return statement(query.where(*_conditions(shape)))


_of_product = _change.variant_id.in_(
    select(variants.c.id).where(variants.c.product_id == bindparam("product_id", type_=BigInteger))
)
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "variant_ids": any_of(_change.variant_id, "variant_ids"),
    "product_id": _of_product,
    "channel_id": _change.channel_id == bindparam("channel_id"),
    "price_list_id": _change.price_list_id == bindparam("price_list_id"),
    "causes": any_of(_change.cause, "causes"),
    "from_at": _change.at >= bindparam("from_at", type_=BigInteger),
    "to_at": _change.at < bindparam("to_at", type_=BigInteger),
}


def _conditions(shape: Shape) -> Iterator[ColumnElement[bool]]:
    given, is_planned = shape
    yield from (condition for name, condition in _CONDITIONS.items() if name in given)
    if is_planned is not None:
        yield _change.at > NOW if is_planned else _change.at <= NOW


def _record(row: tuple[Any, ...], now: int) -> PriceChange:
    values = dict(zip(_NAMES, row, strict=True))
    values["cause"] = CauseKind(values["cause"])
    return PriceChange(**values, is_planned=values["at"] > now)
