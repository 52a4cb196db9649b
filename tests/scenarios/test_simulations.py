"""Marketing tries a promotion on past orders and open carts before anybody can buy with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.catalog.tables import variant_prices
from storeql.db import Database
from storeql.jobs.tables import jobs
from storeql.orders.replay import job as replay_job
from storeql.orders.replay.pages import Period, orders_page, promotions_of, then_of
from storeql.orders.replay.tables import simulation_customers
from storeql.pricing import price
from storeql.promotions.types import PromotionTypes
from storeql.schema.ids import opaque_id
from tests.carts.shop import CUP, NOW, change_rows
from tests.customers.people import hired
from tests.promotions.shop import rows
from tests.scenarios.people_door import Door
from tests.scenarios.promotions_door import MARKETING, Marketing
from tests.scenarios.shopping import Shopper, open_small_shop, variant
from tests.scenarios.test_checkout_placement import CANCEL
from tests.scenarios.test_voucher_batches import worked

DAY = 86_400_000
SUMS = """
  orders revenueBefore { amount } revenueAfter { amount }
  discountBefore { amount } discountAfter { amount } marginBefore { amount } marginAfter { amount }
"""
RIVAL = "name orders grantedBefore { amount } grantedAfter { amount }"
RESULT = f"""
  all {{ {SUMS} }} touchedOrders touchedCustomers changedOrders skippedOrders piecesWithoutCost
  granted {{ amount currency }} funders {{ name amount {{ amount }} }}
  categories {{ categoryId name sums {{ {SUMS} }} }} tiers {{ tier sums {{ orders }} }}
  winners {{ {RIVAL} }} losers {{ {RIVAL} }}
  sampleOrders {{ number before {{ amount }} after {{ amount }} granted {{ amount }} }}
  openCarts {{ carts touched cheaper dearer totalBefore {{ amount }} totalAfter {{ amount }} }}
"""
SIMULATE = f"""
mutation ($input: PromotionSimulateInput!) {{
  promotionSimulate(input: $input) {{
    simulation {{ id currency job {{ id state total }} result {{ {RESULT} }} }}
    userErrors {{ code field }}
  }}
}}"""
READ = f"""
query ($id: ID!) {{
  promotionSimulation(id: $id) {{ job {{ state done total error }} result {{ {RESULT} }} }}
}}"""
OFF_CUPS = {"percentage": {"percentOff": "10"}}
PERIOD = {"from": "2025-11-24T00:00:00Z", "to": "2025-12-24T00:00:00Z"}


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        hired(opened[1], MARKETING, "marketing")
        change_rows(opened[1], variant_prices, variant_prices.c.variant_id == CUP, cost_minor=6_000)
        yield opened


def spend(staff: Marketing, off: str = "15", verb: str = "running") -> str:
    """满150减15, or another amount."""
    rule = {"spendThreshold": {"tiers": [{"from": "150", "off": off}]}}
    made = getattr(staff, verb)(name=f"满150减{off}", currency="CNY", rule=rule)
    return str(made["id"])


def off_cups(staff: Marketing, **more: Any) -> str:
    """A draft: 10 % off cups."""
    scope = {"include": {"productIds": [opaque_id("Product", CUP)]}}
    made = staff.create(name="杯子九折", currency="CNY", rule=OFF_CUPS, scope=scope, **more)
    return str(made["id"])


def bought(door: Door, total: str, session: str = "", key: str = "k") -> Any:
    """An order of 2 teas and a cup: 150.00, delivered for 10.00."""
    shopper = Shopper(door, session)
    shopper.ready()
    payload = shopper.place(total, key)
    assert payload["userErrors"] == []
    return payload["order"], shopper.token


def simulated(door: Door, staff: Marketing, promotion: str, **more: Any) -> Any:
    wish = {"promotionId": promotion, "idempotencyKey": promotion, **PERIOD, **more}
    payload = staff.ask(SIMULATE, input=wish)
    assert payload["userErrors"] == []
    worked(door)
    found = staff.ask(READ, id=payload["simulation"]["id"])
    assert found["job"]["state"] == "SUCCEEDED", found
    return found["result"]


def sums(orders: int, *amounts: str) -> dict[str, Any]:
    names = ("revenue", "discount", "margin")
    both = [f"{name}{when}" for name in names for when in ("Before", "After")]
    amount = ({"amount": one} for one in amounts)
    return {"orders": orders, **dict(zip(both, amount, strict=True))}


def test_a_draft_is_tried_on_past_orders_and_open_carts(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    staff = Marketing(door)
    spend(staff)
    buyer = door.customer("buyer@example.cn")
    bought(door, "145.00", key="guest")
    bought(door, "145.00", buyer, "1")
    bought(door, "145.00", buyer, "2")
    order, token = bought(door, "145.00", key="cancelled")
    door.ask(CANCEL, "", input={"orderId": order["id"], "idempotencyKey": "c", "cartToken": token})
    Shopper(door).ready()

    result = simulated(door, staff, off_cups(staff))

    # The cup at 90.00 leaves 140.00, which misses the threshold: every order gets dearer by 5.00.
    # The cup keeps a margin of 30.00 both times (10.00 of the 15.00 were its share), the delivery
    # one of 10.00.
    assert result["all"] == sums(3, "435.00", "450.00", "45.00", "30.00", "120.00", "120.00")
    assert (result["touchedOrders"], result["changedOrders"], result["skippedOrders"]) == (3, 3, 0)
    assert (result["touchedCustomers"], result["piecesWithoutCost"]) == (1, 6)
    assert result["granted"] == {"amount": "30.00", "currency": "CNY"}
    assert result["funders"] == [{"name": "shop", "amount": {"amount": "30.00"}}]
    assert result["winners"] == []
    assert result["losers"] == [
        {
            "name": "满150减15",
            "orders": 3,
            "grantedBefore": {"amount": "45.00"},
            "grantedAfter": {"amount": "0.00"},
        }
    ]
    assert result["tiers"] == [{"tier": None, "sums": {"orders": 3}}]
    teas = next(one for one in result["categories"] if one["name"] == "Tea")
    assert teas["sums"] == sums(3, "135.00", "150.00", "15.00", "0.00", "0.00", "0.00")
    assert [one["after"]["amount"] for one in result["sampleOrders"]] == ["150.00"] * 3
    assert result["openCarts"] == {
        "carts": 1,
        "touched": 1,
        "cheaper": 0,
        "dearer": 1,
        "totalBefore": {"amount": "145.00"},
        "totalAfter": {"amount": "150.00"},
    }


@pytest.mark.parametrize(
    ("limits", "touched", "granted"),
    [
        ({"usageLimit": 2}, 2, "20.00"),
        ({"budget": "15.00"}, 1, "10.00"),
        ({"customerLimit": 1}, 1, "10.00"),
    ],
)
def test_a_trial_keeps_to_its_limits_and_pages_change_nothing(
    shop: tuple[Door, Database],
    monkeypatch: pytest.MonkeyPatch,
    limits: dict[str, Any],
    touched: int,
    granted: str,
) -> None:
    monkeypatch.setattr(replay_job, "ORDERS_A_PAGE", 1)
    monkeypatch.setattr(replay_job, "CARTS_A_PAGE", 1)
    door, database = shop
    staff = Marketing(door)
    buyer = door.customer("buyer@example.cn")
    for key in "12":
        bought(door, "160.00", buyer, key)
    bought(door, "160.00", key="guest")
    Shopper(door).ready()
    result = simulated(door, staff, off_cups(staff, **limits))
    assert (result["touchedOrders"], result["granted"]["amount"]) == (touched, granted)
    assert (result["all"]["orders"], result["openCarts"]["carts"]) == (3, 1)
    assert rows(database, simulation_customers, "customer_id") == []


def test_an_edited_copy_shows_what_the_edit_does(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    staff = Marketing(door)
    live = spend(staff)
    bought(door, "145.00")
    Shopper(door).ready()
    result = simulated(door, staff, spend(staff, "20", "create"), replacesId=live)
    assert result["sampleOrders"][0]["before"]["amount"] == "145.00"
    assert result["sampleOrders"][0]["after"]["amount"] == "140.00"
    assert result["openCarts"]["totalAfter"]["amount"] == "140.00"
    assert (result["openCarts"]["cheaper"], result["changedOrders"]) == (1, 1)


def test_the_live_promotions_replayed_over_their_own_orders_reproduce_them_exactly(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    staff = Marketing(door)
    live = spend(staff)
    staff.running(
        name="赠茶",
        currency="CNY",
        rule={"giftWithPurchase": {"gifts": [variant(3)], "from": "100"}},
        giftStocks=[{"variantId": variant(3), "quantity": 2}],
    )
    staff.running(
        name="运费减半",
        currency="CNY",
        rule={"shippingDiscount": {"off": "5"}},
        customerLimit=1,
    )
    buyer = door.customer("buyer@example.cn")
    for session, key in ((buyer, "1"), (buyer, "2"), ("", "3"), ("", "4")):
        shopper = Shopper(door, session)
        cart = shopper.ready()["cart"]
        total = cart["price"]["total"]["amount"]
        assert shopper.place(total, key)["userErrors"] == []
    found = staff.change("Pause", id=live)  # orders keep the versions that priced them
    assert found["status"] == "PAUSED"

    types = PromotionTypes(door.http.app.state.shop.hooks.promotion_types)  # type: ignore[attr-defined]
    period = Period(currency="CNY", from_at=NOW - DAY, to_at=NOW + DAY)
    with database.reading() as connection:
        page = orders_page(connection, period, after=(-1, 0), most=100)
        known = promotions_of(connection, page, types)
    assert len(page) == 4
    assert len({order.priced.totals.total_minor for order in page}) > 1
    for order in page:
        assert price(order.basket, then_of(order, known) or ()) == order.priced


def test_a_simulation_that_cannot_be_is_refused_and_one_can_be_cancelled(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    staff = Marketing(door)
    draft = off_cups(staff)

    def why(**more: Any) -> list[tuple[str, list[str]]]:
        wish = {"promotionId": draft, "idempotencyKey": "k", **PERIOD, **more}
        errors = staff.ask(SIMULATE, input=wish)["userErrors"]
        return [(error["code"], error["field"]) for error in errors]

    assert why(to=PERIOD["from"]) == [("ENDS_BEFORE_START", ["to"])]
    assert why(to="2027-01-01T00:00:00Z") == [("OUT_OF_RANGE", ["to"])]
    assert why(replacesId=draft) == [("REPLACES_ITSELF", ["replacesId"])]
    assert why(replacesId=opaque_id("Promotion", 99)) == [("NOT_FOUND", ["replacesId"])]
    assert why(promotionId=opaque_id("Promotion", 99)) == [("NOT_FOUND", ["promotionId"])]
    assert why() == []
    assert why() == []  # sent again
    [(job,)] = rows(database, jobs, "id")
    cancel = """
      mutation ($id: ID!) { jobCancel(input: { id: $id }) { job { state } userErrors { code } } }"""
    assert staff.ask(cancel, id=opaque_id("Job", job))["job"] == {"state": "CANCELLED"}
    newest = """
      query ($id: ID!) {
        promotionSimulations(promotionId: $id) {
          totalCount nodes { job { state } result { touchedOrders } } } }"""
    cancelled = {"job": {"state": "CANCELLED"}, "result": None}
    assert staff.ask(newest, id=draft) == {"totalCount": 1, "nodes": [cancelled]}
