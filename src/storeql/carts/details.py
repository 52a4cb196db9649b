"""Notes on a cart where it goes, to whom, how it is delivered and how it will be paid."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from storeql.access import Actor
from storeql.carts.cart_rows import open_to_change
from storeql.carts.records import Cart, GiftChoice
from storeql.customers.address import Address, checked_address, encode_address
from storeql.customers.fields import PersonFields
from storeql.db import Connection
from storeql.errors import Problem, Rejected

MOST_GIFTS = 50


class Details(Struct, frozen=True, kw_only=True):
    """What changes on a cart; a field left UNSET stays, None empties it."""

    email: str | UnsetType | None = UNSET
    address: Address | UnsetType | None = UNSET
    delivery_method_id: int | UnsetType | None = UNSET
    payment_method: str | UnsetType | None = UNSET
    gifts: Sequence[GiftChoice] | UnsetType = UNSET


class CheckedDetails(Struct, frozen=True):
    """The columns of a cart that details set, and everything that is wrong with the rest."""

    columns: Mapping[str, Any]
    problems: Sequence[Problem]


def update_details(
    connection: Connection,
    token: str,
    *,
    details: Details,
    gateways: Collection[str],
    actor: Actor,
    now: int,
) -> Cart:
    """The cart with its details changed; `gateways` are the payment methods the shop takes.

    Raises Rejected with everything wrong with the details, and then changes nothing.
    """
    checked = check_details(details, gateways=gateways)
    cart = open_to_change(connection, token, actor=actor, now=now, **checked.columns)
    problems = [*checked.problems, *delivery_problems(checked, cart)]
    if problems:
        raise Rejected(problems)
    return cart


def check_details(details: Details, *, gateways: Collection[str]) -> CheckedDetails:
    """The details as a cart keeps them; whether its channel delivers so is checked afterwards."""
    fields, problems = PersonFields(), list[Problem]()
    columns: dict[str, Any] = {}
    if details.email is not UNSET:
        columns["email"] = fields.email("email", details.email) if details.email else ""
    if details.address is not UNSET:
        columns["address"], problems = _address(details.address)
    if details.delivery_method_id is not UNSET:
        columns["delivery_method_id"] = details.delivery_method_id
    if details.payment_method is not UNSET:
        columns["payment_method"] = _payment(details.payment_method, gateways, fields)
    if details.gifts is not UNSET:
        columns["gift_choices"] = _gifts(details.gifts, fields)
    return CheckedDetails(columns, [*fields.problems, *problems])


def delivery_problems(checked: CheckedDetails, cart: Cart) -> list[Problem]:
    """What is wrong with the delivery of a cart that has the details set already."""
    if checked.columns.get("delivery_method_id") is None or cart.delivery_method is not None:
        return []
    message = "This way of delivery is not offered here."
    field = ("deliveryMethodId",)
    return [Problem(code="DELIVERY_METHOD_NOT_FOUND", message=message, field=field)]


def _address(typed: Address | None) -> tuple[str | None, list[Problem]]:
    if typed is None:
        return None, []
    address, problems = checked_address(typed, "address")
    return encode_address(address), problems


def _payment(method: str | None, gateways: Collection[str], fields: PersonFields) -> str | None:
    if method is None or method in gateways:
        return method
    fields.report(
        "PAYMENT_METHOD_NOT_FOUND", "The shop does not take this payment.", "paymentMethod"
    )
    return None


def _gifts(gifts: Sequence[GiftChoice], fields: PersonFields) -> str:
    """Choices by promotion; whether a promotion gives the variant is for the price to say."""
    chosen = {
        str(choice.promotion_id): list(map(str, choice.variant_ids))
        for choice in gifts
        if choice.variant_ids
    }
    if sum(map(len, chosen.values())) > MOST_GIFTS:
        fields.report("TOO_MANY_GIFTS", f"At most {MOST_GIFTS} gifts can be chosen.", "choices")
        return "{}"
    return msgspec.json.encode(chosen).decode()
