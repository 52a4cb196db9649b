"""Mutations of variants and their prices."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import msgspec
import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog import inputs, resolvers
from storeql.catalog.prices.causes import by_hand
from storeql.catalog.prices.set_prices import set_prices
from storeql.catalog.products.delete_product import delete_variant
from storeql.catalog.resolvers import View
from storeql.catalog.variants.save_variant import create_variant, update_variant
from storeql.db import Connection, Selection
from storeql.schema.catalog.price_texts import PriceReader
from storeql.schema.catalog.product_inputs import (
    ProductVariantCreateInput,
    ProductVariantDeleteInput,
    ProductVariantInput,
    ProductVariantUpdateInput,
    VariantOptionInput,
    VariantPricesSetInput,
)
from storeql.schema.catalog.types import Product, ProductVariant
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.optional import kept, kept_or_null
from storeql.schema.prices.forcing import reason_of

Info_: TypeAlias = Info[Any, Any]
PRODUCTS = Permission.MANAGE_PRODUCTS


@strawberry.type(description="A variant after a change.")
class ProductVariantPayload:
    """What a change of a variant answers."""

    product_variant: ProductVariant | None = attribute("The variant after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A variant that was deleted.")
class ProductVariantDeletePayload:
    """What deleting a variant answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    product: Product | None = attribute("The product without it.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="Variants after a change of many.")
class ProductVariantsPayload:
    """What a change of many variants answers."""

    product_variants: Sequence[ProductVariant] | None = attribute(
        "The variants after the change, each once, as they first came in the input."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type
class VariantMutation:
    """Mutations of variants."""

    @mutation("Adds a variant to a product.", PRODUCTS)
    def product_variant_create(
        self, info: Info_, input: Annotated[ProductVariantCreateInput, argument("The variant.")]
    ) -> ProductVariantPayload | None:
        context, product_id = context_of(info), row_of("Product", input.product_id)
        below_floor_reason = reason_of(info, input.below_floor_reason)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            prices = PriceReader(connection)
            given = variant_of(input, prices.of_variant(input))
            prices.refuse_problems()
            variant_id = create_variant(
                connection,
                product_id,
                given,
                below_floor_reason=below_floor_reason,
                now=context.now,
                actor=context.actor.key,
            )
            return _variant(connection, selection, variant_id, now=context.now)

        return run(info, ProductVariantPayload, work)

    @mutation("Changes a variant.", PRODUCTS)
    def product_variant_update(
        self, info: Info_, input: Annotated[ProductVariantUpdateInput, argument("The change.")]
    ) -> ProductVariantPayload | None:
        now, change = context_of(info).now, _variant_change(input)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            update_variant(connection, change, now=now)
            return _variant(connection, selection, change.id, now=now)

        return run(info, ProductVariantPayload, work)

    @mutation("Deletes a variant that no order waits for, unless it is the last.", PRODUCTS)
    def product_variant_delete(
        self, info: Info_, input: Annotated[ProductVariantDeleteInput, argument("Which one.")]
    ) -> ProductVariantDeletePayload | None:
        now, variant_id = context_of(info).now, row_of("ProductVariant", input.id)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            product_id = delete_variant(
                connection, variant_id, now=now, expected_version=input.expected_version
            )
            left = resolvers.product(
                connection,
                selection.of("product"),
                view=View(now=now, drafts=True),
                id=product_id,
            )
            return {"deleted_id": input.id, "product": left}

        return run(info, ProductVariantDeletePayload, work)

    @mutation("Sets prices of many variants, all or none; open carts reprice.", PRODUCTS)
    def variant_prices_set(
        self, info: Info_, input: Annotated[VariantPricesSetInput, argument("The prices.")]
    ) -> ProductVariantsPayload | None:
        context, now = context_of(info), context_of(info).now
        below_floor_reason = reason_of(info, input.below_floor_reason)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            prices = PriceReader(connection)
            given = prices.of_list(input.prices)
            prices.refuse_problems()
            cause = by_hand(context.actor.key, input.reason)
            set_prices(
                connection, given, cause=cause, below_floor_reason=below_floor_reason, now=now
            )
            ids = [one.variant_id for one in given]
            return variants_payload(connection, selection, ids, now=now)

        return run(info, ProductVariantsPayload, work)


def variants_payload(
    connection: Connection, selection: Selection, ids: Sequence[int], *, now: int
) -> dict[str, Any]:
    """The values of a ProductVariantsPayload, read as its selection asks."""
    wanted, view = selection.of("product_variants"), View(now=now, drafts=True)
    unique = list(dict.fromkeys(ids))
    found = resolvers.variants(connection, unique, wanted, view=view)
    return {"product_variants": [found[one] for one in unique if one in found]}


def variant_of(
    typed: ProductVariantInput, prices: Sequence[inputs.PriceInput]
) -> inputs.VariantInput:
    """A new variant as the catalogue reads it, its prices in minor units."""
    return inputs.VariantInput(
        sku=typed.sku,
        name=typed.name,
        options=_options(typed.options),
        prices=prices,
        stock=tuple(
            inputs.OpeningStock(
                warehouse_id=row_of("Warehouse", one.warehouse_id), on_hand=one.on_hand
            )
            for one in typed.stock
        ),
        weight_grams=typed.weight_grams,
        barcode=typed.barcode,
    )


def _variant(
    connection: Connection, selection: Selection, variant_id: int, *, now: int
) -> dict[str, Any]:
    wanted, view = selection.of("product_variant"), View(now=now, drafts=True)
    found = resolvers.variants(connection, [variant_id], wanted, view=view)
    return {"product_variant": found[variant_id]}


def _variant_change(typed: ProductVariantUpdateInput) -> inputs.VariantUpdate:
    options = kept(typed.options)
    return inputs.VariantUpdate(
        id=row_of("ProductVariant", typed.id),
        expected_version=typed.expected_version,
        sku=kept(typed.sku),
        name=kept(typed.name),
        options=options if options is msgspec.UNSET else _options(options),
        position=kept(typed.position),
        weight_grams=kept_or_null(typed.weight_grams),
        barcode=kept_or_null(typed.barcode),
    )


def _options(typed: list[VariantOptionInput]) -> tuple[inputs.OptionInput, ...]:
    return tuple(inputs.OptionInput(name=one.name, value=one.value) for one in typed)
