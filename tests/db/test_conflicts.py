"""A write that another one got in the way of is run again, and then sees what happened."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from storeql.carts.tables import carts
from storeql.catalog.tables import channels
from storeql.db import Connection, Database, statement
from tests.db.test_reaching import ON_POSTGRES
from tests.rows import NOW, insert_row

_DELETE = statement(delete(channels).where(channels.c.id == bindparam("id")))
_FIND = statement(select(channels.c.id).where(channels.c.slug == bindparam("slug")))


@ON_POSTGRES
def test_what_goes_between_reading_it_and_writing_a_row_that_refers_to_it_is_looked_for_again(
    database: Database,
) -> None:
    database.write(lambda c: insert_row(c, channels, slug="cn", name="China", currency="CNY"))
    seen: list[int | None] = []

    def open_cart(connection: Connection) -> None:
        found = connection.scalar(_FIND, slug="cn")
        seen.append(found)
        if found is not None:
            database.write(lambda other: other.run(_DELETE, id=found))
            insert_row(
                connection, carts, token="t", channel_id=found, created_at=NOW, updated_at=NOW
            )

    database.write(open_cart)

    assert seen == [1, None]
