"""Running hooks: one call for a whole cart, and a plugin that fails takes nothing down."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from storeql.errors import Rejected
from storeql.hooks import (
    Annotation,
    OrderChange,
    OrderSnapshot,
    PaymentRequest,
    PaymentResult,
    PaymentStatus,
    Refusal,
    load_hooks,
)
from storeql.pricing import Basket, Line, Text, price
from tests.hooks.plugins import Modest, Pieces, answering, captured, gateway

AT = datetime(2026, 11, 11, tzinfo=UTC)
TEA = Line(id="1", product_id="7", variant_id="9", quantity=3, list_minor=2_500)
BASKET = Basket(lines=(TEA,), channel="web", currency="CNY", at=AT)
PRICED = price(BASKET, ())
ORDER = OrderSnapshot(
    id="12",
    number="S100012",
    channel="web",
    currency="CNY",
    exponent=2,
    state="PAID",
    placed_at=AT,
    email="a@b.cn",
    list_minor=7_500,
    discount_minor=0,
    shipping_minor=0,
    tax_minor=0,
    total_minor=7_500,
)
CHANGE = OrderChange(kind="PAID", at=AT, actor="system", state_before="A", state_after="B")
REQUEST = PaymentRequest(key="k", order_number="S1", amount_minor=7_500, currency="CNY", exponent=2)


def failing(*_args: Any) -> Any:
    raise RuntimeError("a stranger's bug")


def test_without_plugins_nothing_is_called_and_the_basket_stays_itself() -> None:
    hooks = load_hooks(installed=False)

    assert hooks.with_facts(BASKET) is BASKET
    assert hooks.cart_priced(BASKET, PRICED) == ()
    assert hooks.hears_orders is False


def test_each_plugins_facts_are_found_under_its_own_name() -> None:
    other = answering("storeql_basket_built", lambda self, basket: {"pieces": -1}, "Other")

    facts = load_hooks(extra_plugins=[Pieces(), other]).with_facts(BASKET).facts

    assert facts == {"Pieces": {"pieces": 3}, "Other": {"pieces": -1}}


def test_facts_that_are_not_json_are_left_out() -> None:
    strange = [
        answering("storeql_basket_built", lambda self, basket: {"x": object()}, "A"),
        answering("storeql_basket_built", lambda self, basket: [1], "B"),
        answering("storeql_basket_built", lambda self, basket: None, "C"),
        answering("storeql_basket_built", lambda self, basket: {"x": "y" * 64_001}, "D"),
    ]

    hooks = load_hooks(extra_plugins=[*strange, Pieces()])

    assert hooks.with_facts(BASKET).facts == {"Pieces": {"pieces": 3}}


def test_verdicts_name_their_plugin_and_come_in_the_order_of_names() -> None:
    note = Annotation(code="Z", message=Text("z", "z"))
    other = answering("storeql_cart_priced", lambda self, basket, priced: [note], "Another")

    verdicts = load_hooks(extra_plugins=[Modest(), other]).cart_priced(BASKET, PRICED)

    assert [(verdict.plugin, verdict.code) for verdict in verdicts] == [
        ("Another", "Z"),
        ("Modest", "HELLO"),
    ]


def test_a_plugin_that_raises_or_talks_nonsense_is_skipped() -> None:
    broken = answering("storeql_cart_priced", lambda self, basket, priced: failing(), "Broken")
    odd = answering("storeql_cart_priced", lambda self, basket, priced: ["no"], "Odd")

    verdicts = load_hooks(extra_plugins=[broken, Modest(), odd]).cart_priced(BASKET, PRICED)

    assert [verdict.plugin for verdict in verdicts] == ["Modest"]


@pytest.mark.parametrize(
    "remark",
    [
        Annotation(code="no capitals", message=Text("a", "b")),
        Annotation(code=7, message=Text("a", "b")),  # type: ignore[arg-type]
        Annotation(code="A", message="a"),  # type: ignore[arg-type]
        Annotation(code="A", message=Text("a", None)),  # type: ignore[arg-type]
        Annotation(code="A", message=Text("a" * 501, "b")),
        Annotation(code="A", message=Text("a\0", "b")),
        Annotation(code="A", message=Text("a", "b"), line_id=1),  # type: ignore[arg-type]
        Refusal(code="A", message=Text("a", "b"), line_id="99"),
    ],
    ids=str,
)
def test_a_verdict_with_a_field_that_cannot_be_shown_is_left_out(remark: Any) -> None:
    odd = answering("storeql_cart_priced", lambda self, basket, priced: [remark], "Odd")
    hooks = load_hooks(extra_plugins=[odd, Modest()])
    assert [verdict.plugin for verdict in hooks.cart_priced(BASKET, PRICED)] == ["Modest"]


def test_every_plugin_is_told_of_an_order_even_after_one_failed() -> None:
    told: list[str] = []
    plugins = [
        answering("storeql_order_placed", lambda self, order: told.append(order.number), "B"),
        answering("storeql_order_placed", lambda self, order: failing(), "A"),
        answering("storeql_order_changed", lambda self, order, change: told.append(change.kind)),
    ]
    hooks = load_hooks(extra_plugins=plugins)

    hooks.order_placed(ORDER, failing)
    hooks.order_changed(ORDER, CHANGE, failing)

    assert hooks.hears_orders is True
    assert told == ["S100012", "PAID"]


def test_a_gateway_answers_for_itself() -> None:
    hooks = load_hooks(extra_plugins=[gateway(captured)])

    assert hooks.ask_gateway("points", "authorize", REQUEST).reference == "R-k"
    assert hooks.gateways["points"].plugin == "Gateway"


@pytest.mark.parametrize(
    "answer",
    [
        failing,
        lambda request: "yes",
        lambda request: PaymentResult(status="CAPTURED"),
        lambda request: PaymentResult(status=PaymentStatus.CAPTURED, reference=7),
        lambda request: PaymentResult(status=PaymentStatus.CAPTURED, reference="r\0"),
        lambda request: PaymentResult(status=PaymentStatus.CAPTURED, reference="r" * 129),
        lambda request: PaymentResult(status=PaymentStatus.CAPTURED, message=None),
    ],
)
def test_a_gateway_that_fails_leaves_the_payment_pending_for_money_may_have_moved(
    answer: Any,
) -> None:
    hooks = load_hooks(extra_plugins=[gateway(answer)])

    result = hooks.ask_gateway("points", "authorize", REQUEST)

    assert result.status is PaymentStatus.PENDING


@pytest.mark.parametrize(("key", "step"), [("points", "refund"), ("none", "authorize")])
def test_a_step_no_gateway_takes_is_refused(key: str, step: Any) -> None:
    hooks = load_hooks(extra_plugins=[gateway(captured)])

    with pytest.raises(Rejected) as refusal:
        hooks.ask_gateway(key, step, REQUEST)

    assert refusal.value.problems[0].code == "GATEWAY_UNAVAILABLE"
