"""Asks for a simulation: which promotion, over the orders of which period."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, func, insert, select, update

from storeql.access import Permission
from storeql.catalog.tables import channels
from storeql.db import Connection, statement
from storeql.errors import refuse
from storeql.inputs import Fields
from storeql.jobs import start_job
from storeql.orders.replay.tables import promotion_simulations
from storeql.orders.states import OrderState
from storeql.orders.tables import orders
from storeql.promotions.set_up.stored import read_promotion
from storeql.promotions.types import PromotionTypes

SIMULATION = "PROMOTION_SIMULATION"
LONGEST_MS = 366 * 24 * 60 * 60 * 1000

_order = orders.c
IN_PERIOD = (
    _order.currency == bindparam("currency"),
    _order.placed_at >= bindparam("from_at"),
    _order.placed_at < bindparam("to_at"),
    _order.state != OrderState.CANCELLED.value,
)
_COUNT = statement(select(func.count()).select_from(orders).where(*IN_PERIOD))
_CURRENCY = statement(
    select(channels.c.currency).order_by(channels.c.is_default.desc(), channels.c.id).limit(1)
)
_COLUMNS = (
    "promotion_id",
    "promotion_version",
    "replaces_id",
    "currency",
    "from_at",
    "to_at",
    "created_by",
    "created_at",
)
_ADD = statement(insert(promotion_simulations).returning(promotion_simulations.c.id), *_COLUMNS)
_SET_JOB = statement(
    update(promotion_simulations)
    .where(promotion_simulations.c.id == bindparam("b_id"))
    .values(job_id=bindparam("new_job_id"))
)


class SimulationWish(Struct, frozen=True, kw_only=True):
    """A promotion to try over the orders placed in a half-open period, and on the open carts.

    `replaces_id` is a promotion whose place it takes: what an edited copy would change.
    `currency` None: the promotion's own, or that of the default channel.
    """

    promotion_id: int
    from_at: int
    to_at: int
    replaces_id: int | None = None
    currency: str | None = None


class SimulationWork(Struct, frozen=True, kw_only=True):
    """Which simulation a job works out, and over how many orders when it was asked for."""

    simulation_id: int
    orders: int


def start_simulation(
    connection: Connection, wish: SimulationWish, *, types: PromotionTypes, actor: str, now: int
) -> int:
    """The row number of the simulation; its job begins when this is committed.

    Raises Rejected with everything wrong with the wish.
    """
    stored = read_promotion(connection, wish.promotion_id, types)
    if stored is None:
        raise refuse("NOT_FOUND", "There is no such promotion.", "promotionId")
    _check(connection, wish, types, has_rule=stored.rule is not None)
    currency = wish.currency or stored.currency or connection.scalar(_CURRENCY) or ""
    period = {"currency": currency, "from_at": wish.from_at, "to_at": wish.to_at}
    simulation_id: int = connection.scalar(
        _ADD,
        promotion_id=wish.promotion_id,
        promotion_version=stored.version,
        replaces_id=wish.replaces_id,
        created_by=actor,
        created_at=now,
        **period,
    )
    count: int = connection.scalar(_COUNT, **period)
    job_id = start_job(
        connection,
        SIMULATION,
        SimulationWork(simulation_id=simulation_id, orders=count),
        permission=Permission.MANAGE_PROMOTIONS,
        total=count,
        actor=actor,
        now=now,
    )
    connection.run(_SET_JOB, b_id=simulation_id, new_job_id=job_id)
    return simulation_id


def _check(
    connection: Connection, wish: SimulationWish, types: PromotionTypes, *, has_rule: bool
) -> None:
    fields = Fields()
    if not has_rule:
        fields.report("UNKNOWN_KIND", "No plugin brings this kind of promotion.", "promotionId")
    if not wish.from_at < wish.to_at:
        fields.report("ENDS_BEFORE_START", "This must be after the start.", "to")
    elif wish.to_at - wish.from_at > LONGEST_MS:
        fields.report("OUT_OF_RANGE", "A period has at most 366 days.", "to")
    replaces = wish.replaces_id
    if replaces == wish.promotion_id:
        fields.report("REPLACES_ITSELF", "A promotion cannot replace itself.", "replacesId")
    elif replaces is not None and read_promotion(connection, replaces, types) is None:
        fields.missing("promotion", "replacesId")
    fields.refuse_problems()
