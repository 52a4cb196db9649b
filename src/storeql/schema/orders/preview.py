"""What a promotion would do to a cart, to a past order, or to any basket: before it runs."""

from typing import Annotated, Any, TypeAlias

import strawberry
from msgspec import Struct
from strawberry.types import Info

from storeql.access import Permission
from storeql.carts import price_records
from storeql.carts.cart_rows import find_cart
from storeql.carts.explain import explain
from storeql.carts.line_rows import cart_lines_of
from storeql.carts.preview import (
    GivenCart,
    Preview,
    given_cart,
    preview_cart,
    preview_instant,
)
from storeql.db import Selection
from storeql.orders.promotion_watch.preview import preview_order
from storeql.promotions.active import ActivePromotion, compiled
from storeql.promotions.set_up.stored import read_promotion
from storeql.schema.carts.inputs import AddOnChoiceInput, CartLineInput, GiftChoiceInput
from storeql.schema.carts.price import CartPrice
from storeql.schema.carts.read_inputs import add_ons_of, gifts_of, lines_of
from storeql.schema.carts.trace import PromotionExplanation
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import row_of
from storeql.schema.money import Money, money
from storeql.schema.mutation import context_of
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]


class Shown(Struct, frozen=True, kw_only=True):
    """The record behind PromotionPreview."""

    promotion_id: int
    at: int
    before: price_records.CartPrice
    after: price_records.CartPrice


@strawberry.input(description="A basket as somebody might put it together.")
class PreviewCartInput:
    """A cart that nobody has."""

    lines: list[CartLineInput] = strawberry.field(description="1 to 200 lines.")
    channel: str | None = strawberry.field(
        default=None, description="The channel's slug; the shop's default one when left out."
    )
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose basket it is; a guest's when left out."
    )
    codes: list[str] = strawberry.field(default_factory=list, description="Entered codes.")
    country: str | None = strawberry.field(default=None, description="Country of the delivery.")
    region: str | None = strawberry.field(default=None, description="Region of the delivery.")
    delivery_method_id: strawberry.ID | None = strawberry.field(
        default=None, description="How it is delivered."
    )
    payment_method: str | None = strawberry.field(default=None, description="How it is paid.")
    gifts: list[GiftChoiceInput] = strawberry.field(
        default_factory=list, description="The gifts picked."
    )
    add_ons: list[AddOnChoiceInput] = strawberry.field(
        default_factory=list, description="The add-ons picked, at most 50."
    )


@strawberry.input(description="What to try a promotion on.", one_of=True)
class PreviewBasketInput:
    """One basket."""

    cart_token: str | None = strawberry.field(
        default=strawberry.UNSET, description="An open cart that you may see."
    )
    order_number: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="A past order, in the basket it was placed with; for who manages orders.",
    )
    given: PreviewCartInput | None = strawberry.field(
        default=strawberry.UNSET, description="Any basket."
    )


@strawberry.input(description="A promotion to try, and what on.")
class PromotionPreviewInput:
    """A preview to make."""

    id: strawberry.ID = strawberry.field(description="The promotion, in any state.")
    basket: PreviewBasketInput = strawberry.field(description="What to try it on.")
    at: DateTime | None = strawberry.field(
        default=None,
        description="When; now, or its start when that is to come. A past order keeps its instant.",
    )


@strawberry.type(description="What a promotion does to a basket, priced as the checkout would.")
@answers(Shown)
class PromotionPreview:
    """A preview."""

    at: DateTime = attribute("The instant it is priced at.")
    before: CartPrice = attribute("The price without the promotion; for a past order what it cost.")
    after: CartPrice = attribute("The price with the promotion as it is set up now.")

    @pure("How much less the buyer pays with it.")
    def saving(self: Shown) -> Money:
        return money(self.before.total_minor - self.after.total_minor, self.after.currency)

    @pure("What becomes of the promotion; null when it is not about anything in the basket.")
    def outcome(self: Shown) -> PromotionExplanation | None:
        entries = self.after.trace
        return next(  # type: ignore[return-value]
            (entry for entry in entries if entry.promotion_id == self.promotion_id), None
        )


@strawberry.type
class PreviewQuery:
    """The root field that previews."""

    @field(
        "What a promotion would do to a basket; null when there is no such promotion or basket, or "
        "no rule yet.",
        Permission.MANAGE_PROMOTIONS,
    )
    def promotion_preview(
        self, info: Info_, input: Annotated[PromotionPreviewInput, argument("What to try.")]
    ) -> PromotionPreview | None:
        tried = _tried(info, row_of("Promotion", input.id))
        found = None if tried is None else _preview(info, input, tried)
        return None if found is None else _shown(found, selection_of(info))  # type: ignore[return-value]


def _tried(info: Info_, row: int) -> ActivePromotion | None:
    context = context_of(info)
    sets = context.shop.price_desk.active_sets
    stored = read_promotion(context.connection, row, sets.types)
    kind = None if stored is None else sets.types.get(stored.kind)
    if stored is None or kind is None or stored.rule is None:
        return None
    stacking = sets.current(context.connection).stacking
    return compiled(stored, kind, stored.rule, stacking)


def _preview(info: Info_, input: PromotionPreviewInput, tried: ActivePromotion) -> Preview | None:
    context, basket = context_of(info), input.basket
    connection, desk = context.connection, context.shop.price_desk
    if basket.order_number:
        if Permission.MANAGE_ORDERS.value not in context.actor.permissions:
            return None
        return preview_order(connection, basket.order_number, tried, desk=desk)
    at = preview_instant(tried, context.now) if input.at is None else input.at
    if basket.given:
        cart, lines = given_cart(connection, _given(basket.given), now=at)
    else:
        token = basket.cart_token or ""
        known = find_cart(connection, token, actor=context.actor)
        if known is None:
            return None
        cart, lines = known, cart_lines_of(connection, known, now=at)
    return preview_cart(connection, cart, lines, tried, desk=desk, at=at)


def _given(typed: PreviewCartInput) -> GivenCart:
    customer, method = typed.customer_id, typed.delivery_method_id
    return GivenCart(
        channel=typed.channel,
        lines=tuple(lines_of(typed.lines)),
        codes=tuple(typed.codes),
        customer_id=None if customer is None else row_of("Customer", customer),
        country=typed.country,
        region=typed.region,
        delivery_method_id=None if method is None else row_of("DeliveryMethod", method),
        payment_method=typed.payment_method,
        gifts=gifts_of(typed.gifts),
        add_ons=add_ons_of(typed.add_ons),
    )


def _shown(preview: Preview, selection: Selection) -> Shown:
    before, after = selection.of("before"), selection.of("after")
    if selection.wants("outcome"):
        after = after.merged(Selection.of_names("trace"))
    name = preview.delivery_name
    return Shown(
        promotion_id=int(preview.promotion_id),
        at=preview.at,
        before=explain(preview.before, delivery_name=name, selection=before),
        after=explain(preview.after, delivery_name=name, selection=after),
    )
