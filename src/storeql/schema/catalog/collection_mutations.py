"""Mutations of collections and of the products in them."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog import inputs
from storeql.catalog.taxonomy import collect
from storeql.catalog.taxonomy import reads as taxonomy
from storeql.catalog.taxonomy.save_collection import (
    create_collection,
    delete_collection,
    update_collection,
)
from storeql.db import Connection, Selection
from storeql.schema.catalog.taxonomy_inputs import (
    CollectionCreateInput,
    CollectionDeleteInput,
    CollectionProductsInput,
    CollectionProductsReorderInput,
    CollectionUpdateInput,
)
from storeql.schema.catalog.types import Collection
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of, rows_of
from storeql.schema.mutation import UserError, mutation, run, user_errors
from storeql.schema.optional import kept

Info_: TypeAlias = Info[Any, Any]
PRODUCTS = Permission.MANAGE_PRODUCTS


@strawberry.type(description="A collection after a change.")
class CollectionPayload:
    """What a change of a collection answers."""

    collection: Collection | None = attribute("The collection after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A collection that was deleted.")
class CollectionDeletePayload:
    """What deleting a collection answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class CollectionMutation:
    """Mutations of collections."""

    @mutation("Adds an empty collection.", PRODUCTS)
    def collection_create(
        self, info: Info_, input: Annotated[CollectionCreateInput, argument("The collection.")]
    ) -> CollectionPayload | None:
        given = inputs.DescribedInput(
            name=input.name, slug=input.slug, description=input.description
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            return _collection(connection, create_collection(connection, given))

        return run(info, CollectionPayload, work)

    @mutation("Changes a collection's name, slug or description.", PRODUCTS)
    def collection_update(
        self, info: Info_, input: Annotated[CollectionUpdateInput, argument("The change.")]
    ) -> CollectionPayload | None:
        change = inputs.DescribedUpdate(
            id=row_of("Collection", input.id),
            expected_version=input.expected_version,
            name=kept(input.name),
            slug=kept(input.slug),
            description=kept(input.description),
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            update_collection(connection, change)
            return _collection(connection, change.id)

        return run(info, CollectionPayload, work)

    @mutation("Deletes a collection; its products stay.", PRODUCTS)
    def collection_delete(
        self, info: Info_, input: Annotated[CollectionDeleteInput, argument("Which one.")]
    ) -> CollectionDeletePayload | None:
        collection_id = row_of("Collection", input.id)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            delete_collection(connection, collection_id, expected_version=input.expected_version)
            return {"deleted_id": input.id}

        return run(info, CollectionDeletePayload, work)

    @mutation("Puts products at the end of a collection.", PRODUCTS)
    def collection_products_add(
        self, info: Info_, input: Annotated[CollectionProductsInput, argument("Which ones.")]
    ) -> CollectionPayload | None:
        collection_id = row_of("Collection", input.id)
        product_ids = rows_of("Product", input.product_ids)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            collect.add_to_collection(connection, collection_id, product_ids)
            return _collection(connection, collection_id)

        return run(info, CollectionPayload, work)

    @mutation("Takes products out of a collection.", PRODUCTS)
    def collection_products_remove(
        self, info: Info_, input: Annotated[CollectionProductsInput, argument("Which ones.")]
    ) -> CollectionPayload | None:
        collection_id = row_of("Collection", input.id)
        product_ids = rows_of("Product", input.product_ids)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            collect.remove_from_collection(connection, collection_id, product_ids)
            return _collection(connection, collection_id)

        return run(info, CollectionPayload, work)

    @mutation("Moves products within a collection.", PRODUCTS)
    def collection_products_reorder(
        self,
        info: Info_,
        input: Annotated[CollectionProductsReorderInput, argument("The moves.")],
    ) -> CollectionPayload | None:
        collection_id = row_of("Collection", input.id)
        moves = [
            inputs.Placement(product_id=row_of("Product", one.product_id), position=one.position)
            for one in input.moves
        ]

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            collect.reorder_collection(
                connection, collection_id, moves, expected_version=input.expected_version
            )
            return _collection(connection, collection_id)

        return run(info, CollectionPayload, work)


def _collection(connection: Connection, collection_id: int) -> dict[str, Any]:
    return {"collection": taxonomy.collection(connection, id=collection_id)}
