"""Many rows are inserted by one statement on either engine, every kind of value as it was."""

from __future__ import annotations

from sqlalchemy import select

from storeql.catalog.tables import channels, product_images, product_types, products
from storeql.db import Connection, Database, connection, statement


def test_many_rows_are_one_statement_and_come_back_as_they_were(
    database: Database,
) -> None:
    types = [
        {"id": 1, "slug": "a", "name": "引号 \" ' \\ {}; DROP TABLE products; --", "name_key": ""},
        {"id": 2, "slug": "b", "name": "line\nfeed\ttab", "name_key": "é"},
    ]
    seen: list[str] = []

    def write(target: Connection) -> None:
        target.recorder = seen.append
        target.insert_many(product_types, types)
        target.insert_many(product_types, [])
        row = {"slug": "cn", "name": "x", "currency": "CNY", "is_default": True, "id": 1}
        target.insert_many(channels, [row])

    database.write(write)
    assert len(seen) == 2
    columns = product_types.c["id", "slug", "name", "name_key"]
    with database.reading() as found:
        rows = found.rows(statement(select(*columns).order_by(product_types.c.id)))
        assert rows == [tuple(one.values()) for one in types]
        [(is_default,)] = found.rows(statement(select(channels.c.is_default)))
        assert is_default


def test_more_rows_than_one_document_holds_are_all_there(database: Database) -> None:
    count = connection.ROWS_A_DOCUMENT + 5
    product = {"id": 1, "product_type_id": 1, "slug": "p", "name": "P", "created_at": 0}

    def write(target: Connection) -> None:
        target.insert_many(product_types, [{"id": 1, "slug": "a", "name": "A"}])
        target.insert_many(products, [product | {"updated_at": 0}])
        images = (
            {"product_id": 1, "path": f"{place}", "width": 1, "height": 1} for place in range(count)
        )
        target.insert_many(product_images, images)

    database.write(write)
    with database.reading() as found:
        assert found.text("SELECT count(*) FROM product_images").fetchone()[0] == count
