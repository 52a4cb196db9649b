"""Every movement of money has a row of its own, and refunds are split over an order's parts."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AMOUNTS = ("authorized_minor", "captured_minor", "returning_minor", "refunded_minor")
PAYMENT_AMOUNTS = (*AMOUNTS[:1], "claiming_minor", *AMOUNTS[1:])


def upgrade() -> None:
    for name in AMOUNTS:
        op.add_column("orders", amount(name))
    op.add_column(
        "orders",
        sa.Column("payment_status", sa.String(32), server_default="UNPAID", nullable=False),
    )
    op.create_index(
        "ix_orders_payment_status", "orders", ["payment_status", "placed_at", "id"], unique=False
    )
    op.add_column("order_lines", amount("refunded_minor"))
    op.add_column("order_lines", count("refunded_quantity", "0"))
    for name in PAYMENT_AMOUNTS:
        op.add_column("payments", amount(name))
    op.add_column("payments", flag("is_open"))
    for name in ("authorized_at", "due_at"):
        op.add_column("payments", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("payments", count("asks", "0"))
    op.add_column("payments", count("version", "1"))
    partial_index("ix_payments_due", "payments", "due_at", "due_at IS NOT NULL")
    partial_index("ix_payments_open", "payments", "id", "is_open")
    create_refunds()
    create_movements()
    carry_over()


def downgrade() -> None:
    op.drop_table("money_movements")
    op.drop_table("refund_lines")
    op.drop_table("refunds")
    for index in ("ix_payments_open", "ix_payments_due"):
        op.drop_index(index, table_name="payments")
    for name in (*PAYMENT_AMOUNTS, "is_open", "authorized_at", "due_at", "asks", "version"):
        op.drop_column("payments", name)
    for name in ("refunded_minor", "refunded_quantity"):
        op.drop_column("order_lines", name)
    op.drop_index("ix_orders_payment_status", table_name="orders")
    for name in (*AMOUNTS, "payment_status"):
        op.drop_column("orders", name)


def create_refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("order_id", BIG_ID, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(500), server_default="", nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("adjustment_minor", sa.BigInteger(), nullable=False),
        amount("refunded_minor"),
        amount("failed_minor"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_refunds_order_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_refunds"),
    )
    op.create_index("ix_refunds_order", "refunds", ["order_id", "id"], unique=False)
    op.create_table(
        "refund_lines",
        sa.Column("refund_id", BIG_ID, nullable=False),
        sa.Column("order_line_id", BIG_ID, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refunds.id"], name="fk_refund_lines_refund_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name="fk_refund_lines_order_line_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("refund_id", "order_line_id", name="pk_refund_lines"),
    )


def create_movements() -> None:
    op.create_table(
        "money_movements",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("order_id", BIG_ID, nullable=False),
        sa.Column("payment_id", BIG_ID, nullable=False),
        sa.Column("refund_id", BIG_ID, nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("gateway_reference", sa.String(128), server_default="", nullable=False),
        sa.Column("message", sa.String(500), server_default="", nullable=False),
        flag("is_by_hand"),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        count("asks", "0"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_money_movements_order_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["payments.id"],
            name="fk_money_movements_payment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refunds.id"], name="fk_money_movements_refund_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_money_movements"),
        sa.UniqueConstraint("key", name="uq_money_movements_key"),
    )
    op.create_index("ix_money_movements_order_id", "money_movements", ["order_id"], unique=False)
    partial_index("ix_money_movements_due", "money_movements", "due_at", "due_at IS NOT NULL")


def carry_over() -> None:
    """Gives the payments of an older shop their amounts and movements."""
    for change in (
        "UPDATE payments SET authorized_minor = amount_minor WHERE status = 'AUTHORIZED'",
        "UPDATE payments SET captured_minor = amount_minor"
        " WHERE status IN ('CAPTURED', 'REFUND_DUE', 'REFUNDED')",
        "UPDATE payments SET refunded_minor = amount_minor WHERE status = 'REFUNDED'",
        "UPDATE payments SET returning_minor = amount_minor WHERE status = 'REFUND_DUE'",
        "UPDATE payments SET authorized_at = updated_at"
        " WHERE authorized_minor > 0 OR captured_minor > 0",
        "UPDATE payments SET is_open = true WHERE status IN ('PENDING', 'VOID_DUE', 'REFUND_DUE')",
        "UPDATE payments SET due_at = updated_at WHERE status = 'PENDING'",
        # Each refund of an older shop was of a whole payment, by cancelling its order.
        "INSERT INTO refunds (order_id, state, cause, actor, amount_minor, shipping_minor,"
        " adjustment_minor, refunded_minor, created_at, updated_at)"
        " SELECT order_id, CASE status WHEN 'REFUNDED' THEN 'SUCCEEDED' ELSE 'PENDING' END,"
        " 'CANCELLATION', 'shop', amount_minor, 0, amount_minor, refunded_minor, updated_at,"
        " updated_at FROM payments WHERE status IN ('REFUND_DUE', 'REFUNDED') ORDER BY id",
        movements("CAPTURE", "'SUCCEEDED'", "NULL", "captured_minor > 0"),
        movements("VOID", "'PENDING'", "NULL", "status = 'VOID_DUE'"),
        movements(
            "REFUND",
            "CASE status WHEN 'REFUNDED' THEN 'SUCCEEDED' ELSE 'PENDING' END",
            "(SELECT MAX(r.id) FROM refunds r WHERE r.order_id = payments.order_id"
            " AND r.updated_at = payments.updated_at)",
            "status IN ('REFUND_DUE', 'REFUNDED')",
        ),
        "UPDATE orders SET"
        + ",".join(
            f" {name} = COALESCE((SELECT SUM(p.{name}) FROM payments p"
            " WHERE p.order_id = orders.id), 0)"
            for name in AMOUNTS
        ),
        "UPDATE orders SET payment_status = CASE"
        " WHEN captured_minor > 0 AND refunded_minor >= captured_minor THEN 'REFUNDED'"
        " WHEN captured_minor > 0 OR total_minor = 0 THEN 'PAID'"
        " WHEN authorized_minor > 0 THEN 'AUTHORIZED' ELSE 'UNPAID' END",
    ):
        op.execute(change)


def movements(kind: str, state: str, refund: str, condition: str) -> str:
    """The movements of payments for which the condition holds, under the keys of old."""
    return (
        "INSERT INTO money_movements (order_id, payment_id, refund_id, kind, state, amount_minor,"
        " key, due_at, created_at, updated_at)"
        f" SELECT order_id, id, {refund}, '{kind}', {state}, amount_minor,"
        f" reference || '\\:{kind.lower()}',"
        f" CASE {state} WHEN 'PENDING' THEN updated_at END, created_at, updated_at"
        f" FROM payments WHERE {condition} ORDER BY id"
    )


def amount(name: str) -> sa.Column[int]:
    """An amount that is 0 to begin with."""
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def count(name: str, first: str) -> sa.Column[int]:
    """A whole number with its first value."""
    return sa.Column(name, sa.Integer(), server_default=first, nullable=False)


def flag(name: str) -> sa.Column[bool]:
    """Something that is not so to begin with."""
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def partial_index(name: str, table: str, column: str, condition: str) -> None:
    """An index of the few rows that meet the condition."""
    where = sa.text(condition)
    op.create_index(name, table, [column], sqlite_where=where, postgresql_where=where)
