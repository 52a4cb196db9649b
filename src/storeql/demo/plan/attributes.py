"""Values of a product's typed attributes, as the canonical text the catalogue keeps."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from storeql.demo.content import AttributeSpec, Content, Trait, TypeSpec
from storeql.demo.plan.designations import Designation


def attribute_values(
    type_: TypeSpec, what: Designation, *, created_at: int, random: Random
) -> dict[str, str]:
    """A value for every attribute of the type that the ware knows something about, by slug."""
    values: dict[str, str] = {}
    for attribute in type_.attributes:
        if attribute.slug == "brand":
            values["brand"] = what.brand.both
        elif attribute.kind == "DATE":
            values[attribute.slug] = _day(created_at)
        elif traits := what.ware.traits.get(attribute.slug):
            drawn = random.choice(traits)
            values[attribute.slug] = canonical(what.model.traits.get(attribute.slug, drawn))
    return values


def choices_of(content: Content, type_: TypeSpec, *, attribute: AttributeSpec) -> list[str]:
    """What a SELECT attribute offers: the brands, or what the type's wares are made of."""
    if attribute.kind != "SELECT":
        return []
    if attribute.slug == "brand":
        return [brand.both for brand in content.shop.brands[type_.brands]]
    wares = [ware for ware in content.wares if ware.type == type_.slug]
    possible = [trait for ware in wares for trait in ware.traits.get(attribute.slug, ())]
    certain = [
        model.traits[attribute.slug]
        for ware in wares
        for model in ware.models
        if attribute.slug in model.traits
    ]
    return list(dict.fromkeys(canonical(trait) for trait in (*possible, *certain)))


def canonical(trait: Trait) -> str:
    """A trait as text: `true`, `22.5`, or the words themselves."""
    if isinstance(trait, bool):
        return "true" if trait else "false"
    return f"{trait:g}" if isinstance(trait, float) else str(trait)


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
