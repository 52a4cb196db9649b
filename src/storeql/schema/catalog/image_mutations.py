"""Mutations of a product's pictures: add, describe, put in order, show with variants, delete."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog import resolvers
from storeql.catalog.images import change_image
from storeql.catalog.images.add_image import add_image, uploaded_picture
from storeql.catalog.resolvers import View
from storeql.db import Connection, Selection
from storeql.errors import Rejected
from storeql.media.keep import keep_picture
from storeql.schema.catalog.product_inputs import ANY_VERSION
from storeql.schema.catalog.types import Image, Product, ProductVariant
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of, rows_of
from storeql.schema.mutation import (
    UserError,
    context_of,
    mutation,
    refused,
    run,
    user_errors,
)
from storeql.schema.optional import defaulting, needed

Info_: TypeAlias = Info[Any, Any]
PRODUCTS = Permission.MANAGE_PRODUCTS
ALT = "What it shows, for those who cannot see it; at most 500 characters."


@strawberry.type(description="A product after a change of its pictures.")
class ProductImagesPayload:
    """What a change of pictures answers."""

    product: Product | None = attribute("The product as the default channel shows it to staff.")
    image: Image | None = attribute("The picture that was added or changed.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A variant after a change of its pictures.")
class ProductVariantImagesPayload:
    """What saying which pictures show a variant answers."""

    product_variant: ProductVariant | None = attribute("The variant.")
    user_errors: list[UserError] = user_errors()


@strawberry.input(description="A picture to add to a product, after the others.")
class ProductImageAddInput:
    """A picture to add."""

    product_id: strawberry.ID = needed("The product's id.")
    upload_id: strawberry.ID = needed(
        "The id that uploading the picture answered: JPEG, PNG, WebP, AVIF or GIF, at most 20 MB"
        " and 40 million pixels."
    )
    alt: str = defaulting("", ALT)
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="What to say of a picture.")
class ProductImageUpdateInput:
    """A picture's change."""

    id: strawberry.ID = needed("The picture's id.")
    alt: str = needed(ALT)
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="Which picture to take away.")
class ProductImageDeleteInput:
    """A picture to delete."""

    id: strawberry.ID = needed("The picture's id.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="A product's pictures in their new order.")
class ProductImagesReorderInput:
    """Pictures to put in order."""

    product_id: strawberry.ID = needed("The product's id.")
    image_ids: list[strawberry.ID] = needed("Each of its pictures once, the main one first.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="A variant and the pictures that show it.")
class ProductVariantImagesSetInput:
    """A variant's pictures."""

    id: strawberry.ID = needed("The variant's id.")
    image_ids: list[strawberry.ID] = needed("Pictures of its product; they replace those before.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.type
class ImageMutation:
    """Mutations of pictures."""

    @mutation("Adds an uploaded picture to a product; one that it has already stays.", PRODUCTS)
    def product_image_add(
        self, info: Info_, input: Annotated[ProductImageAddInput, argument("The picture.")]
    ) -> ProductImagesPayload | None:
        context, product_id = context_of(info), row_of("Product", input.product_id)
        upload_id, now, actor = row_of("Upload", input.upload_id), context.now, context.actor.key
        try:
            # Decoded and kept before the transaction of the row: neither should be waited for.
            picture = uploaded_picture(context.connection, upload_id, actor=actor, now=now)
        except Rejected as rejected:
            return refused(ProductImagesPayload, rejected)
        kept = keep_picture(context.shop.storage, context.write, picture, now=now)

        def work(connection: Connection) -> tuple[int, int | None]:
            image_id = add_image(
                connection,
                product_id,
                kept,
                alt=input.alt,
                now=now,
                expected_version=input.expected_version,
            )
            return product_id, image_id

        return _changed(info, work)

    @mutation("Says what a picture shows.", PRODUCTS)
    def product_image_update(
        self, info: Info_, input: Annotated[ProductImageUpdateInput, argument("The change.")]
    ) -> ProductImagesPayload | None:
        now, image_id = context_of(info).now, row_of("Image", input.id)

        def work(connection: Connection) -> tuple[int, int | None]:
            product_id = change_image.describe_image(
                connection,
                image_id,
                alt=input.alt,
                now=now,
                expected_version=input.expected_version,
            )
            return product_id, image_id

        return _changed(info, work)

    @mutation("Takes a picture away; its files go some days later.", PRODUCTS)
    def product_image_delete(
        self, info: Info_, input: Annotated[ProductImageDeleteInput, argument("Which one.")]
    ) -> ProductImagesPayload | None:
        now, image_id = context_of(info).now, row_of("Image", input.id)

        def work(connection: Connection) -> tuple[int, int | None]:
            expected = input.expected_version
            deleted = change_image.delete_image(
                connection, image_id, now=now, expected_version=expected
            )
            return deleted, None

        return _changed(info, work)

    @mutation("Puts a product's pictures in order, the main one first.", PRODUCTS)
    def product_images_reorder(
        self, info: Info_, input: Annotated[ProductImagesReorderInput, argument("The order.")]
    ) -> ProductImagesPayload | None:
        now, product_id = context_of(info).now, row_of("Product", input.product_id)
        image_ids = rows_of("Image", input.image_ids)

        def work(connection: Connection) -> tuple[int, int | None]:
            change_image.reorder_images(
                connection,
                product_id,
                image_ids,
                now=now,
                expected_version=input.expected_version,
            )
            return product_id, None

        return _changed(info, work)

    @mutation("Says which of its product's pictures show a variant.", PRODUCTS)
    def product_variant_images_set(
        self, info: Info_, input: Annotated[ProductVariantImagesSetInput, argument("Which.")]
    ) -> ProductVariantImagesPayload | None:
        now, variant_id = context_of(info).now, row_of("ProductVariant", input.id)
        image_ids = rows_of("Image", input.image_ids)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            change_image.show_images(
                connection,
                variant_id,
                image_ids,
                now=now,
                expected_version=input.expected_version,
            )
            wanted, view = selection.of("product_variant"), View(now=now, drafts=True)
            found = resolvers.variant(connection, variant_id, wanted, view=view)
            return {"product_variant": found}

        return run(info, ProductVariantImagesPayload, work)


def _changed(
    info: Info_, work: Callable[[Connection], tuple[int, int | None]]
) -> ProductImagesPayload:
    """The payload of a change that answers the product's row number, and the picture's."""
    view = View(now=context_of(info).now, drafts=True)

    def run_and_read(connection: Connection, selection: Selection) -> dict[str, Any]:
        product_id, image_id = work(connection)
        wanted = selection.of("product")
        if selection.wants("image"):
            wanted = wanted.merged(Selection.of_names("images"))
        found = resolvers.product(connection, wanted, view=view, id=product_id)
        images = () if found is None else found.images
        image = next((one for one in images if one.id == image_id), None)
        return {"product": found, "image": image}

    return run(info, ProductImagesPayload, run_and_read)
