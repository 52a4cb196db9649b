"""Mutations of promotions: set up, change, switch on and off, end; codes by one or by the batch."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.db import Connection, Selection
from storeql.promotions import resolvers
from storeql.promotions.resolvers import View
from storeql.promotions.set_up import lifecycle
from storeql.promotions.set_up.copy import copy_promotion
from storeql.promotions.set_up.create import create_promotion
from storeql.promotions.set_up.update import update_promotion
from storeql.promotions.types import PromotionTypes
from storeql.promotions.vouchers.create_codes import (
    BatchInput,
    CodeInput,
    create_codes,
    generate_codes,
)
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.promotions.findings import PromotionFinding, linter_of, warnings_of
from storeql.schema.promotions.inputs import change_of, promotion_inputs
from storeql.schema.promotions.rules import RuleTypes
from storeql.schema.promotions.types import Promotion, VoucherCode

Info_: TypeAlias = Info[Any, Any]
PROMOTIONS = Permission.MANAGE_PROMOTIONS


@strawberry.input(description="A promotion, as it was read.")
class PromotionStepInput:
    """A promotion to move on in its life."""

    id: strawberry.ID = strawberry.field(description="The promotion's id.")
    expected_version: int | None = strawberry.field(
        default=None, description="The version that was read; any when left out."
    )


@strawberry.input(description="A promotion to set up once more.")
class PromotionCopyInput:
    """A promotion to copy."""

    id: strawberry.ID = strawberry.field(description="The promotion's id.")
    name: str | None = strawberry.field(
        default=None, description="The name of the copy; the same when left out."
    )


@strawberry.input(description="A code that buyers can remember.")
class VoucherCodeInput:
    """A code to add."""

    code: str = strawberry.field(
        description="3 to 32 letters, digits, - _ or .; small letters and spaces do not matter."
    )
    usage_limit: int | None = strawberry.field(
        default=None, description="For how many orders it is; null for no limit."
    )


@strawberry.input(description="Codes for a promotion that requires one.")
class VoucherCodesCreateInput:
    """Codes to add."""

    promotion_id: strawberry.ID = strawberry.field(description="The promotion's id.")
    codes: list[VoucherCodeInput] = strawberry.field(description="1 to 100 codes; all or none.")


@strawberry.input(description="A batch of codes that nobody can guess.")
class VoucherCodesGenerateInput:
    """Codes to make."""

    promotion_id: strawberry.ID = strawberry.field(description="The promotion's id.")
    count: int = strawberry.field(description="How many, at most 1000.")
    prefix: str = strawberry.field(default="", description="What they begin with.")
    usage_limit: int | None = strawberry.field(
        default=1, description="For how many orders each is; null for no limit."
    )


@strawberry.type(description="A promotion after a change.")
class PromotionPayload:
    """What a change of a promotion answers."""

    promotion: Promotion | None = attribute("The promotion after the change.")
    warnings: Sequence[PromotionFinding] | None = attribute(
        "What there is to look at, as in `promotionFindings`; looked for only when asked for."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A promotion that was deleted.")
class PromotionDeletePayload:
    """What deleting a promotion answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="New codes.")
class VoucherCodesPayload:
    """What making codes answers."""

    voucher_codes: list[VoucherCode] | None = attribute("The new codes.")
    user_errors: list[UserError] = user_errors()


def promotion_mutation(types: PromotionTypes, rules: RuleTypes) -> type:
    """The root fields that write promotions, for the kinds of one shop."""
    inputs = promotion_inputs(rules)
    New, Change = inputs.create, inputs.update

    def create(self: Any, info: Info_, input: Any) -> PromotionPayload | None:
        context, change = context_of(info), change_of(input, rules)

        def write(connection: Connection) -> int:
            return create_promotion(
                connection, change, types=types, actor=context.actor, now=context.now
            )

        return _written(info, types, write)

    def update(self: Any, info: Info_, input: Any) -> PromotionPayload | None:
        context, change = context_of(info), change_of(input, rules)
        promotion_id = row_of("Promotion", input.id)

        def write(connection: Connection) -> int:
            update_promotion(
                connection,
                promotion_id,
                change,
                expected_version=input.expected_version,
                types=types,
                actor=context.actor,
                now=context.now,
            )
            return promotion_id

        return _written(info, types, write)

    create.__annotations__["input"] = Annotated[New, argument("The promotion.")]
    update.__annotations__["input"] = Annotated[Change, argument("The change.")]

    @strawberry.type
    class PromotionMutation:
        promotion_create = mutation("Sets up a promotion as a draft.", PROMOTIONS)(create)
        promotion_update = mutation(
            "Changes a promotion, also while it runs; orders keep the version that priced them.",
            PROMOTIONS,
        )(update)

        @mutation(
            "Switches a promotion on; it runs while its window is open. Tells all that it lacks.",
            PROMOTIONS,
        )
        def promotion_activate(
            self, info: Info_, input: Annotated[PromotionStepInput, argument("Which one.")]
        ) -> PromotionPayload | None:
            context = context_of(info)

            def write(connection: Connection) -> int:
                row = row_of("Promotion", input.id)
                lifecycle.activate_promotion(
                    connection,
                    row,
                    expected_version=input.expected_version,
                    linter=linter_of(info, connection, types),
                    actor=context.actor,
                    now=context.now,
                )
                return row

            return _written(info, types, write)

        @mutation("Switches a promotion off until it is activated again.", PROMOTIONS)
        def promotion_pause(
            self, info: Info_, input: Annotated[PromotionStepInput, argument("Which one.")]
        ) -> PromotionPayload | None:
            return _step(info, types, input, lifecycle.pause_promotion)

        @mutation("Ends a promotion for good.", PROMOTIONS)
        def promotion_end(
            self, info: Info_, input: Annotated[PromotionStepInput, argument("Which one.")]
        ) -> PromotionPayload | None:
            return _step(info, types, input, lifecycle.end_promotion)

        @mutation(
            "Copies a promotion in any state into a new draft, without its codes and counts.",
            PROMOTIONS,
        )
        def promotion_copy(
            self, info: Info_, input: Annotated[PromotionCopyInput, argument("Which one.")]
        ) -> PromotionPayload | None:
            context, original = context_of(info), row_of("Promotion", input.id)

            def write(connection: Connection) -> int:
                return copy_promotion(
                    connection,
                    original,
                    name=input.name,
                    types=types,
                    actor=context.actor,
                    now=context.now,
                )

            return _written(info, types, write)

        @mutation("Deletes a draft with its codes.", PROMOTIONS)
        def promotion_delete(
            self, info: Info_, input: Annotated[PromotionStepInput, argument("Which one.")]
        ) -> PromotionDeletePayload | None:
            def work(connection: Connection, selection: Selection) -> dict[str, Any]:
                lifecycle.delete_promotion(
                    connection,
                    row_of("Promotion", input.id),
                    expected_version=input.expected_version,
                    types=types,
                    now=context_of(info).now,
                )
                return {"deleted_id": input.id}

            return run(info, PromotionDeletePayload, work)

        @mutation("Adds codes to a promotion that requires one.", PROMOTIONS)
        def voucher_codes_create(
            self, info: Info_, input: Annotated[VoucherCodesCreateInput, argument("The codes.")]
        ) -> VoucherCodesPayload | None:
            codes = [CodeInput(code=one.code, usage_limit=one.usage_limit) for one in input.codes]
            return _coded(info, input.promotion_id, types, create_codes, codes)

        @mutation("Makes a batch of codes that nobody can guess.", PROMOTIONS)
        def voucher_codes_generate(
            self, info: Info_, input: Annotated[VoucherCodesGenerateInput, argument("How many.")]
        ) -> VoucherCodesPayload | None:
            batch = BatchInput(
                count=input.count, prefix=input.prefix, usage_limit=input.usage_limit
            )
            return _coded(info, input.promotion_id, types, generate_codes, batch)

    return PromotionMutation


def _written(
    info: Info_, types: PromotionTypes, write: Callable[[Connection], int]
) -> PromotionPayload:
    view = View(types, context_of(info).now)

    def work(connection: Connection, selection: Selection) -> dict[str, Any]:
        linter = linter_of(info, connection, types) if selection.wants("warnings") else None
        row = write(connection)
        wanted = selection.of("promotion")
        return {
            "promotion": resolvers.promotion(connection, row, wanted, view=view),
            "warnings": warnings_of(connection, row, linter),
        }

    return run(info, PromotionPayload, work)


def _step(
    info: Info_, types: PromotionTypes, input: PromotionStepInput, verb: Callable[..., None]
) -> PromotionPayload:
    context, promotion_id = context_of(info), row_of("Promotion", input.id)

    def write(connection: Connection) -> int:
        verb(
            connection,
            promotion_id,
            expected_version=input.expected_version,
            types=types,
            actor=context.actor,
            now=context.now,
        )
        return promotion_id

    return _written(info, types, write)


def _coded(
    info: Info_,
    promotion: strawberry.ID,
    types: PromotionTypes,
    verb: Callable[..., list[int]],
    wanted: Any,
) -> VoucherCodesPayload:
    promotion_id, now = row_of("Promotion", promotion), context_of(info).now

    def work(connection: Connection, selection: Selection) -> dict[str, Any]:
        rows = verb(connection, promotion_id, wanted, types=types, now=now)
        found = resolvers.codes_by_id(connection, rows, selection.of("voucher_codes"))
        return {"voucher_codes": list(found.values())}

    return run(info, VoucherCodesPayload, work)
