"""The job that works a simulation out: past orders first, then the carts that are open now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import BindParameter, bindparam, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storeql.access import Permission
from storeql.carts.basket import build_basket
from storeql.carts.gift_items import gift_items
from storeql.carts.line_rows import cart_lines_of
from storeql.carts.price_cart import PriceDesk
from storeql.carts.records import Cart
from storeql.db import Connection, any_of, statement
from storeql.errors import StoreError
from storeql.jobs import JobKind, Step
from storeql.jobs.tables import jobs
from storeql.orders.replay.pages import (
    Period,
    carts_page,
    orders_page,
    promotions_of,
    then_of,
)
from storeql.orders.replay.results import result_of
from storeql.orders.replay.start import SIMULATION, SimulationWork
from storeql.orders.replay.tables import promotion_simulations, simulation_customers
from storeql.orders.replay.tally import PastOrder, Tally, add_cart, add_order, new_tally
from storeql.orders.replay.trial import Trial, concerns, grants, left_of, replayed, trial_of, use
from storeql.pricing import GiftItem, price
from storeql.promotions.set_up.versions import versions_of
from storeql.promotions.stacking.settings import current_stacking
from storeql.promotions.types import PromotionTypes

ORDERS_A_PAGE = 500
CARTS_A_PAGE = 50

_simulation, _met = promotion_simulations.c, simulation_customers.c
_ASKED = statement(
    select(
        _simulation.promotion_id,
        _simulation.promotion_version,
        _simulation.replaces_id,
        _simulation.currency,
        _simulation.from_at,
        _simulation.to_at,
    ).where(_simulation.id == bindparam("id"))
)
_USES = statement(
    select(_met.customer_id, _met.uses).where(
        _met.simulation_id == bindparam("id"), any_of(_met.customer_id, "customers")
    )
)
_CUSTOMERS = statement(select(func.count()).where(_met.simulation_id == bindparam("id")))
_FORGET = statement(
    delete(simulation_customers).where(_met.simulation_id == bindparam("simulation_id"))
)
_LEFT_BEHIND = statement(
    delete(simulation_customers).where(
        _met.simulation_id.in_(
            select(_simulation.id)
            .outerjoin(jobs, jobs.c.id == _simulation.job_id)
            .where(or_(jobs.c.id.is_(None), jobs.c.finished_at.is_not(None)))
        )
    )
)
_values: dict[str, BindParameter[int]] = {
    name: bindparam(name) for name in ("simulation_id", "customer_id", "uses")
}
_MEET = statement(
    upsert(simulation_customers)
    .values(_values)
    .on_conflict_do_update(
        index_elements=["simulation_id", "customer_id"], set_={"uses": _values["uses"]}
    )
)


class SimulationCursor(Struct, frozen=True, kw_only=True):
    """The order after which to go on, or the cart once the orders are done; the figures so far."""

    placed_at: int = -1
    order_id: int = 0
    orders_done: bool = False
    cart_id: int = 0
    tally: Tally = msgspec.field(default_factory=new_tally)


class _Asked(Struct, frozen=True, kw_only=True):
    """A simulation in hand: its trial, ready to price with."""

    id: int
    trial: Trial
    period: Period


def forget_left_behind(connection: Connection) -> int:
    """How many rows went that simulations left behind which failed or were cancelled."""
    return connection.run(_LEFT_BEHIND)


def simulation_kind(desk: PriceDesk) -> JobKind:
    """The kind of job, for the plugins and promotions of one shop."""
    return JobKind(
        key=SIMULATION,
        permission=Permission.MANAGE_PROMOTIONS,
        Arguments=SimulationWork,
        Cursor=SimulationCursor,
        step=partial(_step, desk),
    )


def _step(
    desk: PriceDesk,
    connection: Connection,
    work: SimulationWork,
    cursor: SimulationCursor,
    now: int,
) -> Step:
    asked = _asked(connection, work, desk.active_sets.types)
    if cursor.orders_done:
        return _carts_step(desk, connection, asked, cursor, now)
    types = desk.active_sets.types
    return _orders_step(connection, asked, cursor, types, expected=work.orders, now=now)


def _asked(connection: Connection, work: SimulationWork, types: PromotionTypes) -> _Asked:
    row = connection.one(_ASKED, id=work.simulation_id)
    if row is None:
        raise StoreError("The promotion was deleted.")
    promotion_id, version, replaces, currency, from_at, to_at = row
    known = versions_of(connection, promotion_id, [version], types).get(version)
    kind = None if known is None else types.get(known.promotion.kind)
    if known is None or kind is None or known.promotion.rule is None:
        raise StoreError("No plugin brings this kind of promotion any more.")
    stacking = current_stacking(connection)
    return _Asked(
        id=work.simulation_id,
        trial=trial_of(known.promotion, kind, stacking, replaces=replaces),
        period=Period(currency=currency, from_at=from_at, to_at=to_at),
    )


def _orders_step(
    connection: Connection,
    asked: _Asked,
    cursor: SimulationCursor,
    types: PromotionTypes,
    *,
    expected: int,
    now: int,
) -> Step:
    page = orders_page(
        connection, asked.period, after=(cursor.placed_at, cursor.order_id), most=ORDERS_A_PAGE
    )
    uses = _uses(connection, asked, page)
    replay_page(connection, page, asked.trial, cursor.tally, uses, types, now=now)
    last = page[-1] if page else None
    done = cursor.tally.all.orders + cursor.tally.skipped
    met = [
        {"simulation_id": asked.id, "customer_id": customer_id, "uses": count}
        for customer_id, count in sorted(uses.items())
        if count
    ]
    return Step(
        cursor=msgspec.structs.replace(
            cursor,
            placed_at=last.placed_at if last else cursor.placed_at,
            order_id=last.id if last else cursor.order_id,
            orders_done=len(page) < ORDERS_A_PAGE,
        ),
        done=done,
        total=max(done, expected),
        save=lambda saving: saving.run_many(_MEET, met),
    )


def replay_page(
    connection: Connection,
    page: Sequence[PastOrder],
    trial: Trial,
    tally: Tally,
    uses: dict[int, int],
    types: PromotionTypes,
    *,
    now: int,
) -> None:
    """Replays orders one after the other; `uses` of the trial by customer go on counting.

    What the trial gives counts at the price that everybody pays at `now`.
    """
    found = promotions_of(connection, page, types)
    gifts = {
        channel_id: gift_items(connection, channel_id, trial.gift_variant_ids, now=now)[0]
        for channel_id in sorted({order.channel_id for order in page})
    }
    for order in page:
        then = then_of(order, found)
        if then is None:
            tally.skipped += 1
        elif not concerns(trial, order.basket, then):
            add_order(tally, trial, order, order.priced)
        else:
            before = None if order.customer_id is None else uses.get(order.customer_id, 0)
            left = left_of(trial, tally.used, customer_uses=before)
            goods: Mapping[str, GiftItem] = gifts[order.channel_id]
            after = replayed(trial, order.basket, then, gifts=goods, left=left)
            granted = add_order(tally, trial, order, after)
            if grants(after, trial.promotion.id):
                use(trial, tally.used, after, granted)
                if order.customer_id is not None:
                    uses[order.customer_id] = (before or 0) + 1


def _uses(connection: Connection, asked: _Asked, page: Sequence[PastOrder]) -> dict[int, int]:
    customers = sorted({one.customer_id for one in page if one.customer_id is not None})
    return dict(connection.rows(_USES, id=asked.id, customers=customers)) if customers else {}


def _carts_step(
    desk: PriceDesk, connection: Connection, asked: _Asked, cursor: SimulationCursor, now: int
) -> Step:
    page, tally = (
        carts_page(connection, after_id=cursor.cart_id, most=CARTS_A_PAGE, now=now),
        cursor.tally,
    )
    for cart in page:
        if cart.currency == asked.period.currency:
            _replay_cart(desk, connection, asked.trial, cart, tally, now)
    done = tally.all.orders + tally.skipped + tally.carts.carts
    at = msgspec.structs.replace(cursor, cart_id=page[-1].id if page else cursor.cart_id)
    if len(page) == CARTS_A_PAGE:
        return Step(cursor=at, done=done, total=done)
    customers: int = connection.scalar(_CUSTOMERS, id=asked.id)
    return Step(
        cursor=SimulationCursor(orders_done=True, cart_id=at.cart_id),
        done=done,
        total=done,
        save=lambda saving: _forget(saving, asked.id),
        result=result_of(connection, tally, customers=customers),
    )


def _forget(connection: Connection, simulation_id: int) -> None:
    connection.run(_FORGET, simulation_id=simulation_id)


def _replay_cart(
    desk: PriceDesk, connection: Connection, trial: Trial, cart: Cart, tally: Tally, now: int
) -> None:
    made = build_basket(
        connection,
        cart,
        cart_lines_of(connection, cart, now=now),
        buyer=cart.buyer,
        active_sets=desk.active_sets,
        zone=desk.zone,
        now=now,
    )
    basket = desk.hooks.with_facts(made.basket)
    if not basket.lines:
        return
    before = price(basket, made.promotions)
    after = before
    if concerns(trial, basket, made.promotions):
        gifts, _ = gift_items(
            connection,
            cart.channel_id,
            trial.gift_variant_ids,
            group_ids=cart.buyer.group_ids,
            now=now,
        )
        uses = None if cart.customer_id is None else 0
        left: Any = left_of(trial, new_tally().used, customer_uses=uses)
        after = replayed(trial, basket, made.promotions, gifts=gifts, left=left)
    add_cart(tally, trial, before, after)
