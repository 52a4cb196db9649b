"""Carriers tell of packages in any order, late and twice: the answer is the same. Over HTTP."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeql.db import Database
from storeql.orders.tracking.states import FINAL, Happened, TrackingKind, status_of
from storeql.schema.scalars import instant_text
from tests.customers.people import NOW, hired
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop
from tests.scenarios.warehouse import PACK, SHIP, of_order

HOUR = 3_600_000
TRACKING = "tracking { status estimatedDeliveryAt events { kind at place message } }"
ADD = f"""mutation ($input: TrackingAddInput!) {{ trackingAdd(input: $input) {{
    fulfilment {{ state orderState packages {{ state {TRACKING} }} }}
    userErrors {{ code field }} }} }}"""
STATE = "query ($id: ID!) { order(id: $id) { state events { kind data } } }"

WAY = [
    ("LABEL_CREATED", 0),
    ("ACCEPTED", 1),
    ("IN_TRANSIT", 5),
    ("IN_TRANSIT", 20),
    ("OUT_FOR_DELIVERY", 30),
    ("ATTEMPT_FAILED", 31),
    ("OUT_FOR_DELIVERY", 50),
    ("DELIVERED", 52),
]


def event(place: int) -> dict[str, Any]:
    """The event of WAY at this place, as a carrier tells it."""
    kind, hour = WAY[place]
    return {"sourceId": f"e{place}", "kind": kind, "at": at(hour), "place": "上海", "message": kind}


def at(hour: int) -> str:
    return instant_text(NOW + hour * HOUR)


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        hired(opened[1], "clerk@example.cn", "orders")
        hired(opened[1], "packer@example.cn", "warehouse")
        yield opened


class Sent:
    """A shipped order in two packages, S1 and S2."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.packer = door.staff("packer@example.cn")
        self.clerk = door.staff("clerk@example.cn")
        shopper = Shopper(door)
        shopper.ready()
        self.order = shopper.place("160.00", shopper.token)["order"]
        [one] = of_order(door, self.clerk, self.order["id"])["fulfilments"]
        boxes = [{"pieces": [{"code": "SKU-1", "quantity": 2}]}, {"pieces": [{"code": "SKU-2"}]}]
        wish = {"fulfilmentId": one["id"], "packages": boxes}
        packed = door.ask(PACK, self.packer, input=wish)["fulfilment"]["packages"]
        bills = [
            {"packageId": box["id"], "carrier": "SF", "trackingNumber": f"S{place}"}
            for place, box in enumerate(packed, 1)
        ]
        wish = {"fulfilmentId": one["id"], "packages": bills, "idempotencyKey": "s"}
        assert door.ask(SHIP, self.packer, input=wish)["userErrors"] == []

    def tell(self, number: str, *events: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The payload after a carrier told of a package."""
        news = {"trackingNumber": number, "events": list(events), **more}
        payload: dict[str, Any] = self.door.ask(ADD, self.packer, input=news)
        return payload

    def told(self, number: str, *events: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The fulfilment after it; fails when there are user errors."""
        payload = self.tell(number, *events, **more)
        assert payload["userErrors"] == []
        fulfilment: dict[str, Any] = payload["fulfilment"]
        return fulfilment


def test_a_package_is_followed_until_it_is_delivered(shop: tuple[Door, Database]) -> None:
    sent = Sent(shop[0])
    told = sent.told("S1", event(0), event(1), estimatedDeliveryAt=at(48))
    assert told["packages"][0]["tracking"] == {
        "status": "ACCEPTED",
        "estimatedDeliveryAt": at(48),
        "events": [
            {"kind": "ACCEPTED", "at": at(1), "place": "上海", "message": "ACCEPTED"},
            {"kind": "LABEL_CREATED", "at": at(0), "place": "上海", "message": "LABEL_CREATED"},
        ],
    }
    assert told["packages"][1]["tracking"] == {
        "status": None,
        "estimatedDeliveryAt": None,
        "events": [],
    }

    told = sent.told("S1", event(7))
    assert (told["state"], told["packages"][0]["state"]) == ("SHIPPED", "DELIVERED")
    told = sent.told("S2", event(7))
    assert (told["state"], told["orderState"]) == ("DELIVERED", "DELIVERED")


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_and_repeated_news_give_the_same_state(
    shop: tuple[Door, Database], seed: int
) -> None:
    sent, dice = Sent(shop[0]), random.Random(seed)
    straight = sent.told("S1", *map(event, range(len(WAY))))["packages"][0]

    places = [*range(len(WAY)), *range(len(WAY))]
    dice.shuffle(places)
    for start in range(0, len(places), 3):
        told = sent.told("S2", *map(event, places[start : start + 3]))

    assert told["packages"][1] == straight
    assert told["packages"][1]["tracking"]["status"] == "DELIVERED"
    assert len(told["packages"][1]["tracking"]["events"]) == len(WAY)
    log = shop[0].ask(STATE, sent.clerk, id=sent.order["id"])["events"]
    assert [one["kind"] for one in log].count("DELIVERED") == 1


def test_an_event_without_a_name_is_known_by_what_it_says(shop: tuple[Door, Database]) -> None:
    sent = Sent(shop[0])
    plain = {key: value for key, value in event(2).items() if key != "sourceId"}
    told = sent.told("S1", plain, plain)
    told = sent.told("S1", plain, {**plain, "place": "杭州"})
    assert [one["place"] for one in told["packages"][0]["tracking"]["events"]] == ["杭州", "上海"]


def test_an_older_expectation_never_replaces_a_newer_one(shop: tuple[Door, Database]) -> None:
    sent = Sent(shop[0])
    sent.told("S1", estimatedDeliveryAt=at(40), toldAt=at(10))
    told = sent.told("S1", estimatedDeliveryAt=at(90), toldAt=at(9))
    assert told["packages"][0]["tracking"]["estimatedDeliveryAt"] == at(40)
    told = sent.told("S1", estimatedDeliveryAt=at(60), toldAt=at(11))
    assert told["packages"][0]["tracking"]["estimatedDeliveryAt"] == at(60)


def test_the_order_hears_of_it_only_when_something_is_new(shop: tuple[Door, Database]) -> None:
    sent = Sent(shop[0])
    sent.told("S1", event(1))
    sent.told("S1", event(1), event(0))
    sent.told("S1", event(2))
    log = shop[0].ask(STATE, sent.clerk, id=sent.order["id"])["events"]
    told = [one["data"]["status"] for one in log if one["kind"] == "TRACKED"]
    assert told == ["ACCEPTED", "IN_TRANSIT"]


def test_a_number_that_no_package_has_is_refused(shop: tuple[Door, Database]) -> None:
    sent = Sent(shop[0])
    unknown = sent.tell("S9", event(1))
    assert unknown["userErrors"] == [{"code": "PACKAGE_NOT_FOUND", "field": ["trackingNumber"]}]
    other = sent.tell("S1", event(1), carrier="YTO")
    assert other["userErrors"][0]["code"] == "PACKAGE_NOT_FOUND"
    many = sent.tell("S1", *[event(1)] * 101, carrier="x" * 65)
    codes = {".".join(error["field"]): error["code"] for error in many["userErrors"]}
    assert codes == {"carrier": "TOO_LONG", "events": "TOO_MANY"}


def test_statements_do_not_grow_with_events(shop: tuple[Door, Database]) -> None:
    sent = Sent(shop[0])
    query = (
        f"query ($id: ID!) {{ order(id: $id) {{ fulfilments {{ packages {{ {TRACKING} }} }} }} }}"
    )
    counts = []
    for place in (1, 2, 3):
        sent.told("S1", *map(event, range(place)))
        seen: list[str] = []
        shop[0].http.app.state.shop.database.recorder = seen.append  # type: ignore[attr-defined]
        shop[0].ask(query, sent.clerk, id=sent.order["id"])
        shop[0].http.app.state.shop.database.recorder = None  # type: ignore[attr-defined]
        counts.append(len(seen))
    assert len(set(counts)) == 1


HAPPENED = st.lists(
    st.builds(
        Happened,
        kind=st.sampled_from(TrackingKind),
        at=st.integers(0, 3),
        source_id=st.sampled_from("abc"),
    ),
    max_size=6,
)


@given(HAPPENED, st.randoms())
def test_the_status_depends_on_the_set_of_events_alone(
    events: list[Happened], dice: random.Random
) -> None:
    shuffled = [*events, *events]
    dice.shuffle(shuffled)
    assert status_of(shuffled) == status_of(events)
    ends = [final for final in FINAL if any(one.kind is final for one in events)]
    if ends:
        assert status_of(events) is ends[0]
    elif events:
        assert max(one.at for one in events) in {
            one.at for one in events if one.kind is status_of(events)
        }
