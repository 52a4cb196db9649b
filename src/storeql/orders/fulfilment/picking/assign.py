"""Gives a pick list to somebody, or back to everybody."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from storeql.customers.tables import staff_members
from storeql.db import Connection, statement
from storeql.inputs import Fields
from storeql.orders.fulfilment.picking.rows import held_open_list
from storeql.orders.fulfilment.picking.tables import pick_lists

_ACTIVE = statement(
    select(staff_members.c.id).where(
        staff_members.c.id == bindparam("id"), staff_members.c.is_active
    )
)
_ASSIGN = statement(
    update(pick_lists)
    .where(pick_lists.c.id == bindparam("b_id"))
    .values(
        staff_id=bindparam("new_staff"),
        updated_at=bindparam("now"),
        version=pick_lists.c.version + 1,
    )
)


def assign_pick_list(
    connection: Connection, list_id: int, *, staff_id: int | None, now: int
) -> None:
    """Makes it the list of an active member of staff; None: anybody's.

    Raises Rejected when it is not open any more.
    """
    fields = Fields()
    check_picker(connection, fields, staff_id)
    fields.refuse_problems()
    head = held_open_list(connection, list_id)
    connection.run(_ASSIGN, b_id=head.id, new_staff=staff_id, now=now)


def check_picker(connection: Connection, fields: Fields, staff_id: int | None) -> None:
    """Notes a member of staff who does not exist, or has left."""
    if staff_id is not None and connection.one(_ACTIVE, id=staff_id) is None:
        fields.missing("active member of staff", "staffId")
