"""The promotions that a basket is offered: those that can touch it, however many there are."""

from __future__ import annotations

from collections.abc import Sequence

from storeql.db import Connection, Database
from storeql.pricing import EnteredCode, Line, Promotion, Scope, Selection, price
from storeql.promotions.active import ActivePromotion, ActiveSet
from storeql.promotions.builtin.spend_threshold import (
    SPEND_THRESHOLD,
    SpendThresholdRule,
    SpendTier,
)
from tests.pricing.builders import basket
from tests.promotions.shop import (
    BOOK,
    NOW,
    PHONE,
    line,
    open_shop,
    outcomes,
    priced,
    running,
    threshold,
)
from tests.work import calls_of

RULE = SpendThresholdRule(tiers=(SpendTier(from_minor=10_000, off_minor=500),))


def entry(key: int, scope: Scope | None = None, *, needs_code: bool = False) -> ActivePromotion:
    promotion = Promotion(
        id=str(key),
        version=1,
        name=f"P{key}",
        type=SPEND_THRESHOLD,
        rule=RULE,
        scope=scope or Scope(),
        needs_code=needs_code,
        currency="CNY",
    )
    return ActivePromotion(
        promotion=promotion,
        starts_at=None,
        ends_at=None,
        has_limits=False,
        has_quotas=False,
        gift_variant_ids=(),
    )


def including(**ids: str) -> Scope:
    return Scope(include=Selection(**{name: frozenset({key}) for name, key in ids.items()}))  # type: ignore[arg-type]


def found(active: ActiveSet, lines: Sequence[Line], codes: Sequence[EnteredCode] = ()) -> list[str]:
    return [one.promotion.id for one in active.candidates(lines, codes=codes, now=NOW)]


def test_a_line_finds_promotions_by_each_of_its_catalogue_ids() -> None:
    scopes = {
        1: including(product_ids="7"),
        2: including(variant_ids="8"),
        3: including(category_ids="9"),
        4: including(collection_ids="10"),
        5: including(tag_ids="11"),
        6: Scope(),
        7: including(product_ids="70"),
        8: including(tag_ids="7"),
    }
    active = ActiveSet(1, [entry(key, scope) for key, scope in scopes.items()])
    tea = Line(
        id="1",
        product_id="7",
        variant_id="8",
        quantity=1,
        list_minor=100,
        category_ids=("9", "1"),
        collection_ids=("10",),
        tag_ids=("11",),
    )

    assert found(active, [tea]) == ["1", "2", "3", "4", "5", "6"]
    assert found(active, []) == []


def test_one_that_excludes_every_line_it_includes_is_no_candidate() -> None:
    scope = Scope(
        include=Selection(category_ids=frozenset({"9"})),
        exclude=Selection(product_ids=frozenset({"1"})),
    )
    active = ActiveSet(1, [entry(1, scope)])

    assert found(active, [line(1, category_ids=("9",))]) == []
    assert found(active, [line(1, category_ids=("9",)), line(2, category_ids=("9",))]) == ["1"]


def test_one_that_needs_a_code_is_found_by_its_code_alone() -> None:
    active = ActiveSet(1, [entry(1), entry(2, needs_code=True), entry(3, needs_code=True)])

    assert found(active, [line(1)]) == ["1"]
    assert found(active, [line(1)], [EnteredCode(code="A", promotion_id="3")]) == ["1", "3"]
    assert found(active, [line(1)], [EnteredCode(code="A", promotion_id="1")]) == ["1"]
    assert found(active, [line(1)], [EnteredCode(code="A", promotion_id="99")]) == ["1"]


def test_what_is_read_for_a_basket_does_not_grow_with_promotions_or_lines(
    database: Database,
) -> None:
    sets = open_shop(database)
    counts = []
    for size in (1, 3):
        for _ in range(size):
            running(database, "SPEND_THRESHOLD", threshold("300", "50"), usage_limit=100)
        priced(database, sets, line(1))
        seen: list[str] = []
        database.recorder = seen.append
        priced(database, sets, *(line(key) for key in range(1, size + 1)), codes=("X", "Y"))
        database.recorder = None
        counts.append(sum(text.lstrip().startswith(("SELECT", "WITH")) for text in seen))

    assert counts == [3, 3]


def test_a_product_promotion_applies_to_its_product(database: Database) -> None:
    sets = open_shop(database)
    scope = including(product_ids="1")
    key = running(database, "SPEND_THRESHOLD", threshold("300", "50"), scope=scope)

    assert outcomes(priced(database, sets, line(1), line(2))) == {str(key): "APPLIED"}
    assert outcomes(priced(database, sets, line(2))) == {}


def test_fifty_lines_under_ten_thousand_promotions_cost_what_their_candidates_cost() -> None:
    """The bar: at most twice the same cart under its candidates alone."""
    lines = tuple(
        Line(
            id=str(key),
            product_id=str(key),
            variant_id=str(key),
            quantity=1,
            list_minor=2_000,
            category_ids=("c1", f"c{key % 20}"),
            tag_ids=(f"t{key}",),
        )
        for key in range(1, 51)
    )
    near = [entry(key, including(product_ids=str(key * 5))) for key in range(1, 9)]
    far = [entry(key, including(product_ids=str(key))) for key in range(1_000, 10_992)]
    everything, alone = ActiveSet(1, [*near, *far]), ActiveSet(1, near)
    cart = basket(*lines)

    def cost(active: ActiveSet) -> int:
        def work() -> None:
            candidates = active.candidates(lines, now=NOW)
            price(cart, [one.promotion for one in candidates])

        return calls_of(work)

    assert found(everything, lines) == found(alone, lines)
    assert cost(everything) <= 2 * cost(alone)


def test_a_rule_that_names_its_goods_is_only_looked_for_in_carts_with_them(
    database: Database,
) -> None:
    sets = open_shop(database)
    prices = [{"variants": [str(PHONE)], "price_minor": "250"}]
    running(database, "PRICE_DROP", {"prices": prices})
    running(database, "PRICE_DROP", {"prices": prices, "off_minor": "1"})

    def candidates(connection: Connection, key: int) -> int:
        return len(sets.current(connection).candidates([line(key)], now=NOW))

    assert database.write(lambda c: candidates(c, PHONE)) == 2
    assert database.write(lambda c: candidates(c, BOOK)) == 1
