"""What each warehouse sends of an order, its packages, holds, and the clock of shipping."""

import json
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 1_000

FULFILMENTS = sa.table(
    "fulfilments",
    *(
        sa.column(name)
        for name in (
            "order_id",
            "position",
            "warehouse_id",
            "state",
            "pieces",
            "created_at",
            "updated_at",
        )
    ),
)


def upgrade() -> None:
    status = sa.Column(
        "fulfilment_status", sa.String(24), server_default="UNFULFILLED", nullable=False
    )
    op.add_column("orders", status)
    for name in ("ship_by_at", "delivered_at", "completed_at"):
        op.add_column("orders", sa.Column(name, sa.BigInteger(), nullable=True))
    _create_fulfilments()
    _create_holds()
    _create_settings()
    _make_fulfilments_of_reservations()
    op.execute(
        "INSERT INTO order_holds (order_id, reason, placed_by, placed_at)"
        " SELECT id, 'OTHER', 'shop', updated_at FROM orders WHERE state = 'ON_HOLD'"
    )
    op.drop_table("stock_reservations")


def downgrade() -> None:
    op.create_table(
        "stock_reservations",
        sa.Column("order_line_id", BIG_ID, nullable=False),
        sa.Column("warehouse_id", BIG_ID, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name="fk_stock_reservations_order_line_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"],
            ["warehouses.id"],
            name="fk_stock_reservations_warehouse_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("order_line_id", "warehouse_id", name="pk_stock_reservations"),
    )
    _make_reservations_of_fulfilments()
    for name in (
        "channel_handling_hours",
        "fulfilment_settings",
        "order_holds",
        "packages",
        "fulfilments",
    ):
        op.drop_table(name)
    for name in ("completed_at", "delivered_at", "ship_by_at", "fulfilment_status"):
        op.drop_column("orders", name)


def _create_fulfilments() -> None:
    op.create_table(
        "fulfilments",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("order_id", BIG_ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("warehouse_id", BIG_ID, nullable=False),
        sa.Column("state", sa.String(16), server_default="OPEN", nullable=False),
        sa.Column("pieces", sa.Text(), server_default="[]", nullable=False),
        *_life(),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_fulfilments_order_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"],
            ["warehouses.id"],
            name="fk_fulfilments_warehouse_id",
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_fulfilments"),
        sa.UniqueConstraint("order_id", "position", name="uq_fulfilments_order_id_position"),
    )
    op.create_index("ix_fulfilments_state", "fulfilments", ["state", "id"])
    op.create_index("ix_fulfilments_warehouse", "fulfilments", ["warehouse_id", "state", "id"])
    op.create_table(
        "packages",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("fulfilment_id", BIG_ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), server_default="OPEN", nullable=False),
        sa.Column("pieces", sa.Text(), server_default="[]", nullable=False),
        sa.Column("weight_grams", sa.Integer(), nullable=True),
        sa.Column("length_mm", sa.Integer(), nullable=True),
        sa.Column("width_mm", sa.Integer(), nullable=True),
        sa.Column("height_mm", sa.Integer(), nullable=True),
        sa.Column("carrier", sa.String(64), server_default="", nullable=False),
        sa.Column("tracking_number", sa.String(128), server_default="", nullable=False),
        sa.Column("packed_by", sa.String(64), server_default="", nullable=False),
        *_life(),
        sa.ForeignKeyConstraint(
            ["fulfilment_id"],
            ["fulfilments.id"],
            name="fk_packages_fulfilment_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_packages"),
        sa.UniqueConstraint("fulfilment_id", "position", name="uq_packages_fulfilment_id_position"),
    )
    op.create_index("ix_packages_tracking", "packages", ["tracking_number"])


def _life() -> tuple[sa.Column[int], ...]:
    return (
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("shipped_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    )


def _create_holds() -> None:
    op.create_table(
        "order_holds",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("order_id", BIG_ID, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("note", sa.String(500), server_default="", nullable=False),
        sa.Column("placed_by", sa.String(64), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("released_by", sa.String(64), server_default="", nullable=False),
        sa.Column("release_note", sa.String(500), server_default="", nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_order_holds_order_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_order_holds"),
    )
    op.create_index("ix_order_holds_order", "order_holds", ["order_id", "id"])


def _create_settings() -> None:
    op.create_table(
        "fulfilment_settings",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("handling_hours", sa.Integer(), nullable=False),
        sa.Column("completion_days", sa.Integer(), nullable=False),
        sa.Column("short_pick", sa.String(16), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_fulfilment_settings"),
    )
    op.create_table(
        "channel_handling_hours",
        sa.Column("channel_id", BIG_ID, nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name="fk_channel_handling_hours_channel_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("channel_id", name="pk_channel_handling_hours"),
    )


def _make_fulfilments_of_reservations() -> None:
    """Orders that hold stock: one fulfilment for each warehouse."""
    connection = op.get_bind()
    reserved = connection.exec_driver_sql(
        "SELECT o.id, r.warehouse_id, o.placed_at, l.id, l.variant_id, r.quantity"
        " FROM stock_reservations r JOIN order_lines l ON l.id = r.order_line_id"
        " JOIN orders o ON o.id = l.order_id ORDER BY o.id, r.warehouse_id, l.id"
    ).fetchall()
    rows = []
    for order_id, of_order in groupby(reserved, key=lambda row: row[0]):
        parts = groupby(of_order, key=lambda row: row[1])
        for position, (warehouse_id, part) in enumerate(parts, 1):
            pieces = [tuple(row) for row in part]
            rows.append(
                {
                    "order_id": order_id,
                    "position": position,
                    "warehouse_id": warehouse_id,
                    "state": "OPEN",
                    "pieces": json.dumps([list(row[3:]) for row in pieces]),
                    "created_at": pieces[0][2],
                    "updated_at": pieces[0][2],
                }
            )
    for start in range(0, len(rows), AT_ONCE):
        op.bulk_insert(FULFILMENTS, rows[start : start + AT_ONCE])


def _make_reservations_of_fulfilments() -> None:
    connection = op.get_bind()
    found = connection.exec_driver_sql(
        "SELECT warehouse_id, pieces FROM fulfilments"
        " WHERE state IN ('OPEN', 'PICKING', 'PACKED') ORDER BY id"
    ).fetchall()
    held: dict[tuple[int, int], int] = {}
    for warehouse_id, text in found:
        for line_id, _, quantity in json.loads(text):
            place = line_id, warehouse_id
            held[place] = held.get(place, 0) + quantity
    table = sa.table(
        "stock_reservations",
        *(sa.column(name) for name in ("order_line_id", "warehouse_id", "quantity")),
    )
    rows = [
        {"order_line_id": line_id, "warehouse_id": warehouse_id, "quantity": quantity}
        for (line_id, warehouse_id), quantity in held.items()
    ]
    for start in range(0, len(rows), AT_ONCE):
        op.bulk_insert(table, rows[start : start + AT_ONCE])
