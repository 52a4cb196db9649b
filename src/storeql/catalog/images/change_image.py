"""Describes pictures, puts them in order, takes them away, and says which show a variant."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, update

from storeql.catalog.images.add_image import checked_alt
from storeql.catalog.images.rows import MOST_IMAGES, images_of, locked_image
from storeql.catalog.products.rows import locked_product, touch_products
from storeql.catalog.tables import product_images, variant_images
from storeql.catalog.variants.rows import product_of_variant, variants_of
from storeql.catalog.versions import check_version
from storeql.db import Connection, statement
from storeql.errors import refuse
from storeql.inputs import Fields

_image, _shown = product_images.c, variant_images.c
_DESCRIBE = statement(update(product_images).where(_image.id == bindparam("b_id")), "alt")
_PLACE = statement(update(product_images).where(_image.id == bindparam("b_id")), "position")
_DELETE = statement(delete(product_images).where(_image.id == bindparam("id")))
_SHOW = statement(insert(variant_images), "variant_id", "image_id")
_HIDE_ALL = statement(delete(variant_images).where(_shown.variant_id == bindparam("variant_id")))


def describe_image(
    connection: Connection, image_id: int, *, alt: str, now: int, expected_version: int | None
) -> int:
    """Changes what is said of a picture and returns its product's row number; raises Rejected."""
    fields = Fields()
    image, _ = locked_image(connection, image_id, expected_version=expected_version)
    text = checked_alt(fields, alt)
    fields.refuse_problems()
    connection.run(_DESCRIBE, b_id=image_id, alt=text)
    touch_products(connection, [image.product_id], now=now)
    return image.product_id


def delete_image(
    connection: Connection, image_id: int, *, now: int, expected_version: int | None
) -> int:
    """Takes a picture away and returns its product's row number; its file goes days later."""
    image, _ = locked_image(connection, image_id, expected_version=expected_version)
    connection.run(_DELETE, id=image_id)
    touch_products(connection, [image.product_id], now=now)
    return image.product_id


def reorder_images(
    connection: Connection,
    product_id: int,
    image_ids: Sequence[int],
    *,
    now: int,
    expected_version: int | None,
) -> None:
    """Puts a product's pictures in this order, the main one first.

    Raises Rejected unless each of its pictures is named once.
    """
    product = locked_product(connection, product_id, "productId")
    check_version(product.version, expected_version)
    images = images_of(connection, product_id)
    if sorted(image_ids) != sorted(image.id for image in images):
        message = f"Name each of the {len(images)} pictures of the product once."
        raise refuse("NOT_THE_SAME", message, "imageIds")
    places = [{"b_id": one, "position": place} for place, one in enumerate(image_ids)]
    connection.run_many(_PLACE, places)
    touch_products(connection, [product_id], now=now)


def show_images(
    connection: Connection,
    variant_id: int,
    image_ids: Sequence[int],
    *,
    now: int,
    expected_version: int | None,
) -> None:
    """Makes these pictures of its product those that show a variant; none for no special ones.

    `expected_version` is the variant's product's. Raises Rejected for a picture of another product.
    """
    fields = Fields()
    product_id = product_of_variant(connection, variant_id)
    product = locked_product(connection, product_id, "id")
    check_version(product.version, expected_version)
    if all(one.id != variant_id for one in variants_of(connection, product_id)):
        raise refuse("NOT_FOUND", "There is no such variant.", "id")
    wanted = fields.distinct("imageIds", image_ids, most=MOST_IMAGES)
    own = {image.id for image in images_of(connection, product_id)}
    for place, one in enumerate(wanted):
        if one not in own:
            fields.missing("picture of this variant's product", "imageIds", str(place))
    fields.refuse_problems()
    connection.run(_HIDE_ALL, variant_id=variant_id)
    connection.run_many(_SHOW, [{"variant_id": variant_id, "image_id": one} for one in wanted])
    touch_products(connection, [product_id], now=now)
