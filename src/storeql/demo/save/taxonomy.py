"""Writes the order goods stand in: product types with attributes, categories, tags, collections."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from storeql.catalog.tables import attributes, categories, collections, product_types, tags
from storeql.demo.content import CategorySpec, Content, TypeSpec
from storeql.demo.plan.attributes import choices_of
from storeql.demo.save.bulk import Bulk


class SavedTaxonomy(Struct, frozen=True):
    """Row numbers by slug; those of attributes by product type and slug."""

    types: dict[str, int]
    attributes: dict[tuple[str, str], int]
    categories: dict[str, int]
    tags: dict[str, int]
    collections: dict[str, int]


def save_taxonomy(bulk: Bulk, content: Content) -> SavedTaxonomy:
    """Adds all of it."""
    shelves = content.shelves
    type_rows = [{"slug": one.slug, "name": one.name} for one in content.types]
    types = bulk.add_named(product_types, type_rows)
    return SavedTaxonomy(
        types=types,
        attributes=_save_attributes(bulk, content, types=types),
        categories=_save_categories(bulk, content.categories),
        tags=bulk.add_named(tags, [{"slug": one.slug, "name": one.name} for one in shelves.tags]),
        collections=bulk.add_named(
            collections,
            [
                {"slug": one.slug, "name": one.name, "description": one.description}
                for one in shelves.collections
            ],
        ),
    )


def _save_attributes(
    bulk: Bulk, content: Content, *, types: dict[str, int]
) -> dict[tuple[str, str], int]:
    rows = [row for type_ in content.types for row in _attribute_rows(content, type_, types=types)]
    keys = [(type_.slug, one.slug) for type_ in content.types for one in type_.attributes]
    return dict(zip(keys, bulk.add(attributes, rows), strict=True))


def _attribute_rows(
    content: Content, type_: TypeSpec, *, types: dict[str, int]
) -> list[dict[str, object]]:
    return [
        {
            "product_type_id": types[type_.slug],
            "slug": one.slug,
            "name": one.name,
            "kind": one.kind,
            "is_required": one.required,
            "is_filterable": one.filterable,
            "choices": msgspec.json.encode(choices_of(content, type_, attribute=one)).decode(),
            "unit": one.unit,
            "position": position,
        }
        for position, one in enumerate(type_.attributes)
    ]


def _save_categories(bulk: Bulk, specs: Sequence[CategorySpec]) -> dict[str, int]:
    numbered = bulk.number(categories, [_category_row(one) for one in specs])
    ids = {row["slug"]: row["id"] for row in numbered}
    paths: dict[str | None, str] = {None: "/"}
    for spec, row in zip(specs, numbered, strict=True):
        paths[spec.slug] = f"{paths[spec.parent]}{row['id']}/"
        siblings = [one.slug for one in specs if one.parent == spec.parent]
        row["parent_id"] = None if spec.parent is None else ids[spec.parent]
        row["path"] = paths[spec.slug]
        row["position"] = siblings.index(spec.slug)
    bulk.insert(categories, numbered)
    return ids


def _category_row(spec: CategorySpec) -> dict[str, object]:
    return {"slug": spec.slug, "name": spec.name, "description": spec.about}
