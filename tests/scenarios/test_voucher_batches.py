"""Marketing asks for a batch of codes, watches it being made, fetches it, sees what it earns."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.jobs.worker import Worker
from tests.carts.shop import NOW
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.promotions_door import MARKETING, Marketing
from tests.scenarios.shopping import Shopper, open_small_shop
from tests.scenarios.test_checkout_placement import CANCEL
from tests.scenarios.test_subscriptions import Watching

DAY = 86_400_000
GENERATE = """
mutation ($input: VoucherBatchGenerateInput!) {
  voucherBatchGenerate(input: $input) {
    voucherBatch { id codes exportPath job { id kind state done total } statistics { issued } }
    userErrors { code field }
  }
}"""
BATCHES = """
query ($promotion: ID) {
  voucherBatches(promotionId: $promotion, first: 5) {
    nodes { id promotionId prefix length usageLimit startsAt endsAt createdBy
      job { state done total result finishedAt error }
      statistics { issued used revenue { amount currency } granted { amount } } }
    totalCount pageInfo { hasNextPage }
  }
}"""
JOBS = "query ($states: [JobState!]) { jobs(states: $states) { nodes { id kind } totalCount } }"
CANCEL_JOB = """
mutation ($id: ID!) {
  jobCancel(input: { id: $id }) { job { state finishedAt } userErrors { code } }
}"""
WATCH = "subscription ($id: ID!) { jobChanged(id: $id) { job { state done } } }"


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        hired(opened[1], MARKETING, "marketing")
        yield opened


def worked(door: Door) -> None:
    """A worker's visit."""
    shop = door.http.app.state.shop  # type: ignore[attr-defined]
    at_work = Worker(shop.database, shop.job_kinds, shop.clock)
    while at_work.run_slice():
        pass


def coupon(staff: Marketing) -> str:
    rule = {"voucherDiscount": {"off": "10"}}
    made = staff.running(name="会员券", currency="CNY", rule=rule, requiresCode=True)
    return str(made["id"])


def generated(staff: Marketing, promotion: str, **more: Any) -> Any:
    wish = {"promotionId": promotion, "codes": 30, "idempotencyKey": "a", **more}
    payload = staff.ask(GENERATE, input=wish)
    assert payload["userErrors"] == []
    return payload["voucherBatch"]


def fetched(door: Door, path: str, token: str) -> list[list[str]]:
    answer = door.http.get(path, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(answer.text.splitlines()))


def test_a_batch_is_asked_for_made_fetched_used_and_counted(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    staff = Marketing(door)
    promotion = coupon(staff)

    batch = generated(staff, promotion, prefix="VIP-")
    assert batch["job"] == {
        "id": batch["job"]["id"],
        "kind": "VOUCHER_BATCH",
        "state": "QUEUED",
        "done": 0,
        "total": 30,
    }
    assert batch["statistics"] == {"issued": 0}
    assert generated(staff, promotion, prefix="VIP-")["id"] == batch["id"]  # sent again
    worked(door)
    rows = fetched(door, batch["exportPath"], staff.token)
    assert len(rows) == 31

    shopper = Shopper(door)
    shopper.ready()
    codes = [rows[1][0].lower()]
    shopper.change("cartVoucherCodesAdd", "CartVoucherCodesInput", token=shopper.token, codes=codes)
    order = shopper.place("150.00", "key-1")["order"]
    [found] = staff.ask(BATCHES, promotion=promotion)["nodes"]
    assert found["job"]["state"] == "SUCCEEDED" and found["job"]["result"] == {"codes": 30}
    assert found["createdBy"] == "staff:1"
    assert found["statistics"] == {
        "issued": 30,
        "used": 1,
        "revenue": [{"amount": "150.00", "currency": "CNY"}],
        "granted": [{"amount": "10.00"}],
    }
    wish = {"orderId": order["id"], "idempotencyKey": "c", "cartToken": shopper.token}
    door.ask(CANCEL, "", input=wish)
    [found] = staff.ask(BATCHES)["nodes"]
    assert (found["statistics"]["used"], found["statistics"]["revenue"]) == (0, [])


def test_the_reads_take_the_same_statements_however_many_batches(
    shop: tuple[Door, Database],
) -> None:
    door, _ = shop
    staff = Marketing(door)
    promotion = coupon(staff)

    def statements() -> int:
        seen: list[str] = []
        database = door.http.app.state.shop.database  # type: ignore[attr-defined]
        database.recorder = seen.append
        staff.ask(BATCHES)
        database.recorder = None
        return len(seen)

    generated(staff, promotion, idempotencyKey="1")
    worked(door)
    one = statements()
    for key in "234":
        generated(staff, promotion, idempotencyKey=key)
    worked(door)
    assert statements() == one <= 6


def test_a_code_outside_its_window_is_refused_with_its_own_reason(
    shop: tuple[Door, Database],
) -> None:
    door, _ = shop
    staff = Marketing(door)
    window = {"startsAt": "2025-11-26T00:00:00Z", "endsAt": "2025-11-28T00:00:00Z"}
    batch = generated(staff, coupon(staff), codes=1, **window)
    worked(door)
    code = fetched(door, batch["exportPath"], staff.token)[1][0]
    shopper = Shopper(door)
    shopper.ready()

    def entered() -> list[Any]:
        given = {"token": shopper.token, "codes": [code]}
        payload = shopper.change("cartVoucherCodesAdd", "CartVoucherCodesInput", **given)
        return [(error["code"], error["field"]) for error in payload["userErrors"]]

    assert entered() == [("VOUCHER_NOT_YET_VALID", ["codes", "0"])]
    door.clock.now = NOW + 2 * DAY
    assert entered() == []
    assert shopper.cart()["price"]["total"]["amount"] == "150.00"
    door.clock.now = NOW + 4 * DAY
    assert entered() == [("VOUCHER_EXPIRED", ["codes", "0"])]
    price = shopper.cart()["price"]  # it was entered in time, and has expired in the cart
    assert price["total"]["amount"] == "160.00"
    assert price["trace"][0]["message"]["zh"] == "会员券的优惠券已过期。"


def test_a_job_is_watched_and_cancelled(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    staff = Marketing(door)
    job = generated(staff, coupon(staff))["job"]["id"]
    assert staff.ask(JOBS, states=["QUEUED"])["nodes"] == [{"id": job, "kind": "VOUCHER_BATCH"}]
    with Watching(door, WATCH, staff.token, id=job) as watching:
        assert watching.next() == {"jobChanged": {"job": {"state": "QUEUED", "done": 0}}}
        cancelled = staff.ask(CANCEL_JOB, id=job)
        assert cancelled["job"]["state"] == "CANCELLED"
        assert watching.next() == {"jobChanged": {"job": {"state": "CANCELLED", "done": 0}}}
    worked(door)
    assert staff.ask(JOBS, states=["QUEUED", "RUNNING"])["totalCount"] == 0
    assert staff.ask(CANCEL_JOB, id=job)["userErrors"] == []


def test_jobs_are_shown_to_those_whose_permission_they_are_for(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    staff = Marketing(door)
    job = generated(staff, coupon(staff))["job"]["id"]
    hired(database, "stock@example.cn", "catalogue")
    other = door.staff("stock@example.cn")
    assert door.ask(JOBS, other) == {"nodes": [], "totalCount": 0}
    assert door.ask("query ($id: ID!) { job(id: $id) { id } }", other, id=job) is None
    assert door.ask("query ($id: ID!) { node(id: $id) { id } }", other, id=job) is None
    assert door.ask(CANCEL_JOB, other, id=job)["userErrors"] == [{"code": "NOT_FOUND"}]


def test_an_export_is_for_those_who_manage_promotions(shop: tuple[Door, Database]) -> None:
    door, database = shop
    staff = Marketing(door)
    path = generated(staff, coupon(staff))["exportPath"]
    hired(database, "orders@example.cn", "orders")

    def status(path: str, token: str = "") -> int:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return int(door.http.get(path, headers=headers).status_code)

    others = (door.customer("buyer@example.cn"), door.staff("orders@example.cn"))
    assert [status(path), status(path, "nonsense")] == [401, 401]
    assert [status(path, token) for token in others] == [403, 403]
    unknown = path.replace(path.split("/")[-1], "Vm91Y2hlckJhdGNoOjk5.csv")
    assert [status(unknown), status(unknown, others[0])] == [401, 403]
    for path in (unknown, "/exports/voucher-batches/x.csv"):
        assert status(path, staff.token) == 404
