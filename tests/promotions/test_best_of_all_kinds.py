"""Whatever kinds meet in a cart, built in now or later: the best answer, to the minor unit.

Kinds and rules are drawn from the registry, so that a new kind is proven without a line here.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storeql.hooks import load_hooks
from storeql.pricing import (
    Basket,
    Buyer,
    Delivery,
    GiftItem,
    Lane,
    Line,
    Outcome,
    Promotion,
    PromotionType,
    Scope,
    Selection,
    price,
)
from storeql.promotions.rules.form import gift_variants
from storeql.testing import a_basket, a_promotion, rules_of
from tests.pricing.brute_force import best_saving

BUILT_IN = [info.name for info in load_hooks().plugins() if info.source == "built-in"]
KINDS = [kind for kind in load_hooks().promotion_types if kind.plugin in BUILT_IN]
PRICES = st.sampled_from((1_00, 50_00, 99, 100_00, 299_90)) | st.integers(1, 400_00)
ENOUGH = 100_000
slow = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@st.composite
def lines(draw: st.DrawFn, most_pieces: int) -> tuple[Line, ...]:
    """One to three variants of two products, some with a floor."""
    found, left = [], most_pieces
    for place in range(1, draw(st.integers(1, 3)) + 1):
        listed = draw(PRICES)
        quantity = draw(st.integers(1, max(1, min(3, left - (3 - place)))))
        left -= quantity
        found.append(
            Line(
                id=str(place),
                product_id=str(1 + place % 2),
                variant_id=str(place),
                quantity=quantity,
                list_minor=listed,
                floor_minor=draw(st.sampled_from((0, 0, 0, listed // 2, listed - 1))),
            )
        )
    return tuple(found)


@st.composite
def carts(
    draw: st.DrawFn, kinds: list[PromotionType[Any]], *, most_pieces: int = 5
) -> tuple[Basket, list[Promotion]]:
    """A small basket under two or three promotions of these kinds, each on some of its lines."""
    goods = draw(lines(most_pieces))
    promotions = [
        a_promotion(
            kind,
            draw(rules_of(kind.Rule)),
            id=str(place),
            priority=draw(st.sampled_from((100, 50))),
            scope=_scope(draw(st.sets(st.sampled_from([one.variant_id for one in goods])))),
            exclusion_group=draw(st.sampled_from((None, None, None, "one"))),
        )
        for place, kind in enumerate(draw(st.lists(st.sampled_from(kinds), min_size=2, max_size=3)))
    ]
    ids = sorted({key for one in promotions for key in gift_variants(one.rule)})
    gifts = {key: _gift(key, draw(PRICES)) for key in ids}
    basket = a_basket(
        *goods,
        buyer=Buyer(id="7", group_ids=("3", "4"), tier="gold", first_order=draw(st.booleans())),
        gifts=gifts,
        gift_choices={one.id: tuple(ids) for one in promotions} if ids else {},
        add_on_choices={one.id: dict.fromkeys(ids, 2) for one in promotions} if ids else {},
        delivery=Delivery(method="post", price_minor=draw(st.integers(0, 30_00))),
    )
    return basket, promotions


def _scope(variant_ids: set[str]) -> Scope:
    return Scope(include=Selection(variant_ids=frozenset(variant_ids)))


def _gift(key: str, price_minor: int) -> GiftItem:
    return GiftItem(variant_id=key, product_id=f"g{key}", name=key, price_minor=price_minor)


LANES = [lane for lane in Lane if lane in {k.lane for k in KINDS} - {Lane.SHIPPING}]


@pytest.mark.parametrize("lane", LANES)
@slow
@given(data=st.data())
def test_kinds_of_a_lane_save_together_what_brute_force_finds(
    lane: Lane, data: st.DataObject
) -> None:
    basket, promotions = data.draw(carts([kind for kind in KINDS if kind.lane is lane]))
    cart = price(basket, promotions, node_cap=ENOUGH)
    assert not [entry for entry in cart.trace if entry.outcome is Outcome.FAILED]
    assert sum(one.saving_minor for one in cart.lanes) == best_saving(basket, promotions, lane)
    assert all(one.gap_minor == 0 for one in cart.lanes)


@slow
@given(cart=carts(KINDS))
def test_kinds_of_all_lanes_keep_every_promise_of_a_price(
    cart: tuple[Basket, list[Promotion]],
) -> None:
    basket, promotions = cart
    priced = price(basket, promotions)
    assert not [entry for entry in priced.trace if entry.outcome is Outcome.FAILED]
    for line, one in zip(basket.lines, priced.lines, strict=True):
        off = sum(part.amount_minor for part in one.allocations)
        assert one.list_minor - off == one.net_minor
        assert one.net_minor >= min(line.floor_minor, line.list_minor) * line.quantity
        for part in one.allocations:
            assert sum(share.amount_minor for share in part.funding) == part.amount_minor
    totals, shipping = priced.totals, priced.shipping
    assert shipping
    assert 0 <= shipping.net_minor <= shipping.list_minor
    paid = sum(one.net_minor for one in (*priced.lines, *priced.gift_lines))
    assert totals.total_minor == paid + shipping.net_minor
    assert priced == price(basket, promotions[::-1])
    turned = msgspec.structs.replace(basket, lines=basket.lines[::-1])
    assert price(turned, promotions).totals == totals
    stored = msgspec.json.decode(msgspec.json.encode(basket), type=Basket)
    assert price(stored, promotions) == priced
