"""Pictures as writes hold them: read below their locked product."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import bindparam, select

from storeql.catalog.products.rows import locked_product
from storeql.catalog.tables import product_images
from storeql.catalog.versions import check_version
from storeql.db import Connection, any_of, statement
from storeql.errors import refuse

MOST_IMAGES = 50
LONGEST_ALT = 500


class ImageRow(Struct, frozen=True):
    """A picture's own columns; `path` is its file's name in the storage."""

    id: int
    product_id: int
    path: str
    alt: str
    position: int


_image = product_images.c
_COLUMNS = [_image[name] for name in ImageRow.__struct_fields__]
_OF_PRODUCT = statement(
    select(*_COLUMNS)
    .where(_image.product_id == bindparam("product_id"))
    .order_by(_image.position, _image.id)
)
_PRODUCTS = statement(select(_image.id, _image.product_id).where(any_of(_image.id, "ids")))


def images_of(connection: Connection, product_id: int) -> list[ImageRow]:
    """The pictures of a locked product, in order."""
    return [ImageRow(*row) for row in connection.rows(_OF_PRODUCT, product_id=product_id)]


def locked_image(
    connection: Connection, image_id: int, *, expected_version: int | None
) -> tuple[ImageRow, Sequence[ImageRow]]:
    """A picture and all of its product's, with the product locked.

    `expected_version` is the product's. Raises Rejected when there is no such picture.
    """
    owners: dict[int, int] = dict(connection.rows(_PRODUCTS, ids=[image_id]))
    found = owners.get(image_id)
    if found is None:
        raise _missing()
    check_version(locked_product(connection, found, "id").version, expected_version)
    images = images_of(connection, found)
    image = next((one for one in images if one.id == image_id), None)
    if image is None:
        raise _missing()
    return image, images


def _missing() -> Exception:
    return refuse("NOT_FOUND", "There is no such picture.", "id")
