"""Delivery estimates (预计送达) for storeql: between which days a parcel arrives."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

import strawberry
from msgspec import Struct
from strawberry.types import Info

from storeql.carts.delivery_methods import delivery_methods_of
from storeql.errors import BadInput
from storeql.hooks import hookimpl
from storeql.schema.extending import (
    EVERYBODY,
    answers,
    argument,
    attribute,
    context_of,
    query_field,
)

storeql_hooks_version = 2
LAST_HOUR = 16
"""Parcels leave on the day of the order until this hour of the shop's clock."""
LONGEST = 64
SATURDAY = 5


class Days(NamedTuple):
    """Working days on the way, at least and at most."""

    least: int
    most: int


# By country, and within China by what a region's name begins with.
ABROAD = Days(7, 20)
COUNTRIES: Mapping[str, Days] = {"CN": Days(2, 4), "HK": Days(3, 5), "MO": Days(3, 5)}
REGIONS: Mapping[str, Days] = {
    "上海": Days(1, 1),
    "江苏": Days(1, 2),
    "浙江": Days(1, 2),
    "新疆": Days(4, 8),
    "西藏": Days(4, 8),
}
FASTER: Mapping[str, int] = {"express": 1}


class Estimate(Struct, frozen=True, kw_only=True):
    """Between which days a parcel arrives, both included."""

    method: str
    ships_on: date
    earliest: date
    latest: date


def estimate(method: str, *, country: str, region: str, at: datetime) -> Estimate:
    """When a parcel arrives that is ordered at this instant of the shop's clock."""
    way = COUNTRIES.get(country, ABROAD)
    if country == "CN":
        known = (days for name, days in REGIONS.items() if region.startswith(name))
        way = next(known, way)
    gain = FASTER.get(method, 0)
    ships = _working_day(at.date() if at.hour < LAST_HOUR else at.date() + timedelta(days=1))
    return Estimate(
        method=method,
        ships_on=ships,
        earliest=_later(ships, max(1, way.least - gain)),
        latest=_later(ships, max(1, way.most - gain)),
    )


def _later(day: date, working_days: int) -> date:
    for _ in range(working_days):
        day = _working_day(day + timedelta(days=1))
    return day


def _working_day(day: date) -> date:
    """The day, or the Monday after it."""
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


@strawberry.type(description="Between which days a parcel arrives.")
@answers(Estimate)
class DeliveryEstimate:
    """An estimate for one way of delivery."""

    method: str = attribute("The slug of the way of delivery.")
    ships_on: date = attribute("The day it leaves the warehouse.")
    earliest: date = attribute("The first day on which it may arrive.")
    latest: date = attribute("The last day on which it should arrive.")


@strawberry.type
class EstimateQuery:
    """Root fields about estimates."""

    @query_field("When a parcel ordered now arrives, for each way of delivery.", EVERYBODY)
    def delivery_estimates(
        self,
        info: Info[Any, Any],
        country: Annotated[str, argument("The country's two letters, such as CN.")],
        region: Annotated[str, argument("The region as an address has it.")] = "",
        channel: Annotated[
            str | None, argument("The channel's slug; the shop's default one when left out.")
        ] = None,
    ) -> list[DeliveryEstimate]:
        if len(country) != 2 or len(region) > LONGEST:
            raise BadInput(f"A country has 2 letters, a region at most {LONGEST}.")
        context = context_of(info)
        zone = ZoneInfo(context.shop.settings.time_zone)
        at = datetime.fromtimestamp(context.now / 1000, zone)
        return [
            estimate(method.slug, country=country.upper(), region=region, at=at)  # type: ignore[misc]
            for method in delivery_methods_of(context.connection, channel)
        ]


@hookimpl
def storeql_query_types() -> list[type]:
    """`deliveryEstimates`."""
    return [EstimateQuery]
