"""The waybill (快递单): one label for each package, with the number that it is followed by."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.orders.fulfilment.records import Fulfilment, Package
from storeql.orders.papers.canvas import Paper, Sheet
from storeql.orders.papers.packing_slip import address_lines
from storeql.orders.papers.sender import Sender

EDGE = 5
INNER = 90


class Waybill(Struct, frozen=True):
    """A package with the fulfilment that it is a part of."""

    fulfilment: Fulfilment
    package: Package


def waybills(labels: Sequence[Waybill], sender: Sender) -> bytes:
    """A label of 100 × 150 mm for each package; every one must have its tracking number."""
    paper = Paper(Sheet.LABEL, "快递单 Waybill")
    for place, label in enumerate(labels):
        if place:
            paper.next_page()
        _label(paper, label, sender)
    return paper.finished()


def _label(paper: Paper, label: Waybill, sender: Sender) -> None:
    one, package = label.fulfilment, label.package
    paper.text(EDGE, 12, package.carrier or "快递 Carrier", size=16, most=55)
    paper.right(paper.width - EDGE, 12, _part(one, package), size=14)
    paper.text(EDGE, 19, one.delivery_name, size=10, most=INNER)
    paper.rule(22, left=EDGE, right=EDGE)
    paper.barcode(EDGE + 3, 26, package.tracking_number, width=INNER - 6, height=22)
    paper.rule(57, left=EDGE, right=EDGE)
    _to(paper, one)
    paper.rule(106, left=EDGE, right=EDGE)
    _from(paper, one, sender)
    paper.rule(128, left=EDGE, right=EDGE)
    _foot(paper, one, package)


def _to(paper: Paper, one: Fulfilment) -> None:
    paper.text(EDGE, 64, "收 To", size=10)
    paper.text(EDGE + 14, 64, one.name, size=14, most=INNER - 14)
    paper.text(EDGE + 14, 71, one.phone, size=12)
    y = 78.0
    for line in address_lines(one.address):
        y = paper.block(EDGE + 14, y, line, size=12, width=INNER - 14, most_lines=3)


def _from(paper: Paper, one: Fulfilment, sender: Sender) -> None:
    paper.text(EDGE, 112, "寄 From", size=10)
    paper.text(EDGE + 14, 112, sender.name or one.warehouse.name, size=10, most=INNER - 14)
    paper.text(EDGE + 14, 117, sender.phone, size=10)
    place = sender.place or one.warehouse.name
    paper.block(EDGE + 14, 122, place, size=9, width=INNER - 14, most_lines=2)


def _foot(paper: Paper, one: Fulfilment, package: Package) -> None:
    pieces = sum(piece.quantity for piece in package.pieces)
    weight = package.weight_grams or package.expected_grams
    paper.text(EDGE, 135, f"{package.number}", size=10, most=60)
    paper.right(paper.width - EDGE, 135, f"{pieces} 件 pcs", size=10)
    if weight:
        paper.text(EDGE, 142, f"{weight / 1000:.2f} kg", size=10)
    paper.right(paper.width - EDGE, 142, f"订单 {one.order_number}", size=10)


def _part(one: Fulfilment, package: Package) -> str:
    place = [box.id for box in one.packages].index(package.id) + 1
    return f"{place}/{len(one.packages)}"
