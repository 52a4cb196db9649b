"""Draws what one property is tried on: a promotion, a basket, and units to be offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hypothesis import strategies as st
from msgspec import Struct

from storeql.pricing import (
    Basket,
    Lane,
    Line,
    Promotion,
    PromotionType,
    Scope,
    Selection,
    UnitLine,
)
from storeql.testing.baskets import PROMOTION_ID
from storeql.testing.builders import a_promotion
from storeql.testing.case import Case

RIVAL_ID = "2"
Rules = st.SearchStrategy[Any] | Sequence[Any]


@st.composite
def cases(
    draw: st.DrawFn,
    kind: PromotionType[Any],
    rules: Rules,
    baskets: Callable[[Struct], st.SearchStrategy[Basket]],
) -> Case:
    """A case of this kind under one of the rules."""
    drawn = rules if isinstance(rules, st.SearchStrategy) else st.sampled_from(list(rules))
    rule = draw(drawn)
    basket = draw(baskets(rule))
    promotion = a_promotion(kind, rule, id=PROMOTION_ID, scope=draw(_scopes(basket)))
    offered = tuple(draw(_offered(promotion, basket)))
    some = draw(_selected(offered, kind.lane))
    return Case(
        promotion=promotion,
        rival=draw(_rivals(kind, drawn)),
        basket=basket,
        offered=offered,
        some=some,
        fewer=draw(_selected(some, kind.lane)),
    )


@st.composite
def _rivals(draw: st.DrawFn, kind: PromotionType[Any], rules: st.SearchStrategy[Any]) -> Promotion:
    return a_promotion(
        kind, draw(rules), id=RIVAL_ID, priority=draw(st.sampled_from((100, 50, 150)))
    )


def _scopes(basket: Basket) -> st.SearchStrategy[Scope]:
    """All lines, some products, or all but one product."""
    products = sorted({line.product_id for line in basket.lines})
    one = st.sampled_from(products).map(lambda key: Selection(product_ids=frozenset({key})))
    some = st.frozensets(st.sampled_from(products), min_size=1)
    return st.one_of(
        st.just(Scope()),
        some.map(lambda keys: Scope(include=Selection(product_ids=keys))),
        one.map(lambda selection: Scope(exclude=selection)),
    )


@st.composite
def _offered(draw: st.DrawFn, promotion: Promotion, basket: Basket) -> Iterable[UnitLine]:
    """The lines in scope as the lane finds them: after ITEM an earlier lane may have cut them."""
    lines = sorted(basket.lines, key=lambda line: line.id)
    return [
        UnitLine(line, line.quantity, draw(_entry(line, promotion.lane)))
        for line in lines
        if promotion.scope.holds(line)
    ]


def _entry(line: Line, lane: Lane) -> st.SearchStrategy[int]:
    listed = line.list_minor * line.quantity
    if lane is Lane.ITEM:
        return st.just(listed)
    return st.just(listed) | st.integers(min(listed, line.floor_minor * line.quantity), listed)


@st.composite
def _selected(draw: st.DrawFn, offered: Sequence[UnitLine], lane: Lane) -> tuple[UnitLine, ...]:
    """Some of the units: piece by piece in ITEM, whole lines elsewhere."""
    if lane is not Lane.ITEM:
        return tuple(entry for entry in offered if draw(st.booleans()))
    counts = [draw(st.integers(0, entry.quantity)) for entry in offered]
    return tuple(
        UnitLine(entry.line, count, entry.line.list_minor * count)
        for entry, count in zip(offered, counts, strict=True)
        if count
    )
