"""Built-in kinds side by side save what the best of all assignments saves, by trying every one."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storeql.hooks import load_hooks
from storeql.pricing import Basket, Buyer, Lane, Promotion
from storeql.promotions.form import gift_variants
from storeql.testing import rules_of
from tests.pricing.brute_force import best_saving
from tests.pricing.builders import basket, line, promotion
from tests.pricing.test_best_assignment import check

KINDS = load_hooks(installed=False).promotion_types
VARIANTS = ("1", "2", "3", "4")


@st.composite
def small_baskets(draw: st.DrawFn, *, most_lines: int, most_pieces: int) -> Basket:
    """A gold member's basket: few pieces, so that every assignment can be tried."""
    prices = st.sampled_from((0, 1, 7, 10_00, 19_99, 33_33, 100_00, 250_00))
    count = draw(st.integers(1, most_lines))
    lines = [
        line(
            f"{place}",
            draw(prices),
            draw(st.integers(1, most_pieces)),
            variant_id=VARIANTS[place],
            product_id=str(1 + place % 2),
            floor_minor=draw(st.sampled_from((0, 0, 0, 5_00))),
        )
        for place in range(count)
    ]
    return basket(*lines, buyer=Buyer(id="7", group_ids=("3", "4"), tier="gold"))


@st.composite
def rivals(draw: st.DrawFn, lane: Lane) -> list[Promotion]:
    """Two or three promotions of the lane's kinds under any rules, some excluding each other."""
    kinds = [kind for kind in KINDS if kind.lane is lane]
    made = []
    for place in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(kinds))
        rule = draw(rules_of(kind.Rule).filter(lambda rule: not gift_variants(rule)))
        group = draw(st.sampled_from((None, None, "x")))
        made.append(promotion(f"p{place}", kind, rule, exclusion_group=group))
    return made


WITHOUT_GIFTS = [HealthCheck.filter_too_much, HealthCheck.too_slow]


@settings(max_examples=120, deadline=None, suppress_health_check=WITHOUT_GIFTS)
@given(small_baskets(most_lines=3, most_pieces=2), rivals(Lane.ITEM))
def test_pieces_go_to_the_kinds_that_save_most(basket_: Basket, offers: list[Promotion]) -> None:
    check(basket_, offers, Lane.ITEM, best_saving(basket_, offers, Lane.ITEM))


@settings(max_examples=120, deadline=None, suppress_health_check=WITHOUT_GIFTS)
@given(small_baskets(most_lines=4, most_pieces=3), rivals(Lane.ORDER))
def test_lines_go_to_the_kinds_that_save_most(basket_: Basket, offers: list[Promotion]) -> None:
    check(basket_, offers, Lane.ORDER, best_saving(basket_, offers, Lane.ORDER))
