"""Puts what rows say of a product into its state; whatever does not fit is noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import UNSET

from storeql.catalog.problems import AttributeRequired
from storeql.catalog.products.attribute_forms import AttributeForm
from storeql.catalog.products.attribute_values import canonical_value
from storeql.catalog.products.places import CHECKS
from storeql.catalog.transfer.drafts import NOW, ProductDraft
from storeql.catalog.transfer.state import Lists, ProductState
from storeql.inputs import Fields, is_blank

BOUNDS: Mapping[str, tuple[str, int]] = {
    "categories": CHECKS["categoryIds"][1:],
    "collections": CHECKS["collectionIds"][1:],
    "tags": CHECKS["tagIds"][1:],
}


def new_product(
    draft: ProductDraft, fields: Fields, lists: Lists, *, slug: str
) -> ProductState | None:
    """The state of a product that is not there yet; None when something it must have is missing."""
    for name in ("name", "description", "product_type"):
        if not getattr(draft, name) or getattr(draft, name) is UNSET:
            fields.report("REQUIRED", "A new product needs this.", name)
    type_id = _type(draft, fields, lists)
    if fields.problems or type_id is None:
        return None
    assert draft.name is not UNSET and draft.description is not UNSET
    return ProductState(
        product_type_id=type_id,
        slug=slug,
        name=draft.name,
        description=draft.description,
        attributes={},
        published={},
        variants={},
    )


def merge_product(state: ProductState, draft: ProductDraft, fields: Fields, lists: Lists) -> None:
    """Changes `state` to what the draft says of the product itself, its publication apart."""
    if draft.name is not UNSET:
        state.name = draft.name
    if draft.description is not UNSET:
        state.description = draft.description
    if state.id and draft.product_type:
        type_id = _type(draft, fields, lists)
        if type_id not in (None, state.product_type_id):
            fields.report("TYPE_FIXED", "A product keeps its type.", "product_type")
    for name, slugs in draft.places().items():
        if slugs is not UNSET:
            setattr(state, name, _ids(fields, name, slugs, getattr(lists, name)))
    _merge_attributes(state, draft, fields, lists.forms.get(state.product_type_id, ()))


def merge_published(
    state: ProductState, draft: ProductDraft, fields: Fields, *, slugs: Mapping[int, str], now: int
) -> None:
    """Puts the product on sale, or takes it down, where the draft says so.

    `slugs` are those of the channels, by row number. A channel without a price is noted.
    """
    priced = {channel for one in state.variants.values() for channel in one.prices}
    for channel_id, wish in draft.published.items():
        current = state.published.get(channel_id)
        if wish is None:
            if current is not None:
                state.published[channel_id] = None
            continue
        if channel_id not in priced:
            message = "No variant has a price in this channel."
            fields.report("NOT_PRICED", message, f"published.{slugs[channel_id]}")
            continue
        is_on_sale = current is not None and current <= now
        state.published[channel_id] = (current if is_on_sale else now) if wish == NOW else wish


def _type(draft: ProductDraft, fields: Fields, lists: Lists) -> int | None:
    type_id = lists.product_types.get(draft.product_type)
    if draft.product_type and type_id is None:
        fields.missing("product type", "product_type")
    return type_id


def _ids(
    fields: Fields, name: str, slugs: Sequence[str], known: Mapping[str, int]
) -> tuple[int, ...]:
    noun, most = BOUNDS[name]
    fields.count(name, slugs, most=most)
    unknown = [slug for slug in slugs if slug not in known]
    if unknown:
        fields.report("NOT_FOUND", f"There is no such {noun}: {', '.join(unknown)[:200]}.", name)
    return tuple(sorted({known[slug] for slug in slugs if slug in known}))


def _merge_attributes(
    state: ProductState, draft: ProductDraft, fields: Fields, forms: Sequence[AttributeForm]
) -> None:
    before, by_slug = dict(state.attributes), {form.slug: form for form in forms}
    for slug, text in draft.attributes.items():
        form, column = by_slug.get(slug), f"attributes.{slug}"
        if form is None:
            if text:
                fields.missing("attribute of this product's type", column)
            continue
        value = canonical_value(fields, form, text, column)
        if value:
            state.attributes[form.id] = value
        else:
            state.attributes.pop(form.id, None)
    if not state.id or state.attributes != before:
        _require(state, fields, forms)


def _require(state: ProductState, fields: Fields, forms: Sequence[AttributeForm]) -> None:
    for form in forms:
        if form.is_required and is_blank(state.attributes.get(form.id, "")):
            column = f"attributes.{form.slug}"
            message = f"{form.name} is required."
            fields.problems.append(
                AttributeRequired(message=message, field=(column,), attribute=form.slug)
            )
