"""The packing slip: what is in the parcel, for whoever packs it and whoever opens it."""

from __future__ import annotations

from collections.abc import Sequence

from storeql.customers.address import Address
from storeql.orders.fulfilment.records import Fulfilment, PackedPiece
from storeql.orders.papers.canvas import Paper, Sheet, wrapped
from storeql.orders.papers.sender import Sender

MARGIN = 15
ROW = 7.5
LAST_ROW = 270


def packing_slips(fulfilments: Sequence[Fulfilment], sender: Sender) -> bytes:
    """One A4 page for each fulfilment, or more where it does not fit; without prices."""
    paper = Paper(Sheet.A4, "装箱单 Packing slip")
    for place, one in enumerate(fulfilments):
        if place:
            paper.next_page()
        _slip(paper, one, sender)
    return paper.finished()


def address_lines(address: Address) -> list[str]:
    """An address from the wide to the narrow, as carriers in China read it."""
    wide = (address.country, address.region, address.city, address.district)
    return [
        " ".join(part for part in (*wide, address.postal_code) if part),
        address.street,
    ]


def _slip(paper: Paper, one: Fulfilment, sender: Sender) -> None:
    y = _head(paper, one, sender)
    for piece in one.pieces:
        if y > LAST_ROW:
            paper.next_page()
            y = _columns(paper, 25)
        y = _row(paper, piece, y)
    count = sum(piece.quantity for piece in one.pieces)
    paper.rule(y - 3, left=MARGIN, right=MARGIN)
    paper.right(paper.width - MARGIN, y + 3, f"合计 Total: {count}", size=11)


def _head(paper: Paper, one: Fulfilment, sender: Sender) -> float:
    paper.text(MARGIN, 22, "装箱单 Packing slip", size=18)
    paper.text(MARGIN, 30, sender.name, size=10, most=80)
    paper.barcode(115, 15, one.number, width=80, height=14)
    paper.text(MARGIN, 45, f"订单 Order: {one.order_number}", size=11)
    paper.text(MARGIN, 52, f"仓库 Warehouse: {one.warehouse.name}", size=11, most=95)
    paper.text(MARGIN, 59, f"配送 Delivery: {one.delivery_name}", size=11, most=95)
    paper.text(115, 45, f"{one.name}  {one.phone}", size=11, most=80)
    y = 52.0
    for line in address_lines(one.address):
        y = paper.block(115, y, line, size=11, width=80, most_lines=2)
    return _columns(paper, max(y, 66) + 8)


def _columns(paper: Paper, y: float) -> float:
    paper.text(MARGIN, y, "SKU", size=9)
    paper.text(65, y, "商品 Item", size=9)
    paper.right(paper.width - MARGIN, y, "数量 Qty", size=9)
    paper.rule(y + 2, left=MARGIN, right=MARGIN)
    return y + ROW + 1


def _row(paper: Paper, piece: PackedPiece, y: float) -> float:
    gift = "[赠品 Gift] " if piece.is_gift else ""
    name = f"{gift}{piece.product_name} {piece.variant_name}".strip()
    lines = wrapped(name, size=10, width=105)[:2]
    paper.text(MARGIN, y, piece.sku, size=10, most=48)
    for place, line in enumerate(lines):
        paper.text(65, y + place * 4.8, line, size=10)
    paper.right(paper.width - MARGIN, y, str(piece.quantity), size=11)
    return y + ROW + 4.8 * (len(lines) - 1)
