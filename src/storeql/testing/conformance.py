"""The conformance kit: the properties every kind of promotion must hold, as pytest tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample, Unsatisfiable
from msgspec import Struct

from storeql.hooks import hookimpl
from storeql.hooks.plugin import BrokenPlugin, Candidate
from storeql.hooks.trial import tried
from storeql.pricing import Basket, Outcome, PromotionType, price
from storeql.promotions import FormError, form_of
from storeql.testing.baskets import FACTS, baskets, instants
from storeql.testing.case import Case, Unfit, fault
from storeql.testing.cases import Rules, cases
from storeql.testing.properties import answers, growth, prices

Property = Callable[[Case], None]

SEARCH = (Phase.reuse, Phase.generate)
SHRINKING = (*SEARCH, Phase.shrink)


class PromotionConformance:
    """Tests of one kind: subclass it in a test module under a name that begins with Test.

        class TestHappyHour(PromotionConformance):
            type = HAPPY_HOUR
            rules = [HappyHourRule(...), HappyHourRule(...)]

    `rules` are examples, which should differ in every field, or a Hypothesis strategy such as
    `rules_of(HappyHourRule)`, which draws them from the rule's form. `instants`
    and `facts` are strategies for what the kind's own plugin needs to find in a basket; `examples`
    is how many baskets each property is tried on.
    """

    type: ClassVar[PromotionType[Any]]
    rules: ClassVar[Rules]
    instants: ClassVar[st.SearchStrategy[datetime]] = instants()
    facts: ClassVar[st.SearchStrategy[Mapping[str, Any]]] = FACTS
    examples: ClassVar[int] = 50

    def baskets(self, rule: Struct) -> st.SearchStrategy[Basket]:
        """The baskets that a rule is tried on; override it where yours need something special."""
        return baskets(rule, at=self.instants, facts=self.facts)

    def test_a_shop_takes_it(self) -> None:
        """Key, texts and rule pass the trial at start, and the rule can be shown as a form."""
        plugin = SimpleNamespace(storeql_promotion_types=hookimpl(lambda: [self.type]))
        try:
            tried(Candidate(name="plugin", version="", source="given", load=lambda: plugin))
            form_of(self.type.Rule)
        except (BrokenPlugin, FormError) as error:
            raise Unfit(f"{self.type.key}: a shop would leave it out: {error}") from error

    def test_it_is_described_in_english_and_chinese(self) -> None:
        """What it is, when to use it and how to set it up, in both languages."""
        texts = self.type.texts
        for name in texts.__struct_fields__:
            text = getattr(texts, name)
            if not text.en.strip() or not _has_chinese(text.zh):
                raise Unfit(f"{self.type.key}: its text `{name}` is not in both languages")

    def test_its_rules_save_something(self) -> None:
        """Some basket is granted a discount: a kind that never applies proves nothing."""
        try:
            find(self._cases(), _is_granted, settings=self._settings(5 * self.examples, *SEARCH))
        except Unsatisfiable:
            raise self._untried() from None
        except NoSuchExample:
            raise Unfit(
                f"{self.type.key}: no basket was granted anything; give `rules`, `instants` or "
                "`baskets` with which it applies"
            ) from None

    def test_parts_sum_to_the_whole(self) -> None:
        self._hold(answers.no_part_exceeds_the_offer, prices.parts_sum_to_the_whole)

    def test_nothing_goes_below_zero_or_its_floor(self) -> None:
        self._hold(answers.no_amount_below_zero, prices.nothing_goes_below_its_floor)

    def test_it_is_deterministic(self) -> None:
        self._hold(answers.answers_alike, prices.is_deterministic)

    def test_order_of_lines_and_registration_does_not_matter(self) -> None:
        self._hold(prices.order_does_not_matter)

    def test_an_empty_basket_is_safe(self) -> None:
        self._hold(answers.is_safe_without_units, prices.an_empty_basket_costs_nothing)

    def test_its_rule_survives_json(self) -> None:
        self._hold(prices.rule_survives_json)

    def test_a_line_outside_its_scope_changes_nothing(self) -> None:
        self._hold(answers.looks_at_its_units_only, prices.lines_outside_its_scope_do_not_matter)

    def test_it_is_monotone_unless_all_or_nothing(self) -> None:
        self._hold(answers.is_monotone)

    def test_it_is_per_unit_as_declared(self) -> None:
        if self.type.per_unit:
            self._hold(answers.is_per_unit_as_declared)

    def test_it_keeps_the_ceiling_it_declares(self) -> None:
        if self.type.ceiling is not None:
            self._hold(answers.keeps_its_ceiling)

    def test_it_never_raises_on_a_valid_basket(self) -> None:
        self._hold(answers.never_raises, prices.is_never_left_out)

    def test_its_answers_make_sense(self) -> None:
        self._hold(answers.answers_make_sense)

    def test_its_time_is_bounded_in_lines(self) -> None:
        self._hold(
            growth.its_work_grows_with_its_lines,
            growth.is_asked_a_bounded_number_of_times,
            examples=max(1, self.examples // 6),
        )

    def test_a_replay_from_the_stored_basket_gives_the_stored_price(self) -> None:
        self._hold(prices.replay_gives_the_stored_price)

    def _hold(self, *properties: Property, examples: int | None = None) -> None:
        def hold(case: Case) -> None:
            for property_ in properties:
                _told_with_its_basket(property_, case)

        # Hypothesis keeps failing examples by this name: each kind and property needs its own.
        hold.__name__ = f"{type(self).__name__}_{properties[0].__name__}"
        test = self._settings(examples or self.examples, *SHRINKING)(
            given(case=self._cases())(hold)
        )
        try:
            test()
        except Unsatisfiable:
            raise self._untried() from None

    def _untried(self) -> Unfit:
        return Unfit(f"{self.type.key}: no case could be drawn; give `rules` that its Rule accepts")

    def _cases(self) -> st.SearchStrategy[Case]:
        return cases(self.type, self.rules, self.baskets)

    def _settings(self, examples: int, *phases: Phase) -> settings:
        return settings(
            max_examples=examples,
            phases=phases,
            deadline=None,
            report_multiple_bugs=False,
            suppress_health_check=[
                HealthCheck.too_slow,
                HealthCheck.data_too_large,
                HealthCheck.filter_too_much,
            ],
        )


def _told_with_its_basket(property_: Property, case: Case) -> None:
    try:
        property_(case)
    except Unfit:
        raise
    except Exception as error:
        raise fault(case, f"it raises {type(error).__name__}: {error}") from error


def _is_granted(case: Case) -> bool:
    outcomes = {entry.outcome for entry in price(case.basket, (case.promotion,)).trace}
    return Outcome.APPLIED in outcomes or Outcome.CLAMPED in outcomes


def _has_chinese(text: str) -> bool:
    return any("一" <= character <= "鿿" for character in text)
