"""Mutations of tags and of the products that carry them."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog import inputs
from storeql.catalog.taxonomy import collect
from storeql.catalog.taxonomy import reads as taxonomy
from storeql.catalog.taxonomy.save_tag import create_tag, delete_tag, update_tag
from storeql.db import Connection, Selection
from storeql.schema.catalog.taxonomy_inputs import (
    TagCreateInput,
    TagDeleteInput,
    TagProductsInput,
    TagUpdateInput,
)
from storeql.schema.catalog.types import Tag
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of, rows_of
from storeql.schema.mutation import UserError, mutation, run, user_errors
from storeql.schema.optional import kept

Info_: TypeAlias = Info[Any, Any]
PRODUCTS = Permission.MANAGE_PRODUCTS


@strawberry.type(description="A tag after a change.")
class TagPayload:
    """What a change of a tag answers."""

    tag: Tag | None = attribute("The tag after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A tag that was deleted.")
class TagDeletePayload:
    """What deleting a tag answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class TagMutation:
    """Mutations of tags."""

    @mutation("Adds a tag.", PRODUCTS)
    def tag_create(
        self, info: Info_, input: Annotated[TagCreateInput, argument("The tag.")]
    ) -> TagPayload | None:
        given = inputs.NamedInput(name=input.name, slug=input.slug)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            return _tag(connection, create_tag(connection, given))

        return run(info, TagPayload, work)

    @mutation("Renames a tag.", PRODUCTS)
    def tag_update(
        self, info: Info_, input: Annotated[TagUpdateInput, argument("The change.")]
    ) -> TagPayload | None:
        change = inputs.NamedUpdate(
            id=row_of("Tag", input.id),
            expected_version=input.expected_version,
            name=kept(input.name),
            slug=kept(input.slug),
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            update_tag(connection, change)
            return _tag(connection, change.id)

        return run(info, TagPayload, work)

    @mutation("Deletes a tag and takes it off all products.", PRODUCTS)
    def tag_delete(
        self, info: Info_, input: Annotated[TagDeleteInput, argument("Which one.")]
    ) -> TagDeletePayload | None:
        tag_id = row_of("Tag", input.id)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            delete_tag(connection, tag_id, expected_version=input.expected_version)
            return {"deleted_id": input.id}

        return run(info, TagDeletePayload, work)

    @mutation("Puts a tag on products.", PRODUCTS)
    def tag_products_add(
        self, info: Info_, input: Annotated[TagProductsInput, argument("Which ones.")]
    ) -> TagPayload | None:
        tag_id, product_ids = row_of("Tag", input.id), rows_of("Product", input.product_ids)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            collect.tag_products(connection, tag_id, product_ids)
            return _tag(connection, tag_id)

        return run(info, TagPayload, work)

    @mutation("Takes a tag off products.", PRODUCTS)
    def tag_products_remove(
        self, info: Info_, input: Annotated[TagProductsInput, argument("Which ones.")]
    ) -> TagPayload | None:
        tag_id, product_ids = row_of("Tag", input.id), rows_of("Product", input.product_ids)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            collect.untag_products(connection, tag_id, product_ids)
            return _tag(connection, tag_id)

        return run(info, TagPayload, work)


def _tag(connection: Connection, tag_id: int) -> dict[str, Any]:
    return {"tag": taxonomy.tag(connection, id=tag_id)}
