"""The groups of a customer as other statements read them along: one text, no statement more."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, cast, func, literal_column, select

from storeql.customers.tables import customer_group_members


def group_ids_of(customer: str) -> ColumnElement[str]:
    """The groups of the customer that SQL text names, as one text of row numbers."""
    # A bound separator would be put into the text late, together with the other values.
    joined = func.aggregate_strings(
        cast(customer_group_members.c.group_id, String),
        literal_column("' '"),  # type: ignore[arg-type]
    )
    theirs = customer_group_members.c.customer_id == literal_column(customer)
    return select(joined).where(theirs).scalar_subquery()


def group_ids_in(joined: str | None) -> tuple[str, ...]:
    """The row numbers in such a text, in a fixed order."""
    return tuple(sorted((joined or "").split()))
