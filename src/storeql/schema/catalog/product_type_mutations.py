"""Mutations of product types and their attributes."""

from typing import Annotated, Any, TypeAlias

import msgspec
import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog import inputs
from storeql.catalog.products.save_product_type import (
    create_product_type,
    delete_product_type,
    update_product_type,
)
from storeql.catalog.taxonomy import reads as taxonomy
from storeql.db import Connection, Selection
from storeql.schema.catalog.taxonomy_inputs import (
    AttributeInput,
    ProductTypeCreateInput,
    ProductTypeDeleteInput,
    ProductTypeUpdateInput,
)
from storeql.schema.catalog.types import ProductType
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of
from storeql.schema.mutation import UserError, mutation, run, user_errors
from storeql.schema.optional import kept

Info_: TypeAlias = Info[Any, Any]
PRODUCTS = Permission.MANAGE_PRODUCTS


@strawberry.type(description="A product type after a change.")
class ProductTypePayload:
    """What a change of a type answers."""

    product_type: ProductType | None = attribute("The type after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A product type that was deleted.")
class ProductTypeDeletePayload:
    """What deleting a type answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ProductTypeMutation:
    """Mutations of product types."""

    @mutation("Adds a product type: a prescribed form for products.", PRODUCTS)
    def product_type_create(
        self, info: Info_, input: Annotated[ProductTypeCreateInput, argument("The type.")]
    ) -> ProductTypePayload | None:
        given = inputs.ProductTypeInput(
            name=input.name, slug=input.slug, attributes=_attributes(input.attributes)
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            return _type(connection, selection, create_product_type(connection, given))

        return run(info, ProductTypePayload, work)

    @mutation("Changes a product type; values that products have are never lost.", PRODUCTS)
    def product_type_update(
        self, info: Info_, input: Annotated[ProductTypeUpdateInput, argument("The change.")]
    ) -> ProductTypePayload | None:
        attributes = kept(input.attributes)
        change = inputs.ProductTypeUpdate(
            id=row_of("ProductType", input.id),
            expected_version=input.expected_version,
            name=kept(input.name),
            slug=kept(input.slug),
            attributes=attributes if attributes is msgspec.UNSET else _attributes(attributes),
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            update_product_type(connection, change)
            return _type(connection, selection, change.id)

        return run(info, ProductTypePayload, work)

    @mutation("Deletes a product type that no product has.", PRODUCTS)
    def product_type_delete(
        self, info: Info_, input: Annotated[ProductTypeDeleteInput, argument("Which one.")]
    ) -> ProductTypeDeletePayload | None:
        type_id = row_of("ProductType", input.id)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            delete_product_type(connection, type_id, expected_version=input.expected_version)
            return {"deleted_id": input.id}

        return run(info, ProductTypeDeletePayload, work)


def _type(connection: Connection, selection: Selection, type_id: int) -> dict[str, Any]:
    wanted = selection.of("product_type")
    return {"product_type": taxonomy.product_type(connection, wanted, id=type_id)}


def _attributes(typed: list[AttributeInput]) -> tuple[inputs.AttributeInput, ...]:
    return tuple(
        inputs.AttributeInput(
            name=one.name,
            slug=one.slug,
            kind=one.kind.value,
            is_required=one.is_required,
            is_filterable=one.is_filterable,
            choices=tuple(one.choices),
            unit=one.unit,
        )
        for one in typed
    )
