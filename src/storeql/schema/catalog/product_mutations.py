"""Mutations of products: add, change, delete, publish and take down."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog import inputs, resolvers
from storeql.catalog.products import publish
from storeql.catalog.products.create_product import create_product
from storeql.catalog.products.delete_product import delete_product
from storeql.catalog.products.update_product import update_product
from storeql.catalog.resolvers import View
from storeql.db import Connection, Selection
from storeql.schema.catalog.price_texts import PriceReader
from storeql.schema.catalog.product_inputs import (
    AttributeValueInput,
    ProductCreateInput,
    ProductDeleteInput,
    ProductPublishInput,
    ProductUnpublishInput,
    ProductUpdateInput,
)
from storeql.schema.catalog.types import Product
from storeql.schema.catalog.variant_mutations import variant_of
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of, rows_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.optional import kept
from storeql.schema.prices.forcing import reason_of

Info_: TypeAlias = Info[Any, Any]
PRODUCTS = Permission.MANAGE_PRODUCTS


@strawberry.type(description="A product after a change.")
class ProductPayload:
    """What a change of a product answers."""

    product: Product | None = attribute("The product as the default channel shows it to staff.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A product that was deleted.")
class ProductDeletePayload:
    """What deleting a product answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ProductMutation:
    """Mutations of products."""

    @mutation("Adds a product with its variants, prices and stock, as its type asks.", PRODUCTS)
    def product_create(
        self, info: Info_, input: Annotated[ProductCreateInput, argument("The product.")]
    ) -> ProductPayload | None:
        context = context_of(info)
        reason_of(info, input.below_floor_reason)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            product_id = create_product(
                connection,
                _new_product(connection, input),
                now=context.now,
                actor=context.actor.key,
            )
            return _product(connection, selection, product_id, now=context.now)

        return run(info, ProductPayload, work)

    @mutation("Changes a product's texts, attributes, and where it stands.", PRODUCTS)
    def product_update(
        self, info: Info_, input: Annotated[ProductUpdateInput, argument("The change.")]
    ) -> ProductPayload | None:
        context, change = context_of(info), _product_change(input)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            update_product(connection, change, now=context.now)
            return _product(connection, selection, change.id, now=context.now)

        return run(info, ProductPayload, work)

    @mutation("Deletes a product that no order waits for; orders keep what they sold.", PRODUCTS)
    def product_delete(
        self, info: Info_, input: Annotated[ProductDeleteInput, argument("Which one.")]
    ) -> ProductDeletePayload | None:
        product_id, now = row_of("Product", input.id), context_of(info).now

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            delete_product(connection, product_id, now=now, expected_version=input.expected_version)
            return {"deleted_id": input.id}

        return run(info, ProductDeletePayload, work)

    @mutation("Puts a product on sale in channels, at once or from an instant on.", PRODUCTS)
    def product_publish(
        self, info: Info_, input: Annotated[ProductPublishInput, argument("What and where.")]
    ) -> ProductPayload | None:
        now, product_id = context_of(info).now, row_of("Product", input.id)
        channel_ids = rows_of("Channel", input.channel_ids)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            publish.publish(
                connection,
                product_id,
                channel_ids,
                now=now,
                at=input.published_at,
                expected_version=input.expected_version,
            )
            return _product(connection, selection, product_id, now=now)

        return run(info, ProductPayload, work)

    @mutation("Takes a product down in channels at once.", PRODUCTS)
    def product_unpublish(
        self, info: Info_, input: Annotated[ProductUnpublishInput, argument("What and where.")]
    ) -> ProductPayload | None:
        now, product_id = context_of(info).now, row_of("Product", input.id)
        channel_ids = rows_of("Channel", input.channel_ids)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            publish.unpublish(
                connection,
                product_id,
                channel_ids,
                now=now,
                expected_version=input.expected_version,
            )
            return _product(connection, selection, product_id, now=now)

        return run(info, ProductPayload, work)


def _product(
    connection: Connection, selection: Selection, product_id: int, *, now: int
) -> dict[str, Any]:
    view = View(now=now, drafts=True)
    wanted = selection.of("product")
    return {"product": resolvers.product(connection, wanted, view=view, id=product_id)}


def _new_product(connection: Connection, typed: ProductCreateInput) -> inputs.ProductInput:
    prices = PriceReader(connection)
    variants = tuple(
        variant_of(one, prices.of_variant(one, "variants", str(place)))
        for place, one in enumerate(typed.variants)
    )
    prices.refuse_problems()
    return inputs.ProductInput(
        product_type_id=row_of("ProductType", typed.product_type_id),
        name=typed.name,
        slug=typed.slug,
        description=typed.description,
        attributes=_values(typed.attributes),
        option_names=tuple(typed.option_names),
        variants=variants,
        category_ids=rows_of("Category", typed.category_ids),
        collection_ids=rows_of("Collection", typed.collection_ids),
        tag_ids=rows_of("Tag", typed.tag_ids),
        below_floor_reason=typed.below_floor_reason,
    )


def _product_change(typed: ProductUpdateInput) -> inputs.ProductUpdate:
    given: dict[str, Any] = {
        name: kept(getattr(typed, name)) for name in ("name", "slug", "description")
    }
    lists: dict[str, Any] = {
        "attributes": _values,
        "option_names": tuple,
        "category_ids": lambda ids: rows_of("Category", ids),
        "collection_ids": lambda ids: rows_of("Collection", ids),
        "tag_ids": lambda ids: rows_of("Tag", ids),
    }
    for name, read in lists.items():
        value = getattr(typed, name)
        if value is not None and value is not strawberry.UNSET:
            given[name] = read(value)
    return inputs.ProductUpdate(
        id=row_of("Product", typed.id), expected_version=typed.expected_version, **given
    )


def _values(typed: list[AttributeValueInput]) -> tuple[inputs.AttributeValueInput, ...]:
    return tuple(
        inputs.AttributeValueInput(attribute=one.attribute, value=one.value) for one in typed
    )
