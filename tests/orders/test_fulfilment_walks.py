"""Orders led at random through all that a warehouse can do: whatever comes, everything adds up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest

from storeql.db import Database
from storeql.errors import Rejected
from storeql.orders.fulfilment.deliver import deliver_fulfilment
from storeql.orders.fulfilment.hold_rows import open_holds
from storeql.orders.fulfilment.pack import Packed, PackWish, pack_fulfilment
from storeql.orders.fulfilment.package_rows import packages_of, packed_in
from storeql.orders.fulfilment.packing import (
    PackageClose,
    PackageScan,
    begin_package,
    close_package,
    finish_packing,
    scan_package,
)
from storeql.orders.fulfilment.picking.create import PickWish, create_pick_list
from storeql.orders.fulfilment.picking.finish import cancel_pick_list, finish_pick_list
from storeql.orders.fulfilment.picking.pick import scan_pieces
from storeql.orders.fulfilment.picking.rows import lines_of
from storeql.orders.fulfilment.picking.short import ShortWish, short_pick
from storeql.orders.fulfilment.picking.states import ShortReason
from storeql.orders.fulfilment.pieces import merged, total
from storeql.orders.fulfilment.reallocate import unsent_pieces
from storeql.orders.fulfilment.rows import fulfilments_of
from storeql.orders.fulfilment.scan import Scanned
from storeql.orders.fulfilment.ship import ship_fulfilment
from storeql.orders.fulfilment.split import (
    MergeWish,
    MoveWish,
    SplitWish,
    merge_fulfilments,
    move_fulfilment,
    split_fulfilment,
)
from storeql.orders.fulfilment.states import (
    FulfilmentState,
    HoldReason,
    derived_state,
    derived_status,
)
from storeql.orders.fulfilment.unpack import unpack_fulfilment
from storeql.orders.fulfilment.waybills import ShipWish
from storeql.orders.holds import HoldWish, ReleaseWish, put_on_hold, release_hold
from tests.carts.shop import BOOK, CUP, NOW, STAFF, TEA
from tests.orders.test_fulfilment_races import Bench
from tests.scenarios.warehouse import add_warehouse, books_balance

STEPS = 150
SKUS = ("SKU-1", "SKU-2", "SKU-3")
PIECES = {TEA: 4, CUP: 2, BOOK: 3}


class Walk:
    """Random steps over a few orders; a step that is refused is no step."""

    def __init__(self, database: Database, seed: int) -> None:
        self.random = Random(seed)
        self.bench = Bench(database)
        add_warehouse(database, 2, {TEA: 3, CUP: 1})
        self.orders = [self.bench.order_of(PIECES) for _ in range(3)]
        self.done: dict[str, int] = {}
        self.steps: dict[str, Callable[[], object]] = {
            name.removeprefix("do_"): getattr(self, name)
            for name in dir(self)
            if name.startswith("do_")
        }

    def step(self) -> None:
        name = self.random.choice(sorted(self.steps))
        with suppress(Rejected, LookupError):
            self.steps[name]()
            self.done[name] = self.done.get(name, 0) + 1

    def query(self, sql: str) -> list[int]:
        with self.bench.database.reading() as connection:
            return [row[0] for row in connection.text(sql).fetchall()]

    def one(self, sql: str) -> int:
        return self.random.choice(self.query(sql))

    def part(self) -> int:
        return self.one("SELECT id FROM fulfilments ORDER BY id")

    def key(self) -> str:
        return f"{self.random.random()}"

    def scan(self) -> Scanned:
        return Scanned(self.random.choice(SKUS), self.random.randint(1, 3))

    def do_pick(self) -> object:
        wish = PickWish(warehouse_id=self.random.randint(1, 2), most=self.random.randint(1, 3))
        return create_pick_list(self.bench.database.write, wish, **self.bench.who)  # type: ignore[arg-type]

    def do_scan(self) -> object:
        list_id, scanned = self.one("SELECT id FROM pick_lists ORDER BY id"), self.scan()
        return self.bench.database.write(lambda c: scan_pieces(c, list_id, scanned, now=NOW))

    def do_finish(self) -> object:
        list_id = self.one("SELECT id FROM pick_lists ORDER BY id")
        return self.bench.database.write(lambda c: finish_pick_list(c, list_id, now=NOW))

    def do_stop(self) -> object:
        list_id = self.one("SELECT id FROM pick_lists ORDER BY id")
        return cancel_pick_list(self.bench.database.write, list_id, **self.bench.who)  # type: ignore[arg-type]

    def do_find_all(self) -> None:
        list_id = self.one("SELECT id FROM pick_lists ORDER BY id")
        with self.bench.database.reading() as connection:
            lines = lines_of(connection, list_id)
        for line in lines:
            scanned = Scanned(line.sku, line.left)
            if line.left:
                self.bench.database.write(
                    lambda c, scanned=scanned: scan_pieces(c, list_id, scanned, now=NOW)
                )

    def do_short(self) -> object:
        wish = ShortWish(
            line_id=self.one("SELECT id FROM pick_list_lines ORDER BY id"),
            missing=self.random.randint(1, 2),
            reason=self.random.choice(list(ShortReason)),
            idempotency_key=self.key(),
        )
        return short_pick(self.bench.database.write, wish, **self.bench.who)  # type: ignore[arg-type]

    def do_pack(self) -> object:
        packages = [Packed(scans=[self.scan()])] if self.random.random() < 0.3 else []
        wish = PackWish(fulfilment_id=self.part(), packages=packages)
        return pack_fulfilment(self.bench.database.write, wish, **self.bench.who)  # type: ignore[arg-type]

    def do_unpack(self) -> object:
        return unpack_fulfilment(self.bench.database.write, self.part(), **self.bench.who)  # type: ignore[arg-type]

    def do_begin(self) -> object:
        return begin_package(self.bench.database.write, self.part(), **self.bench.who)  # type: ignore[arg-type]

    def do_fill(self) -> object:
        package = self.one("SELECT id FROM packages WHERE state = 'OPEN' ORDER BY id")
        is_out = self.random.random() < 0.2
        wish = PackageScan(package_id=package, scanned=self.scan(), is_out=is_out)
        return scan_package(self.bench.database.write, wish, **self.bench.who)  # type: ignore[arg-type]

    def do_fill_up(self) -> None:
        package = self.one("SELECT id FROM packages WHERE state = 'OPEN' ORDER BY id")
        for sku in SKUS:
            for _ in range(max(PIECES.values())):
                with suppress(Rejected):
                    wish = PackageScan(package_id=package, scanned=Scanned(sku))
                    scan_package(self.bench.database.write, wish, **self.bench.who)  # type: ignore[arg-type]

    def do_close(self) -> object:
        wish = PackageClose(package_id=self.one("SELECT id FROM packages WHERE state = 'OPEN'"))
        return close_package(self.bench.database.write, wish, **self.bench.who)  # type: ignore[arg-type]

    def do_packed(self) -> object:
        return finish_packing(self.bench.database.write, self.part(), **self.bench.who)  # type: ignore[arg-type]

    def do_ship(self) -> object:
        row = self.part()
        with self.bench.database.reading() as connection:
            boxes = packages_of(connection, row)
        chosen = [one.id for one in boxes if self.random.random() < 0.5]
        wish = ShipWish(fulfilment_id=row, idempotency_key=self.key(), package_ids=chosen)
        return ship_fulfilment(self.bench.database.write, wish, **self.bench.who)  # type: ignore[arg-type]

    def do_deliver(self) -> object:
        return deliver_fulfilment(self.bench.database.write, self.part(), **self.bench.who)  # type: ignore[arg-type]

    def do_split(self) -> object:
        row = self.part()
        version = self.query(f"SELECT version FROM fulfilments WHERE id = {row}")[0]
        wish = SplitWish(fulfilment_id=row, scans=[self.scan()], expected_version=version)
        return split_fulfilment(self.bench.database.write, wish, **self.bench.who)  # type: ignore[arg-type]

    def do_merge(self) -> object:
        order_id = self.random.choice(self.orders)
        ids = self.query(f"SELECT id FROM fulfilments WHERE order_id = {order_id} ORDER BY id")
        wish = MergeWish(fulfilment_ids=self.random.sample(ids, min(2, len(ids))))
        return merge_fulfilments(self.bench.database.write, wish, **self.bench.who)  # type: ignore[arg-type]

    def do_move(self) -> object:
        row = self.part()
        version = self.query(f"SELECT version FROM fulfilments WHERE id = {row}")[0]
        house = self.random.randint(1, 2)
        wish = MoveWish(fulfilment_id=row, warehouse_id=house, expected_version=version)
        return move_fulfilment(self.bench.database.write, wish, **self.bench.who)  # type: ignore[arg-type]

    def do_hold(self) -> object:
        reason = self.random.choice(list(HoldReason))
        wish = HoldWish(order_id=self.random.choice(self.orders), reason=reason)
        who = {**self.bench.who, "actor": STAFF}
        return put_on_hold(self.bench.database.write, wish, **who)  # type: ignore[arg-type]

    def do_release(self) -> object:
        wish = ReleaseWish(order_id=self.random.choice(self.orders))
        who = {**self.bench.who, "actor": STAFF}
        return release_hold(self.bench.database.write, wish, **who)  # type: ignore[arg-type]

    def do_cancel(self) -> object:
        if self.random.random() < 0.9:
            raise LookupError
        return self.bench.cancel(self.random.choice(self.orders), self.key())

    def check(self) -> None:
        books_balance(self.bench.database)
        with self.bench.database.reading() as connection:
            for order_id in self.orders:
                every = fulfilments_of(connection, order_id)
                row = connection.text(
                    f"SELECT state, fulfilment_status FROM orders WHERE id = {order_id}"
                ).fetchone()
                is_held = bool(open_holds(connection, order_id))
                states = [one.state for one in every]
                if row[0] == "CANCELLED":
                    assert set(states) <= {FulfilmentState.CANCELLED}
                    continue
                assert row[0] == derived_state(states, is_held=is_held)
                assert row[1] == derived_status(states, is_held=is_held)
                living = [one for one in every if one.state is not FulfilmentState.CANCELLED]
                unsent = unsent_pieces(connection, order_id, every)
                assert total(merged(*(one.pieces for one in living), unsent)) == sum(
                    PIECES.values()
                )
                assert not unsent or is_held
                for one in living:
                    assert one.pieces
                    packed = packed_in(packages_of(connection, one.id))
                    done = one.state in (FulfilmentState.PACKED, FulfilmentState.SHIPPED)
                    assert packed == one.pieces if done else total(packed) <= total(one.pieces)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_done_everything_adds_up(database: Database, seed: int) -> None:
    walk = Walk(database, seed)
    for _ in range(STEPS):
        walk.step()
        walk.check()

    assert sum(walk.done.values()) > 15


def test_the_walks_go_everywhere(database: Database) -> None:
    """Together they do each step there is, so that none of the checks above is idle."""
    walk = Walk(database, 99)
    for seed in range(40):
        walk.random = Random(seed)
        walk.orders.append(walk.bench.order_of({TEA: 1}))
        for _ in range(60):
            walk.step()
        if walk.done.keys() == walk.steps.keys():
            break
        walk.orders = walk.orders[-3:]

    assert walk.done.keys() == walk.steps.keys()
