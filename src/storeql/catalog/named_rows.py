"""Rows with a slug, a name and a version: how each noun of the catalogue is added and changed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from storeql.catalog.constraints import refusing_duplicates, refusing_use
from storeql.catalog.inputs import NamedInput, NamedUpdate
from storeql.catalog.slugs import checked_slug, slug_of
from storeql.catalog.versions import check_version
from storeql.db import Connection, any_of, statement
from storeql.db.name_order import NAME_KEY, keyed
from storeql.errors import Problem
from storeql.inputs import Fields

Record = TypeVar("Record", bound=msgspec.Struct)

TRIES = 20


class NamedRows(Generic[Record]):
    """Writes of one table, whose rows are read as `record` (its first fields are the columns)."""

    def __init__(self, table: Table, record: type[Record], noun: str) -> None:
        self._table = table
        self._record = record
        self._noun = noun
        self._slug_key = f"{table.name}.slug"
        read = [name for name in record.__struct_fields__ if name in table.c]
        self._columns = [name for name in read if name not in ("id", "version")]
        here = table.c.id == bindparam("b_id")
        self._locked = statement(
            select(*(table.c[name] for name in read)).where(here).with_for_update()
        )
        self._used = statement(select(table.c.slug).where(any_of(table.c.slug, "slugs")))
        # A slug somebody else just took is no error here: the transaction has to go on.
        adding = insert(table).on_conflict_do_nothing(index_elements=["slug"])
        self._add = statement(adding.returning(table.c.id), *self._columns, NAME_KEY)
        self._save = statement(
            update(table).where(here).values(version=table.c.version + 1), *self._columns, NAME_KEY
        )
        self._delete = statement(delete(table).where(here))

    def add(
        self, connection: Connection, fields: Fields, given: NamedInput, **values: object
    ) -> int:
        """Inserts a row and returns its number; without a slug one is made from the name.

        Raises Rejected with every problem noted in `fields`, the name's and the slug's included.
        """
        name = fields.line("name", given.name)
        slug = checked_slug(fields, given.slug) if given.slug else ""
        self._check_free(connection, fields, slug)
        fields.refuse_problems()
        for _ in range(TRIES):
            chosen = slug or self._free_slug(connection, slug_of(name) or slug_of(self._noun))
            row = keyed(self._table, {"slug": chosen, "name": name, **values})
            added: int | None = connection.scalar(self._add, **row)
            if added is not None:
                return added
        _report_taken(fields)
        fields.refuse_problems()
        raise AssertionError("a taken slug is refused")

    def locked(self, connection: Connection, row_id: int, expected: int | None) -> Record:
        """The row, nobody else's to change until the transaction ends.

        Raises Rejected when there is none, or when its version is not the expected one.
        """
        row = connection.one(self._locked, b_id=row_id)
        if row is None:
            fields = Fields()
            fields.missing(self._noun, "id")
            fields.refuse_problems()
        record = self._record(*row)  # type: ignore[misc]
        check_version(record.version, expected)  # type: ignore[attr-defined]
        return record

    def names(
        self, connection: Connection, fields: Fields, row: Record, change: NamedUpdate
    ) -> Mapping[str, str]:
        """The name and the slug the row is to have; problems are noted in `fields`."""
        old: Any = row
        name = old.name if change.name is msgspec.UNSET else fields.line("name", change.name)
        slug = old.slug if change.slug is msgspec.UNSET else checked_slug(fields, change.slug)
        if slug != old.slug:
            self._check_free(connection, fields, slug)
        return {"name": name, "slug": slug}

    def save(self, connection: Connection, fields: Fields, row: Record, **values: object) -> None:
        """Writes the row with `values` changed, and raises its version.

        Raises Rejected with every problem noted in `fields`.
        """
        fields.refuse_problems()
        changed = {name: getattr(row, name) for name in self._columns} | values
        taken = Problem(code="TAKEN", message=TAKEN, field=fields.path("slug"))
        with refusing_duplicates({self._slug_key: taken}):
            row_id: int = row.id  # type: ignore[attr-defined]
            connection.run(self._save, b_id=row_id, **keyed(self._table, changed))

    def delete(self, connection: Connection, row_id: int) -> None:
        """Deletes the row; raises Rejected when something still refers to it."""
        problem = Problem(code="IN_USE", message=f"This {self._noun} is in use.", field=("id",))
        with refusing_use(problem):
            connection.run(self._delete, b_id=row_id)

    def _check_free(self, connection: Connection, fields: Fields, slug: str) -> None:
        if slug and slug == slug_of(slug) and self._taken(connection, [slug]):
            _report_taken(fields)

    def _taken(self, connection: Connection, slugs: list[str]) -> set[str]:
        return {row[0] for row in connection.rows(self._used, slugs=slugs)}

    def _free_slug(self, connection: Connection, base: str) -> str:
        candidates = [base, *(f"{base}-{number}" for number in range(2, TRIES))]
        taken = self._taken(connection, candidates)
        free = (candidate for candidate in candidates if candidate not in taken)
        return next(free, None) or f"{base}-{secrets.token_hex(4)}"


TAKEN = "This slug is already in use."


def _report_taken(fields: Fields) -> None:
    fields.report("TAKEN", TAKEN, "slug")
