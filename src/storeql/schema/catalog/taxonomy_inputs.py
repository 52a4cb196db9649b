"""What staff send about what orders the catalogue: categories, collections, tags, types."""

import strawberry

from storeql.catalog.products.attribute_forms import AttributeKind
from storeql.schema.catalog.product_inputs import ANY_VERSION, SLUG, VERSION
from storeql.schema.optional import defaulting, listed, needed, optional

NAME = "The name people see, at most 200 characters."

strawberry.enum(
    AttributeKind, name="AttributeKind", description="What the values of an attribute look like."
)


@strawberry.input(description="A new category.")
class CategoryCreateInput:
    """A category to add."""

    name: str = needed(NAME)
    slug: str = defaulting("", SLUG)
    description: str = defaulting("", "What belongs here.")
    parent_id: strawberry.ID | None = defaulting(None, "The category above; null for a root.")
    position: int = defaulting(0, "The order among siblings, ascending.")


@strawberry.input(description="What to change; fields left out stay as they are.")
class CategoryUpdateInput:
    """A category's change."""

    id: strawberry.ID = needed("The category's id.")
    expected_version: int = needed(VERSION)
    name: str | None = optional(NAME)
    slug: str | None = optional("The name in addresses.")
    description: str | None = optional("What belongs here.")
    position: int | None = optional("The order among siblings, ascending.")


@strawberry.input(description="Where a category goes, with everything below it.")
class CategoryMoveInput:
    """A category to move."""

    id: strawberry.ID = needed("The category's id.")
    parent_id: strawberry.ID | None = needed("The category above; null to make it a root.")
    position: int = defaulting(0, "The order among its new siblings, ascending.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="Which category to delete.")
class CategoryDeleteInput:
    """A category to delete."""

    id: strawberry.ID = needed("The category's id.")
    move_to_id: strawberry.ID | None = defaulting(
        None, "Where its products and the categories below it go."
    )
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="A new collection, empty at first.")
class CollectionCreateInput:
    """A collection to add."""

    name: str = needed(NAME)
    slug: str = defaulting("", SLUG)
    description: str = defaulting("", "What the collection is about.")


@strawberry.input(description="What to change; fields left out stay as they are.")
class CollectionUpdateInput:
    """A collection's change."""

    id: strawberry.ID = needed("The collection's id.")
    expected_version: int = needed(VERSION)
    name: str | None = optional(NAME)
    slug: str | None = optional("The name in addresses.")
    description: str | None = optional("What the collection is about.")


@strawberry.input(description="Which collection to delete; its products stay.")
class CollectionDeleteInput:
    """A collection to delete."""

    id: strawberry.ID = needed("The collection's id.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="Products to put into a collection or to take out of it.")
class CollectionProductsInput:
    """A collection and products."""

    id: strawberry.ID = needed("The collection's id.")
    product_ids: list[strawberry.ID] = needed("1 to 100 products.")


@strawberry.input(description="Where a product is to stand in a collection.")
class CollectionMoveInput:
    """A move within a collection."""

    product_id: strawberry.ID = needed("A product of the collection.")
    position: int = needed("Its new place; 0 is the first.")


@strawberry.input(description="Moves within a collection, made one after the other.")
class CollectionProductsReorderInput:
    """A collection to reorder."""

    id: strawberry.ID = needed("The collection's id.")
    moves: list[CollectionMoveInput] = needed("1 to 100 moves.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="A new tag.")
class TagCreateInput:
    """A tag to add."""

    name: str = needed(NAME)
    slug: str = defaulting("", SLUG)


@strawberry.input(description="What to change; fields left out stay as they are.")
class TagUpdateInput:
    """A tag's change."""

    id: strawberry.ID = needed("The tag's id.")
    expected_version: int = needed(VERSION)
    name: str | None = optional(NAME)
    slug: str | None = optional("The name in filters.")


@strawberry.input(description="Which tag to delete; it comes off all products.")
class TagDeleteInput:
    """A tag to delete."""

    id: strawberry.ID = needed("The tag's id.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="Products to put a tag on or to take it off.")
class TagProductsInput:
    """A tag and products."""

    id: strawberry.ID = needed("The tag's id.")
    product_ids: list[strawberry.ID] = needed("1 to 100 products.")


@strawberry.input(description="A typed property that every product of a type has.")
class AttributeInput:
    """A type's attribute."""

    name: str = needed(NAME)
    slug: str = defaulting("", "What tells the type's attributes apart; made from the name.")
    kind: AttributeKind = needed("What its values look like.")
    is_required: bool = defaulting(False, "Whether every product must have a value.")
    is_filterable: bool = defaulting(True, "Whether listings offer it as a facet.")
    choices: list[str] = listed("The values of a SELECT, in order; 1 to 100.")
    unit: str = defaulting("", "The unit of a NUMBER, such as mAh.")


@strawberry.input(description="A new product type.")
class ProductTypeCreateInput:
    """A type to add."""

    name: str = needed(NAME)
    slug: str = defaulting("", SLUG)
    attributes: list[AttributeInput] = listed("Its attributes in order; at most 50.")


@strawberry.input(description="What to change; fields left out stay as they are.")
class ProductTypeUpdateInput:
    """A type's change."""

    id: strawberry.ID = needed("The type's id.")
    expected_version: int = needed(VERSION)
    name: str | None = optional(NAME)
    slug: str | None = optional("The name in filters.")
    attributes: list[AttributeInput] | None = optional(
        "All its attributes in order, matched by slug; those not listed go."
    )


@strawberry.input(description="Which type to delete; no product may be of it.")
class ProductTypeDeleteInput:
    """A type to delete."""

    id: strawberry.ID = needed("The type's id.")
    expected_version: int | None = defaulting(None, ANY_VERSION)
