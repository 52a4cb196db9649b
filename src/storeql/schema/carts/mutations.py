"""Mutations of carts: each answers the cart as it is afterwards, priced when that is asked."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.carts import records
from storeql.carts.add_ons import choose_add_ons
from storeql.carts.changing import ChangedCart, changed
from storeql.carts.codes import enter_codes, remove_codes
from storeql.carts.create import create_cart, new_cart_token
from storeql.carts.details import Details, update_details
from storeql.carts.explain import remarks
from storeql.carts.lines import add_lines, remove_lines, update_lines
from storeql.carts.merge import merge_at_sign_in
from storeql.carts.quote_delivery import Quoting, quoted
from storeql.carts.resolvers import with_selected
from storeql.db import Connection
from storeql.hooks import CartChangeKind
from storeql.schema.carts.inputs import (
    CartAddOnsChooseInput,
    CartAddressUpdateInput,
    CartAttachInput,
    CartCheckoutUpdateInput,
    CartCreateInput,
    CartDeliveryMethodUpdateInput,
    CartGiftsChooseInput,
    CartLinesAddInput,
    CartLinesRemoveInput,
    CartLinesUpdateInput,
    CartPaymentMethodUpdateInput,
    CartVoucherCodesInput,
)
from storeql.schema.carts.read_inputs import (
    add_ons_of,
    details_of,
    gifts_of,
    lines_of,
    quantities_of,
)
from storeql.schema.carts.trace import PriceRemark
from storeql.schema.carts.types import Cart
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import rows_of
from storeql.schema.mutation import UserError, context_of, mutation, user_errors
from storeql.schema.people.context import attempted, guesser_of, own_customer_id
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
CUSTOMER = Permission.CUSTOMER


@strawberry.type(description="A cart after a change.")
class CartPayload:
    """What every mutation of a cart answers."""

    cart: Cart | None = attribute("The cart as it is now.")
    annotations: Sequence[PriceRemark] | None = attribute("What plugins say of the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class CartMutation:
    """Mutations of carts."""

    @mutation("Opens a cart; it belongs to you when you are signed in as a customer.")
    def cart_create(
        self, info: Info_, input: Annotated[CartCreateInput, argument("The new cart.")]
    ) -> CartPayload:
        context, token = context_of(info), new_cart_token()
        lines, details = lines_of(input.lines), details_of(input)
        gateways = context.shop.hooks.gateways
        return _changed(
            info,
            token,
            CartChangeKind.CREATED,
            lambda connection: create_cart(
                connection,
                token,
                channel=input.channel,
                lines=lines,
                details=details,
                gateways=gateways,
                actor=context.actor,
                now=context.now,
            ),
        )

    @mutation("Puts variants into a cart.")
    def cart_lines_add(
        self, info: Info_, input: Annotated[CartLinesAddInput, argument("What to add.")]
    ) -> CartPayload:
        context, lines = context_of(info), lines_of(input.lines)
        return _changed(
            info,
            input.token,
            CartChangeKind.LINES_ADDED,
            lambda connection: add_lines(
                connection, input.token, lines=lines, actor=context.actor, now=context.now
            ),
        )

    @mutation("Changes the quantities of lines.")
    def cart_lines_update(
        self, info: Info_, input: Annotated[CartLinesUpdateInput, argument("What to change.")]
    ) -> CartPayload:
        context = context_of(info)
        lines = quantities_of(input.lines)
        return _changed(
            info,
            input.token,
            CartChangeKind.LINES_UPDATED,
            lambda connection: update_lines(
                connection, input.token, lines=lines, actor=context.actor, now=context.now
            ),
        )

    @mutation("Takes lines out of a cart.")
    def cart_lines_remove(
        self, info: Info_, input: Annotated[CartLinesRemoveInput, argument("What to remove.")]
    ) -> CartPayload:
        context, line_ids = context_of(info), rows_of("CartLine", input.line_ids)
        return _changed(
            info,
            input.token,
            CartChangeKind.LINES_REMOVED,
            lambda connection: remove_lines(
                connection, input.token, line_ids=line_ids, actor=context.actor, now=context.now
            ),
        )

    @mutation("Enters voucher codes; too many that do not exist have to wait.")
    def cart_voucher_codes_add(
        self, info: Info_, input: Annotated[CartVoucherCodesInput, argument("The codes.")]
    ) -> CartPayload:
        context = context_of(info)

        def work() -> dict[str, Any]:
            changed_cart = enter_codes(
                context.write,
                input.token,
                codes=input.codes,
                guesser=guesser_of(context),
                hooks=context.shop.hooks,
                now=context.now,
            )
            return _answered(info, changed_cart)

        return attempted(CartPayload, work)

    @mutation("Takes voucher codes out of a cart.")
    def cart_voucher_codes_remove(
        self, info: Info_, input: Annotated[CartVoucherCodesInput, argument("The codes.")]
    ) -> CartPayload:
        context = context_of(info)
        return _changed(
            info,
            input.token,
            CartChangeKind.CODES_REMOVED,
            lambda connection: remove_codes(
                connection, input.token, codes=input.codes, actor=context.actor, now=context.now
            ),
        )

    @mutation("Picks the gifts of promotions that leave a choice.")
    def cart_gifts_choose(
        self, info: Info_, input: Annotated[CartGiftsChooseInput, argument("The gifts.")]
    ) -> CartPayload:
        return _detailed(info, input.token, Details(gifts=gifts_of(input.choices)))

    @mutation("Picks add-ons that promotions offer at a special price.")
    def cart_add_ons_choose(
        self, info: Info_, input: Annotated[CartAddOnsChooseInput, argument("The add-ons.")]
    ) -> CartPayload:
        context, choices = context_of(info), add_ons_of(input.choices)
        return _changed(
            info,
            input.token,
            CartChangeKind.DETAILS_UPDATED,
            lambda connection: choose_add_ons(
                connection, input.token, choices=choices, actor=context.actor, now=context.now
            ),
        )

    @mutation("Sets where the parcel and the confirmation go.")
    def cart_address_update(
        self, info: Info_, input: Annotated[CartAddressUpdateInput, argument("Where.")]
    ) -> CartPayload:
        return _detailed(info, input.token, details_of(input))

    @mutation("Chooses how the cart is delivered.")
    def cart_delivery_method_update(
        self, info: Info_, input: Annotated[CartDeliveryMethodUpdateInput, argument("How.")]
    ) -> CartPayload:
        return _detailed(info, input.token, details_of(input))

    @mutation("Chooses how the cart is paid.")
    def cart_payment_method_update(
        self, info: Info_, input: Annotated[CartPaymentMethodUpdateInput, argument("How.")]
    ) -> CartPayload:
        return _detailed(info, input.token, details_of(input))

    @mutation("Sets address, e-mail address, delivery and payment together.")
    def cart_checkout_update(
        self, info: Info_, input: Annotated[CartCheckoutUpdateInput, argument("What is known.")]
    ) -> CartPayload:
        return _detailed(info, input.token, details_of(input))

    @mutation("Makes a guest's cart yours: it is merged into the cart you left here.", CUSTOMER)
    def cart_attach(
        self, info: Info_, input: Annotated[CartAttachInput, argument("The guest's cart.")]
    ) -> CartPayload | None:
        context = context_of(info)
        customer_id = own_customer_id(context)
        return _merged(
            info,
            lambda connection: merge_at_sign_in(
                connection, guest_token=input.token, customer_id=customer_id, now=context.now
            ),
        )


def _changed(
    info: Info_, token: str, kind: CartChangeKind, work: Callable[[Connection], records.Cart]
) -> CartPayload:
    """The payload of a change: priced after the commit, so that nobody waits for the price."""
    context = context_of(info)

    def write(connection: Connection) -> ChangedCart:
        hooks, now = context.shop.hooks, context.now
        return changed(connection, token, work, kind=kind, hooks=hooks, now=now)

    return attempted(CartPayload, lambda: _answered(info, context.write(write)))


def _merged(info: Info_, work: Callable[[Connection], records.Cart]) -> CartPayload:
    """The payload of a merge, which plugins are not asked about."""
    context = context_of(info)
    return attempted(CartPayload, lambda: _answered(info, ChangedCart(context.write(work))))


def _answered(info: Info_, made: ChangedCart) -> dict[str, Any]:
    context = context_of(info)
    quoting = Quoting(context.shop.hooks, context.shop.settings.carrier_seconds)
    cart = quoted(context.database, context.write, made.cart, quoting=quoting, now=context.now)
    return {"cart": _shown(info, cart), "annotations": remarks(made.annotations)}


def _detailed(info: Info_, token: str, details: Details) -> CartPayload:
    context = context_of(info)
    gateways = context.shop.hooks.gateways
    return _changed(
        info,
        token,
        CartChangeKind.DETAILS_UPDATED,
        lambda connection: update_details(
            connection,
            token,
            details=details,
            gateways=gateways,
            actor=context.actor,
            now=context.now,
        ),
    )


def _shown(info: Info_, cart: records.Cart) -> records.Cart:
    context, selection = context_of(info), selection_of(info).of("cart")
    if not selection.wants("lines", "price"):
        return cart
    return with_selected(
        context.connection,
        cart,
        selection=selection,
        desk=context.shop.price_desk,
        now=context.now,
    )
