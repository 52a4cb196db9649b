"""What mutations of carts take."""

import strawberry

from storeql.schema.people.address import AddressInput

TOKEN = "The cart's token."


@strawberry.input(description="Pieces of a variant to put into a cart.")
class CartLineInput:
    """A line to add."""

    variant_id: strawberry.ID = strawberry.field(description="The variant.")
    quantity: int = strawberry.field(default=1, description="How many pieces, 1 to 9,999.")


@strawberry.input(description="A new cart, with as much of it as is known already.")
class CartCreateInput:
    """A cart to open."""

    channel: str | None = strawberry.field(
        default=None, description="The channel's slug; the shop's default one when left out."
    )
    lines: list[CartLineInput] = strawberry.field(
        default_factory=list, description="What to put into it, at most 200 lines."
    )
    email: str | None = strawberry.field(default=None, description="Where a confirmation goes.")
    address: AddressInput | None = strawberry.field(
        default=None, description="Where the parcel goes."
    )
    delivery_method_id: strawberry.ID | None = strawberry.field(
        default=None, description="How it is delivered."
    )
    payment_method: str | None = strawberry.field(
        default=None, description="How it is paid: a key of `paymentMethods`."
    )


@strawberry.input(description="What to put into a cart.")
class CartLinesAddInput:
    """Lines to add."""

    token: str = strawberry.field(description=TOKEN)
    lines: list[CartLineInput] = strawberry.field(
        description="The variants; pieces of one that is in the cart join its line."
    )


@strawberry.input(description="What a line's quantity becomes.")
class CartLineQuantityInput:
    """A quantity to set."""

    line_id: strawberry.ID = strawberry.field(description="The line.")
    quantity: int = strawberry.field(description="How many pieces, up to 9,999; 0 takes it out.")


@strawberry.input(description="Quantities to change.")
class CartLinesUpdateInput:
    """Lines to change."""

    token: str = strawberry.field(description=TOKEN)
    lines: list[CartLineQuantityInput] = strawberry.field(description="The lines.")


@strawberry.input(description="Lines to take out of a cart.")
class CartLinesRemoveInput:
    """Lines to remove."""

    token: str = strawberry.field(description=TOKEN)
    line_ids: list[strawberry.ID] = strawberry.field(description="The lines.")


@strawberry.input(description="Voucher codes to enter into a cart, or to take out.")
class CartVoucherCodesInput:
    """Codes to add or remove."""

    token: str = strawberry.field(description=TOKEN)
    codes: list[str] = strawberry.field(
        description="The codes; small letters and spaces do not matter. A cart takes 10."
    )


@strawberry.input(description="The gifts picked of one promotion.")
class GiftChoiceInput:
    """A choice of gifts."""

    promotion_id: strawberry.ID = strawberry.field(description="The promotion.")
    variant_ids: list[strawberry.ID] = strawberry.field(description="The variants picked.")


@strawberry.input(description="All the gifts picked for a cart.")
class CartGiftsChooseInput:
    """Choices of gifts."""

    token: str = strawberry.field(description=TOKEN)
    choices: list[GiftChoiceInput] = strawberry.field(
        description="The choices; they take the place of all earlier ones."
    )


@strawberry.input(description="Pieces of an add-on picked of one promotion.")
class AddOnChoiceInput:
    """A choice of an add-on."""

    promotion_id: strawberry.ID = strawberry.field(description="The promotion.")
    variant_id: strawberry.ID = strawberry.field(description="The variant picked.")
    quantity: int = strawberry.field(default=1, description="How many pieces, 1 to 100.")


@strawberry.input(description="All the add-ons picked for a cart.")
class CartAddOnsChooseInput:
    """Choices of add-ons."""

    token: str = strawberry.field(description=TOKEN)
    choices: list[AddOnChoiceInput] = strawberry.field(
        description="The choices, at most 50; they take the place of all earlier ones."
    )


@strawberry.input(description="Where a cart's parcel goes, and its confirmation.")
class CartAddressUpdateInput:
    """An address and an e-mail address."""

    token: str = strawberry.field(description=TOKEN)
    address: AddressInput | None = strawberry.field(
        default=strawberry.UNSET, description="The address; null takes it away."
    )
    email: str | None = strawberry.field(
        default=strawberry.UNSET, description="The e-mail address; null takes it away."
    )


@strawberry.input(description="How a cart is delivered.")
class CartDeliveryMethodUpdateInput:
    """A delivery method."""

    token: str = strawberry.field(description=TOKEN)
    delivery_method_id: strawberry.ID | None = strawberry.field(
        description="One of `deliveryMethods`; null for none yet."
    )


@strawberry.input(description="How a cart is paid.")
class CartPaymentMethodUpdateInput:
    """A payment method."""

    token: str = strawberry.field(description=TOKEN)
    payment_method: str | None = strawberry.field(
        description="A key of `paymentMethods`; null for none yet."
    )


@strawberry.input(
    description="Everything an order needs to know, in one go; what is left out stays."
)
class CartCheckoutUpdateInput:
    """Address, e-mail address, delivery and payment together."""

    token: str = strawberry.field(description=TOKEN)
    address: AddressInput | None = strawberry.field(
        default=strawberry.UNSET, description="The address; null takes it away."
    )
    email: str | None = strawberry.field(
        default=strawberry.UNSET, description="The e-mail address; null takes it away."
    )
    delivery_method_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="One of `deliveryMethods`; null for none yet."
    )
    payment_method: str | None = strawberry.field(
        default=strawberry.UNSET, description="A key of `paymentMethods`; null for none yet."
    )


@strawberry.input(description="A guest's cart that now belongs to you.")
class CartAttachInput:
    """A cart to take over at sign-in."""

    token: str = strawberry.field(description="The token of the cart filled before signing in.")
