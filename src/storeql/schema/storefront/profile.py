"""The shop itself: what it says of itself, and the settings it runs under."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog.taxonomy import reads as taxonomy
from storeql.db import Connection, Selection
from storeql.schema.catalog.product_inputs import VERSION
from storeql.schema.catalog.types import Channel
from storeql.schema.fields import answers, argument, attribute, field
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.optional import kept, kept_or_null, needed, optional
from storeql.schema.people.address import Address, AddressInput, typed_address
from storeql.storefront.profile import ShopProfile, shop_profile_now, update_profile

Info_: TypeAlias = Info[Any, Any]
SETTINGS = Permission.MANAGE_SETTINGS


@strawberry.type(description="The shop as everybody sees it.")
@answers(ShopProfile)
class Shop:
    """The shop."""

    name: str = attribute("What it is called.")
    legal_name: str = attribute("Who runs it, as invoices and the law name them.")
    about: str = attribute("A few lines about it.")
    email: str = attribute("Where to write to.")
    phone: str = attribute("Where to call.")
    address: Address | None = attribute("Where it is; null where it does not say.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")

    @field("The time zone its days begin in, such as Asia/Shanghai.")
    def time_zone(self: ShopProfile, info: Info_) -> str:
        zone: str = context_of(info).shop.settings.time_zone
        return zone

    @field("The channel that is meant when none is named; its currency is the shop's.")
    def default_channel(self: ShopProfile, info: Info_) -> Channel | None:
        return taxonomy.default_channel(context_of(info).connection)  # type: ignore[return-value]


@strawberry.input(description="What to change; fields left out stay as they are.")
class ShopUpdateInput:
    """A change of what the shop says of itself."""

    expected_version: int = needed(VERSION)
    name: str | None = optional("What it is called, at most 200 characters.")
    legal_name: str | None = optional("Who runs it, at most 200 characters.")
    about: str | None = optional("A few lines about it, at most 2,000 characters.")
    email: str | None = optional("Where to write to; empty for nowhere.")
    phone: str | None = optional("Where to call; empty for nowhere.")
    address: AddressInput | None = optional("Where it is; null to say nothing.")


@strawberry.type(description="The shop after a change.")
class ShopPayload:
    """What a change of the shop answers."""

    shop: Shop | None = attribute("The shop.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ShopQuery:
    """Root fields about the shop."""

    @field("What the shop says of itself.")
    def shop(self, info: Info_) -> Shop:
        return shop_profile_now(context_of(info).connection)  # type: ignore[return-value]


@strawberry.type
class ShopMutation:
    """Mutations of the shop."""

    @mutation("Changes what the shop says of itself.", SETTINGS)
    def shop_update(
        self, info: Info_, input: Annotated[ShopUpdateInput, argument("The change.")]
    ) -> ShopPayload | None:
        now = context_of(info).now
        names = ("name", "legal_name", "about", "email", "phone")
        change = {name: kept(getattr(input, name)) for name in names}
        typed = kept_or_null(input.address)
        change["address"] = typed_address(typed) if isinstance(typed, AddressInput) else typed

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            update_profile(connection, change, expected_version=input.expected_version, now=now)
            return {"shop": shop_profile_now(connection)}

        return run(info, ShopPayload, work)
