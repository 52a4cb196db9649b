"""The conformance kit can fail: each fault is found by the property that is about it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis.strategies import SearchStrategy

from storeql.pricing import Lane, PromotionType, Text, Texts
from storeql.testing import PromotionConformance, Unfit, rules_of
from tests.testing import broken_kinds as broken


def conformance(kind: PromotionType[Any], *rules: Any) -> PromotionConformance:
    """The kit, ready to test this kind."""
    drawn = isinstance(rules[0], SearchStrategy) if rules else False
    body = {"type": kind, "rules": rules[0] if drawn else rules or (broken.OffRule(),)}
    kit: PromotionConformance = type(kind.propose.__name__, (PromotionConformance,), body)()
    return kit


PROPERTIES = [name for name in dir(PromotionConformance) if name.startswith("test_")]
ITEM = Lane.ITEM

ENGLISH = Text("Only English", "Only English")
ONLY_ENGLISH = Texts(title=ENGLISH, what=ENGLISH, when=ENGLISH, how=ENGLISH)

FAULTS = [
    (
        "test_parts_sum_to_the_whole",
        "prices more of line",
        broken.kind(broken.prices_a_piece_too_many, lane=ITEM),
    ),
    (
        "test_nothing_goes_below_zero_or_its_floor",
        "below zero",
        broken.kind(broken.falls_below_zero, lane=ITEM),
    ),
    ("test_it_is_deterministic", "not deterministic", broken.kind(broken.counts_its_calls)),
    (
        "test_order_of_lines_and_registration_does_not_matter",
        "order of the basket's lines",
        broken.kind(broken.goes_by_the_first_line),
    ),
    ("test_an_empty_basket_is_safe", "ZeroDivisionError", broken.kind(broken.divides_by_quantity)),
    (
        "test_a_line_outside_its_scope_changes_nothing",
        "a line outside its scope",
        broken.kind(broken.measures_the_whole_basket),
    ),
    (
        "test_it_is_monotone_unless_all_or_nothing",
        "not monotone",
        broken.kind(broken.rewards_small_orders),
    ),
    (
        "test_it_is_per_unit_as_declared",
        "declared per_unit",
        broken.kind(broken.every_second_piece, lane=ITEM, per_unit=True),
    ),
    (
        "test_it_is_per_unit_as_declared",
        "both per_unit and all_or_nothing",
        broken.kind(broken.every_second_piece, lane=ITEM, per_unit=True, all_or_nothing=True),
    ),
    (
        "test_it_keeps_the_ceiling_it_declares",
        "breaks its ceiling",
        broken.kind(broken.sound, ceiling=broken.low_ceiling),
    ),
    (
        "test_it_never_raises_on_a_valid_basket",
        "raises AttributeError",
        broken.kind(broken.expects_a_delivery),
    ),
    ("test_its_answers_make_sense", "makes no sense", broken.kind(broken.gives_half_a_cent)),
    (
        "test_its_answers_make_sense",
        "is not an answer in the lane ITEM",
        broken.kind(broken.sound, lane=ITEM),
    ),
    ("test_its_time_is_bounded_in_lines", "steps", broken.kind(broken.compares_all_pairs)),
    (
        "test_a_replay_from_the_stored_basket_gives_the_stored_price",
        "a replay from the stored basket",
        broken.kind(broken.names_its_zone),
    ),
    ("test_its_rules_save_something", "no basket was granted", broken.kind(broken.never_applies)),
    (
        "test_a_shop_takes_it",
        "must be upper case",
        broken.kind(broken.sound, key="happy hour"),
    ),
    (
        "test_it_is_described_in_english_and_chinese",
        "not in both languages",
        broken.kind(broken.sound, texts=ONLY_ENGLISH),
    ),
]


@pytest.mark.parametrize(("test", "reason", "kind"), FAULTS, ids=[fault[1] for fault in FAULTS])
def test_fault_is_caught_by_its_property(test: str, reason: str, kind: PromotionType[Any]) -> None:
    with pytest.raises(Unfit, match=reason):
        getattr(conformance(kind), test)()


def test_rule_that_json_changes_is_caught() -> None:
    kind = broken.kind(broken.sound, Rule=broken.PercentRule)
    with pytest.raises(Unfit, match="does not survive JSON"):
        conformance(kind, broken.PercentRule()).test_its_rule_survives_json()


@pytest.mark.parametrize("test", ["test_its_rules_save_something", "test_its_answers_make_sense"])
def test_kind_of_which_no_case_can_be_drawn_is_caught(test: str) -> None:
    kind = broken.kind(broken.sound, Rule=broken.RefusedRule)
    with pytest.raises(Unfit, match="no case could be drawn"):
        getattr(conformance(kind, rules_of(broken.RefusedRule)), test)()


@pytest.mark.parametrize("test", PROPERTIES)
def test_sound_kind_passes_every_property(test: str) -> None:
    getattr(conformance(broken.kind(broken.sound)), test)()


def test_every_property_has_a_fault_that_it_catches() -> None:
    assert {fault[0] for fault in FAULTS} | {"test_its_rule_survives_json"} == set(PROPERTIES)


def test_failure_shows_the_smallest_basket() -> None:
    kind = broken.kind(broken.rewards_small_orders)
    with pytest.raises(Unfit) as caught:
        conformance(kind).test_it_is_monotone_unless_all_or_nothing()
    told = str(caught.value)
    assert "rule: OffRule(off=100)" in told
    assert told.count("of variant") <= 3
    assert "buyer:" not in told
