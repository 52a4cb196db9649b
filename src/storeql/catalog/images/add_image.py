"""Adds a picture to a product: its file is kept first, then the row that names it."""

from __future__ import annotations

from sqlalchemy import insert

from storeql.catalog.images.rows import LONGEST_ALT, MOST_IMAGES, images_of
from storeql.catalog.products.rows import locked_product, touch_products
from storeql.catalog.tables import product_images
from storeql.catalog.versions import check_version
from storeql.db import Connection, statement
from storeql.errors import refuse
from storeql.files.read import content_of, owned_file
from storeql.inputs import Fields
from storeql.media.keep import Kept, hold
from storeql.media.pictures import Picture, read_picture

_image = product_images.c
_ADD = statement(
    insert(product_images).returning(_image.id),
    "product_id",
    "path",
    "alt",
    "position",
    "width",
    "height",
)


def checked_alt(fields: Fields, typed: str) -> str:
    """What a picture shows, in one line of at most 500 characters; it may be empty."""
    return fields.line("alt", typed, most=LONGEST_ALT, required=False)


def uploaded_picture(connection: Connection, file_id: int, *, actor: str, now: int) -> Picture:
    """The picture that an upload of this actor's holds; raises Rejected when it is none."""
    file = owned_file(connection, file_id, actor=actor, now=now)
    if file is None:
        raise refuse("NOT_FOUND", "There is no such upload, or it has expired.", "uploadId")
    return read_picture(content_of(connection, file.id))


def add_image(
    connection: Connection,
    product_id: int,
    kept: Kept,
    *,
    alt: str,
    now: int,
    expected_version: int | None = None,
) -> int:
    """Adds a kept picture after the others and returns its row number.

    One that the product has already stays as it is, so that asking twice adds it once. Raises
    Rejected with all problems.
    """
    fields = Fields()
    product = locked_product(connection, product_id, "productId")
    check_version(product.version, expected_version)
    text = checked_alt(fields, alt)
    images = images_of(connection, product_id)
    same = next((one for one in images if one.path == kept.path), None)
    if same is None and len(images) >= MOST_IMAGES:
        fields.report("TOO_MANY", f"A product has at most {MOST_IMAGES} pictures.", "productId")
    fields.refuse_problems()
    hold(connection, kept.path, now=now)
    if same is not None:
        return same.id
    image_id: int = connection.scalar(
        _ADD,
        product_id=product_id,
        path=kept.path,
        alt=text,
        position=max((one.position for one in images), default=-1) + 1,
        width=kept.width,
        height=kept.height,
    )
    touch_products(connection, [product_id], now=now)
    return image_id
