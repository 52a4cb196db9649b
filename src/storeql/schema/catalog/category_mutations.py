"""Mutations of the category tree."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog import inputs
from storeql.catalog.taxonomy import categories
from storeql.catalog.taxonomy.delete_category import delete_category
from storeql.catalog.taxonomy.move_category import move_category
from storeql.catalog.taxonomy.save_category import create_category, update_category
from storeql.db import Connection, Selection
from storeql.schema.catalog.taxonomy_inputs import (
    CategoryCreateInput,
    CategoryDeleteInput,
    CategoryMoveInput,
    CategoryUpdateInput,
)
from storeql.schema.catalog.types import Category
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of
from storeql.schema.mutation import UserError, mutation, run, user_errors
from storeql.schema.optional import kept, row_or_none

Info_: TypeAlias = Info[Any, Any]
PRODUCTS = Permission.MANAGE_PRODUCTS


@strawberry.type(description="A category after a change.")
class CategoryPayload:
    """What a change of a category answers."""

    category: Category | None = attribute("The category after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A category that was deleted.")
class CategoryDeletePayload:
    """What deleting a category answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class CategoryMutation:
    """Mutations of categories."""

    @mutation("Adds a category.", PRODUCTS)
    def category_create(
        self, info: Info_, input: Annotated[CategoryCreateInput, argument("The category.")]
    ) -> CategoryPayload | None:
        given = inputs.CategoryInput(
            name=input.name,
            slug=input.slug,
            description=input.description,
            parent_id=row_or_none("Category", input.parent_id),
            position=input.position,
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            return _category(connection, selection, create_category(connection, given))

        return run(info, CategoryPayload, work)

    @mutation("Changes a category where it stands.", PRODUCTS)
    def category_update(
        self, info: Info_, input: Annotated[CategoryUpdateInput, argument("The change.")]
    ) -> CategoryPayload | None:
        change = inputs.CategoryUpdate(
            id=row_of("Category", input.id),
            expected_version=input.expected_version,
            name=kept(input.name),
            slug=kept(input.slug),
            description=kept(input.description),
            position=kept(input.position),
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            update_category(connection, change)
            return _category(connection, selection, change.id)

        return run(info, CategoryPayload, work)

    @mutation("Moves a category with everything below it, never under itself.", PRODUCTS)
    def category_move(
        self, info: Info_, input: Annotated[CategoryMoveInput, argument("What and where to.")]
    ) -> CategoryPayload | None:
        category_id = row_of("Category", input.id)
        parent_id = row_or_none("Category", input.parent_id)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            move_category(
                connection,
                category_id,
                parent_id=parent_id,
                position=input.position,
                expected_version=input.expected_version,
            )
            return _category(connection, selection, category_id)

        return run(info, CategoryPayload, work)

    @mutation("Deletes a category that is empty, or moves what stands in it first.", PRODUCTS)
    def category_delete(
        self, info: Info_, input: Annotated[CategoryDeleteInput, argument("Which one.")]
    ) -> CategoryDeletePayload | None:
        category_id = row_of("Category", input.id)
        move_to_id = row_or_none("Category", input.move_to_id)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            delete_category(
                connection,
                category_id,
                move_to_id=move_to_id,
                expected_version=input.expected_version,
            )
            return {"deleted_id": input.id}

        return run(info, CategoryDeletePayload, work)


def _category(connection: Connection, selection: Selection, category_id: int) -> dict[str, Any]:
    wanted = selection.of("category")
    return {"category": categories.category(connection, wanted, id=category_id)}
