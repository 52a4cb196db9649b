"""Takes the wish for a table of the catalogue and leaves writing it to a job."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from storeql.access import Permission
from storeql.catalog.finding.filters import check_filter
from storeql.catalog.resolvers import View, currency_of
from storeql.catalog.transfer.columns import TransferKind
from storeql.catalog.transfer.export_job import CATALOG_EXPORT, ExportWork, count_products
from storeql.catalog.transfer.exports import KEPT_MS, WhatToExport, add_export, set_job
from storeql.catalog.transfer.records import TableForm
from storeql.catalog.transfer.start_import import PERMISSIONS
from storeql.db import Connection
from storeql.files.keep import open_file
from storeql.jobs import start_job


class ExportWish(Struct, frozen=True, kw_only=True):
    """A table to write: of what, about which products, as what kind of file."""

    kind: TransferKind
    form: TableForm
    what: WhatToExport


def start_export(
    connection: Connection, wish: ExportWish, *, actor: str, granted: frozenset[str], now: int
) -> int:
    """The row number of the export; its job begins when this is committed.

    `granted` are the actor's permissions: without MANAGE_STOCK a table of products has no stock.
    Raises BadInput for a filter past its bounds, or a channel that is not there.
    """
    check_filter(wish.what.filter)
    currency_of(connection, View(now=now, channel=wish.what.channel, drafts=True))
    expires_at = now + KEPT_MS
    name = f"{wish.kind.lower()}.{wish.form.lower()}"
    file_id = open_file(connection, name, actor=actor, now=now, expires_at=expires_at)
    export_id = add_export(
        connection,
        kind=wish.kind.value,
        form=wish.form.value,
        filter=msgspec.json.encode(wish.what).decode(),
        has_stock=Permission.MANAGE_STOCK in granted,
        file_id=file_id,
        created_by=actor,
        created_at=now,
        expires_at=expires_at,
    )
    job_id = start_job(
        connection,
        CATALOG_EXPORT,
        ExportWork(export_id=export_id),
        permission=PERMISSIONS[wish.kind],
        total=count_products(connection, wish.what),
        actor=actor,
        now=now,
    )
    set_job(connection, export_id, job_id)
    return export_id
