"""`python -m benchmarks.replay`: how many past orders a simulation replays in a minute of one core.

The whole job is measured, from the orders' rows to the saved result: orders of 1 to 5 lines under
three running promotions, and a draft that touches every order.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from rich.console import Console
from sqlalchemy import Table, insert, update

from storeql.access import Actor
from storeql.catalog.tables import channels
from storeql.db import Connection, Database, statement
from storeql.db.migrate import migrate
from storeql.jobs import JobKinds
from storeql.jobs.worker import Worker
from storeql.orders.replay.job import simulation_kind
from storeql.orders.replay.start import SimulationWish, start_simulation
from storeql.orders.tables import orders
from storeql.pricing import Basket, Delivery, Line, Promotion, price
from storeql.promotions.active import ActiveSets
from storeql.promotions.set_up.create import create_promotion
from storeql.promotions.set_up.inputs import PromotionChange, RuleInput
from storeql.promotions.tables import promotions
from storeql.promotions.types import PromotionTypes
from storeql.settings import Settings
from storeql.shop import open_shop

ORDERS = 10_000
NOW = 1_764_000_000_000
STAFF = Actor("staff", 1)
AIM_A_MINUTE = 100_000
LIVE = (
    RuleInput("SPEND_THRESHOLD", {"tiers": [{"from_minor": "300", "off_minor": "30"}]}),
    RuleInput("PERCENTAGE", {"percent_off_basis_points": "5"}),
    RuleInput("SHIPPING_DISCOUNT", {"off_minor": "5"}),
)
DRAFT = RuleInput("SPEND_THRESHOLD", {"tiers": [{"from_minor": "200", "off_minor": "25"}]})
_SWITCH_ON = statement(update(promotions).values(status="ACTIVE"))
STORED = ("list", "discount", "gift", "subtotal", "shipping_list", "shipping", "tax", "total")


def measure_replay(console: Console, count: int = ORDERS) -> dict[str, Any]:
    """Orders a minute of one core, printed."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/shop.sqlite"
        migrate(url)
        shop = open_shop(Settings(database_url=url), clock=lambda: NOW)
        try:
            _fill(shop.database, shop.price_desk.active_sets, count)
            worker = Worker(shop.database, JobKinds([simulation_kind(shop.price_desk)]), shop.clock)
            began = time.process_time()
            while worker.run_slice():
                pass
            seconds = time.process_time() - began
        finally:
            shop.database.close()
    a_minute = round(count / seconds * 60)
    reached = "reached" if a_minute >= AIM_A_MINUTE else "missed"
    console.print(
        f"Replay: {count} past orders in {seconds:.1f} s of CPU, {a_minute:,} a minute of one core "
        f"(at least {AIM_A_MINUTE:,}, {reached}).",
        highlight=False,
    )
    return {"orders": count, "cpu_seconds": round(seconds, 2), "orders_a_minute": a_minute}


def _fill(database: Database, sets: ActiveSets, count: int) -> None:
    database.write(lambda c: _add(c, channels, [_channel()]))
    types = sets.types
    for place, rule in enumerate(LIVE):
        _promotion(database, types, rule, f"Live {place}")
    database.write(lambda c: c.run(_SWITCH_ON))
    draft = _promotion(database, types, DRAFT, "Draft")
    with database.reading() as connection:
        running = [entry.promotion for entry in sets.current(connection).promotions]
    dice = random.Random(7)
    rows = [_order(number, dice, running) for number in range(1, count + 1)]
    database.write(lambda c: _add(c, orders, rows))
    wish = SimulationWish(promotion_id=draft, from_at=NOW - 1, to_at=NOW + count + 1)
    database.write(lambda c: start_simulation(c, wish, types=types, actor="staff:1", now=NOW))


def _channel() -> dict[str, Any]:
    return {"id": 1, "slug": "web", "name": "Web", "currency": "CNY", "is_default": True}


def _promotion(database: Database, types: PromotionTypes, rule: RuleInput, name: str) -> int:
    change = PromotionChange(name=name, currency="CNY", rule=rule)
    return database.write(lambda c: create_promotion(c, change, types=types, actor=STAFF, now=NOW))


def _order(number: int, dice: random.Random, running: Sequence[Promotion]) -> dict[str, Any]:
    lines = tuple(_line(place, dice) for place in range(1, dice.randint(1, 5) + 1))
    basket = Basket(
        lines=lines,
        channel="web",
        currency="CNY",
        at=datetime.fromtimestamp((NOW + number) / 1000, UTC),
        delivery=Delivery(method="standard", price_minor=1_000, country="CN", region="上海"),
        payment_method="cash_on_delivery",
    )
    priced = price(basket, running)
    amounts = {f"{name}_minor": getattr(priced.totals, f"{name}_minor") for name in STORED}
    return {
        "number": f"N{number}",
        "channel_id": 1,
        "cart_id": number,
        "email": "buyer@example.cn",
        "currency": "CNY",
        "state": "AWAITING_FULFILMENT",
        "address": "{}",
        "delivery_method": "standard",
        "payment_method": "cash_on_delivery",
        "basket": msgspec.json.encode(basket).decode(),
        "pricing": msgspec.json.encode(priced).decode(),
        "placed_at": NOW + number,
        "updated_at": NOW + number,
        **amounts,
    }


def _line(place: int, dice: random.Random) -> Line:
    product = str(dice.randint(1, 500))
    list_minor = dice.randint(10_00, 300_00)
    return Line(
        id=str(place),
        product_id=product,
        variant_id=product,
        quantity=dice.randint(1, 3),
        list_minor=list_minor,
        sku=f"SKU-{product}",
        cost_minor=list_minor // 2,
        category_ids=("1", str(dice.randint(2, 30))),
    )


def _add(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    connection.run_many(statement(insert(table), *rows[0]), rows)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replay", description=__doc__)
    parser.add_argument("--orders", type=int, default=ORDERS)
    measure_replay(Console(width=140), parser.parse_args().orders)


if __name__ == "__main__":
    main()
