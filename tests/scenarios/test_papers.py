"""What the warehouse prints: the PDF opens, its barcode reads back, and a reprint is the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from storeql.db import Database
from storeql.orders.papers.canvas import cut_to, width_of, wrapped
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop
from tests.scenarios.warehouse import PACK, SHIP, changing, of_order

LABEL = changing("fulfilmentLabel", "FulfilmentLabelInput")
URLS = """query ($id: ID!) { fulfilment(id: $id) {
    packingSlipUrl packages { id labelUrl } } }"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        hired(opened[1], "clerk@example.cn", "orders")
        hired(opened[1], "packer@example.cn", "warehouse")
        hired(opened[1], "marketing@example.cn", "marketing")
        yield opened


class Warehouse:
    """A packer with one order, packed into two boxes."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.token = door.staff("packer@example.cn")
        shopper = Shopper(door)
        shopper.ready()
        self.order = shopper.place("160.00", shopper.token)["order"]
        clerk = door.staff("clerk@example.cn")
        [self.fulfilment] = of_order(door, clerk, self.order["id"])["fulfilments"]
        boxes = [
            {"pieces": [{"code": "SKU-1", "quantity": 2}], "weightGrams": 850},
            {"pieces": [{"code": "SKU-2"}]},
        ]
        wish = {"fulfilmentId": self.fulfilment["id"], "packages": boxes}
        self.boxes = door.ask(PACK, self.token, input=wish)["fulfilment"]["packages"]

    def label(self, *numbers: str) -> dict[str, Any]:
        """The payload after the boxes got these numbers, in order."""
        packages = [
            {"packageId": box["id"], "carrier": "顺丰速运", "trackingNumber": number}
            for box, number in zip(self.boxes, numbers, strict=False)
        ]
        wish = {"fulfilmentId": self.fulfilment["id"], "packages": packages}
        payload: dict[str, Any] = self.door.ask(LABEL, self.token, input=wish)
        return payload

    def urls(self) -> dict[str, Any]:
        """Where the papers are."""
        found: dict[str, Any] = self.door.ask(URLS, self.token, id=self.fulfilment["id"])
        return found


def fetched(door: Door, url: str, token: str = "") -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return door.http.get(url, headers=headers)


def pages(content: bytes) -> list[tuple[str, list[str]]]:
    """Text and barcodes of each page, as a reader and a scanner see them."""
    document = pypdfium2.PdfDocument(content)
    found = []
    for page in document:
        words = page.get_textpage().get_text_range()
        picture = page.render(scale=3).to_pil()
        found.append((words, [code.text for code in zxingcpp.read_barcodes(picture)]))
    return found


def test_a_waybill_shows_whom_it_is_for_and_its_number_can_be_scanned(
    shop: tuple[Door, Database],
) -> None:
    packer = Warehouse(shop[0])
    payload = packer.label("SF1234567890123")
    assert payload["userErrors"] == []
    assert payload["fulfilment"]["packages"][0]["trackingNumber"] == "SF1234567890123"
    assert payload["fulfilment"]["state"] == "PACKED"

    [first, second] = packer.urls()["packages"]
    assert second["labelUrl"] is None
    printed = fetched(shop[0], first["labelUrl"], packer.token)

    assert printed.headers["content-type"] == "application/pdf"
    [(words, codes)] = pages(printed.content)
    assert codes == ["SF1234567890123"]
    for expected in ("顺丰速运", "1/2", packer.order["number"], "0.85 kg", "2 件"):
        assert expected in words, words


def test_a_reprint_after_shipping_is_the_label_that_was_printed(
    shop: tuple[Door, Database],
) -> None:
    packer = Warehouse(shop[0])
    packer.label("YT1", "YT2")
    url = packer.urls()["packages"][1]["labelUrl"]
    before = fetched(shop[0], url, packer.token).content

    wish = {"fulfilmentId": packer.fulfilment["id"], "idempotencyKey": "s"}
    shipped = shop[0].ask(SHIP, packer.token, input=wish)

    assert shipped["userErrors"] == []
    numbers = [box["trackingNumber"] for box in shipped["fulfilment"]["packages"]]
    assert numbers == ["YT1", "YT2"]
    assert fetched(shop[0], url, packer.token).content == before


def test_a_stack_of_labels_is_one_document_in_the_order_asked_for(
    shop: tuple[Door, Database],
) -> None:
    packer = Warehouse(shop[0])
    packer.label("YT1", "YT2")
    ids = [box["id"] for box in reversed(packer.boxes)]
    url = "/papers/waybills.pdf?" + "&".join(f"id={one}" for one in ids)
    assert [codes for _, codes in pages(fetched(shop[0], url, packer.token).content)] == [
        ["YT2"],
        ["YT1"],
    ]


def test_a_packing_slip_lists_every_piece_and_no_price(shop: tuple[Door, Database]) -> None:
    packer = Warehouse(shop[0])
    printed = fetched(shop[0], packer.urls()["packingSlipUrl"], packer.token)
    [(words, codes)] = pages(printed.content)
    assert codes == [packer.fulfilment["number"]]
    for expected in ("装箱单", "SKU-1", "SKU-2", "Total: 3", packer.order["number"]):
        assert expected in words, words
    assert "160.00" not in words


def test_papers_are_for_the_warehouse_alone(shop: tuple[Door, Database]) -> None:
    packer = Warehouse(shop[0])
    packer.label("YT1")
    door, urls = shop[0], packer.urls()
    for url in (urls["packingSlipUrl"], urls["packages"][0]["labelUrl"]):
        assert fetched(door, url).status_code == 401
        assert fetched(door, url, "sqa_nobody").status_code == 401
        assert fetched(door, url, door.staff("marketing@example.cn")).status_code == 403
        assert fetched(door, url, packer.token).status_code == 200


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "1 to 50"),
        ("id=" + "&id=".join(["x"] * 51), "1 to 50"),
        ("id=nonsense", "not an id"),
        ("id=UGFja2FnZTo5OTk=", "no such package"),
    ],
)
def test_what_cannot_be_printed_is_said(shop: tuple[Door, Database], query: str, told: str) -> None:
    packer = shop[0].staff("packer@example.cn")
    answered = fetched(shop[0], f"/papers/waybills.pdf?{query}", packer)
    assert answered.status_code == 404
    assert told in answered.text


def test_a_package_without_a_number_has_no_label(shop: tuple[Door, Database]) -> None:
    packer = Warehouse(shop[0])
    url = f"/papers/waybills.pdf?id={packer.boxes[0]['id']}"
    answered = fetched(shop[0], url, packer.token)
    assert (answered.status_code, "no tracking number" in answered.text) == (404, True)


def test_labelling_refuses_what_no_barcode_holds_and_packages_of_others(
    shop: tuple[Door, Database],
) -> None:
    packer = Warehouse(shop[0])
    payload = packer.label("顺丰1", "x" * 129)
    codes = {".".join(error["field"]): error["code"] for error in payload["userErrors"]}
    assert codes == {
        "packages.0.trackingNumber": "INVALID_CHARACTER",
        "packages.1.trackingNumber": "TOO_LONG",
    }
    other = Warehouse(shop[0])
    stolen = {"packageId": other.boxes[0]["id"], "carrier": "SF", "trackingNumber": "1"}
    wish = {"fulfilmentId": packer.fulfilment["id"], "packages": [stolen]}
    refused = shop[0].ask(LABEL, packer.token, input=wish)
    assert refused["userErrors"] == [{"code": "NOT_FOUND", "field": ["packages", "0", "packageId"]}]


def test_long_lines_are_broken_and_cut_to_the_width_they_have() -> None:
    words = "一只很长很长的名字的杯子 with a rather long English name that goes on"
    lines = wrapped(words, size=10, width=40)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all(width_of(line, 10) <= 40 for line in lines)
    assert wrapped("一二三四五六，七", size=10, width=22) == ["一二三四五", "六，七"]
    assert wrapped("x" * 100, size=10, width=20)[0] != ""
    cut = cut_to(words, size=10, most=30)
    assert cut.endswith("…") and width_of(cut, 10) <= 30
    assert cut_to("short", size=10, most=30) == "short"
