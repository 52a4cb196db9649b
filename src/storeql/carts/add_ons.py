"""Notes the add-ons that a shopper picks of promotions that offer some at a special price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace
from sqlalchemy import bindparam, delete, insert, literal, select, union_all

from storeql.access import Actor
from storeql.carts.cart_rows import open_to_change, picks_of
from storeql.carts.records import AddOnChoice, Cart
from storeql.carts.tables import cart_add_on_choices
from storeql.catalog.tables import variants
from storeql.db import Connection, any_of, statement
from storeql.errors import Problem, Rejected
from storeql.inputs import Fields
from storeql.promotions.records import Status
from storeql.promotions.tables import promotions

MOST_CHOICES = 50
MOST_PIECES = 100
CHOICES = "choices"

_choice = cart_add_on_choices.c
_FORGET = statement(delete(cart_add_on_choices).where(_choice.cart_id == bindparam("cart_id")))
_KEEP = statement(insert(cart_add_on_choices), "cart_id", "promotion_id", "variant_id", "quantity")
_KNOWN = statement(
    union_all(
        select(literal(True), promotions.c.id).where(
            any_of(promotions.c.id, "promotion_ids"),
            promotions.c.status == Status.ACTIVE.value,
        ),
        select(literal(False), variants.c.id).where(any_of(variants.c.id, "variant_ids")),
    )
)

Chosen = Mapping[str, Mapping[str, int]]
"""Pieces by variant id, by promotion id."""


def choose_add_ons(
    connection: Connection, token: str, *, choices: Sequence[AddOnChoice], actor: Actor, now: int
) -> Cart:
    """The cart with these add-ons picked and no others.

    Whether they are on offer, and how many of them, is for the price to say. Raises Rejected with
    everything wrong with the choices, and for a cart that cannot be changed.
    """
    cart = open_to_change(connection, token, actor=actor, now=now)
    problems = [*_bounds(choices), *_unknown(connection, choices)]
    if problems:
        raise Rejected(problems)
    return put_add_ons(connection, cart, by_promotion(choices))


def by_promotion(choices: Iterable[AddOnChoice]) -> Chosen:
    """The choices as a cart keeps them."""
    return picks_of(
        sorted((choice.promotion_id, choice.variant_id, choice.quantity) for choice in choices)
    )


def put_add_ons(connection: Connection, cart: Cart, chosen: Chosen) -> Cart:
    """The cart, taken for change, with these picks in place of what it had."""
    rows = sorted(
        (int(promotion_id), int(variant_id), quantity)
        for promotion_id, picks in chosen.items()
        for variant_id, quantity in picks.items()
    )
    connection.run(_FORGET, cart_id=cart.id)
    if rows:
        names = ("promotion_id", "variant_id", "quantity")
        connection.run_many(
            _KEEP, [{"cart_id": cart.id, **dict(zip(names, row, strict=True))} for row in rows]
        )
    return replace(cart, add_on_choices=picks_of(rows))


def _bounds(choices: Sequence[AddOnChoice]) -> list[Problem]:
    fields = Fields()
    fields.count(CHOICES, choices, most=MOST_CHOICES)
    seen: set[tuple[int, int]] = set()
    for place, choice in enumerate(choices[:MOST_CHOICES]):
        at = fields.at(CHOICES, str(place))
        at.whole("quantity", choice.quantity, least=1, most=MOST_PIECES)
        if (choice.promotion_id, choice.variant_id) in seen:
            at.report("DUPLICATE", "This variant is chosen twice.", "variantId")
        seen.add((choice.promotion_id, choice.variant_id))
    return fields.problems


def _unknown(connection: Connection, choices: Sequence[AddOnChoice]) -> Iterator[Problem]:
    """A choice that no promotion that is running, or no variant, belongs to."""
    if not choices:
        return
    rows = connection.rows(
        _KNOWN,
        promotion_ids=sorted({choice.promotion_id for choice in choices}),
        variant_ids=sorted({choice.variant_id for choice in choices}),
    )
    known = {(bool(is_promotion), row_id) for is_promotion, row_id in rows}
    for place, choice in enumerate(choices):
        for name, key in (
            ("promotionId", (True, choice.promotion_id)),
            ("variantId", (False, choice.variant_id)),
        ):
            if key not in known:
                yield Problem(
                    code="ADD_ON_NOT_FOUND",
                    message="There is no such add-on.",
                    field=(CHOICES, str(place), name),
                    index=place,
                )
